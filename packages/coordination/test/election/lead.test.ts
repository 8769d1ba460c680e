import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LeadershipLost } from '../../src/errors.js';
import { requestLost } from '../coordinator/script.js';
import { type Player, Stage } from '../coordinator/stage.js';
import { work } from './works.js';

const TTL_MS = 9_000;
const VALID_MS = 8_820;
const OPTIONS = { lockTtlMs: TTL_MS, membershipTtlMs: TTL_MS } as const;

let stage: Stage;
let a: Player;
let b: Player;

beforeEach(async () => {
  stage = new Stage();
  a = await stage.player('a', OPTIONS);
  b = await stage.player('b', OPTIONS);
  await a.coordinator.createGroup('g');
});
afterEach(() => stage.close());

const leader = (): Promise<string | null | undefined> => b.coordinator.getLeader('g');

/** A stranger takes the leadership away. */
const depose = (): Promise<boolean> => b.script.raw.revoke({ kind: 'leader', id: 'g', text: true }, 'break');

describe('lead()', () => {
  it('serves one term, resigns after the work, and resolves with its value', async () => {
    const one = work();
    const leading = a.coordinator.lead('g', one.run);
    const { term, signal } = await stage.now(one.begun);
    expect(term).toBeGreaterThan(0n);
    expect([signal.aborted, await leader()]).toEqual([false, 'a']);
    one.result.resolve('done');
    expect(await stage.now(leading)).toBe('done');
    expect([await leader(), signal.aborted, stage.clock.timers]).toEqual([null, true, 0]);
    expect(a.script.count('release')).toBe(1);
  });

  it('rejects with the error of the work, after resigning', async () => {
    const failure = new Error('the work failed');
    const leading = a.coordinator.lead('g', async () => {
      throw failure;
    });
    await expect(stage.now(leading)).rejects.toBe(failure);
    expect(await leader()).toBe(null);
  });

  it('takes work that throws instead of rejecting', async () => {
    const failure = new Error('the work failed at once');
    const leading = a.coordinator.lead('g', () => {
      throw failure;
    });
    await expect(stage.now(leading)).rejects.toBe(failure);
    expect(await leader()).toBe(null);
  });

  it('has a higher term each time', async () => {
    const terms: bigint[] = [];
    for (const { coordinator } of [a, b, a, a, b])
      await stage.now(coordinator.lead('g', async ({ term }) => terms.push(term)));
    expect([...terms].sort((x, y) => (x < y ? -1 : 1))).toEqual(terms);
    expect(new Set(terms).size).toBe(5);
  });

  it('waits until the leader has resigned', async () => {
    const [first, second] = [work(), work()];
    const one = a.coordinator.lead('g', first.run);
    await stage.now(first.begun);
    const two = b.coordinator.lead('g', second.run);
    await stage.rest();
    expect(second.hasBegun).toBe(false);
    first.result.resolve('1');
    expect(await stage.now(one)).toBe('1');
    const { term } = await stage.now(second.begun);
    expect(term).toBeGreaterThan(first.leadership.term);
    second.result.resolve('2');
    expect(await stage.now(two)).toBe('2');
  });

  it('does not need the group to exist', async () => {
    expect(await stage.now(a.coordinator.lead('nowhere', async () => 7))).toBe(7);
  });

  it('passes the error of the store on when it cannot stand', async () => {
    a.script.next('acquire', requestLost);
    await expect(stage.now(a.coordinator.lead('g', work().run))).rejects.toMatchObject({
      code: 'CONNECTION',
    });
    expect(await stage.now(a.coordinator.lead('g', async () => 'next'))).toBe('next');
  });

  it('returns the value though the release failed, and lets the beat see to that', async () => {
    a.script.next('release', requestLost);
    a.script.next('release', requestLost);
    expect(await stage.now(a.coordinator.lead('g', async () => 'value'))).toBe('value');
    expect(await leader()).toBe('a');
    await a.coordinator.heartbeat();
    await stage.rest();
    expect(await leader()).toBe(null);
  });

  it('refuses times that cannot be, before it stands', async () => {
    const leading = a.coordinator.lead('g', work().run, { handOverTimeoutMs: -1 });
    await expect(leading).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    expect(a.script.count('acquire')).toBe(0);
  });

  it('is not started before the coordinator is', async () => {
    await stage.now(a.coordinator.stop());
    await expect(a.coordinator.lead('g', work().run)).rejects.toMatchObject({ code: 'NOT_STARTED' });
  });
});

