export type { BeatReply, BeatRequest, LeaseRef, WaiterPlace } from './beat.js';
export type { Driver, DriverContext, DriverDefinition, LockKeyFormat } from './driver.js';
export type {
  GroupReading,
  JoinReply,
  JoinRequest,
  LeaderReading,
  LeaveReply,
  LeaveRequest,
  MemberReading,
  ReadRequest,
} from './groups.js';
export type { Hint } from './hints.js';
export type {
  AcquireReply,
  AcquireRequest,
  HolderReading,
  LockKey,
  LockMode,
  LockReading,
  ReleaseRequest,
  RevokeHow,
  WaiterReading,
} from './locks.js';
