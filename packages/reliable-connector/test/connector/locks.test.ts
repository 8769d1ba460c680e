import { expect, test } from 'vitest';
import type { LockProvider } from '../../src/index.js';
import { connect, eventually, next } from './support/connect.js';
import type { Fate } from './support/gate.js';
import { held, shareStage } from './support/stage.js';
import { warnings } from './support/warnings.js';

const stage = shareStage();

/** Locks that several connectors share, first come first served, as a coordinator would give them. */
class SharedLocks implements LockProvider {
  readonly asked: { readonly name: string; readonly timeoutMs: number; readonly signal: boolean }[] = [];
  readonly held = new Set<string>();
  readonly #waiting: (() => void)[] = [];

  getLock(name: string): ReturnType<LockProvider['getLock']> {
    return { acquire: (o) => this.#acquire(name, o), release: () => this.#release(name) };
  }

  async #acquire(name: string, o: { timeoutMs: number; signal?: AbortSignal }): Promise<boolean> {
    this.asked.push({ name, timeoutMs: o.timeoutMs, signal: o.signal !== undefined });
    const giveUpAt = performance.now() + o.timeoutMs;
    while (this.held.has(name)) {
      if (performance.now() >= giveUpAt) return false;
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
        setTimeout(resolve, Math.max(1, giveUpAt - performance.now()));
      });
    }
    this.held.add(name);
    return true;
  }

  async #release(name: string): Promise<void> {
    this.held.delete(name);
    for (const wake of this.#waiting.splice(0)) wake();
  }
}

test('the lock of an id is taken before anything is sent, and given back at the end of the saga', async () => {
  const { nodes, gate } = stage();
  const locks = new SharedLocks();
  const connector = await connect(nodes, { locks });
  const heldWhileSending = new Set<number>();
  gate.rule = () => {
    heldWhileSending.add(locks.held.size);
    return 'pass';
  };
  const { signal } = new AbortController();
  expect(await connector.createGroup('a', { deadlineMs: 5_000, signal })).toMatchObject({
    status: 'committed',
  });
  expect(await connector.deleteGroup('a')).toMatchObject({ status: 'committed' });
  const name = `holdfast:${connector.journalId}:a`;
  expect(locks.asked).toMatchObject([
    { name, signal: true },
    { name, signal: false },
  ]);
  expect(locks.asked[0]?.timeoutMs).toBeLessThanOrEqual(5_000);
  expect([...heldWhileSending]).toEqual([1]);
  await eventually(() => expect(locks.held.size).toBe(0));
});

test('the lock stays taken while an undo is not finished, although the caller has its answer', async () => {
  const { nodes, gate } = stage();
  const locks = new SharedLocks();
  const connector = await connect(nodes, { locks });
  gate.rule = ({ node, method }) => (node === 'node02' && method !== 'GET' ? 500 : 'pass');
  const outcome = await connector.createGroup('b', { deadlineMs: 80 });
  expect(outcome).toMatchObject({ status: 'in_doubt', direction: 'abort' });
  expect(locks.held.size).toBe(1);
  gate.pass();
  await outcome.settled;
  await eventually(() => expect(locks.held.size).toBe(0));
});

test('somebody else has the lock past the deadline: rejected(busy), and nothing is sent', async () => {
  const { nodes, gate } = stage();
  const locks = new SharedLocks();
  const connector = await connect(nodes, { locks });
  const elsewhere = locks.getLock(`holdfast:${connector.journalId}:c`);
  await elsewhere.acquire({ timeoutMs: 1 });
  expect(await connector.createGroup('c', { deadlineMs: 40 })).toMatchObject({
    status: 'rejected',
    reason: 'busy',
  });
  expect(gate.exchanges).toEqual([]);
  await elsewhere.release();
  expect(await connector.createGroup('c')).toMatchObject({ status: 'committed' });
});

test('a lock provider that fails counts as busy, is logged, and the id can be used again', async () => {
  const { nodes, gate } = stage();
  const { logger, warned } = warnings();
  const locks = new SharedLocks();
  let fails = true;
  const failing: LockProvider = {
    getLock: (name) => {
      const lock = locks.getLock(name);
      const acquire: typeof lock.acquire = async (o) => {
        if (fails) throw new Error('no connection');
        return lock.acquire(o);
      };
      return { ...lock, acquire };
    },
  };
  const connector = await connect(nodes, { locks: failing, logger });
  expect(await connector.createGroup('d')).toMatchObject({
    status: 'rejected',
    reason: 'busy',
    sagaId: null,
  });
  expect(gate.exchanges).toEqual([]);
  expect(warned).toEqual([expect.stringContaining('lock provider failed')]);
  fails = false;
  expect(await connector.createGroup('d')).toMatchObject({ status: 'committed' });
});

test('a release that fails changes no outcome and is logged', async () => {
  const { nodes } = stage();
  const { logger, warned } = warnings();
  const locks: LockProvider = {
    getLock: () => ({ acquire: async () => true, release: () => Promise.reject(new Error('lost')) }),
  };
  const connector = await connect(nodes, { locks, logger });
  expect(await connector.createGroup('e')).toMatchObject({ status: 'committed' });
  await eventually(() => expect(warned).toEqual([expect.stringMatching(/release/)]));
});

test('two connectors that share locks take turns on an id: one creates, the other finds it', async () => {
  const { nodes, gate, cluster } = stage();
  const locks = new SharedLocks();
  // One name space for both, as a provider for two hosts would map it.
  const shared: LockProvider = { getLock: (name) => locks.getLock(name.split(':').at(-1) ?? '') };
  const [one, other] = [await connect(nodes, { locks: shared }), await connect(nodes, { locks: shared })];
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  gate.rule = async ({ method }): Promise<Fate> => {
    if (method === 'POST') await opened;
    return 'pass';
  };
  const planned = next(one, 'plan');
  const creating = one.createGroup('f');
  await planned;
  const waiting = other.createGroup('f');
  await eventually(() => expect(locks.asked.length).toBe(2));
  open();
  expect(await creating).toMatchObject({ status: 'committed' });
  expect(await waiting).toMatchObject({ status: 'rejected', reason: 'exists' });
  expect(Object.values(await held(cluster, 'f'))).not.toContain(null);
});
