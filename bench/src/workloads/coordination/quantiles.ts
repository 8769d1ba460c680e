import { type Bar, bar, type Measurement } from '../../harness/results.js';
import { percentile } from '../../harness/stats.js';

const QUANTILES = { p50: 0.5, p90: 0.9, p99: 0.99, max: 1 } as const;

const ALL = ['p50', 'p90', 'p99', 'max'] as const;

export type Quantile = keyof typeof QUANTILES;

/** A distribution of latencies in ms as lines `p50`, `p90`, `p99` and `max`. `most`: their bars, ms. */
export function quantileLines(o: {
  readonly id: string;
  readonly what: string;
  readonly latencies: Iterable<number>;
  readonly most?: Readonly<Partial<Record<Quantile, number>>>;
  /** Default: all. */
  readonly only?: readonly Quantile[];
}): Measurement[] {
  const { id, what, most = {}, only = ALL } = o;
  const latencies = Float64Array.from(o.latencies);
  const spread = {
    median: percentile(latencies, 0.5),
    least: percentile(latencies, 0),
    most: percentile(latencies, 1),
  };
  return only.map((name) => {
    const value = percentile(latencies, QUANTILES[name]);
    const limit = most[name];
    const judged: Bar | undefined = limit === undefined ? undefined : bar('atMost', limit, 'value', value);
    return {
      id: `${id}.${name}`,
      what: `${what}, ${name}`,
      unit: 'ms',
      value,
      spread,
      ...(judged ? { bar: judged } : {}),
    };
  });
}
