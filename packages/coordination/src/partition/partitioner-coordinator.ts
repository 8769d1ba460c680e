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
  /**
   * Calls `callback` once, in the next `runWatchers` that has read the groups, whose caller hears of its error. Without
   * it a partitioner that could not read a member reads it again with the next one that joins or leaves.
   */
  inNextRun?(callback: () => unknown): void;
}
