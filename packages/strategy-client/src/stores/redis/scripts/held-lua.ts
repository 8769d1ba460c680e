/**
 * `held(key)`: what the key holds, as text. `''`: nothing; a value of ours as it is (`value.ts`); anything else, which
 * may be long or no text at all, as `?` and what it is known by.
 */
export const HELD_LUA = `
local function held(key)
  local kind = redis.call('TYPE', key).ok
  if kind == 'none' then return '' end
  if kind ~= 'string' then return '?' .. kind end
  local value = redis.call('GET', key)
  if #value <= 128 and string.match(value, '^1:[%w_-]+:[a-z-]+:%d+$') then return value end
  return '?' .. redis.sha1hex(value)
end
`;
