-- The golden vectors that concern a gateway, run against one module's protocol part inside the
-- gateway's own interpreter. Returns a function of the protocol and a list of vectors (each with
-- its file's kind); that returns a line a vector: "ok NAME" or "FAIL NAME: what came out".

local function unhex(hex)
  return (hex:gsub("..", function(digits) return string.char(tonumber(digits, 16)) end))
end

local function hex(bytes)
  return (bytes:gsub(".", function(one) return string.format("%02x", one:byte()) end))
end

-- The eight bytes of a u64, by long division of its decimal digits.
local function u64(decimal)
  local bytes = {}
  for i = 1, 8 do
    local quotient, rest = {}, 0
    for digit in decimal:gmatch("%d") do
      rest = rest * 10 + tonumber(digit)
      quotient[#quotient + 1] = math.floor(rest / 256)
      rest = rest % 256
    end
    bytes[i] = string.char(rest)
    decimal = table.concat(quotient):gsub("%.0", "")
  end
  return table.concat(bytes)
end

local function show(value)
  if type(value) ~= "table" then return tostring(value) end
  local parts = {}
  for name, member in pairs(value) do parts[#parts + 1] = name .. "=" .. show(member) end
  table.sort(parts)
  return "{" .. table.concat(parts, " ") .. "}"
end

local function expect(seen, wanted, what)
  if type(wanted) == "table" and type(seen) == "table" then
    for name in pairs(wanted) do expect(seen[name], wanted[name], what .. "." .. name) end
    for name in pairs(seen) do
      local is_known = wanted[name] ~= nil or tostring(name):find("^reserved")
      if not is_known then error(what .. "." .. name .. " is too much", 0) end
    end
  elseif seen ~= wanted then
    error(what .. ": " .. show(seen) .. " instead of " .. show(wanted), 0)
  end
end

-- What a gateway sends for each token of a request, alone: what the general writer makes of it, which
-- the vectors check.
local function questions(protocol, vector)
  local fields, id = vector.fields, vector.header.requestId
  local has_any = fields.flags % 2 == 1
  local opening = protocol.opening(fields.requiredScopes, fields.audience, has_any)
  for _, token in ipairs(fields.tokens) do
    local sent
    local socket = { send = function(_, bytes) sent = bytes return nil, "timeout" end }
    protocol.identity(socket, false, id, opening, token)
    local body = protocol.validate {
      form = 1, flags = has_any and 1 or 0, atLeastPosition = u64("0"),
      requiredScopes = fields.requiredScopes, audience = fields.audience, tokens = { token },
    }
    expect(hex(sent), hex(protocol.frame(vector.opcode, id, body)), "the question")
  end
end

local function request(protocol, vector)
  local fields = vector.fields
  local body
  if vector.operation == "HELLO" then
    fields.features = u64(fields.features)
    body = protocol.hello(fields)
  else
    fields.atLeastPosition = u64(fields.atLeastPosition)
    for i, token in ipairs(fields.tokens) do fields.tokens[i] = unhex(token) end
    body = protocol.validate(fields)
  end
  local frame = protocol.frame(vector.opcode, vector.header.requestId, body)
  expect(hex(frame), vector.hex, "the frame")
  if vector.operation == "VALIDATE" then questions(protocol, vector) end
end

local function decode(protocol, vector)
  local body = unhex(vector.hex):sub(17)
  if vector.direction == "error" then return protocol.error_reply(body) end
  if vector.operation == "VALIDATE" then return protocol.validate_reply(body) end
  local fields, fault = protocol.hello_reply(body)
  if fields then fields.instance = hex(fields.instance) end
  return fields, fault
end

local kinds = {}

function kinds.message(protocol, vector)
  if vector.direction == "request" then return request(protocol, vector) end
  local header, fault = protocol.header(unhex(vector.hex):sub(1, 16), 1048576)
  if not header then error(fault, 0) end
  expect(header, vector.header, "the header")
  local fields, wrong = decode(protocol, vector)
  if not fields then error(wrong, 0) end
  expect(fields, vector.fields, "the body")
end

function kinds.body(protocol, vector)
  local fields, fault = decode(protocol, vector)
  if vector.fault then
    if fields then error("accepted: " .. show(fields), 0) end
    return
  end
  if not fields then error("refused: " .. fault, 0) end
  expect(fields, vector.fields, "the body")
end

-- Whether a body can be read and is what was asked for. Of what a gateway does not ask, only errors
-- are read.
local function is_what_was_asked(protocol, header, body, asked)
  if header.status ~= 0 then return protocol.error_reply(body) ~= nil end
  if header.opcode ~= protocol.VALIDATE then return true end
  local fields = protocol.validate_reply(body)
  local list = fields and (fields.verdicts or fields.identities)
  return list ~= nil and fields.form == asked.form and #list == asked.count
end

-- As a gateway reads: sixteen bytes, then as many as they name; then what is behind them.
local function judged(protocol, bytes, max_frame, outstanding)
  if #bytes < 16 then return { outcome = "wait" } end
  local header = protocol.header(bytes:sub(1, 16), max_frame)
  if not header then return { outcome = "close" } end
  local left, ours = {}, nil
  for _, asked in ipairs(outstanding) do
    if protocol.belongs(header, asked.opcode, asked.requestId) then
      ours = asked
    else
      left[#left + 1] = asked
    end
  end
  if not ours then return { outcome = "close" } end
  local last = 16 + header.length
  if #bytes < last then return { outcome = "wait" } end
  if not is_what_was_asked(protocol, header, bytes:sub(17, last), ours) then
    return { outcome = "close" }
  end
  return {
    outcome = "accept", opcode = header.opcode, requestId = header.requestId,
    status = header.status ~= 0 and header.status or nil,
    next = #bytes > last and judged(protocol, bytes:sub(last + 1), max_frame, left) or nil,
  }
end

-- A socket that gives these bytes as the answer to whatever is asked.
local function answering(bytes)
  local socket = {}
  function socket:send(sent) self.sent = sent return #sent end
  function socket:receiveany() local all = bytes bytes = "" return all end
  function socket:receive(count)
    local some = bytes:sub(1, count)
    bytes = bytes:sub(count + 1)
    return some
  end
  return socket
end

function kinds.frame(protocol, vector)
  local context, bytes = vector.context, unhex(vector.hex)
  expect(judged(protocol, bytes, context.maxFrame, context.outstanding), vector.expect, "the frame")
  local asked = context.outstanding[1]
  if not asked or asked.form ~= 1 or asked.count ~= 1 then return end
  -- The only question of a gateway, with its own eyes.
  local question = protocol.question("token", "", "", false)
  local outcome = protocol.ask(answering(bytes), false, asked.requestId, question)
  expect(outcome.kind == "verdict", vector.expect.outcome == "accept", "the question")
end

-- The question about a token, from what a place of the gateway demands.
local function question(protocol, vector, token)
  local socket = { send = function(self, bytes) self.sent = bytes return nil, "timeout" end }
  local opening =
    protocol.opening(vector.requiredScopes, vector.audience, vector.anyAudience or nil)
  protocol.identity(socket, false, 2, opening, token)
  expect(hex(socket.sent):sub(33), vector.requestHex, "the question")
end

-- What comes of a request's headers and query. A gateway hands over one value alone or in a list.
local function from_request(protocol, vector)
  local values, in_query = vector.authorization or {}, vector.queryToken ~= ""
  for i, value in ipairs(vector.authorizationHex or {}) do values[i] = unhex(value) end
  local token, outcome = protocol.bearer(values, in_query)
  if not values[2] then
    expect(protocol.bearer(values[1], in_query), token, "the token of one value")
  end
  expect(token, vector.asksHex and unhex(vector.asksHex) or vector.asks, "the token")
  if token then question(protocol, vector, token) end
  return token and { kind = "verdict", code = vector.verdict } or outcome
end

-- A gateway removes Authorization itself: the behaviour table has that.
local function client_headers(protocol, vector)
  local left = {}
  for _, pair in ipairs(vector.clientHeaders) do
    local name, value = pair[1], pair[2]
    if name == "Authorization" then goto next end
    local one = protocol.is_forged(name:lower(), value)
    expect(protocol.is_forged(name:lower(), { value }), one, name .. " in a list")
    if not one then left[#left + 1] = pair end
    ::next::
  end
  expect(left, vector.handedOn, "what is handed on")
end

-- What comes of a reply, and what the upstream is told.
local function from_reply(protocol, vector)
  local frame = protocol.frame(protocol.VALIDATE, 2, unhex(vector.replyHex))
  local socket = answering(frame:sub(1, 5) .. "\1" .. frame:sub(7))
  local asked = protocol.question("token", "", "", false)
  local outcome, is_plain = protocol.ask(socket, false, 2, asked)
  expect(outcome.identity, vector.identity, "the identity")
  local told = {}
  local function tell(name, value) told[name] = value end
  if outcome.code == 0 and not protocol.tell(outcome.identity, is_plain, tell) then
    outcome = { kind = "unreachable" }
  end
  expect(told, vector.headers, "the headers")
  if vector.clientHeaders then client_headers(protocol, vector) end
  return outcome
end

function kinds.http(protocol, vector)
  local outcome = { kind = "unreachable" }
  if vector.verdict then outcome = { kind = "verdict", code = vector.verdict } end
  if vector.statusCode then outcome = { kind = "status", code = vector.statusCode } end
  if vector.target then
    outcome = protocol.is_climbing(vector.target) and { kind = "bad_request" }
      or { kind = "verdict", code = 0 }
  end
  if vector.queryToken then outcome = from_request(protocol, vector) end
  if vector.replyHex then outcome = from_reply(protocol, vector) end
  local status, authenticate, retry_after =
    protocol.answer(outcome, vector.requiredScopes, vector.realm)
  expect(status, vector.status, "the status")
  expect(authenticate or "", vector.wwwAuthenticate, "WWW-Authenticate")
  expect(retry_after or 0, vector.retryAfterSeconds, "Retry-After")
end

function kinds.decision(protocol, vector)
  local outcome = { kind = "verdict", code = vector.verdict }
  local status, authenticate, retry_after =
    protocol.answer(outcome, vector.requiredScopes, "api")
  expect(status, vector.http.status, "the status")
  local named = (authenticate or ""):match('error="([^"]*)"') or ""
  expect(named, vector.http.error, "the error")
  expect(retry_after ~= nil, vector.http.retryAfter, "Retry-After")
end

function kinds.syntax(protocol, vector)
  expect(protocol.is_scope_text(unhex(vector.hex)), vector.valid, "a scope text")
end

function kinds.utf8(protocol, vector)
  for _, pair in ipairs(vector.texts) do
    expect(protocol.is_utf8(unhex(pair[1])), pair[2], pair[1])
  end
end

return function(protocol, vectors)
  local lines = {}
  for i, vector in ipairs(vectors) do
    local went_well, fault = pcall(kinds[vector.kind], protocol, vector)
    lines[i] = went_well and "ok " .. vector.name or "FAIL " .. vector.name .. ": " .. fault
  end
  return lines
end
