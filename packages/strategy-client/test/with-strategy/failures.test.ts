import { Metadata, status } from '@grpc/grpc-js';
import { describe, expect, test, vi } from 'vitest';
import { DeploymentGoneError, LostAfterSend } from '../../src/errors.js';
import { StrategyManager } from '../../src/manager/strategy-manager.js';
import { inProcessStore } from '../../src/stores/in-process/in-process-store.js';
import { withStrategy } from '../../src/with-strategy/with-strategy.js';
import { exportsClient } from './support/exports-service.js';
import { follow, pinHooks, sessionHooks } from './support/follow.js';
import type { Verdict } from './support/router.js';
import { World } from './support/world.js';

const lostReply = (port: number): Verdict => ({ kind: 'cut', port, afterBytes: 0 });
const resetBefore = (): Verdict => ({ kind: 'reset' });
const hang = (): Verdict => ({ kind: 'hang' });

describe('a lost answer', () => {
  test.each([lostReply, resetBefore])(
    'ends a call that is not idempotent in LostAfterSend',
    async (fault) => {
      const world = await World.start();
      const { exports, manager } = follow(world);
      world.fault('StartJob', fault);
      const error = await exports.startJob({ name: 'a' }).catch((e: unknown) => e);
      expect(error).toBeInstanceOf(LostAfterSend);
      expect(error).toMatchObject({ rpc: 'startJob', rowsDelivered: 0 });
      expect(world.starts('a')).toBeLessThanOrEqual(1);
      expect(manager.metrics().lostAfterSend).toBe(1);
    },
  );

  test('is asked for again where the method, or the call, is idempotent', async () => {
    const world = await World.start();
    const { exports } = follow(world, { idempotent: (method) => method === 'jobStatus' });
    const { jobId } = await exports.startJob({ name: 'a' });
    world.fault('JobStatus', lostReply, resetBefore);
    expect(await exports.jobStatus({ jobId })).toMatchObject({ name: 'a' });
    world.fault('JobStatus', lostReply);
    await expect(exports.jobStatus({ jobId }, { idempotent: false })).rejects.toBeInstanceOf(LostAfterSend);
    world.fault('CloseJob', resetBefore);
    await exports.closeJob({ jobId }, { idempotent: true });
    expect(world.sides.blue.jobs.size).toBe(0);
  });

  test('that stays lost ends in UNAVAILABLE after maxRetryAttempts', async () => {
    const world = await World.start();
    const { exports } = follow(world, { idempotent: () => true, maxRetryAttempts: 3 });
    world.fault('StartJob', resetBefore, resetBefore, resetBefore, resetBefore);
    await expect(exports.startJob({ name: 'a' })).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      retryable: true,
    });
    expect(world.seen.filter((call) => call.startsWith('StartJob'))).toHaveLength(3);
  });

  test('by a deadline of the call, or of all calls', async () => {
    const world = await World.start();
    const { exports } = follow(world, { timeoutMs: 40 });
    const { jobId } = await exports.startJob({ name: 'a' }, { timeoutMs: 10_000 });
    world.fault('JobStatus', hang);
    await expect(exports.jobStatus({ jobId })).rejects.toMatchObject({
      code: 'LOST_AFTER_SEND',
      cause: { code: status.DEADLINE_EXCEEDED },
    });
    world.fault('JobStatus', hang);
    await expect(exports.jobStatus({ jobId }, { timeoutMs: 20 })).rejects.toBeInstanceOf(LostAfterSend);
  });
});

test('nobody listens: UNAVAILABLE, also for a call that is not idempotent, as nothing was sent', async () => {
  const manager = new StrategyManager({ target: 'nobody', store: inProcessStore() });
  const client = exportsClient(1);
  const exports = withStrategy(client, { manager, maxRetryAttempts: 2, retryBaseMs: 1, retryMaxMs: 2 });
  await expect(exports.startJob({ name: 'a' })).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  await exports.close();
  client.close();
  await manager.close();
});

