import type { Json } from '../json.js';

/**
 * Where a saga stands (4.5 "Phases"). `locked`: it holds its key and reads, nothing was decided; a crash here leaves
 * nothing. `applying`: PLAN is durable. `aborting`: ABORT is durable, settling included. `ended`: terminal.
 */
export type SagaPhase = 'locked' | 'applying' | 'aborting' | 'ended';

/** What was decided at the deadline, durable before the caller hears of it (4.4 step 6). */
export type Direction = 'forward' | 'abort';

/** RESULT (4.3): a hint about one step, written after a definite reply. `everUnknown` and `alive` speak of all attempts. */
export interface StepResult {
  readonly verb: string;
  readonly token: number | null;
  readonly verdict: string;
  readonly status: number | null;
  /** Some attempt of this verb and token had no definite answer. */
  readonly everUnknown: boolean;
  /** Some attempt may still be alive at the server as this is written; a reader counts it alive until takeover + Q. */
  readonly alive: boolean;
}

/** Why a saga is parked: it needs an operator, or a node that has been away for very long. */
export interface Parked {
  /** The step (node) that blocks. */
  readonly step: string;
  readonly why: string;
  /** Wall time in ms. */
  readonly at: number;
}

/** One line of a saga's history, for people: never read by the protocol. */
export interface TimelineEntry {
  /** Wall time in ms. */
  readonly at: number;
  /** plan, attempt, verdict, probe, abort, direction, settle, adopt, park, resolve, end. */
  readonly event: string;
  readonly step?: string | undefined;
  readonly detail?: string | undefined;
}

/** One saga as the journal holds it. Immutable: each write returns the next one. */
export interface SagaRecord {
  /** Integer, ascending in the order of the journal. */
  readonly id: number;
  /** Name of the definition that can run it: recovery finds the code by it. */
  readonly definition: string;
  /** What it locks while it is not ended; null: nothing. At most one unfinished saga per key. */
  readonly key: string | null;
  /** The version that it places (4.1); null until one is needed. */
  readonly token: number | null;
  /** The version that it removes (t₀ of a delete), fixed by PLAN; null when it removes none. */
  readonly prior: number | null;
  /** Versions that it must remove before it places `token` (4.5 step 4). */
  readonly burnt: readonly number[];
  /** The caller's arguments, fixed at the start. */
  readonly input: Json;
  /** The definition's own durable notes, replaced by `plan` and `abort`. */
  readonly memo: Json;
  readonly steps: readonly string[];
  readonly phase: SagaPhase;
  readonly direction: Direction | null;
  /** Why it aborts. */
  readonly reason: string | null;
  readonly parked: Parked | null;
  /** By step. */
  readonly results: Readonly<Record<string, StepResult>>;
  /** PROBE (4.4): by step, the token whose DELETE may have been sent as a question. */
  readonly probes: Readonly<Record<string, number>>;
  /** Steps whose obligation an operator declared met (RESOLVED), with who and how. */
  readonly resolved: Readonly<Record<string, string>>;
  readonly timeline: readonly TimelineEntry[];
  /** Wall time in ms. */
  readonly createdAt: number;
  /** Wall time in ms; null while unfinished. */
  readonly endedAt: number | null;
  /** What the caller was told, in the definition's shape; null while unfinished. */
  readonly outcome: Json;
  readonly idempotencyKey: string | null;
  readonly argsHash: string | null;
  /** Row number of its owner; null when released or ended. */
  readonly owner: number | null;
  /** Raised by each adoption; every write names it (4.6). */
  readonly epoch: number;
}

/** Catalog (4.3): the version that is committed for a key. */
export interface CatalogEntry {
  readonly key: string;
  readonly token: number;
  /** Wall time in ms of the first creation; a restore keeps it. */
  readonly createdAt: number;
}

/** HOT list (4.3): a POST of (key, token) to this step may be alive until `until`. */
export interface HotEntry {
  readonly key: string;
  readonly step: string;
  readonly token: number;
  /** Monotonic time in ms (`Clock.monotonic`); after a reboot the journal restarts the wait. */
  readonly until: number;
}

/** OWNER (4.6): one open connector. */
export interface OwnerRecord {
  readonly id: number;
  readonly uuid: string;
  /** For display only. */
  readonly pid: number;
  /** For display only. */
  readonly host: string;
  /** Leadership term, null for a connector without one. */
  readonly term: bigint | null;
  /** Wall time in ms. */
  readonly openedAt: number;
  /** Closed in good order: its sagas are free. A journal may drop the row instead. */
  readonly released: boolean;
}
