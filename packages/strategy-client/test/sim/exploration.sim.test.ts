import { describe, expect, it } from 'vitest';
import { LOSSES, type SimConfig } from './config.js';
import { Simulation } from './simulation.js';
import type { Choice, ChoiceKind } from './world/choice.js';

const NONE = { idempotent: false, rows: 0 };
const TWO = [NONE, NONE];
const SWITCH = ['announce', 'cutover', 'off'] as const;
const BACK = ['announce', 'cutover', 'back', 'cutover'] as const;

/** The configurations of the executable model, and how many detours are tried in each: the second costs a second. */
const CONFIGURATIONS: readonly (readonly [string, number, Partial<SimConfig>])[] = [
  ['steady, every loss', 1, { faults: 1, kinds: LOSSES, queries: [{ idempotent: true, rows: 1 }, NONE] }],
  ['cold start on the wrong colour', 1, { active: 'green', queries: TWO }],
  ['switch', 1, { script: SWITCH, queries: TWO }],
  ['switch, announced before accepted', 2, { script: SWITCH, early: true, queries: TWO }],
  ['switch, lenient sessions', 1, { script: SWITCH, lenient: true, queries: TWO }],
  ['switch back in drain, then its own drain', 2, { script: BACK, queries: TWO }],
  [
    'switch, sessions expire',
    1,
    { script: ['announce', 'cutover'], faults: 1, kinds: ['expire'], queries: TWO },
  ],
  [
    'switch, a request lands late',
    1,
    { script: ['announce', 'cutover'], faults: 1, kinds: ['late'], queries: TWO },
  ],
  ['switch, drain too short', 2, { script: SWITCH, shortDrain: true, queries: TWO }],
  ['there and again', 1, { script: [...SWITCH, 'announce'], queries: TWO }],
  ['wrong password', 1, { wrong: ['blue', 'green'], queries: TWO }],
  ['switch, password wrong on the other colour', 1, { script: SWITCH, wrong: ['green'], queries: TWO }],
  ['announced and withdrawn, two processes', 1, { script: ['announce', 'back'], processes: 2, queries: TWO }],
];

/** What happens first where nothing else is asked for: the operator as early or as late as can be. */
const ORDERS: readonly (readonly ChoiceKind[])[] = [
  ['arrival', 'reply', 'store', 'user', 'time', 'operator', 'fault'],
  ['user', 'operator', 'arrival', 'reply', 'store', 'time', 'fault'],
];

/** Where a run leaves its natural order: at which step, and for which of the other choices. */
type Detours = ReadonlyMap<number, number>;

interface Run {
  readonly violations: readonly string[];
  /** How many choices there were at each step; faults are no part of the natural order, which may end before them. */
  readonly widths: readonly number[];
}

async function run(bounds: Partial<SimConfig>, order: readonly ChoiceKind[], detours: Detours): Promise<Run> {
  const simulation = new Simulation(bounds);
  const widths: number[] = [];
  await simulation.run((choices) => {
    const sorted = [...choices].sort((one, other) => order.indexOf(one.kind) - order.indexOf(other.kind));
    const detour = detours.get(widths.length);
    widths.push(sorted.length);
    const chosen: Choice | undefined = sorted[detour ?? 0];
    return chosen === undefined || (chosen.kind === 'fault' && detour === undefined) ? null : chosen;
  });
  const { list } = simulation.judge.violations;
  return {
    violations: list.map(({ at, text }) => `${text} (step ${at}, by ${JSON.stringify([...detours])})`),
    widths,
  };
}

/** Every run that leaves the natural order at most `most` times, after `from`. */
async function explore(o: {
  bounds: Partial<SimConfig>;
  order: readonly ChoiceKind[];
  detours: Detours;
  from: number;
  most: number;
}): Promise<{ runs: number; violations: string[] }> {
  const { violations, widths } = await run(o.bounds, o.order, o.detours);
  const all = { runs: 1, violations: [...violations] };
  if (o.most === 0) return all;
  for (const [step, width] of widths.entries())
    for (let choice = 1; step >= o.from && choice < width; choice++) {
      const detours = new Map([...o.detours, [step, choice]]);
      const further = await explore({ ...o, detours, from: step + 1, most: o.most - 1 });
      all.runs += further.runs;
      all.violations.push(...further.violations);
    }
  return all;
}

describe('the exploration of the switch', () => {
  it.each(CONFIGURATIONS)('%s: every run with up to %i detours keeps the rules', async (_, most, bounds) => {
    for (const order of ORDERS) {
      const result = await explore({ bounds, order, detours: new Map(), from: 0, most });
      expect(result.violations).toEqual([]);
    }
  });

  it('a switch under one query: every run with three detours keeps the rules', async () => {
    const bounds = { script: SWITCH, early: true, queries: [NONE] };
    const runs: number[] = [];
    for (const order of ORDERS) {
      const result = await explore({ bounds, order, detours: new Map(), from: 0, most: 3 });
      expect(result.violations).toEqual([]);
      runs.push(result.runs);
    }
    process.stdout.write(`strategy exploration, three detours: ${runs.join(' and ')} runs\n`);
  });
});
