import { onTestFinished } from 'vitest';
import type {
  BeginInput,
  BeginResult,
  JoinOptions,
  Journal,
  JournalSession,
} from '../../../src/journal/journal.js';
import type { SagaRecord, TimelineEntry } from '../../../src/journal/records.js';
import { silentLogger } from '../../../src/logger.js';
import { ManualClock } from '../manual-clock.js';

/** One process with the journal open. */
export interface JournalProcess {
  readonly journal: Journal;
  /** Ends without a word: its sessions are not released, its operating-system locks go free. */
  die(): Promise<void>;
}

/** One journal, and the processes that share it. */
export interface JournalWorld {
  process(): Promise<JournalProcess>;
  /** Closes what is open and removes what was stored. */
  dispose(): Promise<void>;
}

export type WorldFactory = () => Promise<JournalWorld>;

export const NODES: Readonly<Record<string, string>> = {
  a: 'http://a/v1',
  b: 'http://b/v1',
  c: 'http://c/v1',
};
export const STEPS: readonly string[] = Object.keys(NODES);
export const PLANNED: readonly TimelineEntry[] = [{ at: 1, event: 'plan' }];

/** What most tests start with: a fresh world, one clock for all, one session. */
export interface Stage {
  readonly world: JournalWorld;
  readonly clock: ManualClock;
  readonly session: JournalSession;
  /** A further process with a session; ended by the world at the latest. */
  other(
    o?: Partial<JoinOptions>,
  ): Promise<{ readonly session: JournalSession; readonly journal: Journal; die(): Promise<void> }>;
}

export async function stage(factory: WorldFactory, o: Partial<JoinOptions> = {}): Promise<Stage> {
  const world = await factory();
  onTestFinished(() => world.dispose());
  const clock = new ManualClock();
  const other: Stage['other'] = async (options = {}) => {
    const { journal, die } = await world.process();
    return { journal, die, session: await journal.join(joinOptions(clock, options)) };
  };
  const { session } = await other(o);
  return { world, clock, session, other };
}

export function joinOptions(clock: ManualClock, o: Partial<JoinOptions> = {}): JoinOptions {
  return {
    nodes: NODES,
    maxServerLagMs: 2_000,
    term: null,
    clock,
    random: () => 0.5,
    logger: silentLogger,
    ...o,
  };
}

export function plan(key: string | null, o: Partial<BeginInput> = {}): BeginInput {
  return {
    definition: 'create',
    key,
    phase: 'applying',
    input: { groupId: key },
    steps: STEPS,
    allocate: true,
    timeline: PLANNED,
    ...o,
  };
}

/** Begins a saga that must begin. */
export async function begun(
  session: JournalSession,
  key: string | null,
  o: Partial<BeginInput> = {},
): Promise<SagaRecord> {
  return assertBegun(await session.begin(plan(key, o))).saga;
}

export function assertBegun(result: BeginResult): Extract<BeginResult, { kind: 'begun' }> {
  if (result.kind === 'begun') return result;
  throw new Error(`expected a saga to begin, got ${result.kind}`);
}

/** Commits a create of the key and returns its token. */
export async function committed(
  session: JournalSession,
  key: string,
  hot: readonly { readonly step: string; readonly until: number }[] = [],
): Promise<number> {
  const saga = await begun(session, key);
  const token = saga.token ?? Number.NaN;
  await session.change(
    saga,
    {
      type: 'end',
      outcome: { status: 'committed' },
      catalog: { set: token },
      hot: hot.map((entry) => ({ ...entry, key, token })),
    },
    PLANNED,
  );
  return token;
}
