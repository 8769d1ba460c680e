import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConnectionError } from '../../src/errors.js';
import { replyLost, requestLost } from '../coordinator/script.js';
import { type Player, Stage } from '../coordinator/stage.js';

const TTL_MS = 10_000;
const VALID_MS = 9_800;
const TRY = { blocking: false } as const;

let stage: Stage;
let a: Player;
let b: Player;

beforeEach(async () => {
  stage = new Stage();
  a = await stage.player('a', { lockTtlMs: TTL_MS });
  b = await stage.player('b', { lockTtlMs: TTL_MS });
});
afterEach(() => stage.close());

/** Nobody holds the lock or waits for it. */
async function expectUntouched(): Promise<void> {
  const { mode, queue } = await b.coordinator.inspectLock('l');
  expect([mode, queue]).toEqual([null, []]);
}

describe('an acquisition', () => {
  it('of a free lock is one request', async () => {
    const lock = a.coordinator.getLock('l');
    expect(await lock.acquire()).toBe(true);
    expect(a.script.calls).toEqual(['acquire']);
    expect(await lock.release()).toBe(true);
    expect(a.script.calls).toEqual(['acquire', 'release']);
  });

  it('that is refused is one request', async () => {
    await b.coordinator.getLock('l').acquire();
    expect(await a.coordinator.getLock('l').acquire(TRY)).toBe(false);
    expect(a.script.calls).toEqual(['acquire']);
  });

  it.each([{ timeoutMs: -1 }, { timeoutMs: Number.NaN }, { timeoutMs: 2 ** 31 }])(
    'with %o sends nothing',
    async (o) => {
      await expect(a.coordinator.getLock('l').acquire(o)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
      expect(a.script.calls).toEqual([]);
    },
  );

  it('counts its lease from the sending of the request', async () => {
    const held = a.script.hold('acquire');
    const lock = a.coordinator.getLock('l');
    const acquiring = lock.acquire();
    await held.arrived;
    stage.clock.block(4_000);
    held.release();
    expect(await acquiring).toBe(true);
    stage.clock.block(VALID_MS - 4_001);
    expect(lock.acquired).toBe(true);
    stage.clock.block(1);
    expect(lock.acquired).toBe(false);
  });

  it('is sent again when its lease had ended before the answer came, under the same token', async () => {
    const held = a.script.hold('acquire');
    const lock = a.coordinator.getLock('l');
    const acquiring = lock.acquire();
    await held.arrived;
    stage.clock.block(VALID_MS);
    held.release();
    expect(await acquiring).toBe(true);
    const [first, second] = a.script.acquires;
    expect(second).toEqual(first);
    expect(a.script.acquires).toHaveLength(2);
    stage.clock.block(VALID_MS - 1);
    expect(lock.acquired).toBe(true);
    expect((await b.coordinator.inspectLock('l')).fencingToken).toBe(lock.fencingToken);
  });

  it('gives up, and leaves nothing, when every answer takes longer than its lease', async () => {
    a.script.always('acquire', async (send) => {
      const reply = await send();
      stage.clock.block(VALID_MS);
      return reply;
    });
    await expect(a.coordinator.getLock('l').acquire()).rejects.toMatchObject({
      code: 'TIMED_OUT',
      message: expect.stringContaining('lockTtlMs'),
    });
    expect(a.script.acquires).toHaveLength(4);
    expect(await a.coordinator.heartbeat()).toBeGreaterThan(0);
    expect(a.script.beats.at(-1)?.leases).toEqual([]);
    await expectUntouched();
  });

  it('passes the first error of the store on', async () => {
    a.script.next('acquire', requestLost);
    await expect(a.coordinator.getLock('l').acquire()).rejects.toBeInstanceOf(ConnectionError);
    await expectUntouched();
  });

  it('whose answer was lost leaves no key, and lets its caller have the lock at once (B5)', async () => {
    a.script.next('acquire', replyLost);
    const lock = a.coordinator.getLock('l');
    await expect(lock.acquire()).rejects.toBeInstanceOf(ConnectionError);
    await expectUntouched();
    expect(await lock.acquire(TRY)).toBe(true);
  });

  it('whose answer and whose release were lost is released with the next beat', async () => {
    a.script.next('acquire', replyLost);
    a.script.next('release', requestLost);
    await expect(a.coordinator.getLock('l').acquire()).rejects.toBeInstanceOf(ConnectionError);
    expect((await b.coordinator.inspectLock('l')).holder).toBe('a');
    await a.coordinator.heartbeat();
    await stage.rest();
    await expectUntouched();
    await a.coordinator.heartbeat();
    expect(a.script.releases, 'it is done').toHaveLength(2);
  });

  it('that was abandoned is not released for longer than a lease lasts', async () => {
    a.script.next('acquire', replyLost);
    a.script.always('release', requestLost);
    await expect(a.coordinator.getLock('l').acquire()).rejects.toBeInstanceOf(ConnectionError);
    await stage.pass(TTL_MS + 1);
    await a.coordinator.heartbeat();
    await a.coordinator.heartbeat();
    expect(a.script.releases).toHaveLength(1);
  });

  it('is told no later than 250 ms after its end, though the store does not answer the release', async () => {
    await b.coordinator.getLock('l').acquire();
    a.script.next('release', a.script.hangs);
    const acquiring = a.coordinator.getLock('l').acquire({ timeoutMs: 1_000 });
    await stage.pass(1_000);
    expect(await stage.isPending(acquiring)).toBe(true);
    await stage.pass(250);
    expect(await stage.now(acquiring)).toBe(false);
  });
});

describe('the end of an acquisition (B16)', () => {
  const reason = new Error('enough');

  it('by time-out comes when the time is over, and leaves nothing', async () => {
    await b.coordinator.getLock('l').acquire();
    const acquiring = a.coordinator.getLock('l').acquire({ timeoutMs: 1_000 });
    await stage.pass(999);
    expect(await stage.isPending(acquiring)).toBe(true);
    await stage.pass(1);
    expect(await stage.now(acquiring)).toBe(false);
    expect((await b.coordinator.inspectLock('l')).queue).toEqual([]);
  });

  it('by time-out comes when the time is over though the store does not answer, and does not call that busy', async () => {
    a.script.next('acquire', a.script.hangs);
    const acquiring = a.coordinator.getLock('l').acquire({ timeoutMs: 500 });
    acquiring.catch(() => {});
    await stage.pass(499);
    expect(await stage.isPending(acquiring)).toBe(true);
    await stage.pass(1);
    await expect(acquiring).rejects.toMatchObject({ code: 'TIMED_OUT', timeoutMs: 500 });
  });

  it('rejects with the reason of the signal, whatever that is', async () => {
    await b.coordinator.getLock('l').acquire();
    for (const why of [reason, 'a word', 7]) {
      const abort = new AbortController();
      const acquiring = a.coordinator.getLock('l').acquire({ signal: abort.signal });
      await stage.rest();
      abort.abort(why);
      expect(await acquiring.catch((error: unknown) => error)).toBe(why);
      const late = a.coordinator.getLock('l').acquire({ signal: abort.signal });
      expect(await late.catch((error: unknown) => error)).toBe(why);
    }
    expect((await b.coordinator.inspectLock('l')).queue).toEqual([]);
  });

  it('by abort leaves nothing, however many steps after the answer it comes', async () => {
    for (let steps = 0; steps < 12; steps++) {
      const abort = new AbortController();
      const held = a.script.hold('acquire');
      const lock = a.coordinator.getLock('l');
      const acquiring = lock.acquire({ signal: abort.signal }).catch((error: unknown) => error);
      await held.arrived;
      held.release();
      for (let i = 0; i < steps; i++) await Promise.resolve();
      abort.abort(reason);
      const outcome = await stage.now(acquiring);
      expect(lock.acquired, `after ${steps} steps`).toBe(outcome === true);
      if (outcome === true) expect(await lock.release()).toBe(true);
      else expect(outcome).toBe(reason);
      await stage.rest();
      await expectUntouched();
      await a.coordinator.heartbeat();
      expect(a.script.beats.at(-1)?.leases, `after ${steps} steps`).toEqual([]);
      expect(getEventListeners(abort.signal, 'abort')).toEqual([]);
    }
  });

  it('by abort leaves nothing when the grant comes afterwards', async () => {
    const abort = new AbortController();
    const held = a.script.hold('acquire');
    const acquiring = a.coordinator.getLock('l').acquire({ signal: abort.signal });
    await held.arrived;
    abort.abort(reason);
    await expect(stage.now(acquiring)).rejects.toBe(reason);
    held.release();
    await stage.rest();
    await expectUntouched();
  });

  it('by abort leaves nothing when the request overtakes its own release', async () => {
    const abort = new AbortController();
    const late: (() => void)[] = [];
    a.script.next('acquire', async (send) => {
      await new Promise<void>((resolve) => late.push(resolve));
      return send();
    });
    const acquiring = a.coordinator.getLock('l').acquire({ signal: abort.signal });
    abort.abort(reason);
    await expect(stage.now(acquiring)).rejects.toBe(reason);
    late[0]?.();
    await stage.rest();
    await expectUntouched();
  });

  it('by abort while it waits and the answer of the release is lost leaves nothing after a beat', async () => {
    const held = b.coordinator.getLock('l');
    await held.acquire();
    const abort = new AbortController();
    const acquiring = a.coordinator.getLock('l').acquire({ signal: abort.signal });
    await stage.rest();
    a.script.next('release', requestLost);
    abort.abort(reason);
    await expect(stage.now(acquiring)).rejects.toBe(reason);
    expect((await b.coordinator.inspectLock('l')).queue).toHaveLength(1);
    await a.coordinator.heartbeat();
    await stage.rest();
    expect((await b.coordinator.inspectLock('l')).queue).toEqual([]);
    expect(await held.release()).toBe(true);
    await expectUntouched();
  });

  it.each([{}, TRY, { timeoutMs: 1_000 }])('by stop leaves nothing of %o', async (o) => {
    for (let steps = 0; steps < 12; steps++) {
      const other = await stage.player('other', { lockTtlMs: TTL_MS });
      const held = other.script.hold('acquire');
      const lock = other.coordinator.getLock('l');
      const acquiring = lock.acquire(o).catch((error: unknown) => error);
      await held.arrived;
      held.release();
      for (let i = 0; i < steps; i++) await Promise.resolve();
      await stage.now(other.coordinator.stop());
      const outcome = await stage.now(acquiring);
      if (outcome !== true) expect(outcome).toMatchObject({ code: 'NOT_STARTED' });
      expect(lock.acquired, `after ${steps} steps`).toBe(false);
      await expectUntouched();
    }
  });

  it.each([{}, TRY])('by a stop in the same turn leaves nothing of %o', async (o) => {
    const lock = a.coordinator.getLock('l');
    const acquiring = lock.acquire(o).catch((error: unknown) => error);
    await stage.now(a.coordinator.stop());
    await stage.now(acquiring);
    expect(lock.acquired).toBe(false);
    await expectUntouched();
  });
});
