import type { Difference, ReliableConnector, VerifyReport } from '@holdfast/reliable-connector';
import type { Clock } from '../clock.js';
import type { WorkerSettings } from './worker-settings.js';

/** Ms that comparing all ids may take. */
const COMPARE_MS = 60_000;
/** Ms; longest wait before differences that could not be mended are looked at again. */
const AGAIN_MS = 30_000;

/** What statistics and journal say, which is little but cheap. */
export interface Signs {
  readonly consistent: boolean;
  readonly counts: Readonly<Record<string, number>>;
  /** Groups that are committed. */
  readonly catalog: number;
  /** Unfinished sagas. */
  readonly open: number;
}

/** What a comparison works with. */
export interface ComparisonParts {
  readonly connector: Pick<ReliableConnector, 'verify'>;
  readonly clock: Clock;
  readonly settings: Pick<WorkerSettings, 'intervalMs' | 'verifyEveryMs'>;
}

/**
 * Compares all nodes with the journal, id by id, without holding up the runs: at the beginning of a term, when the
 * statistics differ from the journal, and every `verifyEveryMs`. One at a time. Where a difference stays, it is looked at
 * again with growing pauses, up to 30 s; soon, where the statistics have come to agree with the journal meanwhile.
 */
export class Comparison {
  readonly #parts: ComparisonParts;
  #isRunning = false;
  #comparedAt: number | null = null;
  #againMs: number;
  #isClean = false;
  /** Whether statistics and journal differed at the last look. */
  #differed = false;
  #mendable: readonly string[] = [];
  #foreign: readonly string[] = [];

  constructor(parts: ComparisonParts) {
    this.#parts = parts;
    this.#againMs = parts.settings.intervalMs;
  }

  /** Whether the last one has come to its end and found no difference. */
  get isClean(): boolean {
    return this.#isClean;
  }

  /** Ids on nodes that this journal did not write, as of the last one. */
  get foreign(): number {
    return this.#foreign.length;
  }

  /** Ids that are missing, or of another version, on some node; each is told once. */
  takeMendable(): readonly string[] {
    const ids = this.#mendable;
    this.#mendable = [];
    return ids;
  }

  /** Ids that this journal did not write; to whoever deletes them. */
  takeForeign(): readonly string[] {
    const ids = this.#foreign;
    this.#foreign = [];
    return ids;
  }

  /** Begins one in the background if it is time; it ends early when `stop` aborts. */
  beginIfDue(signs: Signs, stop: AbortSignal): void {
    if (this.#isRunning || stop.aborted || !this.#isDue(signs)) return;
    this.#isRunning = true;
    const bound = AbortSignal.any([stop, AbortSignal.timeout(COMPARE_MS)]);
    this.#parts.connector
      .verify({ signal: bound })
      .then(
        (report) => this.#ended(bound.aborted ? null : report),
        // Nodes that do not answer are told by the run itself.
        () => this.#ended(null),
      )
      .finally(() => {
        this.#isRunning = false;
      });
  }

  #isDue({ consistent, counts, catalog, open }: Signs): boolean {
    if (this.#comparedAt === null) return true;
    const { clock, settings } = this.#parts;
    const ageMs = clock.monotonic() - this.#comparedAt;
    const differs = !consistent || Object.values(counts).some((count) => count !== catalog);
    if (this.#differed && !differs) this.#againMs = settings.intervalMs;
    this.#differed = differs;
    if (!differs && this.#isClean) return ageMs >= settings.verifyEveryMs;
    // A saga at work may explain it, and is over soon.
    return ageMs >= (open === 0 ? this.#againMs : AGAIN_MS);
  }

  #ended(report: VerifyReport | null): void {
    const { clock, settings } = this.#parts;
    this.#comparedAt = clock.monotonic();
    this.#isClean = report?.clean ?? false;
    this.#againMs = this.#isClean ? settings.intervalMs : Math.min(this.#againMs * 2, AGAIN_MS);
    if (report === null) return;
    this.#mendable = idsOf(report, ({ kind }) => kind === 'missing' || kind === 'wrong_version');
    this.#foreign = idsOf(report, ({ kind }) => kind === 'foreign');
  }
}

function idsOf({ differences }: VerifyReport, which: (difference: Difference) => boolean): readonly string[] {
  return [...new Set(differences.filter(which).map(({ groupId }) => groupId))];
}
