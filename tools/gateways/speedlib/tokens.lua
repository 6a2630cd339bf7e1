-- For wrk: every request carries another token of a file.
local tokens = {}
for line in io.lines(os.getenv("SIGNET_TOKENS")) do tokens[#tokens + 1] = "Bearer " .. line end
local at = 0
request = function()
  at = at % #tokens + 1
  return wrk.format("GET", nil, { ["Authorization"] = tokens[at] })
end
