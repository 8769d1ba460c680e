import { ReliableConnectorError } from '../../../src/errors.js';
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
} from '../../../src/journal/journal.js';
import type {
  CatalogEntry,
  HotEntry,
  OwnerRecord,
  SagaRecord,
  StepResult,
  TimelineEntry,
} from '../../../src/journal/records.js';
import type { SimProcess } from '../world/sim-process.js';
import type { DurableState } from './durable.js';
import type { DiskOptions } from './sim-journal.js';

/** A write that waits for its commit. */
interface Write {
  readonly what: string;
  /** Carries it out in the journal; the returned function tells the caller. */
  readonly commit: () => () => void;
  readonly fail: (error: Error) => void;
}

/** Ms after which a hint is written although nothing else is. */
const HINT_MS = 50;

/**
 * A session whose writes become durable later, all of one moment together, and are acknowledged later still. A crash
 * before the commit loses them or not, by the die; a crash after it loses the acknowledgement.
 */
export class SimSession implements JournalSession {
  readonly journalId: string;
  readonly owner: OwnerRecord;
  readonly #process: SimProcess;
  readonly #inner: JournalSession;
  readonly #durable: DurableState;
  readonly #disk: DiskOptions;
  #pending: Write[] = [];
  #flushes = 0;
  #flushing = false;
  #stopped = false;

  constructor(
    process: SimProcess,
    inner: JournalSession,
    durable: DurableState,
    disk: DiskOptions,
    freeOwnerLock: () => void,
  ) {
    this.journalId = inner.journalId;
    this.owner = inner.owner;
    this.#process = process;
    this.#inner = inner;
    this.#durable = durable;
    this.#disk = disk;
    process.onDeath(() => {
      if (disk.dice.chance(0.5)) for (const write of this.#pending.splice(0)) write.commit();
      freeOwnerLock();
    });
  }

  begin(input: BeginInput): Promise<BeginResult> {
    return this.#write(
      'begin',
      () => this.#inner.begin(input),
      (result) => this.#durable.begun(this.#process.name, result),
    );
  }

