import { EngineMockError } from '../engine-mock-error.js';

/** Milliseconds of each unit. */
const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** Reads `250ms`, `1.5s`, `2m`, `1h`, or a plain number of ms. @throws EngineMockError `INVALID_OPTION`. */
export function readDuration(name: string, text: string | undefined): number | undefined {
  if (text === undefined || text.trim() === '') return undefined;
  const [match, amount = '', unit = 'ms'] = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text.trim()) ?? [];
  const factor = UNITS[unit];
  if (match !== undefined && factor !== undefined) return Math.round(Number(amount) * factor);
  throw new EngineMockError(
    'INVALID_OPTION',
    `${name} is '${text}'; it must be a duration such as 250ms, 30s or 2m`,
  );
}
