-- The requests of workloads/cluster for wrk: of ten, five POSTs of new ids, three GETs of ids that are there, two
-- DELETEs of ids that are there, each with its version. The same order as load/mix.ts.
-- Arguments: a prefix that makes the ids of this run its own.
local NODES = { [0] = "node01", "node02", "node03" }
local KINDS = { [0] = "POST", "GET", "POST", "DELETE", "POST", "GET", "POST", "DELETE", "POST", "GET" }

local prefix = ""
local n, posted, deleted = 0, 0, 0

function init(args)
  prefix = args[1] or ""
end

local function headers(number)
  return {
    ["node"] = NODES[number % 3],
    ["timestamp"] = string.format("%.3f", 1700000000 + number / 1000),
    ["content-type"] = "application/json",
  }
end

local function body(number)
  return '{"groupId":"' .. prefix .. number .. '"}'
end

function request()
  local kind = KINDS[n % 10]
  n = n + 1
  if kind == "POST" then
    posted = posted + 1
    return wrk.format("POST", "/v1/group", headers(posted), body(posted))
  elseif kind == "DELETE" then
    deleted = deleted + 1
    return wrk.format("DELETE", "/v1/group", headers(deleted), body(deleted))
  end
  -- Far enough behind the POSTs to be there, and before the DELETEs, which have come to two fifths of them.
  local read = math.ceil(posted * 3 / 4)
  return wrk.format("GET", "/v1/group/" .. prefix .. read, { ["node"] = NODES[read % 3] })
end

function done(summary, latency, requests)
  io.write(string.format(
    '{"requests":%d,"durationUs":%d,"errorStatus":%d,"broken":%d,"p50Us":%d,"p99Us":%d}\n',
    summary.requests,
    summary.duration,
    summary.errors.status,
    summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout,
    latency:percentile(50),
    latency:percentile(99)
  ))
end
