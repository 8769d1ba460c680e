import type { Switchboard } from '../manager/switchboard.js';
import type { Place } from '../recovery/recovery.js';

/** What `CallPins` works with. */
export interface CallPinsOptions {
  readonly board: Switchboard;
  /** The service's full name: ids are its own, and other clients of it may know them too. */
  readonly service: string;
  readonly maxPins: number;
}

/** Where each thing that was begun lives, with the session that it was begun with. */
export class CallPins<S> {
  readonly #o: CallPinsOptions;
  readonly #places = new Map<string, Place<S>>();

  constructor(o: CallPinsOptions) {
    this.#o = o;
  }

  get(id: string): Place<S> | undefined {
    return this.#places.get(id);
  }

  /** Begins a pin, or goes on with another session. */
  set(id: string, place: Place<S>): void {
    const known = this.#places.get(id);
    this.#places.set(id, place);
    if (known?.strategy !== place.strategy) this.#o.board.pins.register(this.keyOf(id), place.strategy);
    if (this.#places.size > this.#o.maxPins) this.#dropOldest();
  }

  end(id: string): void {
    if (this.#places.delete(id)) this.#o.board.release(this.keyOf(id));
  }

  clear(): void {
    for (const id of this.#places.keys()) this.end(id);
  }

  /** The id under which the manager knows a pin. */
  keyOf(id: string): string {
    return `${this.#o.service}/${id}`;
  }

  #dropOldest(): void {
    const oldest = this.#places.keys().next();
    if (oldest.done) return;
    const { maxPins, board, service } = this.#o;
    board.logger.warn(
      { service, id: oldest.value, maxPins },
      'more is pinned than maxPins allows; the oldest pin is dropped',
    );
    this.end(oldest.value);
  }
}
