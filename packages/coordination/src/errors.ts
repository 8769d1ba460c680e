import type { Characteristic } from './characteristics.js';

/** Every failure that this package reports by throwing. */
export type CoordinationErrorCode =
  /** An option, id or argument is outside its limits. Nothing was done. */
  | 'INVALID_ARGUMENT'
  /** The coordinator is not started, or was stopped meanwhile. */
  | 'NOT_STARTED'
  /** The coordinator is started already. */
  | 'ALREADY_STARTED'
  /** The library of the driver (ioredis, better-sqlite3) is not installed. */
  | 'MISSING_DEPENDENCY'
  /** The server or file cannot be reached. */
  | 'CONNECTION'
  /** No answer within the call's `timeoutMs`; it may still take effect. */
  | 'TIMED_OUT'
  /** The server or file answered with an error that none of the other codes names. */
  | 'BACKEND'
  | 'GROUP_NOT_CREATED'
  | 'GROUP_ALREADY_EXISTS'
  | 'GROUP_NOT_EMPTY'
  | 'MEMBER_ALREADY_EXISTS'
  | 'MEMBER_NOT_JOINED'
  | 'WATCH_CALLBACK_NOT_FOUND'
  /** Callbacks threw or rejected; all others have run. */
  | 'WATCH_CALLBACK_FAILED'
  | 'LOCK_ACQUIRE_FAILED'
  | 'DRIVER_CHOSEN_POORLY'
  /** Capabilities cannot be written or read as msgpack. */
  | 'SERIALIZATION'
  /** The driver cannot do this. */
  | 'NOT_IMPLEMENTED'
  /** The lease of a leadership ended before its work did. */
  | 'LEADERSHIP_LOST'
  /** Why the signal of a lock aborted: its lease ended, or somebody broke it. */
  | 'LEASE_LOST'
  /** Why the signal of a leadership aborted: it was asked to hand over, or its coordinator stops. */
  | 'STANDING_DOWN';

/** Codes whose call may simply be repeated. */
const RETRYABLE: ReadonlySet<CoordinationErrorCode> = new Set(['CONNECTION', 'TIMED_OUT']);

const MARK = Symbol.for('@holdfast/coordination.error');

/**
 * The base of all errors of this package; `code` tells them apart. Subclasses carry data or a name of the origin
 * (tooz.coordination). `instanceof` holds across two copies of the package.
 */
export class CoordinationError extends Error {
  override readonly name: string = 'CoordinationError';
  readonly code: CoordinationErrorCode;
  /** Whether repeating the same call may help. */
  readonly retryable: boolean;

  constructor(code: CoordinationErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
    this.retryable = RETRYABLE.has(code);
    Object.defineProperty(this, MARK, { value: true });
  }
}

/** By the chain of prototypes, or by the name of the class, which a second copy of this package gives it as well. */
function isInstance(this: { readonly name: string }, value: unknown): boolean {
  if (typeof value !== 'object' || value === null || !(MARK in value)) return false;
  if (this.name === 'CoordinationError' || byPrototype.call(this, value)) return true;
  return 'name' in value && value.name === this.name;
}
const byPrototype: (this: unknown, value: unknown) => boolean = Function.prototype[Symbol.hasInstance];
Object.defineProperty(CoordinationError, Symbol.hasInstance, { value: isInstance });

/** The server or file cannot be reached. */
export class ConnectionError extends CoordinationError {
  override readonly name = 'ConnectionError';
  constructor(message: string, options?: { cause?: unknown }) {
    super('CONNECTION', message, options);
  }
}

/** No answer within the time given. The operation may still take effect. */
export class OperationTimedOut extends CoordinationError {
  override readonly name = 'OperationTimedOut';
  readonly timeoutMs: number;
  constructor(operation: string, timeoutMs: number) {
    super(
      'TIMED_OUT',
      `${operation} had no answer within ${timeoutMs} ms (timeoutMs); it may still take effect. Repeat it, or give it longer`,
    );
    this.timeoutMs = timeoutMs;
  }
}

/** The group does not exist. */
export class GroupNotCreated extends CoordinationError {
  override readonly name = 'GroupNotCreated';
  readonly groupId: string;
  constructor(groupId: string) {
    super('GROUP_NOT_CREATED', `group ${quoted(groupId)} does not exist; create it, or use joinGroupCreate`);
    this.groupId = groupId;
  }
}

/** The group exists already. */
export class GroupAlreadyExist extends CoordinationError {
  override readonly name = 'GroupAlreadyExist';
  readonly groupId: string;
  constructor(groupId: string) {
    super('GROUP_ALREADY_EXISTS', `group ${quoted(groupId)} already exists; join it`);
    this.groupId = groupId;
  }
}

