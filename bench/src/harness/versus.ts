import { type Bar, bar, type Measurement } from './results.js';
import { type Round, ratios, series } from './rounds.js';
import { median, spread } from './stats.js';

export interface Versus<T> {
  readonly id: string;
  readonly what: string;
  readonly unit: string;
  /** By contender. */
  readonly rounds: readonly Round<T>[];
  /** Whose figure it is, and whose it is held against. */
  readonly of: string;
  readonly to: string;
  /** The latter, for people. */
  readonly toWhat: string;
  readonly figure: (report: T) => number;
  /** What the ratio has to be. */
  readonly bar?: { readonly kind: Bar['kind']; readonly value: number };
}

/** One contender's figure against another's of the same rounds. */
export function versus<T>(o: Versus<T>): Measurement {
  const values = series(o.rounds, o.of, o.figure);
  const toOther = ratios(o.rounds, [o.of, o.to], o.figure);
  const ratio = median(toOther);
  return {
    id: o.id,
    what: o.what,
    unit: o.unit,
    value: median(values),
    spread: spread(values),
    floor: { what: o.toWhat, value: median(series(o.rounds, o.to, o.figure)) },
    ratio,
    ratioSpread: spread(toOther),
    ...(o.bar ? { bar: bar(o.bar.kind, o.bar.value, 'ratio', ratio) } : {}),
  };
}

/** One contender's figure for itself. */
export function alone<T>(o: Omit<Versus<T>, 'to' | 'toWhat'>): Measurement {
  const values = series(o.rounds, o.of, o.figure);
  const value = median(values);
  return {
    id: o.id,
    what: o.what,
    unit: o.unit,
    value,
    spread: spread(values),
    ...(o.bar ? { bar: bar(o.bar.kind, o.bar.value, 'value', value) } : {}),
  };
}
