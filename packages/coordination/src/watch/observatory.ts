import type { GroupReading } from '../driver/index.js';
import type { OwnTermEvent } from '../election/leadership.js';
import type { Membership, Memberships } from '../groups/memberships.js';
import { type Id, idText } from '../ids.js';
import { onAbort } from '../on-abort.js';
import type { Session } from '../session.js';
import { EventStream } from './event-stream.js';
import type { CoordinationEvent } from './events.js';
import { GroupView } from './group-view.js';
import { stillHas } from './members.js';
import { ReadingLoop } from './reading-loop.js';

interface Observed {
  readonly view: GroupView;
  readonly streams: Set<EventStream>;
}

/**
 * Watches groups for the readers of `events`: one view of each, however many read it, and none that nobody reads. What
 * can still go wrong: what begins and ends between two readings is not told; but what is told is in order, and leads from
 * each snapshot to the state that was read last.
 */
export class Observatory {
  readonly #session: Session;
  readonly #memberships: Memberships;
  readonly #loop: ReadingLoop;
  readonly #observed = new Map<string, Observed>();
  readonly #ownTerms = new Map<string, bigint>();
  #isClosed = false;

  constructor(session: Session, memberships: Memberships) {
    this.#session = session;
    this.#memberships = memberships;
    this.#loop = new ReadingLoop(session, (groups) => this.#read(groups));
    onAbort(session.ended, () => this.#end());
  }

  /**
   * What happens to a group: a snapshot, then each change, from the first `next` of each iterator on. The group need not
   * exist. The iteration ends when `signal` aborts and when the coordinator stops; it never throws. While the store
   * cannot be reached nothing is told, and then the net difference.
   *
   * Throws `INVALID_ARGUMENT` for an id outside its limits.
   */
  events(groupId: Id, o: { readonly signal?: AbortSignal } = {}): AsyncIterable<CoordinationEvent> {
    const group = idText('groupId', groupId);
    return { [Symbol.asyncIterator]: () => this.#stream(group, o.signal) };
  }

  /** A hint has come: this group may have changed. */
  hinted(group: string): void {
    this.#loop.touch(group);
  }

  /** Hints may have been lost. */
  reset(): void {
    this.#loop.touchAll();
  }

  /** An own term has begun or ended. */
  ownTerm(group: string, event: OwnTermEvent): void {
    if (event.type === 'elected') this.#ownTerms.set(group, event.term);
    else this.#endOwn(group, event.term);
    this.#observed.get(group)?.view.ownTerm(event);
  }

  /** This coordinator was removed from a group. */
  evicted(lost: Membership): void {
    this.#observed.get(lost.group)?.view.evicted(lost);
  }

  #stream(groupId: string, signal: AbortSignal | undefined): EventStream {
    return new EventStream({
      groupId,
      now: () => this.#session.clock.now(),
      signal,
      opened: (stream) => this.#open(groupId, stream),
      closed: (stream) => this.#close(groupId, stream),
    });
  }

  #open(group: string, stream: EventStream): GroupView {
    if (this.#isClosed) {
      stream.end();
      return this.#newView(group, new Set());
    }
    const { view, streams } = this.#observed.get(group) ?? this.#observe(group);
    streams.add(stream);
    if (view.isReady) stream.push(view.snapshot());
    return view;
  }

  #observe(group: string): Observed {
    const streams = new Set<EventStream>();
    const observed = { view: this.#newView(group, streams), streams };
    this.#observed.set(group, observed);
    this.#loop.add(group);
    return observed;
  }

  #newView(groupId: string, streams: ReadonlySet<EventStream>): GroupView {
    return new GroupView({
      groupId,
      self: this.#session.memberId,
      clock: this.#session.clock,
      ownTerm: this.#ownTerms.get(groupId) ?? null,
      tell: (event) => {
        // Also when a reading has shown the successor: nobody is to be told of this term as alive again.
        if (event.type === 'lost') this.#endOwn(groupId, event.term);
        for (const stream of streams) stream.push(event);
      },
    });
  }

  #close(group: string, stream: EventStream): void {
    const observed = this.#observed.get(group);
    if (!observed?.streams.delete(stream) || observed.streams.size > 0) return;
    this.#observed.delete(group);
    this.#loop.remove(group);
  }

  /** All iterations end, after what was told so far. */
  #end(): void {
    this.#isClosed = true;
    for (const { streams } of [...this.#observed.values()]) for (const stream of [...streams]) stream.end();
  }

  #endOwn(group: string, term: bigint | undefined): void {
    if (this.#ownTerms.get(group) === term) this.#ownTerms.delete(group);
  }

  async #read(groups: readonly string[]): Promise<void> {
    const asked = groups.flatMap((group) => {
      const observed = this.#observed.get(group);
      return observed
        ? [{ group, observed, words: observed.view.words, membership: this.#memberships.get(group) }]
        : [];
    });
    if (asked.length === 0) return;
    const readings = await this.#session.driver.readGroups({
      groups: asked.map(({ group }) => group),
      capabilities: false,
      self: this.#session.memberId,
    });
    asked.forEach(({ group, observed, words, membership }, at) => {
      if (this.#observed.get(group) !== observed) return;
      // It may be older than what this coordinator has said of itself meanwhile.
      if (observed.view.words !== words) this.#loop.touch(group);
      else this.#apply(observed, readings[at] ?? null, membership);
    });
  }

  #apply({ view, streams }: Observed, reading: GroupReading, membership: Membership | undefined): void {
    // Told by `evicted`, so that it is not told as having left.
    if (membership && !stillHas(reading, this.#session.memberId, membership))
      this.#memberships.evicted(membership);
    const isFirst = !view.isReady;
    view.read(reading);
    if (isFirst) for (const stream of streams) stream.push(view.snapshot());
  }
}
