import { type Random, shuffled } from '../../seeded-random.js';
import { NODES, type NodeName } from '../setting.js';

/** Ms around the loss of a node's data in which nothing else happens to it; more than its longest delay. */
export const MARGIN_MS = 1_000;

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
   * A node that loses its data, and its fences and tombstones with them: no request may have been held back when it does,
   * which would arrive afterwards and find nothing that refuses it.
   */
  takeNodeToEmpty(random: Random, at: number): NodeName | null {
    return this.takeNode(random, at - MARGIN_MS, at + MARGIN_MS);
  }
}
