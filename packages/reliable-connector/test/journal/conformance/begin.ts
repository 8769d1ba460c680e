import { describe, expect, test } from 'vitest';
import { isToken } from '../../../src/journal/token.js';
import { assertBegun, begun, committed, PLANNED, plan, STEPS, stage, type WorldFactory } from './world.js';

export function beginConformance(factory: WorldFactory): void {
  describe('begin', () => {
    test('writes the whole record', async () => {
      const { session, clock } = await stage(factory);
      const result = await session.begin(
        plan('g1', {
          memo: { note: [1, 'two', null] },
          prior: 7.5,
          idempotencyKey: 'once',
          argsHash: 'hash',
        }),
      );
      const { saga, catalog, hot } = assertBegun(result);
      expect(catalog).toBeNull();
      expect(hot).toEqual([]);
      expect(saga).toMatchObject({
        definition: 'create',
        key: 'g1',
        prior: 7.5,
        burnt: [],
        input: { groupId: 'g1' },
        memo: { note: [1, 'two', null] },
        steps: STEPS,
        phase: 'applying',
        direction: null,
        reason: null,
        parked: null,
        results: {},
        probes: {},
        resolved: {},
        timeline: PLANNED,
        createdAt: clock.now(),
        endedAt: null,
        outcome: null,
        idempotencyKey: 'once',
        argsHash: 'hash',
        owner: session.owner.id,
        epoch: 1,
      });
      expect(isToken(saga.token)).toBe(true);
      expect(await session.saga(saga.id)).toEqual(saga);
      expect(await session.owns(saga)).toBe(true);
    });

    test('allocates no token where none is asked for', async () => {
      const { session } = await stage(factory);
      expect((await begun(session, 'g1', { phase: 'locked', allocate: false })).token).toBeNull();
    });

    test('a key has one unfinished saga, also across sessions and within one turn', async () => {
      const { session, other } = await stage(factory);
      const { session: second } = await other();
      const [one, two] = await Promise.all([session.begin(plan('g1')), session.begin(plan('g1'))]);
      const { saga } = assertBegun(one);
      expect(two).toEqual({ kind: 'busy', holder: saga });
      expect(await second.begin(plan('g1'))).toEqual({ kind: 'busy', holder: saga });
      await session.change(saga, { type: 'end', outcome: null, hot: [] }, []);
      expect((await second.begin(plan('g1'))).kind).toBe('begun');
    });

    test('sagas without a key never meet', async () => {
      const { session } = await stage(factory);
      const one = await begun(session, null);
      const two = await begun(session, null);
      expect(two.id).toBeGreaterThan(one.id);
    });

    test('tells what the journal knows of the key', async () => {
      const { session, clock } = await stage(factory);
      const token = await committed(session, 'g1', [{ step: 'b', until: 5_000 }]);
      const { catalog, hot } = assertBegun(await session.begin(plan('g1')));
      expect(catalog).toEqual({ key: 'g1', token, createdAt: clock.now() });
      expect(hot).toEqual([{ key: 'g1', step: 'b', token, until: 5_000 }]);
    });

    test('S9 a known idempotency key is answered with its saga, before the lock is asked for', async () => {
      const { session, other } = await stage(factory);
      const { session: second } = await other();
      const saga = await begun(session, 'g1', { idempotencyKey: 'once', argsHash: 'x' });
      expect(await second.begin(plan('g1', { idempotencyKey: 'once' }))).toEqual({ kind: 'known', saga });
      const ended = await session.change(saga, { type: 'end', outcome: 'done', hot: [] }, []);
      expect(await second.begin(plan('g2', { idempotencyKey: 'once' }))).toEqual({
        kind: 'known',
        saga: ended,
      });
      expect(await second.sagaByIdempotencyKey('once')).toEqual(ended);
      expect(await second.sagaByIdempotencyKey('never')).toBeNull();
    });

    test('S9 a forgotten idempotency key may be used again', async () => {
      const { session } = await stage(factory);
      const saga = await begun(session, 'g1', { idempotencyKey: 'once', argsHash: 'x' });
      const ended = await session.change(saga, { type: 'end', outcome: 'busy', hot: [], forget: true }, []);
      expect(ended).toMatchObject({ idempotencyKey: null, argsHash: null });
      expect(await session.sagaByIdempotencyKey('once')).toBeNull();
      expect((await session.begin(plan('g1', { idempotencyKey: 'once' }))).kind).toBe('begun');
    });

    test('refuses a key with a lone surrogate', async () => {
      const { session } = await stage(factory);
      await expect(session.begin(plan('x\ud800'))).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
      expect(await session.sagas({})).toEqual([]);
    });

    test('tokens rise in the order of the journal and stay unique while the clock jumps', async () => {
      const { session, other, clock } = await stage(factory);
      const { session: second } = await other();
      const tokens: number[] = [];
      for (const jumpMs of [0, 3_600_000, -7_200_000, 0, 1, -1, 3_600_000]) {
        clock.jump(jumpMs);
        for (const each of [session, second]) tokens.push((await begun(each, null)).token ?? 0);
      }
      expect(tokens.every(isToken)).toBe(true);
      expect(tokens).toEqual([...new Set(tokens)].sort((one, two) => one - two));
    });
  });
}
