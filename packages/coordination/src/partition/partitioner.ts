import type { CallOptions } from '../call.js';
import type { Capabilities } from '../capabilities/index.js';
import { type Id, idText } from '../ids.js';
import { HashRing, MAX_POINTS_OF_NODE, type OwnersOptions } from './hash-ring.js';
import { JoiningMembers } from './joining-members.js';
import { type PartitionKey, partitionBytes } from './partition-key.js';
import type { MemberSeen, PartitionerCoordinator } from './partitioner-coordinator.js';
import { weightOf } from './weight.js';

/** Options of `createPartitioner`. */
export interface PartitionerOptions {
  /** Points on the ring for each unit of weight: the same for all members, in either language. Default 32. */
  readonly partitions?: number;
}

/**
 * Shares objects among the members of a group: each object has one owner (or several, with `replicas`), and all members
 * that have seen the same group name the same one, in Node and in Python.
 *
 * The ring follows the group in `runWatchers`. Until a member's next run it may still name one that has gone, and two
 * members may disagree: what must not be done twice needs a lock as well. A run that could not read a member which has
 * joined rejects, and the next ones read it again.
 */
export class Partitioner {
  readonly groupId: string;
  readonly ring: HashRing;
  /** Points on the ring for each unit of weight. */
  readonly partitions: number;
  readonly #coordinator: PartitionerCoordinator;
  readonly #joining: JoiningMembers;
  /** For each reading of the whole group under way, the members that have come or gone since it began. */
  readonly #readings = new Set<Set<string>>();
  #watched: (() => void)[] = [];

  /** Use `createPartitioner`, or the coordinator's `joinPartitionedGroup`: a new one knows no members. */
  constructor(coordinator: PartitionerCoordinator, groupId: Id, o: PartitionerOptions = {}) {
    this.groupId = idText('groupId', groupId);
    this.ring = new HashRing([], o);
    this.partitions = this.ring.partitions;
    this.#coordinator = coordinator;
    this.#joining = new JoiningMembers(coordinator, this.groupId, (memberId, capabilities) =>
      this.#add(memberId, capabilities),
    );
  }

  /** Watches the group and puts its members on the ring. Rejects with `GroupNotCreated`, and then watches nothing. */
  async start(o?: CallOptions): Promise<void> {
    const { groupId } = this;
    const coordinator = this.#coordinator;
    try {
      // Before the reading: a member that joins in between would else be on no ring.
      await coordinator.watchJoinGroup(groupId, this.#onJoined, o);
      this.#watched.push(() => coordinator.unwatchJoinGroup(groupId, this.#onJoined));
      await coordinator.watchLeaveGroup(groupId, this.#onLeft, o);
      this.#watched.push(() => coordinator.unwatchLeaveGroup(groupId, this.#onLeft));
      await this.refresh(o);
    } catch (error) {
      this.stop();
      throw error;
    }
  }

  /** Takes both watches back; the ring stays as it is. Does nothing the second time. */
  stop(): void {
    this.#joining.stop();
    for (const unwatch of this.#watched.splice(0)) unwatch();
  }

  [Symbol.dispose](): void {
    this.stop();
  }

  /**
   * Reads the group again and makes the ring equal to it, weights included. Needed when members have changed their
   * weights; whatever a failed `runWatchers` has missed, the next one makes up for.
   */
  async refresh(o?: CallOptions): Promise<void> {
    const changed = new Set<string>();
    this.#readings.add(changed);
    try {
      const members = await this.#coordinator.getMembersWithCapabilities(this.groupId, o);
      for (const [member, capabilities] of members) if (!changed.has(member)) this.#add(member, capabilities);
      for (const member of [...this.ring.nodes.keys()])
        if (!members.has(member) && !changed.has(member)) this.ring.removeNode(member);
    } finally {
      this.#readings.delete(changed);
    }
  }

  /** The members that own an object, the first owner first. */
  membersForObject(object: PartitionKey, o?: OwnersOptions): Set<string> {
    return this.ring.getNodes(partitionBytes(object), o);
  }

  /** Whether the member owns the object. */
  belongsToMember(object: PartitionKey, memberId: Id, o?: OwnersOptions): boolean {
    return this.membersForObject(object, o).has(idText('memberId', memberId));
  }

  /** Whether this coordinator owns the object. */
  belongsToSelf(object: PartitionKey, o?: OwnersOptions): boolean {
    return this.belongsToMember(object, this.#coordinator.memberId, o);
  }

  readonly #onJoined = ({ memberId }: MemberSeen): Promise<void> => {
    this.#changed(memberId);
    return this.#joining.joined(memberId);
  };

  readonly #onLeft = ({ memberId }: MemberSeen): Promise<void> => {
    this.#changed(memberId);
    if (this.ring.nodes.has(memberId)) this.ring.removeNode(memberId);
    return this.#joining.left(memberId);
  };

  #changed(memberId: string): void {
    for (const reading of this.#readings) reading.add(memberId);
  }

  #add(memberId: string, capabilities: Capabilities | null): void {
    const most = Math.floor(MAX_POINTS_OF_NODE / this.partitions);
    this.ring.addNode(memberId, { weight: weightOf(capabilities, most) });
  }
}

/** A partitioner of the group as it is now. Rejects with `GroupNotCreated`, and then watches nothing. */
export async function createPartitioner(
  coordinator: PartitionerCoordinator,
  groupId: Id,
  o: PartitionerOptions & CallOptions = {},
): Promise<Partitioner> {
  const { partitions, ...call } = o;
  const partitioner = new Partitioner(coordinator, groupId, partitions === undefined ? {} : { partitions });
  await partitioner.start(call);
  return partitioner;
}
