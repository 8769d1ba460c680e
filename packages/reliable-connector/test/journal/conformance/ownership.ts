import { describe, expect, test } from 'vitest';
import type { JournalSession, SagaChange } from '../../../src/journal/journal.js';
import type { StepResult } from '../../../src/journal/records.js';
import { begun, joinOptions, NODES, PLANNED, plan, stage, type WorldFactory } from './world.js';

const DIRECT: SagaChange = { type: 'direct', direction: 'forward' };
const RESULT: StepResult = {
  verb: 'POST',
  token: 1,
  verdict: 'ours',
  status: 201,
  everUnknown: false,
  alive: false,
};
const TAKEN = [...PLANNED, { at: 9, event: 'adopt' }];
const POLITE = { supersede: false };

export function ownershipConformance(factory: WorldFactory): void {
  describe('ownership (4.6)', () => {
    test('a live owner keeps its sagas', async () => {
      const { session, other } = await stage(factory);
      const { session: second } = await other();
      const saga = await begun(session, 'g1');
      expect(await second.adopt(saga.id, 1, POLITE, TAKEN)).toBeNull();
      expect(await second.open({})).toEqual([{ saga, owner: session.owner, ownerAlive: true }]);
      expect(await session.change(saga, DIRECT, [])).not.toBeNull();
    });

    test('a dead owner loses them, with their hints-free state as it was', async () => {
      const { other } = await stage(factory);
      const first = await other();
      const second = await other();
      const saga = await begun(first.session, 'g1');
      await first.die();
      expect(await second.session.open({})).toEqual([
        { saga, owner: first.session.owner, ownerAlive: false },
      ]);
      const adopted = await second.session.adopt(saga.id, 1, POLITE, TAKEN);
      expect(adopted).toEqual({ ...saga, owner: second.session.owner.id, epoch: 2, timeline: TAKEN });
      expect(await second.session.saga(saga.id)).toEqual(adopted);
      expect(await second.session.change({ id: saga.id, epoch: 2 }, DIRECT, [])).toMatchObject({ epoch: 2 });
      expect(await second.session.begin(plan('g1'))).toMatchObject({ kind: 'busy' });
    });

    test('a released owner gives them up, with what it noted', async () => {
      const { session, other } = await stage(factory);
      const { session: second } = await other();
      const saga = await begun(session, 'g1');
      session.note(saga, 'a', RESULT, TAKEN);
      await session.release();
      await expect(session.begin(plan('g2'))).rejects.toMatchObject({ code: 'CLOSED' });
      await expect(session.saga(1)).rejects.toMatchObject({ code: 'CLOSED' });
      const [open] = await second.open({});
      expect(open).toMatchObject({
        owner: null,
        ownerAlive: false,
        saga: { owner: null, results: { a: RESULT } },
      });
      expect(await second.adopt(saga.id, 1, POLITE, TAKEN)).toMatchObject({
        epoch: 2,
        results: { a: RESULT },
      });
      await expect(session.release()).resolves.toBeUndefined();
    });

    test('scenario 21: of many adopters one wins', async () => {
      const { other } = await stage(factory);
      const first = await other();
      const saga = await begun(first.session, 'g1');
      const rivals: JournalSession[] = [];
      for (let i = 0; i < 4; i++) rivals.push((await other()).session);
      await first.die();
      const won = await Promise.all(rivals.map((each) => each.adopt(saga.id, 1, POLITE, TAKEN)));
      expect(won.filter((each) => each !== null)).toHaveLength(1);
      const owning = await Promise.all(rivals.map((each) => each.owns({ id: saga.id, epoch: 2 })));
      expect(owning).toEqual(won.map((each) => each !== null));
    });

    test('an epoch of the past, an ended saga and an unknown one are not to be had', async () => {
      const { session, other } = await stage(factory);
      const { session: second } = await other();
      const saga = await begun(session, 'g1');
      await session.release();
      expect(await second.adopt(saga.id, 2, POLITE, TAKEN)).toBeNull();
      expect(await second.adopt(saga.id + 1, 1, POLITE, TAKEN)).toBeNull();
      expect(await second.adopt(saga.id, 1, POLITE, TAKEN)).not.toBeNull();
      expect(await second.adopt(saga.id, 1, POLITE, TAKEN)).toBeNull();
      await second.change({ id: saga.id, epoch: 2 }, { type: 'end', outcome: null, hot: [] }, []);
      expect(await second.adopt(saga.id, 2, POLITE, TAKEN)).toBeNull();
    });

    test('scenario 20: a higher term takes from a live owner, raises the fence, and every write of the old one is void', async () => {
      const { session, other } = await stage(factory, { term: 5n });
      const { session: leader } = await other({ term: 6n });
      const saga = await begun(session, 'g1');
      const neighbour = await begun(session, 'g2');
      const before = await leader.fence();
      expect(await leader.adopt(saga.id, 1, POLITE, TAKEN)).toBeNull();
      expect(await leader.adopt(saga.id, 1, { supersede: true }, TAKEN)).toMatchObject({ epoch: 2 });
      expect(await leader.fence()).toBe(before + 1n);
      expect(await session.owns(saga)).toBe(false);
      session.note(saga, 'a', RESULT, []);
      const writes: SagaChange[] = [
        DIRECT,
        { type: 'probe', step: 'a', token: 1 },
        { type: 'abort', reason: 'x', allocate: true },
        {
          type: 'end',
          outcome: 'mine',
          catalog: { set: 9 },
          hot: [{ key: 'g1', step: 'a', token: 9, until: 9 }],
        },
      ];
      const results = await Promise.all(writes.map((change) => session.change(saga, change, [])));
      expect(results).toEqual([null, null, null, null]);
      expect(await session.change(neighbour, DIRECT, [])).not.toBeNull();
      expect(await leader.saga(saga.id)).toMatchObject({
        phase: 'applying',
        epoch: 2,
        results: {},
        direction: null,
      });
      expect(await leader.catalogEntry('g1')).toBeNull();
      expect(await leader.hot({})).toEqual([]);
    });

    test.each([
      ['the same term', 6n, 6n],
      ['a lower term', 6n, 7n],
      ['no term', null, null],
    ])('%s takes nothing from a live owner', async (_, mine, its) => {
      const { other } = await stage(factory);
      const { session: rival } = await other({ term: mine });
      const { session: owner } = await other({ term: its });
      const saga = await begun(owner, 'g1');
      expect(await rival.adopt(saga.id, 1, { supersede: true }, TAKEN)).toBeNull();
    });

    test('a leader takes from a live owner without leadership', async () => {
      const { session, other } = await stage(factory);
      const { session: leader } = await other({ term: 1n });
      const saga = await begun(session, 'g1');
      expect(await leader.adopt(saga.id, 1, { supersede: true }, TAKEN)).not.toBeNull();
    });

    test('resolve deposes the owner, who alone may take the saga up again', async () => {
      const { session, other } = await stage(factory);
      const { session: operator } = await other();
      const saga = await begun(session, 'g1');
      expect(await operator.resolve(saga.id, 'b', 'done', 'ann')).toBeNull();
      await session.change(saga, { type: 'park', step: 'b', why: 'gone' }, PLANNED);
      expect(await operator.resolve(saga.id, 'z', 'done', 'ann')).toBeNull();
      expect(await operator.resolve(saga.id + 1, 'b', 'done', 'ann')).toBeNull();
      const resolved = await operator.resolve(saga.id, 'b', 'done', 'ann');
      expect(resolved).toMatchObject({ parked: null, epoch: 2, owner: session.owner.id });
      expect(resolved?.resolved).toEqual({ b: 'done by ann' });
      expect(resolved?.timeline.at(-1)).toMatchObject({ event: 'resolve', step: 'b', detail: 'done by ann' });
      expect(await session.change(saga, DIRECT, [])).toBeNull();
      expect(await operator.adopt(saga.id, 2, POLITE, TAKEN)).toBeNull();
      expect(await session.adopt(saga.id, 2, POLITE, TAKEN)).toMatchObject({
        epoch: 3,
        resolved: { b: 'done by ann' },
      });
    });

    test('resolving to try again leaves no declaration', async () => {
      const { session } = await stage(factory);
      const saga = await begun(session, 'g1');
      const park = { type: 'park', step: 'b', why: 'gone' } as const;
      await session.change(saga, park, []);
      await session.resolve(saga.id, 'b', 'done', 'ann');
      await session.adopt(saga.id, 2, POLITE, []);
      await session.change({ id: saga.id, epoch: 3 }, park, []);
      expect(await session.resolve(saga.id, 'b', 'retry', 'bob')).toMatchObject({ resolved: {}, epoch: 4 });
    });
  });

  describe('leadership and binding (4.3, 4.7)', () => {
    test('each leadership raises the fence above all before it', async () => {
      const { session, other } = await stage(factory);
      expect(await session.fence()).toBe(0n);
      await other({ term: 5n });
      expect(await session.fence()).toBe(5n);
      await other({ term: 5n });
      expect(await session.fence()).toBe(6n);
      await other();
      expect(await session.fence()).toBe(6n);
      await other({ term: 2n ** 60n });
      expect(await session.fence()).toBe(2n ** 60n);
    });

    test('a lower term than one seen before is stale', async () => {
      const { session, other } = await stage(factory, { term: 5n });
      await expect(other({ term: 4n })).rejects.toMatchObject({ code: 'LEADERSHIP_STALE' });
      expect(await session.fence()).toBe(5n);
      expect((await session.info()).owners).toBe(1);
    });

    test('scenario 37: another cluster is refused, naming both', async () => {
      const { world, clock, session } = await stage(factory);
      const { journal } = await world.process();
      for (const nodes of [
        { a: 'http://a/v1' },
        { ...NODES, a: 'http://elsewhere/v1' },
        { ...NODES, d: 'http://d' },
      ]) {
        const refusal = journal.join(joinOptions(clock, { nodes }));
        await expect(refusal).rejects.toMatchObject({ code: 'JOURNAL_OTHER_CLUSTER' });
        await expect(refusal).rejects.toThrow(/a=http:\/\/a\/v1, b=http:\/\/b\/v1/);
      }
      const { c, a, b } = NODES as { a: string; b: string; c: string };
      await (await journal.join(joinOptions(clock, { nodes: { c, a, b } }))).release();
      expect((await session.info()).nodes).toEqual(NODES);
    });
  });
}
