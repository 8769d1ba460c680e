import { LOCK_LUA } from './lock-lua.js';
import { type Dialect, extraLua, type Script, script } from './script.js';

/**
 * Renews the member, its leases and its places in queues; creates nothing that is gone but the beat itself, which is
 * what a beat of tooz does too.
 *
 * - KEYS: the member's beat; for each group its hash and its incarnations; for each lease and then each waiter the
 *   lock's key in each format and its queue
 * - ARGV: member, client, membership TTL, lock TTL, waiter TTL (all ms), number of groups, of leases; for each lease its token and `x` or `s`; for each waiter the same
 * - reply: a string of `j` joined or `e` evicted for each group; one of `r` renewed, `a` asked or `l` lost for each
 *   lease; then for each waiter -2 gone, -1 queued, or ms after which the head looks
 */
export function beatScript(dialect: Dialect): Script {
  return script('beat', extraLua(dialect), LOCK_LUA, body(dialect.formats));
}

const body = (formats: number): string => `
local member, client = ARGV[1], ARGV[2]
local memberTtlMs, lockTtlMs, waiterTtlMs = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local groups, leases = tonumber(ARGV[6]), tonumber(ARGV[7])
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
redis.call('SET', KEYS[1], 'Not dead!', 'PX', memberTtlMs)

local function beatGroup(group, incarnations)
  local record = redis.call('HGET', incarnations, member)
  if redis.call('HEXISTS', group, member) == 0 then
    if record then redis.call('HDEL', incarnations, member) end
    return 'e'
  end
  if not record then return 'j' end
  local incarnation, by = string.match(record, '^(%d+):%d+:(.*)$')
  if string.match(by, '^(.*)%.') ~= client then return 'e' end
  redis.call('HSET', incarnations, member, incarnation .. ':' .. string.format('%.0f', now + memberTtlMs) .. ':' .. by)
  if redis.call('PTTL', incarnations) < memberTtlMs then redis.call('PEXPIRE', incarnations, memberTtlMs) end
  return 'j'
end

local views, at = {}, 1 + 2 * groups
local function nextView()
  -- Locks of one queue may differ in their keys (names.ts).
  local id = table.concat(KEYS, '\\0', at + 1, at + ${formats + 1})
  local L = views[id]
  if not L then
    local locks = {}
    for i = 1, ${formats} do locks[i] = KEYS[at + i] end
    L = view(locks, KEYS[at + ${formats + 1}])
    purge(L)
    views[id] = L
  end
  at = at + ${formats + 1}
  return L
end

local function beatShared(token)
  local L = nextView()
  if not L.epoch or not redis.call('ZSCORE', L.readers, token) then return 'l' end
  redis.call('ZADD', L.readers, now + lockTtlMs, token)
  keepReaders(L)
  return 'r'
end

-- Without a view: a coordinator may hold thousands.
local function beatExclusive(token)
  local prefix, mine = OURS .. token .. ':', 0
  for i = 1, ${formats} do
    local value = redis.call('GET', KEYS[at + i])
    if value and starts(value, prefix) then mine = mine + 1 end
  end
  local queue, first = KEYS[at + ${formats + 1}], at + 1
  at = at + ${formats + 1}
  if mine == ${formats} then
    for i = first, at - 1 do redis.call('PEXPIRE', KEYS[i], lockTtlMs) end
    local ask = X .. 'ask:' .. string.sub(queue, #X + 7)
    if redis.call('GET', ask) ~= token then return 'r' end
    redis.call('PEXPIRE', ask, lockTtlMs)
    return 'a'
  end
  if mine > 0 then
    for i = first, at - 1 do
      local value = redis.call('GET', KEYS[i])
      if value and starts(value, prefix) then redis.call('DEL', KEYS[i]) end
    end
  end
  return 'l'
end

local function beatWaiter(token)
  local L = nextView()
  local place = redis.call('ZRANK', L.queue, token)
  if not place then return -2 end
  keepWaiter(L, token, waiterTtlMs)
  if place > 0 then return -1 end
  L.told[token] = true
  return headPoll(L, (waiter(L, token)))
end

local joined, renewed = {}, {}
for i = 1, groups do joined[i] = beatGroup(KEYS[2 * i], KEYS[2 * i + 1]) end
local arg = 7
for i = 1, leases do
  renewed[i] = ARGV[arg + 2] == 's' and beatShared(ARGV[arg + 1]) or beatExclusive(ARGV[arg + 1])
  arg = arg + 2
end
local reply = { table.concat(joined), table.concat(renewed) }
while arg < #ARGV do
  reply[#reply + 1] = beatWaiter(ARGV[arg + 1])
  arg = arg + 2
end
for _, L in pairs(views) do settle(L) end
return reply
`;
