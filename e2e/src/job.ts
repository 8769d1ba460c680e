import { AppProcess, type Ended } from './app-process.js';
import type { ClusterProcess } from './cluster-process.js';

/** Where `job` works. */
export interface JobPlace {
  readonly cluster: Pick<ClusterProcess, 'nodesFlag'>;
  /** Path of the journal. */
  readonly journal: string;
  /** Q in ms (default: the connector's own for loopback, 2,000). */
  readonly maxServerLagMs?: number;
  /** The program (default: the app's sources). */
  readonly program?: string;
}

/** A line of `job … --json`: the fields that tests look at. */
export interface JobLine {
  readonly type: string;
  readonly groupId?: string;
  readonly status?: string;
  readonly reason?: string | null;
  readonly [field: string]: unknown;
}

/** How a `job` ended, with what it printed. */
export interface JobEnd extends Ended {
  readonly lines: readonly JobLine[];
}

/** Starts the real command line program; with `--json`, its lines are read by `endOf`. */
export function startJob(place: JobPlace, args: readonly string[]): AppProcess {
  const lag = place.maxServerLagMs === undefined ? [] : ['--max-server-lag', `${place.maxServerLagMs}ms`];
  return new AppProcess({
    program: place.program ?? 'apps/job-cli/src/main.ts',
    args: [...args, '--nodes', place.cluster.nodesFlag, '--journal', place.journal, ...lag],
  });
}

/** Waits for the end, however it comes, and reads the JSON lines. A line that was cut off says nothing. */
export async function endOf(job: AppProcess): Promise<JobEnd> {
  const ended = await job.ended;
  const lines = ended.stdout
    .split('\n')
    .slice(0, -1)
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as JobLine);
  return { ...ended, lines };
}

/** Runs a command to its end. */
export function runJob(place: JobPlace, ...args: readonly string[]): Promise<JobEnd> {
  return endOf(startJob(place, args));
}

/** The items of a bulk command by their id. */
export function itemsOf({ lines }: JobEnd): Map<string, JobLine> {
  const items = lines.filter((line) => line.type === 'item');
  return new Map(items.map((line) => [line.groupId ?? '', line]));
}
