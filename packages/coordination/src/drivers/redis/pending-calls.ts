import type { Clock } from '../../clock.js';
import { afterReading } from './after-reading.js';
import type { Arg } from './ioredis.js';
import type { Script } from './scripts/script.js';

/** One run of a script. */
export interface Command<T> {
  readonly script: Script;
  /** How many of `args` are keys. */
  readonly keys: number;
  readonly args: readonly Arg[];
  /** Texts of the reply are wanted as bytes. */
  readonly binary?: boolean;
  /** Its second execution would answer differently, or do harm: once sent, it fails with the connection. */
  readonly once?: boolean;
  /** `resent`: it was sent before, and may have been executed then. */
  readonly decode: (reply: unknown, resent: boolean) => T;
}

/** A command that has no answer yet. */
export interface PendingCall {
  readonly command: Command<unknown>;
  readonly answer: (reply: unknown) => void;
  readonly reject: (error: unknown) => void;
  /** By the monotonic clock. */
  readonly dueAt: number;
  /** By the monotonic clock, on the connection of now; null: waits for one. */
  sentAt: number | null;
  sends: number;
  /** What the connection had received when it was sent. */
  repliesBefore: number;
}

/** What a sweep over the calls found. */
export interface Sweep {
  readonly expired: readonly PendingCall[];
  /** The oldest has had no answer for longer than the server may be silent, nor has any other since it was sent. */
  readonly silent: boolean;
}

/**
 * All calls without an answer, in the order in which they came, with one timer for all of them. It is left running when
 * the last is answered, and set again only if there are calls when it ends: setting it for each would cost more than all
 * else that is done here.
 */
export class PendingCalls {
  readonly #clock: Clock;
  readonly #patienceMs: number;
  readonly #sweep: (sweep: Sweep) => void;
  readonly #calls = new Set<PendingCall>();
  #cancel: (() => void) | null = null;
  #replies = 0;

  constructor(
    clock: Clock,
    options: { readonly patienceMs: number; readonly onSweep: (sweep: Sweep) => void },
  ) {
    this.#clock = clock;
    this.#patienceMs = options.patienceMs;
    this.#sweep = options.onSweep;
  }

  get size(): number {
    return this.#calls.size;
  }

  add(call: PendingCall): void {
    this.#calls.add(call);
    if (!this.#cancel) this.#arm();
  }

  /** Marks a call as sent on the connection of now. */
  sent(call: PendingCall, at: number): void {
    call.sentAt = at;
    call.sends += 1;
    call.repliesBefore = this.#replies;
  }

  /** It was answered, but has to be sent in another form on the same connection; the server was not silent. */
  sentAnew(call: PendingCall, at: number): void {
    this.#replies += 1;
    call.sentAt = at;
    call.repliesBefore = this.#replies;
  }

  /** Takes a call out; false if it was out already. */
  settle(call: PendingCall): boolean {
    this.#replies += 1;
    return this.remove(call);
  }

  remove(call: PendingCall): boolean {
    return this.#calls.delete(call);
  }

  /** The connection is gone: all wait for the next. Those that may not be sent again are returned, and out. */
  unsend(): PendingCall[] {
    const lost: PendingCall[] = [];
    for (const call of this.#calls) {
      if (call.command.once && call.sentAt !== null) lost.push(call);
      call.sentAt = null;
    }
    for (const call of lost) this.remove(call);
    return lost;
  }

  /** Those that wait for a connection. */
  unsent(): PendingCall[] {
    return [...this.#calls].filter((call) => call.sentAt === null);
  }

  /** Takes all out. */
  clear(): PendingCall[] {
    const all = [...this.#calls];
    this.#calls.clear();
    this.#disarm();
    return all;
  }

  #arm(): void {
    const oldest = first(this.#calls);
    if (!oldest) return;
    const silentAt = oldest.sentAt === null ? Number.POSITIVE_INFINITY : oldest.sentAt + this.#patienceMs;
    // A call that is not sent yet may be any moment.
    const soonest = Math.min(oldest.dueAt, silentAt) - this.#clock.monotonic();
    const delayMs = Math.min(Math.max(soonest, 1), this.#patienceMs);
    this.#cancel = this.#clock.schedule(delayMs, () => {
      // What this finds may be answered already, by replies that nobody has read yet.
      if (this.#look()) this.#cancel = afterReading(() => this.#act());
      else this.#rearm();
    });
  }

  #act(): void {
    this.#cancel = null;
    const sweep = this.#look();
    if (sweep) {
      for (const call of sweep.expired) this.#calls.delete(call);
      this.#sweep(sweep);
    }
    if (!this.#cancel) this.#rearm();
  }

  #rearm(): void {
    this.#cancel = null;
    this.#arm();
  }

  #disarm(): void {
    this.#cancel?.();
    this.#cancel = null;
  }

  /** Null: all is well. */
  #look(): Sweep | null {
    const now = this.#clock.monotonic();
    const oldest = first(this.#calls);
    const silent =
      oldest !== undefined &&
      oldest.sentAt !== null &&
      now - oldest.sentAt >= this.#patienceMs &&
      oldest.repliesBefore === this.#replies;
    const expired: PendingCall[] = [];
    for (const call of this.#calls) {
      if (call.dueAt > now) break;
      expired.push(call);
    }
    return expired.length > 0 || silent ? { expired, silent } : null;
  }
}

function first(calls: Set<PendingCall>): PendingCall | undefined {
  for (const call of calls) return call;
  return undefined;
}
