import { type CallOptions, checkFunction } from '../call.js';
import type { GroupReading } from '../driver/index.js';
import { GroupNotCreated, OperationTimedOut, WatchCallbackFailed } from '../errors.js';
import type { Memberships } from '../groups/memberships.js';
import { type Id, idText } from '../ids.js';
import type { Session } from '../session.js';
import type { WatchCallback } from './hooks.js';
import { changesBetween, type Members, membersOf, NOBODY, stillHas } from './members.js';
import { settleResults } from './results.js';
import type { MembershipEvent, WatchHooks } from './watch-hooks.js';

export interface WatchersHost {
  readonly session: Session;
  readonly memberships: Memberships;
  readonly hooks: WatchHooks;
  /** Stands for election where there are elected hooks; what those returned, promises among it or not. */
  readonly runElections: () => Promise<unknown[]>;
}

/**
 * The hooks of the origin: they fire in `runWatchers`, and only for what is different from the run before. What can still
 * go wrong: what begins and ends between two runs is not seen, unless it leaves a member with a new incarnation.
 */
export class Watchers {
  readonly #host: WatchersHost;
  #lastTurn: Promise<unknown> = Promise.resolve();

  constructor(host: WatchersHost) {
    this.#host = host;
  }

  /**
   * Calls `callback` for each member that joins from now on, within `runWatchers`. The first watch of a group reads its
   * members. Rejects with `GroupNotCreated`, and then keeps no hook.
   */
  async watchJoinGroup(
    groupId: Id,
    callback: WatchCallback<MembershipEvent>,
    o?: CallOptions,
  ): Promise<void> {
    await this.#watch('joined', { groupId, callback }, o);
  }

  /** As `watchJoinGroup`, for each member that leaves, is removed, or was in a group that is gone. */
  async watchLeaveGroup(
    groupId: Id,
    callback: WatchCallback<MembershipEvent>,
    o?: CallOptions,
  ): Promise<void> {
    await this.#watch('left', { groupId, callback }, o);
  }

  /**
   * Reads all watched and joined groups in one call, calls the hooks for what has changed, and stands for election.
   * Resolves with what the callbacks returned, promises awaited; runs take turns, but none waits for another's promises.
   *
   * Each event is delivered once. A callback that throws or rejects keeps no other from running; then, after all have
   * settled, this rejects with `WatchCallbackFailed`. When it rejects with anything else because the reading failed or
   * took too long (`timeoutMs`), no hook was called, and the next run tells the same; an error of the election comes
   * after the hooks. A callback's promise that never settles is waited for until `timeoutMs`, if given.
   */
  runWatchers(o: CallOptions = {}): Promise<unknown[]> {
    return this.#host.session.call(OPERATION, o, () => this.#run(o));
  }

  async #watch(
    kind: 'joined' | 'left',
    wanted: { readonly groupId: Id; readonly callback: WatchCallback<MembershipEvent> },
    o: CallOptions | undefined,
  ): Promise<void> {
    const { hooks, session } = this.#host;
    const group = idText('groupId', wanted.groupId);
    checkFunction('callback', wanted.callback);
    if (!hooks.known.has(group)) {
      const [reading] = await session.call(`watch(${JSON.stringify(group)})`, o, (driver) =>
        driver.readGroups({ groups: [group], capabilities: false, self: session.memberId }),
      );
      if (!reading) throw new GroupNotCreated(group);
      if (!hooks.known.has(group)) hooks.knows(group, membersOf(reading, NOBODY));
    }
    hooks.append(kind, group, wanted.callback);
  }

  async #run(o: CallOptions): Promise<unknown[]> {
    const { clock } = this.#host.session;
    const startedAt = clock.monotonic();
    const { results, failure } = await this.#inTurn(() =>
      this.#look(remaining(o, clock.monotonic() - startedAt)),
    );
    try {
      const values = await settleResults(results);
      if (failure === null) return values;
    } catch (error) {
      if (failure === null || !(error instanceof WatchCallbackFailed)) throw error;
      throw new WatchCallbackFailed(error.results, [...error.errors, failure.error]);
    }
    throw failure.error;
  }

  async #look(o: CallOptions): Promise<{ results: unknown[]; failure: { readonly error: unknown } | null }> {
    const results = await this.#runHooks(o);
    try {
      results.push(...(await this.#host.runElections()));
      return { results, failure: null };
    } catch (error) {
      return { results, failure: { error } };
    }
  }

  async #runHooks(o: CallOptions): Promise<unknown[]> {
    const { hooks, memberships, session } = this.#host;
    // What is watched again, or joined, while the reading is under way is not judged by it.
    const watched = new Map(hooks.known);
    const joined = memberships.list();
    const groups = [...new Set([...watched.keys(), ...joined.map(({ group }) => group)])];
    if (groups.length === 0) return hooks.runOnce();
    const readings = await session.call(OPERATION, o, (driver) =>
      driver.readGroups({ groups, capabilities: false, self: session.memberId }),
    );
    const byGroup = new Map<string, GroupReading>(groups.map((group, at) => [group, readings[at] ?? null]));
    for (const membership of joined)
      if (!stillHas(byGroup.get(membership.group) ?? null, session.memberId, membership))
        memberships.evicted(membership);
    const told = [...watched].flatMap(([group, known]) =>
      this.#tell(group, known, byGroup.get(group) ?? null),
    );
    return [...told, ...hooks.runOnce()];
  }

  #tell(group: string, known: Members, reading: GroupReading): unknown[] {
    const { hooks } = this.#host;
    if (hooks.known.get(group) !== known) return [];
    const members = membersOf(reading, known);
    // Before the callbacks: none of them can make an event come twice.
    hooks.knows(group, members);
    return changesBetween(known, members).flatMap((change) =>
      hooks.run(change.type, group, { ...change, groupId: group }),
    );
  }

  #inTurn<T>(run: () => Promise<T>): Promise<T> {
    const turn = this.#lastTurn.then(run);
    this.#lastTurn = turn.catch(nothing);
    return turn;
  }
}

const OPERATION = 'runWatchers()';
const nothing = (): void => {};

/** What is left of the caller's bounds; throws once nothing is. */
function remaining(o: CallOptions, spentMs: number): CallOptions {
  if (o.signal?.aborted) throw o.signal.reason;
  if (o.timeoutMs === undefined) return o;
  if (spentMs >= o.timeoutMs) throw new OperationTimedOut(OPERATION, o.timeoutMs);
  return { ...o, timeoutMs: o.timeoutMs - spentMs };
}
