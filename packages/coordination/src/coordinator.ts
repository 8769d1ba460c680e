import { bounded, type CallOptions, checkCall, checkFunction } from './call.js';
import type { Capabilities } from './capabilities/index.js';
import type { Characteristic } from './characteristics.js';
import type { DriverDefinition } from './driver/index.js';
import type { Leadership, LeadOptions } from './election/leadership.js';
import { CoordinationError } from './errors.js';
import type { MemberInfo } from './groups/group-calls.js';
import { type Id, idText } from './ids.js';
import { Heart } from './liveness/heart.js';
import { Lock } from './locks/lock.js';
import { lockKey } from './locks/lock-name.js';
import { type LockState, lockState } from './locks/lock-state.js';
import type { ResolvedOptions } from './options.js';
import {
  joinPartitionedGroup,
  leavePartitionedGroup,
  type Partitioner,
  type PartitionOptions,
} from './partition/index.js';
import { closeParts, openParts, type Parts } from './parts.js';
import type { CoordinationEvent } from './watch/events.js';
import type { WatchCallback } from './watch/hooks.js';
import { settleResults } from './watch/results.js';
import { type LeaderElectedEvent, type MembershipEvent, WatchHooks } from './watch/watch-hooks.js';

/** The background heart of a coordinator. */
export interface CoordinatorHeart {
  /** Begins to beat; does nothing if it beats already. Throws `NOT_STARTED`. */
  start(): void;
  /** Stops beating, locks and leaderships too; resolves when the beat under way has settled. */
  stop(): Promise<void>;
  readonly isAlive: boolean;
  /** Beats that the store has answered since the heart was started. */
  readonly beats: number;
}

/**
 * One member's view of a coordination backend: groups, locks, elections and watches, with the semantics of
 * `tooz.coordination` on every driver. Made by `getCoordinator`.
 *
 * Every call takes `timeoutMs` and `signal` as its last argument and rejects with a `CoordinationError`: `NOT_STARTED`,
 * `CONNECTION` and `TIMED_OUT` besides what it names itself. A call that timed out may still take effect.
 *
 * What can still go wrong: membership, locks and leadership are leases. Whoever is stopped for longer than one may act on
 * what is no longer true: look at `lock.acquired` or a signal before each effect, and give the fencing token to the store
 * that takes it. docs/guarantees.md says what each driver adds.
 */
export class Coordinator {
  /** This member's id, as text (bytes that are no UTF-8 as U+DC80–U+DCFF). */
  readonly memberId: string;
  /** What the driver guarantees. */
  readonly characteristics: ReadonlySet<Characteristic>;
  /** Whether members and leases end when nothing beats. */
  readonly requiresBeating: boolean;
  readonly heart: CoordinatorHeart;
  readonly #url: URL;
  readonly #definition: DriverDefinition;
  readonly #options: ResolvedOptions;
  readonly #heart: Heart;
  readonly #hooks = new WatchHooks();
  #parts: Parts | null = null;
  #changing: 'starting' | 'stopping' | null = null;
  /** Settles with the latest start or stop. */
  #changed: Promise<void> = Promise.resolve();

