import type { Capabilities } from '@holdfast/coordination';
import type { Group } from './with-group.js';
import { readWorkerFacts, type WorkerFacts } from './worker-facts.js';
import { WORKER_GROUP } from './worker-group.js';

/** A member of the group as it is seen from outside. */
export interface WorkerView {
  readonly id: string;
  readonly leads: boolean;
  /** Null: it is no worker of this kind, or tells nothing. */
  readonly facts: WorkerFacts | null;
}

/** Who leads, for how long without a sign of life, and who waits for it. */
export interface LeaderView {
  readonly id: string | undefined;
  /** The fencing token as text; null where it cannot be read. */
  readonly term: string | null;
  readonly leaseLeftMs: number | null;
  /** Candidates in the order in which they come to lead. */
  readonly queue: readonly string[];
}

/** The living members, by the time of their start; none where the group has never been. */
export async function readWorkers(
  { coordinator }: Group,
  leader: LeaderView | null,
): Promise<readonly WorkerView[]> {
  const members = await coordinator.getMembersWithCapabilities(WORKER_GROUP).catch((error: unknown) => {
    if (isNoGroup(error)) return new Map<string, Capabilities | null>();
    throw error;
  });
  return [...members]
    .map(([id, told]) => ({ id, leads: id === leader?.id, facts: readWorkerFacts(told) }))
    .sort((a, b) => (a.facts?.started ?? 0) - (b.facts?.started ?? 0) || a.id.localeCompare(b.id));
}

/** Null: nobody leads. */
export async function readLeader({ leaderLock }: Group): Promise<LeaderView | null> {
  const reading = await leaderLock.inspect();
  const holder = reading?.holders[0];
  if (reading === null || holder === undefined) return null;
  return {
    id: holder.memberId,
    term: holder.fence === null ? null : String(holder.fence),
    leaseLeftMs: holder.ttlMs,
    queue: reading.waiters.map((waiter) => waiter.memberId),
  };
}

/** Whether an error says that the group was never created. */
export function isNoGroup(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'GROUP_NOT_CREATED';
}
