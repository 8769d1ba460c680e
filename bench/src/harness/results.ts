import type { Curve } from '../fit/curve.js';
import type { Machine } from './machine.js';
import type { Spread } from './stats.js';

/** What has to hold. `atLeast`: the measured figure must not be under it; `atMost`: not over it. */
export interface Bar {
  readonly kind: 'atLeast' | 'atMost';
  readonly value: number;
  /** What is held against the bar: the ratio, or the value itself. */
  readonly of: 'ratio' | 'value';
  /** `void`: too few rounds counted, so the figures tell of the machine. */
  readonly verdict: 'met' | 'missed' | 'void';
}

/** One line of a table. */
export interface Measurement {
  /** Stable name, for comparing runs: `reliable.processes-4.callers-64.sagas`. */
  readonly id: string;
  /** For people. */
  readonly what: string;
  readonly unit: string;
  /** Median over the rounds that count (for `cli` and `memory`: the worst). */
  readonly value: number;
  readonly spread?: Spread;
  /** What it is held against, measured in the same run. */
  readonly floor?: { readonly what: string; readonly value: number };
  /** Median over the rounds of each round's own ratio to its floor. */
  readonly ratio?: number;
  readonly ratioSpread?: Spread;
  readonly bar?: Bar;
}

/** What one workload has found. */
export interface WorkloadResult {
  readonly workload: string;
  readonly measurements: readonly Measurement[];
  /** Rounds that count, and what else a reader has to know: void rounds, failed calls, what was run from where. */
  readonly notes: readonly string[];
  /** What it took, servers and warm-up included. */
  readonly seconds?: number;
}

/** What a whole run has found; written as JSON. */
export interface BenchReport {
  /** ISO 8601. */
  readonly startedAt: string;
  readonly machine: Machine;
  readonly quick: boolean;
  readonly rounds: number;
  readonly workloads: readonly WorkloadResult[];
  /** How costs grow, where three sizes or more were measured. */
  readonly curves: readonly Curve[];
  /** Load of the last minute at the end: of the benchmark itself, and of other work. */
  readonly loadAtEnd: number;
}

/** Judges `figure`; NaN, a measurement that failed, meets no bar. */
export function bar(kind: Bar['kind'], value: number, of: Bar['of'], figure: number): Bar {
  const met = kind === 'atLeast' ? figure >= value : figure <= value;
  return { kind, value, of, verdict: met ? 'met' : 'missed' };
}

/** The same lines where too few rounds counted. */
export function voided(measurements: readonly Measurement[]): readonly Measurement[] {
  return measurements.map((one) =>
    one.bar ? { ...one, bar: { ...one.bar, verdict: 'void' as const } } : one,
  );
}
