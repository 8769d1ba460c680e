import type { Clock } from '../clock.js';
import type { GroupReading } from '../driver/index.js';
import type { OwnTermEvent } from '../election/leadership.js';
import type { Membership } from '../groups/memberships.js';
import type { LeaderEvent, MemberEvent, SnapshotEvent } from './events.js';
import { type LeaderChange, LeaderView } from './leader-view.js';
import { changesBetween, type Members, membersOf, NOBODY } from './members.js';

export interface GroupViewOptions {
  readonly groupId: string;
  /** This coordinator's own member id. */
  readonly self: string;
  readonly clock: Clock;
  /** The own term that the election has begun and not ended. */
  readonly ownTerm: bigint | null;
  readonly tell: (event: MemberEvent | LeaderEvent) => void;
}

/** What has been told of one group, and what is to be told when a reading or a word of this coordinator differs. */
export class GroupView {
  readonly #o: GroupViewOptions;
  readonly #leader: LeaderView;
  #members: Members | null = null;
  #words = 0;

  constructor(o: GroupViewOptions) {
    this.#o = o;
    this.#leader = new LeaderView(o.self, o.ownTerm);
  }

  /** Whether it has been read. Nothing is told before: a snapshot comes first. */
  get isReady(): boolean {
    return this.#members !== null;
  }

  /** Grows with each word of this coordinator; a reading that was sent before the latest says nothing. */
  get words(): number {
    return this.#words;
  }

  read(reading: GroupReading): void {
    const before = this.#members;
    const now = membersOf(reading, before ?? NOBODY);
    this.#members = now;
    const leaders = this.#leader.read(reading?.leader ?? null);
    if (!before) return;
    for (const { type, memberId } of changesBetween(before, now)) this.#tellMember(type, memberId);
    this.#tellLeaders(leaders);
  }

  ownTerm(event: OwnTermEvent): void {
    this.#words++;
    this.#tellLeaders(this.#leader.tell(event));
  }

  /** This member was removed; if its joining has not been told yet, it is now. */
  evicted({ incarnation }: Membership): void {
    this.#words++;
    const { self } = this.#o;
    if (!this.#members) return;
    const shown = this.#members.get(self);
    if (typeof shown === 'number' && shown < incarnation) this.#tellMember('left', self);
    if (shown === undefined || (shown !== null && shown < incarnation)) this.#tellMember('joined', self);
    const members = new Map(this.#members);
    members.delete(self);
    this.#members = members;
    this.#tellMember('evicted', self);
  }

  snapshot(): SnapshotEvent {
    const { groupId, clock } = this.#o;
    const leader = this.#leader.shown;
    return {
      type: 'snapshot',
      groupId,
      members: [...(this.#members?.keys() ?? [])],
      leader: leader ? leader.memberId : null,
      ...termOf(leader?.term),
      at: clock.now(),
    };
  }

  #tellMember(type: MemberEvent['type'], memberId: string): void {
    const { groupId, clock, tell } = this.#o;
    tell({ type, groupId, memberId, at: clock.now() });
  }

  #tellLeaders(changes: readonly LeaderChange[]): void {
    const { groupId, clock, tell } = this.#o;
    if (!this.#members) return;
    for (const { type, leader, settled } of changes)
      tell({
        type,
        groupId,
        memberId: leader.memberId,
        ...termOf(leader.term),
        ...(settled === undefined ? {} : { settled }),
        at: clock.now(),
      });
  }
}

const termOf = (term: bigint | null | undefined): { term?: bigint } =>
  term === null || term === undefined ? {} : { term };
