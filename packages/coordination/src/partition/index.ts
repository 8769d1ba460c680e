export { HashRing, type HashRingOptions, type NodeOptions, type OwnersOptions } from './hash-ring.js';
export type { PartitionKey, ToozHashable } from './partition-key.js';
export { joinPartitionedGroup, leavePartitionedGroup, type PartitionOptions } from './partitioned-group.js';
export { createPartitioner, Partitioner, type PartitionerOptions } from './partitioner.js';
export type { PartitionerCoordinator } from './partitioner-coordinator.js';
