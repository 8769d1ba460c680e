import { onAbort } from '../on-abort.js';
import type { CoordinationEvent, SnapshotEvent } from './events.js';

/** Events that are kept for a reader who does not come for them. */
export const EVENT_BUFFER = 1_000;

export interface StreamHost {
  readonly groupId: string;
  readonly now: () => number;
  readonly signal: AbortSignal | undefined;
  /** The first `next`: from now on events come, a snapshot first. Returns what knows the state at any time. */
  readonly opened: (stream: EventStream) => StreamSource;
  /** Nobody reads any more. */
  readonly closed: (stream: EventStream) => void;
}

export interface StreamSource {
  snapshot(): SnapshotEvent;
}

type Next = IteratorResult<CoordinationEvent, undefined>;

/**
 * One reader of events. Observing begins with the first `next`, and ends with `return`, the signal's abort (whatever is
 * kept is dropped), or the coordinator's stop (what is kept is still read). A reader who falls behind by more than the
 * buffer gets the buffer, one `overflow`, and the state as it is then.
 */
export class EventStream implements AsyncIterator<CoordinationEvent, undefined> {
  readonly #host: StreamHost;
  readonly #kept: CoordinationEvent[] = [];
  readonly #waiting: ((next: Next) => void)[] = [];
  #state: 'new' | 'open' | 'ending' | 'done' = 'new';
  #dropped = 0;
  #source: StreamSource | null = null;
  #unlink = nothing;

  constructor(host: StreamHost) {
    this.#host = host;
  }

  next(): Promise<Next> {
    if (this.#state === 'new') this.#open();
    if (this.#kept.length === 0 && this.#dropped > 0) this.#resume();
    const event = this.#kept.shift();
    if (event) return Promise.resolve({ done: false, value: event });
    if (this.#state === 'ending') this.#close();
    if (this.#state === 'done') return Promise.resolve(DONE);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  return(): Promise<Next> {
    this.#close();
    return Promise.resolve(DONE);
  }

  push(event: CoordinationEvent): void {
    if (this.#state !== 'open') return;
    const waiting = this.#waiting.shift();
    if (waiting) waiting({ done: false, value: event });
    else if (this.#dropped > 0 || this.#kept.length >= EVENT_BUFFER) this.#dropped++;
    else this.#kept.push(event);
  }

  /** No more events come; those that are kept can still be read. */
  end(): void {
    if (this.#state !== 'open') return;
    this.#state = 'ending';
    this.#release();
  }

  #open(): void {
    const { signal, opened } = this.#host;
    this.#state = 'open';
    // Aborted already: it closes before anything is observed.
    this.#unlink = onAbort(signal, () => this.#close());
    if (this.#isOpen) this.#source = opened(this);
  }

  get #isOpen(): boolean {
    return this.#state === 'open';
  }

  #resume(): void {
    const { groupId, now } = this.#host;
    this.#kept.push({ type: 'overflow', groupId, dropped: this.#dropped, at: now() });
    if (this.#source) this.#kept.push(this.#source.snapshot());
    this.#dropped = 0;
  }

  #close(): void {
    if (this.#state === 'done') return;
    this.#state = 'done';
    this.#kept.length = 0;
    this.#dropped = 0;
    this.#release();
  }

  #release(): void {
    this.#unlink();
    this.#unlink = nothing;
    for (const waiting of this.#waiting.splice(0)) waiting(DONE);
    this.#host.closed(this);
  }
}

const nothing = (): void => {};
const DONE: Next = { done: true, value: undefined };
