/**
 * Exclusion beyond this journal's host, optional (4.4 step 1): taken after the in-process queue and before the journal's
 * lock row, which it never replaces. A coordinator of `@holdfast/coordination` satisfies it.
 */
export interface LockProvider {
  /** Resolves with a release function, or null when `timeoutMs` has passed. */
  acquire(
    name: string,
    o: { readonly timeoutMs: number; readonly signal?: AbortSignal },
  ): Promise<(() => Promise<void>) | null>;
}
