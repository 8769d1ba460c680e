import assert from 'node:assert/strict';
import { systemClock } from '../clock.js';
import type {
  AcquireReply,
  AcquireRequest,
  BeatReply,
  BeatRequest,
  Driver,
  DriverContext,
  DriverDefinition,
  GroupReading,
  Hint,
  JoinReply,
  JoinRequest,
  LeaseRef,
  LeaveReply,
  LockKey,
  LockMode,
  ReadRequest,
} from '../driver/index.js';
import { silentLogger } from '../logger.js';
import { systemRandom } from '../random.js';
import { soon } from './until.js';

/** What a test may set of a driver's context. */
export type ProbeOptions = Partial<Omit<DriverContext, 'url' | 'onHint'>> & { readonly url?: string };

const TTL_MS = 30_000;
export const NO_CAPABILITIES: Uint8Array = Uint8Array.of(0xc0);

/** One client of the driver itself, which sends requests with everything filled in that a test does not care about. */
export class Probe {
  readonly driver: Driver;
  readonly context: DriverContext;
  readonly hints: readonly Hint[];
  readonly #listeners: Set<() => void>;
  #tokens = 0;

  private constructor(driver: Driver, context: DriverContext, hints: Hint[], listeners: Set<() => void>) {
    this.driver = driver;
    this.context = context;
    this.hints = hints;
    this.#listeners = listeners;
  }

  static async open(
    definition: DriverDefinition,
    o: ProbeOptions & { url: string; memberId: string; clientId: string },
  ): Promise<Probe> {
    const hints: Hint[] = [];
    const listeners = new Set<() => void>();
    const context: DriverContext = {
      namespace: '_tooz',
      lockKeyFormats: ['tooz9'],
      membershipTtlMs: TTL_MS,
      lockTtlMs: TTL_MS,
      timeoutMs: 10_000,
      clock: systemClock,
      random: systemRandom,
      logger: silentLogger,
      ...o,
      url: new URL(o.url),
      onHint: (hint) => {
        hints.push(hint);
        for (const listener of listeners) listener();
      },
    };
    return new Probe(await definition.open(context), context, hints, listeners);
  }

  get memberId(): string {
    return this.context.memberId;
  }

  /** A token that no acquisition has had. */
  token(): string {
    return `${this.context.clientId}.${(++this.#tokens).toString(36)}`;
  }

  join(group: string, o: Partial<JoinRequest> = {}): Promise<JoinReply> {
    return this.driver.join({
      group,
      member: this.memberId,
      capabilities: NO_CAPABILITIES,
      create: true,
      ...o,
    });
  }

  leave(groups: readonly string[], final = false): Promise<LeaveReply[]> {
    return this.driver.leave({ groups, member: this.memberId, final });
  }

  read(groups: readonly string[], o: Partial<ReadRequest> = {}): Promise<GroupReading[]> {
    return this.driver.readGroups({ groups, capabilities: false, self: this.memberId, ...o });
  }

  /** Member ids of one group, in no order; null if it does not exist. */
  async members(group: string, o: Partial<ReadRequest> = {}): Promise<Set<string> | null> {
    const [reading] = await this.read([group], o);
    assert.notEqual(reading, undefined, 'a reading for each group');
    return reading ? new Set(reading.members.map(({ id }) => id)) : null;
  }

  beat(o: Partial<BeatRequest> = {}): Promise<BeatReply> {
    return this.driver.beat({
      member: this.memberId,
      groups: [],
      leases: [],
      waiters: [],
      lockTtlMs: TTL_MS,
      waiterTtlMs: TTL_MS,
      claimTimeoutMs: 10_000,
      ...o,
    });
  }

  /** A reference to an acquisition, which `take`, `free`, `beat` understand. */
  lease(lock: LockKey, mode: LockMode = 'exclusive'): LeaseRef {
    return { lock, token: this.token(), mode };
  }

  acquire(lease: LeaseRef, o: Partial<AcquireRequest> = {}): Promise<AcquireReply> {
    return this.driver.acquire({
      ...lease,
      ttlMs: TTL_MS,
      wait: false,
      waiterTtlMs: TTL_MS,
      claimTimeoutMs: 10_000,
      ...o,
    });
  }

  /** Acquires what is free, and returns the fence. */
  async take(lease: LeaseRef, o: Partial<AcquireRequest> = {}): Promise<number> {
    return fenceOf(await this.acquire(lease, o));
  }

  /** Enters the queue of what is held. */
  async enqueue(lease: LeaseRef, o: Partial<AcquireRequest> = {}): Promise<number | null> {
    const reply = await this.acquire(lease, { wait: true, ...o });
    if (reply.status !== 'queued') return assert.fail(`expected a place in the queue, was ${reply.status}`);
    return reply.retryAfterMs;
  }

  release(lease: LeaseRef): Promise<boolean> {
    return this.driver.release(lease);
  }

  /** The first hint of this kind about this group or token that has come or is to come. */
  async heard<T extends Hint['type']>(type: T, about?: string): Promise<Extract<Hint, { type: T }>> {
    const isIt = (hint: Hint): hint is Extract<Hint, { type: T }> =>
      hint.type === type && (about === undefined || subject(hint) === about);
    let stop = (): void => {};
    const coming = new Promise<Extract<Hint, { type: T }>>((resolve) => {
      const look = (): void => {
        const found = this.hints.find(isIt);
        if (found) resolve(found);
      };
      stop = () => this.#listeners.delete(look);
      this.#listeners.add(look);
      look();
    });
    return soon(`the hint ${type} ${about ?? ''} at ${this.memberId}`, coming).finally(stop);
  }
}

/** The fence of a grant; fails on any other reply. */
export function fenceOf(reply: AcquireReply): number {
  if (reply.status !== 'granted') return assert.fail(`expected a grant, was ${reply.status}`);
  assert.ok(
    Number.isSafeInteger(reply.fence) && reply.fence > 0,
    `a fence is a positive integer, not ${reply.fence}`,
  );
  return reply.fence;
}

/** The key of a lock by name. */
export const lockKey = (id: string, kind: LockKey['kind'] = 'lock'): LockKey => ({ kind, id, text: true });

function subject(hint: Hint): string | undefined {
  if (hint.type === 'group') return hint.group;
  return hint.type === 'reset' ? undefined : hint.token;
}
