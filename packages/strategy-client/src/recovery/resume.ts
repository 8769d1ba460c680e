/** What was found out about a cluster that answers 503. */
export type ResumeVerdict =
  /** It was suspended, so that the call was not processed, and is active now. */
  | 'resumed'
  /** It was not suspended: the 503 says nothing about the call. */
  | 'not-suspended';

/**
 * Finds out whether the cluster is suspended, and resumes it; all callers share one attempt. Rejects with `RESUME_FAILED`
 * when it does not become active in time, and with the signal's reason.
 */
export type Resume = (cause: unknown, signal: AbortSignal | undefined) => Promise<ResumeVerdict>;
