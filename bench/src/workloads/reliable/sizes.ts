import { CREWS, type ReliableSizes } from '../reliable.js';
import { BASE, POINTS } from './matrix/point.js';

/** Sizes as the contract has them. */
export const RELIABLE_FULL: ReliableSizes = {
  crews: CREWS,
  seriesCount: 300,
  roundMs: 1_500,
  warmUpMs: 3_000,
  matrix: { points: POINTS, sliceMs: 250, faultySliceMs: 200, warmUpMs: 1_500 },
};

/** Shows that everything runs. */
export const RELIABLE_QUICK: ReliableSizes = {
  crews: CREWS,
  seriesCount: 50,
  roundMs: 500,
  warmUpMs: 500,
  matrix: {
    points: [BASE, { ...BASE, faultRate: 0.2 }],
    sliceMs: 100,
    faultySliceMs: 100,
    warmUpMs: 200,
  },
};