describe('what a call is about', () => {
  test('is gone with its deployment', async () => {
    const world = await World.start();
    const { exports, manager } = follow(world);
    const { jobId } = await exports.startJob({ name: 'a' });
    world.switchAtOnce();
    const error = await exports.jobStatus({ jobId }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(DeploymentGoneError);
    expect(error).toMatchObject({ strategy: 'blue', rpc: 'jobStatus', rowsDelivered: 0 });
    expect(String(error)).toContain('begin it again');
    expect(manager.metrics()).toMatchObject({ deploymentsGone: 1, pinned: { blue: 0, green: 0 } });
    // The pin has ended; where it was is still remembered.
    await expect(exports.jobStatus({ jobId })).rejects.toMatchObject({ code: 'DEPLOYMENT_GONE' });
    expect((await exports.startJob({ name: 'a' })).from).toBe('green');
  });

  test('is found after it has ended, for a late call', async () => {
    const world = await World.start();
    const { exports } = follow(world);
    const first = await exports.startJob({ name: 'a' });
    const second = await exports.startJob({ name: 'b' });
    await exports.closeJob(first);
    world.drain();
    expect((await exports.startJob({ name: 'c' })).from).toBe('green');
    await expect(exports.closeJob(first)).rejects.toMatchObject({
      code: status.NOT_FOUND,
      details: `no job ${first.jobId} on blue`,
    });
    expect(await exports.jobStatus(second)).toMatchObject({ from: 'blue' });
  });

  test('is asked for where new calls go, if this process does not know it', async () => {
    const world = await World.start();
    const { exports } = follow(world);
    const { exports: stranger } = follow(world);
    const { jobId } = await exports.startJob({ name: 'a' });
    expect(await stranger.jobStatus({ jobId })).toMatchObject({ name: 'a' });
    await stranger.closeJob({ jobId });
    const { exports: another } = follow(world);
    await expect(another.jobStatus({ jobId })).rejects.toMatchObject({ code: status.NOT_FOUND });
  });

  test('has ended when the service does not know it at its end, and not before', async () => {
    const world = await World.start();
    const { exports, manager } = follow(world);
    const { jobId } = await exports.startJob({ name: 'a' });
    world.sides.blue.jobs.clear();
    await expect(exports.jobStatus({ jobId })).rejects.toMatchObject({ code: status.NOT_FOUND });
    expect(manager.metrics().pinned.blue).toBe(1);
    await expect(exports.closeJob({ jobId })).rejects.toMatchObject({ code: status.NOT_FOUND });
    expect(manager.metrics().pinned.blue).toBe(0);
  });

  test('is dropped, oldest first, when there is too much of it', async () => {
    const world = await World.start();
    const { exports, manager } = follow(world, { maxPins: 2 });
    for (const name of ['a', 'b', 'c']) await exports.startJob({ name });
    expect(Object.keys(manager.getSharedStrategy().queryStrategyMap)).toEqual([
      'test.Exports/blue-job-3',
      'test.Exports/blue-job-4',
    ]);
  });
});

describe('a session', () => {
  test('that the deployment has forgotten is opened again, for what goes anywhere and for what is pinned', async () => {
    const world = await World.start();
    const { exports, manager } = follow(world);
    const { jobId } = await exports.startJob({ name: 'a' });
    world.sides.blue.sessions.clear();
    expect(await exports.jobStatus({ jobId })).toMatchObject({ name: 'a' });
    await exports.jobStatus({ jobId });
    // The first call tried the old session; the pin goes on with the one that it got then.
    const used = world.sides.blue.calls.filter(({ method }) => method === 'JobStatus');
    expect(used.map(({ session }) => session)).toEqual([1, 3, 3].map((n) => `blue-session-${n}`));
    world.sides.blue.sessions.clear();
    await exports.startJob({ name: 'b' });
    expect(world.sides.blue.logins).toBe(3);
    expect(manager.metrics().reauthentications.blue).toBe(2);
  });

  test('is one for many calls', async () => {
    const world = await World.start();
    const { exports } = follow(world);
    await Promise.all(Array.from({ length: 30 }, (_, n) => exports.startJob({ name: `${n}` })));
    expect(world.sides.blue.logins).toBe(1);
  });

  test('that is refused: the error of the login is what the caller gets', async () => {
    const world = await World.start();
    const { exports } = follow(world, { session: sessionHooks('mallory') });
    await expect(exports.startJob({ name: 'a' })).rejects.toMatchObject({
      code: 'AUTHENTICATION',
      strategy: 'blue',
    });
    const { exports: nobody } = follow(world, { session: sessionHooks('nobody') });
    await expect(nobody.startJob({ name: 'a' })).rejects.toMatchObject({ code: 'AUTHENTICATION' });
    expect(world.starts('a')).toBe(0);
  });

  test('that never opens is given up after sessionTimeoutMs, and asked for again', async () => {
    const world = await World.start();
    let asked = 0;
    const { open } = sessionHooks();
    const { exports } = follow(world, {
      sessionTimeoutMs: 200,
      session: { ...sessionHooks(), open: (o) => (++asked === 1 ? new Promise(() => {}) : open(o)) },
    });
    await exports.startJob({ name: 'a' });
    expect(asked).toBeGreaterThan(1);
  });

  test('is lent by the manager', async () => {
    const world = await World.start();
    const { manager } = follow(world);
    expect(await manager.session()).toEqual({ strategy: 'blue', sessionId: 'blue-session-1' });
    const bare = await World.start({ hasSessions: false });
    await expect(follow(bare).manager.session()).rejects.toMatchObject({ code: 'NOT_SUPPORTED' });
  });
});

describe('a call', () => {
  test('whose caller gives up ends with the reason, and on the server', async () => {
    const world = await World.start();
    const { exports } = follow(world);
    world.fault('StartJob', hang);
    const caller = new AbortController();
    const call = exports.startJob({ name: 'a' }, { signal: caller.signal });
    await vi.waitFor(() => expect(world.seen).toContain('StartJob@blue'));
    caller.abort(new Error('enough'));
    await expect(call).rejects.toThrow('enough');
    await expect(exports.startJob({ name: 'a' }, { signal: caller.signal })).rejects.toThrow('enough');
    expect(world.starts('a')).toBe(0);
  });

  test('that the service refuses throws what grpc-js made of it', async () => {
    const world = await World.start();
    const { exports } = follow(world);
    await expect(exports.startJob({ name: '' })).rejects.toMatchObject({
      code: status.INVALID_ARGUMENT,
      details: 'a job needs a name',
      metadata: expect.any(Metadata),
    });
  });

  test('leaves the metadata of its caller alone', async () => {
    const world = await World.start();
    const { exports } = follow(world);
    const metadata = new Metadata();
    metadata.set('trace', '1');
    await exports.startJob({ name: 'a' }, { metadata });
    expect(metadata.getMap()).toEqual({ trace: '1' });
  });

  test('of a closed client throws CLOSED; the grpc-js client works on', async () => {
    const world = await World.start({ hasSessions: false });
    const client = world.client();
    const manager = world.manager();
    const exports = withStrategy(client, { manager, pin: pinHooks });
    await exports.startJob({ name: 'a' });
    expect(manager.metrics().pinned.blue).toBe(1);
    await exports[Symbol.asyncDispose]();
    await exports.close();
    expect(manager.metrics().pinned.blue).toBe(0);
    await expect(exports.startJob({ name: 'b' })).rejects.toMatchObject({ code: 'CLOSED' });
    const metadata = new Metadata();
    metadata.set('strategy', 'blue');
    await new Promise<void>((resolve, reject) =>
      client.startJob({ name: 'b' }, metadata, {}, (error) => (error ? reject(error) : resolve())),
    );
  });

  test('of a method that streams requests is not made', async () => {
    const world = await World.start();
    const made: object = follow(world).exports;
    for (const name of ['upload', 'chat']) {
      const method: unknown = Reflect.get(made, name);
      expect(method).toThrow(
        expect.objectContaining({ code: 'NOT_SUPPORTED', message: expect.stringContaining(name) }),
      );
    }
  });
});

describe('a function of the caller that throws', () => {
  const oops = (): never => {
    throw new Error('oops');
  };

  test('while it reads a reply does no harm to the call', async () => {
    const world = await World.start();
    const warn = vi.fn();
    const logger = { debug: () => {}, info: () => {}, warn, error: () => {} };
    const manager = new StrategyManager({ target: 'x', store: inProcessStore(), logger });
    const { exports } = follow(world, {
      manager,
      announced: oops,
      pin: { ...pinHooks, start: oops, end: oops },
    });
    const { jobId } = await exports.startJob({ name: 'a' });
    await exports.closeJob({ jobId });
    expect(new Set(warn.mock.calls.map(([fields]) => fields.hook))).toEqual(
      new Set(['announced', 'pin.start', 'pin.end']),
    );
    await manager.close();
  });

  test('while it reads an error leaves that as it is', async () => {
    const world = await World.start();
    const { exports } = follow(world, { isMismatch: oops, session: { ...sessionHooks(), isExpired: oops } });
    await expect(exports.startJob({ name: '' })).rejects.toMatchObject({ code: status.INVALID_ARGUMENT });
  });

  test.each([
    { session: { ...sessionHooks(), attach: oops } },
    { session: { ...sessionHooks(), open: oops } },
    { pin: { ...pinHooks, of: oops } },
    { idempotent: oops },
  ])('while it makes a request fails the call, of which nothing is sent: %o', async (hooks) => {
    const world = await World.start();
    const { exports } = follow(world, hooks);
    await expect(exports.startJob({ name: 'a' })).rejects.toThrow('oops');
    expect(world.starts('a')).toBe(0);
  });
});
