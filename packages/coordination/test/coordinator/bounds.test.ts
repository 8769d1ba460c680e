import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CoordinatorOptions } from '../../src/options.js';
import { deferred } from './deferred.js';
import { requestLost } from './script.js';
import { type Player, Stage } from './stage.js';

const OPTIONS: CoordinatorOptions = { lockTtlMs: 9_000, membershipTtlMs: 9_000, pollMs: 1_000 };

let stage: Stage;
let a: Player;
let b: Player;

beforeEach(async () => {
  stage = new Stage();
  a = await stage.player('a', OPTIONS);
  b = await stage.player('b', OPTIONS);
});
afterEach(() => stage.close());

describe('start and stop', () => {
  it('start that is given up leaves nothing behind, however late the store answers', async () => {
    const { coordinator, script } = stage.idle('c', OPTIONS);
    const opened = script.hold('open');
    const starting = coordinator.start({ timeoutMs: 500 });
    starting.catch(() => {});
    await opened.arrived;
    await stage.pass(500);
    await expect(starting).rejects.toMatchObject({ code: 'TIMED_OUT' });
    opened.release();
    await stage.rest();
    expect([coordinator.isStarted, coordinator.heart.isAlive]).toEqual([false, false]);
    await stage.now(coordinator.start({ heart: false }));
  });

  it('stop that is given up goes on', async () => {
    const left = a.script.hold('leave');
    const stopping = a.coordinator.stop({ timeoutMs: 500 });
    stopping.catch(() => {});
    await left.arrived;
    await stage.pass(500);
    await expect(stopping).rejects.toMatchObject({ code: 'TIMED_OUT' });
    expect(a.coordinator.isStarted).toBe(true);
    left.release();
    await stage.rest();
    expect(a.coordinator.isStarted).toBe(false);
  });

  it('a scope that is left while it starts ends with everything stopped', async () => {
    const { coordinator, script } = stage.idle('c', OPTIONS);
    const opened = script.hold('open');
    const starting = coordinator.start();
    const leaving = coordinator[Symbol.asyncDispose]();
    await opened.arrived;
    opened.release();
    await stage.now(starting);
    await stage.now(leaving);
    expect([coordinator.isStarted, coordinator.heart.isAlive]).toEqual([false, false]);
  });

  it('a stop while the answer to an acquisition is under way ends it, and leaves no stray rejection', async () => {
    await b.coordinator.getLock('l').acquire();
    a.script.always('listen', requestLost);
    const queued = a.script.hold('acquire');
    const acquiring = a.coordinator.getLock('l').acquire();
    acquiring.catch(() => {});
    await queued.arrived;
    const stopping = a.coordinator.stop();
    queued.release();
    await stage.within(1_000, stopping);
    await expect(acquiring).rejects.toMatchObject({ code: 'NOT_STARTED' });
    expect((await b.coordinator.inspectLock('l')).queue).toEqual([]);
  });
});

describe('waiting without a subscription', () => {
  it('looks every pollMs, no more often, and gets the lock all the same', async () => {
    const holder = b.coordinator.getLock('l');
    await holder.acquire();
    a.script.always('listen', requestLost);
    const acquiring = a.coordinator.getLock('l').acquire();
    for (let polls = 0; polls < 5; polls++) await stage.pass(1_000);
    expect(a.script.count('acquire')).toBe(6);
    expect(a.script.count('listen')).toBeLessThanOrEqual(6);
    await holder.release();
    expect(await stage.within(1_000, acquiring)).toBe(true);
  });

  it('does not wait for a subscription that hangs', async () => {
    const holder = b.coordinator.getLock('l');
    await holder.acquire();
    a.script.always('listen', a.script.hangs);
    const acquiring = a.coordinator.getLock('l').acquire();
    await stage.rest();
    await holder.release();
    expect(await stage.within(1_000, acquiring)).toBe(true);
  });
});

describe('bad arguments do nothing', () => {
  it('a release with a bad bound, or a signal that has aborted, keeps the lock', async () => {
    const lock = a.coordinator.getLock('l');
    await lock.acquire();
    await expect(lock.release({ timeoutMs: Number.NaN })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    const reason = new Error('enough');
    await expect(lock.release({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(lock.acquired).toBe(true);
    expect(await lock.release()).toBe(true);
  });

  it('a watcher run with a bad bound reads nothing', async () => {
    const run = a.coordinator.runWatchers({ timeoutMs: Number.NaN });
    await expect(run).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    expect(a.script.calls).toEqual([]);
  });

  it('what cannot be called is refused before anything is done', async () => {
    const wrong: unknown = undefined;
    const callback = wrong as () => void;
    await a.coordinator.createGroup('g');
    const refused = { code: 'INVALID_ARGUMENT' };
    await expect(a.coordinator.watchJoinGroup('g', callback)).rejects.toMatchObject(refused);
    await expect(a.coordinator.watchLeaveGroup('g', callback)).rejects.toMatchObject(refused);
    expect(() => a.coordinator.watchElectedAsLeader('g', callback)).toThrow(expect.objectContaining(refused));
    await expect(a.coordinator.lead('g', wrong as () => Promise<void>)).rejects.toMatchObject(refused);
    expect(a.script.calls).toEqual(['createGroup']);
  });
});

describe('standing for election', () => {
  it('is given up after timeoutMs, and leaves no place in the queue', async () => {
    const term = deferred();
    const leading = b.coordinator.lead('g', () => term.promise);
    await stage.rest();
    const standing = a.coordinator.lead('g', async () => 'elected', { timeoutMs: 2_000 });
    standing.catch(() => {});
    await stage.pass(1_999);
    expect(await stage.isPending(standing)).toBe(true);
    await stage.pass(1);
    await expect(standing).rejects.toMatchObject({ code: 'TIMED_OUT', timeoutMs: 2_000 });
    term.resolve();
    await stage.now(leading);
    expect(await stage.now(b.coordinator.lead('g', async () => 'again'))).toBe('again');
  });

  it('counts its time only until the work begins', async () => {
    const done = deferred();
    const leading = a.coordinator.lead('g', async ({ signal }) => done.promise.then(() => signal.aborted), {
      timeoutMs: 500,
    });
    await stage.pass(2_000);
    done.resolve();
    expect(await stage.now(leading)).toBe(false);
  });
});

describe('a host that was suspended', () => {
  it('is noticed by whoever looks at a signal, and the heart asks the store at once', async () => {
    const { coordinator, script } = await stage.player('c', { ...OPTIONS, heart: true });
    await stage.rest();
    const lock = coordinator.getLock('l');
    await lock.acquire();
    const { signal } = lock;
    stage.clock.suspend(3_600_000);
    const beats = script.count('beat');
    await stage.pass(60);
    expect(signal.aborted).toBe(false);
    expect(lock.acquired).toBe(false);
    await stage.rest();
    expect(script.count('beat')).toBeGreaterThan(beats);
    expect(lock.acquired).toBe(true);
  });
});

it('several acquisitions of one object together share one place among readers, whoever waits between', async () => {
  const lock = a.coordinator.getLock('l');
  const first = a.script.hold('acquire');
  const taking = [lock.acquire({ shared: true }), lock.acquire({ shared: true })];
  await first.arrived;
  const writing = b.coordinator.getLock('l').acquire();
  await stage.rest();
  first.release();
  expect(await stage.now(Promise.all(taking))).toEqual([true, true]);
  expect([await lock.release(), await lock.release(), await lock.release()]).toEqual([true, true, false]);
  expect(await stage.within(1_000, writing)).toBe(true);
});
