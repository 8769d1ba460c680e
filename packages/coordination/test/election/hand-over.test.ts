import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CoordinationEvent } from '../../src/watch/events.js';
import { requestLost } from '../coordinator/script.js';
import { type Player, Stage } from '../coordinator/stage.js';
import { work } from './works.js';

const TTL_MS = 9_000;
const VALID_MS = 8_820;
const HAND_OVER_MS = 20_000;
const OPTIONS = { lockTtlMs: TTL_MS, membershipTtlMs: TTL_MS, handOverTimeoutMs: HAND_OVER_MS } as const;

let stage: Stage;
let a: Player;
let b: Player;
const ends: Promise<void>[] = [];

beforeEach(async () => {
  stage = new Stage();
  a = await stage.player('a', OPTIONS);
  b = await stage.player('b', OPTIONS);
  await a.coordinator.createGroup('g');
});
afterEach(async () => {
  await stage.close();
  await Promise.all(ends.splice(0));
});

const leader = (): Promise<string | null | undefined> => b.coordinator.getLeader('g');

/** What a coordinator tells of its own terms. */
async function ownTerms({ coordinator }: Player): Promise<CoordinationEvent[]> {
  const told: CoordinationEvent[] = [];
  const read = async (): Promise<void> => {
    for await (const event of coordinator.events('g'))
      if ('memberId' in event && event.memberId === coordinator.memberId) told.push(event);
  };
  ends.push(read());
  await stage.rest();
  return told;
}

const types = (events: readonly CoordinationEvent[]): string[] => events.map(({ type }) => type);

/** A coordinator that leads, with work under way. */
async function leading(
  player: Player,
  o: { readonly handOverTimeoutMs?: number } = {},
): Promise<{ readonly one: ReturnType<typeof work<string>>; readonly outcome: Promise<string> }> {
  const one = work();
  const outcome = player.coordinator.lead('g', one.run, o);
  outcome.catch(() => {});
  await stage.now(one.begun);
  return { one, outcome };
}

describe('a stand-down', () => {
  it('aborts the work, waits until it has settled, and then frees the group (B19)', async () => {
    const told = await ownTerms(a);
    const { one, outcome } = await leading(a);
    const next = work();
    const two = b.coordinator.lead('g', next.run);
    const standing = a.coordinator.standDownGroupLeader('g');
    await stage.rest();
    expect(one.leadership.signal.reason).toMatchObject({ code: 'STANDING_DOWN' });
    expect([one.told.length, await leader(), next.hasBegun, a.script.count('release')]).toEqual([
      1,
      'a',
      false,
      0,
    ]);
    one.result.resolve('value');
    expect(await stage.now(standing)).toBe(true);
    expect(await stage.now(outcome)).toBe('value');
    await stage.now(next.begun);
    expect(types(told)).toEqual(['elected', 'resigned']);
    expect(told[1]).toMatchObject({ term: one.leadership.term, settled: true });
    next.result.resolve('');
    await stage.now(two);
  });

  it('passes the error of the work on', async () => {
    const { one, outcome } = await leading(a);
    const standing = a.coordinator.standDownGroupLeader('g');
    const failure = new Error('stopped in the middle');
    one.result.reject(failure);
    expect(await stage.now(standing)).toBe(true);
    await expect(outcome).rejects.toBe(failure);
  });

  it('is false for whoever does not lead, also while it waits', async () => {
    expect(await a.coordinator.standDownGroupLeader('g')).toBe(false);
    const { one, outcome } = await leading(a);
    const two = b.coordinator.lead('g', async () => 'b');
    await stage.rest();
    expect(await b.coordinator.standDownGroupLeader('g')).toBe(false);
    one.result.resolve('a');
    expect([await stage.now(outcome), await stage.now(two)]).toEqual(['a', 'b']);
  });

  it('is one, however often it is asked for', async () => {
    const told = await ownTerms(a);
    const { one, outcome } = await leading(a);
    const all = Promise.all([
      a.coordinator.standDownGroupLeader('g'),
      a.coordinator.standDownGroupLeader('g'),
      a.coordinator.requestStandDown('g'),
    ]);
    await stage.rest();
    one.result.resolve('value');
    expect(await stage.now(all)).toEqual([true, true, true]);
    await stage.now(outcome);
    expect([types(told), a.script.count('release')]).toEqual([['elected', 'resigned'], 1]);
  });

  it('lets the same coordinator stand again, behind those who wait', async () => {
    const { one, outcome } = await leading(a);
    const order: string[] = [];
    const two = b.coordinator.lead('g', async () => order.push('b'));
    await stage.rest();
    const standing = a.coordinator.standDownGroupLeader('g');
    const three = a.coordinator.lead('g', async () => order.push('a'));
    await stage.rest();
    expect(order, 'no work begins under a term that ends').toEqual([]);
    one.result.resolve('value');
    await stage.now(Promise.all([standing, outcome, two, three]));
    expect(order).toEqual(['b', 'a']);
  });
});

