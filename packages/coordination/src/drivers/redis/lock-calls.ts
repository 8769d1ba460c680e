import type {
  AcquireReply,
  AcquireRequest,
  HolderReading,
  LockKey,
  LockReading,
  ReleaseRequest,
  RevokeHow,
} from '../../driver/index.js';
import { fromBytes } from '../../ids.js';
import type { Connection } from './connection.js';
import { isShared, ownPrefix, parseLockValue } from './lock-value.js';
import { type Name, type Names, wire } from './names.js';
import { bytesOf, listOf, numberOf } from './reply.js';
import { acquireScript } from './scripts/acquire.js';
import { inspectScript } from './scripts/inspect.js';
import { releaseScript } from './scripts/release.js';
import { revokeScript } from './scripts/revoke.js';
import type { Script } from './scripts/script.js';

const REFUSED: AcquireReply = Object.freeze({ status: 'refused' });
const QUEUED: AcquireReply = Object.freeze({ status: 'queued', retryAfterMs: null });

/** The lock half of the driver. Acquire and release of an uncontended lock are what its speed is measured by. */
export class LockCalls {
  readonly #connection: Connection;
  readonly #names: Names;
  /** What follows `holdfast:TOKEN:` in the value of a lock of this member. */
  readonly #suffix: Name;
  readonly #acquire: Script;
  readonly #release: Script;
  readonly #revoke: Script;
  readonly #inspect: Script;

  constructor(connection: Connection, names: Names, member: string) {
    this.#connection = connection;
    this.#names = names;
    this.#suffix = wire(`${member}:`);
    this.#acquire = acquireScript(names.dialect);
    this.#release = releaseScript(names.dialect);
    this.#revoke = revokeScript(names.dialect);
    this.#inspect = inspectScript(names.dialect);
  }

  acquire(request: AcquireRequest): Promise<AcquireReply> {
    const { keys, leader } = this.#names.lock(request.lock);
    const prefix = ownPrefix(request.token);
    return this.#connection.call({
      script: this.#acquire,
      keys: keys.length,
      args: [
        ...keys,
        typeof this.#suffix === 'string'
          ? prefix + this.#suffix
          : Buffer.concat([Buffer.from(prefix), this.#suffix]),
        Math.ceil(request.ttlMs),
        `${howOf(request, leader)}:${request.wait ? Math.ceil(request.waiterTtlMs) : 0}:${Math.ceil(request.claimTimeoutMs)}`,
      ],
      decode: acquireReply,
    });
  }

  release(request: ReleaseRequest): Promise<boolean> {
    const { keys, leader } = this.#names.lock(request.lock);
    const how = howOf(request, leader);
    return this.#connection.call({
      script: this.#release,
      keys: keys.length,
      args: how === 'x' ? [...keys, ownPrefix(request.token)] : [...keys, ownPrefix(request.token), how],
      decode: isOne,
    });
  }

  revoke(lock: LockKey, how: RevokeHow): Promise<boolean> {
    const { keys } = this.#names.lock(lock);
    return this.#connection.call({
      script: this.#revoke,
      keys: keys.length,
      args: [...keys, how],
      once: true,
      decode: isOne,
    });
  }

  inspect(lock: LockKey): Promise<LockReading> {
    const { keys } = this.#names.lock(lock);
    return this.#connection.call({
      script: this.#inspect,
      keys: keys.length,
      args: keys,
      binary: true,
      decode: lockReading,
    });
  }
}

/** `l`: exclusive, and others watch who holds it. */
const howOf = (request: { readonly mode: 'exclusive' | 'shared' }, leader: boolean): string => {
  if (request.mode === 'shared') return 's';
  return leader ? 'l' : 'x';
};

const isOne = (reply: unknown): boolean => reply === 1;

function acquireReply(reply: unknown): AcquireReply {
  const code = numberOf(reply);
  if (code > 0) return { status: 'granted', fence: code };
  if (code === 0) return REFUSED;
  return code === -1 ? QUEUED : { status: 'queued', retryAfterMs: -2 - code };
}

function lockReading(reply: unknown): LockReading {
  const [value, pttl, now, readers, who, waiting] = listOf(reply);
  const waiters = listOf(waiting).map((entry) => {
    const text = fromBytes(bytesOf(entry));
    const [, mode, memberId = ''] = /^(.):\d+:([\s\S]*)$/.exec(text) ?? [];
    return { memberId, mode: mode === 's' ? ('shared' as const) : ('exclusive' as const) };
  });
  if (!value) return { mode: null, holders: [], waiters };
  const expiries = listOf(readers);
  const holders = listOf(who).map((entry, at) => reader(entry, expiries[2 * at + 1], numberOf(now)));
  if (holders.length > 0) return { mode: 'shared', holders, waiters };
  const ttlMs = numberOf(pttl);
  const holder = { ...parseLockValue(bytesOf(value)), ttlMs: ttlMs < 0 ? null : ttlMs };
  return { mode: isShared(bytesOf(value)) ? 'shared' : 'exclusive', holders: [holder], waiters };
}

function reader(entry: unknown, expiry: unknown, now: number): HolderReading {
  const [, fence, memberId] = entry ? (/^(\d+):([\s\S]*)$/.exec(fromBytes(bytesOf(entry))) ?? []) : [];
  const ttlMs = Math.max(0, Number(bytesOf(expiry).toString()) - now);
  return { memberId, fence: fence === undefined ? null : BigInt(fence), ttlMs };
}
