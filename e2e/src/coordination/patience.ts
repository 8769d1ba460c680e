import { now, pause } from './now.js';

/** How long something may take that has to come, ms. Generous: it only bounds a test that has failed. */
const PATIENCE_MS = 20_000;

/** The promise's value; rejects, naming it, when it has not settled in time. */
export async function soon<T>(what: string, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`waited ${PATIENCE_MS} ms in vain until ${what}`)),
      PATIENCE_MS,
    );
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** How often a state that sends no event is looked at, ms. */
const LOOK_EVERY_MS = 5;

/** Looks until it is so; rejects, naming it, when it takes too long. */
export async function until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  const end = now() + PATIENCE_MS;
  while (!(await isSo())) {
    if (now() > end) throw new Error(`waited ${PATIENCE_MS} ms in vain until ${what}`);
    await pause(LOOK_EVERY_MS);
  }
}
