/**
 * nextFence(counter): the next value of the namespace's one counter (redis-layout 5.10), for locks, terms and
 * incarnations alike. It never falls behind the server's clock in µs, so that it also grows across a loss of all data.
 */
export const FENCE_LUA = `
local function nextFence(counter)
  local t = redis.call('TIME')
  local fence = t[1] * 1000000 + t[2]
  local last = tonumber(redis.call('SET', counter, string.format('%.0f', fence), 'GET') or 0) or 0
  if last >= fence then
    fence = last + 1
    redis.call('SET', counter, string.format('%.0f', fence))
  end
  return fence
end
`;
