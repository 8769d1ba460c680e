import { hostname } from 'node:os';
import { ReliableConnectorError } from '../../errors.js';
import type {
  BeginInput,
  BeginResult,
  HotQuery,
  JoinOptions,
  JournalInfo,
  JournalSession,
  OpenSaga,
  SagaChange,
  SagaQuery,
  SagaRef,
} from '../journal.js';
import { outranks } from '../leadership.js';
import type {
  CatalogEntry,
  HotEntry,
  OwnerRecord,
  SagaRecord,
  StepResult,
  TimelineEntry,
} from '../records.js';
import * as transition from '../transition.js';
import { describeStore } from './memory-info.js';
import type { MemoryStore } from './memory-store.js';

/**
 * One session on a memory journal. Each method is done when it returns its promise; the promise resolves a microtask
 * later, so a caller sees the same order as with a durable journal.
 */
export class MemorySession implements JournalSession {
  readonly journalId: string;
  readonly owner: OwnerRecord;
  readonly #store: MemoryStore;
  readonly #o: JoinOptions;
  #closed: string | null = null;

  constructor(journalId: string, store: MemoryStore, o: JoinOptions) {
    this.journalId = journalId;
    this.#store = store;
    this.#o = o;
    const id = store.nextOwnerId();
    this.owner = {
      id,
      uuid: `${journalId}/${id}`,
      pid: process.pid,
      host: hostname(),
      term: o.term,
      openedAt: o.clock.now(),
      released: false,
    };
    store.owners.set(id, this.owner);
    store.alive.add(id);
  }

  /** The process is gone: no lock, no more calls; the sagas stay as they are until they are adopted. */
  kill(): void {
    this.#store.alive.delete(this.owner.id);
    this.#closed = 'its process was killed';
  }

  async begin(input: BeginInput): Promise<BeginResult> {
    const store = this.#checked();
    transition.checkBegin(input);
    const known = input.idempotencyKey === undefined ? null : store.byIdempotencyKey(input.idempotencyKey);
    if (known !== null) return { kind: 'known', saga: known };
    const holder = input.key === null ? null : store.holder(input.key);
    if (holder !== null) return { kind: 'busy', holder };
    const now = this.#o.clock.now();
    const token = input.allocate ? store.allocate(now) : null;
    const id = store.nextSagaId();
    const saga = store.put(transition.beginSaga(input, { id, owner: this.owner.id, token, now }));
    if (input.key === null) return { kind: 'begun', saga, catalog: null, hot: [] };
    return { kind: 'begun', saga, catalog: store.catalog.get(input.key) ?? null, hot: store.hot(input.key) };
  }

  async change(
    ref: SagaRef,
    change: SagaChange,
    timeline: readonly TimelineEntry[],
  ): Promise<SagaRecord | null> {
    const store = this.#checked();
    const saga = store.sagas.get(ref.id);
    // A saga that this epoch has ended gets no further change; `changeSaga` says so.
    if (saga?.epoch !== ref.epoch || (saga.owner !== this.owner.id && saga.phase !== 'ended')) return null;
    transition.checkChange(saga, change);
    const now = this.#o.clock.now();
    const token = transition.allocatesToken(change) ? store.allocate(now) : null;
    if (change.type === 'end') this.#settle(saga, change, now);
    if (change.type === 'retoken') store.heat(change.hot);
    return store.put(transition.changeSaga(saga, change, { token, now, timeline }));
  }

