import type { Driver, JoinRequest } from '../driver/index.js';
import type { Memberships } from './memberships.js';

/**
 * Joins, and keeps the books of it however late the answer comes. A join whose answer got lost may have happened: when
 * the next one is refused because the member is there already, with the capabilities of the lost one, then it was ours.
 * What can still go wrong: a second coordinator with the same id and the same capabilities, joining in just that gap, is
 * taken for this one. Member ids have to be unique.
 */
export function join(driver: Driver, memberships: Memberships, request: JoinRequest): Promise<Joined> {
  return memberships.joining(request.group, () => joinInTurn(driver, memberships, request));
}

type Joined = 'joined' | 'no-group' | 'already-joined';

async function joinInTurn(driver: Driver, memberships: Memberships, request: JoinRequest): Promise<Joined> {
  const { group, capabilities } = request;
  const unanswered = memberships.unansweredJoins(group);
  const reply = await driver.join(request).catch((error: unknown) => {
    memberships.joinUnanswered(group, capabilities);
    throw error;
  });
  const incarnation =
    reply.status === 'joined'
      ? reply.incarnation
      : reply.status === 'already-joined' && !memberships.get(group) && unanswered.length > 0
        ? await adopt(driver, request, unanswered)
        : null;
  if (incarnation === null) {
    memberships.refused(group);
    return reply.status;
  }
  memberships.joined({ group, incarnation, capabilities });
  return 'joined';
}

/** The incarnation of the member's entry if one of the unanswered joins made it; it gets the capabilities wanted now. */
async function adopt(
  driver: Driver,
  { group, member, capabilities }: JoinRequest,
  unanswered: readonly Uint8Array[],
): Promise<number | null> {
  const [reading] = await driver.readGroups({
    groups: [group],
    capabilities: true,
    self: member,
    only: member,
  });
  const entry = reading?.members[0];
  const stored = entry?.capabilities;
  if (entry?.incarnation == null || !stored) return null;
  if (!unanswered.some((bytes) => Buffer.compare(bytes, stored) === 0)) return null;
  if (Buffer.compare(capabilities, stored) === 0) return entry.incarnation;
  const status = await driver.updateCapabilities(group, member, capabilities);
  return status === 'updated' ? entry.incarnation : null;
}
