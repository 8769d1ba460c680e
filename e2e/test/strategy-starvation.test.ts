import { expect, test } from 'vitest';
import { until } from '../src/coordination/patience.js';
import { reportLine } from '../src/report-line.js';
import { leavesNothingBehind } from '../src/resources.js';
import { chooseSeed } from '../src/seeded-random.js';
import { BATCH_ROWS } from '../src/strategy/client/queries.js';
import { EngineProcess } from '../src/strategy/engine-process.js';
import { quantile } from '../src/strategy/figures.js';
import { startClients, underLoad } from '../src/strategy/fleet.js';
import { failures } from '../src/strategy/judges/soak.js';
import { followings, roundTrips } from '../src/strategy/judges/starvation.js';

leavesNothingBehind();

const ANNOUNCEMENTS = 6;
/** It never ends by itself: nothing but the announcement can move a client. */
const ANNOUNCE_MS = 80_000_000;
/** Executed on the new deployment before the next announcement. */
const QUERIES = 12;

test('queries that overlap all the time do not keep new ones from the announced colour', async () => {
  const seed = chooseSeed();
  const engine = await EngineProcess.start('--batch-rows', `${BATCH_ROWS}`);
  const [client, ...none] = await startClients(engine, { seed, names: ['a'] });
  if (client === undefined || none.length > 0) throw new Error('one client is wanted');
  const executed = (to: 'blue' | 'green'): Promise<number> => client.line.call('executed', to);

  const [report] = await underLoad(
    [client],
    { lanes: 8, mix: { numbers: 1 }, readMs: 60, idempotent: 0 },
    async () => {
      await until('queries run', async () => (await executed('blue')) >= QUERIES);
      for (let n = 0; n < ANNOUNCEMENTS; n++) {
        const to = n % 2 === 0 ? 'green' : 'blue';
        const before = await executed(to);
        await engine.switch({ announceMs: ANNOUNCE_MS });
        await until(`queries run on ${to}`, async () => (await executed(to)) >= before + QUERIES);
      }
    },
  );
  if (report === undefined) throw new Error('the client has told nothing');
  const state = await engine.state();
  const found = followings(report.steps);

  const median = (values: readonly number[]): string => `${quantile(values, 0.5).toFixed(1)} ms`;
  reportLine(
    `strategy starvation, seed ${seed}: ${found.length} announcements that would have lasted for ever, 8 overlapping queries; medians: ` +
      `announcing answer to the probe's answer ${median(found.map(({ probeMs }) => probeMs))} ` +
      `(an authentication's round trip is ${median(roundTrips(report.steps, 'authenticate'))}, a prepare's ${median(roundTrips(report.steps, 'prepareStatement'))}), ` +
      `from there to the first execution ${median(found.map(({ startMs }) => startMs))}; ` +
      `${found.map(({ left }) => left).join(', ')} queries went on where they were`,
  );

  expect(found.flatMap(({ faults }) => faults)).toEqual([]);
  expect(found).toHaveLength(ANNOUNCEMENTS);
  // The old deployment was never without a query, so a client that waits for that would have waited for ever.
  expect(Math.min(...found.map(({ left }) => left))).toBeGreaterThan(0);
  expect(failures(report.queries)).toEqual([]);
  expect(engine.phases.slice(1).map(({ phase }) => phase)).not.toContain('drain');
  expect(state.mismatches).toEqual({ blue: 0, green: 0, none: 0 });
  expect(state.authentications).toEqual({ blue: 1 + ANNOUNCEMENTS / 2, green: ANNOUNCEMENTS / 2 });
  expect(await client.close()).toEqual([]);
  expect(await engine.stop()).toMatchObject({ code: 0 });
});
