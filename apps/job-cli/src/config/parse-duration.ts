import { JobError } from '../job-error.js';

const UNITS_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };
const LONGEST_MS = 86_400_000;

/**
 * Reads `500ms`, `2s`, `1.5m`, `1h` or a bare number of ms, 0 to a day.
 *
 * @throws JobError that names `source`, the text and the form.
 */
export function parseDurationMs(text: string, source: string): number {
  const [, digits, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text.trim()) ?? [];
  const ms = Number(digits) * (UNITS_MS[unit ?? 'ms'] ?? Number.NaN);
  if (ms >= 0 && ms <= LONGEST_MS) return ms;
  throw new JobError('USAGE', `${source} is ${JSON.stringify(text)}, which is not a duration up to 24h`, {
    remedy: 'Write a number with ms, s, m or h, as 500ms or 2s; a bare number is milliseconds.',
  });
}
