import type { CallOptions } from '../call.js';
import type { Capabilities } from '../capabilities/index.js';
import type { Driver, GroupReading, LeaveReply, MemberReading } from '../driver/index.js';
import {
  CoordinationError,
  GroupAlreadyExist,
  GroupNotCreated,
  GroupNotEmpty,
  MemberAlreadyExist,
  MemberNotJoined,
} from '../errors.js';
import { type Id, idText } from '../ids.js';
import type { Session } from '../session.js';
import { join } from './join.js';
import { readCapabilities, writeCapabilities } from './member-capabilities.js';
import type { Membership, Memberships } from './memberships.js';
import { Rejoins } from './rejoins.js';

/** A member of a group as the store knows it. */
export interface MemberInfo {
  readonly groupId: string;
  readonly memberId: string;
  /** Null: it joined without. */
  readonly capabilities: Capabilities | null;
  /** Grows with each join, so that a rejoin can be told from a membership that went on. Null: it joined by Python. */
  readonly incarnation: number | null;
}

/** The field that marks a group in Redis, where members are fields beside it. Refused everywhere, as by the origin. */
const RESERVED_MEMBER = '__created__';

/**
 * Groups and their members. Each call is one round trip where the backend allows it, and rejects with `NOT_STARTED`
 * before start and after stop, `CONNECTION`, `TIMED_OUT` and `INVALID_ARGUMENT` (an id that is empty or too long)
 * besides what it names itself.
 */
export class GroupCalls {
  readonly #session: Session;
  readonly #memberships: Memberships;
  readonly #rejoins: Rejoins;

