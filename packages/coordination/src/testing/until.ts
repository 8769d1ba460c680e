import { systemClock } from '../clock.js';

/** How long a condition may take to come true, ms. Generous: it only bounds a test that has failed. */
export const PATIENCE_MS = 15_000;
const LOOK_EVERY_MS = 5;

/** Resolves `ms` from now: for what has no event, such as the silence of a member. */
export const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    systemClock.schedule(ms, resolve);
  });

/** Looks again and again until there is something to return; throws, naming what was waited for, after `PATIENCE_MS`. */
export async function until<T>(
  what: string,
  look: () => Promise<T | false | null | undefined> | T | false | null | undefined,
): Promise<T> {
  const end = systemClock.monotonic() + PATIENCE_MS;
  for (;;) {
    const found = await look();
    if (found !== false && found !== null && found !== undefined) return found;
    if (systemClock.monotonic() > end) throw new Error(`waited ${PATIENCE_MS} ms in vain until ${what}`);
    await pause(LOOK_EVERY_MS);
  }
}

/** The promise's value; throws, naming it, when it has not settled after `PATIENCE_MS`. */
export async function soon<T>(what: string, promise: Promise<T>): Promise<T> {
  let cancel = (): void => {};
  const late = new Promise<never>((_, reject) => {
    cancel = systemClock.schedule(PATIENCE_MS, () =>
      reject(new Error(`waited ${PATIENCE_MS} ms in vain for ${what}`)),
    );
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    cancel();
  }
}
