import type { CoordinationFlags } from '../config/coordination-settings.js';
import type { EngineFlags } from '../config/engine-settings.js';
import { type EngineView, readEngine } from '../engine/admin.js';
import { type LeaderView, readLeader, readWorkers, type WorkerView } from '../group/read-workers.js';
import type { Group } from '../group/with-group.js';
import type { TermReport } from '../group/worker-facts.js';
import type { Run } from '../job-host.js';

/** The stack as it is seen from outside at one moment. */
export interface Status {
  /** Wall time in ms. */
  readonly at: number;
  readonly workers: readonly WorkerView[];
  readonly leader: LeaderView | null;
  /** What the leader told after its last run; null: nobody leads, or it has told nothing yet. */
  readonly term: TermReport | null;
  /** Whether the leader's last run found every node holding exactly what is wanted. */
  readonly converged: boolean;
  /** Null: its admin port does not answer. */
  readonly engine: EngineView | null;
  /** Why not; null: it does. */
  readonly engineError: string | null;
}

/** Reads workers and engine. An engine that does not answer is part of the picture, a backend that does not is an error. */
export async function readStatus(
  run: Run,
  group: Group,
  flags: EngineFlags & CoordinationFlags,
): Promise<Status> {
  const settings = await run.engine(flags);
  const [engine, leader] = await Promise.all([
    readEngine(settings, run.io.signal).catch((error: unknown) =>
      error instanceof Error ? error : new Error(String(error)),
    ),
    readLeader(group),
  ]);
  const workers = await readWorkers(group, leader);
  const term = workers.find((worker) => worker.leads)?.facts?.term ?? null;
  return {
    at: run.io.clock.now(),
    workers,
    leader,
    term,
    converged: term?.converged ?? false,
    ...(engine instanceof Error
      ? { engine: null, engineError: engine.message }
      : { engine, engineError: null }),
  };
}
