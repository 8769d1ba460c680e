import type { GroupReading } from '../driver/index.js';
import type { Membership } from '../groups/memberships.js';

/** The members of a group by id, each with its incarnation if that can be read. */
export type Members = ReadonlyMap<string, number | null>;

/** One step from one set of members to the next. */
export interface MemberChange {
  readonly type: 'joined' | 'left';
  readonly memberId: string;
}

export const NOBODY: Members = new Map();

/** The members of a reading; a group that does not exist has none. What was known of an incarnation stays known. */
export function membersOf(reading: GroupReading, known: Members): Members {
  return new Map(reading?.members.map(({ id, incarnation }) => [id, incarnation ?? known.get(id) ?? null]));
}

/**
 * How `before` became `now`: those who left, then those who joined. A member that left and joined again is in both, if
 * its new incarnation can be read; a rejoin by Python cannot be seen.
 */
export function changesBetween(before: Members, now: Members): MemberChange[] {
  const changes: MemberChange[] = [];
  const stayed = (id: string): boolean => now.has(id) && before.has(id) && now.get(id) === before.get(id);
  for (const memberId of before.keys()) if (!stayed(memberId)) changes.push({ type: 'left', memberId });
  for (const memberId of now.keys()) if (!stayed(memberId)) changes.push({ type: 'joined', memberId });
  return changes;
}

/** Whether a membership, of the member `self`, is still there. One without a readable incarnation counts as the same. */
export function stillHas(reading: GroupReading, self: string, { incarnation }: Membership): boolean {
  const entry = reading?.members.find(({ id }) => id === self);
  return entry !== undefined && (entry.incarnation === null || entry.incarnation === incarnation);
}
