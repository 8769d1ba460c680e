import { describe, expect, test } from 'vitest';
import { begun, committed, stage, type WorldFactory } from './world.js';

const HOUR_MS = 3_600_000;
const AGES = { retentionMs: 10 * HOUR_MS, idempotencyRetentionMs: 2 * HOUR_MS, limit: 100 };

export function retentionConformance(factory: WorldFactory): void {
  describe('prune', () => {
    test('takes ended sagas that are old enough, and no others', async () => {
      const { session, clock } = await stage(factory);
      await committed(session, 'old');
      const open = await begun(session, 'open');
      clock.pass(9 * HOUR_MS);
      await committed(session, 'young');
      expect(await session.prune(AGES)).toBe(0);
      clock.pass(HOUR_MS);
      expect(await session.prune(AGES)).toBe(1);
      expect(await session.prune(AGES)).toBe(0);
      const left = await session.sagas({ phases: ['applying', 'ended'] });
      expect(left.map(({ key }) => key)).toEqual(['open', 'young']);
      expect(await session.owns(open)).toBe(true);
      expect(await session.catalogEntry('old')).not.toBeNull();
    });

    test('never takes a saga whose key is hot', async () => {
      const { session, clock } = await stage(factory);
      const token = await committed(session, 'g1', [{ step: 'a', until: 0 }]);
      clock.pass(11 * HOUR_MS);
      expect(await session.prune(AGES)).toBe(0);
      await session.payHot('g1', 'a', token, { tombstone: false });
      expect(await session.prune(AGES)).toBe(1);
    });

    test('takes at most the limit, the oldest first', async () => {
      const { session, clock } = await stage(factory);
      for (const key of ['g1', 'g2', 'g3', 'g4', 'g5']) {
        await committed(session, key);
        clock.pass(1);
      }
      clock.pass(11 * HOUR_MS);
      expect(await session.prune({ ...AGES, limit: 2 })).toBe(2);
      expect((await session.sagas({ phases: ['ended'] })).map(({ key }) => key)).toEqual(['g3', 'g4', 'g5']);
      expect(await session.prune({ ...AGES, limit: 2 })).toBe(2);
      expect(await session.prune({ ...AGES, limit: 2 })).toBe(1);
    });

    test('S9 an idempotency key is kept for its time and forgotten after it', async () => {
      const { session, clock } = await stage(factory);
      const saga = await begun(session, 'g1', { idempotencyKey: 'once', argsHash: 'x' });
      await session.change(saga, { type: 'end', outcome: 'done', hot: [] }, []);
      clock.pass(2 * HOUR_MS - 1);
      await session.prune(AGES);
      expect(await session.sagaByIdempotencyKey('once')).toMatchObject({ outcome: 'done' });
      clock.pass(1);
      expect(await session.prune(AGES)).toBe(0);
      expect(await session.sagaByIdempotencyKey('once')).toBeNull();
      expect(await session.saga(saga.id)).toMatchObject({ idempotencyKey: null, outcome: 'done' });
    });

    test('S9 an idempotency key that is kept longer keeps its saga', async () => {
      const { session, clock } = await stage(factory);
      const saga = await begun(session, 'g1', { idempotencyKey: 'once' });
      await session.change(saga, { type: 'end', outcome: 'done', hot: [] }, []);
      clock.pass(3 * HOUR_MS);
      const ages = { retentionMs: HOUR_MS, idempotencyRetentionMs: 4 * HOUR_MS, limit: 10 };
      expect(await session.prune(ages)).toBe(0);
      clock.pass(HOUR_MS);
      expect(await session.prune(ages)).toBe(1);
    });

    test('the number of a pruned saga is never given again', async () => {
      const { session, clock } = await stage(factory);
      await committed(session, 'g1');
      clock.pass(11 * HOUR_MS);
      expect(await session.prune(AGES)).toBe(1);
      expect((await begun(session, 'g1')).id).toBe(2);
    });
  });
}
