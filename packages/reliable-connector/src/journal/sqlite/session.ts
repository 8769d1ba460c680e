import { ReliableConnectorError } from '../../errors.js';
import type {
  BeginInput,
  BeginResult,
  HotQuery,
  JournalInfo,
  JournalSession,
  OpenSaga,
  SagaChange,
  SagaQuery,
  SagaRef,
} from '../journal.js';
import type {
  CatalogEntry,
  HotEntry,
  OwnerRecord,
  SagaRecord,
  StepResult,
  TimelineEntry,
} from '../records.js';
import { checkBegin } from '../transition.js';
import type { SessionContext } from './context.js';
import { readOpen } from './reads.js';
import type { Tables } from './tables/index.js';
import { inTurn } from './turn.js';
import { claim, writeAdopt } from './writes/adopt.js';
import { writeBegin } from './writes/begin.js';
import { writeChange } from './writes/change.js';
import { lapsable, writeLapse } from './writes/lapse.js';
import { writeResolve } from './writes/resolve.js';

export interface SqliteSessionParts extends SessionContext {
  readonly journalId: string;
  readonly readInfo: () => JournalInfo;
  /** Gives the operating-system lock free. */
  readonly unlock: () => void;
}

/**
 * One connector's session on the embedded journal. Writes go through the group commit; reads are plain statements, which
 * see all that is durable. What can still go wrong: a write that was rejected with `JOURNAL_STOPPED` may be found by
 * recovery all the same, since a failed commit can have reached the disk.
 */
export class SqliteSession implements JournalSession {
  readonly journalId: string;
  readonly owner: OwnerRecord;
  readonly #parts: SqliteSessionParts;
  #closed = false;

  constructor(parts: SqliteSessionParts) {
    this.journalId = parts.journalId;
    this.owner = parts.owner;
    this.#parts = parts;
  }

  async begin(input: BeginInput): Promise<BeginResult> {
    checkBegin(input);
    return this.#write(() => writeBegin(this.#parts, input));
  }

  change(ref: SagaRef, change: SagaChange, timeline: readonly TimelineEntry[]): Promise<SagaRecord | null> {
    return this.#write(() => writeChange(this.#parts, ref, change, timeline));
  }

  note(ref: SagaRef, step: string, result: StepResult, timeline: readonly TimelineEntry[]): void {
    if (!this.#closed && this.#parts.own.note(ref, step, result, timeline)) this.#parts.commits.hint();
  }

  async adopt(
    id: number,
    epochSeen: number,
    o: { readonly supersede: boolean },
    timeline: readonly TimelineEntry[],
  ): Promise<SagaRecord | null> {
    const seen = await this.#read(() => claim(this.#parts, id, epochSeen, o.supersede));
    return seen && this.#write(() => writeAdopt(this.#parts, id, seen, timeline));
  }

  resolve(id: number, step: string, how: 'done' | 'retry', by: string): Promise<SagaRecord | null> {
    return this.#write(() => writeResolve(this.#parts, id, { step, how, by }));
  }

  /** The lock goes free even where the journal has stopped and the sagas cannot be written free: they count as a dead owner's. */
  async release(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const { commits, tables, own, unlock } = this.#parts;
    try {
      await commits.submit(() => {
        own.writeHints();
        tables.sagas.release(this.owner.id);
        tables.owners.delete(this.owner.id);
      });
    } finally {
      commits.remove(own);
      unlock();
    }
  }

  fence(): Promise<bigint> {
    return this.#read(({ row }) => row.peek().fence);
  }

  owns(ref: SagaRef): Promise<boolean> {
    return this.#read(({ sagas }) => sagas.owns(ref.id, this.owner.id, ref.epoch));
  }

  saga(id: number): Promise<SagaRecord | null> {
    return this.#read(({ sagas }) => sagas.byId(id));
  }

  sagaByIdempotencyKey(key: string): Promise<SagaRecord | null> {
    return this.#read(({ sagas }) => sagas.byIdempotencyKey(key));
  }

  sagas(query: SagaQuery): Promise<readonly SagaRecord[]> {
    return this.#read(({ sagas }) => sagas.query(query));
  }

  open(query: SagaQuery): Promise<readonly OpenSaga[]> {
    return this.#read(() => readOpen(this.#parts, query));
  }

  catalogEntry(key: string): Promise<CatalogEntry | null> {
    return this.#read(({ catalog }) => catalog.get(key));
  }

  catalog(o: { readonly after?: string; readonly limit?: number }): Promise<readonly CatalogEntry[]> {
    return this.#read(({ catalog }) => catalog.list(o.after, o.limit));
  }

  hot(o: HotQuery): Promise<readonly HotEntry[]> {
    return this.#read(({ hot }) => (o.key === undefined ? hot.all(o) : hot.byKey(o.key, o)));
  }

  /** Writes only where there is an entry to remove. */
  async payHot(
    key: string,
    step: string,
    token: number,
    o: { readonly tombstone: boolean; readonly sentAt?: number },
  ): Promise<void> {
    const sentAt = o.sentAt ?? this.#parts.join.clock.monotonic();
    const until = o.tombstone ? Number.POSITIVE_INFINITY : sentAt;
    const entry = { key, step, token, until };
    if (await this.#read(({ hot }) => hot.isPayable(entry))) await this.#write(({ hot }) => hot.pay(entry));
  }

  /** Writes only where something has lapsed. */
  async lapseHot(): Promise<number> {
    const now = this.#parts.join.clock.monotonic();
    const due = await this.#read((tables) => lapsable(tables, now).length > 0);
    return due ? this.#write((tables) => writeLapse(tables, now)) : 0;
  }

  /** Writes only where something is old enough. */
  async prune(o: {
    readonly retentionMs: number;
    readonly idempotencyRetentionMs: number;
    readonly limit: number;
  }): Promise<number> {
    const now = this.#parts.join.clock.now();
    const cut = {
      endedBefore: now - o.retentionMs,
      idempotencyBefore: now - o.idempotencyRetentionMs,
      limit: o.limit,
    };
    const due = await this.#read(({ retention }) => retention.isDue(cut));
    return due ? this.#write(({ retention }) => retention.apply(cut)) : 0;
  }

  info(): Promise<JournalInfo> {
    return this.#read(() => this.#parts.readInfo());
  }

  #write<T>(run: (tables: Tables) => T): Promise<T> {
    if (this.#closed) return Promise.reject(closedSession());
    return this.#parts.commits.submit(() => run(this.#parts.tables));
  }

  #read<T>(run: (tables: Tables) => T): Promise<T> {
    if (this.#closed) return Promise.reject(closedSession());
    const { path, options, commits, tables } = this.#parts;
    return inTurn(path, options, () => commits.read(() => run(tables)));
  }
}

function closedSession(): ReliableConnectorError {
  return new ReliableConnectorError('CLOSED', 'this journal session was released; join the journal again');
}
