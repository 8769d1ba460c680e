import type { Driver, DriverContext, LockKey } from '../../src/driver/index.js';

/** A driver that does one thing wrong, and the test that has to notice. */
export interface Mutant {
  readonly wrong: string;
  readonly noticedBy: string;
  readonly change?: (driver: Driver) => Partial<Driver>;
  readonly open?: (context: DriverContext) => DriverContext;
}

const asLock = (lock: LockKey): LockKey => ({ ...lock, kind: 'lock' });

/** What refused joins of the mutant have left in the store, by member. */
const overwritten = new Map<string, Uint8Array>();

export const MUTANTS: readonly Mutant[] = [
  {
    wrong: 'creates what exists',
    noticedBy: 'createGroup creates once',
    change: (driver) => ({ createGroup: (g) => driver.createGroup(g).then(() => 'created') }),
  },
  {
    wrong: 'says that it deleted a group with members',
    noticedBy: 'deleteGroup deletes an empty group, and only that',
    change: (driver) => ({ deleteGroup: (g) => driver.deleteGroup(g).then(() => 'deleted') }),
  },
  {
    wrong: 'forgets a group in the list',
    noticedBy: 'A6 all of several created groups are listed',
    change: (driver) => ({ listGroups: async () => (await driver.listGroups()).slice(1) }),
  },
  {
    wrong: 'shares all namespaces',
    noticedBy: 'namespaces know nothing of each other',
    open: (context) => ({ ...context, namespace: 'one' }),
  },
  {
    wrong: 'creates the group with every join',
    noticedBy: 'A12 joining an unknown group: it was not created',
    change: (driver) => ({ join: (request) => driver.join({ ...request, create: true }) }),
  },
  {
    wrong: 'overwrites the capabilities of the living',
    noticedBy: 'B24 a refused join of the same id changes nothing',
    change: (driver) => ({
      join: async (request) => {
        const reply = await driver.join(request);
        if (reply.status === 'already-joined') overwritten.set(request.member, request.capabilities);
        return reply;
      },
      readGroups: async (request) =>
        (await driver.readGroups(request)).map(
          (reading) =>
            reading && {
              ...reading,
              members: reading.members.map((member) => ({
                ...member,
                capabilities: overwritten.get(member.id) ?? member.capabilities,
              })),
            },
        ),
    }),
  },
  {
    wrong: 'lets a second client in',
    noticedBy: 'A14 the same member id from a second client is refused',
    change: (driver) => ({
      join: async (request) => {
        const reply = await driver.join(request);
        return reply.status === 'already-joined' ? { status: 'joined', incarnation: 1 } : reply;
      },
    }),
  },
  {
    wrong: 'gives every join the same incarnation',
    noticedBy: 'join grows the incarnation with each join, in all groups',
    change: (driver) => ({
      join: async (request) => {
        const reply = await driver.join(request);
        return reply.status === 'joined' ? { ...reply, incarnation: 7 } : reply;
      },
    }),
  },
  {
    wrong: 'answers a leave in another order',
    noticedBy: 'leave answers for each group in order',
    change: (driver) => ({ leave: async (request) => (await driver.leave(request)).toReversed() }),
  },
  {
    wrong: 'leaves the beat behind',
    noticedBy: 'leave for good ends the beat',
    change: (driver) => ({ leave: (request) => driver.leave({ ...request, final: false }) }),
  },
  {
    wrong: 'says that it updated a stranger',
    noticedBy: 'A31 an update in an unknown group is refused',
    change: (driver) => ({
      updateCapabilities: (...o) => driver.updateCapabilities(...o).then(() => 'updated'),
    }),
  },
  {
    wrong: 'reads groups in another order',
    noticedBy: 'readGroups reads several groups at once, in the order asked for',
    change: (driver) => ({ readGroups: async (request) => (await driver.readGroups(request)).toReversed() }),
  },
  {
    wrong: 'lets the reader declare itself dead',
    noticedBy: 'readGroups removes the dead, and never the reader',
    change: (driver) => ({ readGroups: (request) => driver.readGroups({ ...request, self: 'nobody' }) }),
  },
  {
    wrong: 'removes the dead though asked for one member',
    noticedBy: 'readGroups of one member looks at nothing else',
    change: (driver) => ({ readGroups: ({ only: _, ...request }) => driver.readGroups(request) }),
  },
  {
    wrong: 'beats for somebody else',
    noticedBy: 'beat after a silence finds the member where nobody removed it',
    change: (driver) => ({ beat: (request) => driver.beat({ ...request, member: 'nobody' }) }),
  },
  {
    wrong: 'says that every membership goes on',
    noticedBy: 'beat says which memberships are gone, and restores none',
    change: (driver) => ({
      beat: async (request) => ({
        ...(await driver.beat(request)),
        groups: request.groups.map(() => 'joined'),
      }),
    }),
  },
  {
    wrong: 'renews what has ended',
    noticedBy: 'B8 beat creates no lease that is over, was broken or never was',
    change: (driver) => ({
      beat: async (request) => {
        for (const lease of request.leases)
          await driver.acquire({
            ...lease,
            ttlMs: request.lockTtlMs,
            wait: false,
            waiterTtlMs: 1,
            claimTimeoutMs: 10,
          });
        return driver.beat(request);
      },
    }),
  },
  {
    wrong: 'says that a lost lease was renewed',
    noticedBy: 'B7 beat leaves a lock alone that another has taken since',
    change: (driver) => ({
      beat: async (request) => ({
        ...(await driver.beat(request)),
        leases: request.leases.map(() => 'renewed'),
      }),
    }),
  },
  {
    wrong: 'grants what is held',
    noticedBy: 'A56 a second object of the same name is refused, and its release is harmless',
    change: (driver) => ({
      acquire: async (request) => {
        const reply = await driver.acquire(request);
        return reply.status === 'refused' ? { status: 'granted', fence: 1 } : reply;
      },
    }),
  },
  {
    wrong: 'refuses its own token',
    noticedBy: 'acquire sent again by the holder is a full lease',
    change: (driver) => {
      const granted = new Set<string>();
      return {
        acquire: async (request) => {
          if (granted.has(request.token)) return { status: 'refused' };
          const reply = await driver.acquire(request);
          if (reply.status === 'granted') granted.add(request.token);
          return reply;
        },
      };
    },
  },
  {
    wrong: 'lets a fence fall back',
    noticedBy: 'B4 fencing tokens rise over mixed holders, breaks, ends of leases and terms',
    change: (driver) => ({
      acquire: async (request) => {
        const reply = await driver.acquire(request);
        return reply.status === 'granted' ? { ...reply, fence: 1 + (reply.fence % 1000) } : reply;
      },
    }),
  },
  {
    wrong: 'lets whoever does not wait pass those who do',
    noticedBy: 'a freed lock goes to its queue in order, and to nobody else',
    change: (driver) => ({
      acquire: async (request) => {
        const reply = await driver.acquire(request);
        const { mode } = await driver.inspect(request.lock);
        return reply.status === 'refused' && mode === null ? { status: 'granted', fence: 2 ** 52 } : reply;
      },
    }),
  },
  {
    wrong: 'lets all waiters poll',
    noticedBy: 'acquire queues in order of arrival, and only the head polls',
    change: (driver) => ({
      acquire: async (request) => {
        const reply = await driver.acquire(request);
        return reply.status === 'queued' ? { ...reply, retryAfterMs: 100 } : reply;
      },
    }),
  },
  {
    wrong: 'takes readers for writers',
    noticedBy: 'A70 two coordinators hold it shared together',
    change: (driver) => ({ acquire: (request) => driver.acquire({ ...request, mode: 'exclusive' }) }),
  },
  {
    wrong: 'takes writers for readers',
    noticedBy: 'A71 exclusive is refused while it is held shared, and its release is false',
    change: (driver) => ({ acquire: (request) => driver.acquire({ ...request, mode: 'shared' }) }),
  },
  {
    wrong: 'says that every release freed something',
    noticedBy: 'release frees what this token holds, once',
    change: (driver) => ({ release: (request) => driver.release(request).then(() => true) }),
  },
  {
    wrong: 'releases without comparing tokens',
    noticedBy: 'release frees what this token holds, once',
    change: (driver) => ({ release: (request) => driver.revoke(request.lock, 'break') }),
  },
  {
    wrong: 'keeps the place of who gave up',
    noticedBy: 'B15 release leaves the queue, and the next moves up',
    change: (driver) => ({
      release: async (request) => {
        const { waiters } = await driver.inspect(request.lock);
        return waiters.length > 1 ? false : driver.release(request);
      },
    }),
  },
  {
    wrong: 'breaks nothing',
    noticedBy: 'A62 break lets another in, whom the old holder cannot harm',
    change: () => ({ revoke: async () => true }),
  },
  {
    wrong: 'asks nobody',
    noticedBy: 'revoke asks only who holds',
    change: (driver) => ({ revoke: async (lock, how) => how === 'ask' || driver.revoke(lock, how) }),
  },
  {
    wrong: 'confuses locks with elections',
    noticedBy: 'a lock and the leadership of a group have nothing in common',
    change: (driver) => ({
      acquire: (request) => driver.acquire({ ...request, lock: asLock(request.lock) }),
      release: (request) => driver.release({ ...request, lock: asLock(request.lock) }),
      inspect: (lock) => driver.inspect(asLock(lock)),
    }),
  },
  {
    wrong: 'hides the leader',
    noticedBy: 'A50 of two candidates the first leads, and the second when the first has stopped',
    change: (driver) => ({
      readGroups: async (request) =>
        (await driver.readGroups(request)).map((reading) => reading && { ...reading, leader: null }),
    }),
  },
  {
    wrong: 'answers after it was closed',
    noticedBy: 'close makes every call reject, and may be repeated',
    change: () => ({ close: async () => {} }),
  },
];
