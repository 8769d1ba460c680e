import { type Random, shuffled } from '../../seeded-random.js';
import { MAX_SERVER_LAG_MS, NODES, type NodeName } from '../setting.js';

/** A time span in ms. */
interface Span {
  readonly from: number;
  readonly to: number;
}

/** What is under a fault when, so that no two of a kind that would make one long one come together. */
export class Occupied {
  readonly #spans = new Map<string, Span[]>();

  /** Takes a thing for a time, if it is free then. */
  take(thing: string, from: number, to: number): boolean {
    const spans = this.#spans.get(thing) ?? [];
    if (spans.some((span) => span.from < to && from < span.to)) return false;
    spans.push({ from, to });
    this.#spans.set(thing, spans);
    return true;
  }

  /** A node that is free for this time, and is not any more; null: none is. */
  takeNode(random: Random, from: number, to: number): NodeName | null {
    return shuffled(NODES, random).find((node) => this.take(node, from, to)) ?? null;
  }

  /**
   * A node that loses its data, which includes its fences and tombstones: nothing may be on its way to it that was sent
   * before. So it stands alone for Q before and after.
   */
  takeNodeToEmpty(random: Random, at: number): NodeName | null {
    return this.takeNode(random, at - MAX_SERVER_LAG_MS, at + MAX_SERVER_LAG_MS);
  }
}
