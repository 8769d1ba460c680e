import type { BeginResult, SagaChange } from '../../../src/journal/journal.js';
import type { HotEntry, SagaRecord } from '../../../src/journal/records.js';

/** One durable write, as the observer is told of it. */
export interface DurableWrite {
  /** Who wrote: the name of the process. */
  readonly by: string;
  readonly kind: 'begin' | 'adopt' | 'resolve' | SagaChange['type'];
  readonly before: SagaRecord | null;
  readonly after: SagaRecord;
}

/**
 * What is durable in the journal, followed write by write from outside: the observer does not ask the journal what it
 * believes to hold, and never the connector.
 */
export class DurableState {
  readonly sagas = new Map<number, SagaRecord>();
  /** Group id → version that the journal says is committed. */
  readonly catalog = new Map<string, number>();
  /** Sagas by group id, in journal order. */
  readonly #byKey = new Map<string, Set<number>>();
  /** HOT entries ever written, and by whom. */
  readonly #hot = new Map<string, string>();
  readonly #onWrite: ((write: DurableWrite) => void)[] = [];
  readonly #onPaid: ((by: string, heatedBy: string) => void)[] = [];

  onWrite(listener: (write: DurableWrite) => void): void {
    this.#onWrite.push(listener);
  }

  onPaid(listener: (by: string, heatedBy: string) => void): void {
    this.#onPaid.push(listener);
  }

  begun(by: string, result: BeginResult): void {
    if (result.kind === 'begun') this.#put({ by, kind: 'begin', before: null, after: result.saga });
  }

  changed(by: string, change: SagaChange, after: SagaRecord | null): void {
    if (after === null) return;
    if (change.type === 'end') this.#end(by, change, after);
    if (change.type === 'retoken') this.#heat(by, change.hot);
    this.#put({ by, kind: change.type, before: this.sagas.get(after.id) ?? null, after });
  }

  taken(by: string, kind: 'adopt' | 'resolve', after: SagaRecord | null): void {
    if (after !== null) this.#put({ by, kind, before: this.sagas.get(after.id) ?? null, after });
  }

  /** A definite DELETE of a version that may have been hot. */
  paid(by: string, groupId: string, node: string, token: number): void {
    const heatedBy = this.#hot.get(`${groupId}\n${node}\n${token}`);
    if (heatedBy !== undefined) for (const listener of this.#onPaid) listener(by, heatedBy);
  }

  /** All sagas of a group, in journal order. */
  of(groupId: string): SagaRecord[] {
    return [...(this.#byKey.get(groupId) ?? [])].flatMap((id) => this.sagas.get(id) ?? []);
  }

  groups(): string[] {
    return [...this.#byKey.keys()];
  }

  /** Whether the journal ever wrote down that a POST of this version may be alive at the node as its saga ended. */
  wasHot(groupId: string, node: string, token: number): boolean {
    return this.#hot.has(`${groupId}\n${node}\n${token}`);
  }

  #end(by: string, change: Extract<SagaChange, { type: 'end' }>, after: SagaRecord): void {
    this.#heat(by, change.hot);
    if (change.catalog === undefined || after.key === null) return;
    if ('set' in change.catalog) this.catalog.set(after.key, change.catalog.set);
    else if (this.catalog.get(after.key) === change.catalog.deleteToken) this.catalog.delete(after.key);
  }

  #heat(by: string, entries: readonly HotEntry[]): void {
    for (const { key, step, token } of entries) this.#hot.set(`${key}\n${step}\n${token}`, by);
  }

  #put(write: DurableWrite): void {
    const { after } = write;
    this.sagas.set(after.id, after);
    if (after.key !== null) {
      const sagas = this.#byKey.get(after.key) ?? new Set();
      this.#byKey.set(after.key, sagas.add(after.id));
    }
    for (const listener of this.#onWrite) listener(write);
  }
}
