import type { CallOptions } from '../call.js';
import type { Capabilities } from '../capabilities/index.js';
import type { Id } from '../ids.js';

/** What a watcher hears of a member. */
export interface MemberSeen {
  readonly memberId: string;
}
type SeenCallback = (event: MemberSeen) => unknown;

/** What a partitioner asks of a coordinator. */
export interface PartitionerCoordinator {
  readonly memberId: string;
  watchJoinGroup(groupId: Id, callback: SeenCallback, o?: CallOptions): Promise<void>;
  unwatchJoinGroup(groupId: Id, callback: SeenCallback): void;
  watchLeaveGroup(groupId: Id, callback: SeenCallback, o?: CallOptions): Promise<void>;
  unwatchLeaveGroup(groupId: Id, callback: SeenCallback): void;
  getMembersWithCapabilities(groupId: Id, o?: CallOptions): Promise<ReadonlyMap<string, Capabilities | null>>;
  getMemberCapabilities(groupId: Id, memberId: Id, o?: CallOptions): Promise<Capabilities | null>;
}
