const SLOTS = 256;

/** Keys that were read not long ago, found again by their bytes without making a string. Holds at most one for each slot. */
export class RecentKeys {
  readonly #slots: string[] = [];

  /** The key that these bytes spell, if it is kept. */
  find(bytes: Uint8Array, start: number, end: number): string | undefined {
    const key = this.#slots[slot(bytes, start, end)];
    if (key === undefined || key.length !== end - start) return undefined;
    for (let i = 0; i < key.length; i++) if (key.charCodeAt(i) !== bytes[start + i]) return undefined;
    return key;
  }

  /** Keeps a key of ASCII for the bytes that spell it; others have more bytes than units and are not kept. */
  keep(key: string, bytes: Uint8Array, start: number, end: number): void {
    if (key.length === end - start) this.#slots[slot(bytes, start, end)] = key;
  }
}

function slot(bytes: Uint8Array, start: number, end: number): number {
  let hash = end - start;
  for (let at = start; at < end; at++) hash = (hash * 31 + (bytes[at] ?? 0)) % SLOTS;
  return hash;
}
