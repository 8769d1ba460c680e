import { type Random, seededRandom, shuffled } from '../../seeded-random.js';
import type { FaultName } from '../history/event.js';
import type { Coordination } from '../history/history.js';
import { between } from './between.js';
import { draw } from './draw.js';
import { Occupied } from './occupied.js';
import type { PlannedFault } from './planned-fault.js';

export interface PlanOptions {
  readonly seed: number;
  readonly seconds: number;
  readonly coordination: Coordination;
}

/** Ms of load before the first fault, and ms between two beginnings. */
const FIRST_AFTER_MS = 1_000;
const GAP_MS: readonly [number, number] = [600, 2_000];
/** Part of the time in which faults begin. */
const STRIKING = 0.9;

/** How many of each come before any comes again more often. */
const DECK: Readonly<Record<FaultName, number>> = {
  'kill-worker': 4,
  'stop-worker': 2,
  switch: 3,
  'node-errors': 2,
  'node-hang': 1,
  'node-cut': 2,
  'node-stall': 4,
  'node-restart': 1,
  'node-empty': 1,
  'cluster-restart': 1,
  'redis-restart': 1,
  'engine-delay': 1,
};

/**
 * All faults of a run, in the order of their beginnings. The same options give the same plan. Faults may overlap; one that
 * must not (`Occupied`) comes later.
 */
export function planFaults({ seed, seconds, coordination }: PlanOptions): readonly PlannedFault[] {
  const random = seededRandom(seed);
  const until = seconds * 1_000 * STRIKING;
  const occupied = new Occupied();
  const names = deal(coordination, random);
  const postponed: FaultName[] = [];
  const faults: PlannedFault[] = [];
  for (let atMs = FIRST_AFTER_MS; atMs < until; atMs += between(random, ...GAP_MS)) {
    const o = { n: faults.length + 1, atMs, random, occupied };
    let drawn: PlannedFault | null = null;
    for (const fault of postponed.splice(0)) {
      const found: PlannedFault | null = drawn === null ? draw({ ...o, fault }) : null;
      if (found === null) postponed.push(fault);
      drawn ??= found;
    }
    if (drawn === null) {
      const fault = names.next().value;
      drawn = draw({ ...o, fault });
      if (drawn === null) postponed.push(fault);
    }
    if (drawn !== null) faults.push(drawn);
  }
  return faults;
}

/** Names without end, one shuffled deck after the other. */
function* deal(coordination: Coordination, random: Random): Generator<FaultName, never> {
  const deck = Object.entries(DECK).flatMap(([name, count]) =>
    name === 'redis-restart' && coordination !== 'redis' ? [] : Array<string>(count).fill(name),
  ) as FaultName[];
  for (;;) yield* shuffled(deck, random);
}
