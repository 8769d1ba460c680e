import { now, pause } from '../now.js';
import type { Stage } from './stage.js';

/** Longest pause between two looks, ms. */
const PAUSE_MS = 6;

export interface Grant {
  readonly log: string;
  readonly fence: bigint;
  readonly mode: 'exclusive' | 'shared';
  /** Whether it is still held, worked out now. */
  readonly isHeld: () => boolean;
}

/**
 * Spends some time under a grant as good code does: it looks before each thing that it does, and ends at the first look
 * that says no. Each look that says yes goes to the log with a time from before it.
 */
export async function spend({ line, memberId, random }: Stage, grant: Grant): Promise<void> {
  const { log, mode } = grant;
  const tell = async (what: 'enter' | 'look' | 'leave'): Promise<boolean> => {
    const at = now();
    if (!grant.isHeld()) return false;
    await line.call('append', log, { worker: memberId, fence: Number(grant.fence), mode, what, at });
    return true;
  };
  if (!(await tell('enter'))) return;
  for (let looks = Math.floor(random() * 3); looks > 0; looks--) {
    await pause(random() * PAUSE_MS);
    if (!(await tell('look'))) return;
  }
  await tell('leave');
}