describe('a lease that is lost', () => {
  it.each([
    ['fulfilled', { status: 'fulfilled', value: 'value' }],
    ['rejected', { status: 'rejected', reason: new Error('late failure') }],
  ] as const)('makes lead() reject after the work has settled: %s', async (status, outcome) => {
    const one = work();
    const leading = a.coordinator.lead('g', one.run);
    await stage.now(one.begun);
    await depose();
    await a.coordinator.heartbeat();
    expect(one.leadership.signal.aborted).toBe(true);
    expect(one.told).toHaveLength(1);
    expect(one.leadership.signal.reason).toMatchObject({ code: 'LEASE_LOST' });
    expect(await stage.isPending(leading)).toBe(true);
    if (status === 'fulfilled') one.result.resolve('value');
    else one.result.reject(outcome.status === 'rejected' ? outcome.reason : null);
    const error = await stage.now(leading.catch((caught: unknown) => caught));
    expect(error).toBeInstanceOf(LeadershipLost);
    expect(error).toMatchObject({ groupId: 'g', term: one.leadership.term, outcome });
    if (outcome.status === 'rejected') expect(error).toMatchObject({ cause: outcome.reason });
    expect(a.script.count('release'), 'nothing was left to release').toBe(0);
  });

  it('makes lead() reject when the work does not settle within handOverTimeoutMs', async () => {
    const one = work();
    const leading = a.coordinator.lead('g', one.run, { handOverTimeoutMs: 2_000 });
    await stage.now(one.begun);
    await depose();
    await a.coordinator.heartbeat();
    await stage.pass(1_999);
    expect(await stage.isPending(leading)).toBe(true);
    await stage.pass(1);
    await expect(stage.now(leading)).rejects.toMatchObject({
      code: 'LEADERSHIP_LOST',
      outcome: { status: 'unsettled' },
    });
    one.result.resolve('much too late');
    await stage.rest();
  });

  it('shows at the first look, and is told with the next timer (B13)', async () => {
    const one = work();
    const leading = a.coordinator.lead('g', one.run);
    leading.catch(() => {});
    const { signal } = await stage.now(one.begun);
    const derived = AbortSignal.any([signal]);
    stage.clock.block(VALID_MS - 1);
    expect(signal.aborted).toBe(false);
    stage.clock.block(1);
    expect([signal.aborted, derived.aborted, one.told.length]).toEqual([true, false, 0]);
    expect(() => signal.throwIfAborted()).toThrow('was not renewed in time');
    stage.clock.advance(0);
    expect([derived.aborted, one.told.length]).toEqual([true, 1]);
    one.result.resolve('value');
    await expect(stage.now(leading)).rejects.toBeInstanceOf(LeadershipLost);
  });

  it('is lost though the work settled before anything was noticed', async () => {
    const one = work();
    const leading = a.coordinator.lead('g', one.run);
    await stage.now(one.begun);
    stage.clock.block(VALID_MS);
    one.result.resolve('value');
    await expect(stage.now(leading)).rejects.toMatchObject({
      code: 'LEADERSHIP_LOST',
      outcome: { status: 'fulfilled', value: 'value' },
    });
  });

  it('lets another lead meanwhile, whom the old leader does not disturb', async () => {
    const [first, second] = [work(), work()];
    const one = a.coordinator.lead('g', first.run);
    await stage.now(first.begun);
    const two = b.coordinator.lead('g', second.run);
    await stage.rest();
    b.coordinator.heart.start();
    stage.clock.block(TTL_MS);
    await stage.pass(0);
    expect(second.leadership.term).toBeGreaterThan(first.leadership.term);
    first.result.resolve('late');
    await expect(stage.now(one)).rejects.toBeInstanceOf(LeadershipLost);
    expect([await leader(), second.leadership.signal.aborted]).toEqual(['b', false]);
    second.result.resolve('2');
    expect(await stage.now(two)).toBe('2');
  });
});