  change(ref: SagaRef, change: SagaChange, timeline: readonly TimelineEntry[]): Promise<SagaRecord | null> {
    return this.#write(
      `${change.type} of ${ref.id}`,
      () => this.#inner.change(ref, change, timeline),
      (after) => this.#durable.changed(this.#process.name, change, after),
    );
  }

  note(ref: SagaRef, step: string, result: StepResult, timeline: readonly TimelineEntry[]): void {
    if (!this.#process.alive || this.#stopped) return;
    const commit = (): (() => void) => {
      this.#inner.note(ref, step, result, timeline);
      return () => {};
    };
    this.#pending.push({ what: 'hint', commit, fail: () => {} });
    this.#process.after(HINT_MS, () => this.#flushSoon());
  }

  adopt(
    id: number,
    epochSeen: number,
    o: { readonly supersede: boolean },
    timeline: readonly TimelineEntry[],
  ): Promise<SagaRecord | null> {
    return this.#write(
      `adopt ${id}`,
      () => this.#inner.adopt(id, epochSeen, o, timeline),
      (after) => this.#durable.taken(this.#process.name, 'adopt', after),
    );
  }

  resolve(id: number, step: string, how: 'done' | 'retry', by: string): Promise<SagaRecord | null> {
    return this.#write(
      `resolve ${id}`,
      () => this.#inner.resolve(id, step, how, by),
      (after) => this.#durable.taken(this.#process.name, 'resolve', after),
    );
  }

  release(): Promise<void> {
    return this.#write('release', () => this.#inner.release());
  }

  payHot(...args: Parameters<JournalSession['payHot']>): Promise<void> {
    const [groupId, node, token] = args;
    return this.#write(
      'payHot',
      () => this.#inner.payHot(...args),
      () => this.#durable.paid(this.#process.name, groupId, node, token),
    );
  }

  lapseHot(): Promise<number> {
    return this.#write('lapseHot', () => this.#inner.lapseHot());
  }

  prune(...args: Parameters<JournalSession['prune']>): Promise<number> {
    return this.#write('prune', () => this.#inner.prune(...args));
  }

  fence(): Promise<bigint> {
    return this.#read(() => this.#inner.fence());
  }

  owns(ref: SagaRef): Promise<boolean> {
    return this.#read(() => this.#inner.owns(ref));
  }

  saga(id: number): Promise<SagaRecord | null> {
    return this.#read(() => this.#inner.saga(id));
  }

  sagaByIdempotencyKey(key: string): Promise<SagaRecord | null> {
    return this.#read(() => this.#inner.sagaByIdempotencyKey(key));
  }

  sagas(query: SagaQuery): Promise<readonly SagaRecord[]> {
    return this.#read(() => this.#inner.sagas(query));
  }

  open(query: SagaQuery): Promise<readonly OpenSaga[]> {
    return this.#read(() => this.#inner.open(query));
  }

  catalogEntry(key: string): Promise<CatalogEntry | null> {
    return this.#read(() => this.#inner.catalogEntry(key));
  }

  catalog(o: { readonly after?: string; readonly limit?: number }): Promise<readonly CatalogEntry[]> {
    return this.#read(() => this.#inner.catalog(o));
  }

  hot(o: HotQuery): Promise<readonly HotEntry[]> {
    return this.#read(() => this.#inner.hot(o));
  }

  info(): Promise<JournalInfo> {
    return this.#read(() => this.#inner.info());
  }

  #read<T>(run: () => Promise<T>): Promise<T> {
    return this.#process.alive ? run() : this.#process.lost();
  }

  #write<T>(what: string, run: () => Promise<T>, durable: (result: T) => void = () => {}): Promise<T> {
    if (!this.#process.step(`before ${what}`)) return this.#process.lost();
    if (this.#stopped) return Promise.reject(stopped());
    return new Promise((resolve, reject) => {
      const commit = (): (() => void) => {
        const result = run();
        this.#tell(what);
        void result.then(durable, () => {});
        return () => void result.then(resolve, reject);
      };
      this.#pending.push({ what, commit, fail: reject });
      this.#flushSoon();
    });
  }

  #flushSoon(): void {
    if (this.#flushing || this.#stopped || this.#pending.length === 0) return;
    this.#flushing = true;
    const commitMs = this.#disk.dice.between(...this.#disk.commitMs);
    this.#process.after(commitMs, () => this.#flush());
  }

  /** One transaction. The acknowledgements follow a moment later, so that a crash can fall between. */
  #flush(): void {
    const writes = this.#pending.splice(0);
    this.#flushes++;
    if (this.#flushes === this.#disk.failsAtCommit) {
      this.#fail(writes);
      return;
    }
    const acknowledge = writes.map((write) => ({ what: write.what, tell: write.commit() }));
    this.#process.after(this.#disk.dice.between(0, 0.2), () => {
      for (const { what, tell } of acknowledge) if (this.#process.step(`after ${what}`)) tell();
    });
    this.#flushing = false;
    this.#flushSoon();
  }

  /** The disk fails: what the last commit left behind nobody knows. */
  #fail(writes: readonly Write[]): void {
    this.#stopped = true;
    this.#disk.failed?.();
    const kept = this.#disk.dice.chance(0.5);
    this.#tell(`commit fails, ${kept ? 'written' : 'not written'}`);
    for (const write of writes) {
      if (kept) write.commit();
      write.fail(stopped());
    }
    for (const write of this.#pending.splice(0)) write.fail(stopped());
  }

  #tell(what: string): void {
    const { world, name } = this.#process;
    world.trace.add(world.now, name, () => `journal: ${what}`);
  }
}

function stopped(): ReliableConnectorError {
  return new ReliableConnectorError('JOURNAL_STOPPED', 'the simulated disk failed; open a new connector');
}
