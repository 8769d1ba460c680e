import type { FenceState } from '../../leadership.js';
import { nextCounter, tokenOf } from '../../token.js';
import type { Database, Statement } from '../driver.js';
import type { Participant } from '../group-commit.js';

interface Row {
  readonly id: string;
  readonly slot: bigint;
  readonly boot_id: string | null;
  readonly token_counter: bigint;
  readonly last_saga: bigint;
  readonly last_owner: bigint;
  readonly fence: bigint;
  readonly term: bigint | null;
  readonly any_hot: bigint;
}

type Counters = { -readonly [K in keyof Row]: Row[K] };

/**
 * The journal's own row. Within a transaction it is read once, when something of it is first needed, and written once,
 * before the commit: that is what makes a token, a saga number and the look for HOT entries cheap.
 */
export class JournalRow implements Participant {
  readonly #read: Statement<[], Row>;
  readonly #write: Statement<unknown[]>;
  #row: Counters | null = null;
  #changed = false;

  constructor(db: Database) {
    this.#read = db
      .prepare<[], Row>('SELECT journal.*, EXISTS (SELECT 1 FROM hot) AS any_hot FROM journal')
      .safeIntegers();
    this.#write = db.prepare(
      `UPDATE journal SET slot = ?, boot_id = ?, token_counter = ?, last_saga = ?, last_owner = ?, fence = ?, term = ?`,
    );
  }

  /** What is durable at this moment; outside of a transaction. */
  peek(): {
    readonly id: string;
    readonly slot: number;
    readonly fence: bigint;
    readonly term: bigint | null;
  } {
    const { id, slot, fence, term } = this.#fetch();
    return { id, slot: Number(slot), fence, term };
  }

  allocateToken(nowMs: number): number {
    const row = this.#changing();
    row.token_counter = nextCounter(row.token_counter, nowMs);
    return tokenOf(row.token_counter, Number(row.slot));
  }

  nextSaga(): number {
    return Number(++this.#changing().last_saga);
  }

  nextOwner(): number {
    return Number(++this.#changing().last_owner);
  }

  /** Whether the HOT list had any entry as this transaction began, or got one in it. */
  get anyHot(): boolean {
    return this.#loaded().any_hot !== 0n;
  }

  sawHot(): void {
    this.#loaded().any_hot = 1n;
  }

  get fence(): FenceState {
    const { fence, term } = this.#loaded();
    return { fence, term };
  }

  set fence(next: FenceState) {
    const row = this.#changing();
    row.fence = next.fence;
    row.term = next.term;
  }

  get bootId(): string | null {
    return this.#loaded().boot_id;
  }

  set bootId(bootId: string | null) {
    this.#changing().boot_id = bootId;
  }

  set slot(slot: number) {
    this.#changing().slot = BigInt(slot);
  }

  /** Writes the row if it changed. */
  beforeCommit(): void {
    const row = this.#row;
    if (row !== null && this.#changed)
      this.#write.run(
        row.slot,
        row.boot_id,
        row.token_counter,
        row.last_saga,
        row.last_owner,
        row.fence,
        row.term,
      );
  }

  committed(): void {
    this.#row = null;
    this.#changed = false;
  }

  rolledBack(): void {
    this.committed();
  }

  mark(): () => void {
    const row = this.#row && { ...this.#row };
    const changed = this.#changed;
    return () => {
      this.#row = row;
      this.#changed = changed;
    };
  }

  #changing(): Counters {
    this.#changed = true;
    return this.#loaded();
  }

  #loaded(): Counters {
    this.#row ??= this.#fetch();
    return this.#row;
  }

  #fetch(): Counters {
    const row = this.#read.get();
    if (row === undefined) throw new Error('the journal has lost its own row');
    return row;
  }
}
