/** Something that will happen at a virtual instant, unless it is cancelled before. */
export interface WorldEvent {
  readonly at: number;
  /** Order of scheduling: events of one instant happen in it. */
  readonly order: number;
  readonly action: () => void;
  cancelled: boolean;
}

/** A binary heap of events, earliest first. */
export class EventQueue {
  readonly #heap: WorldEvent[] = [];
  #order = 0;

  push(at: number, action: () => void): WorldEvent {
    const event: WorldEvent = { at, order: this.#order++, action, cancelled: false };
    const heap = this.#heap;
    let child = heap.push(event) - 1;
    while (child > 0) {
      const parent = (child - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || before(above, event)) break;
      heap[child] = above;
      child = parent;
    }
    heap[child] = event;
    return event;
  }

  /** The next event that was not cancelled, taken out; undefined: there is none. */
  pop(): WorldEvent | undefined {
    for (let event = this.#take(); event !== undefined; event = this.#take())
      if (!event.cancelled) return event;
    return undefined;
  }

  #take(): WorldEvent | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || first === last) return first;
    let hole = 0;
    for (;;) {
      let child = 2 * hole + 1;
      let lower = heap[child];
      const right = heap[child + 1];
      if (lower !== undefined && right !== undefined && before(right, lower)) {
        lower = right;
        child++;
      }
      if (lower === undefined || before(last, lower)) break;
      heap[hole] = lower;
      hole = child;
    }
    heap[hole] = last;
    return first;
  }
}

function before(a: WorldEvent, b: WorldEvent): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
