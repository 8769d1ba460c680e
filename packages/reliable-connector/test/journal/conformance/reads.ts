import { describe, expect, test } from 'vitest';
import { begun, committed, NODES, stage, type WorldFactory } from './world.js';

export function readConformance(factory: WorldFactory): void {
  describe('reads', () => {
    test('sagas are found by phase, key, parking and number, in the order of the journal', async () => {
      const { session } = await stage(factory);
      await committed(session, 'g1');
      const two = await begun(session, 'g2', { phase: 'locked' });
      const three = await begun(session, 'g3');
      const four = await begun(session, 'g4');
      await session.change(three, { type: 'park', step: 'a', why: 'x' }, []);
      await session.change(four, { type: 'abort', reason: 'x', allocate: false }, []);
      const ids = async (query: Parameters<typeof session.sagas>[0]): Promise<number[]> =>
        (await session.sagas(query)).map(({ id }) => id);
      expect(await ids({})).toEqual([2, 3, 4]);
      expect(await ids({ newest: true })).toEqual([4, 3, 2]);
      expect(await ids({ newest: true, limit: 2, after: 2 })).toEqual([4, 3]);
      expect(await ids({ after: two.id, limit: 1 })).toEqual([3]);
      expect(await ids({ phases: ['locked', 'aborting'] })).toEqual([2, 4]);
      expect(await ids({ phases: ['ended'] })).toEqual([1]);
      expect(await ids({ phases: ['locked', 'applying', 'aborting', 'ended'] })).toEqual([1, 2, 3, 4]);
      expect(await ids({ parked: true })).toEqual([3]);
      expect(await ids({ parked: false })).toEqual([2, 4]);
      expect(await ids({ key: 'g1' })).toEqual([]);
      expect(await ids({ key: 'g1', phases: ['ended'] })).toEqual([1]);
      expect(await session.saga(99)).toBeNull();
    });

    test('the catalog is listed by the bytes of its keys', async () => {
      const { session } = await stage(factory);
      const keys = ['', 'B', 'a', 'é', '\uffee', '\u{1f600}'];
      for (const key of keys.toReversed()) await committed(session, key);
      const list = async (o: Parameters<typeof session.catalog>[0]): Promise<string[]> =>
        (await session.catalog(o)).map(({ key }) => key);
      expect(await list({})).toEqual(keys);
      expect(await list({ after: '' })).toEqual(keys.slice(1));
      expect(await list({ after: 'a', limit: 2 })).toEqual(['é', '\uffee']);
      expect(await session.catalogEntry('missing')).toBeNull();
    });

    test('what JSON can say comes back as it was', async () => {
      const { session } = await stage(factory);
      const memo = { a: [null, true, 0.1, 'x\u0000\ud800"', { __proto__x: [] }], '': {} };
      const saga = await begun(session, 'quote " \u0000 end', { memo, input: memo });
      expect(await session.saga(saga.id)).toEqual(saga);
      const ended = await session.change(saga, { type: 'end', outcome: memo, hot: [] }, []);
      expect(await session.saga(saga.id)).toEqual(ended);
    });

    test('info counts what there is', async () => {
      const { session } = await stage(factory, { term: 9n });
      await committed(session, 'g1', [{ step: 'a', until: 1 }]);
      const saga = await begun(session, 'g2');
      await session.change(saga, { type: 'park', step: 'a', why: 'x' }, []);
      expect(await session.info()).toMatchObject({
        id: session.journalId,
        fence: 9n,
        term: 9n,
        nodes: NODES,
        sagas: { locked: 0, applying: 1, aborting: 0, ended: 1, parked: 1 },
        catalog: 1,
        hot: 1,
        owners: 1,
      });
    });
  });
}
