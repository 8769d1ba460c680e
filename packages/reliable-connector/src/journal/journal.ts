import type { Clock } from '../clock.js';
import type { Json } from '../json.js';
import type { Logger } from '../logger.js';
import type { Random } from '../random.js';
import type {
  CatalogEntry,
  Direction,
  HotEntry,
  OwnerRecord,
  SagaPhase,
  SagaRecord,
  StepResult,
  TimelineEntry,
} from './records.js';

/** What a journal is told when a connector opens it. */
export interface JoinOptions {
  /** Node name → base URL. The journal belongs to this set (4.3): another one is `JOURNAL_OTHER_CLUSTER`. */
  readonly nodes: Readonly<Record<string, string>>;
  /** Q in ms, for hot entries whose clock was lost by a reboot. */
  readonly maxServerLagMs: number;
  /** Raises the fence to max(counter + 1, term) and refuses a lower term than one seen before (`LEADERSHIP_STALE`). */
  readonly term: bigint | null;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

/** Starts a saga: takes its key, and with `phase: 'applying'` this is its PLAN. */
export interface BeginInput {
  readonly definition: string;
  readonly key: string | null;
  readonly phase: 'locked' | 'applying';
  readonly input: Json;
  readonly memo?: Json;
  readonly prior?: number | null;
  readonly steps: readonly string[];
  /** Allocates a token (4.1) in the same transaction. */
  readonly allocate: boolean;
  readonly idempotencyKey?: string;
  readonly argsHash?: string;
  readonly timeline: readonly TimelineEntry[];
}

export type BeginResult =
  /** With what the journal knows of the key, read in the same transaction. */
  | {
      readonly kind: 'begun';
      readonly saga: SagaRecord;
      readonly catalog: CatalogEntry | null;
      readonly hot: readonly HotEntry[];
    }
  /** Another unfinished saga holds the key. */
  | { readonly kind: 'busy'; readonly holder: SagaRecord }
  /** The idempotency key is known; the caller compares `argsHash`. Asked before the lock. */
  | { readonly kind: 'known'; readonly saga: SagaRecord };

/** A durable step of one saga. Each is one atomic write, refused when the saga has another owner or epoch. */
export type SagaChange =
  /** `locked` → `applying`: PLAN. */
  | { readonly type: 'plan'; readonly memo: Json; readonly prior: number | null; readonly allocate: boolean }
  | { readonly type: 'probe'; readonly step: string; readonly token: number }
  /** `applying` → `aborting`. With `allocate`, `prior` and the present token (where there are any) join `burnt` and a fresh token takes the place. */
  | { readonly type: 'abort'; readonly reason: string; readonly memo?: Json; readonly allocate: boolean }
  /** In `aborting`: the token was refused for ever (410); it joins `burnt`, a fresh one takes its place, results are cleared. */
  | { readonly type: 'retoken'; readonly hot: readonly HotEntry[] }
  | { readonly type: 'direct'; readonly direction: Direction }
  | { readonly type: 'park'; readonly step: string; readonly why: string }
  | { readonly type: 'unpark' }
  /** The end: COMMIT or COMPENSATED. Gives the key free. `catalog`: set the version (an existing entry keeps its `createdAt`) or delete it where it is that token; `hot`: POSTs possibly alive. */
  | {
      readonly type: 'end';
      readonly outcome: Json;
      readonly catalog?: { readonly set: number } | { readonly deleteToken: number };
      readonly hot: readonly HotEntry[];
      /** Do not keep the idempotency key (`busy`, `unavailable` and a lock that led to no PLAN are not stored, S9). */
      readonly forget?: boolean;
    };

// `timeline` arguments below carry the saga's whole (bounded) history so far and replace the stored one.

/** A saga's identity for a write: who I am and which epoch I believe in. */
export interface SagaRef {
  readonly id: number;
  readonly epoch: number;
}

export interface SagaQuery {
  /** Default: all that are not ended. */
  readonly phases?: readonly SagaPhase[];
  readonly parked?: boolean;
  readonly key?: string;
  /** Only sagas with a higher id. Default 0. */
  readonly after?: number;
  /** Default 1,000. Ascending by id, or the newest first with `newest`. */
  readonly limit?: number;
  readonly newest?: boolean;
}

export interface HotQuery {
  readonly key?: string;
  /** Monotonic ms. */
  readonly dueBy?: number;
  /** Default: all. */
  readonly limit?: number;
}

/** An unfinished saga and whether somebody is at work on it. */
export interface OpenSaga {
  readonly saga: SagaRecord;
  /** null: released. */
  readonly owner: OwnerRecord | null;
  /** The owner's operating-system lock is held (4.6). A stopped process keeps it. */
  readonly ownerAlive: boolean;
}

export interface JournalInfo {
  readonly id: string;
  readonly path: string | null;
  readonly schemaVersion: number;
  readonly slot: number;
  readonly fence: bigint;
  readonly term: bigint | null;
  readonly nodes: Readonly<Record<string, string>>;
  readonly sagas: Readonly<Record<SagaPhase, number>> & { readonly parked: number };
  readonly catalog: number;
  readonly hot: number;
  readonly owners: number;
  readonly bytes: number;
}

/**
 * One connector's access to a journal (4.3). A promise of a write resolves when the write is durable; writes of one
 * turn of the event loop may share a transaction. After a failed commit every method rejects with `JOURNAL_STOPPED`.
 * A write for a saga that has meanwhile another owner or epoch resolves to `null`: deposed, send nothing more.
 */
export interface JournalSession {
  readonly journalId: string;
  readonly owner: OwnerRecord;

