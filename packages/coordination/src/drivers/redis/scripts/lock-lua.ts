/**
 * What the scripts of locks share: redis-layout 5.11 and 5.12.
 *
 * Extra keys of a lock, each with the PX of the latest that it speaks of: `queue` (zset: token, rank), `alive` (zset:
 * token, ms of the server's clock until which the waiter lives), `waiters` (hash: token, `x|s:claimTimeoutMs:member`;
 * field `claim`: `untilMs:token of the head`), `readers` (zset: token, expiry ms), `who` (hash: token, `fence:member`;
 * field `epoch`: the epoch that the set belongs to; field `keys`: the lock keys that hold it, as msgpack), `ask` (string:
 * the token asked to stand down).
 *
 * Clients of one lock may know it by different formats, so by different keys, while all of them share the extra keys.
 * Readers belong together whatever they know: an epoch holds the keys of all who have joined it, each of them keeps all,
 * and it is over when one of them is gone or another's.
 *
 * `X` is the prefix of our own keys. view(locks, queue): the lock behind these keys. purge(L) comes first in every
 * script: it reads the lock's value and drops what has lapsed. After it L.value is false when the lock is free; L.epoch
 * is set when readers hold it, and L.held are the keys of their epoch. settle(L) comes last, also where nothing else was
 * done, since purge may have dropped the head: it tells whom this concerns.
 */
export const LOCK_LUA = `
local OURS = 'holdfast:'

local function starts(text, prefix)
  return string.sub(text, 1, #prefix) == prefix
end

local function view(locks, queue)
  local name = string.sub(queue, #X + 7)
  local L = { locks = locks, queue = queue, alive = X .. 'alive:' .. name, waiters = X .. 'waiters:' .. name,
    readers = X .. 'readers:' .. name, who = X .. 'who:' .. name, ask = X .. 'ask:' .. name }
  if starts(name, 'leader_of_') then L.channel = X .. 'group:' .. string.sub(name, 11) end
  return L
end

-- Keys of several formats that differ are held by somebody who knows only some of them. To readers it is the same
-- whether a key is theirs already or free to become theirs.
local function valueOf(L)
  local shared = L.epoch and 'shared:' .. L.epoch
  local value = shared or redis.call('GET', L.locks[1])
  for _, key in ipairs(L.locks) do
    local found = redis.call('GET', key)
    if found ~= value and (found or not shared) then return 'mixed' end
  end
  return value
end

local function pttl(L)
  if L.epoch then return redis.call('PTTL', L.readers) end
  local most = -2
  for _, key in ipairs(L.locks) do most = math.max(most, redis.call('PTTL', key)) end
  return most
end

local function drop(L, token)
  redis.call('ZREM', L.queue, token)
  redis.call('ZREM', L.alive, token)
  redis.call('HDEL', L.waiters, token)
  local claim = redis.call('HGET', L.waiters, 'claim')
  if claim and string.match(claim, ':(.*)$') == token then redis.call('HDEL', L.waiters, 'claim') end
  if redis.call('EXISTS', L.queue) == 0 then redis.call('DEL', L.waiters, L.alive) end
end

local function purgeReaders(L)
  local found = redis.call('HMGET', L.who, 'epoch', 'keys')
  if not found[1] then return end
  local value, held, kept = 'shared:' .. found[1], cmsgpack.unpack(found[2]), {}
  for _, key in ipairs(held) do
    if redis.call('GET', key) == value then kept[#kept + 1] = key end
  end
  if #kept == #held then
    for _, token in ipairs(redis.call('ZRANGEBYSCORE', L.readers, '-inf', L.now)) do
      redis.call('ZREM', L.readers, token)
      redis.call('HDEL', L.who, token)
    end
    if redis.call('EXISTS', L.readers) == 1 then
      L.epoch, L.held = found[1], held
      return
    end
  end
  redis.call('DEL', L.readers, L.who)
  -- Also what a break by somebody who knows only one of the formats has left of these readers.
  for _, key in ipairs(kept) do redis.call('DEL', key) end
end

local function purge(L)
  local t = redis.call('TIME')
  L.now = t[1] * 1000 + math.floor(t[2] / 1000)
  L.epoch = nil
  L.told = {}
  L.before = redis.call('ZRANGE', L.queue, 0, 1)
  purgeReaders(L)
  L.value = valueOf(L)
  if not L.before[1] then return end
  for _, token in ipairs(redis.call('ZRANGEBYSCORE', L.alive, '-inf', L.now)) do drop(L, token) end
  local claim = redis.call('HGET', L.waiters, 'claim')
  if not claim then return end
  local untilMs, token = string.match(claim, '^(%d+):(.*)$')
  if tonumber(untilMs) <= L.now then drop(L, token) end
end

-- Readers hold it, and nobody else any key of it.
local function isShared(L)
  return L.epoch ~= nil and L.value ~= 'mixed'
end

local function claimable(L, mode)
  return not L.value or (mode == 's' and isShared(L))
end

local function ownedBy(L, prefix, token, mode)
  if mode == 's' then return L.epoch and redis.call('ZSCORE', L.readers, token) end
  return L.value and starts(L.value, prefix)
end

-- When the head looks again: at the end of a lease of ours, often while the holder is one that releases in silence.
local function headPoll(L, mode)
  if claimable(L, mode) then return 0 end
  local left = pttl(L)
  if left >= 0 and (isShared(L) or starts(L.value, OURS)) then return left + 1 end
  if left >= 0 then return math.min(100, left + 1) end
  return 100
end

local function waiter(L, token)
  local entry = redis.call('HGET', L.waiters, token)
  if not entry then return 'x', 0 end
  local mode, claimMs = string.match(entry, '^(.):(%d+)')
  return mode, tonumber(claimMs)
end

local function hint(token, message)
  redis.call('PUBLISH', X .. 'hint:' .. string.match(token, '^(.*)%.') .. ':', message .. ':' .. token)
end

-- The end of every script. Whoever is in a place of which it has not heard is told: the head to claim the lock, once,
-- or when the holder's lease ends (L.changed: that is another instant than before); the second when the claim ends. Those
-- in L.told learn it from the reply.
local function settle(L)
  local two = redis.call('ZRANGE', L.queue, 0, 1)
  local head, second = two[1], two[2]
  if not head then return end
  local mode, claimMs = waiter(L, head)
  if not claimable(L, mode) then
    redis.call('HDEL', L.waiters, 'claim')
    if (L.changed or head ~= L.before[1]) and not L.told[head] then hint(head, 'turn:' .. headPoll(L, mode)) end
    return
  end
  local claim, fresh = redis.call('HGET', L.waiters, 'claim'), false
  if not claim then
    claim, fresh = string.format('%.0f', L.now + claimMs) .. ':' .. head, true
    redis.call('HSET', L.waiters, 'claim', claim)
    if not L.told[head] then hint(head, 'turn:0') end
  end
  if second and (fresh or second ~= L.before[2]) and not L.told[second] then
    hint(second, 'turn:' .. math.max(1, tonumber(string.match(claim, '^%d+')) - L.now))
  end
end

local function expireWith(zset, ...)
  local last = redis.call('ZRANGE', zset, -1, -1, 'WITHSCORES')[2]
  if not last then return end
  for _, key in ipairs({ zset, ... }) do redis.call('PEXPIREAT', key, last) end
end

local function keepReaders(L)
  expireWith(L.readers, L.who, unpack(L.held))
end

local function keepWaiter(L, token, ttlMs)
  redis.call('ZADD', L.alive, L.now + ttlMs, token)
  expireWith(L.alive, L.queue, L.waiters)
end
`;
