import { FENCE_LUA } from './fence-lua.js';
import { type Script, script } from './script.js';

/**
 * Adds a member and beats for it. An entry is replaced when its beat is gone, or when the client that made it no longer
 * vouches for it (group-lua). An entry that this very call has made is success: its reply was lost.
 *
 * - KEYS: the group's hash, the set of groups, its incarnations, the member's beat, the counter
 * - ARGV: group, its channel, member, capabilities, 1 to create the group, membership TTL in ms, `client.number` of the
 *   call
 * - reply: the incarnation (> 0), 0 no group, -1 already joined by this client, -2 by another
 */
export const JOIN: Script = script(
  'join',
  FENCE_LUA,
  `
local group, incarnations, member, ttlMs = KEYS[1], KEYS[3], ARGV[3], tonumber(ARGV[6])
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
if redis.call('EXISTS', group) == 0 then
  if ARGV[5] ~= '1' then return 0 end
  redis.call('SADD', KEYS[2], ARGV[1])
  redis.call('HSET', group, '__created__', '1')
  redis.call('DEL', incarnations)
end
local record = redis.call('HGET', incarnations, member)
local incarnation
if redis.call('HEXISTS', group, member) == 1 and redis.call('EXISTS', KEYS[4]) == 1 then
  if not record then return -2 end
  local known, untilMs, by = string.match(record, '^(%d+):(%d+):(.*)$')
  if by == ARGV[7] then
    incarnation = known
  elseif tonumber(untilMs) > now then
    return string.match(by, '^(.*)%.') == string.match(ARGV[7], '^(.*)%.') and -1 or -2
  end
end
redis.call('HSET', group, member, ARGV[4])
redis.call('SET', KEYS[4], 'Not dead!', 'PX', ttlMs)
incarnation = incarnation or string.format('%.0f', nextFence(KEYS[5]))
redis.call('HSET', incarnations, member, incarnation .. ':' .. string.format('%.0f', now + ttlMs) .. ':' .. ARGV[7])
if redis.call('PTTL', incarnations) < ttlMs then redis.call('PEXPIRE', incarnations, ttlMs) end
redis.call('PUBLISH', ARGV[2], '')
return tonumber(incarnation)
`,
);
