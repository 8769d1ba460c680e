import type { JournalSession, ReliableConnector, StatsReport } from '@holdfast/reliable-connector';
import type { Connection } from '@holdfast/strategy-client';
import type { Clock } from '../clock.js';
import { Comparison } from './comparison.js';
import { IdFeed } from './id-feed.js';
import { Problems } from './problems.js';
import type { WorkerSettings } from './worker-settings.js';

/** What the workers make true; any engine that knows this table will do. */
const WANTED_SQL = 'SELECT group_id FROM desired_groups';
/** Most ids that are wanted at once; they are all held in memory. */
const MOST_WANTED = 1_000_000;
/** Ms that reading them may take, a switch of colours included. */
const WANTED_MS = 20_000;
/** Ms that the nodes get to tell their statistics. */
const STATS_MS = 5_000;
/** Ms of one run after which no more ids are begun: then what is wanted is read anew. */
const RUN_MS = 5_000;
/** Ids repaired between two looks at whether to stop. */
const REPAIR_AT_ONCE = 32;
const PAGE = 1_000;

/** What a run did, and how it found things at its end. */
export interface RunResult {
  readonly wanted: number;
  readonly actual: Readonly<Record<string, number>>;
  readonly created: number;
  readonly deleted: number;
  readonly repaired: number;
  readonly foreign: number;
  readonly open: number;
  readonly parked: number;
  readonly colour: string | null;
  readonly converged: boolean;
  /** What was left, in words; null: nothing. */
  readonly error: string | null;
  /** Whether there is more to do at once. */
  readonly more: boolean;
}

/** What a reconciler works with. */
export interface ReconcilerParts {
  readonly connector: ReliableConnector;
  readonly session: JournalSession;
  readonly engine: Connection;
  readonly clock: Clock;
  readonly settings: Pick<WorkerSettings, 'concurrency' | 'force' | 'intervalMs' | 'verifyEveryMs'>;
}

/** How the cluster is, according to journal and statistics. */
interface Found {
  readonly stats: StatsReport;
  /** Ids that are committed. */
  readonly catalog: ReadonlySet<string>;
  /** Ids that an unfinished saga holds, whoever works on it. */
  readonly held: ReadonlySet<string>;
  readonly open: number;
  readonly parked: number;
}

/**
 * Makes the cluster hold what is wanted, run by run, within one leadership term. What the journal says is committed
 * counts as there; whether the nodes agree is compared beside the runs (`Comparison`), and what that finds is repaired in
 * the next one.
 */
export class Reconciler {
  readonly #parts: ReconcilerParts;
  readonly #creates: IdFeed;
  readonly #deletes: IdFeed;
  readonly #comparison: Comparison;

  constructor(parts: ReconcilerParts) {
    this.#parts = parts;
    this.#creates = new IdFeed(parts.clock);
    this.#deletes = new IdFeed(parts.clock);
    this.#comparison = new Comparison(parts);
  }