  /** Use `getCoordinator`. */
  constructor(o: { url: URL; memberId: string; definition: DriverDefinition; options: ResolvedOptions }) {
    this.memberId = o.memberId;
    this.characteristics = o.definition.characteristics;
    this.requiresBeating = o.definition.requiresBeating;
    this.#url = o.url;
    this.#definition = o.definition;
    this.#options = o.options;
    this.#heart = new Heart({
      clock: o.options.clock,
      logger: o.options.logger,
      intervalMs: this.#beatEveryMs,
      beat: () => this.#running.beat.send(),
    });
    this.heart = this.#heart;
  }

  get isStarted(): boolean {
    return this.#parts !== null;
  }

  /** The groups that this coordinator believes it is in; one that somebody removed it from leaves with the next beat. */
  get joinedGroups(): ReadonlySet<string> {
    return this.#parts?.memberships.groups ?? new Set();
  }

  /**
   * Connects, and starts the heart unless `heart` is false; without it nothing is renewed but by `heartbeat()`. Rejects
   * with `CONNECTION` when the backend cannot be reached within `timeoutMs`, and with `ALREADY_STARTED`. Given up by its
   * `timeoutMs` or `signal`, it leaves nothing behind.
   */
  async start(o: { readonly heart?: boolean } & CallOptions = {}): Promise<void> {
    checkCall(o);
    if (this.#parts || this.#changing)
      throw new CoordinationError('ALREADY_STARTED', 'the coordinator is started already; stop it first');
    const opening = this.#change('starting', async () => {
      this.#parts = await openParts({
        url: this.#url,
        memberId: this.memberId,
        definition: this.#definition,
        options: this.#options,
        hooks: this.#hooks,
        heart: this.#heart,
      });
      if (this.requiresBeating && o.heart !== false) this.#heart.start();
    });
    try {
      await bounded(this.#options.clock, 'start', opening, o);
    } catch (error) {
      opening.then(() => this.stop()).catch(() => {});
      throw error;
    }
  }

  /**
   * Hands leaderships over after their work has settled (at most `handOverTimeoutMs`), releases locks, leaves all groups
   * and disconnects. Waits and event streams end. Rejects with `NOT_STARTED` when it is not started. Given up by its
   * `timeoutMs` or `signal`, it goes on in the background.
   */
  async stop(o: CallOptions = {}): Promise<void> {
    checkCall(o);
    const parts = this.#running;
    if (this.#changing) throw notStarted();
    const closing = this.#change('stopping', async () => {
      try {
        await closeParts(parts, this.#heart);
      } finally {
        this.#parts = null;
      }
    });
    await bounded(this.#options.clock, 'stop', closing, o);
  }

  /** As `stop`, if it is started; waits for a start or stop that is under way. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#changed.catch(() => {});
    if (this.#parts && !this.#changing) await this.stop();
    else await this.#changed;
  }

  #change(how: 'starting' | 'stopping', run: () => Promise<void>): Promise<void> {
    this.#changing = how;
    this.#changed = run().finally(() => {
      this.#changing = null;
    });
    return this.#changed;
  }

  /** Renews the member, all held locks and all places in queues in one round trip; resolves with the ms until the next is due. */
  async heartbeat(o?: CallOptions): Promise<number> {
    const { session, beat } = this.#running;
    await session.call('heartbeat', o, () => beat.send());
    return this.#beatEveryMs;
  }

  /** Creates an empty group; rejects with `GroupAlreadyExist`. */
  createGroup(groupId: Id, o?: CallOptions): Promise<void> {
    return this.#on(({ groups }) => groups.createGroup(groupId, o));
  }

  /** Deletes a group without living members; rejects with `GroupNotCreated` or `GroupNotEmpty`. */
  deleteGroup(groupId: Id, o?: CallOptions): Promise<void> {
    return this.#on(({ groups }) => groups.deleteGroup(groupId, o));
  }

  /** The ids of all groups, in no particular order. */
  getGroups(o?: CallOptions): Promise<string[]> {
    return this.#on(({ groups }) => groups.getGroups(o));
  }

  /** Joins a group; rejects with `GroupNotCreated`, `MemberAlreadyExist` or `SerializationError`. */
  joinGroup(groupId: Id, capabilities?: Capabilities | null, o?: CallOptions): Promise<void> {
    return this.#on(({ groups }) => groups.joinGroup(groupId, capabilities, o));
  }

  /** As `joinGroup`, and creates the group if there is none, in the same step. */
  joinGroupCreate(groupId: Id, capabilities?: Capabilities | null, o?: CallOptions): Promise<void> {
    return this.#on(({ groups }) => groups.joinGroupCreate(groupId, capabilities, o));
  }

  /** Leaves a group; rejects with `GroupNotCreated` or `MemberNotJoined`. */
  leaveGroup(groupId: Id, o?: CallOptions): Promise<void> {
    return this.#on(({ groups }) => groups.leaveGroup(groupId, o));
  }

  /** The ids of the living members; rejects with `GroupNotCreated`. */
  getMembers(groupId: Id, o?: CallOptions): Promise<Set<string>> {
    return this.#on(({ groups }) => groups.getMembers(groupId, o));
  }

  /** The living members with their capabilities, null for those that joined without; rejects with `GroupNotCreated`. */
  getMembersWithCapabilities(groupId: Id, o?: CallOptions): Promise<Map<string, Capabilities | null>> {
    return this.#on(({ groups }) => groups.getMembersWithCapabilities(groupId, o));
  }

  /** One member's capabilities, alive or not; rejects with `GroupNotCreated` or `MemberNotJoined`. */
  getMemberCapabilities(groupId: Id, memberId: Id, o?: CallOptions): Promise<Capabilities | null> {
    return this.#on(({ groups }) => groups.getMemberCapabilities(groupId, memberId, o));
  }

  /** One member as the store knows it; rejects with `GroupNotCreated` or `MemberNotJoined`. */
  getMemberInfo(groupId: Id, memberId: Id, o?: CallOptions): Promise<MemberInfo> {
    return this.#on(({ groups }) => groups.getMemberInfo(groupId, memberId, o));
  }

  /** Replaces this member's capabilities; rejects with `GroupNotCreated` or `MemberNotJoined`. */
  updateCapabilities(groupId: Id, capabilities: Capabilities | null, o?: CallOptions): Promise<void> {
    return this.#on(({ groups }) => groups.updateCapabilities(groupId, capabilities, o));
  }

  /** Calls `callback` in `runWatchers` for each member that joins from now on; rejects with `GroupNotCreated`. */
  watchJoinGroup(groupId: Id, callback: WatchCallback<MembershipEvent>, o?: CallOptions): Promise<void> {
    return this.#on(({ watchers }) => watchers.watchJoinGroup(groupId, callback, o));
  }

  /** Takes a join callback back; throws `WatchCallbackNotFound`. */
  unwatchJoinGroup(groupId: Id, callback: WatchCallback<MembershipEvent>): void {
    this.#hooks.remove('joined', idText('groupId', groupId), callback);
  }

  /** Calls `callback` in `runWatchers` for each member that leaves or dies; rejects with `GroupNotCreated`. */
  watchLeaveGroup(groupId: Id, callback: WatchCallback<MembershipEvent>, o?: CallOptions): Promise<void> {
    return this.#on(({ watchers }) => watchers.watchLeaveGroup(groupId, callback, o));
  }

  /** Takes a leave callback back; throws `WatchCallbackNotFound`. */
  unwatchLeaveGroup(groupId: Id, callback: WatchCallback<MembershipEvent>): void {
    this.#hooks.remove('left', idText('groupId', groupId), callback);
  }

  /** Makes this coordinator a candidate in `runElectCoordinator` and `runWatchers`; `callback` hears of its election. */
  watchElectedAsLeader(groupId: Id, callback: WatchCallback<LeaderElectedEvent>): void {
    checkFunction('callback', callback);
    this.#hooks.append('elected', idText('groupId', groupId), callback);
  }

  /** Takes an elected callback back; throws `WatchCallbackNotFound`. A term that has begun goes on. */
  unwatchElectedAsLeader(groupId: Id, callback: WatchCallback<LeaderElectedEvent>): void {
    this.#hooks.remove('elected', idText('groupId', groupId), callback);
  }

  /**
   * Calls `callback` once, in the next `runWatchers` that has read the groups: after the hooks, and with its result or
   * error among theirs. For whoever could not do in a hook what has to be done.
   */
  inNextRun(callback: () => unknown): void {
    this.#hooks.inNextRun(callback);
  }

  /** Finds out what has changed in watched groups, stands for election, calls the callbacks; resolves with their results. */
  runWatchers(o?: CallOptions): Promise<unknown[]> {
    return this.#on(({ watchers }) => watchers.runWatchers(o));
  }

  /** Tries once to become leader of each group that has elected callbacks, and calls those of the groups won. */
  async runElectCoordinator(o?: CallOptions): Promise<void> {
    await this.#on(({ session, elections }) =>
      session.call('runElectCoordinator', o, async () => settleResults(await elections.run())),
    );
  }

  /**
   * The leader's id; null: nobody leads; undefined: a client leads whose id cannot be read (Python on Redis). Rejects with
   * `GroupNotCreated`.
   */
  getLeader(groupId: Id, o?: CallOptions): Promise<string | null | undefined> {
    return this.#on(({ groups }) => groups.getLeader(groupId, o));
  }

  /** Hands the leadership over if this coordinator has it, after its work has settled: false if it does not lead. */
  standDownGroupLeader(groupId: Id, o?: CallOptions): Promise<boolean> {
    return this.#on(({ elections, session }) =>
      session.call('standDownGroupLeader', o, () => elections.standDown(idText('groupId', groupId))),
    );
  }

  /** Asks whoever leads to hand over: true if it will be told, false if nobody or a Python client leads. */
  requestStandDown(groupId: Id, o?: CallOptions): Promise<boolean> {
    return this.#on(({ elections }) => elections.requestStandDown(idText('groupId', groupId), o));
  }

  /**
   * Waits to be elected, runs `work` for one term, resigns when it has settled, and resolves with its value. Rejects with
   * the work's error, with the signal's reason while it waits, and with `LeadershipLost` when the lease ended first: that
   * comes after the work has settled and carries what it came to. Several calls for one group share one term. Call it
   * again to stand again.
   */
  lead<T>(groupId: Id, work: (leadership: Leadership) => Promise<T>, o: LeadOptions = {}): Promise<T> {
    return this.#on(({ elections }) => {
      checkFunction('work', work);
      return elections.lead(idText('groupId', groupId), work, o);
    });
  }

  /** A lock object; each has its own acquisitions. Throws `INVALID_ARGUMENT` for a reserved or empty name. */
  getLock(name: Id): Lock {
    return new Lock(name, lockKey(name), () => this.#running.locks);
  }

  /** Who holds a lock, for how long, and who waits. */
  inspectLock(name: Id, o?: CallOptions): Promise<LockState> {
    const key = lockKey(name);
    return this.#on(async ({ session }) =>
      lockState(
        key.id,
        await session.call(`looking at lock ${JSON.stringify(key.id)}`, o, (driver) => driver.inspect(key)),
      ),
    );
  }

  /**
   * Joins a group, which is created if need be, whose members share objects by a consistent hash ring in proportion to
   * their weights; see `Partitioner`. Rejects as `joinGroup` does.
   */
  async joinPartitionedGroup(groupId: Id, o?: PartitionOptions & CallOptions): Promise<Partitioner> {
    return joinPartitionedGroup(this, groupId, o);
  }

  /** Stops the partitioner and leaves its group. */
  async leavePartitionedGroup(partitioner: Partitioner, o?: CallOptions): Promise<void> {
    return leavePartitionedGroup(this, partitioner, o);
  }

  /**
   * What happens in a group from now on: a snapshot, then each change once and in order. Ends when the signal aborts, the
   * iteration is left, or the coordinator stops.
   */
  events(groupId: Id, o: { readonly signal?: AbortSignal } = {}): AsyncIterable<CoordinationEvent> {
    return this.#running.observatory.events(groupId, o);
  }

  get #running(): Parts {
    if (this.#parts) return this.#parts;
    throw notStarted();
  }

  async #on<T>(run: (parts: Parts) => Promise<T>): Promise<T> {
    return run(this.#running);
  }

  /** A third of the shorter lease, so that two beats may get lost. */
  get #beatEveryMs(): number {
    return Math.min(this.#options.membershipTtlMs, this.#options.lockTtlMs) / 3;
  }
}

function notStarted(): CoordinationError {
  return new CoordinationError('NOT_STARTED', 'the coordinator is not started; call start() first');
}
