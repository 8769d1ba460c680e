/**
 * What the scripts of groups share: redis-layout 5.1, 5.4, 5.10. A member lives while its beat key holds anything.
 *
 * Beside tooz's keys each group has a hash of incarnations: member, `incarnation:untilMs:client.number`, written by
 * those who join through this package, extended by their beats, with a PX. `untilMs` is until when that client's own
 * beats vouch for the membership: the beat key is one per member, and a client that starts again under the id of its
 * dead predecessor beats before it joins.
 */
export const GROUP_LUA = `
local CREATED = '__created__'

-- Ids of a flat list, every step-th; how many of them live; those that do not.
local function living(flat, step, beats, self)
  local ids, keys, dead = {}, {}, {}
  for i = 1, #flat, step do
    local id = flat[i]
    if id ~= CREATED then
      ids[#ids + 1] = id
      keys[#keys + 1] = beats .. id
    end
  end
  -- More arguments than this do not fit on Lua's stack.
  for from = 1, #keys, 4000 do
    local to = math.min(from + 3999, #keys)
    local found = redis.call('MGET', unpack(keys, from, to))
    for i = from, to do
      local beat = found[i - from + 1]
      if (not beat or beat == '') and ids[i] ~= self then dead[#dead + 1] = ids[i] end
    end
  end
  return #ids, dead
end

local function remove(group, incarnations, ids)
  for from = 1, #ids, 4000 do
    local to = math.min(from + 3999, #ids)
    redis.call('HDEL', group, unpack(ids, from, to))
    redis.call('HDEL', incarnations, unpack(ids, from, to))
  end
end
`;
