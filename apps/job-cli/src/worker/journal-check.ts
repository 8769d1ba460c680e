import type { Capabilities } from '@holdfast/coordination';
import { readWorkerFacts } from '../group/worker-facts.js';
import { JobError } from '../job-error.js';

/** A worker as the check sees it. */
export interface Candidate {
  readonly id: string;
  readonly journal: string;
  /** Wall time in ms of its start. */
  readonly started: number;
}

/**
 * The member whose journal differs and whom this worker has to give way to; null: none. Before it has joined that is
 * any; afterwards the one that leads, else the one that started first: so of two that joined at the same moment exactly
 * one stays.
 */
export function rivalOf(
  self: Candidate,
  members: ReadonlyMap<string, Capabilities | null>,
  o: { readonly joined: boolean; readonly leader: string | null | undefined },
): Candidate | null {
  const others = [...members].flatMap(([id, told]): readonly Candidate[] => {
    const facts = id === self.id ? null : readWorkerFacts(told);
    if (facts === null || facts.journal === self.journal) return [];
    return [{ id, journal: facts.journal, started: facts.started }];
  });
  if (!o.joined) return others[0] ?? null;
  if (o.leader === self.id) return null;
  return others.find((other) => other.id === o.leader || isBefore(other, self)) ?? null;
}

function isBefore(a: Candidate, b: Candidate): boolean {
  return a.started < b.started || (a.started === b.started && a.id < b.id);
}

/** Why the worker does not stand for election. */
export function notShared(self: Candidate & { readonly path: string }, rival: Candidate): JobError {
  return new JobError(
    'JOURNAL_NOT_SHARED',
    `worker ${rival.id} of this group has journal ${rival.journal}, and ${self.path} is journal ${self.journal}: two journals must not write the same ids`,
    {
      remedy:
        'Give all workers the same file with --journal, HOLDFAST_JOURNAL or HOLDFAST_DATA, or another COORDINATION_URL to those of another cluster.',
    },
  );
}
