/** What a worker's log line tells of its part in the group; wall time in ms. */
export type WorkerNews =
  | { readonly what: 'joined'; readonly time: number }
  | { readonly what: 'elected'; readonly time: number; readonly term: string }
  | { readonly what: 'over'; readonly time: number; readonly term: string; readonly why: string }
  | {
      readonly what: 'changed';
      readonly time: number;
      readonly term: string;
      readonly created: number;
      readonly deleted: number;
      readonly repaired: number;
    };

/** Reads a line of `job work --json`; null: it tells nothing of this. */
export function readWorkerLine(line: string): WorkerNews | null {
  const fields = parse(line);
  if (fields === null) return null;
  const { msg, term = '', why = '', created = 0, deleted = 0, repaired = 0, time } = fields;
  switch (msg) {
    case 'joined; standing for election':
      return { what: 'joined', time };
    case 'elected':
      return { what: 'elected', time, term };
    case 'the term is over':
      return { what: 'over', time, term, why };
    case 'the cluster was changed':
      return { what: 'changed', time, term, created, deleted, repaired };
    default:
      return null;
  }
}

/** The fields that are looked at, as the worker writes them. */
interface LogLine {
  readonly time: number;
  readonly msg: string;
  readonly term?: string;
  readonly why?: string;
  readonly created?: number;
  readonly deleted?: number;
  readonly repaired?: number;
}

function parse(line: string): LogLine | null {
  if (!line.startsWith('{"level":')) return null;
  try {
    return JSON.parse(line) as LogLine;
  } catch {
    // Cut off by kill -9.
    return null;
  }
}
