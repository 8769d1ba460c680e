import { decodeBatch, encodeBatch } from '@holdfast/strategy-client/wire';
import { describe, expect, it } from 'vitest';
import { lookAround, usualFirstNewMs } from '../src/workloads/strategy/switching/around.js';
import { floorOf } from '../src/workloads/strategy/wire/floors.js';
import { SAMPLE_NAMES, sampleOf, TWO_COLUMNS } from '../src/workloads/strategy/wire/samples.js';

describe('a load with a switch', () => {
  const query = (begunAt: number, endedAt: number, isGreen: boolean) => ({ begunAt, endedAt, isGreen });
  const loadOf = (queries: readonly ReturnType<typeof query>[]) => ({
    begunAt: Float64Array.from(queries, (one) => one.begunAt),
    executedAt: Float64Array.from(queries, (one) => one.endedAt - 1),
    endedAt: Float64Array.from(queries, (one) => one.endedAt),
    wasGreen: Uint8Array.from(queries, (one) => Number(one.isGreen)),
    failures: [],
    failed: 0,
  });
  const load = loadOf([
    query(0, 1_000, false),
    query(1_000, 1_500, false),
    query(1_500, 2_041, false),
    query(2_030, 2_051, true),
    query(2_051, 4_000, true),
  ]);

  it('is looked at half a second before and after the announcement, and elsewhere', () => {
    const around = lookAround(load, [{ at: 2_000, toGreen: true }]);
    expect(around).toMatchObject({ queries: 5, aroundRate: 3, aroundP99Ms: 541, steadyP99Ms: 1_949 });
    expect(around.steadyRate).toBeCloseTo(2 / 3);
  });

  it('tells when the first query was executed on the new colour', () => {
    expect(usualFirstNewMs(lookAround(load, [{ at: 2_000, toGreen: true }]))).toBe(50);
  });

  it('does not hide a switch that no query followed', () => {
    const around = lookAround(load, [
      { at: 2_000, toGreen: true },
      { at: 3_000, toGreen: false },
    ]);
    expect(usualFirstNewMs(around)).toBeNaN();
  });
});

describe('the batches that are read and written', () => {
  it.each(SAMPLE_NAMES)('%s comes back in as many rows', (name) => {
    const { columns, rows } = sampleOf(name);
    const decoded = decodeBatch(columns, encodeBatch(columns, rows));
    expect(decoded).toHaveLength(rows.length);
    expect(decoded.filter((row) => row.includes(null)).length).toBe(
      ['NULL', 'INT96'].includes(name) ? rows.length : 0,
    );
  });

  it('have floors that read the same values', () => {
    const { columns, rows } = sampleOf(TWO_COLUMNS);
    const decoded = decodeBatch(columns, encodeBatch(columns, rows));
    expect(floorOf(TWO_COLUMNS, { columns, rows })?.()).toEqual(decoded);
    expect(floorOf('LONG', sampleOf('LONG'))?.()).toEqual(decoded.map(([value]) => value));
  });
});
