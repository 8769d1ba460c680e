import { FENCE_LUA } from './fence-lua.js';
import { LOCK_LUA } from './lock-lua.js';
import { type Dialect, extraLua, luaString, type Script, script } from './script.js';

/**
 * Takes a lock, refuses, or queues: redis-layout 5.5 and 5.10 to 5.12.
 *
 * - KEYS: the lock's key in each format, its queue; the counter is the namespace's
 * - ARGV: `holdfast:TOKEN:MEMBER:`, TTL in ms, `HOW:ms that a place in the queue lasts (0: do not wait):claimTimeoutMs`
 *   where HOW is `x` exclusive, `s` shared, `l` exclusive and leader
 * - reply: the fence (> 0); 0 refused; -1 queued; -2 - n queued, look again after n ms
 *
 * The lock that nobody holds or waits for comes first, and nothing else is defined before it: an uncontended acquire
 * pays four commands and no closure. What is the same for a whole namespace is text of the script, since each argument
 * costs the client and the server about as much as a step of the script.
 */
export function acquireScript(dialect: Dialect): Script {
  return script(
    'acquire',
    fastPath(dialect),
    extraLua(dialect),
    FENCE_LUA,
    LOCK_LUA,
    slowPath(dialect.formats),
  );
}

const fastPath = ({ formats, extra }: Dialect): string => {
  const counter = luaString(Buffer.concat([extra, Buffer.from('counter:fence:')]));
  const locks = Array.from({ length: formats }, (_, at) => `KEYS[${at + 1}]`);
  return `
local call = redis.call
if string.byte(ARGV[3]) == 120 and call('EXISTS', ${locks.join(', ')}, KEYS[${formats + 1}]) == 0 then
  local t = call('TIME')
  local micros = t[2]
  if #micros < 6 then micros = string.sub('00000' .. micros, -6) end
  local fence = t[1] .. micros
  local last = call('GETSET', ${counter}, fence)
  if last and (tonumber(last) or 0) >= tonumber(fence) then
    fence = string.format('%.0f', last + 1)
    call('SET', ${counter}, fence)
  end
  ${locks.map((lock) => `call('PSETEX', ${lock}, ARGV[2], ARGV[1] .. fence)`).join('\n  ')}
  return tonumber(fence)
end
`;
};

const slowPath = (formats: number): string => `
local prefix, ttlMs, counter = ARGV[1], tonumber(ARGV[2]), X .. 'counter:fence:'
local how, waiterTtlMs, claimTimeoutMs = string.match(ARGV[3], '^(.):(%d+):(%d+)$')
waiterTtlMs = tonumber(waiterTtlMs)
local token, member = string.match(prefix, '^holdfast:([^:]*):(.*):$')
local mode = how == 's' and 's' or 'x'
local locks = {}
for i = 1, ${formats} do locks[i] = KEYS[i] end
local L = view(locks, KEYS[${formats + 1}])

local function takeExclusive(own)
  if own then
    for _, key in ipairs(locks) do redis.call('PEXPIRE', key, ttlMs) end
    return tonumber(string.match(L.value, ':(%d+)$'))
  end
  local fence = nextFence(counter)
  L.value = prefix .. string.format('%.0f', fence)
  for _, key in ipairs(locks) do redis.call('SET', key, L.value, 'PX', ttlMs) end
  if L.channel then redis.call('PUBLISH', L.channel, '') end
  return fence
end

-- The keys by which this reader knows the lock become the epoch's, if they are not.
local function holdAll()
  local known, before = {}, #L.held
  for _, key in ipairs(L.held) do known[key] = true end
  L.value = 'shared:' .. L.epoch
  for _, key in ipairs(locks) do
    if not known[key] then
      redis.call('SET', key, L.value, 'PX', ttlMs)
      known[key], L.held[#L.held + 1] = true, key
    end
  end
  if #L.held > before then redis.call('HSET', L.who, 'keys', cmsgpack.pack(L.held)) end
end

local function takeShared(own)
  local fence
  if own then
    fence = tonumber(string.match(redis.call('HGET', L.who, token), '^(%d+)'))
  else
    fence = nextFence(counter)
    redis.call('HSET', L.who, token, string.format('%.0f', fence) .. ':' .. member)
  end
  if not L.epoch then
    L.epoch, L.held = string.format('%.0f', fence), {}
    redis.call('HSET', L.who, 'epoch', L.epoch)
  end
  holdAll()
  redis.call('ZADD', L.readers, L.now + ttlMs, token)
  keepReaders(L)
  return fence
end

local function grant(own)
  local fence = mode == 's' and takeShared(own) or takeExclusive(own)
  drop(L, token)
  redis.call('HDEL', L.waiters, 'claim')
  L.changed = true
  settle(L)
  return fence
end

purge(L)
if ownedBy(L, prefix, token, mode) then return grant(true) end
-- What a break by somebody who knows only one of the formats has left of this token.
if L.value == 'mixed' then
  for _, key in ipairs(locks) do
    local value = redis.call('GET', key)
    if value and starts(value, prefix) then redis.call('DEL', key) end
  end
  L.value = valueOf(L)
end
local place = redis.call('ZRANK', L.queue, token)
local first = place == 0 or (not place and redis.call('EXISTS', L.queue) == 0)
if first and claimable(L, mode) then return grant(false) end
if waiterTtlMs == 0 then
  settle(L)
  return 0
end
if not place then
  local last = redis.call('ZRANGE', L.queue, -1, -1, 'WITHSCORES')[2] or 0
  redis.call('ZADD', L.queue, last + 1, token)
  redis.call('HSET', L.waiters, token, mode .. ':' .. claimTimeoutMs .. ':' .. member)
end
keepWaiter(L, token, waiterTtlMs)
L.told[token] = true
settle(L)
place = redis.call('ZRANK', L.queue, token)
if place == 0 then return -2 - headPoll(L, mode) end
if place == 1 then
  local claim = redis.call('HGET', L.waiters, 'claim')
  if claim then return -2 - math.max(1, tonumber(string.match(claim, '^%d+')) - L.now) end
end
return -1
`;