/** The group has living members and was not deleted. */
export class GroupNotEmpty extends CoordinationError {
  override readonly name = 'GroupNotEmpty';
  readonly groupId: string;
  constructor(groupId: string) {
    super(
      'GROUP_NOT_EMPTY',
      `group ${quoted(groupId)} has members; they have to leave before it can be deleted`,
    );
    this.groupId = groupId;
  }
}

/** A living member of this id is in the group; its capabilities are as they were. */
export class MemberAlreadyExist extends CoordinationError {
  override readonly name = 'MemberAlreadyExist';
  readonly groupId: string;
  readonly memberId: string;
  constructor(groupId: string, memberId: string) {
    super(
      'MEMBER_ALREADY_EXISTS',
      `member ${quoted(memberId)} has already joined ${quoted(groupId)}; member ids must be unique`,
    );
    this.groupId = groupId;
    this.memberId = memberId;
  }
}

/** The member is not in the group. */
export class MemberNotJoined extends CoordinationError {
  override readonly name = 'MemberNotJoined';
  readonly groupId: string;
  readonly memberId: string;
  constructor(groupId: string, memberId: string) {
    super('MEMBER_NOT_JOINED', `member ${quoted(memberId)} has not joined ${quoted(groupId)}`);
    this.groupId = groupId;
    this.memberId = memberId;
  }
}

/** The callback was not registered for this group. */
export class WatchCallbackNotFound extends CoordinationError {
  override readonly name = 'WatchCallbackNotFound';
  readonly groupId: string;
  constructor(groupId: string, callback: { readonly name: string }) {
    super(
      'WATCH_CALLBACK_NOT_FOUND',
      `callback ${callback.name || '(anonymous)'} is not registered on group ${quoted(groupId)}; give the same function`,
    );
    this.groupId = groupId;
  }
}

/**
 * Callbacks of a watcher run threw or rejected. All others have run, and no event comes again: `results` is what they
 * returned, `errors` what the failed ones threw; the first is the `cause` too.
 */
export class WatchCallbackFailed extends CoordinationError {
  override readonly name = 'WatchCallbackFailed';
  readonly results: readonly unknown[];
  readonly errors: readonly unknown[];
  constructor(results: readonly unknown[], errors: readonly unknown[]) {
    super(
      'WATCH_CALLBACK_FAILED',
      `${errors.length} of ${results.length + errors.length} callbacks failed (errors) and the others ran; mend them, since their events do not come again`,
      { cause: errors[0] },
    );
    this.results = results;
    this.errors = errors;
  }
}

/** A scope could not get its lock: it is held, or did not come free in time. */
export class LockAcquireFailed extends CoordinationError {
  override readonly name = 'LockAcquireFailed';
  readonly lockName: string;
  constructor(lockName: string, why: string) {
    super('LOCK_ACQUIRE_FAILED', `lock ${quoted(lockName)} was not acquired: ${why}`);
    this.lockName = lockName;
  }
}

/** The driver of this URL lacks characteristics that were asked for. */
export class DriverChosenPoorly extends CoordinationError {
  override readonly name = 'DriverChosenPoorly';
  readonly missing: readonly Characteristic[];
  constructor(scheme: string, missing: readonly Characteristic[], has: Iterable<Characteristic>) {
    super(
      'DRIVER_CHOSEN_POORLY',
      `the driver ${scheme} lacks ${missing.join(', ')}; it gives ${[...has].join(', ') || 'none'}. Choose another driver`,
    );
    this.missing = missing;
  }
}

/** Capabilities cannot be written or read as msgpack. */
export class SerializationError extends CoordinationError {
  override readonly name = 'SerializationError';
  constructor(message: string, options?: { cause?: unknown }) {
    super('SERIALIZATION', message, options);
  }
}

/** The driver cannot do this. */
export class NotImplemented extends CoordinationError {
  override readonly name = 'NotImplemented';
  constructor(message: string) {
    super('NOT_IMPLEMENTED', message);
  }
}

/**
 * The leadership's lease ended before its work did; another may lead. `outcome` is what the work came to all the same.
 */
export class LeadershipLost extends CoordinationError {
  override readonly name = 'LeadershipLost';
  readonly groupId: string;
  readonly term: bigint;
  /** How the work settled: with a value, with an error, or not within `handOverTimeoutMs`. */
  readonly outcome:
    | { readonly status: 'fulfilled'; readonly value: unknown }
    | { readonly status: 'rejected'; readonly reason: unknown }
    | { readonly status: 'unsettled' };
  constructor(groupId: string, term: bigint, outcome: LeadershipLost['outcome'], why: string) {
    super(
      'LEADERSHIP_LOST',
      `term ${term} of ${quoted(groupId)} was lost (${why}); stand for election again`,
      {
        ...(outcome.status === 'rejected' ? { cause: outcome.reason } : {}),
      },
    );
    this.groupId = groupId;
    this.term = term;
    this.outcome = outcome;
  }
}

const quoted = (id: string): string => JSON.stringify(id);