describe('work that does not settle within handOverTimeoutMs', () => {
  it.each([
    ['the option of the coordinator', {}, HAND_OVER_MS],
    ['a shorter one of the call', { handOverTimeoutMs: 5_000 }, 5_000],
    ['a longer one of the call', { handOverTimeoutMs: 60_000 }, 60_000],
  ])('has its lease neither released nor renewed: %s', async (_, o, boundMs) => {
    const told = await ownTerms(a);
    a.coordinator.heart.start();
    const { one, outcome } = await leading(a, o);
    const next = work();
    const two = b.coordinator.lead('g', next.run);
    b.coordinator.heart.start();
    const standing = a.coordinator.standDownGroupLeader('g');
    await stage.pass(boundMs - 1);
    expect([await leader(), await stage.isPending(outcome), types(told)]).toEqual(['a', true, ['elected']]);
    expect(a.script.beats.at(-1)?.leases, 'renewed as long as the work may settle').toHaveLength(1);
    await stage.pass(1);
    expect(await stage.now(standing)).toBe(true);
    await expect(stage.now(outcome)).rejects.toMatchObject({
      code: 'LEADERSHIP_LOST',
      outcome: { status: 'unsettled' },
    });
    expect(told[1]).toMatchObject({ type: 'resigned', settled: false });
    expect([await leader(), a.script.count('release')]).toEqual(['a', 0]);
    await stage.within(TTL_MS, next.begun);
    expect(a.script.count('release')).toBe(0);
    expect(next.leadership.term).toBeGreaterThan(one.leadership.term);
    expect(types(told)).toEqual(['elected', 'resigned']);
    one.result.resolve('much too late');
    await stage.rest();
    expect([await leader(), next.leadership.signal.aborted]).toEqual(['b', false]);
    next.result.resolve('');
    await stage.now(two);
  });

  it('is lost rather than resigned when the lease ends first', async () => {
    const told = await ownTerms(a);
    const { one, outcome } = await leading(a);
    const standing = a.coordinator.standDownGroupLeader('g');
    await stage.pass(VALID_MS);
    expect(types(told)).toEqual(['elected', 'lost']);
    expect(one.told, 'told once').toHaveLength(1);
    one.result.resolve('late');
    await expect(stage.now(outcome)).rejects.toMatchObject({
      outcome: { status: 'fulfilled', value: 'late' },
    });
    await stage.now(standing);
    expect([types(told), a.script.count('release')]).toEqual([['elected', 'lost'], 0]);
  });

  it('does not keep the group for ever though other work of the term settled', async () => {
    const told = await ownTerms(a);
    a.coordinator.heart.start();
    const { one, outcome } = await leading(a, { handOverTimeoutMs: 2_000 });
    const abort = new AbortController();
    const stuck = work();
    const two = a.coordinator.lead('g', stuck.run, { signal: abort.signal, handOverTimeoutMs: 1_000 });
    two.catch(() => {});
    await stage.now(stuck.begun);
    abort.abort(new Error('enough'));
    await stage.pass(1_000);
    await expect(stage.now(two)).rejects.toMatchObject({ outcome: { status: 'unsettled' } });
    expect([one.leadership.signal.aborted, await leader()]).toEqual([false, 'a']);
    one.result.resolve('value');
    expect(await stage.within(HAND_OVER_MS, outcome)).toBe('value');
    await stage.pass(TTL_MS);
    expect(await leader()).toBe(null);
    expect(told.at(-1)).toMatchObject({ type: 'resigned', settled: false });
    stuck.result.resolve('much too late');
    await stage.rest();
  });

  it('does not matter once it has settled after all', async () => {
    const told = await ownTerms(a);
    const { one, outcome } = await leading(a);
    const abort = new AbortController();
    const slow = work();
    const two = a.coordinator.lead('g', slow.run, { signal: abort.signal, handOverTimeoutMs: 1_000 });
    two.catch(() => {});
    await stage.now(slow.begun);
    abort.abort(new Error('enough'));
    await stage.pass(1_000);
    slow.result.resolve('late');
    await stage.rest();
    one.result.resolve('value');
    expect(await stage.now(outcome)).toBe('value');
    expect([await leader(), a.script.count('release')]).toEqual([null, 1]);
    expect(told.at(-1)).toMatchObject({ type: 'resigned', settled: true });
  });
});

