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

-- How many ids stand in a flat list, every step-th, and those of them that do not live.
local function living(flat, step, beats, self)
  local keys, count, dead = {}, 0, {}
  for i = 1, #flat, step do
    local id = flat[i]
    if id ~= CREATED then
      count = count + 1
      keys[count] = beats .. id
    end
  end
  -- More arguments than this do not fit on Lua's stack.
  for from = 1, count, 4000 do
    local to = math.min(from + 3999, count)
    local found = redis.call('MGET', unpack(keys, from, to))
    for i = 1, to - from + 1 do
      local beat = found[i]
      if not beat or beat == '' then
        local id = string.sub(keys[from + i - 1], #beats + 1)
        if id ~= self then dead[#dead + 1] = id end
      end
    end
  end
  return count, dead
end

local function remove(group, incarnations, ids)
  for from = 1, #ids, 4000 do
    local to = math.min(from + 3999, #ids)
    redis.call('HDEL', group, unpack(ids, from, to))
    redis.call('HDEL', incarnations, unpack(ids, from, to))
  end
end
`;
