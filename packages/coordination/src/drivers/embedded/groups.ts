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

/** Who makes a call: one start of one coordinator. */
export interface Client {
  readonly clientId: string;
  readonly membershipTtlMs: number;
}

/** Adds the member for this client, unless a living one of the same id is there. */
export function join(step: Step, request: JoinRequest, { clientId, membershipTtlMs }: Client): JoinReply {
  const { group, member, capabilities } = request;
  const { groups, members } = step.tables;
  if (!groups.has(group)) {
    if (!request.create) return { status: 'no-group' };
    groups.add(group);
  }
  const entry = members.get(group, member);
  if (entry !== undefined && isBeating(entry, step.now)) return { status: 'already-joined' };
  const incarnation = step.tables.raiseCounter(step.wallMicros);
  members.put(group, member, { client: clientId, incarnation, capabilities });
  members.beat(clientId, step.now + membershipTtlMs);
  if (entry !== undefined) members.dropIdleBeat(entry.client);
  changed(step, group);
  return { status: 'joined', incarnation };
}

/** Ends what this client has joined; what another one of the same id has joined since stays. */
export function leave(step: Step, { groups, member, final }: LeaveRequest, clientId: string): LeaveReply[] {
  const { members } = step.tables;
  const replies = groups.map((group): LeaveReply => {
    if (!step.tables.groups.has(group)) return 'no-group';
    if (!isJoined(step, { group, member, clientId })) return 'not-joined';
    members.remove(group, member);
    changed(step, group);
    return 'left';
  });
  if (final) members.dropBeat(clientId);
  else members.dropIdleBeat(clientId);
  return replies;
}

export function updateCapabilities(
  step: Step,
  group: string,
  entry: { readonly member: string; readonly capabilities: Uint8Array; readonly clientId: string },
): 'updated' | 'no-group' | 'not-joined' {
  if (!step.tables.groups.has(group)) return 'no-group';
  if (!isJoined(step, { group, ...entry })) return 'not-joined';
  step.tables.members.update(group, entry.member, entry.capabilities);
  return 'updated';
}

/** Whether the member of this id is there, and is this client's. */
export function isJoined(
  step: Step,
  o: { readonly group: string; readonly member: string; readonly clientId: string },
): boolean {
  return step.tables.members.get(o.group, o.member)?.client === o.clientId;
}

/** Removes the members that do not beat, but for `self`: nobody is declared dead by itself. */
export function reap(step: Step, group: string, self?: string): void {
  const { members } = step.tables;
  const dead = members
    .of(group, false)
    .filter((member) => !isBeating(member, step.now) && member.id !== self);
  for (const { id, client } of dead) {
    members.remove(group, id);
    members.dropIdleBeat(client);
  }
  if (dead.length > 0) changed(step, group);
}

const changed = (step: Step, group: string): void => {
  step.notices.push({ type: 'group', group });
};
