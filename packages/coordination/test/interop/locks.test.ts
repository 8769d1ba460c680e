import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import type { CoordinatorOptions } from '../../src/index.js';
import { Fleet, useRedis } from './fleet.js';
import { startNodePeer } from './node-process.js';
import type { PythonPeerOptions } from './python-peer.js';
import { reportLine } from './report-line.js';

const redis = useRedis();

/** A lock name in both languages; Python's as a literal, since text and bytes make two locks there up to 8.1. */
const LOCK = { lock: "b'lk'" };
const NOT_WAITING = { blocking: false } as const;

type Format = NonNullable<CoordinatorOptions['lockKeyFormat']>;
const SETTINGS: readonly [format: Format, generation: NonNullable<PythonPeerOptions['generation']>][] = [
  ['tooz8-bytes', 8],
  ['tooz9', 9],
  [['tooz9', 'tooz8-bytes'], 8],
  [['tooz9', 'tooz8-bytes'], 9],
];

describe.each(SETTINGS)('B26 locks as %s and tooz %d', (lockKeyFormat, generation) => {
  const pair = async () => {
    const fleet = new Fleet(redis());
    const [node, python] = await Promise.all([
      fleet.node('n', { lockKeyFormat }),
      fleet.python('p', { generation }),
    ]);
    return { fleet, node, python, lock: node.getLock(Buffer.from('lk')) };
  };

  it('each excludes the other, and neither releases what it does not hold', async () => {
    const { node, python, lock } = await pair();
    expect(await lock.acquire({ blocking: false })).toBe(true);
    expect(await python.tell('acquire', { ...LOCK, ...NOT_WAITING })).toBe(false);
    expect(await python.tell('acquire', { ...LOCK, blocking: 0.3 })).toBe(false);
    expect(await python.tell('release', LOCK)).toBe(false);
    expect(await lock.isStillOwner()).toBe(true);
    expect(await lock.release()).toBe(true);

    expect(await python.tell('acquire', { ...LOCK, ...NOT_WAITING })).toBe(true);
    expect(await lock.acquire({ blocking: false })).toBe(false);
    expect(await lock.acquire({ blocking: false, shared: true })).toBe(false);
    expect(await lock.release()).toBe(false);
    expect(await python.tell('owns', LOCK)).toBe(true);
    expect(await node.inspectLock(Buffer.from('lk'))).toMatchObject({
      mode: 'exclusive',
      holder: undefined,
      fencingToken: null,
    });
    expect(await python.tell('release', LOCK)).toBe(true);
    expect(await lock.acquire({ blocking: false })).toBe(true);
    await lock.release();
  });

  it('each waits for the other', async () => {
    const { python, lock } = await pair();
    await lock.acquire();
    const pythonWaits = python.tell('acquire', { ...LOCK, blocking: true });
    await lock.release();
    expect(await pythonWaits).toBe(true);
    const nodeWaits = lock.acquire();
    await python.tell('release', LOCK);
    expect(await nodeWaits).toBe(true);
    await lock.release();
  });

  it('each breaks the lock of the other, whose release then harms nobody', async () => {
    const { fleet, python, lock } = await pair();
    await lock.acquire();
    const before = lock.fencingToken ?? 0n;
    expect(await python.tell('break_lock', LOCK)).toBe(true);
    expect(await python.tell('break_lock', LOCK)).toBe(false);
    expect(await python.tell('acquire', { ...LOCK, ...NOT_WAITING })).toBe(true);
    expect(await lock.isStillOwner()).toBe(false);
    expect(await lock.heartbeat()).toBe(false);
    expect(lock.acquired).toBe(false);
    expect(lock.signal.aborted).toBe(true);
    expect(await lock.release()).toBe(false);
    expect(await python.tell('owns', LOCK)).toBe(true);

    expect(await lock.break()).toBe(true);
    expect(await python.tell('owns', LOCK)).toBe(false);
    expect(await lock.acquire({ blocking: false })).toBe(true);
    expect(lock.fencingToken).toBeGreaterThan(before);
    expect(await python.tell('release', LOCK)).toBe(false);
    const third = (await fleet.node('third', { lockKeyFormat })).getLock(Buffer.from('lk'));
    expect(await third.acquire({ blocking: false })).toBe(false);
    expect(await lock.isStillOwner()).toBe(true);
    await lock.release();
  });

  it('readers of Node keep Python out until the last of them goes, and Python keeps readers out', async () => {
    const { fleet, node, python, lock } = await pair();
    const second = (await fleet.node('second', { lockKeyFormat })).getLock(Buffer.from('lk'));
    expect(await lock.acquire({ shared: true })).toBe(true);
    expect(await second.acquire({ shared: true })).toBe(true);
    expect(await python.tell('acquire', { ...LOCK, ...NOT_WAITING })).toBe(false);
    expect(await python.tell('release', LOCK)).toBe(false);
    expect((await node.inspectLock(Buffer.from('lk'))).holders).toHaveLength(2);
    await lock.release();
    expect(await python.tell('acquire', { ...LOCK, ...NOT_WAITING })).toBe(false);
    await second.release();
    expect(await python.tell('acquire', { ...LOCK, ...NOT_WAITING })).toBe(true);
    expect(await lock.acquire({ shared: true, blocking: false })).toBe(false);
    const reading = Promise.all([lock.acquire({ shared: true }), second.acquire({ shared: true })]);
    await python.tell('release', LOCK);
    expect(await reading).toStrictEqual([true, true]);
    await Promise.all([lock.release(), second.release()]);
  });

  it('after Python breaks a lock, its readers have lost it, hear of it, and free nothing of the next holder', async () => {
    const { fleet, python, lock } = await pair();
    const second = (await fleet.node('second', { lockKeyFormat })).getLock(Buffer.from('lk'));
    await lock.acquire({ shared: true });
    await second.acquire({ shared: true });
    const lost = once(lock.signal, 'abort');
    expect(await python.tell('break_lock', LOCK)).toBe(true);
    expect(await python.tell('acquire', { ...LOCK, ...NOT_WAITING })).toBe(true);
    expect(await lock.heartbeat()).toBe(false);
    await lost;
    expect([await lock.release(), await second.release()]).toStrictEqual([false, false]);
    expect(await python.tell('owns', LOCK)).toBe(true);
    await python.tell('release', LOCK);
    expect(await second.acquire({ blocking: false })).toBe(true);
    await second.release();
  });

  it('after Python breaks a lock of readers and nobody takes it, they do not come back with the next', async () => {
    const { fleet, node, python, lock } = await pair();
    const second = (await fleet.node('second', { lockKeyFormat })).getLock(Buffer.from('lk'));
    await lock.acquire({ shared: true });
    await python.tell('break_lock', LOCK);
    expect(await second.acquire({ shared: true, blocking: false })).toBe(true);
    expect((await node.inspectLock(Buffer.from('lk'))).holders).toHaveLength(1);
    expect(await lock.heartbeat()).toBe(false);
    expect(await lock.release()).toBe(false);
    expect(await python.tell('acquire', { ...LOCK, ...NOT_WAITING })).toBe(false);
    expect(await second.release()).toBe(true);
  });
});

