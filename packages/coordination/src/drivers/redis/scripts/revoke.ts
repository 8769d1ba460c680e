import { LOCK_LUA } from './lock-lua.js';
import { type Dialect, extraLua, type Script, script } from './script.js';

/**
 * Breaks a lock, or asks its holder to stand down; tells the holders of it.
 *
 * - KEYS: the lock's key in each format, its queue
 * - ARGV: `break` or `ask`
 * - reply: 1 if somebody held it (`ask`: an exclusive holder of this package), else 0
 *
 * Not to be executed twice for one call: the second time would concern the next holder.
 */
export function revokeScript(dialect: Dialect): Script {
  return script('revoke', extraLua(dialect), LOCK_LUA, body(dialect.formats));
}

const body = (formats: number): string => `
local locks = {}
for i = 1, ${formats} do locks[i] = KEYS[i] end
local L = view(locks, KEYS[${formats + 1}])
purge(L)
-- Each key by itself: the holder may know only some of them.
local holders, known = {}, {}
for _, key in ipairs(locks) do
  local token = string.match(redis.call('GET', key) or '', '^holdfast:([^:]*):')
  if token and not known[token] then known[token], holders[#holders + 1] = true, token end
end
local function ask()
  local holder = holders[1]
  if not holder then return 0 end
  redis.call('SET', L.ask, holder, 'PX', math.max(1, pttl(L)))
  hint(holder, 'holder')
  return 1
end
local function breakIt()
  local held = redis.call('DEL', unpack(locks))
  if L.epoch then
    for _, token in ipairs(redis.call('ZRANGE', L.readers, 0, -1)) do holders[#holders + 1] = token end
    held = held + redis.call('DEL', unpack(L.held))
  end
  redis.call('DEL', L.readers, L.who, L.ask)
  for _, token in ipairs(holders) do hint(token, 'holder') end
  L.value, L.epoch = false, nil
  if held == 0 then return 0 end
  if L.channel then redis.call('PUBLISH', L.channel, '') end
  return 1
end
local done
if ARGV[1] == 'ask' then done = ask() else done = breakIt() end
settle(L)
return done
`;