  /**
   * One run. After `stop` nothing new is begun.
   *
   * @throws what engine, nodes or journal say when they cannot be asked; the next run tries again.
   */
  async run(stop: AbortSignal): Promise<RunResult> {
    const { connector, clock, engine, settings } = this.#parts;
    const problems = new Problems();
    const wanted = await this.#readWanted(stop);
    const before = await this.#look(stop);
    this.#comparison.beginIfDue({ ...before.stats, catalog: before.catalog.size, open: before.open }, stop);
    const until = clock.monotonic() + RUN_MS;
    const { concurrency } = settings;
    const missing = without(wanted, before.catalog, before.held);
    const created = await this.#count('create', problems, () =>
      connector.createGroups(this.#creates.take(missing, until, stop), {
        concurrency,
        onDeadline: 'forward',
      }),
    );
    const surplus = without(before.catalog, wanted, before.held);
    const deleted = await this.#count('delete', problems, () =>
      connector.deleteGroups(this.#deletes.take(surplus, until, stop), { concurrency }),
    );
    const repaired = await this.#repair(wanted, problems, stop);
    const evicted = settings.force ? await this.#evict(problems, until, stop) : 0;
    const changed = repaired + created + deleted + evicted > 0 || problems.text !== null;
    const after = changed && !stop.aborted ? await this.#look(stop) : before;
    return {
      wanted: wanted.size,
      actual: after.stats.counts,
      created,
      deleted: deleted + evicted,
      repaired,
      foreign: this.#comparison.foreign,
      open: after.open,
      parked: after.parked,
      colour: engine.manager.getActiveStrategy(),
      converged: problems.text === null && this.#comparison.isClean && isAsWanted(wanted, after),
      error: problems.text,
      more: this.#creates.isBehind || this.#deletes.isBehind || evicted > 0,
    };
  }

  async #readWanted(stop: AbortSignal): Promise<ReadonlySet<string>> {
    const signal = AbortSignal.any([stop, AbortSignal.timeout(WANTED_MS)]);
    const rows = await this.#parts.engine.query(WANTED_SQL, undefined, { idempotent: true, signal });
    const ids = new Set<string>();
    for await (const [id] of rows) {
      if (id === null || id === undefined) continue;
      ids.add(String(id));
      if (ids.size > MOST_WANTED) throw new Error(`more than ${MOST_WANTED} groups are wanted; want fewer`);
    }
    return ids;
  }

  async #look(stop: AbortSignal): Promise<Found> {
    const { connector, session } = this.#parts;
    const stats = await connector.stats({ deadlineMs: STATS_MS, signal: stop });
    const held = new Set<string>();
    let open = 0;
    let parked = 0;
    for await (const saga of pages(
      (after) => session.sagas({ after, limit: PAGE }),
      (saga) => saga.id,
      0,
    )) {
      open++;
      if (saga.parked !== null) parked++;
      if (saga.key !== null) held.add(saga.key);
    }
    const catalog = new Set<string>();
    const page = (after: string | null) => session.catalog({ limit: PAGE, ...(after !== null && { after }) });
    for await (const { key } of pages(page, (entry) => entry.key, null as string | null)) catalog.add(key);
    return { stats, catalog, held, open, parked };
  }

  /** Puts back what is wanted and was found missing somewhere. */
  async #repair(wanted: ReadonlySet<string>, problems: Problems, stop: AbortSignal): Promise<number> {
    const { connector, settings } = this.#parts;
    const ids = this.#comparison.takeMendable().filter((id) => wanted.has(id));
    let repaired = 0;
    for (let first = 0; first < ids.length && !stop.aborted; first += REPAIR_AT_ONCE) {
      const some = ids.slice(first, first + REPAIR_AT_ONCE);
      for (const { groupId, action, outcome } of await connector.repair({
        ids: some,
        force: settings.force,
      })) {
        if (action === 'none' || outcome === undefined) continue;
        if (problems.settled('repair', groupId, outcome)) repaired++;
      }
    }
    return repaired;
  }

  /** Deletes what this journal did not write. */
  async #evict(problems: Problems, until: number, stop: AbortSignal): Promise<number> {
    const { connector, settings, clock } = this.#parts;
    const ids = this.#comparison.takeForeign();
    if (ids.length === 0) return 0;
    const some = new IdFeed(clock).take(ids, until, stop);
    return this.#count('delete', problems, () =>
      connector.deleteGroups(some, { concurrency: settings.concurrency, force: true }),
    );
  }

  async #count(
    operation: string,
    problems: Problems,
    begin: () => ReturnType<ReliableConnector['createGroups']>,
  ): Promise<number> {
    let count = 0;
    for await (const item of begin()) if (problems.done(operation, item)) count++;
    return count;
  }
}

function without(ids: ReadonlySet<string>, ...others: readonly ReadonlySet<string>[]): readonly string[] {
  return [...ids].filter((id) => !others.some((other) => other.has(id)));
}

function isAsWanted(wanted: ReadonlySet<string>, { stats, catalog, open }: Found): boolean {
  return (
    open === 0 &&
    stats.consistent &&
    catalog.size === wanted.size &&
    Object.values(stats.counts).every((count) => count === wanted.size) &&
    [...wanted].every((id) => catalog.has(id))
  );
}

/** All entries of something that is read in pages of `PAGE`. */
async function* pages<T, K>(
  read: (after: K) => Promise<readonly T[]>,
  keyOf: (entry: T) => K,
  first: K,
): AsyncGenerator<T> {
  for (let after = first; ; ) {
    const page = await read(after);
    yield* page;
    const last = page.at(-1);
    if (page.length < PAGE || last === undefined) return;
    after = keyOf(last);
  }
}
