-- For wrk: every request carries another token of a file.
local tokens = {}
for line in io.lines(os.getenv("SIGNET_TOKENS")) do tokens[#tokens + 1] = "Bearer " .. line end
local at = 0
request = function()
  at = at % #tokens + 1
  return wrk.format("GET", nil, { ["Authorization"] = tokens[at] })
end

-- The median, between the whole microseconds of wrk's own: as far into the bin of the median as the
-- requests below it leave to go.
done = function(_, latency)
  local all = 0
  for i = 1, #latency do
    local _, count = latency(i)
    all = all + count
  end
  local below = 0
  for i = 1, #latency do
    local micros, count = latency(i)
    if below + count >= all / 2 then
      print(string.format("p50 between: %.2f us", micros - 0.5 + (all / 2 - below) / count))
      return
    end
    below = below + count
  end
end
