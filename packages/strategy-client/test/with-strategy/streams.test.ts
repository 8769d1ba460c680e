import { status } from '@grpc/grpc-js';
import { describe, expect, test, vi } from 'vitest';
import { LostAfterSend } from '../../src/errors.js';
import { PARTS } from './support/deployment.js';
import { collect, follow } from './support/follow.js';
import { World } from './support/world.js';

const MANY = 50_000;

test('messages come in order, and the end after the last', async () => {
  const world = await World.start();
  const { exports } = follow(world);
  const parts = await collect(exports.watch({ parts: 500 }));
  expect(parts.map(({ seq }) => seq)).toEqual(Array.from({ length: 500 }, (_, seq) => seq));
  expect(await collect(exports.watch({ parts: 0 }))).toEqual([]);
});

test('nothing is sent before somebody iterates, and it is iterated once', async () => {
  const world = await World.start();
  const { exports } = follow(world);
  const messages = exports.watch({ parts: 3 });
  await exports.startJob({ name: 'a' });
  expect(world.seen).not.toContain('Watch@blue');
  expect(await collect(messages)).toHaveLength(3);
  expect(await collect(messages)).toEqual([]);
});

test('the server sends no more than is read, but what fits on the way', async () => {
  const world = await World.start();
  const { exports } = follow(world);
  const messages = exports.watch({ parts: MANY })[Symbol.asyncIterator]();
  await messages.next();
  // Round trips enough for everything that does not wait for a reader.
  for (let n = 0; n < 20; n++) await exports.startJob({ name: `${n}` });
  expect(world.sides.blue.partsSent).toBeLessThan(MANY / 2);
  await messages.return?.();
  await vi.waitFor(() => expect(world.sides.blue.streams).toBe(0));
});

describe('leaving', () => {
  test('the loop ends the call on the server', async () => {
    const world = await World.start();
    const { exports, manager } = follow(world);
    for await (const { seq } of exports.watch({ parts: MANY })) if (seq === 10) break;
    expect(manager.metrics().pinned.blue).toBe(0);
    await vi.waitFor(() => expect(world.sides.blue.streams).toBe(0));
    expect(world.sides.blue.partsSent).toBeLessThan(MANY);
  });

  test('while the next message is waited for ends that too', async () => {
    const world = await World.start();
    const { exports } = follow(world);
    world.sides.blue.silence = new Promise(() => {});
    const messages = exports.watch({ parts: 1 })[Symbol.asyncIterator]();
    const next = messages.next();
    await vi.waitFor(() => expect(world.sides.blue.streams).toBe(1));
    await messages.return?.();
    expect(await next).toMatchObject({ done: true });
    await vi.waitFor(() => expect(world.sides.blue.streams).toBe(0));
  });

  test('by a signal throws its reason, before the first message and after', async () => {
    const world = await World.start();
    const { exports } = follow(world);
    const caller = new AbortController();
    const reading = (async () => {
      for await (const { seq } of exports.watch({ parts: MANY }, { signal: caller.signal }))
        if (seq === 5) caller.abort(new Error('enough'));
    })();
    await expect(reading).rejects.toThrow('enough');
    await expect(collect(exports.watch({ parts: 1 }, { signal: caller.signal }))).rejects.toThrow('enough');
    await vi.waitFor(() => expect(world.sides.blue.streams).toBe(0));
  });
});

describe('a stream and a switch', () => {
  test('it stays where it is, and its deployment is drained when it has ended', async () => {
    const world = await World.start();
    const { exports, manager } = follow(world);
    const drained = vi.fn();
    manager.on('drained', drained);
    const messages = exports.watch({ parts: MANY })[Symbol.asyncIterator]();
    expect(await messages.next()).toMatchObject({ value: { from: 'blue', seq: 0 } });
    expect(manager.metrics().pinned).toEqual({ blue: 1, green: 0 });
    world.drain();
    expect((await exports.startJob({ name: 'a' })).from).toBe('green');
    expect(await messages.next()).toMatchObject({ value: { from: 'blue', seq: 1 } });
    expect(drained).not.toHaveBeenCalled();
    await messages.return?.();
    expect(drained).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ strategy: 'blue' }));
  });

  test('refused before its first message, it begins on the other side', async () => {
    const world = await World.start({ refusal: 'own' });
    const { exports } = follow(world);
    await exports.startJob({ name: 'a' });
    world.switchAtOnce();
    const parts = await collect(exports.watch({ parts: 3 }));
    expect(parts.map(({ from, seq }) => `${from} ${seq}`)).toEqual(['green 0', 'green 1', 'green 2']);
  });

  test('what a message announces is heard', async () => {
    const world = await World.start();
    const { exports, manager } = follow(world);
    const pending = new Promise((resolve) => manager.on('pending', resolve));
    for await (const { seq } of exports.watch({ parts: MANY })) {
      if (seq === 0) world.announce();
      if (manager.metrics().switches === 1) break;
    }
    expect(await pending).toEqual({ strategy: 'green', active: 'blue' });
    expect((await exports.startJob({ name: 'a' })).from).toBe('green');
  });

  test('a pinned one is served by the side of its job, and gone with it', async () => {
    const world = await World.start();
    const { exports } = follow(world);
    const { jobId } = await exports.startJob({ name: 'a' });
    world.drain();
    expect(await collect(exports.download({ jobId }))).toHaveLength(PARTS);
    world.off();
    await expect(collect(exports.download({ jobId }))).rejects.toMatchObject({
      code: 'DEPLOYMENT_GONE',
      rpc: 'download',
    });
  });
});

describe('a stream that breaks', () => {
  test('after messages: LostAfterSend says how many, also for one that is idempotent', async () => {
    const world = await World.start();
    const { exports } = follow(world, { idempotent: () => true });
    await exports.startJob({ name: 'a' });
    world.fault('Watch', (port) => ({ kind: 'cut', port, afterBytes: 400 }));
    let got = 0;
    const reading = (async () => {
      for await (const _ of exports.watch({ parts: MANY })) got++;
    })();
    const error = await reading.catch((e: unknown) => e);
    expect(error).toBeInstanceOf(LostAfterSend);
    expect(error).toMatchObject({ rpc: 'watch', rowsDelivered: got });
    expect(got).toBeGreaterThan(0);
  });

  test('before the first: again if it is idempotent, else LostAfterSend', async () => {
    const world = await World.start();
    const { exports, manager } = follow(world);
    world.fault('Watch', (port) => ({ kind: 'cut', port, afterBytes: 0 }));
    expect(await collect(exports.watch({ parts: 4 }, { idempotent: true }))).toHaveLength(4);
    world.fault('Watch', () => ({ kind: 'reset' }));
    await expect(collect(exports.watch({ parts: 4 }))).rejects.toMatchObject({
      code: 'LOST_AFTER_SEND',
      rowsDelivered: 0,
    });
    expect(manager.metrics().pinned).toEqual({ blue: 0, green: 0 });
  });

  test('by its deadline', async () => {
    const world = await World.start();
    world.sides.blue.silence = new Promise(() => {});
    const { exports } = follow(world, { streamTimeoutMs: 30 });
    await expect(collect(exports.watch({ parts: 1 }))).rejects.toMatchObject({
      code: 'LOST_AFTER_SEND',
      cause: { code: status.DEADLINE_EXCEEDED },
    });
  });

  test('by an error of the service throws what grpc-js made of it', async () => {
    const world = await World.start();
    const { exports } = follow(world);
    await expect(collect(exports.download({ jobId: 'none' }))).rejects.toMatchObject({
      code: status.NOT_FOUND,
    });
  });
});
