import { LOCK_LUA } from './lock-lua.js';
import { type Dialect, extraLua, type Script, script } from './script.js';

/**
 * Gives a lock up if the token holds it, leaves the queue, and wakes the head: redis-layout 5.5, 5.11, 5.12.
 *
 * - KEYS: the lock's key in each format, its queue
 * - ARGV: `holdfast:TOKEN:`; then `s` shared, `l` exclusive and leader, or nothing: exclusive
 * - reply: 1 released, 0 was not held
 */
export function releaseScript(dialect: Dialect): Script {
  const { formats } = dialect;
  return script('release', formats === 1 ? FAST_PATH : '', extraLua(dialect), LOCK_LUA, slowPath(formats));
}

const FAST_PATH = `
if not ARGV[2] then
  local call = redis.call
  local value = call('GET', KEYS[1])
  if value and string.sub(value, 1, #ARGV[1]) == ARGV[1] and call('EXISTS', KEYS[2]) == 0 then
    return call('DEL', KEYS[1])
  end
end
`;

const slowPath = (formats: number): string => `
local prefix = ARGV[1]
local token = string.match(prefix, '^holdfast:([^:]*):')
local locks = {}
for i = 1, ${formats} do locks[i] = KEYS[i] end
local L = view(locks, KEYS[${formats + 1}])

local function releaseExclusive()
  local mine = {}
  for _, key in ipairs(locks) do
    local value = redis.call('GET', key)
    if value and starts(value, prefix) then mine[#mine + 1] = key end
  end
  if #mine == 0 then return false end
  redis.call('DEL', unpack(mine))
  L.value = valueOf(L)
  if redis.call('GET', L.ask) == token then redis.call('DEL', L.ask) end
  if L.channel then redis.call('PUBLISH', L.channel, '') end
  return #mine == #locks
end

local function releaseShared()
  if not L.epoch or redis.call('ZREM', L.readers, token) == 0 then return false end
  redis.call('HDEL', L.who, token)
  if redis.call('EXISTS', L.readers) == 1 then
    keepReaders(L)
    L.changed = true
  else
    redis.call('DEL', L.who, unpack(L.held))
    L.epoch = nil
    L.value = valueOf(L)
  end
  return true
end

purge(L)
drop(L, token)
local done
if ARGV[2] == 's' then done = releaseShared() else done = releaseExclusive() end
settle(L)
return done and 1 or 0
`;
