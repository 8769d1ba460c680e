import { describe, expect, it } from 'vitest';
import { bar, type Measurement, voided, type WorkloadResult } from '../src/harness/results.js';
import { renderResult, renderVerdict } from '../src/harness/table.js';

const fast: Measurement = {
  id: 'x.fast',
  what: 'fast',
  unit: 'requests/s',
  value: 12_345.6,
  spread: { median: 12_345.6, least: 9_000, most: 13_000 },
  floor: { what: 'bare', value: 20_000 },
  ratio: 0.617,
  bar: bar('atLeast', 0.5, 'ratio', 0.617),
};
const slow: Measurement = {
  id: 'x.slow',
  what: 'slow',
  unit: 's',
  value: 7.123,
  bar: bar('atMost', 5, 'value', 7.123),
};
const result = (...measurements: Measurement[]): WorkloadResult => ({
  workload: 'x',
  measurements,
  notes: ['a note'],
});

describe('bar', () => {
  it('is met at its very value and by no failed measurement', () => {
    expect(bar('atLeast', 0.5, 'ratio', 0.5).verdict).toBe('met');
    expect(bar('atMost', 5, 'value', 5.1).verdict).toBe('missed');
    expect(bar('atMost', 5, 'value', Number.NaN).verdict).toBe('missed');
  });
});

describe('renderResult', () => {
  it('shows value, spread, floor, ratio, bar and verdict, and the notes', () => {
    const text = renderResult(result(fast, slow));
    expect(text).toContain(
      '| fast    | 12,346 requests/s | 9,000–13,000 | 20,000 (bare) | 0.62  | ratio ≥ 0.5 | met    |',
    );
    expect(text).toContain(
      '| slow    | 7.12 s            |              |               |       | ≤ 5 s       | MISSED |',
    );
    expect(text).toContain('- a note');
  });
});

describe('renderVerdict', () => {
  it('names every bar that was missed or could not be judged', () => {
    expect(renderVerdict([result(fast)])).toBe('All 1 bars met.');
    const text = renderVerdict([result(fast, slow), result(...voided([fast]))]);
    expect(text.split('\n')).toEqual([
      '1 of 3 bars met, but:',
      '  MISSED x.slow: 7.12 s, bar ≤ 5 s',
      '  void x.fast: ratio 0.62, bar ratio ≥ 0.5',
    ]);
  });
});
