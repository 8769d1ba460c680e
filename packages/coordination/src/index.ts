// Coordinating: groups, locks, elections, events.
export { getCoordinator } from './get-coordinator.js';
export { Coordinator } from './coordinator.js';
export type { CoordinatorHeart } from './coordinator.js';
export type { CoordinatorOptions } from './options.js';
export type { CallOptions } from './call.js';
export type { Id } from './ids.js';
export { CapabilityExtension } from './capabilities/index.js';
export type { Capabilities, Capability, CapabilityMap } from './capabilities/index.js';
export type { MemberInfo } from './groups/group-calls.js';
export { Lock } from './locks/lock.js';
export { LockHold } from './locks/lock-hold.js';
export type { AcquireOptions } from './locks/acquisition.js';
export type { LockState } from './locks/lock-state.js';
export type { Leadership, LeadOptions } from './election/leadership.js';
export type { WatchCallback } from './watch/hooks.js';
export type { LeaderElectedEvent, MembershipEvent } from './watch/watch-hooks.js';
export type {
  CoordinationEvent,
  LeaderEvent,
  MemberEvent,
  OverflowEvent,
  SnapshotEvent,
} from './watch/events.js';

// Sharing work among the members of a group.
export { createPartitioner, HashRing, Partitioner } from './partition/index.js';
export type {
  HashRingOptions,
  NodeOptions,
  OwnersOptions,
  PartitionerCoordinator,
  PartitionerOptions,
  PartitionKey,
  PartitionOptions,
  ToozHashable,
} from './partition/index.js';

// What it tells and takes.
export {
  ConnectionError,
  CoordinationError,
  DriverChosenPoorly,
  GroupAlreadyExist,
  GroupNotCreated,
  GroupNotEmpty,
  LeadershipLost,
  LockAcquireFailed,
  MemberAlreadyExist,
  MemberNotJoined,
  NotImplemented,
  OperationTimedOut,
  SerializationError,
  WatchCallbackFailed,
  WatchCallbackNotFound,
} from './errors.js';
export type { CoordinationErrorCode } from './errors.js';
export { CHARACTERISTICS } from './characteristics.js';
export type { Characteristic } from './characteristics.js';
export { systemClock } from './clock.js';
export type { Clock } from './clock.js';
export { systemRandom } from './random.js';
export type { Random } from './random.js';
export type { Logger } from './logger.js';

// For those who write a driver. Those of this package are the subpaths `./drivers/<name>`; the suite that a driver has to
// pass is `./testing`.
export { fromBytes, idBytes } from './ids.js';
export type {
  AcquireReply,
  AcquireRequest,
  BeatReply,
  BeatRequest,
  Driver,
  DriverContext,
  DriverDefinition,
  GroupReading,
  Hint,
  HolderReading,
  JoinReply,
  JoinRequest,
  LeaderReading,
  LeaseRef,
  LeaveReply,
  LeaveRequest,
  LockKey,
  LockKeyFormat,
  LockMode,
  LockReading,
  MemberReading,
  ReadRequest,
  ReleaseRequest,
  RevokeHow,
  WaiterPlace,
  WaiterReading,
} from './driver/index.js';
