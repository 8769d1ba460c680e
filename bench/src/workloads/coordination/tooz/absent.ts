import type { Measurement } from '../../../harness/results.js';

/** The line of tooz on a machine that lacks it. */
export function absentTooz(id: string, unit: string): Measurement {
  return {
    id,
    what: 'Python tooz: not installed (Debian: apt-get install python3-tooz python3-redis)',
    unit,
    value: Number.NaN,
  };
}
