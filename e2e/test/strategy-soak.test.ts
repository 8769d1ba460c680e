import { expect, test } from 'vitest';
import { now, pause } from '../src/coordination/now.js';
import { reportLine } from '../src/report-line.js';
import { leavesNothingBehind } from '../src/resources.js';
import { chooseSeed, type Random, seededRandom } from '../src/seeded-random.js';
import { BATCH_ROWS } from '../src/strategy/client/queries.js';
import { EngineProcess } from '../src/strategy/engine-process.js';
import { durations, firstOnNewColour, quantile } from '../src/strategy/figures.js';
import { leftByWrites, startClients, underLoad } from '../src/strategy/fleet.js';
import { executionsAtOdds, executionsByTag, failures, writesAtOdds } from '../src/strategy/judges/soak.js';

leavesNothingBehind();

const SWITCHES = Number(process.env['HOLDFAST_SOAK_SWITCHES'] ?? 60);
/** Longest announcement and longest rest between switches, ms. */
const PHASE_MS = Number(process.env['HOLDFAST_SOAK_PHASE_MS'] ?? 80);
/** Without switches, before and after them, ms. */
const STEADY_MS = 1_000;
/** Of the switches, those that go back before the one before has ended. */
const BACK = 0.5;
/** Longer than any query takes. */
const DRAIN_MS = 60_000;
const LANES = 32;
const MIX = { numbers: 30, readings: 15, small: 20, typed: 12, insert: 10, update: 6, explain: 7 } as const;

test('64 queries at a time in two processes go through 60 switches: none fails, is doubled or loses a row', async () => {
  const seed = chooseSeed();
  const random = seededRandom(seed);
  const engine = await EngineProcess.start('--batch-rows', `${BATCH_ROWS}`, '--drain', `${DRAIN_MS}`);
  const clients = await startClients(engine, { seed, names: ['a', 'b'] });
  const begin = now();
  const reports = await underLoad(
    clients,
    { lanes: LANES, mix: MIX, readMs: 20, idempotent: 0.5 },
    async () => {
      await pause(STEADY_MS);
      await operate(engine, random);
      await pause(STEADY_MS);
    },
  );
  const seconds = (now() - begin) / 1000;
  const queries = reports.flatMap((report) => report.queries);
  const state = await engine.state();
  const left = await leftByWrites(engine, queries);

  const delays = firstOnNewColour(engine.phases, queries);
  const { around, steady } = durations(engine.phases, queries, 500);
  const authentications = reports.map(
    ({ metrics }) => metrics.authentications.blue + metrics.authentications.green,
  );
  const perSwitch = authentications.map((count) => ((count - 1) / SWITCHES).toFixed(2)).join(' and ');
  const ms = (value: number): string => `${value.toFixed(1)} ms`;
  reportLine(
    `strategy soak, seed ${seed}: ${queries.length} queries in ${seconds.toFixed(1)} s, ${SWITCHES} switches of which ${state.switches} ended, ` +
      `${state.mismatches.blue + state.mismatches.green} times 456\n` +
      `  first execution on the new colour ${ms(quantile(delays, 0.5))} after the announcement (median of ${delays.length}; longest ${ms(Math.max(...delays))})\n` +
      `  within a second around a switch p50 ${ms(quantile(around, 0.5))}, p99 ${ms(quantile(around, 0.99))} (${around.length} queries); ` +
      `steady p50 ${ms(quantile(steady, 0.5))}, p99 ${ms(quantile(steady, 0.99))} (${steady.length})\n` +
      `  authentications per switch in each process: ${perSwitch}`,
  );

  expect(failures(queries)).toEqual([]);
  expect(executionsAtOdds(queries, executionsByTag(state))).toEqual([]);
  expect(writesAtOdds(queries, left)).toEqual([]);
  expect(engine.phases.filter(({ phase }) => phase === 'announced')).toHaveLength(SWITCHES);
  expect(state.runningQueries).toEqual({ blue: 0, green: 0 });
  expect(reports.map(({ metrics }) => metrics.pinned)).toEqual(clients.map(() => ({ blue: 0, green: 0 })));
  // One finds out, one each for the switches; a word that comes while a probe is under way may cost another.
  for (const count of authentications) expect(count).toBeLessThanOrEqual(1 + 2 * SWITCHES);
  expect((await Promise.all(clients.map((client) => client.close()))).flat()).toEqual([]);
  expect(await engine.stop()).toMatchObject({ code: 0 });
});

/** Switches again and again: rests and announcements of any length, and ways back in the middle of either phase. */
async function operate(engine: EngineProcess, random: Random): Promise<void> {
  for (let n = 0; n < SWITCHES; n++) {
    const seen = engine.phases.length;
    await engine.switch({ announceMs: Math.floor(random() * PHASE_MS), drainMs: DRAIN_MS });
    const goesBack = n < SWITCHES - 1 && random() < BACK;
    if (!goesBack) await engine.reaches('steady', seen);
    await pause(random() * PHASE_MS);
  }
}
