import type { Capabilities } from '@holdfast/coordination';

/** What the leader tells of its term, in its capabilities; counts are of this term. */
export interface TermReport {
  /** The fencing token, as text: it may be larger than a number of JSON is exact. */
  readonly term: string;
  /** Wall time in ms of the beginning of the term. */
  readonly since: number;
  /** Wall time in ms of the end of the last run that was told of; runs without news are told of every 3 s. */
  readonly at: number;
  /** Runs so far, and how many of them failed or left something to do. */
  readonly runs: number;
  readonly failedRuns: number;
  /** Of the last run, ms. */
  readonly durationMs: number;
  /** Ids that were wanted when it was last read; null before that. */
  readonly wanted: number | null;
  /** Node → groups, as last read; empty before that. */
  readonly actual: Readonly<Record<string, number>>;
  /** Whether at the end of the last run every node held exactly what is wanted and no saga was open. */
  readonly converged: boolean;
  readonly created: number;
  readonly deleted: number;
  readonly repaired: number;
  /** Unfinished sagas that were taken over. */
  readonly adopted: number;
  /** Records on nodes that no committed saga explains, when it was last verified. */
  readonly foreign: number;
  /** Unfinished sagas in the journal, parked ones among them. */
  readonly open: number;
  readonly parked: number;
  /** The deployment that the last query went to; null before the first. */
  readonly colour: string | null;
  /** Why the last run failed or what it had to leave; null: nothing. */
  readonly error: string | null;
}

/** What a worker tells its group of itself: its capabilities. */
export interface WorkerFacts {
  readonly pid: number;
  readonly host: string;
  readonly version: string;
  /** Wall time in ms. */
  readonly started: number;
  /** Id of its journal: all candidates have the same. */
  readonly journal: string;
  /** Base URL of its health server; null: it has none. */
  readonly health: string | null;
  /** Null unless it leads. */
  readonly term: TermReport | null;
}

/** As the group's members are told it. */
export function toCapabilities(facts: WorkerFacts): Capabilities {
  const { term, ...own } = facts;
  return { ...own, term: term === null ? null : { ...term, actual: { ...term.actual } } };
}

type Fields = Readonly<Record<string, unknown>>;

/** What a member tells of itself; null for one that is no worker of this kind. */
export function readWorkerFacts(value: Capabilities | null): WorkerFacts | null {
  if (!isFields(value)) return null;
  const { pid, host, version, started, journal, health, term } = value;
  if (typeof journal !== 'string' || typeof started !== 'number') return null;
  return {
    pid: numberOr(pid, 0),
    host: textOr(host, '?'),
    version: textOr(version, '?'),
    started,
    journal,
    health: typeof health === 'string' ? health : null,
    term: isFields(term) ? readTerm(term) : null,
  };
}

function readTerm(value: Fields): TermReport {
  const count = (name: string): number => numberOr(value[name], 0);
  const text = (name: string): string | null => {
    const found = value[name];
    return typeof found === 'string' ? found : null;
  };
  const actual = isFields(value['actual']) ? value['actual'] : {};
  return {
    term: text('term') ?? '?',
    since: count('since'),
    at: count('at'),
    runs: count('runs'),
    failedRuns: count('failedRuns'),
    durationMs: count('durationMs'),
    wanted: typeof value['wanted'] === 'number' ? value['wanted'] : null,
    actual: Object.fromEntries(Object.entries(actual).map(([node, groups]) => [node, numberOr(groups, 0)])),
    converged: value['converged'] === true,
    created: count('created'),
    deleted: count('deleted'),
    repaired: count('repaired'),
    adopted: count('adopted'),
    foreign: count('foreign'),
    open: count('open'),
    parked: count('parked'),
    colour: text('colour'),
    error: text('error'),
  };
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const numberOr = (value: unknown, otherwise: number): number =>
  typeof value === 'number' ? value : otherwise;

const textOr = (value: unknown, otherwise: string): string => (typeof value === 'string' ? value : otherwise);