describe('requestStandDown', () => {
  it('is served by another leader with its next beat', async () => {
    a.script.hears = false;
    const { one, outcome } = await leading(a);
    expect(await b.coordinator.requestStandDown('g')).toBe(true);
    await stage.rest();
    expect(one.leadership.signal.aborted).toBe(false);
    await a.coordinator.heartbeat();
    expect(one.leadership.signal.reason).toMatchObject({ code: 'STANDING_DOWN' });
    one.result.resolve('value');
    expect(await stage.now(outcome)).toBe('value');
    expect(await leader()).toBe(null);
  });

  it('is served by another leader at once when the hint comes through', async () => {
    a.coordinator.heart.start();
    const { one, outcome } = await leading(a);
    await stage.rest();
    expect(await b.coordinator.requestStandDown('g')).toBe(true);
    await stage.rest();
    expect(one.leadership.signal.aborted).toBe(true);
    one.result.resolve('value');
    expect(await stage.now(outcome)).toBe('value');
  });

  it('is false when nobody leads', async () => {
    expect(await a.coordinator.requestStandDown('g')).toBe(false);
    const { one, outcome } = await leading(a);
    one.result.resolve('value');
    await stage.now(outcome);
    expect(await a.coordinator.requestStandDown('g')).toBe(false);
    expect(await b.coordinator.requestStandDown('g')).toBe(false);
  });

  it('does not concern the next leader', async () => {
    const { one, outcome } = await leading(a);
    await b.coordinator.requestStandDown('g');
    one.result.resolve('value');
    await stage.now(outcome);
    const next = await leading(a);
    await a.coordinator.heartbeat();
    expect(next.one.leadership.signal.aborted).toBe(false);
    next.one.result.resolve('');
    await stage.now(next.outcome);
  });

  it('obeys the bounds of its caller', async () => {
    b.script.next('revoke', b.script.hangs);
    const asking = stage.within(500, b.coordinator.requestStandDown('g', { timeoutMs: 500 }));
    await expect(asking).rejects.toMatchObject({ code: 'TIMED_OUT' });
  });
});

