import type { CoordinationEvent } from '../../src/watch/events.js';
import { lineOf } from '../support/told.js';

interface Leader {
  readonly memberId: string | undefined;
  readonly term: bigint | undefined;
}

/** The state that a stream of events leads to. Throws where one cannot follow the ones before it. */
export class Replay {
  readonly members = new Set<string>();
  leader: Leader | null = null;
  readonly #self: string;
  #highest = -1n;
  /** The leader of the highest term, which is told again if its group was gone for a while. */
  #latest: string | undefined;
  #events = 0;

  constructor(self: string) {
    this.#self = self;
  }

  apply(event: CoordinationEvent): void {
    const first = this.#events++ === 0;
    this.#check(event, first === (event.type === 'snapshot'), 'a snapshot comes first, and only then');
    switch (event.type) {
      case 'snapshot':
        for (const member of event.members) this.members.add(member);
        this.leader = event.leader === null ? null : { memberId: event.leader, term: event.term };
        this.#highest = event.term ?? this.#highest;
        this.#latest = event.leader ?? undefined;
        return;
      case 'overflow':
        this.#check(event, false, 'nobody is slow here');
        return;
      case 'joined':
        this.#check(event, !this.members.has(event.memberId), 'it is a member already');
        this.members.add(event.memberId);
        return;
      case 'left':
      case 'evicted':
        this.#check(event, this.members.delete(event.memberId), 'it is no member');
        this.#check(event, event.type === 'left' || event.memberId === this.#self, 'only oneself is evicted');
        return;
      case 'elected':
        this.#elect(event, { memberId: event.memberId, term: event.term });
        return;
      default:
        this.#check(event, this.leader?.memberId === event.memberId, 'it does not lead');
        this.#check(event, this.leader?.term === event.term, 'its term is another');
        this.#check(event, event.type === 'resigned' || event.memberId === this.#self, 'only oneself loses');
        this.leader = null;
    }
  }

  #elect(event: CoordinationEvent, leader: Leader): void {
    this.#check(event, this.leader === null, 'another leads');
    if (leader.term !== undefined) {
      const again = leader.term === this.#highest && leader.memberId === this.#latest && !this.#isOwn(leader);
      this.#check(event, again || leader.term > this.#highest, 'terms increase');
      this.#highest = leader.term;
      this.#latest = leader.memberId;
    }
    this.leader = leader;
  }

  #isOwn({ memberId }: Leader): boolean {
    return memberId === this.#self;
  }

  #check(event: CoordinationEvent, holds: boolean, why: string): void {
    if (!holds) throw new Error(`${lineOf(event)} cannot follow: ${why}`);
  }
}
