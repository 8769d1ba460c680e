import type { CoordinationEvent } from '../../src/watch/events.js';

/** The events of an iteration as they come, and a way to wait for so many of them. */
export class Told {
  readonly events: CoordinationEvent[] = [];
  /** Settles when the iteration has ended. */
  readonly ended: Promise<void>;
  #isEnded = false;
  #wake = (): void => {};

  constructor(events: AsyncIterable<CoordinationEvent>) {
    this.ended = this.#read(events);
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** Resolves with the next `count` events that were not taken yet. */
  async take(count: number): Promise<CoordinationEvent[]> {
    while (this.events.length < count && !this.#isEnded)
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    return this.events.splice(0, count);
  }

  /** The same, one line each: `snapshot [a b] c`, `joined a`, `elected a 5`. */
  async lines(count: number): Promise<string[]> {
    return (await this.take(count)).map(lineOf);
  }

  async #read(events: AsyncIterable<CoordinationEvent>): Promise<void> {
    for await (const event of events) {
      this.events.push(event);
      this.#wake();
    }
    this.#isEnded = true;
    this.#wake();
  }
}

/** An event in one line. */
export function lineOf(event: CoordinationEvent): string {
  switch (event.type) {
    case 'snapshot':
      return `snapshot [${[...event.members].sort().join(' ')}] ${nameOf(event.leader)}`;
    case 'overflow':
      return `overflow ${event.dropped}`;
    case 'joined':
    case 'left':
    case 'evicted':
      return `${event.type} ${event.memberId}`;
    default:
      return `${event.type} ${nameOf(event.memberId)}${event.settled === false ? ' unsettled' : ''}`;
  }
}

function nameOf(leader: string | null | undefined): string {
  return leader === null ? 'nobody' : (leader ?? 'somebody');
}
