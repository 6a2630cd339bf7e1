-- For wrk with one connection: the kinds of SIGNET_KINDS (paths) take turns of a few requests each
-- within one run, in another order every time, so that whatever the machine does meets all of them
-- alike. Every request carries another token of a file. Prints a line a kind with its median, from
-- before a request is written until its answer was read, and how many a second there would be of it
-- alone, with what the client does between two requests.
local ffi = require("ffi")
ffi.cdef [[
  struct moment { long seconds, nanoseconds; };
  int clock_gettime(int clock, struct moment *now);
]]

local TURN, BINS_A_MICROSECOND, BINS = 16, 10, 100000
local moment = ffi.new("struct moment")

local function now()
  ffi.C.clock_gettime(1, moment)
  return tonumber(moment.seconds) * 1e6 + tonumber(moment.nanoseconds) / 1e3
end

local tokens, kinds, order = {}, {}, {}
for line in io.lines(os.getenv("SIGNET_TOKENS")) do tokens[#tokens + 1] = "Bearer " .. line end
for name in os.getenv("SIGNET_KINDS"):gmatch("%S+") do
  local kind = { name = name, bins = {}, sums = { answers = 0, cycles = 0, spent = 0 } }
  kinds[#kinds + 1], order[#order + 1] = kind, kind
  -- What `done` gets out of the thread has to be global, and flat.
  _G["bins " .. name], _G["sums " .. name] = kind.bins, kind.sums
end

local token_at, turn_at, left = 0, #order, 0
local kind, begun

local function next_turn()
  turn_at, left = turn_at % #order + 1, TURN
  if turn_at == 1 then
    for i = #order, 2, -1 do
      local other = math.random(i)
      order[i], order[other] = order[other], order[i]
    end
  end
  kind = order[turn_at]
end

request = function()
  local before, since = kind, begun
  if left == 0 then next_turn() end
  left, token_at = left - 1, token_at % #tokens + 1
  local bytes = wrk.format("GET", "/" .. kind.name, { ["Authorization"] = tokens[token_at] })
  begun = now()
  if before then
    before.sums.cycles, before.sums.spent = before.sums.cycles + 1, before.sums.spent + begun - since
  end
  return bytes
end

response = function()
  local took = now() - begun
  local bins, sums = kind.bins, kind.sums
  local bin = math.min(math.floor(took * BINS_A_MICROSECOND), BINS)
  bins[bin] = (bins[bin] or 0) + 1
  sums.answers = sums.answers + 1
end

init = function() math.randomseed(os.time()) end

local thread
setup = function(one) thread = one end

done = function()
  for _, one in ipairs(kinds) do
    local bins, sums = thread:get("bins " .. one.name), thread:get("sums " .. one.name)
    local below, bin = 0, -1
    while below < sums.answers / 2 do
      bin = bin + 1
      below = below + (bins[bin] or 0)
    end
    print(string.format("turns of %s: p50 %.2f us, %.0f a second", one.name,
      (bin + 0.5) / BINS_A_MICROSECOND, sums.cycles / sums.spent * 1e6))
  end
end
