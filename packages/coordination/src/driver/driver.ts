import type { Characteristic } from '../characteristics.js';
import type { Clock } from '../clock.js';
import type { Logger } from '../logger.js';
import type { Random } from '../random.js';
import type { BeatReply, BeatRequest } from './beat.js';
import type {
  GroupReading,
  JoinReply,
  JoinRequest,
  LeaveReply,
  LeaveRequest,
  ReadRequest,
} from './groups.js';
import type { Hint } from './hints.js';
import type {
  AcquireReply,
  AcquireRequest,
  LockKey,
  LockReading,
  ReleaseRequest,
  RevokeHow,
} from './locks.js';

/**
 * What a backend has to do: fourteen methods, each one atomic step there, one round trip where the backend allows it.
 * Everything else (liveness, waiting, fencing deadlines, election, watching, partitioning) is written once above it.
 *
 * Ids are text in the form of `ids.ts`. Capabilities are opaque bytes. A call settles within the driver's own bound or
 * rejects with a `CoordinationError`; after `close` every call rejects. A call whose reply was lost may have happened:
 * `acquire`, `release`, `join` and `beat` can be sent again without harm, since each names its own token or member.
 *
 * A member's entry belongs to the client that made it: another client of the same member id neither beats for it, nor
 * changes or ends it, nor is told that it is its own.
 *
 * `conformance` in `@holdfast/coordination/testing` is the definition in executable form.
 */
export interface Driver {
  createGroup(group: string): Promise<'created' | 'exists'>;
  /** Dead members do not count: they are removed in the same step. */
  deleteGroup(group: string): Promise<'deleted' | 'no-group' | 'not-empty'>;
  listGroups(): Promise<string[]>;
  /** Adds the member and beats for it. A dead member of the same id is replaced; the entry of a living one stays as it is. */
  join(request: JoinRequest): Promise<JoinReply>;
  leave(request: LeaveRequest): Promise<LeaveReply[]>;
  updateCapabilities(
    group: string,
    member: string,
    capabilities: Uint8Array,
  ): Promise<'updated' | 'no-group' | 'not-joined'>;
  /** Members and leader of some groups, in the order asked for; members without a beat are removed in the same step. */
  readGroups(request: ReadRequest): Promise<GroupReading[]>;
  /**
   * Renews the member, all leases and all places in queues; creates nothing that is gone. Each renewal is atomic; of thousands
   * not all need be in one step.
   */
  beat(request: BeatRequest): Promise<BeatReply>;
  /** Takes the lock, refuses, or queues: redis-layout 5.10 to 5.12. Its own token is success with a full lease. */
  acquire(request: AcquireRequest): Promise<AcquireReply>;
  /** Gives the lock up if this token holds it (true), leaves the queue, and wakes the head. */
  release(request: ReleaseRequest): Promise<boolean>;
  /**
   * `break` takes the lock from whoever holds it: true if somebody did. `ask` records a request to stand down that the
   * holder's next beat reports as `asked`: false if nobody holds it or the holder is no client of this package. Neither
   * names the holder that it means, so it is not repeatable: a second execution would concern whoever holds the lock by
   * then. When its reply is lost it rejects with `ConnectionError`, and may have taken effect.
   */
  revoke(lock: LockKey, how: RevokeHow): Promise<boolean>;
  inspect(lock: LockKey): Promise<LockReading>;
  /**
   * Sends hints about these groups, and about the locks that this client holds or waits for, from when the promise
   * resolves. Each call replaces the groups of the one before. Hints may get lost; after a gap comes `reset`. Rejects
   * after `close`.
   */
  listen(groups: ReadonlySet<string>): Promise<void>;
  /** Frees connections, timers and files. Leases and memberships stay until they expire. */
  close(): Promise<void>;
}

/** What a driver gets when a coordinator starts. */
export interface DriverContext {
  /** The URL as given, credentials and all: never to be logged. */
  readonly url: URL;
  /** Prefix of all names in the store (`_tooz`). */
  readonly namespace: string;
  readonly lockKeyFormats: readonly LockKeyFormat[];
  readonly memberId: string;
  /** Unique for each start of each coordinator; all its tokens begin with it. Letters and digits. */
  readonly clientId: string;
  readonly membershipTtlMs: number;
  readonly lockTtlMs: number;
  /** Bound of one connection attempt and of one operation, ms. */
  readonly timeoutMs: number;
  readonly onHint: (hint: Hint) => void;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

/** How lock names become keys of Redis: redis-layout 5.8. With several, all keys are taken together. */
export type LockKeyFormat = 'tooz9' | 'tooz8-bytes' | 'tooz8-text';

/** A driver as `getCoordinator` finds it: by the scheme of the URL, or given in the option `driver`. */
export interface DriverDefinition {
  readonly name: string;
  /** URL schemes without the colon. */
  readonly schemes: readonly string[];
  readonly characteristics: ReadonlySet<Characteristic>;
  /** Whether members and leases end when nobody beats for them. */
  readonly requiresBeating: boolean;
  /** Throws `INVALID_ARGUMENT` for a URL that it cannot serve; called by `getCoordinator`, before anything is opened. */
  check?(url: URL): void;
  /** Connects. Rejects with `CONNECTION` when that fails within `timeoutMs`; nothing stays behind then. */
  open(context: DriverContext): Promise<Driver>;
}
