import { type Script, script } from './script.js';

/**
 * Removes a member from groups; not an entry that another client has made under the same id since. The beat stays for
 * such an entry.
 *
 * - KEYS: the member's beat; for each group its hash and its incarnations; the same of groups where there may be such an
 *   entry
 * - ARGV: member, client, 1 to delete the beat too; for each group to leave its channel
 * - reply: for each group 1 left, 0 no group, -1 not joined
 */
export const LEAVE: Script = script(
  'leave',
  `
local member, reply, foreign = ARGV[1], {}, false

-- Of another language, which leaves no record, or of a client whose own beats still vouch for it.
local function isForeign(group, incarnations)
  if redis.call('HEXISTS', group, member) == 0 then return false end
  local record = redis.call('HGET', incarnations, member)
  if not record then return true end
  local untilMs, by = string.match(record, '^%d+:(%d+):(.*)%.')
  local t = redis.call('TIME')
  return by ~= ARGV[2] and tonumber(untilMs) > t[1] * 1000 + math.floor(t[2] / 1000)
end

for i = 1, #ARGV - 3 do
  local group, incarnations = KEYS[2 * i], KEYS[2 * i + 1]
  local record = redis.call('HGET', incarnations, member)
  if redis.call('EXISTS', group) == 0 then
    reply[i] = 0
  elseif record and string.match(record, '^%d+:%d+:(.*)%.') ~= ARGV[2] then
    reply[i], foreign = -1, foreign or isForeign(group, incarnations)
  elseif redis.call('HDEL', group, member) == 0 then
    reply[i] = -1
    redis.call('HDEL', incarnations, member)
  else
    reply[i] = 1
    redis.call('HDEL', incarnations, member)
    redis.call('PUBLISH', ARGV[3 + i], '')
  end
end
for i = 2 * #reply + 2, #KEYS, 2 do foreign = foreign or isForeign(KEYS[i], KEYS[i + 1]) end
if ARGV[3] == '1' and not foreign then redis.call('DEL', KEYS[1]) end
return reply
`,
);
