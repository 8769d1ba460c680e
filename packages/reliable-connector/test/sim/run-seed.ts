import type { Violation } from './judge/judge.js';
import { bringToRest, checkVerify, finish, repairAll } from './judge/rest.js';
import type { Invariant } from './judge/rule.js';
import { Mortality } from './load/mortality.js';
import { scheduleLoad } from './load/script.js';
import { scheduleWeather } from './load/weather.js';
import { breaksQ, drawProfile, type Profile } from './profile.js';
import { Simulation } from './simulation.js';
import { Prng } from './world/prng.js';
import { Trace } from './world/trace.js';

/** What one seed showed. */
export interface SeedResult {
  readonly seed: number;
  readonly violations: readonly Violation[];
  readonly coverage: Readonly<Record<string, number>>;
  readonly virtualMs: number;
  readonly steps: number;
  readonly sagas: number;
  /** Of the whole trace; empty when none was kept. */
  readonly digest: string;
}

/** Deadline of the connector that brings everything to rest, ms: no healthy node is too slow for it. */
const PATIENCE_MS = 10_000;

/** What a request that outlives Q may break (4.9 "Limits"). */
const EXCUSED_BEYOND_Q: ReadonlySet<Invariant> = new Set(['S3', 'S4', 'S5', 'S6', 'S7', 'S8', 'L1', 'L3']);

/** Lives through one seed: trouble first, then healed until everything is at rest, judged all the way. */
export async function runSeed(
  seed: number,
  trace: Trace = new Trace(),
  change: Partial<Profile> = {},
): Promise<SeedResult> {
  const profile = { ...drawProfile(seed), ...change };
  const simulation = new Simulation(profile, trace);
  const { world, judge, durable, coverage } = simulation;
  const mortality = new Mortality(simulation);
  mortality.schedule();
  scheduleWeather(simulation);
  scheduleLoad(simulation);
  await world.pass(profile.spanMs);
  simulation.heal();
  await settleCallers(simulation);
  mortality.end();
  await endEverybody(simulation);

  const violations: Violation[] = [];
  const report = (invariant: Invariant, text: string): void => {
    violations.push({ invariant, at: world.now, text });
    trace.add(world.now, 'judge', () => `${invariant} VIOLATED: ${text}`);
  };
  const survivor = simulation.spawn({
    ...(profile.leadership && { term: mortality.nextTerm() }),
    options: { deadlineMs: PATIENCE_MS },
  });
  await world.run(() => survivor.connector !== null || survivor.failure !== null, 60_000);
  const { connector } = survivor;
  if (connector === null)
    report(
      'L1',
      `no connector can be opened: ${survivor.failure?.message ?? 'openConnector never returned'}`,
    );
  else {
    await bringToRest(simulation, connector, report);
    judge.atRest();
    const told = await finish(
      simulation,
      connector.verify({ ids: profile.groups }),
      60_000,
      report,
      'verify()',
    );
    const late = breaksQ(profile);
    if (told !== null) checkVerify(simulation, told, report);
    if (profile.outsider) await repairAll(simulation, connector, report);
    const judged = judge.violations.filter(({ invariant }) => !late || !EXCUSED_BEYOND_Q.has(invariant));
    violations.unshift(...judged);
  }
  return {
    seed,
    violations,
    coverage: coverage.toJSON(),
    virtualMs: world.now,
    steps: world.steps,
    sagas: durable.sagas.size,
    digest: trace.mode === 'off' ? '' : trace.digest,
  };
}

/** Every caller of a process that still runs is answered within its deadline; stopped processes go on. */
async function settleCallers({ world, coordinators, invocations, profile }: Simulation): Promise<void> {
  for (const { process } of coordinators) process.resume();
  await world.run(
    () => invocations.every(({ answeredAt, process }) => answeredAt !== null || !process.alive),
    2 * profile.deadlineMs + 10_000,
  );
}

/** Some close in good order, the others are killed. */
async function endEverybody({ coordinators, world, profile }: Simulation): Promise<void> {
  const dice = new Prng(profile.seed, 'end');
  for (const { process, connector } of coordinators) {
    if (connector === null || dice.chance(0.5)) process.kill('at the end');
    else void connector.close().catch(() => {});
  }
  await world.pass(2_000);
  for (const { process } of coordinators) process.kill('after its close');
}