  constructor(session: Session, memberships: Memberships) {
    this.#session = session;
    this.#memberships = memberships;
    this.#rejoins = new Rejoins({
      session,
      memberships,
      join: ({ group, capabilities }) =>
        this.#joinAs('rejoin', { group, capabilities, create: true }, undefined),
    });
  }

  /** Creates an empty group. Rejects with `GroupAlreadyExist`. */
  async createGroup(groupId: Id, o?: CallOptions): Promise<void> {
    const group = idText('groupId', groupId);
    const status = await this.#session.call(named('createGroup', group), o, (driver) =>
      driver.createGroup(group),
    );
    if (status === 'exists') throw new GroupAlreadyExist(group);
  }

  /** Deletes a group without living members. Rejects with `GroupNotCreated` or `GroupNotEmpty`. */
  async deleteGroup(groupId: Id, o?: CallOptions): Promise<void> {
    const group = idText('groupId', groupId);
    const status = await this.#session.call(named('deleteGroup', group), o, (driver) =>
      driver.deleteGroup(group),
    );
    if (status === 'no-group') throw new GroupNotCreated(group);
    if (status === 'not-empty') throw new GroupNotEmpty(group);
  }

  /** The ids of all groups, in no particular order. */
  getGroups(o?: CallOptions): Promise<string[]> {
    return this.#session.call('getGroups()', o, (driver) => driver.listGroups());
  }

  /**
   * Joins, with capabilities if given, and beats. Rejects with `GroupNotCreated`, with `MemberAlreadyExist` if a living
   * member has this id (also this coordinator itself; the stored capabilities stay as they are), with
   * `SerializationError`. After any other rejection the join may still take effect: repeat it, or leave.
   */
  joinGroup(groupId: Id, capabilities?: Capabilities | null, o?: CallOptions): Promise<void> {
    return this.#join('joinGroup', { groupId, capabilities, create: false }, o);
  }

  /** As `joinGroup`, and creates the group if there is none, in the same step. */
  joinGroupCreate(groupId: Id, capabilities?: Capabilities | null, o?: CallOptions): Promise<void> {
    return this.#join('joinGroupCreate', { groupId, capabilities, create: true }, o);
  }

  /**
   * Joins again, in the background and with the capabilities it had, a group that this member was evicted from; creates
   * the group if it is gone too. Ends when that has succeeded, or the group was joined or left by hand.
   */
  rejoin(lost: Membership): void {
    this.#rejoins.begin(lost);
  }

  /**
   * Leaves. Rejects with `GroupNotCreated`, or with `MemberNotJoined` (somebody may have removed the member). After any
   * other rejection it may still take effect; repeating it then is no error.
   */
  async leaveGroup(groupId: Id, o?: CallOptions): Promise<void> {
    const group = idText('groupId', groupId);
    const reply = await this.#session.call(named('leaveGroup', group), o, (driver) =>
      this.#leave(driver, group),
    );
    if (reply === 'no-group') throw new GroupNotCreated(group);
    if (reply === 'not-joined') throw new MemberNotJoined(group, this.#session.memberId);
  }

  /**
   * Leaves all groups, also those where a join was never answered, and takes back the member's beat, in one call. Never
   * rejects: what cannot be left now ends with the member's lease.
   */
  async leaveAll(): Promise<void> {
    const { memberId, logger } = this.#session;
    const groups = this.#memberships.possible();
    for (const group of groups) this.#memberships.leaving(group);
    try {
      await this.#session.driver.leave({ groups, member: memberId, final: true });
    } catch (error) {
      logger.warn({ err: error, groups }, 'groups could not be left; the memberships end with their lease');
    }
    for (const group of groups) this.#memberships.left(group);
  }

  /** The ids of the living members. Rejects with `GroupNotCreated`. */
  async getMembers(groupId: Id, o?: CallOptions): Promise<Set<string>> {
    const { members } = await this.#read('getMembers', { groupId, capabilities: false }, o);
    return new Set(members.map(({ id }) => id));
  }

  /**
   * The living members and what each told of itself, null for one without capabilities, at one instant. Rejects with
   * `GroupNotCreated`, and with `SerializationError` if those of one member cannot be read, naming it: read the others
   * one by one.
   */
  async getMembersWithCapabilities(groupId: Id, o?: CallOptions): Promise<Map<string, Capabilities | null>> {
    const { group, members } = await this.#read(
      'getMembersWithCapabilities',
      { groupId, capabilities: true },
      o,
    );
    return new Map(
      members.map(({ id, capabilities }) => [id, readCapabilities({ group, member: id }, capabilities)]),
    );
  }

  /** What one member told of itself, whether it lives or not. Rejects as `getMemberInfo`. */
  async getMemberCapabilities(groupId: Id, memberId: Id, o?: CallOptions): Promise<Capabilities | null> {
    const { capabilities } = await this.#info('getMemberCapabilities', { groupId, memberId }, o);
    return capabilities;
  }

  /** One member, whether it lives or not. Rejects with `GroupNotCreated`, `MemberNotJoined` or `SerializationError`. */
  getMemberInfo(groupId: Id, memberId: Id, o?: CallOptions): Promise<MemberInfo> {
    return this.#info('getMemberInfo', { groupId, memberId }, o);
  }

  /** Replaces this member's capabilities. Rejects with `GroupNotCreated`, `MemberNotJoined` or `SerializationError`. */
  async updateCapabilities(groupId: Id, capabilities: Capabilities | null, o?: CallOptions): Promise<void> {
    const group = idText('groupId', groupId);
    const member = this.#session.memberId;
    const bytes = writeCapabilities({ group, member }, capabilities);
    const status = await this.#session.call(named('updateCapabilities', group), o, async (driver) => {
      const answer = await driver.updateCapabilities(group, member, bytes);
      if (answer === 'updated') this.#memberships.updated(group, bytes);
      return answer;
    });
    if (status === 'no-group') throw new GroupNotCreated(group);
    if (status === 'not-joined') throw new MemberNotJoined(group, member);
  }

  /**
   * Who leads the group: an id; null for nobody; undefined for a client whose id cannot be read (Python on Redis).
   * Rejects with `GroupNotCreated`, also if somebody was elected for a group that nobody has created.
   */
  async getLeader(groupId: Id, o?: CallOptions): Promise<string | null | undefined> {
    // Of the members only this one: nobody asked for them.
    const { leader } = await this.#read(
      'getLeader',
      { groupId, capabilities: false, only: this.#session.memberId },
      o,
    );
    return leader === null ? null : leader.memberId;
  }

  async #join(
    operation: string,
    wanted: {
      readonly groupId: Id;
      readonly capabilities: Capabilities | null | undefined;
      readonly create: boolean;
    },
    o: CallOptions | undefined,
  ): Promise<void> {
    const group = idText('groupId', wanted.groupId);
    const member = this.#session.memberId;
    if (member === RESERVED_MEMBER)
      throw new CoordinationError(
        'INVALID_ARGUMENT',
        `member id ${RESERVED_MEMBER} marks groups in the store and cannot join ${JSON.stringify(group)}; give the coordinator another id`,
      );
    const capabilities = writeCapabilities({ group, member }, wanted.capabilities);
    await this.#joinAs(operation, { group, capabilities, create: wanted.create }, o);
  }

  async #joinAs(
    operation: string,
    wanted: { readonly group: string; readonly capabilities: Uint8Array; readonly create: boolean },
    o: CallOptions | undefined,
  ): Promise<void> {
    const member = this.#session.memberId;
    const status = await this.#session.call(named(operation, wanted.group), o, (driver) =>
      join(driver, this.#memberships, { ...wanted, member }),
    );
    if (status === 'no-group') throw new GroupNotCreated(wanted.group);
    if (status === 'already-joined') throw new MemberAlreadyExist(wanted.group, member);
  }

  async #leave(driver: Driver, group: string): Promise<LeaveReply> {
    const memberships = this.#memberships;
    this.#rejoins.forget(group);
    const again = memberships.mayHaveLeft(group);
    memberships.leaving(group);
    try {
      const [reply = 'not-joined'] = await driver.leave({
        groups: [group],
        member: this.#session.memberId,
        final: false,
      });
      memberships.left(group);
      return again ? 'left' : reply;
    } catch (error) {
      memberships.leaveUnanswered(group);
      throw error;
    }
  }

  async #info(
    operation: string,
    of: { readonly groupId: Id; readonly memberId: Id },
    o: CallOptions | undefined,
  ): Promise<MemberInfo> {
    const member = idText('memberId', of.memberId);
    const { group, members } = await this.#read(
      operation,
      { groupId: of.groupId, capabilities: true, only: member },
      o,
    );
    const entry = members[0];
    if (!entry) throw new MemberNotJoined(group, member);
    return {
      groupId: group,
      memberId: member,
      capabilities: readCapabilities({ group, member }, entry.capabilities),
      incarnation: entry.incarnation,
    };
  }

  async #read(
    operation: string,
    wanted: { readonly groupId: Id; readonly capabilities: boolean; readonly only?: string },
    o: CallOptions | undefined,
  ): Promise<
    { readonly group: string; readonly members: readonly MemberReading[] } & NonNullable<GroupReading>
  > {
    const group = idText('groupId', wanted.groupId);
    const { capabilities, only } = wanted;
    const self = this.#session.memberId;
    const [reading] = await this.#session.call(named(operation, group), o, (driver) =>
      driver.readGroups({ groups: [group], capabilities, self, ...(only === undefined ? {} : { only }) }),
    );
    if (!reading) throw new GroupNotCreated(group);
    return { group, ...reading };
  }
}

const named = (operation: string, group: string): string => `${operation}(${JSON.stringify(group)})`;
