import type { Extension } from './answer.js';

/** Response header in which a node names its extensions (4.7). */
export const EXTENSIONS_HEADER = 'holdfast-extensions';

const KNOWN: readonly Extension[] = ['timestamp', 'tombstone', 'fence', 'list'];

/** No extension: the origin's API. */
export const NO_EXTENSIONS: ReadonlySet<Extension> = new Set();

/**
 * Reads the header `holdfast-extensions` (4.7): names between commas, in any case and order. Names that this version
 * does not know are passed over, so that a newer node stays usable.
 */
export function parseExtensions(header: string | undefined): ReadonlySet<Extension> {
  if (header === undefined) return NO_EXTENSIONS;
  const names = header.split(',').map((name) => name.trim().toLowerCase());
  return new Set(KNOWN.filter((extension) => names.includes(extension)));
}

/** `parseExtensions` for a series of replies that mostly say the same: an unchanged header costs one comparison. */
export class AdvertisedExtensions {
  #header: string | undefined;
  #isKnown = false;
  #current: ReadonlySet<Extension> = NO_EXTENSIONS;

  /** As last learnt; none before the first reply. */
  get current(): ReadonlySet<Extension> {
    return this.#current;
  }

  /** Whether any reply has told of them, be it by silence. */
  get isKnown(): boolean {
    return this.#isKnown;
  }

  /** Takes the header of one reply, or its absence, for what the node can do from now on. */
  learn(header: string | undefined): void {
    this.#isKnown = true;
    if (header === this.#header) return;
    this.#header = header;
    this.#current = parseExtensions(header);
  }
}
