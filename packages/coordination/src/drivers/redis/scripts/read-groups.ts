import { GROUP_LUA } from './group-lua.js';
import { type Dialect, extraLua, type Script, script } from './script.js';

/**
 * Members and leader of groups; members without a beat are removed in the same step, so that no beat can come between.
 *
 * - KEYS: for each group its hash, its incarnations and its leader lock in each format
 * - ARGV: prefix of beats, self, 1 for capabilities too, 1 to read only one member, that member
 * - reply: for each group nil, or: its fields (ids, or ids and capabilities; `__created__` among them), its incarnations
 *   as member, record; the value of its leader lock or nil
 *
 * Replies of the server are passed on as they are: of 10,000 members nothing is copied in Lua.
 */
export function readGroupsScript(dialect: Dialect): Script {
  return script('readGroups', extraLua(dialect), GROUP_LUA, body(dialect.formats));
}

const body = (formats: number): string => `
local beats, self, full = ARGV[1], ARGV[2], ARGV[3] == '1'
local step = full and 2 or 1

local function prune(group, incarnations, records)
  for i = 1, #records, 2 do
    if redis.call('HEXISTS', group, records[i]) == 0 then redis.call('HDEL', incarnations, records[i]) end
  end
  return redis.call('HGETALL', incarnations)
end

local function readAll(group, incarnations)
  local fields = redis.call(full and 'HGETALL' or 'HKEYS', group)
  if #fields == 0 then return nil end
  local count, dead = living(fields, step, beats, self)
  if #dead > 0 then
    remove(group, incarnations, dead)
    redis.call('PUBLISH', X .. 'group:' .. string.sub(incarnations, #X + 14), '')
    fields = redis.call(full and 'HGETALL' or 'HKEYS', group)
  end
  local records = redis.call('HGETALL', incarnations)
  -- Left by members that Python has removed.
  if #records / 2 > count - #dead then records = prune(group, incarnations, records) end
  return fields, records
end

local function readOne(group, incarnations, member)
  local capabilities = redis.call('HGET', group, member)
  if not capabilities then
    if redis.call('EXISTS', group) == 0 then return nil end
    return {}, {}
  end
  local record = redis.call('HGET', incarnations, member)
  return full and { member, capabilities } or { member }, record and { member, record } or {}
end

local reply = {}
for i = 1, #KEYS, ${formats + 2} do
  local group, incarnations, leader = KEYS[i], KEYS[i + 1], redis.call('GET', KEYS[i + 2])
  for j = 3, ${formats + 1} do
    if redis.call('GET', KEYS[i + j]) ~= leader then leader = 'mixed' end
  end
  local fields, records
  if ARGV[4] == '1' then
    fields, records = readOne(group, incarnations, ARGV[5])
  else
    fields, records = readAll(group, incarnations)
  end
  reply[#reply + 1] = fields and { fields, records, leader } or false
end
return reply
`;
