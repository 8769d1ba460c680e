import { type Script, script } from './script.js';

/**
 * Removes a member from groups; not an entry that another client has made under the same id since.
 *
 * - KEYS: the member's beat; for each group its hash and its incarnations
 * - ARGV: member, client, 1 to delete the beat too; for each group its channel
 * - reply: for each group 1 left, 0 no group, -1 not joined
 */
export const LEAVE: Script = script(
  'leave',
  `
local member, reply, foreign = ARGV[1], {}, false
for i = 1, #ARGV - 3 do
  local group, incarnations = KEYS[2 * i], KEYS[2 * i + 1]
  local record = redis.call('HGET', incarnations, member)
  if redis.call('EXISTS', group) == 0 then
    reply[i] = 0
  elseif record and string.match(record, '^%d+:%d+:(.*)%.') ~= ARGV[2] then
    reply[i], foreign = -1, true
  elseif redis.call('HDEL', group, member) == 0 then
    reply[i] = -1
    redis.call('HDEL', incarnations, member)
  else
    reply[i] = 1
    redis.call('HDEL', incarnations, member)
    redis.call('PUBLISH', ARGV[3 + i], '')
  end
end
if ARGV[3] == '1' and not foreign then redis.call('DEL', KEYS[1]) end
return reply
`,
);
