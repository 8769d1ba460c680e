import type { SagaQuery } from '../journal.js';
import { compareKeys } from '../key-order.js';
import type { FenceState } from '../leadership.js';
import type { CatalogEntry, HotEntry, OwnerRecord, SagaRecord } from '../records.js';
import { nextCounter, tokenOf } from '../token.js';

const DEFAULT_LIMIT = 1_000;

/** The tables of one memory journal. Every method is one atomic step, since nothing in it waits. */
export class MemoryStore {
  readonly slot: number;
  readonly owners: Map<number, OwnerRecord> = new Map();
  /** Owners whose process lives: the stand-in for their operating-system lock. */
  readonly alive: Set<number> = new Set();
  /** By id, hence ascending: a saga keeps its place when it is replaced. */
  readonly sagas: Map<number, SagaRecord> = new Map();
  readonly catalog: Map<string, CatalogEntry> = new Map();
  nodes: Readonly<Record<string, string>> | null = null;
  fence: FenceState = { fence: 0n, term: null };
  readonly #open = new Map<number, SagaRecord>();
  readonly #locks = new Map<string, number>();
  readonly #byIdempotencyKey = new Map<string, number>();
  readonly #hot = new Map<string, HotEntry[]>();
  #counter = 0n;
  #lastSaga = 0;
  #lastOwner = 0;

  constructor(slot: number) {
    this.slot = slot;
  }

  allocate(nowMs: number): number {
    this.#counter = nextCounter(this.#counter, nowMs);
    return tokenOf(this.#counter, this.slot);
  }

  nextSagaId(): number {
    return ++this.#lastSaga;
  }

  nextOwnerId(): number {
    return ++this.#lastOwner;
  }

  /** Writes a saga in the place of its earlier state; one that ends gives its key free. */
  put(saga: SagaRecord): SagaRecord {
    const before = this.sagas.get(saga.id);
    if (before?.idempotencyKey && before.idempotencyKey !== saga.idempotencyKey)
      this.#byIdempotencyKey.delete(before.idempotencyKey);
    if (saga.idempotencyKey !== null) this.#byIdempotencyKey.set(saga.idempotencyKey, saga.id);
    this.sagas.set(saga.id, saga);
    if (saga.phase !== 'ended') {
      this.#open.set(saga.id, saga);
      if (saga.key !== null) this.#locks.set(saga.key, saga.id);
    } else if (this.#open.delete(saga.id) && saga.key !== null) this.#locks.delete(saga.key);
    return saga;
  }

  drop(saga: SagaRecord): void {
    this.sagas.delete(saga.id);
    if (saga.idempotencyKey !== null) this.#byIdempotencyKey.delete(saga.idempotencyKey);
  }

  holder(key: string): SagaRecord | null {
    return this.#open.get(this.#locks.get(key) ?? 0) ?? null;
  }

  byIdempotencyKey(key: string): SagaRecord | null {
    return this.sagas.get(this.#byIdempotencyKey.get(key) ?? 0) ?? null;
  }

  /** Drops the row of an owner that lives no more and has no unfinished saga. */
  forgetDead(owner: number): void {
    if (!this.alive.has(owner) && this.ownedBy(owner).length === 0) this.owners.delete(owner);
  }

  ownedBy(owner: number): SagaRecord[] {
    return [...this.#open.values()].filter((saga) => saga.owner === owner);
  }

  query(query: SagaQuery): SagaRecord[] {
    const limit = query.limit ?? DEFAULT_LIMIT;
    const table = query.phases?.includes('ended') ? this.sagas : this.#open;
    const found: SagaRecord[] = [];
    for (const saga of query.newest ? [...table.values()].reverse() : table.values()) {
      if (found.length >= limit) break;
      if (matches(saga, query)) found.push(saga);
    }
    return found;
  }

  catalogAfter(after: string | undefined, limit: number = DEFAULT_LIMIT): CatalogEntry[] {
    return [...this.catalog.values()]
      .filter((entry) => after === undefined || compareKeys(entry.key, after) > 0)
      .sort((one, other) => compareKeys(one.key, other.key))
      .slice(0, limit);
  }

  hot(key?: string): HotEntry[] {
    if (key !== undefined) return [...(this.#hot.get(key) ?? [])];
    const keys = [...this.#hot.keys()].sort(compareKeys);
    return keys.flatMap((each) => this.#hot.get(each) ?? []);
  }

  /** Adds HOT entries; one that is there already keeps the later `until`. */
  heat(entries: readonly HotEntry[]): void {
    for (const entry of entries) {
      const others = this.hot(entry.key);
      const same = others.find((other) => other.step === entry.step && other.token === entry.token);
      const until = Math.max(entry.until, same?.until ?? entry.until);
      const next = [...others.filter((other) => other !== same), { ...entry, until }];
      this.#hot.set(entry.key, next.sort(bySteps));
    }
  }

  /** Keeps only the HOT entries of the key that `wanted` accepts; returns how many went. */
  cool(key: string, wanted: (entry: HotEntry) => boolean): number {
    const before = this.hot(key);
    const kept = before.filter(wanted);
    if (kept.length > 0) this.#hot.set(key, kept);
    else this.#hot.delete(key);
    return before.length - kept.length;
  }

  lapse(monotonicMs: number): number {
    let lapsed = 0;
    for (const key of [...this.#hot.keys()]) {
      if (this.holder(key) !== null) continue;
      lapsed += this.cool(key, ({ token, until }) => {
        const idle = this.catalog.get(key)?.token === token;
        return !idle || until > monotonicMs;
      });
    }
    return lapsed;
  }

  isHot(saga: SagaRecord): boolean {
    return saga.key !== null && this.#hot.has(saga.key);
  }
}

function bySteps(one: HotEntry, other: HotEntry): number {
  return compareKeys(one.step, other.step) || one.token - other.token;
}

function matches(saga: SagaRecord, query: SagaQuery): boolean {
  if (saga.id <= (query.after ?? 0)) return false;
  if (query.key !== undefined && saga.key !== query.key) return false;
  if (query.parked !== undefined && (saga.parked !== null) !== query.parked) return false;
  return query.phases === undefined ? saga.phase !== 'ended' : query.phases.includes(saga.phase);
}
