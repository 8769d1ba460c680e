/** A node may ask for a day at most; more is a fault or an attack, and the caller's deadline is shorter anyhow. */
const LONGEST_MS = 86_400_000;

/** The one date form that a sender may use today (RFC 9110, 5.6.7); `Date.parse` alone would take "5 foo" for a date. */
const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/**
 * Reads `Retry-After` (4.8): whole seconds or an HTTP date. Answers ms from now between 0 (a date in the past) and a
 * day; null when there is no header or it cannot be read, which costs nothing but the node's wish.
 *
 * @param nowMs wall time in ms since 1970.
 */
export function parseRetryAfter(header: string | undefined, nowMs: number): number | null {
  if (header === undefined) return null;
  const text = header.trim();
  if (/^\d+$/.test(text)) return Math.min(Number(text) * 1_000, LONGEST_MS);
  const date = HTTP_DATE.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? null : Math.min(Math.max(date - nowMs, 0), LONGEST_MS);
}
