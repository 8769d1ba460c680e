import type { StrategySizes } from '../strategy.js';

/** Sizes as the contract has them. */
export const STRATEGY_FULL: StrategySizes = {
  ownCost: { slices: 6, callsPerSlice: 10_000 },
  queries: [
    { callers: 1, slices: 20, queriesPerSlice: 20 },
    { callers: 32, slices: 8, queriesPerSlice: 5 },
  ],
  results: [
    { rows: 1, queries: 40 },
    { rows: 1_000, queries: 20 },
    { rows: 100_000, queries: 2 },
    { rows: 1_000_000, queries: 1 },
  ],
  wire: { slices: 6, batchesPerSlice: 24 },
  memory: {
    iterate: { rows: 1_000_000 },
    churn: { settling: 50_000, queries: 1_000_000 },
    real: { settling: 2_000, queries: 20_000 },
  },
  switching: [
    { rows: 1, callers: 16, switches: 6, steadyMs: 1_500 },
    { rows: 1_000, callers: 16, switches: 6, steadyMs: 1_500 },
    { rows: 1_000_000, callers: 2, switches: 2, steadyMs: 4_000 },
  ],
};

/** Shows that everything runs. */
export const STRATEGY_QUICK: StrategySizes = {
  ownCost: { slices: 2, callsPerSlice: 2_000 },
  queries: [
    { callers: 1, slices: 2, queriesPerSlice: 10 },
    { callers: 32, slices: 2, queriesPerSlice: 2 },
  ],
  results: [
    { rows: 1, queries: 10 },
    { rows: 1_000, queries: 5 },
    { rows: 100_000, queries: 1 },
  ],
  wire: { slices: 1, batchesPerSlice: 2 },
  memory: {
    iterate: { rows: 50_000 },
    churn: { settling: 2_000, queries: 10_000 },
    real: { settling: 200, queries: 500 },
  },
  switching: [
    { rows: 1, callers: 8, switches: 1, steadyMs: 700 },
    { rows: 1_000, callers: 8, switches: 1, steadyMs: 700 },
    { rows: 100_000, callers: 2, switches: 1, steadyMs: 700 },
  ],
};
