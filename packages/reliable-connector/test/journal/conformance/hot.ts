import { describe, expect, test } from 'vitest';
import type { HotEntry } from '../../../src/journal/records.js';
import { begun, committed, stage, type WorldFactory } from './world.js';

const NO_TOMBSTONE = { tombstone: false };

export function hotConformance(factory: WorldFactory): void {
  describe('HOT list (4.3)', () => {
    test('an entry that is there already keeps the later until', async () => {
      const { session } = await stage(factory);
      const entry = { key: 'g1', step: 'a', token: 1.5, until: 5_000 };
      for (const until of [5_000, 9_000, 7_000]) {
        const saga = await begun(session, 'g1');
        await session.change(saga, { type: 'end', outcome: null, hot: [{ ...entry, until }] }, []);
      }
      expect(await session.hot({})).toEqual([{ ...entry, until: 9_000 }]);
    });

    test('entries are told by key, step and token, in their order', async () => {
      const { session } = await stage(factory);
      const hot: HotEntry[] = ['g2', 'g1'].flatMap((key) =>
        ['b', 'a'].flatMap((step) => [2.5, 1.5].map((token) => ({ key, step, token, until: 5 }))),
      );
      await session.change(await begun(session, 'g0'), { type: 'end', outcome: null, hot }, []);
      const sorted = hot.toReversed();
      expect(await session.hot({})).toEqual(sorted);
      expect(await session.hot({ key: 'g2' })).toEqual(sorted.slice(4));
      expect(await session.hot({ limit: 3 })).toEqual(sorted.slice(0, 3));
      expect(await session.hot({ key: 'g3' })).toEqual([]);
    });

    test('a DELETE pays once its wait is over', async () => {
      const { session, clock } = await stage(factory);
      const token = await committed(session, 'g1', [{ step: 'a', until: clock.monotonic() + 2_000 }]);
      clock.pass(1_999);
      await session.payHot('g1', 'a', token, NO_TOMBSTONE);
      expect(await session.hot({})).toHaveLength(1);
      clock.pass(1);
      await session.payHot('g1', 'b', token, NO_TOMBSTONE);
      await session.payHot('g1', 'a', token + 1, NO_TOMBSTONE);
      await session.payHot('g2', 'a', token, NO_TOMBSTONE);
      expect(await session.hot({})).toHaveLength(1);
      await session.payHot('g1', 'a', token, NO_TOMBSTONE);
      expect(await session.hot({})).toEqual([]);
    });

    test('a DELETE that was sent before the wait was over does not pay, however late its answer', async () => {
      const { session, clock } = await stage(factory);
      const token = await committed(session, 'g1', [{ step: 'a', until: clock.monotonic() + 2_000 }]);
      const sentAt = clock.monotonic() + 1_999;
      clock.pass(5_000);
      await session.payHot('g1', 'a', token, { tombstone: false, sentAt });
      expect(await session.hot({})).toHaveLength(1);
      await session.payHot('g1', 'a', token, { tombstone: false, sentAt: sentAt + 1 });
      expect(await session.hot({})).toEqual([]);
    });

    test('with a tombstone a DELETE pays at any time', async () => {
      const { session } = await stage(factory);
      const token = await committed(session, 'g1', [{ step: 'a', until: 1e9 }]);
      await session.payHot('g1', 'a', token, { tombstone: true });
      expect(await session.hot({})).toEqual([]);
    });

    test('an idle entry lapses when it is over, a dead one never', async () => {
      const { session, clock } = await stage(factory);
      const until = clock.monotonic() + 2_000;
      const token = await committed(session, 'g1', [{ step: 'a', until }]);
      const dead = { key: 'g2', step: 'a', token: 1.5, until };
      await session.change(await begun(session, 'g2'), { type: 'end', outcome: null, hot: [dead] }, []);
      clock.pass(1_999);
      expect(await session.lapseHot()).toBe(0);
      clock.pass(1);
      expect(await session.hot({ key: 'g1' })).toEqual([{ key: 'g1', step: 'a', token, until }]);
      expect(await session.lapseHot()).toBe(1);
      expect(await session.hot({})).toEqual([dead]);
      expect(await session.lapseHot()).toBe(0);
    });

    test('an idle entry stays while an unfinished saga holds its key', async () => {
      const { session, clock } = await stage(factory);
      const token = await committed(session, 'g1', [{ step: 'a', until: 0 }]);
      clock.pass(1);
      const saga = await begun(session, 'g1', { allocate: false, prior: token });
      expect(await session.lapseHot()).toBe(0);
      const restore = await session.change(saga, { type: 'abort', reason: 'x', allocate: true }, []);
      expect(restore?.burnt).toEqual([token]);
      expect(await session.lapseHot()).toBe(0);
      await session.change(saga, { type: 'end', outcome: null, hot: [] }, []);
      expect(await session.lapseHot()).toBe(1);
    });
  });
}