describe('B26 a break by one generation under several formats', () => {
  it('takes the lock from Node under all of them, from its next beat on', async () => {
    const fleet = new Fleet(redis());
    const [node, eight, nine] = await Promise.all([
      fleet.node('n', { lockKeyFormat: ['tooz9', 'tooz8-bytes'] }),
      fleet.python('8', { generation: 8 }),
      fleet.python('9', { generation: 9 }),
    ]);
    const lock = node.getLock(Buffer.from('lk'));
    await lock.acquire();
    expect(await eight.tell('break_lock', LOCK)).toBe(true);
    expect(await nine.tell('acquire', { ...LOCK, ...NOT_WAITING })).toBe(false);
    await node.heartbeat();
    expect(lock.acquired).toBe(false);
    expect(await nine.tell('acquire', { ...LOCK, ...NOT_WAITING })).toBe(true);
    expect(await lock.acquire({ blocking: false })).toBe(false);
  });
});

describe('B26 kill -9 of a holder', () => {
  it.each([false, true])('of Python: Node has the lock after its lease (shared: %s)', async (shared) => {
    const fleet = new Fleet(redis(), { leaseSeconds: 2 });
    const [node, python] = await Promise.all([fleet.node('n', { lockTtlMs: 30_000 }), fleet.python('p')]);
    const lock = node.getLock(Buffer.from('lk'));
    await python.tell('acquire', { ...LOCK, ...NOT_WAITING });
    const waiting = lock.acquire({ shared });
    const killed = performance.now();
    await python.kill();
    expect(await waiting).toBe(true);
    reportLine(
      `interop: Node held ${shared ? 'a shared' : 'the'} lock ${seconds(killed)} s after Python was killed (lease 2 s)`,
    );
    await lock.release();
  });

  it.each([false, true])('of Node: Python has the lock after its lease (shared: %s)', async (shared) => {
    const fleet = new Fleet(redis(), { leaseSeconds: 2 });
    await using peer = await startNodePeer({ url: fleet.url, memberId: 'n', group: 'g', lock: 'lk', shared });
    const python = await fleet.python('p');
    expect(await python.tell('acquire', { ...LOCK, ...NOT_WAITING })).toBe(false);
    const killed = performance.now();
    await peer.kill();
    expect(await python.tell('acquire', { ...LOCK, blocking: true })).toBe(true);
    reportLine(
      `interop: Python held the lock ${seconds(killed)} s after Node was killed (lease 2 s, shared: ${shared})`,
    );
  });

  const seconds = (since: number): string => ((performance.now() - since) / 1000).toFixed(2);
});

