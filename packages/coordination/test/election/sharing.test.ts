import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { requestLost } from '../coordinator/script.js';
import { type Player, Stage } from '../coordinator/stage.js';
import { work } from './works.js';

const TTL_MS = 9_000;
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

describe('several calls of lead() on one group', () => {
  it('share one place in the queue and one term, which ends with the last', async () => {
    const first = work();
    const one = b.coordinator.lead('g', first.run);
    await stage.now(first.begun);
    const works = [work(), work(), work()];
    const all = works.map(({ run }) => a.coordinator.lead('g', run));
    await stage.rest();
    const key = { kind: 'leader', id: 'g', text: true } as const;
    expect((await a.script.raw.inspect(key)).waiters).toHaveLength(1);
    first.result.resolve('');
    await stage.now(one);
    await stage.rest();
    expect(new Set(works.map(({ leadership }) => leadership.term)).size).toBe(1);
    for (const [i, { result }] of works.entries()) {
      expect(await leader()).toBe('a');
      result.resolve(`${i}`);
      expect(await stage.now(all[i] ?? one)).toBe(`${i}`);
    }
    expect([await leader(), a.script.count('release')]).toEqual([null, 1]);
  });

  it('are joined by one that comes during the term', async () => {
    const [first, second] = [work(), work()];
    const one = a.coordinator.lead('g', first.run);
    await stage.now(first.begun);
    const acquires = a.script.count('acquire');
    const two = a.coordinator.lead('g', second.run);
    await stage.now(second.begun);
    expect(second.leadership.term).toBe(first.leadership.term);
    expect(a.script.count('acquire')).toBe(acquires);
    first.result.resolve('1');
    expect(await stage.now(one)).toBe('1');
    expect([second.leadership.signal.aborted, await leader()]).toEqual([false, 'a']);
    second.result.resolve('2');
    expect(await stage.now(two)).toBe('2');
    expect(await leader()).toBe(null);
  });

  it('never begin work under a term that ends, whenever they come', async () => {
    for (let steps = 0; steps < 20; steps++) {
      const first = work();
      const one = a.coordinator.lead('g', first.run);
      await stage.now(first.begun);
      first.result.resolve('1');
      for (let i = 0; i < steps; i++) await Promise.resolve();
      let wasAborted: boolean | null = null;
      const two = a.coordinator.lead('g', async ({ signal }) => {
        wasAborted = signal.aborted;
      });
      await stage.now(Promise.all([one, two]));
      expect(wasAborted, `after ${steps} steps`).toBe(false);
      expect(await leader()).toBe(null);
    }
  });

  it('end one by one when their signals abort', async () => {
    const [first, second] = [work(), work()];
    const aborts = [new AbortController(), new AbortController()];
    const [one, two] = [first, second].map(({ run }, i) => {
      const signal = aborts[i]?.signal;
      return a.coordinator.lead('g', run, signal ? { signal } : {});
    });
    await stage.now(second.begun);
    aborts[0]?.abort(new Error('enough'));
    expect([first.leadership.signal.aborted, second.leadership.signal.aborted]).toEqual([true, false]);
    first.result.resolve('1');
    expect(await stage.now(one ?? Promise.resolve(''))).toBe('1');
    expect(await leader()).toBe('a');
    aborts[1]?.abort(new Error('enough'));
    second.result.resolve('2');
    expect(await stage.now(two ?? Promise.resolve(''))).toBe('2');
    expect(await leader()).toBe(null);
  });

  it('of which one gives up its wait: the others go on waiting', async () => {
    const first = work();
    const one = b.coordinator.lead('g', first.run);
    await stage.now(first.begun);
    const abort = new AbortController();
    const two = a.coordinator.lead('g', work().run, { signal: abort.signal });
    const three = a.coordinator.lead('g', async () => '3');
    await stage.rest();
    abort.abort(new Error('enough'));
    await expect(stage.now(two)).rejects.toThrow('enough');
    first.result.resolve('');
    await stage.now(one);
    expect(await stage.now(three)).toBe('3');
  });

  it('all hear of the error that ended their campaign', async () => {
    a.script.next('acquire', requestLost);
    const all = [work(), work()].map(({ run }) =>
      a.coordinator.lead('g', run).catch((error: unknown) => error),
    );
    for (const end of await stage.now(Promise.all(all))) expect(end).toMatchObject({ code: 'CONNECTION' });
  });

  it('all hear that they have to stop, and none is cut short by another', async () => {
    const [first, second] = [work(), work()];
    const all = Promise.all([first, second].map(({ run }) => a.coordinator.lead('g', run)));
    await stage.now(second.begun);
    const standing = a.coordinator.standDownGroupLeader('g');
    expect([first.told.length, second.told.length]).toEqual([1, 1]);
    first.result.resolve('1');
    await stage.rest();
    expect(await leader()).toBe('a');
    second.result.resolve('2');
    expect([await stage.now(standing), await stage.now(all)]).toEqual([true, ['1', '2']]);
    expect(await leader()).toBe(null);
  });

  it('on different groups have nothing to do with each other', async () => {
    const [first, second] = [work(), work()];
    const one = a.coordinator.lead('g', first.run);
    const two = a.coordinator.lead('h', second.run);
    await stage.now(Promise.all([first.begun, second.begun]));
    const standing = a.coordinator.standDownGroupLeader('g');
    expect([first.leadership.signal.aborted, second.leadership.signal.aborted]).toEqual([true, false]);
    first.result.resolve('');
    second.result.resolve('');
    await stage.now(Promise.all([one, two, standing]));
  });
});

