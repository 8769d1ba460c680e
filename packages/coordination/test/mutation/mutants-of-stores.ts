import type { Mutant } from './mutant.js';

const RULES = 'drivers/embedded/locks';

/** Rules of the lock in the stores of one host: those that the model of the protocol switches off, one by one. */
export const STORE_MUTANTS: readonly Mutant[] = [
  {
    name: 'ownToken',
    of: '5.10',
    what: 'acquire refuses its own token',
    changes: [
      { file: 'drivers/embedded/locks.ts', from: 'if (own !== undefined) {', to: 'if (own === null) {' },
    ],
    tests: [RULES],
  },
  {
    name: 'ownRefreshes',
    of: '5.10',
    what: 'its own token is success, but the end of the lease stays',
    changes: [{ file: 'drivers/embedded/locks.ts', from: 'lock.put({ ...own, expiresAt });', to: '' }],
    tests: [RULES],
  },
  {
    name: 'renewOnlyOwn',
    of: '5.5',
    what: 'a lease that is over is renewed',
    changes: [
      {
        file: 'drivers/memory/memory-locks.ts',
        from: 'if (lease === undefined || !isLive(lease, now)) return undefined;',
        to: 'if (lease === undefined) return undefined;',
      },
    ],
    tests: [RULES],
  },
  {
    name: 'compareOnRelease',
    of: '5.5',
    what: 'release frees the lock of whoever holds it',
    changes: [
      {
        file: 'drivers/embedded/locks.ts',
        from: 'const held = lock.drop(token);',
        to: 'const held = lock.drop(lock.leases[0]?.token ?? token);',
      },
    ],
    tests: [RULES],
  },
  {
    name: 'readersKeepPx',
    of: '5.11',
    what: 'the head is told the end of the first reader, not of the last',
    changes: [
      {
        file: 'drivers/embedded/lock-in-step.ts',
        from: 'Math.max(latest, expiresAt), 0)',
        to: 'Math.min(latest, expiresAt), Infinity)',
      },
    ],
    tests: [RULES],
  },
  {
    name: 'readersWaitTurn',
    of: '5.12',
    what: 'readers pass a waiting writer',
    changes: [
      {
        file: 'drivers/embedded/locks.ts',
        from: '|| !lock.hasWaiters)',
        to: "|| !lock.hasWaiters || mode === 'shared')",
      },
    ],
    tests: ['locks/waiting'],
  },
  {
    name: 'tryWaitsTurn',
    of: '5.12',
    what: 'a non-blocking try passes waiters',
    changes: [
      {
        file: 'drivers/embedded/locks.ts',
        from: '|| !lock.hasWaiters)',
        to: '|| !lock.hasWaiters || !request.wait)',
      },
    ],
    tests: [RULES],
  },
  {
    name: 'noHandOver',
    of: '5.12',
    what: 'release hands ownership to the head',
    changes: [
      {
        file: 'drivers/embedded/lock-in-step.ts',
        from: 'const claimUntil = head.claimUntil ?? this.#step.now + head.claimTimeoutMs;',
        to: 'const claimUntil = this.#step.now;\n      this.grant({ ...head, expiresAt: this.#step.now + 10_000 });\n      return this.leave(head.token);',
      },
    ],
    tests: [RULES],
  },
  {
    name: 'secondTries',
    of: '5.12',
    what: 'the hint reaches the head only',
    changes: [
      {
        file: 'drivers/embedded/lock-in-step.ts',
        from: 'this.#tell(second.token, claimUntil, except);',
        to: '{}',
      },
    ],
    tests: ['locks/waiting'],
  },
  {
    name: 'claimEnds',
    of: '5.12',
    what: 'a woken head keeps its place',
    changes: [
      {
        file: 'drivers/embedded/rows.ts',
        from: ' && (waiter.claimUntil === null || waiter.claimUntil > now)',
        to: '',
      },
    ],
    tests: ['locks/waiting'],
  },
  {
    name: 'deadDropped',
    of: '5.12',
    what: 'a dead waiter keeps its place',
    changes: [{ file: 'drivers/embedded/rows.ts', from: 'waiter.aliveUntil > now && ', to: '' }],
    tests: ['locks/waiting'],
  },
  {
    name: 'extraExpire',
    of: '5.10',
    what: 'rows that nobody asks about stay for ever',
    changes: [{ file: 'drivers/embedded/embedded-driver.ts', from: 'step.tables.sweep(step.now);', to: '' }],
    tests: ['locks/sweeping'],
  },
  {
    name: 'floorOnGrant',
    of: '5.10',
    what: 'the counter of a new store begins below that of the old one',
    changes: [
      {
        file: 'drivers/memory/memory-tables.ts',
        from: 'counter = Math.max(counter + 1, floor);',
        to: 'counter += floor > 0 ? 1 : 0;',
      },
    ],
    tests: ['locks/holding'],
  },
  {
    name: 'counterIncreases',
    of: 'B4',
    what: 'the counter is the wall clock',
    changes: [
      {
        file: 'drivers/memory/memory-tables.ts',
        from: 'counter = Math.max(counter + 1, floor);',
        to: 'counter = floor;',
      },
    ],
    tests: ['locks/renewing'],
  },
  {
    name: 'liveNotReaped',
    of: 'B22',
    what: 'a reading removes a member that it has not seen beat since',
    changes: [
      {
        file: 'drivers/embedded/rows.ts',
        from: 'member.beatUntil > now;',
        to: 'member.beatUntil > now + 1;',
      },
    ],
    tests: ['liveness/beat'],
  },
];