  begin(input: BeginInput): Promise<BeginResult>;
  change(ref: SagaRef, change: SagaChange, timeline: readonly TimelineEntry[]): Promise<SagaRecord | null>;
  /** RESULT: a hint without a promise, superseded by the saga's next write, lost by a crash. */
  note(ref: SagaRef, step: string, result: StepResult, timeline: readonly TimelineEntry[]): void;

  /**
   * Takes a saga over in one transaction: its owner is dead or released, or (`supersede`) has a lower leadership term
   * than this session (or none), in which case the fence counter is raised again (4.6); or it is this session itself,
   * deposed by `resolve`. null: not to be had (any more).
   */
  adopt(
    id: number,
    epochSeen: number,
    o: { readonly supersede: boolean },
    timeline: readonly TimelineEntry[],
  ): Promise<SagaRecord | null>;
  /**
   * RESOLVED: the operator declares a parked step met (`done`) or to be tried again (`retry`). Any owner's saga; the
   * owner stays, the epoch rises: a live owner is deposed at its next write and adopts its saga anew, nobody else may.
   * null: no such saga, or it is not parked, or it has no such step.
   */
  resolve(id: number, step: string, how: 'done' | 'retry', by: string): Promise<SagaRecord | null>;
  /** Gives all sagas of this session free and its owner row up. The session takes no more writes. */
  release(): Promise<void>;

  /** The present fence value of the journal (4.7). */
  fence(): Promise<bigint>;
  /** True while this session still owns the saga at this epoch. */
  owns(ref: SagaRef): Promise<boolean>;

  saga(id: number): Promise<SagaRecord | null>;
  sagaByIdempotencyKey(key: string): Promise<SagaRecord | null>;
  sagas(query: SagaQuery): Promise<readonly SagaRecord[]>;
  open(query: SagaQuery): Promise<readonly OpenSaga[]>;

  catalogEntry(key: string): Promise<CatalogEntry | null>;
  /** Ascending by key; `after` excludes itself. */
  catalog(o: { readonly after?: string; readonly limit?: number }): Promise<readonly CatalogEntry[]>;

  /** Ascending by key; with `dueBy` only those that were over at that monotonic ms. */
  hot(o: HotQuery): Promise<readonly HotEntry[]>;
  /**
   * A definite DELETE of (key, token) on this step was answered: the entry goes if it was over when the DELETE was sent,
   * or at any time with `tombstone`. `sentAt` is that monotonic ms; without it, now: then the caller vouches that the
   * DELETE was not sent before the entry was over.
   */
  payHot(
    key: string,
    step: string,
    token: number,
    o: { readonly tombstone: boolean; readonly sentAt?: number },
  ): Promise<void>;
  /** Drops idle entries that are over: the catalog holds their token, and no unfinished saga holds their key. */
  lapseHot(): Promise<number>;
  /** Returns how many sagas went. Deletes ended sagas older than `retentionMs` (idempotency keys: `idempotencyRetentionMs`), at most `limit`; never one that is hot. */
  prune(o: {
    readonly retentionMs: number;
    readonly idempotencyRetentionMs: number;
    readonly limit: number;
  }): Promise<number>;

  info(): Promise<JournalInfo>;
}

/**
 * Where sagas are written down before anything is sent. Implementations pass `journalConformance`. Several hosts need
 * a journal that they share; the embedded ones do not claim to be one.
 */
export interface Journal {
  /** Opens a session for one connector: writes its OWNER row and takes its operating-system lock. */
  join(options: JoinOptions): Promise<JournalSession>;
  /** Closes what the journal holds. Sessions must be released before. */
  close(): Promise<void>;
}
