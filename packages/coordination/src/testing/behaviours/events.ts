import type { Coordinator } from '../../index.js';

/** What a hook was called with, as far as the origin has it. */
export interface Fired {
  readonly type: string;
  readonly groupId: string;
  readonly memberId: string;
}

/** A callback that keeps what it was called with. */
export interface Recorder {
  (event: Fired): string;
  readonly events: Fired[];
}

/** Its return value names the event, so that a run's result tells which events there were. */
export function recorder(): Recorder {
  const events: Fired[] = [];
  const callback = (event: Fired): string => {
    const { type, groupId, memberId } = event;
    events.push({ type, groupId, memberId });
    return `${type} ${groupId} ${memberId}`;
  };
  return Object.assign(callback, { events });
}

/** Lets each coordinator run its watchers, one after the other. */
export async function runAll(...coordinators: readonly Coordinator[]): Promise<unknown[]> {
  const results: unknown[] = [];
  for (const coordinator of coordinators) results.push(...(await coordinator.runWatchers()));
  return results;
}
