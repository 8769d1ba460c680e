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
