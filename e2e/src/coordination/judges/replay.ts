import type { CoordinationEvent, LeaderEvent, MemberEvent, SnapshotEvent } from '@holdfast/coordination';

/** Follows an event stream: what it says of a group, and what is wrong with its order. */
export class Replay {
  readonly members = new Set<string>();
  leader: string | null | undefined = null;
  /** Terms in the order in which they were told to begin. */
  readonly terms: bigint[] = [];
  /** In words. */
  readonly faults: string[] = [];
  events = 0;
  #isBegun = false;
  #hasOverflown = false;

  take(event: CoordinationEvent): void {
    this.events++;
    if (!this.#isBegun && event.type !== 'snapshot') this.#fault(event, 'before the first snapshot');
    switch (event.type) {
      case 'snapshot':
        this.#snapshot(event);
        break;
      case 'overflow':
        this.#hasOverflown = true;
        break;
      case 'joined':
      case 'left':
      case 'evicted':
        this.#member(event);
        break;
      case 'elected':
      case 'resigned':
      case 'lost':
        this.#leader(event);
    }
  }

  #snapshot(event: SnapshotEvent): void {
    if (this.#isBegun && !this.#hasOverflown) this.#fault(event, 'without a gap');
    this.#isBegun = true;
    this.#hasOverflown = false;
    this.members.clear();
    for (const member of event.members) this.members.add(member);
    this.leader = event.leader;
  }

  #member(event: MemberEvent): void {
    const id = event.memberId;
    if (event.type !== 'joined') {
      if (!this.members.delete(id)) this.#fault(event, 'who was no member');
    } else if (this.members.has(id)) this.#fault(event, 'who was a member');
    else this.members.add(id);
  }

  #leader(event: LeaderEvent): void {
    if (event.type !== 'elected') {
      if (this.leader !== event.memberId) this.#fault(event, `while ${this.leader} led`);
      this.leader = null;
      return;
    }
    if (this.leader !== null) this.#fault(event, `while ${this.leader} led`);
    this.leader = event.memberId;
    const { term } = event;
    if (term === undefined) return;
    const last = this.terms.at(-1);
    if (last !== undefined && term <= last) this.#fault(event, `under ${term}, not above ${last}`);
    this.terms.push(term);
  }

  #fault(event: CoordinationEvent, what: string): void {
    const who = 'memberId' in event ? ` ${event.memberId}` : '';
    this.faults.push(`event ${this.events}, ${event.type}${who}: ${what}`);
  }
}
