let next: Promise<void> | null = null;

/**
 * Resolves in the next turn of the event loop, one promise for all who ask in this one. Without it a caller who tries a
 * lock in a loop would run in microtasks alone, and the timer that frees the lock would never fire.
 */
export function nextTurn(): Promise<void> {
  next ??= new Promise((resolve) => {
    setImmediate(() => {
      next = null;
      resolve();
    });
  });
  return next;
}
