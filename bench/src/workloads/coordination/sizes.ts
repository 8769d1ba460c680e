import type { CoordinationSizes } from '../coordination.js';

/** Sizes as the contract has them. */
export const COORDINATION_FULL: CoordinationSizes = {
  redis: {
    pairs: [
      { callers: 1, slices: 20, pairsPerSlice: 100, etcdPairs: 40 },
      { callers: 16, slices: 10, pairsPerSlice: 40 },
      { callers: 64, slices: 10, pairsPerSlice: 20, etcdPairs: 4 },
    ],
    contended: { waiters: [10, 100, 1_000], rounds: 7, warmUpMs: 500, durationMs: 1_000 },
    joinLeave: { slices: 20, perSlice: 50 },
    members: [
      { members: 10, slices: 20, perSlice: 50, toozReads: 50 },
      { members: 100, slices: 20, perSlice: 20, toozReads: 10 },
      { members: 1_000, slices: 10, perSlice: 5, toozReads: 0 },
      { members: 10_000, slices: 4, perSlice: 2, toozReads: 0 },
    ],
    heartbeat: [
      { locks: 1, count: 200, toozCount: 50 },
      { locks: 100, count: 100, toozCount: 10 },
      { locks: 1_000, count: 20, toozCount: 3 },
      { locks: 10_000, count: 5, toozCount: 0 },
    ],
    watch: { joins: 60 },
    election: { handOvers: 200, kills: 7, leaseMs: 1_000 },
    etcdElection: { handOvers: 50, kills: 5, leaseMs: 1_000 },
    cycles: { settling: 10_000, cycles: 100_000, callers: 8 },
  },
  sqlite: {
    pairs: [
      { callers: 1, slices: 20, pairsPerSlice: 100 },
      { callers: 64, slices: 10, pairsPerSlice: 20 },
    ],
    crowd: { processes: 4, rounds: 7, durationMs: 1_000 },
    election: { handOvers: 150, kills: 5, leaseMs: 1_000 },
  },
};

/** Shows that everything runs. */
export const COORDINATION_QUICK: CoordinationSizes = {
  redis: {
    pairs: [
      { callers: 1, slices: 10, pairsPerSlice: 50, etcdPairs: 10 },
      { callers: 16, slices: 6, pairsPerSlice: 20 },
      { callers: 64, slices: 6, pairsPerSlice: 10, etcdPairs: 2 },
    ],
    contended: { waiters: [10, 100, 1_000], rounds: 1, warmUpMs: 300, durationMs: 500 },
    joinLeave: { slices: 10, perSlice: 20 },
    members: [
      { members: 10, slices: 10, perSlice: 20, toozReads: 10 },
      { members: 100, slices: 10, perSlice: 10, toozReads: 3 },
      { members: 1_000, slices: 4, perSlice: 3, toozReads: 0 },
      { members: 10_000, slices: 2, perSlice: 1, toozReads: 0 },
    ],
    heartbeat: [
      { locks: 1, count: 50, toozCount: 10 },
      { locks: 100, count: 20, toozCount: 3 },
      { locks: 1_000, count: 5, toozCount: 1 },
      { locks: 10_000, count: 2, toozCount: 0 },
    ],
    watch: { joins: 10 },
    election: { handOvers: 20, kills: 1, leaseMs: 1_000 },
    etcdElection: { handOvers: 10, kills: 1, leaseMs: 1_000 },
    cycles: { settling: 2_000, cycles: 10_000, callers: 8 },
  },
  sqlite: {
    pairs: [
      { callers: 1, slices: 10, pairsPerSlice: 50 },
      { callers: 64, slices: 6, pairsPerSlice: 10 },
    ],
    crowd: { processes: 4, rounds: 1, durationMs: 500 },
    election: { handOvers: 15, kills: 1, leaseMs: 1_000 },
  },
};
