/**
 * Exclusion beyond this journal's host, optional (4.4 step 1): taken after the in-process queue and before the journal's
 * lock row, which it never replaces. A `Coordinator` of `@holdfast/coordination` satisfies it.
 */
export interface LockProvider {
  /** A lock object of this name, used for one acquisition. */
  getLock(name: string): {
    /** True when it is held, false when `timeoutMs` has passed. */
    acquire(o: { readonly timeoutMs: number; readonly signal?: AbortSignal }): Promise<boolean>;
    /** Gives it back. What it resolves to is not looked at. */
    release(): Promise<unknown>;
  };
}
