import { describe, expect, test } from 'vitest';
import type { SagaChange } from '../../../src/journal/journal.js';
import type { SagaRecord, StepResult } from '../../../src/journal/records.js';
import { begun, committed, PLANNED, STEPS, stage, type WorldFactory } from './world.js';

const RESULT: StepResult = {
  verb: 'POST',
  token: 3.25,
  verdict: 'ours',
  status: 201,
  everUnknown: true,
  alive: false,
};
const TIMELINE = [
  ...PLANNED,
  { at: 2, event: 'verdict', step: 'a', detail: 'POST 201' },
  { at: 3, event: 'x', step: 'b' },
];

export function changeConformance(factory: WorldFactory): void {
  describe('change', () => {
    /** Begins, applies the changes, and holds the last record against what is stored. */
    async function after(
      changes: readonly SagaChange[],
      o: Parameters<typeof begun>[2] = {},
    ): Promise<SagaRecord> {
      const { session } = await stage(factory);
      let saga: SagaRecord | null = await begun(session, 'g1', o);
      for (const change of changes) {
        saga = await session.change(saga, change, TIMELINE);
        if (saga === null) throw new Error(`deposed at ${change.type}`);
      }
      expect(await session.saga(saga.id)).toEqual(saga);
      expect(saga.timeline).toEqual(changes.length > 0 ? TIMELINE : PLANNED);
      return saga;
    }
    const locked = { phase: 'locked', allocate: false } as const;

    test('plan fixes memo, prior and token', async () => {
      const saga = await after([{ type: 'plan', memo: { v: 1 }, prior: 4.5, allocate: true }], locked);
      expect(saga).toMatchObject({ phase: 'applying', memo: { v: 1 }, prior: 4.5, epoch: 1 });
      expect(saga.token).toBeGreaterThan(0);
    });

    test('plan without a token leaves it out', async () => {
      const saga = await after([{ type: 'plan', memo: null, prior: 4.5, allocate: false }], locked);
      expect(saga).toMatchObject({ phase: 'applying', memo: null, prior: 4.5, token: null });
    });

    test('probe is kept by step', async () => {
      const saga = await after([
        { type: 'probe', step: 'a', token: 1.5 },
        { type: 'probe', step: 'b', token: 2.5 },
        { type: 'probe', step: 'a', token: 3.5 },
      ]);
      expect(saga.probes).toEqual({ a: 3.5, b: 2.5 });
    });

    test('abort keeps token and memo unless told otherwise', async () => {
      const saga = await after([{ type: 'abort', reason: 'exists', allocate: false }], { memo: 'mine' });
      expect(saga).toMatchObject({ phase: 'aborting', reason: 'exists', burnt: [], memo: 'mine' });
      expect(saga.token).toBeGreaterThan(0);
    });

    test('abort with a fresh token burns prior and the present one', async () => {
      const { session } = await stage(factory);
      const saga = await begun(session, 'g1', { prior: 4.5 });
      const change = { type: 'abort', reason: 'deadline', memo: null, allocate: true } as const;
      const next = await session.change(saga, change, []);
      expect(next?.burnt).toEqual([4.5, saga.token]);
      expect(next?.token).toBeGreaterThan(saga.token ?? Number.POSITIVE_INFINITY);
      expect(next?.prior).toBe(4.5);
    });

    test('retoken burns the token, clears the results and keeps what may be alive', async () => {
      const { session } = await stage(factory);
      const begin = await begun(session, 'g1', { ...locked, phase: 'applying', prior: 4.5 });
      const saga = await session.change(begin, { type: 'abort', reason: 'x', allocate: true }, []);
      if (saga === null) throw new Error('deposed');
      session.note(saga, 'a', RESULT, TIMELINE);
      const hot = [{ key: 'g1', step: 'a', token: saga.token ?? 0, until: 9_000 }];
      const next = await session.change(saga, { type: 'retoken', hot }, TIMELINE);
      expect(next).toMatchObject({ burnt: [4.5, saga.token], results: {}, phase: 'aborting' });
      expect(next?.token).toBeGreaterThan(saga.token ?? Number.POSITIVE_INFINITY);
      expect(await session.hot({ key: 'g1' })).toEqual(hot);
      expect(await session.saga(saga.id)).toEqual(next);
    });

    test('direct, park, unpark', async () => {
      const parked = await after([
        { type: 'direct', direction: 'forward' },
        { type: 'park', step: 'b', why: 'away' },
      ]);
      expect(parked).toMatchObject({
        direction: 'forward',
        parked: { step: 'b', why: 'away' },
        phase: 'applying',
      });
      const back = await after([{ type: 'park', step: 'b', why: 'away' }, { type: 'unpark' }]);
      expect(back.parked).toBeNull();
    });

    test('end keeps the outcome, gives the key free and ends ownership', async () => {
      const { session, clock } = await stage(factory);
      const saga = await begun(session, 'g1');
      const parked = await session.change(saga, { type: 'park', step: 'a', why: 'x' }, []);
      session.note(saga, 'a', RESULT, TIMELINE);
      clock.pass(7);
      const outcome = { status: 'compensated', nodes: { a: 1 } };
      const ended = await session.change(saga, { type: 'end', outcome, hot: [] }, TIMELINE);
      expect(ended).toEqual({
        ...parked,
        phase: 'ended',
        parked: null,
        results: {},
        outcome,
        endedAt: clock.now(),
        owner: null,
        timeline: TIMELINE,
      });
      expect(await session.saga(saga.id)).toEqual(ended);
      expect(await session.owns(saga)).toBe(false);
      expect(await session.sagas({})).toEqual([]);
      expect((await begun(session, 'g1')).id).toBeGreaterThan(saga.id);
    });

    test('the catalog keeps the time of creation when a version is replaced', async () => {
      const { session, clock } = await stage(factory);
      await committed(session, 'g1');
      const createdAt = clock.now();
      clock.pass(60_000);
      const token = await committed(session, 'g1');
      expect(await session.catalogEntry('g1')).toEqual({ key: 'g1', token, createdAt });
    });

    test('the catalog loses a version only where it is that version', async () => {
      const { session } = await stage(factory);
      const token = await committed(session, 'g1');
      const wrong = await begun(session, 'g1');
      const end = { type: 'end', outcome: null, hot: [] } as const;
      await session.change(wrong, { ...end, catalog: { deleteToken: token + 1 } }, []);
      expect(await session.catalogEntry('g1')).toMatchObject({ token });
      const right = await begun(session, 'g1');
      await session.change(right, { ...end, catalog: { deleteToken: token } }, []);
      expect(await session.catalogEntry('g1')).toBeNull();
    });

    test('changes of one saga in one turn build on each other', async () => {
      const { session } = await stage(factory);
      const saga = await begun(session, 'g1');
      const changes: SagaChange[] = STEPS.map((step, i) => ({ type: 'probe', step, token: i + 0.5 }));
      await Promise.all(changes.map((change) => session.change(saga, change, [])));
      expect((await session.saga(saga.id))?.probes).toEqual({ a: 0.5, b: 1.5, c: 2.5 });
    });

    test('a note is part of the saga from its next write on', async () => {
      const { session } = await stage(factory);
      const saga = await begun(session, 'g1');
      session.note(saga, 'a', RESULT, TIMELINE);
      session.note(
        saga,
        'b',
        { ...RESULT, status: null, token: null, everUnknown: false, alive: true },
        TIMELINE,
      );
      const next = await session.change(saga, { type: 'direct', direction: 'forward' }, TIMELINE);
      expect(next?.results['a']).toEqual(RESULT);
      expect(next?.results['b']).toMatchObject({
        status: null,
        token: null,
        everUnknown: false,
        alive: true,
      });
      expect(await session.saga(saga.id)).toEqual(next);
    });

    test.each([
      ['plan after plan', { type: 'plan', memo: null, prior: null, allocate: true }],
      ['retoken before abort', { type: 'retoken', hot: [] }],
      ['a probe of a step that is not there', { type: 'probe', step: 'z', token: 1 }],
    ] satisfies [string, SagaChange][])('refuses %s and harms nothing', async (_, change) => {
      const { session } = await stage(factory);
      const saga = await begun(session, 'g1');
      const neighbour = begun(session, 'g2');
      await expect(session.change(saga, change, [])).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
      expect((await neighbour).key).toBe('g2');
      expect(await session.saga(saga.id)).toEqual(saga);
    });

    test('S2 nothing follows an abort but the way back, and nothing an end', async () => {
      const { session } = await stage(factory);
      const saga = await begun(session, 'g1');
      await session.change(saga, { type: 'abort', reason: 'x', allocate: false }, []);
      const again = session.change(saga, { type: 'abort', reason: 'y', allocate: false }, []);
      await expect(again).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
      await session.change(saga, { type: 'end', outcome: null, hot: [] }, []);
      const late = session.change(saga, { type: 'direct', direction: 'forward' }, []);
      await expect(late).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    });
  });
}
