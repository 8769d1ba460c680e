import type {
  GroupReading,
  JoinReply,
  JoinRequest,
  LeaveReply,
  LeaveRequest,
  ReadRequest,
} from '../../driver/index.js';
import type { Connection } from './connection.js';
import { groupReading } from './group-readings.js';
import { type Names, wire } from './names.js';
import { idOf, listOf, numberOf } from './reply.js';
import { CREATE_GROUP, DELETE_GROUP, LIST_GROUPS, UPDATE_CAPABILITIES } from './scripts/groups.js';
import { JOIN } from './scripts/join.js';
import { LEAVE } from './scripts/leave.js';
import { readGroupsScript } from './scripts/read-groups.js';
import type { Script } from './scripts/script.js';

export interface MemberCallsOptions {
  readonly connection: Connection;
  readonly names: Names;
  readonly clientId: string;
  readonly membershipTtlMs: number;
}

/** The half of the driver that deals with groups and members. */
export class MemberCalls {
  readonly #connection: Connection;
  readonly #names: Names;
  readonly #options: MemberCallsOptions;
  readonly #read: Script;
  #joins = 0;
  /** Groups in which another client was found under this member's id: while it is there, the beat is its beat too. */
  readonly #twins = new Set<string>();

  constructor(options: MemberCallsOptions) {
    this.#options = options;
    this.#connection = options.connection;
    this.#names = options.names;
    this.#read = readGroupsScript(options.names.dialect);
  }

  createGroup(group: string): Promise<'created' | 'exists'> {
    return this.#connection.call({
      script: CREATE_GROUP,
      keys: 2,
      args: [this.#names.group(group), this.#names.groups, wire(group), this.#names.groupChannel(group)],
      once: true,
      decode: (reply) => (reply === 1 ? 'created' : 'exists'),
    });
  }

  deleteGroup(group: string): Promise<'deleted' | 'no-group' | 'not-empty'> {
    const { groups, beats } = this.#names;
    return this.#connection.call({
      script: DELETE_GROUP,
      keys: 3,
      args: [
        this.#names.group(group),
        groups,
        this.#names.incarnations(group),
        wire(group),
        this.#names.groupChannel(group),
        beats,
      ],
      once: true,
      decode: (reply) => {
        if (reply === 1) return 'deleted';
        return reply === 0 ? 'no-group' : 'not-empty';
      },
    });
  }

  listGroups(): Promise<string[]> {
    return this.#connection.call({
      script: LIST_GROUPS,
      keys: 1,
      args: [this.#names.groups],
      binary: true,
      decode: (reply) => listOf(reply).map(idOf),
    });
  }

  join(request: JoinRequest): Promise<JoinReply> {
    const { group, member } = request;
    const { clientId, membershipTtlMs } = this.#options;
    this.#joins += 1;
    return this.#connection.call({
      script: JOIN,
      keys: 5,
      args: [
        this.#names.group(group),
        this.#names.groups,
        this.#names.incarnations(group),
        this.#names.beat(member),
        this.#names.counter,
        wire(group),
        this.#names.groupChannel(group),
        wire(member),
        asBuffer(request.capabilities),
        request.create ? 1 : 0,
        Math.trunc(membershipTtlMs),
        `${clientId}.${this.#joins}`,
      ],
      decode: (reply) => this.#joinReply(group, numberOf(reply)),
    });
  }

  #joinReply(group: string, code: number): JoinReply {
    if (code === FOREIGN) this.#twins.add(group);
    else this.#twins.delete(group);
    if (code > 0) return { status: 'joined', incarnation: code };
    return { status: code === 0 ? 'no-group' : 'already-joined' };
  }

  leave(request: LeaveRequest): Promise<LeaveReply[]> {
    const { groups, member, final } = request;
    const looked = final ? [...groups, ...this.#twins] : groups;
    const keys = looked.flatMap((group) => [this.#names.group(group), this.#names.incarnations(group)]);
    return this.#connection.call({
      script: LEAVE,
      keys: 1 + keys.length,
      args: [
        this.#names.beat(member),
        ...keys,
        wire(member),
        this.#options.clientId,
        final ? 1 : 0,
        ...groups.map((group) => this.#names.groupChannel(group)),
      ],
      decode: (reply, resent) => listOf(reply).map((code) => leaveReply(numberOf(code), resent)),
    });
  }

  updateCapabilities(
    group: string,
    member: string,
    capabilities: Uint8Array,
  ): Promise<'updated' | 'no-group' | 'not-joined'> {
    return this.#connection.call({
      script: UPDATE_CAPABILITIES,
      keys: 2,
      args: [
        this.#names.group(group),
        this.#names.incarnations(group),
        wire(member),
        this.#options.clientId,
        asBuffer(capabilities),
      ],
      decode: (reply) => {
        if (reply === 1) return 'updated';
        return reply === 0 ? 'no-group' : 'not-joined';
      },
    });
  }

  readGroups(request: ReadRequest): Promise<GroupReading[]> {
    const keys = request.groups.flatMap((group) => [
      this.#names.group(group),
      this.#names.incarnations(group),
      ...this.#names.leader(group),
    ]);
    const { only, capabilities, self } = request;
    const { beats } = this.#names;
    return this.#connection.call({
      script: this.#read,
      keys: keys.length,
      args: [...keys, beats, wire(self), capabilities ? 1 : 0, only === undefined ? 0 : 1, wire(only ?? '')],
      binary: true,
      decode: (reply) => listOf(reply).map((one) => groupReading(one, capabilities)),
    });
  }
}

/** The entry is another client's. */
const FOREIGN = -2;

/** After a re-send the first execution may have removed it; either way it is out. */
function leaveReply(code: number, resent: boolean): LeaveReply {
  if (code === 1) return 'left';
  if (code === 0) return 'no-group';
  return resent ? 'left' : 'not-joined';
}

const asBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
