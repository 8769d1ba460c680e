import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LockAcquireFailed } from '../../src/errors.js';
import { replyLost, requestLost } from '../coordinator/script.js';
import { type Player, Stage } from '../coordinator/stage.js';

const TTL_MS = 9_000;
const TRY = { blocking: false } as const;
const SHARED = { shared: true } as const;

let stage: Stage;
let a: Player;
let b: Player;

beforeEach(async () => {
  stage = new Stage();
  a = await stage.player('a', { lockTtlMs: TTL_MS });
  b = await stage.player('b', { lockTtlMs: TTL_MS });
});
afterEach(() => stage.close());

const holder = async (): Promise<string | null | undefined> => (await b.coordinator.inspectLock('l')).holder;

describe('a lock object', () => {
  it('that was never acquired holds nothing and has lost nothing', async () => {
    const lock = a.coordinator.getLock('l');
    expect([lock.acquired, lock.fencingToken, lock.signal.aborted]).toEqual([false, null, false]);
    expect(await lock.release()).toBe(false);
    expect(await lock.heartbeat()).toBe(false);
    expect(await lock.isStillOwner()).toBe(false);
    expect(a.script.calls, 'and asks nobody').toEqual([]);
  });

  it('has the name that it was given, text or bytes', () => {
    expect(a.coordinator.getLock('l').name).toBe('l');
    expect(a.coordinator.getLock(Uint8Array.of(1, 2)).name).toEqual(Uint8Array.of(1, 2));
  });

  it.each(['group:x', 'beats:x', 'leader_of_x', 'x:y', ''])('is refused by the name %j', (name) => {
    expect(() => a.coordinator.getLock(name)).toThrowError(
      expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
    );
    expect(() => a.coordinator.inspectLock(name)).toThrow();
  });

  it('has one signal for each acquisition', async () => {
    const lock = a.coordinator.getLock('l');
    await lock.acquire();
    const first = lock.signal;
    expect(lock.signal).toBe(first);
    await lock.release();
    await lock.acquire();
    expect(lock.signal).not.toBe(first);
    await lock.release();
  });

  it('has no token once it is released', async () => {
    const lock = a.coordinator.getLock('l');
    await lock.acquire();
    expect(lock.fencingToken).toBeGreaterThan(0n);
    await lock.release();
    expect([lock.acquired, lock.fencingToken]).toEqual([false, null]);
  });

  it('acquired a second time while it holds waits for itself, and gets it', async () => {
    const lock = a.coordinator.getLock('l');
    await lock.acquire();
    const first = lock.fencingToken ?? 0n;
    const second = lock.acquire();
    expect(await stage.isPending(second)).toBe(true);
    expect(await lock.release()).toBe(true);
    expect(await stage.now(second)).toBe(true);
    expect(lock.fencingToken).toBeGreaterThan(first);
  });

  it('counts a release that the store did not hear as done, and lets the beat see to it', async () => {
    const lock = a.coordinator.getLock('l');
    await lock.acquire();
    a.script.next('release', requestLost);
    a.script.next('release', requestLost);
    await expect(lock.release()).rejects.toMatchObject({ code: 'CONNECTION', retryable: true });
    await stage.rest();
    expect([lock.acquired, await holder()]).toEqual([false, 'a']);
    await a.coordinator.heartbeat();
    await stage.rest();
    expect(await holder()).toBe(null);
  });
});

