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

/** The one command of a heartbeat, whatever the member holds and waits for. */
export function beatCall(request: BeatRequest, options: BeatCallOptions): Command<BeatReply> {
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
