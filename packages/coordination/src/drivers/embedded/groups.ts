import type { JoinReply, JoinRequest, LeaveReply, LeaveRequest } from '../../driver/index.js';
import { isBeating } from './rows.js';
import type { Step } from './store.js';

export function createGroup(step: Step, group: string): 'created' | 'exists' {
  if (step.tables.groups.has(group)) return 'exists';
  step.tables.groups.add(group);
  changed(step, group);
  return 'created';
}

/** Dead members do not keep a group alive. */
export function deleteGroup(step: Step, group: string): 'deleted' | 'no-group' | 'not-empty' {
  const { groups, members } = step.tables;
  if (!groups.has(group)) return 'no-group';
  reap(step, group);
  if (members.of(group, false).length > 0) return 'not-empty';
  groups.remove(group);
  changed(step, group);
  return 'deleted';
}

export function join(step: Step, request: JoinRequest, membershipTtlMs: number): JoinReply {
  const { group, member, capabilities } = request;
  const { groups, members } = step.tables;
  if (!groups.has(group)) {
    if (!request.create) return { status: 'no-group' };
    groups.add(group);
  }
  const entry = members.get(group, member);
  if (entry !== undefined && isBeating(entry, step.now)) return { status: 'already-joined' };
  const incarnation = step.tables.raiseCounter(step.wallMicros);
  members.put(group, member, { incarnation, capabilities });
  members.beat(member, step.now + membershipTtlMs);
  changed(step, group);
  return { status: 'joined', incarnation };
}

export function leave(step: Step, { groups, member, final }: LeaveRequest): LeaveReply[] {
  const replies = groups.map((group): LeaveReply => {
    if (!step.tables.groups.has(group)) return 'no-group';
    if (!step.tables.members.remove(group, member)) return 'not-joined';
    changed(step, group);
    return 'left';
  });
  if (final) step.tables.members.dropBeat(member);
  else step.tables.members.dropIdleBeat(member);
  return replies;
}

export function updateCapabilities(
  step: Step,
  group: string,
  entry: { readonly member: string; readonly capabilities: Uint8Array },
): 'updated' | 'no-group' | 'not-joined' {
  if (!step.tables.groups.has(group)) return 'no-group';
  return step.tables.members.update(group, entry.member, entry.capabilities) ? 'updated' : 'not-joined';
}

/** Removes the members that do not beat, but for `self`: nobody is declared dead by itself. */
export function reap(step: Step, group: string, self?: string): void {
  const { members } = step.tables;
  const dead = members
    .of(group, false)
    .filter((member) => !isBeating(member, step.now) && member.id !== self);
  for (const { id } of dead) {
    members.remove(group, id);
    members.dropIdleBeat(id);
  }
  if (dead.length > 0) changed(step, group);
}

const changed = (step: Step, group: string): void => {
  step.notices.push({ type: 'group', group });
};
