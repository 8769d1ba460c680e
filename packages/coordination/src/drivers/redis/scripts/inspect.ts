import { LOCK_LUA } from './lock-lua.js';
import { type Dialect, extraLua, type Script, script } from './script.js';

/**
 * A lock at one instant. What has lapsed is dropped here too, so those who move up by it are told.
 *
 * - KEYS: the lock's key in each format, its queue
 * - reply: value or nil; PTTL; server's ms; readers as token, expiry ms; their `fence:member`; waiters' `x|s:…:member`
 */
export function inspectScript(dialect: Dialect): Script {
  return script('inspect', extraLua(dialect), LOCK_LUA, body(dialect.formats));
}

const body = (formats: number): string => `
local locks = {}
for i = 1, ${formats} do locks[i] = KEYS[i] end
local L = view(locks, KEYS[${formats + 1}])
purge(L)
local readers = L.epoch and redis.call('ZRANGE', L.readers, 0, -1, 'WITHSCORES') or {}
local who = {}
for i = 1, #readers, 2 do who[#who + 1] = redis.call('HGET', L.who, readers[i]) end
local waiting = {}
for _, token in ipairs(redis.call('ZRANGE', L.queue, 0, -1)) do
  waiting[#waiting + 1] = redis.call('HGET', L.waiters, token)
end
local reply = { L.value, pttl(L), L.now, readers, who, waiting }
settle(L)
return reply
`;
