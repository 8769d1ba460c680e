import type { GroupReading, LeaderReading, MemberReading, ReadRequest } from '../../driver/index.js';
import { reap } from './groups.js';
import { isBeating, isLive, type Membership } from './rows.js';
import type { Step } from './store.js';

/** Reads the groups as they are; null if a dead member has to be removed first, for which there is `reapAndRead`. */
export function readGroups(step: Step, request: ReadRequest): GroupReading[] | null {
  const readings: GroupReading[] = [];
  for (const group of request.groups) {
    if (!step.tables.groups.has(group)) {
      readings.push(null);
      continue;
    }
    const found = membersOf(step, group, request);
    if (request.only === undefined && found.some((member) => isDead(member, step, request))) return null;
    readings.push({ members: found.map(readingOf), leader: leaderOf(step, group) });
  }
  return readings;
}

/** As `readGroups`, with the dead removed. */
export function reapAndRead(step: Step, request: ReadRequest): GroupReading[] {
  return request.groups.map((group) => {
    if (!step.tables.groups.has(group)) return null;
    reap(step, group, request.self);
    return { members: membersOf(step, group, request).map(readingOf), leader: leaderOf(step, group) };
  });
}

function membersOf(step: Step, group: string, request: ReadRequest): Membership[] {
  const { members } = step.tables;
  if (request.only === undefined) return members.of(group, request.capabilities);
  const one = members.get(group, request.only);
  return one === undefined ? [] : [request.capabilities ? one : { ...one, capabilities: null }];
}

const isDead = (member: Membership, step: Step, { self }: ReadRequest): boolean =>
  member.id !== self && !isBeating(member, step.now);

const readingOf = ({ id, incarnation, capabilities }: Membership): MemberReading => ({
  id,
  incarnation,
  capabilities,
});

function leaderOf(step: Step, group: string): LeaderReading | null {
  const leases = step.tables.leases.of({ kind: 'leader', id: group, text: true });
  const lease = leases.find((one) => isLive(one, step.now));
  return lease === undefined ? null : { memberId: lease.member, term: BigInt(lease.fence) };
}
