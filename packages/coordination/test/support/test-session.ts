import { setImmediate as turn } from 'node:timers/promises';
import type { Driver, Hint } from '../../src/driver/index.js';
import { memoryDriver } from '../../src/drivers/memory/index.js';
import { GroupCalls } from '../../src/groups/group-calls.js';
import { type Membership, Memberships } from '../../src/groups/memberships.js';
import { leaderKey } from '../../src/locks/lock-name.js';
import type { Logger } from '../../src/logger.js';
import { type CoordinatorOptions, resolveCoordinatorOptions } from '../../src/options.js';
import { Session } from '../../src/session.js';
import { Observatory } from '../../src/watch/observatory.js';
import { WatchHooks } from '../../src/watch/watch-hooks.js';
import { Watchers } from '../../src/watch/watchers.js';
import { Faults } from './faulty-driver.js';
import { ManualClock } from './manual-clock.js';

let stores = 0;

/** A store of its own in memory, and the time in it. */
export class TestStore {
  readonly clock: ManualClock = new ManualClock();
  readonly url: URL = new URL(`memory:test-${++stores}`);
  readonly #open: TestSession[] = [];

  /** A coordinator's session, with the parts that groups and watches are. */
  async session(memberId: string, options: CoordinatorOptions = {}): Promise<TestSession> {
    const session = new TestSession(memberId, { store: this, options });
    this.#open.push(session);
    await session.connect();
    return session;
  }

  async close(): Promise<void> {
    for (const session of this.#open.splice(0)) await session.close();
  }
}

/** A session over the memory driver: no heart, no election; faults and lost hints on request. */
export class TestSession {
  readonly session: Session;
  readonly faults: Faults = new Faults();
  readonly hooks: WatchHooks = new WatchHooks();
  readonly memberships: Memberships;
  readonly groups: GroupCalls;
  readonly observatory: Observatory;
  readonly watchers: Watchers;
  /** Evictions, in the order in which they were noticed. */
  readonly evictions: Membership[] = [];
  readonly warnings: string[] = [];
  /** What the election hooks of the next runs return. */
  runElections: () => Promise<unknown[]> = async () => [];
  /** Whether hints come through. */
  hears = true;
  readonly #store: TestStore;
  #unbroken: Driver | null = null;

  constructor(memberId: string, o: { readonly store: TestStore; readonly options: CoordinatorOptions }) {
    this.#store = o.store;
    const { clock, url } = o.store;
    const logger = { ...quiet, warn: (_: object, message: string) => void this.warnings.push(message) };
    const options = resolveCoordinatorOptions(url, { clock, logger, ...o.options });
    const session = new Session(memberId, `client${memberId.replaceAll(/\W/g, '')}${++stores}`, options);
    this.session = session;
    this.memberships = new Memberships((lost) => {
      this.evictions.push(lost);
      this.observatory.evicted(lost);
      if (options.rejoin) this.groups.rejoin(lost);
    });
    this.groups = new GroupCalls(session, this.memberships);
    this.observatory = new Observatory(session, this.memberships);
    this.watchers = new Watchers({
      session,
      memberships: this.memberships,
      hooks: this.hooks,
      runElections: () => this.runElections(),
    });
    session.push.connect({
      turn: () => {},
      holder: () => {},
      group: (group) => this.observatory.hinted(group),
      reset: () => this.observatory.reset(),
    });
  }

  /** The driver as the session sees it. */
  get driver(): Driver {
    return this.session.driver;
  }

  async connect(): Promise<void> {
    const { session } = this;
    const driver = await memoryDriver.open({
      ...session.options,
      url: this.#store.url,
      memberId: session.memberId,
      clientId: session.clientId,
      onHint: (hint: Hint) => {
        if (this.hears) session.push.receive(hint);
      },
    });
    this.#unbroken = driver;
    session.connected(this.faults.over(driver));
  }

  /** Somebody removes the member from a group; the session has no part in it. */
  async evict(group: string): Promise<void> {
    await this.#unbroken?.leave({ groups: [group], member: this.session.memberId, final: false });
  }

  /** Beats for the member. Evictions are told as the heart would. */
  async beat(): Promise<void> {
    const joined = this.memberships.list();
    const { options, memberId } = this.session;
    const reply = await this.driver.beat({
      member: memberId,
      groups: joined.map(({ group }) => group),
      leases: [],
      waiters: [],
      lockTtlMs: options.lockTtlMs,
      waiterTtlMs: options.lockTtlMs,
      claimTimeoutMs: options.claimTimeoutMs,
    });
    joined.forEach((membership, at) => {
      if (reply.groups[at] === 'evicted') this.memberships.evicted(membership);
    });
  }

  /** Takes the leader lock of a group, without a word to the observatory: the term, and how to give it back. */
  async elect(
    group: string,
  ): Promise<{ readonly term: bigint; readonly resign: () => Promise<boolean> } | null> {
    const { options } = this.session;
    const token = this.session.nextToken();
    const lock = leaderKey(group);
    const reply = await this.driver.acquire({
      lock,
      token,
      mode: 'exclusive',
      ttlMs: options.lockTtlMs,
      wait: false,
      waiterTtlMs: options.lockTtlMs,
      claimTimeoutMs: options.claimTimeoutMs,
    });
    if (reply.status !== 'granted') return null;
    return {
      term: BigInt(reply.fence),
      resign: () => this.driver.release({ lock, token, mode: 'exclusive' }),
    };
  }

  async close(): Promise<void> {
    await this.session.end();
  }
}

/** Lets all that is under way in the memory driver, its hints and their readings come to rest. */
export async function rest(): Promise<void> {
  for (let turns = 0; turns < 12; turns++) await turn();
}

const nothing = (): void => {};
const quiet: Logger = { debug: nothing, info: nothing, warn: nothing, error: nothing };