  note(ref: SagaRef, step: string, result: StepResult, timeline: readonly TimelineEntry[]): void {
    if (this.#closed !== null) return;
    const saga = this.#owned(ref);
    if (saga !== null) this.#store.put(transition.noteResults(saga, { [step]: result }, timeline));
  }

  async adopt(
    id: number,
    epochSeen: number,
    o: { readonly supersede: boolean },
    timeline: readonly TimelineEntry[],
  ): Promise<SagaRecord | null> {
    const store = this.#checked();
    const saga = store.sagas.get(id);
    if (saga?.epoch !== epochSeen || saga.phase === 'ended') return null;
    const holder = saga.owner === this.owner.id ? undefined : store.owners.get(saga.owner ?? 0);
    if (holder !== undefined && store.alive.has(holder.id)) {
      if (!o.supersede || !outranks(this.owner.term, holder.term)) return null;
      store.fence = { ...store.fence, fence: store.fence.fence + 1n };
    }
    const adopted = store.put(transition.adoptSaga(saga, this.owner.id, timeline));
    if (holder !== undefined) store.forgetDead(holder.id);
    return adopted;
  }

  async resolve(id: number, step: string, how: 'done' | 'retry', by: string): Promise<SagaRecord | null> {
    const store = this.#checked();
    const saga = store.sagas.get(id);
    if (saga === undefined) return null;
    const next = transition.resolveSaga(saga, { step, how, by, now: this.#o.clock.now() });
    return next && store.put(next);
  }

  async release(): Promise<void> {
    if (this.#closed !== null) return;
    this.#closed = 'it was released';
    for (const saga of this.#store.ownedBy(this.owner.id)) this.#store.put({ ...saga, owner: null });
    this.#store.alive.delete(this.owner.id);
    this.#store.forgetDead(this.owner.id);
  }

  async fence(): Promise<bigint> {
    return this.#checked().fence.fence;
  }

  async owns(ref: SagaRef): Promise<boolean> {
    this.#checked();
    return this.#owned(ref) !== null;
  }

  async saga(id: number): Promise<SagaRecord | null> {
    return this.#checked().sagas.get(id) ?? null;
  }

  async sagaByIdempotencyKey(key: string): Promise<SagaRecord | null> {
    return this.#checked().byIdempotencyKey(key);
  }

  async sagas(query: SagaQuery): Promise<readonly SagaRecord[]> {
    return this.#checked().query(query);
  }

  async open(query: SagaQuery): Promise<readonly OpenSaga[]> {
    const store = this.#checked();
    return store.query(query).map((saga) => {
      const owner = store.owners.get(saga.owner ?? 0) ?? null;
      return { saga, owner, ownerAlive: owner !== null && store.alive.has(owner.id) };
    });
  }

  async catalogEntry(key: string): Promise<CatalogEntry | null> {
    return this.#checked().catalog.get(key) ?? null;
  }

  async catalog(o: { readonly after?: string; readonly limit?: number }): Promise<readonly CatalogEntry[]> {
    return this.#checked().catalogAfter(o.after, o.limit);
  }

  async hot({ key, dueBy = Number.POSITIVE_INFINITY, limit }: HotQuery): Promise<readonly HotEntry[]> {
    const entries = this.#checked().hot(key);
    return entries.filter((entry) => entry.until <= dueBy).slice(0, limit);
  }

  async payHot(
    key: string,
    step: string,
    token: number,
    o: { readonly tombstone: boolean; readonly sentAt?: number },
  ): Promise<void> {
    const sentAt = o.sentAt ?? this.#o.clock.monotonic();
    this.#checked().cool(
      key,
      (entry) => entry.step !== step || entry.token !== token || (entry.until > sentAt && !o.tombstone),
    );
  }

  async lapseHot(): Promise<number> {
    return this.#checked().lapse(this.#o.clock.monotonic());
  }

  async prune(o: {
    readonly retentionMs: number;
    readonly idempotencyRetentionMs: number;
    readonly limit: number;
  }): Promise<number> {
    const store = this.#checked();
    const now = this.#o.clock.now();
    let pruned = 0;
    for (const saga of [...store.sagas.values()]) {
      if (saga.endedAt === null) continue;
      const forgotten = now - saga.endedAt >= o.idempotencyRetentionMs;
      const free = saga.idempotencyKey === null || forgotten;
      if (pruned < o.limit && now - saga.endedAt >= o.retentionMs && free && !store.isHot(saga)) {
        store.drop(saga);
        pruned++;
      } else if (forgotten && saga.idempotencyKey !== null)
        store.put({ ...saga, idempotencyKey: null, argsHash: null });
    }
    return pruned;
  }

  async info(): Promise<JournalInfo> {
    return describeStore(this.journalId, this.#checked());
  }

  #settle(saga: SagaRecord, change: Extract<SagaChange, { type: 'end' }>, now: number): void {
    this.#store.heat(change.hot);
    if (change.catalog === undefined || saga.key === null) return;
    const { catalog } = this.#store;
    const entry = catalog.get(saga.key);
    if ('set' in change.catalog)
      catalog.set(saga.key, { key: saga.key, token: change.catalog.set, createdAt: entry?.createdAt ?? now });
    else if (entry?.token === change.catalog.deleteToken) catalog.delete(saga.key);
  }

  #owned(ref: SagaRef): SagaRecord | null {
    const saga = this.#store.sagas.get(ref.id);
    return saga?.owner === this.owner.id && saga.epoch === ref.epoch ? saga : null;
  }

  #checked(): MemoryStore {
    if (this.#closed === null) return this.#store;
    throw new ReliableConnectorError(
      'CLOSED',
      `this journal session takes no more calls: ${this.#closed}; join again`,
    );
  }
}