describe('B26 lock names', () => {
  it.each<[format: Format, name: string | Buffer, literal: string]>([
    ['tooz8-bytes', 'lk', "b'lk'"],
    ['tooz8-bytes', Buffer.from('grü'), String.raw`b'gr\xc3\xbc'`],
    ['tooz8-bytes', "it's", `b"it's"`],
    ['tooz8-bytes', `both ' and "`, String.raw`b'both \' and "'`],
    ['tooz8-bytes', Buffer.from([0, 9, 10, 13, 92, 127, 128, 255]), String.raw`b'\x00\t\n\r\\\x7f\x80\xff'`],
    ['tooz8-text', 'lk', "'lk'"],
    ['tooz8-text', 'grü', "'grü'"],
    ['tooz8-text', Buffer.from('lk'), "b'lk'"],
  ])('%s: %o in Node is %s in Python', async (lockKeyFormat, name, literal) => {
    const fleet = new Fleet(redis());
    const [node, python] = await Promise.all([fleet.node('n', { lockKeyFormat }), fleet.python('p')]);
    const lock = node.getLock(name);
    expect(await python.tell('acquire', { lock: literal, ...NOT_WAITING })).toBe(true);
    expect(await lock.acquire({ blocking: false })).toBe(false);
    expect(await python.tell('release', { lock: literal })).toBe(true);
    expect(await lock.acquire({ blocking: false })).toBe(true);
    expect(await python.tell('acquire', { lock: literal, ...NOT_WAITING })).toBe(false);
    await lock.release();
  });

  it('Python 8 and Python 9 do not exclude each other, and a list of formats excludes both', async () => {
    const fleet = new Fleet(redis());
    const [node, eight, nine] = await Promise.all([
      fleet.node('n', { lockKeyFormat: ['tooz9', 'tooz8-bytes'] }),
      fleet.python('8', { generation: 8 }),
      fleet.python('9', { generation: 9 }),
    ]);
    const lock = node.getLock(Buffer.from('lk'));
    const order = { ...LOCK, ...NOT_WAITING };
    expect([await eight.tell('acquire', order), await nine.tell('acquire', order)]).toStrictEqual([
      true,
      true,
    ]);
    expect(await lock.acquire({ blocking: false })).toBe(false);
    await eight.tell('release', LOCK);
    expect(await lock.acquire({ blocking: false })).toBe(false);
    expect(await eight.tell('acquire', order)).toBe(true);
    await Promise.all([eight.tell('release', LOCK), nine.tell('release', LOCK)]);
    expect(await lock.acquire({ blocking: false })).toBe(true);
    expect([await eight.tell('acquire', order), await nine.tell('acquire', order)]).toStrictEqual([
      false,
      false,
    ]);
    await lock.release();
    expect([await eight.tell('acquire', order), await nine.tell('acquire', order)]).toStrictEqual([
      true,
      true,
    ]);
  });
});
