/** What `events` tells of a group; `at` is wall time in ms since 1970, of this process. */
export type CoordinationEvent = SnapshotEvent | MemberEvent | LeaderEvent | OverflowEvent;

interface OfGroup {
  readonly groupId: string;
  readonly at: number;
}

/** The state from which the events that follow go on. A group that does not exist has no members. */
export interface SnapshotEvent extends OfGroup {
  readonly type: 'snapshot';
  readonly members: readonly string[];
  /** Null: nobody leads. Undefined: a client whose id cannot be read does. */
  readonly leader: string | null | undefined;
  /** The leader's fencing token, if it can be read. */
  readonly term?: bigint;
}

/**
 * `evicted` is `left` for this coordinator itself, when somebody else removed it or its lease ran out. A member whose
 * rejoin was noticed has left and joined.
 */
export interface MemberEvent extends OfGroup {
  readonly type: 'joined' | 'left' | 'evicted';
  readonly memberId: string;
}

/**
 * `elected` begins a term, one of the others ends it: `resigned` also for other leaders, however they ended; `lost` only
 * for this coordinator's own term, when its lease was lost. Of another's term nothing can be read while the group does
 * not exist: it then ends, and is told anew if it still lasts when the group is created again.
 */
export interface LeaderEvent extends OfGroup {
  readonly type: 'elected' | 'resigned' | 'lost';
  /** Undefined: a client whose id cannot be read. */
  readonly memberId: string | undefined;
  /** Its fencing token, if it can be read. */
  readonly term?: bigint;
  /** False: an own term that was given up before its work had settled; the successor comes by expiry. */
  readonly settled?: boolean;
}

/** The reader was too slow: `dropped` events are missing here, and a snapshot follows. */
export interface OverflowEvent extends OfGroup {
  readonly type: 'overflow';
  readonly dropped: number;
}
