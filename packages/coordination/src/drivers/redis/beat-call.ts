import type { BeatReply, BeatRequest, LeaseRef, WaiterPlace } from '../../driver/index.js';
import { CoordinationError } from '../../errors.js';
import type { Arg } from './ioredis.js';
import type { Names } from './names.js';
import { wire } from './names.js';
import type { Command } from './pending-calls.js';
import { listOf, numberOf, textOf } from './reply.js';
import type { Script } from './scripts/script.js';

export interface BeatCallOptions {
  readonly script: Script;
  readonly names: Names;
  readonly clientId: string;
  readonly membershipTtlMs: number;
}

/**
 * Leases, and waiters, of one command. Redis does nothing else while a script runs: a thousand take some ms, and ten
 * thousand at once took more than ten times that (docs/performance.md).
 */
const MOST_REFS = 1_000;

/** The commands of a heartbeat: one, unless the member holds or waits for more than `MOST_REFS` locks. */
export function beatCalls(request: BeatRequest, options: BeatCallOptions): readonly Command<BeatReply>[] {
  const { leases, waiters } = request;
  const calls = [beatCall(partOf(request, 0), options)];
  for (let from = MOST_REFS; from < Math.max(leases.length, waiters.length); from += MOST_REFS)
    calls.push(beatCall({ ...partOf(request, from), groups: [] }, options));
  return calls;
}

/** The answers to all commands as one, in the order of the request. */
export function joinBeats(replies: readonly BeatReply[]): BeatReply {
  return {
    groups: replies.flatMap(({ groups }) => groups),
    leases: replies.flatMap(({ leases }) => leases),
    waiters: replies.flatMap(({ waiters }) => waiters),
  };
}

function partOf(request: BeatRequest, from: number): BeatRequest {
  const { leases, waiters } = request;
  return {
    ...request,
    leases: leases.slice(from, from + MOST_REFS),
    waiters: waiters.slice(from, from + MOST_REFS),
  };
}

function beatCall(request: BeatRequest, options: BeatCallOptions): Command<BeatReply> {
  const { script, names, clientId, membershipTtlMs } = options;
  const keys: Arg[] = [names.beat(request.member)];
  for (const group of request.groups) keys.push(names.group(group), names.incarnations(group));
  const refs = [...request.leases, ...request.waiters];
  for (const ref of refs) keys.push(...names.lock(ref.lock).keys);
  const values: Arg[] = [
    wire(request.member),
    clientId,
    Math.trunc(membershipTtlMs),
    Math.ceil(request.lockTtlMs),
    Math.ceil(request.waiterTtlMs),
    request.groups.length,
    request.leases.length,
  ];
  for (const ref of refs) values.push(ref.token, modeOf(ref));
  return {
    script,
    keys: keys.length,
    args: [...keys, ...values],
    decode: beatReply,
  };
}

const modeOf = (ref: LeaseRef): string => (ref.mode === 'shared' ? 's' : 'x');

function beatReply(reply: unknown): BeatReply {
  const [groups, leases, ...waiters] = listOf(reply);
  return {
    groups: [...textOf(groups)].map((code) => (code === 'j' ? 'joined' : 'evicted')),
    leases: [...textOf(leases)].map(leaseOf),
    waiters: waiters.map((code) => placeOf(numberOf(code))),
  };
}

function leaseOf(code: string): BeatReply['leases'][number] {
  switch (code) {
    case 'r':
      return 'renewed';
    case 'a':
      return 'asked';
    case 'l':
      return 'lost';
    default:
      throw new CoordinationError('BACKEND', `beat: Redis answered ${JSON.stringify(code)} for a lease`);
  }
}

function placeOf(code: number): WaiterPlace {
  if (code >= 0) return { place: 'head', retryAfterMs: code };
  return code === -1 ? { place: 'queued' } : { place: 'gone' };
}
