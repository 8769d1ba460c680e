import type { CatalogEntry, HotEntry } from '../journal/records.js';

/**
 * What one saga knows of its key's past (4.3): the committed version, and the versions whose POST may still be alive
 * somewhere. Read under the lock; others may only take entries away meanwhile, which costs a needless DELETE at worst.
 */
export class HotList {
  readonly catalog: CatalogEntry | null;
  #entries: readonly HotEntry[];

  constructor(catalog: CatalogEntry | null, entries: readonly HotEntry[]) {
    this.catalog = catalog;
    this.#entries = entries;
  }

  /** The same with more entries. */
  with(entries: readonly HotEntry[]): HotList {
    return new HotList(this.catalog, [...this.#entries, ...entries]);
  }

  get empty(): boolean {
    return this.#entries.length === 0;
  }

  at(step: string): readonly HotEntry[] {
    return this.#entries.length === 0 ? this.#entries : this.#entries.filter((entry) => entry.step === step);
  }

  /**
   * A definite DELETE was answered. Returns whether the entry is paid: its time was over when the DELETE was sent, or a
   * tombstone holds it down.
   */
  pay(step: string, token: number, o: { readonly sentAt: number; readonly tombstone: boolean }): boolean {
    const paid = this.#entries.filter(
      (entry) => entry.step === step && entry.token === token && (o.tombstone || entry.until <= o.sentAt),
    );
    if (paid.length > 0) this.#entries = this.#entries.filter((entry) => !paid.includes(entry));
    return paid.length > 0;
  }
}
