import type { SagaRef } from '../journal.js';
import type { SagaRecord, StepResult, TimelineEntry } from '../records.js';
import { noteResults } from '../transition.js';
import type { Participant } from './group-commit.js';
import type { SagaTable } from './tables/saga-table.js';

interface Hints {
  readonly results: Record<string, StepResult>;
  timeline: readonly TimelineEntry[];
}

/**
 * The unfinished sagas of one session as it last wrote them, so that no write has to read first. Every write still names
 * owner and epoch; one that changes no row shows that the saga has been taken, and it is dropped here.
 */
export class OwnSagas implements Participant {
  readonly #table: SagaTable;
  readonly #owner: number;
  readonly #durable = new Map<number, SagaRecord>();
  /** Written in the open transaction; null: gone. */
  #staged = new Map<number, SagaRecord | null>();
  /** Hints that are not written yet, by saga. Merged into a record only when it is written: most never are on their own. */
  readonly #hints = new Map<number, Hints>();

  constructor(table: SagaTable, owner: number) {
    this.#table = table;
    this.#owner = owner;
  }

  /** Within a transaction. */
  get(id: number): SagaRecord | null {
    const staged = this.#staged.get(id);
    return staged === undefined ? this.#hinted(id) : staged;
  }

  /** Within a transaction, after the row was written. */
  put(saga: SagaRecord): void {
    this.#staged.set(saga.id, saga.phase === 'ended' ? null : saga);
  }

  /** Within a transaction: somebody else has it. */
  drop(id: number): void {
    this.#staged.set(id, null);
  }

  /** Between transactions. False: not ours (any more). */
  note(ref: SagaRef, step: string, result: StepResult, timeline: readonly TimelineEntry[]): boolean {
    const saga = this.#durable.get(ref.id);
    if (saga === undefined || saga.epoch !== ref.epoch) return false;
    const hints = this.#hints.get(ref.id);
    if (hints) {
      hints.results[step] = result;
      hints.timeline = timeline;
    } else this.#hints.set(ref.id, { results: { [step]: result }, timeline });
    return true;
  }

  beforeCommit(hintsDue: boolean): void {
    if (hintsDue) this.writeHints();
  }

  /** Within a transaction: what only memory knows goes into the rows, but where this transaction wrote the saga anyway. */
  writeHints(): void {
    for (const id of this.#hints.keys()) {
      const saga = this.#staged.has(id) ? null : this.#hinted(id);
      if (!saga) continue;
      if (this.#table.update(saga, { owner: this.#owner, epoch: saga.epoch })) this.put(saga);
      else this.drop(id);
    }
  }

  committed(): void {
    for (const [id, saga] of this.#staged) {
      if (saga === null) this.#durable.delete(id);
      else this.#durable.set(id, saga);
      this.#hints.delete(id);
    }
    this.#staged.clear();
  }

  rolledBack(): void {
    this.#staged.clear();
  }

  /** The durable record with what was noted since. */
  #hinted(id: number): SagaRecord | null {
    const saga = this.#durable.get(id);
    const hints = saga && this.#hints.get(id);
    return hints ? noteResults(saga, hints.results, hints.timeline) : (saga ?? null);
  }

  mark(): () => void {
    const staged = new Map(this.#staged);
    return () => {
      this.#staged = staged;
    };
  }
}
