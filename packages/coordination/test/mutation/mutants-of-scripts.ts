import type { Mutant } from './mutant.js';

const LOCK = 'drivers/redis/scripts/lock-lua.ts';
const ACQUIRE = 'drivers/redis/scripts/acquire.ts';
const RELEASE = 'drivers/redis/scripts/release.ts';
const BEAT = 'drivers/redis/scripts/beat.ts';
const tests = ['drivers/redis/locks'];

/** The same rules of the lock as in the stores of one host, in the scripts for Redis, against a real server. */
export const SCRIPT_MUTANTS: readonly Mutant[] = [
  {
    name: 'ownToken (Lua)',
    of: '5.10',
    what: 'acquire refuses its own token',
    changes: [
      {
        file: ACQUIRE,
        from: 'if ownedBy(L, prefix, token, mode) then return grant(true) end',
        to: '',
      },
    ],
    tests,
  },
  {
    name: 'ownRefreshes (Lua)',
    of: '5.10',
    what: 'its own token is success, but the PX stays',
    changes: [
      {
        file: ACQUIRE,
        from: "for _, key in ipairs(locks) do redis.call('PEXPIRE', key, ttlMs) end\n    return",
        to: 'return',
      },
    ],
    tests,
  },
  {
    name: 'ownRefreshesReader',
    of: '5.11',
    what: 'its own reader token is success, but its expiry stays',
    changes: [
      {
        file: ACQUIRE,
        from: "redis.call('ZADD', L.readers, L.now + ttlMs, token)",
        to: "redis.call('ZADD', L.readers, 'NX', L.now + ttlMs, token)",
      },
    ],
    tests,
  },
  {
    name: 'renewOnlyOwn (Lua)',
    of: '5.5',
    what: 'renewal re-creates',
    changes: [
      {
        file: BEAT,
        from: 'if value and starts(value, prefix) then mine = mine + 1 end',
        to: "if not value then value = prefix .. '1' redis.call('SET', KEYS[at + i], value) end\n    if starts(value, prefix) then mine = mine + 1 end",
      },
    ],
    tests,
  },
  {
    name: 'compareOnRelease (Lua)',
    of: '5.5',
    what: 'release deletes without a compare',
    changes: [
      {
        file: RELEASE,
        from: 'if value and string.sub(value, 1, #ARGV[1]) == ARGV[1] and',
        to: 'if value and',
      },
    ],
    tests,
  },
  {
    name: 'epochOnRelease',
    of: '5.11',
    what: 'the key of a shared lock is deleted without a compare of the epoch',
    changes: [
      {
        file: RELEASE,
        from: "if not L.epoch or redis.call('ZREM', L.readers, token) == 0 then return false end",
        to: "redis.call('ZREM', L.readers, token)",
      },
    ],
    tests,
  },
  {
    name: 'dropStale',
    of: '5.11',
    what: 'the readers of before a break are kept',
    changes: [
      {
        file: LOCK,
        from: "redis.call('DEL', L.readers, L.who)\n",
        to: '\n',
      },
    ],
    tests,
  },
  {
    name: 'readersKeepPx (Lua)',
    of: '5.11',
    what: 'PX of the first reader to end, not of the last',
    changes: [
      {
        file: LOCK,
        from: "redis.call('ZRANGE', zset, -1, -1, 'WITHSCORES')[2]",
        to: "redis.call('ZRANGE', zset, 0, 0, 'WITHSCORES')[2]",
      },
    ],
    tests,
  },
  {
    name: 'readersWaitTurn (Lua)',
    of: '5.12',
    what: 'readers pass a waiting writer',
    changes: [
      {
        file: ACQUIRE,
        from: 'if first and claimable(L, mode) then',
        to: "if (first or mode == 's') and claimable(L, mode) then",
      },
    ],
    tests,
  },
  {
    name: 'tryWaitsTurn (Lua)',
    of: '5.12',
    what: 'a non-blocking try passes waiters',
    changes: [
      {
        file: ACQUIRE,
        from: 'if first and claimable(L, mode) then',
        to: 'if (first or waiterTtlMs == 0) and claimable(L, mode) then',
      },
    ],
    tests,
  },
  {
    name: 'headPolls (Lua)',
    of: '5.12',
    what: 'no head polling',
    changes: [{ file: ACQUIRE, from: 'if place == 0 then return -2 - headPoll(L, mode) end', to: '' }],
    tests,
  },
  {
    name: 'beatTellsHead (Lua)',
    of: '5.12',
    what: 'a waiter that became the head is not told',
    changes: [
      { file: BEAT, from: 'if place > 0 then return -1 end', to: 'if place >= 0 then return -1 end' },
    ],
    tests,
  },
  {
    name: 'beatTellsGone (Lua)',
    of: '5.12',
    what: 'a waiter that is no longer in the queue is not told',
    changes: [{ file: BEAT, from: 'if not place then return -2 end', to: 'if not place then return -1 end' }],
    tests,
  },
  {
    name: 'beatRenewsAll (Redis)',
    of: '5.10',
    what: 'a beat renews the first thousand locks only',
    changes: [
      {
        file: 'drivers/redis/beat-call.ts',
        from: 'from < Math.max(leases.length, waiters.length)',
        to: 'from < 0',
      },
    ],
    tests: ['drivers/redis/calls'],
  },
  {
    name: 'secondTries (Lua)',
    of: '5.12',
    what: 'the hint reaches the head only',
    changes: [
      {
        file: LOCK,
        from: 'if second and (fresh or second ~= L.before[2]) and not L.told[second] then',
        to: 'if second == head then',
      },
    ],
    tests,
  },
  {
    name: 'claimEnds (Lua)',
    of: '5.12',
    what: 'a woken head keeps its place',
    changes: [{ file: LOCK, from: 'if tonumber(untilMs) <= L.now then drop(L, token) end', to: '' }],
    tests,
  },
  {
    name: 'deadDropped (Lua)',
    of: '5.12',
    what: 'a dead waiter keeps its place',
    changes: [
      {
        file: LOCK,
        from: "for _, token in ipairs(redis.call('ZRANGEBYSCORE', L.alive, '-inf', L.now)) do drop(L, token) end",
        to: '',
      },
    ],
    tests,
  },
  {
    name: 'extraExpire (Lua)',
    of: '5.10',
    what: 'extra keys without a PX',
    changes: [
      {
        file: LOCK,
        from: "for _, key in ipairs({ zset, ... }) do redis.call('PEXPIREAT', key, last) end",
        to: '',
      },
    ],
    tests: ['drivers/redis/locks', 'drivers/redis/layout'],
  },
  {
    name: 'floorOnGrant (Lua)',
    of: '5.10, B27',
    what: 'the counter of an emptied server begins anew',
    changes: [
      {
        file: ACQUIRE,
        from: 'local fence = t[1] .. micros',
        to: "local fence = '1'",
      },
    ],
    tests,
  },
  {
    name: 'allFormats',
    of: '5.8',
    what: 'one of several formats is enough to hold a lock',
    changes: [{ file: BEAT, from: 'if mine == ', to: 'if mine > 0 or mine == ' }],
    tests,
  },
];
