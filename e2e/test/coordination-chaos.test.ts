import { describe, expect, test } from 'vitest';
import { BACKENDS, backendUrl, proxyTo } from '../src/coordination/backends.js';
import { Fleet } from '../src/coordination/fleet.js';
import { GuardedStore } from '../src/coordination/guarded-store.js';
import { grantsAtOdds, grantsIn } from '../src/coordination/judges/grants.js';
import { termsAtOdds } from '../src/coordination/judges/own-terms.js';
import { now } from '../src/coordination/now.js';
import { coordinatorFor, Observer } from '../src/coordination/observer.js';
import { soon } from '../src/coordination/patience.js';
import { SET, TEAM } from '../src/coordination/worker/names.js';
import { reportLine } from '../src/report-line.js';
import { leavesNothingBehind } from '../src/resources.js';
import { chooseSeed, seededRandom } from '../src/seeded-random.js';

leavesNothingBehind();

/** The same each time, so that a failure comes again; `HOLDFAST_E2E_SEED` chooses another. */
const SEED = process.env['HOLDFAST_E2E_SEED'] === undefined ? 20_260_923 : chooseSeed();
const OPTIONS = { lockTtlMs: 400, membershipTtlMs: 400, pollMs: 200, claimTimeoutMs: 100 };
/** The havoc comes in parts; after each the observer's connection breaks, where there is one. */
const PARTS = 3;
const HAVOC = { kills: 2, stops: 8 };

describe.each(BACKENDS)('%s: four processes that are killed and stopped', (backend) => {
  test('locks exclude, a fenced store loses nothing, one leads, events are in order (B1, B3, B18, B21, B28)', async () => {
    const store = new GuardedStore();
    const url = await backendUrl(backend);
    const fleet = await Fleet.start({
      url,
      store,
      size: 4,
      works: ['mutex', 'set', 'readers', 'lead', 'members'],
      seed: SEED,
      options: OPTIONS,
    });
    const proxy = backend === 'redis' ? await proxyTo(Number(new URL(url).port)) : null;
    const observedAt = proxy ? `redis://127.0.0.1:${proxy.port}` : url;
    const observer = new Observer(await coordinatorFor(observedAt, 'observer', OPTIONS), TEAM);
    const random = seededRandom(SEED);
    const begin = now();
    for (let part = 0; part < PARTS; part++) {
      await fleet.havoc({ ...HAVOC, random });
      proxy?.cut();
    }
    const tallies = await fleet.calm();
    const seconds = (now() - begin) / 1000;
    await soon('events and readings agree', observer.agrees());
    const { replay } = observer;
    const stayed = replay.members.size;
    await fleet.stop();
    await soon('events and readings agree that all have gone', observer.agrees());

    const { kills, pauses, stops, mishaps } = fleet;
    const told = `chaos ${backend}: seed ${SEED}, ${kills} kills, ${pauses} pauses, ${seconds.toFixed(1)} s;`;
    const modes = new Set(store.entries('readers').map(({ mode }) => mode));
    const [mutex, readers, terms] = ['mutex', 'readers', 'terms'].map((log) => {
      const entries = store.entries(log);
      return { ...grantsIn(entries), odd: grantsAtOdds(entries, stops) };
    });
    reportLine(`${told} ${mutex?.grants} mutex and ${readers?.grants} reader/writer grants`);
    reportLine(
      `${told} ${store.added.get(SET.fenced)?.length} fenced writes, ${store.refused} refused, ` +
        `lost ${store.lost(SET.fenced).length} with fence and ${store.lost(SET.unfenced).length} without`,
    );
    reportLine(
      `${told} ${terms?.grants} terms of ${terms?.workers} leaders, ${replay.events} events, ${stayed} members at the end`,
    );
    expect(mishaps).toEqual([]);
    expect(tallies.flatMap(({ errors }) => errors)).toEqual([]);

    expect([mutex?.odd, readers?.odd, terms?.odd]).toEqual([[], [], []]);
    expect(store.lost(SET.fenced)).toEqual([]);
    expect(tallies.flatMap(({ ownTerms }) => termsAtOdds(ownTerms))).toEqual([]);
    expect(replay.faults).toEqual([]);

    // Something has happened to judge by.
    expect(store.lost(SET.unfenced).length).toBeGreaterThan(0);
    expect(store.refused).toBeGreaterThan(0);
    expect(kills).toBe(PARTS * HAVOC.kills);
    for (const seen of [mutex, readers, terms]) expect(seen?.workers).toBeGreaterThan(2);
    expect(tallies.flatMap(({ ownTerms }) => ownTerms).length).toBeGreaterThan(0);
    expect([...modes].sort()).toEqual(['exclusive', 'shared']);
    expect(replay.terms.length).toBeGreaterThan(4);
  });
});