describe('elected hooks', () => {
  it('are candidates, and are called once for each term', async () => {
    const elected: unknown[] = [];
    a.coordinator.watchElectedAsLeader('g', (event) => elected.push(event));
    await a.coordinator.runWatchers();
    await a.coordinator.runElectCoordinator();
    expect(elected).toEqual([{ type: 'elected', groupId: 'g', memberId: 'a' }]);
    expect([await leader(), a.script.count('acquire')]).toEqual(['a', 1]);
    expect(await a.coordinator.standDownGroupLeader('g')).toBe(true);
    expect(await leader()).toBe(null);
    await a.coordinator.runElectCoordinator();
    expect(elected).toHaveLength(2);
  });

  it('share the term of lead(), and keep it when its work has settled', async () => {
    const elected: unknown[] = [];
    const one = work();
    const leading = a.coordinator.lead('g', one.run);
    await stage.now(one.begun);
    a.coordinator.watchElectedAsLeader('g', (event) => elected.push(event));
    await a.coordinator.runElectCoordinator();
    expect([elected.length, a.script.count('acquire')]).toEqual([1, 1]);
    one.result.resolve('value');
    expect(await stage.now(leading)).toBe('value');
    expect(await leader()).toBe('a');
    const next = work();
    const again = a.coordinator.lead('g', next.run);
    await stage.now(next.begun);
    expect(next.leadership.term).toBe(one.leadership.term);
    next.result.resolve('');
    await stage.now(again);
    expect(await a.coordinator.standDownGroupLeader('g')).toBe(true);
    expect(await leader()).toBe(null);
  });

  it('leave the wait to a lead() that stands in the queue, and share what it wins', async () => {
    const first = work();
    const one = b.coordinator.lead('g', first.run);
    await stage.now(first.begun);
    const second = work();
    const two = a.coordinator.lead('g', second.run);
    await stage.rest();
    const elected: unknown[] = [];
    a.coordinator.watchElectedAsLeader('g', (event) => elected.push(event));
    const acquires = a.script.count('acquire');
    await a.coordinator.runElectCoordinator();
    expect([elected.length, a.script.count('acquire')]).toEqual([0, acquires]);
    first.result.resolve('');
    await stage.now(one);
    await stage.now(second.begun);
    await a.coordinator.runElectCoordinator();
    expect(elected).toHaveLength(1);
    second.result.resolve('');
    await stage.now(two);
    expect(await leader()).toBe('a');
  });

  it('that win while a lead() waits let it work under their term', async () => {
    const held = a.script.hold('acquire');
    a.coordinator.watchElectedAsLeader('g', () => {});
    const running = a.coordinator.runElectCoordinator();
    await held.arrived;
    const one = work();
    const leading = a.coordinator.lead('g', one.run);
    await stage.rest();
    expect(one.hasBegun).toBe(false);
    held.release();
    await stage.now(running);
    await stage.now(one.begun);
    const key = { kind: 'leader', id: 'g', text: true } as const;
    const { holders, waiters } = await a.script.raw.inspect(key);
    expect([holders[0]?.fence, waiters]).toEqual([one.leadership.term, []]);
    one.result.resolve('value');
    expect(await stage.now(leading)).toBe('value');
  });

  it('are not forgotten while they try, whatever else comes and goes', async () => {
    const held = a.script.hold('acquire');
    const elected: unknown[] = [];
    a.coordinator.watchElectedAsLeader('g', (event) => elected.push(event));
    const running = a.coordinator.runElectCoordinator();
    await held.arrived;
    await a.coordinator.runElectCoordinator();
    await expect(
      a.coordinator.lead('g', work().run, { signal: AbortSignal.abort(new Error('no')) }),
    ).rejects.toThrow();
    held.release();
    await stage.now(running);
    expect([elected.length, await leader()]).toEqual([1, 'a']);
    expect(await a.coordinator.standDownGroupLeader('g')).toBe(true);
    expect(await leader()).toBe(null);
  });

  it('stand in the other groups though one cannot be reached', async () => {
    const elected: string[] = [];
    for (const group of ['f', 'g', 'h'])
      a.coordinator.watchElectedAsLeader(group, ({ groupId }) => elected.push(groupId));
    a.script.next('acquire', async (send) => send());
    a.script.next('acquire', requestLost);
    await expect(a.coordinator.runElectCoordinator()).rejects.toMatchObject({ code: 'CONNECTION' });
    await a.coordinator.runElectCoordinator();
    expect(elected.sort()).toEqual(['f', 'g', 'h']);
  });

  it('that were elected before another group failed are told with the next run at the latest', async () => {
    const elected: string[] = [];
    for (const group of ['f', 'g'])
      a.coordinator.watchElectedAsLeader(group, ({ groupId }) => elected.push(groupId));
    a.script.next('acquire', requestLost);
    await expect(a.coordinator.runWatchers()).rejects.toMatchObject({ code: 'CONNECTION' });
    expect(elected).toEqual(['g']);
    await a.coordinator.runWatchers();
    expect(elected).toEqual(['g', 'f']);
  });

  it('hear of a later term after the first was lost', async () => {
    const elected: unknown[] = [];
    a.coordinator.watchElectedAsLeader('g', (event) => elected.push(event));
    await a.coordinator.runElectCoordinator();
    stage.clock.block(TTL_MS);
    await a.coordinator.runElectCoordinator();
    expect(elected).toHaveLength(2);
    expect(await leader()).toBe('a');
  });

  it('keep a term that a request to stand down ends at once, since no work is under way', async () => {
    a.coordinator.watchElectedAsLeader('g', () => {});
    await a.coordinator.runElectCoordinator();
    expect(await b.coordinator.requestStandDown('g')).toBe(true);
    await a.coordinator.heartbeat();
    await stage.rest();
    expect([await leader(), stage.clock.timers]).toEqual([null, 0]);
  });

  it('end with their coordinator', async () => {
    a.coordinator.watchElectedAsLeader('g', () => {});
    await a.coordinator.runElectCoordinator();
    await stage.now(a.coordinator.stop());
    expect(await leader()).toBe(null);
  });
});
