import { LOCK_LUA } from './lock-lua.js';
import { type Dialect, extraLua, type Script, script } from './script.js';

/**
 * Breaks a lock, or asks its holder to stand down; tells the holders of it.
 *
 * - KEYS: the lock's key in each format, its queue
 * - ARGV: `break` or `ask`
 * - reply: 1 if somebody held it (`ask`: an exclusive holder of this package), else 0
 */
export function revokeScript(dialect: Dialect): Script {
  return script('revoke', extraLua(dialect), LOCK_LUA, body(dialect.formats));
}

const body = (formats: number): string => `
local locks = {}
for i = 1, ${formats} do locks[i] = KEYS[i] end
local L = view(locks, KEYS[${formats + 1}])
purge(L)
local holder = L.value and string.match(L.value, '^holdfast:([^:]*):')
if ARGV[1] == 'ask' then
  if not holder then return 0 end
  redis.call('SET', L.ask, holder, 'PX', math.max(1, pttl(L)))
  hint(holder, 'holder')
  return 1
end
local holders = { holder or nil }
if L.epoch then holders = redis.call('ZRANGE', L.readers, 0, -1) end
local held = redis.call('DEL', unpack(locks))
redis.call('DEL', L.readers, L.who, L.ask)
for _, token in ipairs(holders) do hint(token, 'holder') end
if held == 0 then return 0 end
L.value, L.epoch = false, nil
if L.channel then redis.call('PUBLISH', L.channel, '') end
settle(L)
return 1
`;