describe('lock objects over stop and start', () => {
  it('hold nothing after a stop, and tell whoever worked under them', async () => {
    const lock = a.coordinator.getLock('l');
    await lock.acquire();
    const { signal } = lock;
    await stage.now(a.coordinator.stop());
    expect([lock.acquired, signal.aborted]).toEqual([false, true]);
    expect(signal.reason).toMatchObject({ code: 'LEASE_LOST' });
    expect(await lock.release()).toBe(false);
    expect(await lock.release()).toBe(false);
    await expect(lock.acquire()).rejects.toMatchObject({ code: 'NOT_STARTED' });
    expect(await holder()).toBe(null);
  });

  it('can be used again after the next start, and do not touch what they held before', async () => {
    const lock = a.coordinator.getLock('l');
    const hold = await lock.hold();
    await stage.now(a.coordinator.stop());
    await a.coordinator.start({ heart: false });
    expect(lock.acquired).toBe(false);
    expect(await lock.acquire()).toBe(true);
    expect(await hold.release()).toBe(false);
    expect([lock.acquired, await lock.isStillOwner()]).toEqual([true, true]);
    expect(await lock.heartbeat()).toBe(true);
  });

  it('have higher tokens after the store was forgotten and made anew (B4)', async () => {
    const lock = a.coordinator.getLock('l');
    await lock.acquire();
    const before = lock.fencingToken ?? 0n;
    await stage.now(Promise.all([a.coordinator.stop(), b.coordinator.stop()]));
    await stage.pass(1);
    await a.coordinator.start({ heart: false });
    await lock.acquire();
    expect(lock.fencingToken).toBeGreaterThan(before);
    await lock.release();
  });

  it('are released by stop though another lock cannot be', async () => {
    const [one, two] = [a.coordinator.getLock('l'), a.coordinator.getLock('other')];
    await one.acquire();
    await two.acquire();
    a.script.next('release', requestLost);
    await stage.now(a.coordinator.stop());
    expect(await holder()).toBe('a');
    expect((await b.coordinator.inspectLock('other')).holder).toBe(null);
    expect(a.complaints).toEqual(['a lock was not released at stop; its lease will end it']);
  });

  it('are free after stop though their release crossed it', async () => {
    const lock = a.coordinator.getLock('l');
    await lock.acquire();
    const stopping = a.coordinator.stop();
    const releasing = lock.release();
    await stage.now(stopping);
    expect(typeof (await stage.now(releasing))).toBe('boolean');
    expect(await holder()).toBe(null);
  });
});

describe('a scope (A63–A66, B31)', () => {
  it('holds the lock and releases it', async () => {
    const lock = a.coordinator.getLock('l');
    {
      await using hold = await lock.hold();
      expect(hold.lock).toBe(lock);
      expect([lock.acquired, hold.fencingToken === lock.fencingToken]).toEqual([true, true]);
      expect(hold.signal).toBe(lock.signal);
      expect(await holder()).toBe('a');
    }
    expect([lock.acquired, await holder()]).toEqual([false, null]);
  });

  it('passes its options on, and says which time was over', async () => {
    await b.coordinator.getLock('l').acquire();
    const lock = a.coordinator.getLock('l');
    const refused = await lock.hold(TRY).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(LockAcquireFailed);
    expect(refused).toMatchObject({ lockName: 'l', message: 'lock "l" was not acquired: it is held' });
    const late = stage.within(500, lock.hold({ timeoutMs: 500 }));
    await expect(late).rejects.toThrow('it was still held after 500 ms (timeoutMs)');
  });

  it('that releases in its body does no harm at its end', async () => {
    const lock = a.coordinator.getLock('l');
    const next = b.coordinator.getLock('l');
    {
      await using hold = await lock.hold();
      expect(await hold.release()).toBe(true);
      expect(await hold.release()).toBe(false);
      await next.acquire();
    }
    expect(await next.isStillOwner()).toBe(true);
  });

  it('releases its own acquisition, not a later one of the same object', async () => {
    const lock = a.coordinator.getLock('l');
    const first = await lock.hold();
    await b.coordinator.getLock('l').break();
    await a.coordinator.heartbeat();
    const second = await lock.hold();
    expect(await first.release()).toBe(false);
    await first[Symbol.asyncDispose]();
    expect([lock.acquired, await lock.isStillOwner()]).toEqual([true, true]);
    expect(await second.release()).toBe(true);
  });

  it.each([requestLost, replyLost])(
    'throws the error of its body, not that of its release',
    async (course) => {
      const failure = new Error('the body failed');
      const scope = async (): Promise<void> => {
        await using hold = await a.coordinator.getLock('l').hold();
        expect(hold.signal.aborted).toBe(false);
        a.script.next('release', course);
        throw failure;
      };
      await expect(stage.now(scope())).rejects.toBe(failure);
      expect(a.complaints).toEqual(['a lock was not released; its lease will end it']);
      await stage.rest();
      expect(await holder(), 'it was tried again').toBe(null);
    },
  );

  it('ends without an error though its release failed', async () => {
    const scope = async (): Promise<string> => {
      await using hold = await a.coordinator.getLock('l').hold();
      a.script.next('release', requestLost);
      return `under ${hold.lock.name.toString()}`;
    };
    expect(await stage.now(scope())).toBe('under l');
  });

  it('whose lock was lost does not wait for a store that does not answer', async () => {
    const failure = new Error('the body failed');
    const scope = async (): Promise<void> => {
      await using hold = await a.coordinator.getLock('l').hold();
      a.script.always('release', a.script.hangs);
      stage.clock.block(TTL_MS);
      expect(hold.signal.aborted).toBe(true);
      throw failure;
    };
    await expect(stage.within(TTL_MS + 250, scope())).rejects.toBe(failure);
  });
});

