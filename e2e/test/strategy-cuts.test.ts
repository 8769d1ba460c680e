import type { FaultPlan } from '@holdfast/engine-mock';
import { expect, test } from 'vitest';
import { now, pause } from '../src/coordination/now.js';
import { until } from '../src/coordination/patience.js';
import { reportLine } from '../src/report-line.js';
import { leavesNothingBehind } from '../src/resources.js';
import { chooseSeed, type Random, seededRandom } from '../src/seeded-random.js';
import type { QueryEnd } from '../src/strategy/client/protocol.js';
import { BATCH_ROWS } from '../src/strategy/client/queries.js';
import type { ClientProcess } from '../src/strategy/client-process.js';
import { EngineProcess, type PhaseChange } from '../src/strategy/engine-process.js';
import { executions, leftByWrites, startClients, underLoad } from '../src/strategy/fleet.js';
import {
  executionsAtOdds,
  executionsByTag,
  failuresOfCut,
  failuresOfShortDrains,
  writesAtOdds,
} from '../src/strategy/judges/soak.js';

leavesNothingBehind();

const LANES = 6;
const MIX = { numbers: 35, readings: 10, small: 15, typed: 10, insert: 15, update: 10, explain: 5 } as const;
/** Longer than any query takes. */
const LONG_DRAIN_MS = 60_000;
const KILLS = Number(process.env['HOLDFAST_SOAK_KILLS'] ?? 12);
/** Queries that are executed between two kills, at most. */
const QUERIES_PER_KILL = 60;
/** Longest announcement, ms. */
const ANNOUNCE_MS = 250;
/** One switch for so many kills. */
const KILLS_PER_SWITCH = 2;
/** Cuts at the places where they hurt: the engine has done its work, and the answer is lost. */
const LOST_ANSWERS: FaultPlan = [
  { kind: 'kill', when: 'after', rpc: 'executeStatementV2', rate: 0.05, times: 3 },
  { kind: 'kill', when: 'after', rpc: 'executeStatement', rate: 0.02, times: 3 },
  { kind: 'kill', when: 'after', rpc: 'getNextResultBatch', rate: 0.02, times: 3 },
];

test('connections are cut at random: only what was under way is lost, it says so, and nothing runs twice', async () => {
  const seed = chooseSeed();
  const random = seededRandom(seed);
  const engine = await start();
  const clients = await startClients(engine, { seed, names: ['a', 'b'] });
  const begin = now();
  const reports = await underLoad(
    clients,
    { lanes: LANES, mix: MIX, readMs: 20, idempotent: 0.5 },
    async () => {
      await engine.faults(LOST_ANSWERS);
      await cut({ engine, clients, random });
      await engine.faults([]);
    },
  );
  const seconds = (now() - begin) / 1000;
  const queries = reports.flatMap((report) => report.queries);
  const state = await engine.state();
  const left = await leftByWrites(engine, queries);

  const cuts = queries.filter(({ wasCut }) => wasCut);
  const of = (end: string): QueryEnd[] => queries.filter((query) => query.end === end);
  const counts = executionsByTag(state);
  const lost = of('LOST_AFTER_SEND');
  const ran = lost.filter(({ tag }) => counts.get(tag) === 1).length;
  const again = queries.filter(({ tag }) => (counts.get(tag) ?? 0) > 1).length;
  reportLine(
    `strategy cuts, seed ${seed}: ${queries.length} queries in ${seconds.toFixed(1)} s, ${KILLS} kills and ${state.faults['kill'] ?? 0} lost answers, ` +
      `${state.connectionsOpened} connections, ${engine.phases.filter(({ phase }) => phase === 'announced').length} switches\n` +
      `  ${cuts.length} queries had a call under way on a connection that was lost: ${cuts.length - lost.length} of them succeeded, ` +
      `${lost.length} ended in LostAfterSend (${ran} of these had run); ${again} idempotent ones ran again`,
  );

  expect(failuresOfCut(queries)).toEqual([]);
  expect(executionsAtOdds(queries, counts)).toEqual([]);
  expect(writesAtOdds(queries, left)).toEqual([]);
  // Without these the run would have shown nothing.
  expect(cuts.length).toBeGreaterThan(0);
  expect(ran).toBeGreaterThan(0);
  expect(reports.map(({ metrics }) => metrics.pinned)).toEqual(clients.map(() => ({ blue: 0, green: 0 })));
  expect((await Promise.all(clients.map((client) => client.close()))).flat()).toEqual([]);
  expect(await engine.stop()).toMatchObject({ code: 0 });
});

/** Kills all connections, each time after some more queries have been executed, and switches in between. */
async function cut(o: {
  readonly engine: EngineProcess;
  readonly clients: readonly ClientProcess[];
  readonly random: Random;
}): Promise<void> {
  const { engine, clients, random } = o;
  for (let n = 0; n < KILLS; n++) {
    if (n % KILLS_PER_SWITCH === 0)
      await engine.switch({ announceMs: Math.floor(random() * ANNOUNCE_MS), drainMs: LONG_DRAIN_MS });
    const enough = (await executions(clients)) + random() * QUERIES_PER_KILL;
    await until('queries are executed', async () => (await executions(clients)) >= enough);
    await engine.killConnections();
  }
}

const SHORT_DRAINS = 12;

test('drains that are shorter than a query: DeploymentGoneError for what ran there then, and for nothing else', async () => {
  const seed = chooseSeed();
  const random = seededRandom(seed);
  const engine = await start();
  const clients = await startClients(engine, { seed, names: ['c', 'd'] });
  const reports = await underLoad(
    clients,
    { lanes: LANES, mix: MIX, readMs: 60, idempotent: 0.5 },
    async () => {
      await pause(300);
      for (let n = 0; n < SHORT_DRAINS; n++) {
        const seen = engine.phases.length;
        const drainMs = Math.floor(random() * 40);
        await engine.switch({ announceMs: 100 + Math.floor(random() * 200), drainMs });
        await engine.reaches('steady', seen);
        await pause(random() * 150);
      }
    },
  );
  const queries = reports.flatMap((report) => report.queries);
  const state = await engine.state();
  const left = await leftByWrites(engine, queries);

  const gone = queries.filter(({ end }) => end === 'DEPLOYMENT_GONE');
  const counts = executionsByTag(state);
  const again = queries.filter(({ tag }) => (counts.get(tag) ?? 0) > 1).length;
  reportLine(
    `strategy short drains, seed ${seed}: ${queries.length} queries, ${SHORT_DRAINS} deployments ended early; ` +
      `${gone.length} queries ended in DeploymentGoneError, ${again} idempotent ones ran again elsewhere`,
  );

  expect(failuresOfShortDrains(queries, ends(engine.phases))).toEqual([]);
  expect(executionsAtOdds(queries, counts)).toEqual([]);
  expect(writesAtOdds(queries, left)).toEqual([]);
  expect(gone.length).toBeGreaterThan(0);
  expect((await Promise.all(clients.map((client) => client.close()))).flat()).toEqual([]);
  expect(await engine.stop()).toMatchObject({ code: 0 });
});

function start(): Promise<EngineProcess> {
  return EngineProcess.start('--batch-rows', `${BATCH_ROWS}`);
}

/** When each deployment was ended, and which. */
function ends(phases: readonly PhaseChange[]): { readonly colour: string; readonly at: number }[] {
  return phases
    .filter(({ phase }) => phase === 'steady')
    .map(({ to, at }) => ({ at, colour: to === 'blue' ? 'green' : 'blue' }));
}