describe('stop()', () => {
  it('aborts the works of all terms, waits for them, and hands over in order', async () => {
    const told = await ownTerms(a);
    const { one, outcome } = await leading(a);
    const other = work();
    const otherOutcome = a.coordinator.lead('h', other.run);
    await stage.now(other.begun);
    const stopping = a.coordinator.stop();
    await stage.rest();
    expect([one.told.length, other.told.length, await leader()]).toEqual([1, 1, 'a']);
    expect(await stage.isPending(stopping)).toBe(true);
    one.result.resolve('1');
    await stage.rest();
    expect([await leader(), await stage.isPending(stopping)]).toEqual([null, true]);
    other.result.resolve('2');
    await stage.now(stopping);
    expect([await outcome, await otherOutcome]).toEqual(['1', '2']);
    expect(types(told)).toEqual(['elected', 'resigned']);
  });

  it('is bounded by the hand-over, during which the lease is renewed', async () => {
    a.coordinator.heart.start();
    const { one, outcome } = await leading(a);
    const stopping = a.coordinator.stop();
    await stage.pass(HAND_OVER_MS - 1);
    expect([await stage.isPending(stopping), await leader()]).toEqual([true, 'a']);
    await stage.within(3_000, stopping);
    await expect(outcome).rejects.toMatchObject({ outcome: { status: 'unsettled' } });
    expect([await leader(), a.script.count('release')]).toEqual(['a', 0]);
    await stage.pass(TTL_MS);
    expect(await leader()).toBe(null);
    one.result.resolve('much too late');
    await stage.rest();
  });

  it('ends campaigns, and refuses new ones', async () => {
    const { one, outcome } = await leading(a);
    const waiting = [1, 2].map(() => b.coordinator.lead('g', work().run).catch((error: unknown) => error));
    await stage.rest();
    const stopping = b.coordinator.stop();
    await expect(b.coordinator.lead('g', work().run)).rejects.toMatchObject({ code: 'NOT_STARTED' });
    await stage.now(stopping);
    for (const end of waiting) expect(await end).toMatchObject({ code: 'NOT_STARTED' });
    expect((await a.script.raw.inspect({ kind: 'leader', id: 'g', text: true })).waiters).toEqual([]);
    one.result.resolve('value');
    await stage.now(outcome);
  });

  it('leaves no leader behind, however many steps after a grant it comes', async () => {
    for (const hooks of [false, true])
      for (let steps = 0; steps < 15; steps++) {
        const c = await stage.player('c', OPTIONS);
        const told = await ownTerms(c);
        const held = c.script.hold('acquire');
        const one = work();
        one.result.resolve('value');
        if (hooks) c.coordinator.watchElectedAsLeader('g', () => {});
        const running: Promise<unknown> = (
          hooks ? c.coordinator.runElectCoordinator() : c.coordinator.lead('g', one.run)
        ).catch((error: unknown) => error);
        await held.arrived;
        held.release();
        for (let i = 0; i < steps; i++) await Promise.resolve();
        await stage.now(c.coordinator.stop());
        const outcome = await stage.now(running);
        if (outcome !== undefined && outcome !== 'value')
          expect(outcome).toMatchObject({ code: 'NOT_STARTED' });
        expect(await leader(), `${hooks ? 'hooks' : 'lead()'}, ${steps} steps`).toBe(null);
        expect([[], ['elected', 'resigned']]).toContainEqual(types(told));
      }
  });

  it('in the same turn as an attempt of the hooks leaves no leader behind', async () => {
    const told = await ownTerms(a);
    a.coordinator.watchElectedAsLeader('g', () => {});
    const running = a.coordinator.runElectCoordinator().catch((error: unknown) => error);
    await stage.now(a.coordinator.stop());
    await stage.now(running);
    expect(await leader()).toBe(null);
    expect([[], ['elected', 'resigned']]).toContainEqual(types(told));
  });

  it('waits also for work whose term was lost before', async () => {
    const { one, outcome } = await leading(a);
    await b.script.raw.revoke({ kind: 'leader', id: 'g', text: true }, 'break');
    await a.coordinator.heartbeat();
    expect(one.leadership.signal.aborted).toBe(true);
    const stopping = a.coordinator.stop();
    expect(await stage.isPending(stopping)).toBe(true);
    one.result.resolve('value');
    await stage.now(stopping);
    await expect(outcome).rejects.toMatchObject({ outcome: { status: 'fulfilled', value: 'value' } });
  });

  it('tells of a term whose end nobody had noticed yet', async () => {
    const told = await ownTerms(a);
    const { one, outcome } = await leading(a);
    stage.clock.block(TTL_MS);
    const stopping = a.coordinator.stop();
    one.result.resolve('value');
    await stage.now(stopping);
    await expect(outcome).rejects.toMatchObject({ code: 'LEADERSHIP_LOST' });
    expect(types(told)).toEqual(['elected', 'lost']);
  });

  it('succeeds though the release of a term fails', async () => {
    const { one, outcome } = await leading(a);
    a.script.always('release', requestLost);
    const stopping = a.coordinator.stop();
    one.result.resolve('value');
    await stage.now(stopping);
    expect(await outcome).toBe('value');
  });
});