describe('a shared lock of one object (A69)', () => {
  it('is counted, and asks the store once', async () => {
    const lock = a.coordinator.getLock('l');
    expect(await lock.acquire(SHARED)).toBe(true);
    const fence = lock.fencingToken;
    expect(await lock.acquire({ ...SHARED, ...TRY })).toBe(true);
    expect([a.script.acquires.length, lock.fencingToken]).toEqual([1, fence]);
    expect(await lock.release()).toBe(true);
    expect([lock.acquired, await holder()]).toEqual([true, 'a']);
    expect(await lock.release()).toBe(true);
    expect([lock.acquired, await holder()]).toEqual([false, null]);
    expect(await lock.release()).toBe(false);
  });

  it('is taken again past a writer that waits, since that waits for us', async () => {
    const lock = a.coordinator.getLock('l');
    await lock.acquire(SHARED);
    const writer = b.coordinator.getLock('l').acquire();
    await stage.rest();
    expect(await stage.now(lock.acquire(SHARED))).toBe(true);
    await lock.release();
    expect(await stage.isPending(writer)).toBe(true);
    await lock.release();
    expect(await stage.now(writer)).toBe(true);
  });

  it('taken at the same moment twice is two shares, each released', async () => {
    const lock = a.coordinator.getLock('l');
    expect(await Promise.all([lock.acquire(SHARED), lock.acquire(SHARED)])).toEqual([true, true]);
    expect(await lock.release()).toBe(true);
    expect([lock.acquired, await holder()]).toEqual([true, 'a']);
    expect(await lock.release()).toBe(true);
    expect([lock.acquired, await holder(), await lock.release()]).toEqual([false, null, false]);
  });

  it('that was lost is not counted on', async () => {
    const lock = a.coordinator.getLock('l');
    await lock.acquire(SHARED);
    stage.clock.block(TTL_MS);
    expect(await lock.acquire(SHARED)).toBe(true);
    expect(a.script.acquires).toHaveLength(2);
    expect([lock.acquired, await lock.isStillOwner()]).toEqual([true, true]);
    expect(await lock.release()).toBe(true);
    expect(await lock.release()).toBe(false);
  });

  it('is held by each scope until the last has ended', async () => {
    const lock = a.coordinator.getLock('l');
    const one = await lock.hold(SHARED);
    const two = await lock.hold(SHARED);
    expect(await one.release()).toBe(true);
    expect(await one.release(), 'one scope does not release the other’s').toBe(false);
    expect([lock.acquired, await holder()]).toEqual([true, 'a']);
    expect(await two.release()).toBe(true);
    expect(await holder()).toBe(null);
  });

  it('obeys a signal that has aborted, held or not', async () => {
    const lock = a.coordinator.getLock('l');
    await lock.acquire(SHARED);
    const reason = new Error('enough');
    await expect(lock.acquire({ ...SHARED, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    await lock.release();
    expect(await holder()).toBe(null);
  });
});
