import { GROUP_LUA } from './group-lua.js';
import { type Script, script } from './script.js';

/**
 * - KEYS: the group's hash, the set of groups
 * - ARGV: group, its channel
 * - reply: 1 created, 0 exists
 */
export const CREATE_GROUP: Script = script(
  'createGroup',
  `
if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
redis.call('SADD', KEYS[2], ARGV[1])
redis.call('HSET', KEYS[1], '__created__', '1')
redis.call('PUBLISH', ARGV[2], '')
return 1
`,
);

/**
 * - KEYS: the group's hash, the set of groups, its incarnations
 * - ARGV: group, its channel, prefix of beats
 * - reply: 1 deleted, 0 no group, -1 living members
 */
export const DELETE_GROUP: Script = script(
  'deleteGroup',
  GROUP_LUA,
  `
if redis.call('EXISTS', KEYS[1]) == 0 or redis.call('SISMEMBER', KEYS[2], ARGV[1]) == 0 then return 0 end
local count, dead = living(redis.call('HKEYS', KEYS[1]), 1, ARGV[3], nil)
if #dead > 0 or count == 0 then redis.call('PUBLISH', ARGV[2], '') end
if #dead < count then
  remove(KEYS[1], KEYS[3], dead)
  return -1
end
redis.call('SREM', KEYS[2], ARGV[1])
redis.call('DEL', KEYS[1], KEYS[3])
return 1
`,
);

/**
 * - KEYS: the set of groups
 * - reply: their ids
 */
export const LIST_GROUPS: Script = script('listGroups', `return redis.call('SMEMBERS', KEYS[1])`);

/**
 * Not an entry that another client has made under the same id.
 *
 * - KEYS: the group's hash, its incarnations
 * - ARGV: member, client, capabilities
 * - reply: 1 updated, 0 no group, -1 not joined
 */
export const UPDATE_CAPABILITIES: Script = script(
  'updateCapabilities',
  `
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 0 then return -1 end
local record = redis.call('HGET', KEYS[2], ARGV[1])
if record and string.match(record, '^%d+:%d+:(.*)%.') ~= ARGV[2] then return -1 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
return 1
`,
);
