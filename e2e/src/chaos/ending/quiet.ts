import type { Mutation } from '../history/history.js';
import type { Commands } from '../load/commands.js';
import type { Wanted } from '../load/wanted.js';
import type { Recorder } from '../recorder.js';
import { NODES } from '../setting.js';
import type { Stack } from '../stack/stack.js';
import { wait } from '../wait.js';

/** Ms that everything gets to come to rest once all has been healed; and where a rule is missing, so that it may never. */
const PATIENCE_MS = 60_000;
const MUTATED_PATIENCE_MS = 3_000;
/** Ms between two looks. */
const LOOK_EVERY_MS = 200;

/** How the stack is when it has come to rest, or the patience is over. */
export interface Rest {
  readonly wanted: readonly string[];
  readonly nodes: Readonly<Record<string, readonly string[]>>;
  readonly openSagas: number;
  readonly parkedSagas: number;
  /** Ms since the beginning of the run of the first look that found all as wanted; null: there was none. */
  readonly quietAt: number | null;
}

export interface QuietOptions {
  readonly stack: Stack;
  readonly wanted: Wanted;
  readonly commands: Commands;
  readonly recorder: Recorder;
  readonly mutation: Mutation | null;
}

/**
 * Looks until engine and nodes agree id by id, the journal has no open saga, and `job status` says so too. The signal ends
 * it early: it rejects.
 */
export async function untilQuiet(o: QuietOptions, signal: AbortSignal): Promise<Rest> {
  const until = performance.now() + (o.mutation === null ? PATIENCE_MS : MUTATED_PATIENCE_MS);
  for (;;) {
    const at = o.recorder.now();
    const rest = await look(o, signal);
    const isLate = performance.now() >= until;
    if (isAsWanted(rest) || isLate) {
      const sagas = await countSagas(o.commands);
      const isQuiet = isAsWanted(rest) && sagas.openSagas === 0;
      if (isQuiet && (await o.commands.run('status')).code === 0) return { ...rest, ...sagas, quietAt: at };
      if (isLate) return { ...rest, ...sagas, quietAt: isQuiet ? at : null };
    }
    await wait(LOOK_EVERY_MS, signal);
  }
}

type Held = Pick<Rest, 'wanted' | 'nodes'>;

async function look({ stack, wanted }: QuietOptions, signal: AbortSignal): Promise<Held> {
  const ids = await wanted.read(signal);
  const listings = NODES.map(async (node) => [node, await stack.cluster.listing(node)] as const);
  return { wanted: ids.toSorted(), nodes: Object.fromEntries(await Promise.all(listings)) };
}

function isAsWanted({ wanted, nodes }: Held): boolean {
  const all = new Set(wanted);
  return Object.values(nodes).every((ids) => ids.length === all.size && ids.every((id) => all.has(id)));
}

/** As `job sagas` prints them, one line each and a summary. */
async function countSagas(commands: Commands): Promise<Pick<Rest, 'openSagas' | 'parkedSagas'>> {
  const count = async (state: string): Promise<number> => {
    const { lines } = await commands.run('sagas', '--state', state, '--limit', '100000');
    const summary: unknown = lines.map((line) => JSON.parse(line)).find(({ type }) => type === 'summary');
    const { sagas } = Object(summary);
    if (typeof sagas !== 'number') throw new Error('the journal cannot be asked for its sagas');
    return sagas;
  };
  return { openSagas: await count('open'), parkedSagas: await count('parked') };
}
