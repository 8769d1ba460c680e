import type {
  AcquireReply,
  AcquireRequest,
  BeatReply,
  BeatRequest,
  Driver,
  DriverContext,
  GroupReading,
  JoinReply,
  JoinRequest,
  LeaveReply,
  LeaveRequest,
  LockKey,
  LockReading,
  ReadRequest,
  ReleaseRequest,
  RevokeHow,
} from '../../driver/index.js';
import { type BeatCallOptions, beatCalls, joinBeats } from './beat-call.js';
import type { Connection } from './connection.js';
import { LockCalls } from './lock-calls.js';
import { MemberCalls } from './member-calls.js';
import type { Names } from './names.js';
import { beatScript } from './scripts/beat.js';
import type { Subscriber } from './subscriber.js';

export interface RedisDriverParts {
  readonly connection: Connection;
  readonly subscriber: Subscriber;
  readonly names: Names;
  readonly close: () => void;
}

/**
 * The driver over one connection for commands and one that hears. Each method is one script, so one atomic step; but for a
 * beat of thousands of locks, whose parts are atomic each.
 */
export class RedisDriver implements Driver {
  readonly #parts: RedisDriverParts;
  readonly #clientId: string;
  readonly #beat: BeatCallOptions;
  readonly #members: MemberCalls;
  readonly #locks: LockCalls;

  constructor(context: DriverContext, parts: RedisDriverParts) {
    const { clientId, memberId, membershipTtlMs } = context;
    const { connection, names } = parts;
    this.#parts = parts;
    this.#clientId = clientId;
    this.#beat = { script: beatScript(names.dialect), names, clientId, membershipTtlMs };
    this.#members = new MemberCalls({ connection, names, clientId, membershipTtlMs });
    this.#locks = new LockCalls(connection, names, memberId);
  }

  createGroup(group: string): Promise<'created' | 'exists'> {
    return this.#members.createGroup(group);
  }

  deleteGroup(group: string): Promise<'deleted' | 'no-group' | 'not-empty'> {
    return this.#members.deleteGroup(group);
  }

  listGroups(): Promise<string[]> {
    return this.#members.listGroups();
  }

  join(request: JoinRequest): Promise<JoinReply> {
    return this.#members.join(request);
  }

  leave(request: LeaveRequest): Promise<LeaveReply[]> {
    return this.#members.leave(request);
  }

  updateCapabilities(
    group: string,
    member: string,
    capabilities: Uint8Array,
  ): Promise<'updated' | 'no-group' | 'not-joined'> {
    return this.#members.updateCapabilities(group, member, capabilities);
  }

  readGroups(request: ReadRequest): Promise<GroupReading[]> {
    return this.#members.readGroups(request);
  }

  async beat(request: BeatRequest): Promise<BeatReply> {
    const calls = beatCalls(request, this.#beat);
    return joinBeats(await Promise.all(calls.map((call) => this.#parts.connection.call(call))));
  }

  acquire(request: AcquireRequest): Promise<AcquireReply> {
    return this.#locks.acquire(request);
  }

  release(request: ReleaseRequest): Promise<boolean> {
    return this.#locks.release(request);
  }

  revoke(lock: LockKey, how: RevokeHow): Promise<boolean> {
    return this.#locks.revoke(lock, how);
  }

  inspect(lock: LockKey): Promise<LockReading> {
    return this.#locks.inspect(lock);
  }

  listen(groups: ReadonlySet<string>): Promise<void> {
    const { names, subscriber } = this.#parts;
    const channels = [...groups].map((group) => names.groupChannel(group));
    return subscriber.subscribe([names.hintChannel(this.#clientId), ...channels]);
  }

  async close(): Promise<void> {
    this.#parts.close();
  }
}
