export interface JoinRequest {
  readonly group: string;
  readonly member: string;
  readonly capabilities: Uint8Array;
  /** Create the group if there is none. */
  readonly create: boolean;
}

export type JoinReply =
  /** `incarnation` grows with each join in this namespace: it tells a rejoin from a membership that went on. */
  | { readonly status: 'joined'; readonly incarnation: number }
  | { readonly status: 'no-group' }
  | { readonly status: 'already-joined' };

export interface LeaveRequest {
  readonly groups: readonly string[];
  readonly member: string;
  /** The member's coordinator stops: its beat goes too. */
  readonly final: boolean;
}

export type LeaveReply = 'left' | 'no-group' | 'not-joined';

export interface ReadRequest {
  readonly groups: readonly string[];
  /** Read capabilities too. */
  readonly capabilities: boolean;
  /** The reader's own id: never removed by its own reading. */
  readonly self: string;
  /** Read only this member, whether it beats or not, and remove nobody. */
  readonly only?: string;
}

/** One group at one instant; null if it does not exist. */
export type GroupReading = {
  readonly members: readonly MemberReading[];
  readonly leader: LeaderReading | null;
} | null;

export interface MemberReading {
  readonly id: string;
  /** Null for a member that joined by another implementation. */
  readonly incarnation: number | null;
  /** Null when not asked for. */
  readonly capabilities: Uint8Array | null;
}

export interface LeaderReading {
  /** Undefined: the lock is held by a client whose id cannot be read. */
  readonly memberId: string | undefined;
  /** Its fencing token; null if it cannot be read. */
  readonly term: bigint | null;
}
