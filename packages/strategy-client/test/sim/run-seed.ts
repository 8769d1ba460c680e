import { LOSSES, type OperatorStep, type SimConfig } from './config.js';
import type { Violation } from './judge/violations.js';
import { byChance, drawTemperament } from './schedulers.js';
import { Simulation } from './simulation.js';
import { Prng } from './world/prng.js';

/** What one seed showed. */
export interface SeedResult {
  readonly seed: number;
  readonly violations: readonly Violation[];
  readonly config: SimConfig;
  readonly trace: readonly string[];
  /** How each query ended, by the name of its error. */
  readonly outcomes: readonly string[];
  readonly authentications: number;
  readonly switches: number;
}

const SWITCH: readonly OperatorStep[] = ['announce', 'cutover', 'off'];
const SCRIPTS: readonly (readonly OperatorStep[])[] = [
  [],
  ['announce'],
  SWITCH,
  SWITCH,
  ['announce', 'cutover'],
  ['announce', 'back'],
  ['announce', 'cutover', 'back', 'cutover'],
  ['announce', 'cutover', 'back', 'cutover', 'off'],
  [...SWITCH, 'announce'],
  [...SWITCH, ...SWITCH],
  [...SWITCH, 'announce', 'cutover', 'back', 'cutover', 'off'],
];

/** The bounds of a seed. */
export function drawConfig(seed: number): SimConfig {
  const dice = new Prng(seed, 'config');
  const processes = dice.chance(0.25) ? 2 : 1;
  return {
    script: dice.pick(SCRIPTS),
    active: dice.chance(0.2) ? 'green' : 'blue',
    early: dice.chance(0.3),
    lenient: dice.chance(0.2),
    shortDrain: dice.chance(0.2),
    wrong: dice.chance(0.06) ? dice.pick([['green'], ['blue'], ['blue', 'green']] as const) : [],
    queries: Array.from({ length: dice.int(processes, 4) }, () => ({
      idempotent: dice.chance(0.3),
      rows: dice.int(0, 3),
      cancellable: dice.chance(0.1),
    })),
    processes,
    faults: dice.chance(0.5) ? dice.int(1, 3) : 0,
    kinds: dice.pick([
      LOSSES,
      [...LOSSES, 'expire', 'idle'],
      ['suspend'],
      ['suspend', 'expire'],
      ['expire'],
      ['idle'],
      ['late'],
    ] as const),
  };
}

/** Lives through one seed. */
export async function runSeed(seed: number, bounds: Partial<SimConfig> = {}): Promise<SeedResult> {
  const config = { ...drawConfig(seed), ...bounds };
  const simulation = new Simulation(config, seed);
  const dice = new Prng(seed, 'schedule');
  await simulation.run(byChance(dice, drawTemperament(dice)));
  const metrics = simulation.processes.map(({ manager }) => manager.metrics());
  return {
    seed,
    config,
    violations: simulation.judge.violations.list,
    trace: simulation.world.trace,
    outcomes: simulation.users.map(({ error }) => error?.name ?? 'ok'),
    authentications: metrics.reduce((sum, { authentications: { blue, green } }) => sum + blue + green, 0),
    switches: metrics.reduce((sum, { switches }) => sum + switches, 0),
  };
}
