import type { Driver, DriverDefinition } from './driver/index.js';
import { Elections } from './election/elections.js';
import { GroupCalls } from './groups/group-calls.js';
import { Memberships } from './groups/memberships.js';
import { Beat } from './liveness/beat.js';
import type { Heart } from './liveness/heart.js';
import { Abandoned } from './locks/abandoned.js';
import { marginOf } from './locks/lease.js';
import { Leases } from './locks/leases.js';
import type { LockContext } from './locks/lock-context.js';
import { Suspension } from './locks/suspension.js';
import { Waiters } from './locks/waiters.js';
import type { ResolvedOptions } from './options.js';
import { Session } from './session.js';
import { Observatory } from './watch/observatory.js';
import type { WatchHooks } from './watch/watch-hooks.js';
import { Watchers } from './watch/watchers.js';

/** All that one start of a coordinator consists of. */
export interface Parts {
  readonly session: Session;
  readonly memberships: Memberships;
  readonly groups: GroupCalls;
  readonly locks: LockContext;
  readonly beat: Beat;
  readonly elections: Elections;
  readonly observatory: Observatory;
  readonly watchers: Watchers;
}

export interface PartsOptions {
  readonly url: URL;
  readonly memberId: string;
  readonly definition: DriverDefinition;
  readonly options: ResolvedOptions;
  readonly hooks: WatchHooks;
  readonly heart: Heart;
}

/** Puts the parts together and connects. Nothing stays behind when that fails. */
export async function openParts(o: PartsOptions): Promise<Parts> {
  const { options } = o;
  const session = new Session(o.memberId, clientId(options), options);
  const parts = assemble(session, o);
  const driver = await connect(session, o);
  session.connected(driver);
  return parts;
}

/** Ends everything in order: terms, waits, locks, memberships, the connection. Each step is bounded. */
export async function closeParts(parts: Parts, heart: Heart): Promise<void> {
  const { session, elections, locks, groups } = parts;
  try {
    session.stop();
    await elections.stop();
    await Promise.all([heart.stop(), locks.waiters.drained()]);
    await Promise.all([
      ...locks.leases.list().map((lease) => releaseQuietly(locks, lease)),
      groups.leaveAll(),
    ]);
  } finally {
    await heart.stop();
    await session.end();
  }
}

function assemble(session: Session, { options, hooks, heart }: PartsOptions): Parts {
  const { clock, lockTtlMs } = options;
  const memberships = new Memberships((lost) => {
    observatory.evicted(lost);
    if (options.rejoin) groups.rejoin(lost);
  });
  const groups = new GroupCalls(session, memberships);
  const observatory = new Observatory(session, memberships);
  const leases = new Leases({
    clock,
    suspension: new Suspension(clock, () => heart.hurry()),
    ttlMs: lockTtlMs,
    marginMs: marginOf(lockTtlMs),
  });
  const kept = { session, leases, waiters: new Waiters(), abandoned: new Abandoned(session) };
  const beat = new Beat(kept, { memberships, onAsked: (lease) => elections.asked(lease) });
  const locks: LockContext = { ...kept, isBeating: () => heart.isAlive, renew: (lease) => beat.renew(lease) };
  const elections = new Elections(locks, {
    hooks: {
      groups: () => hooks.groups('elected'),
      run: (group) =>
        hooks.run('elected', group, { type: 'elected', groupId: group, memberId: session.memberId }),
    },
    tell: (group, event) => observatory.ownTerm(group, event),
  });
  const watchers = new Watchers({ session, hooks, memberships, runElections: () => elections.run() });
  session.push.connect({
    turn: (token, afterMs) => kept.waiters.turn(token, afterMs),
    holder: () => heart.hurry(),
    group: (group) => observatory.hinted(group),
    reset: () => {
      heart.hurry();
      observatory.reset();
    },
  });
  return { session, memberships, groups, locks, beat, elections, observatory, watchers };
}

async function connect(session: Session, { url, definition, options }: PartsOptions): Promise<Driver> {
  return definition.open({
    url,
    namespace: options.namespace,
    lockKeyFormats: options.lockKeyFormats,
    memberId: session.memberId,
    clientId: session.clientId,
    membershipTtlMs: options.membershipTtlMs,
    lockTtlMs: options.lockTtlMs,
    timeoutMs: options.timeoutMs,
    onHint: session.push.receive,
    clock: options.clock,
    random: options.random,
    logger: options.logger,
  });
}

async function releaseQuietly(
  { session, leases }: LockContext,
  lease: Parameters<LockContext['renew']>[0],
): Promise<void> {
  leases.drop(lease);
  // Whoever still works under it is told.
  lease.lost('its coordinator was stopped');
  try {
    await session.driver.release(lease);
  } catch (error) {
    session.logger.warn(
      { lock: lease.lock.id, err: error },
      'a lock was not released at stop; its lease will end it',
    );
  }
}

/** Sixteen hex digits of chance. */
const clientId = ({ random }: ResolvedOptions): string =>
  Array.from({ length: 4 }, () =>
    Math.floor(random() * 0x10000)
      .toString(16)
      .padStart(4, '0'),
  ).join('');
