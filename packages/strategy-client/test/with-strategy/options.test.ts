import { Client, credentials } from '@grpc/grpc-js';
import { expect, test } from 'vitest';
import { StrategyManager } from '../../src/manager/strategy-manager.js';
import { inProcessStore } from '../../src/stores/in-process/in-process-store.js';
import { resolveWithStrategyOptions, type WithStrategyOptions } from '../../src/with-strategy/options.js';
import { withStrategy } from '../../src/with-strategy/with-strategy.js';
import { type ExportsClient, exportsClient } from './support/exports-service.js';
import { follow } from './support/follow.js';
import { World } from './support/world.js';

type Options = WithStrategyOptions<ExportsClient, string>;

const manager = new StrategyManager({ target: 'x', store: inProcessStore() });

test('defaults', () => {
  const o = resolveWithStrategyOptions<ExportsClient, string>({ manager });
  expect(o).toMatchObject({
    header: 'strategy',
    timeoutMs: 60_000,
    streamTimeoutMs: 3_600_000,
    sessionTimeoutMs: 30_000,
    maxRetryAttempts: 5,
    retryBaseMs: 200,
    retryMaxMs: 2_000,
    maxPins: 10_000,
  });
  expect(Object.isFrozen(o)).toBe(true);
  expect(o.idempotent('startJob')).toBe(false);
  expect(resolveWithStrategyOptions({ manager, retryBaseMs: 9_000 }).retryMaxMs).toBe(9_000);
});

test.each<Partial<Record<keyof Options, unknown>>>([
  { timeoutMs: 0 },
  { timeoutMs: 86_400_001 },
  { streamTimeoutMs: Number.NaN },
  { sessionTimeoutMs: 0 },
  { maxRetryAttempts: 0 },
  { maxRetryAttempts: 1.5 },
  { maxRetryAttempts: 101 },
  { retryBaseMs: 0 },
  { retryBaseMs: 50, retryMaxMs: 49 },
  { maxPins: 0 },
  { maxPins: 1_000_001 },
  { header: '' },
  { header: 'strategy-bin' },
  { header: 'grpc-strategy' },
  { header: 'a b' },
  { manager: {} },
])('refuses %o and says what is allowed', (wrong) => {
  const given = { manager, ...wrong } as unknown as Options;
  const name = Object.keys(wrong).at(-1) ?? '';
  expect(() => resolveWithStrategyOptions(given)).toThrow(
    expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringContaining(name) }),
  );
});

test('refuses a client of which it cannot know the methods, and a closed manager', async () => {
  const plain = new Client('127.0.0.1:1', credentials.createInsecure());
  expect(() => withStrategy(plain, { manager })).toThrow(
    expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
  );
  plain.close();
  const closed = new StrategyManager({ target: 'y', store: inProcessStore() });
  await closed.close();
  const client = exportsClient(1);
  expect(() => withStrategy(client, { manager: closed })).toThrow(
    expect.objectContaining({ code: 'CLOSED' }),
  );
  client.close();
});

test('refuses a deadline of a call that is out of its limits, before anything is sent', async () => {
  const world = await World.start();
  const { exports } = follow(world);
  await expect(exports.startJob({ name: 'a' }, { timeoutMs: -1 })).rejects.toMatchObject({
    code: 'INVALID_ARGUMENT',
  });
  expect(world.seen).toEqual([]);
});

test('a method with two names has both', async () => {
  const world = await World.start({ hasSessions: false });
  const { exports } = follow(world);
  const other: unknown = Reflect.get(exports, 'StartJob');
  if (typeof other !== 'function') throw new Error('StartJob is not there');
  expect(await other({ name: 'a' })).toMatchObject({ from: 'blue' });
});
