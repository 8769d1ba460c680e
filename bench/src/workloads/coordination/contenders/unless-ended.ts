/** False when the waiting was ended on purpose; else the error goes on. */
export function unlessEnded(error: unknown, signal: AbortSignal | undefined): false {
  if (signal?.aborted) return false;
  throw error;
}
