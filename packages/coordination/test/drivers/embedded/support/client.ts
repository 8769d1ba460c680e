import { setImmediate as turn } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import type { Clock } from '../../../../src/clock.js';
import type {
  AcquireReply,
  BeatReply,
  BeatRequest,
  Driver,
  DriverContext,
  DriverDefinition,
  Hint,
  LeaseRef,
  LockKey,
  LockMode,
} from '../../../../src/driver/index.js';
import { silentLogger } from '../../../../src/logger.js';

export const TTL_MS = 3_000;
export const WAITER_TTL_MS = 2_000;
export const CLAIM_MS = 500;
export const LOCK: LockKey = { kind: 'lock', id: 'l', text: true };
export const leaderOf = (group: string): LockKey => ({ kind: 'leader', id: group, text: true });

export interface AcquireOptions {
  readonly lock?: LockKey;
  readonly mode?: LockMode;
  readonly wait?: boolean;
  readonly ttlMs?: number;
}

/** A coordinator's side of a driver, reduced to what the tests of drivers need; it hears hints from the start. */
export class Client {
  readonly driver: Driver;
  readonly #id: string;
  readonly #heard: Hint[];

  constructor(id: string, driver: Driver, heard: Hint[]) {
    this.#id = id;
    this.driver = driver;
    this.#heard = heard;
  }

  token(number: number): string {
    return `${this.#id}.${number}`;
  }

  acquire(number: number, o: AcquireOptions = {}): Promise<AcquireReply> {
    return this.driver.acquire({
      lock: o.lock ?? LOCK,
      token: this.token(number),
      mode: o.mode ?? 'exclusive',
      wait: o.wait ?? true,
      ttlMs: o.ttlMs ?? TTL_MS,
      waiterTtlMs: WAITER_TTL_MS,
      claimTimeoutMs: CLAIM_MS,
    });
  }

  /** The fence; throws where it was not granted. */
  async granted(number: number, o: AcquireOptions = {}): Promise<number> {
    const reply = await this.acquire(number, o);
    if (reply.status === 'granted') return reply.fence;
    throw new Error(`${this.token(number)} was ${reply.status}`);
  }

  release(number: number, lock: LockKey = LOCK): Promise<boolean> {
    return this.driver.release({ lock, token: this.token(number), mode: 'exclusive' });
  }

  beat(o: Partial<BeatRequest> = {}): Promise<BeatReply> {
    return this.driver.beat({
      member: this.#id,
      groups: [],
      leases: [],
      waiters: [],
      lockTtlMs: TTL_MS,
      waiterTtlMs: WAITER_TTL_MS,
      claimTimeoutMs: CLAIM_MS,
      ...o,
    });
  }

  ref(number: number, lock: LockKey = LOCK): LeaseRef {
    return { lock, token: this.token(number), mode: 'exclusive' };
  }

  async join(group: string, capabilities = 'c'): Promise<'joined' | 'already-joined' | 'no-group'> {
    const bytes = Buffer.from(capabilities);
    const reply = await this.driver.join({ group, member: this.#id, capabilities: bytes, create: true });
    return reply.status;
  }

  /** Ids of the group's members as this client reads them, sorted; null without such a group. */
  async members(group: string): Promise<string[] | null> {
    const [reading] = await this.driver.readGroups({ groups: [group], capabilities: false, self: this.#id });
    return reading?.members.map(({ id }) => id).sort() ?? null;
  }

  /** What has been heard since the last call, after all that is under way. */
  async hints(): Promise<Hint[]> {
    await turn();
    await turn();
    return this.#heard.splice(0);
  }
}

export interface OpenOptions {
  readonly url: string;
  /** Added to the URL. */
  readonly query?: string;
  readonly clock: Clock;
  readonly namespace?: string;
  /** Default: the member's id. */
  readonly clientId?: string;
  readonly timeoutMs?: number;
  readonly groups?: readonly string[];
  readonly logger?: DriverContext['logger'];
  readonly onHint?: (hint: Hint) => void;
}

/** Opens a driver as a coordinator of this id does; closed at the end of the test. */
export async function openClient(id: string, definition: DriverDefinition, o: OpenOptions): Promise<Client> {
  const heard: Hint[] = [];
  const driver = await definition.open({
    url: new URL(o.url + (o.query ?? '')),
    namespace: o.namespace ?? '_tooz',
    lockKeyFormats: ['tooz9'],
    memberId: id,
    clientId: o.clientId ?? id,
    membershipTtlMs: TTL_MS,
    lockTtlMs: TTL_MS,
    timeoutMs: o.timeoutMs ?? 1_000,
    onHint: o.onHint ?? ((hint) => heard.push(hint)),
    clock: o.clock,
    random: () => 0.5,
    logger: o.logger ?? silentLogger,
  });
  onTestFinished(() => driver.close());
  await driver.listen(new Set(o.groups ?? ['g', 'h']));
  return new Client(id, driver, heard);
}
