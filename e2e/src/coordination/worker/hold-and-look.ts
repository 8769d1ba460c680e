import { CoordinationError } from '@holdfast/coordination';
import { now, pause } from '../now.js';
import type { Stage } from './stage.js';

/** What a holder does between two looks: waits for a timer, nothing at all, or gives way to microtasks only. */
export const WAYS = ['idle', 'computing', 'microtasks'] as const;
export type Way = (typeof WAYS)[number];

/** What a holder saw that was stopped for longer than its lease. */
export interface HoldReport {
  readonly fence: number;
  /** The longest time between two looks, ms. */
  readonly gapMs: number;
  /** Looks after it that said that the lock is held. */
  readonly yesAfterGap: number;
  /** At the first look that said no, in the same turn. */
  readonly first: {
    readonly aborted: boolean;
    /** Code of what `throwIfAborted` threw. */
    readonly threw: string | null;
    readonly fired: boolean;
    readonly derived: boolean;
  };
  /** A turn of the timers later. */
  readonly later: { readonly fired: boolean; readonly derived: boolean };
  /** What the store said to a write that did not look. */
  readonly written: boolean;
  readonly released: boolean;
}

/** A holder that was never lost fails after this, ms. */
const LONGEST_MS = 20_000;

/** Takes the lock named after `way`, looks until it is lost, and then writes to the register of that name all the same. */
export async function holdAndLook({ coordinator, line, memberId }: Stage, way: Way): Promise<HoldReport> {
  const lock = coordinator.getLock(way);
  await lock.acquire();
  const fence = Number(lock.fencingToken);
  const { signal } = lock;
  const derived = AbortSignal.any([signal]);
  let fired = false;
  signal.addEventListener('abort', () => {
    fired = true;
  });
  const begin = now();
  // Not waited for: it is to be stopped while it looks.
  void line.call('looking', fence);
  const gap = { ms: 0, yes: 0 };
  const passed = (ms: number): void => {
    if (ms > gap.ms) Object.assign(gap, { ms, yes: 0 });
  };
  for (let last = begin; ; ) {
    const at = now();
    passed(at - last);
    last = at;
    const acquired = lock.acquired;
    // It may have been stopped within the look itself.
    if (!acquired) passed(now() - at);
    if (!acquired) break;
    gap.yes++;
    if (at - begin > LONGEST_MS) throw new Error(`still held after ${LONGEST_MS} ms`);
    if (way === 'idle') await pause(2);
    if (way === 'microtasks') await null;
  }
  const first = { aborted: signal.aborted, threw: thrownBy(signal), fired, derived: derived.aborted };
  await pause(0);
  const later = { fired, derived: derived.aborted };
  const written = await line.call('write', way, [memberId], fence);
  return {
    fence,
    gapMs: gap.ms,
    yesAfterGap: gap.yes,
    first,
    later,
    written,
    released: await lock.release(),
  };
}

function thrownBy(signal: AbortSignal): string | null {
  try {
    signal.throwIfAborted();
    return null;
  } catch (error) {
    return error instanceof CoordinationError ? error.code : String(error);
  }
}
