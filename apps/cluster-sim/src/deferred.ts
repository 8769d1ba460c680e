import type { Socket } from 'node:net';
import type { Clock } from './clock.js';
import type { SimNode } from './sim-node.js';

/** A connection that waits, and what forgets it when it closes. */
interface Waiting {
  readonly node: SimNode | undefined;
  readonly closed: () => void;
}

/**
 * All that the faults put off: writes that arrive late, and connections that wait for an answer, perhaps for ever.
 * Kept in one place, so that a stop can end it: a late write that has not arrived by then is lost, as it would be
 * in a network cable.
 */
export class Deferred {
  readonly #clock: Clock;
  readonly #cancels = new Set<() => void>();
  readonly #held = new Map<Socket, Waiting>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Runs `action` after `delayMs`, unless `abandon` comes first. */
  later(delayMs: number, action: () => void): void {
    const cancel = this.#clock.schedule(delayMs, () => {
      this.#cancels.delete(cancel);
      action();
    });
    this.#cancels.add(cancel);
  }

  /** Notes a connection that waits, on behalf of `node`; it is forgotten when it closes or by `release`. */
  hold(socket: Socket, node: SimNode | undefined): void {
    if (this.#held.has(socket)) return;
    const closed = (): void => void this.#held.delete(socket);
    this.#held.set(socket, { node, closed });
    socket.once('close', closed);
  }

  /** The connection has got its answer; it may wait again, any number of times. */
  release(socket: Socket): void {
    const waiting = this.#held.get(socket);
    if (waiting === undefined) return;
    this.#held.delete(socket);
    socket.off('close', waiting.closed);
  }

  /** Resets the waiting connections of one node. */
  resetHeld(node: SimNode): void {
    for (const [socket, waiting] of this.#held) if (waiting.node === node) socket.resetAndDestroy();
  }

  /** Drops every late write and resets every waiting connection; tells how many writes were dropped. */
  abandon(): number {
    const dropped = this.#cancels.size;
    for (const cancel of this.#cancels) cancel();
    this.#cancels.clear();
    for (const socket of this.#held.keys()) socket.resetAndDestroy();
    return dropped;
  }
}