describe('the signal of lead()', () => {
  const reason = new Error('enough');

  it('ends the wait with its reason, and leaves the queue', async () => {
    const first = work();
    const one = a.coordinator.lead('g', first.run);
    await stage.now(first.begun);
    const abort = new AbortController();
    const two = b.coordinator.lead('g', work().run, { signal: abort.signal });
    await stage.rest();
    abort.abort(reason);
    await expect(stage.now(two)).rejects.toBe(reason);
    first.result.resolve('1');
    await stage.now(one);
    await stage.rest();
    expect(await leader()).toBe(null);
    expect(getEventListeners(abort.signal, 'abort')).toEqual([]);
  });

  it('that has aborted keeps it from standing', async () => {
    const leading = a.coordinator.lead('g', work().run, { signal: AbortSignal.abort(reason) });
    await expect(leading).rejects.toBe(reason);
    expect(a.script.count('acquire')).toBe(0);
  });

  it('aborts the leadership, which ends in order with the value of the work', async () => {
    const one = work();
    const abort = new AbortController();
    const leading = a.coordinator.lead('g', one.run, { signal: abort.signal });
    const { signal } = await stage.now(one.begun);
    abort.abort(reason);
    expect([signal.aborted, signal.reason]).toEqual([true, reason]);
    expect(one.told).toEqual([reason]);
    expect([await stage.isPending(leading), await leader()]).toEqual([true, 'a']);
    one.result.resolve('value');
    expect(await stage.now(leading)).toBe('value');
    expect(await leader()).toBe(null);
    expect(getEventListeners(abort.signal, 'abort')).toEqual([]);
  });

  it('does not keep the next one from standing, whenever that comes', async () => {
    for (let steps = 0; steps < 12; steps++) {
      const first = work();
      const one = a.coordinator.lead('g', first.run);
      await stage.now(first.begun);
      const abort = new AbortController();
      const two = b.coordinator
        .lead('g', work().run, { signal: abort.signal })
        .catch((error: unknown) => error);
      await stage.rest();
      const held = b.script.hold('release');
      abort.abort(reason);
      for (let i = 0; i < steps; i++) await Promise.resolve();
      const three = b.coordinator.lead('g', async () => `after ${steps} steps`);
      three.catch(() => {});
      await stage.rest();
      held.release();
      expect(await stage.now(two)).toBe(reason);
      first.result.resolve('1');
      await stage.now(one);
      expect(await stage.now(three)).toBe(`after ${steps} steps`);
      expect(await leader()).toBe(null);
    }
  });

  it('leaves nobody as leader, however many steps after the grant it comes', async () => {
    for (let steps = 0; steps < 15; steps++) {
      const abort = new AbortController();
      const held = a.script.hold('acquire');
      const one = work();
      one.result.resolve('value');
      const leading = a.coordinator
        .lead('g', one.run, { signal: abort.signal })
        .catch((error: unknown) => error);
      await held.arrived;
      held.release();
      for (let i = 0; i < steps; i++) await Promise.resolve();
      abort.abort(reason);
      const outcome = await stage.now(leading);
      expect(outcome, `after ${steps} steps`).toBe(one.hasBegun ? 'value' : reason);
      await stage.rest();
      expect(await leader(), `after ${steps} steps`).toBe(null);
      await a.coordinator.heartbeat();
      expect(a.script.beats.at(-1)?.leases).toEqual([]);
    }
  });
});
