import type { CallOptions } from '../call.js';
import type { Capabilities } from '../capabilities/index.js';
import type { Id } from '../ids.js';
import { HashRing } from './hash-ring.js';
import { createPartitioner, type Partitioner, type PartitionerOptions } from './partitioner.js';
import type { PartitionerCoordinator } from './partitioner-coordinator.js';

/** Options of `joinPartitionedGroup`. */
export interface PartitionOptions extends PartitionerOptions {
  /** This member's share in proportion to those of others: an integer; with 0 it owns nothing. Default 1. */
  readonly weight?: number;
}

/** A coordinator that can join and leave. */
export interface PartitioningCoordinator extends PartitionerCoordinator {
  joinGroupCreate(groupId: Id, capabilities: Capabilities, o?: CallOptions): Promise<void>;
  leaveGroup(groupId: Id, o?: CallOptions): Promise<void>;
}

/**
 * Joins a group, which is created if need be, with the capabilities `{ weight }`, and gives the partitioner of it. Rejects
 * with `MemberAlreadyExist`, and with `INVALID_ARGUMENT` before anything is done.
 */
export async function joinPartitionedGroup(
  coordinator: PartitioningCoordinator,
  groupId: Id,
  o: PartitionOptions & CallOptions = {},
): Promise<Partitioner> {
  const { weight = 1, partitions, ...call } = o;
  const ring = partitions === undefined ? {} : { partitions };
  // What a ring would refuse later is refused before joining.
  new HashRing([], ring).addNode(coordinator.memberId, { weight });
  await coordinator.joinGroupCreate(groupId, { weight }, call);
  try {
    return await createPartitioner(coordinator, groupId, { ...ring, ...call });
  } catch (error) {
    await coordinator.leaveGroup(groupId).catch(() => {});
    throw error;
  }
}

/** Stops the partitioner and leaves its group. */
export async function leavePartitionedGroup(
  coordinator: PartitioningCoordinator,
  partitioner: Partitioner,
  o?: CallOptions,
): Promise<void> {
  partitioner.stop();
  await coordinator.leaveGroup(partitioner.groupId, o);
}
