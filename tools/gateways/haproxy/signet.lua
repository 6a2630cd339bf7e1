-- Signet for HAProxy 2.6 or newer: asks signetd about the bearer token of every request, over its
-- binary protocol and connections that each thread keeps for itself. Needs Lua 5.3, built in.
--
--   setenv SIGNET_SOCKET /run/signet.sock            # in `global`, with the path inside a chroot
--   lua-load-per-thread /etc/haproxy/signet.lua      # never lua-load: threads share no socket
--
--   http-request lua.signet_strip                    # in the frontend, before everything else
--   http-request lua.signet_check "required_scopes=read"
--   http-request deny deny_status 503 unless { var(txn.signet) -m str passed }
--
-- The last line is part of it: HAProxy goes on to the next rule when it breaks off an action (out
-- of memory or time), and then nobody has said that the request may pass.
--
-- signet_check takes one text of options, separated by "; ": required_scopes=..., separated by one
-- space; audience=..., who the upstream is; any_audience=yes, tokens for others pass as well;
-- keep_authorization=yes, the upstream gets the token too. "required_scopes=" wants nothing.
-- Besides SIGNET_SOCKET: SIGNET_REALM of the challenges (api), SIGNET_TIMEOUT_MS for each step of a
-- question (1000), SIGNET_IDLE_CONNECTIONS that a thread keeps (64).
--
-- What passes goes on without its Authorization header and with X-Auth-Subject, X-Auth-Client,
-- X-Auth-Scope, X-Auth-Expires (Unix seconds) and X-Auth-Override (`username`, `icon` or both),
-- each only where it has a value: an application's own token has no subject. All else ends here:
-- 400, 401 and 403 with WWW-Authenticate (RFC 6750), 503 with Retry-After when nobody can say.
-- Nothing is remembered between requests, so a revoked token is refused from the next one on.

-- >>> protocol
-- What the protocol and its table of verdicts say. These lines are the same in the nginx and in the
-- HAProxy module (the tests compare them): plain Lua 5.1 to 5.4.

local byte, char, find, format = string.byte, string.char, string.find, string.format
local gsub, lower, match, rep, sub = string.gsub, string.lower, string.match, string.rep, string.sub

local protocol = {
  HELLO = 0x0001,
  VALIDATE = 0x0010,
  -- No reply to one token is longer; more is not read.
  MAX_FRAME = 4096,
  TOKEN_MAX = 255,
  VERDICTS = {
    [0] = "VALID", "MISSING", "MALFORMED", "FORGED", "EXPIRED", "REVOKED", "UNKNOWN",
    "WRONG_AUDIENCE", "INSUFFICIENT_SCOPE", "PROVIDER_OFF",
  },
}

local MISSING, MALFORMED, INSUFFICIENT_SCOPE, PROVIDER_OFF = 1, 2, 8, 9
-- BUSY, DRAINING and NOT_CAUGHT_UP pass by themselves; every other status needs a person.
local PASSING = { [0x0007] = true, [0x0008] = true, [0x0009] = true }

local function u16(n)
  return char(n % 256, (n - n % 256) / 256)
end

local function u32(n)
  local low = n % 65536
  return u16(low) .. u16((n - low) / 65536)
end

local function text(bytes)
  return u16(#bytes) .. bytes
end

function protocol.is_utf8(bytes)
  if not find(bytes, "[\128-\255]") then return true end
  local at, last = 1, #bytes
  while at <= last do
    local first = byte(bytes, at)
    local more, least, most = 0, 0x80, 0xBF
    if first >= 0xC2 and first <= 0xDF then
      more = 1
    elseif first >= 0xE0 and first <= 0xEF then
      more = 2
      if first == 0xE0 then least = 0xA0 elseif first == 0xED then most = 0x9F end
    elseif first >= 0xF0 and first <= 0xF4 then
      more = 3
      if first == 0xF0 then least = 0x90 elseif first == 0xF4 then most = 0x8F end
    elseif first >= 0x80 then
      return false
    end
    for i = at + 1, at + more do
      local next = byte(bytes, i)
      if not next or next < least or next > most then return false end
      least, most = 0x80, 0xBF
    end
    at = at + 1 + more
  end
  return true
end

-- A reader of one body. Its first fault sticks, and whatever is read after it is zero or empty.
local function reader(bytes)
  return { bytes = bytes, at = 1, last = #bytes, fault = nil }
end

local function take(from, count)
  local at = from.at
  if from.fault or at + count - 1 > from.last then
    from.fault = from.fault or "a field runs past the end"
    return rep("\0", count)
  end
  from.at = at + count
  return sub(from.bytes, at, at + count - 1)
end

local function take_u8(from)
  return byte(take(from, 1))
end

local function take_u16(from)
  local a, b = byte(take(from, 2), 1, 2)
  return a + b * 256
end

local function take_u32(from)
  local a, b, c, d = byte(take(from, 4), 1, 4)
  return a + b * 256 + c * 65536 + d * 16777216
end

-- A u64 as decimal digits: a Lua 5.1 number holds only 53 bits of it.
local function take_u64(from)
  local low, high = take_u32(from), take_u32(from)
  local rest = (high % 1000000) * 4294967296 + low
  local digits = rest % 1000000
  local millions = (high - high % 1000000) / 1000000 * 4294967296 + (rest - digits) / 1000000
  if millions == 0 then return format("%d", digits) end
  return format("%.0f%06d", millions, digits)
end

local function take_text(from)
  local count = take_u16(from)
  if from.fault then return "" end
  local bytes = take(from, count)
  if from.fault then return "" end
  if not protocol.is_utf8(bytes) then from.fault = "a text is no UTF-8" end
  return bytes
end

local function take_list(from, element)
  local list = {}
  for i = 1, take_u16(from) do
    if from.fault then break end
    list[i] = element(from)
  end
  return list
end

-- The fields of a group; what stands behind them is for later versions.
local function take_group(from, fields)
  local size, last = take_u16(from), from.last
  local after = from.at + size
  if not from.fault and after - 1 > last then from.fault = "a group runs past the end" end
  from.last = after - 1
  local group = fields(from)
  from.last, from.at = last, after
  return group
end

local function take_verdict(from)
  return {
    verdict = take_u8(from), reserved1 = take_u8(from), reserved2 = take_u16(from),
    expiresInSeconds = take_u32(from),
  }
end

local function take_identity(from)
  return take_group(from, function()
    return {
      verdict = take_u8(from), subjectKind = take_u8(from), overrides = take_u8(from),
      reserved = take_u8(from), expiresAt = take_u64(from), subject = take_text(from),
      clientId = take_text(from), scope = take_text(from), audience = take_text(from),
    }
  end)
end

-- What was read, or nil and the fault.
local function finished(from, fields)
  if from.fault then return nil, from.fault end
  return fields
end

function protocol.frame(opcode, id, body)
  return u32(#body) .. "\1\0" .. u16(opcode) .. u32(id) .. "\0\0\0\0" .. body
end

-- Eight bytes stand for a u64: both modules send zeros.
function protocol.hello(fields)
  return u16(fields.minVersion) .. u16(fields.maxVersion) .. u32(fields.maxFrame)
    .. u16(fields.maxInFlight) .. fields.features .. text(fields.clientName)
end

function protocol.validate(fields)
  local tokens = {}
  for i, token in ipairs(fields.tokens) do tokens[i] = text(token) end
  return char(fields.form, fields.flags) .. fields.atLeastPosition .. text(fields.requiredScopes)
    .. text(fields.audience) .. u16(#tokens) .. table.concat(tokens)
end

-- The header of a reply, or nil and its fault.
function protocol.header(bytes, max_frame)
  local from = reader(bytes)
  local header = {
    length = take_u32(from), version = take_u8(from), flags = take_u8(from),
    opcode = take_u16(from), requestId = take_u32(from), status = take_u16(from),
    reserved = take_u16(from),
  }
  if from.fault then return nil, from.fault end
  if header.version ~= 1 or header.flags ~= 1 or header.reserved ~= 0 then
    return nil, "not the header of a reply"
  end
  if header.length > max_frame then return nil, "a reply above the agreed length" end
  return header
end

-- Whether a reply belongs to a request. Request id 0 comes with an error of the connection.
function protocol.belongs(header, opcode, id)
  if header.requestId == 0 then return header.status ~= 0 end
  return header.requestId == id and header.opcode == opcode
end

function protocol.hello_reply(body)
  local from = reader(body)
  return finished(from, {
    version = take_u16(from), maxFrame = take_u32(from), maxInFlight = take_u16(from),
    features = take_u64(from), instance = take(from, 16), position = take_u64(from),
    retryWindowSeconds = take_u32(from), retryWindowEntries = take_u32(from),
    peerUid = take_u32(from), rights = take_u32(from), serverVersion = take_text(from),
  })
end

function protocol.validate_reply(body)
  local from = reader(body)
  local fields = { form = take_u8(from) }
  if fields.form == 0 then
    fields.verdicts = take_list(from, take_verdict)
  elseif fields.form == 1 then
    fields.identities = take_list(from, take_identity)
  else
    from.fault = from.fault or "an unknown form"
  end
  return finished(from, fields)
end

function protocol.error_reply(body)
  local from = reader(body)
  return finished(from, {
    field = take_text(from), message = take_text(from), retryAfterMillis = take_u32(from),
    oauthError = take_text(from),
  })
end

-- Scopes separated by one space, at most 128 bytes and 16 scopes; empty is none.
function protocol.is_scope_text(scopes)
  if scopes == "" then return true end
  if #scopes > 128 or find(scopes, '[%c"\\\128-\255]') or find(scopes, "^ ")
    or find(scopes, " $") or find(scopes, "  ", 1, true) then
    return false
  end
  local seen, count = {}, 0
  for scope in string.gmatch(scopes, "[^ ]+") do
    if not seen[scope] then seen[scope], count = true, count + 1 end
  end
  return count <= 16
end

-- The token of a request, from the values of all its Authorization headers and the access_token of
-- its query; else nil and the outcome that answers it.
function protocol.bearer(values, in_query)
  local value = values[1]
  if values[2] or (value and in_query) then return nil, { kind = "invalid_request" } end
  local missing = { kind = "verdict", code = MISSING }
  if not value then return nil, missing end
  local scheme, token = match(value, "^([^ ]*) ?(.*)$")
  if lower(scheme) ~= "bearer" or token == "" then return nil, missing end
  if #token > protocol.TOKEN_MAX then return nil, { kind = "verdict", code = MALFORMED } end
  return token
end

local function challenge(realm, error, scope)
  local value = 'Bearer realm="' .. gsub(realm, '["\\]', "\\%0") .. '"'
  if error then value = value .. ', error="' .. error .. '"' end
  if scope then value = value .. ', scope="' .. scope .. '"' end
  return value
end

-- What to answer: HTTP status, WWW-Authenticate or nil, seconds of Retry-After or nil. An outcome
-- is {kind = "verdict" or "status", code}, {kind = "invalid_request"} or {kind = "unreachable"}.
function protocol.answer(outcome, required_scopes, realm)
  local kind, code = outcome.kind, outcome.code
  if kind == "status" then return 503, nil, PASSING[code] and 1 or 5 end
  if kind == "invalid_request" then return 400, challenge(realm, "invalid_request") end
  if kind ~= "verdict" or code == PROVIDER_OFF then return 503, nil, 5 end
  if code == 0 then return 200 end
  if code == MISSING then return 401, challenge(realm) end
  if code == INSUFFICIENT_SCOPE then
    return 403, challenge(realm, "insufficient_scope", required_scopes)
  end
  return 401, challenge(realm, "invalid_token")
end

local IDENTITY = {
  ["x-auth-subject"] = true, ["x-auth-client"] = true, ["x-auth-scope"] = true,
  ["x-auth-expires"] = true, ["x-auth-override"] = true,
}

-- Whether a client may not send a header, by its name in lower case and its value or values: one
-- that would pass for ours, as many servers read `_` as `-`; or a Connection that names one of
-- ours, so that a proxy behind this one would drop it.
function protocol.is_forged(name, value)
  if IDENTITY[name] then return true end
  if find(name, "_", 1, true) then return IDENTITY[gsub(name, "_", "-")] or false end
  if name ~= "connection" then return false end
  if type(value) ~= "table" then value = { value } end
  for _, one in pairs(value) do
    if find(gsub(lower(one), "_", "-"), "x-auth-", 1, true) then return true end
  end
  return false
end

local OVERRIDES = { [0] = "", "username", "icon", "username icon" }

-- The headers that tell the upstream who it is: {name, value} each, only those with a value; or
-- nil when a value has no place in a header.
function protocol.identity_headers(identity)
  local expires = match(identity.expiresAt, "^(%d+)%d%d%d$")
  local list = {
    { "X-Auth-Subject", identity.subject }, { "X-Auth-Client", identity.clientId },
    { "X-Auth-Scope", identity.scope }, { "X-Auth-Expires", expires or "" },
    { "X-Auth-Override", OVERRIDES[identity.overrides % 4] },
  }
  local set = {}
  for _, header in ipairs(list) do
    if find(header[2], "%c") then return nil end
    if header[2] ~= "" then set[#set + 1] = header end
  end
  return set
end

local ZERO = rep("\0", 8)
local HELLO_ID = 1
local HELLO_FRAME = protocol.frame(protocol.HELLO, HELLO_ID, protocol.hello {
  minVersion = 1, maxVersion = 1, maxFrame = protocol.MAX_FRAME, maxInFlight = 2, features = ZERO,
  clientName = "signet.lua 1.0",
})

-- The body that asks about one token. It fits into the smallest frame, so that it may follow HELLO
-- without waiting.
function protocol.question(token, required_scopes, audience, any_audience)
  return protocol.validate {
    form = 1, flags = any_audience and 1 or 0, atLeastPosition = ZERO,
    requiredScopes = required_scopes, audience = audience, tokens = { token },
  }
end

local function unreachable(reason, lost)
  return { kind = "unreachable", reason = reason, lost = lost }
end

-- The body of the reply to a request, or nil and the outcome.
local function read_reply(socket, opcode, id, max_frame)
  local bytes, reason = socket:receive(16)
  if not bytes or #bytes < 16 then
    return nil, unreachable(reason or "half a header", reason ~= "timeout")
  end
  local header, fault = protocol.header(bytes, max_frame)
  if not header then return nil, unreachable(fault) end
  if not protocol.belongs(header, opcode, id) then
    return nil, unreachable("a reply to something else")
  end
  local body = ""
  if header.length > 0 then
    body, reason = socket:receive(header.length)
    if not body or #body < header.length then
      return nil, unreachable(reason or "half a reply", reason ~= "timeout")
    end
  end
  if header.status == 0 then return body end
  local problem = protocol.error_reply(body)
  if not problem then return nil, unreachable("an error that cannot be read") end
  return nil, { kind = "status", code = header.status, reason = problem.message }
end

-- Asks over a socket with send and receive; says HELLO before where the connection is new. Returns
-- the outcome. One with an identity leaves the connection good for another question, any other does
-- not. `lost` says that the connection ended under the question.
function protocol.ask(socket, is_new, id, question)
  local frame = protocol.frame(protocol.VALIDATE, id, question)
  local sent, reason = socket:send(is_new and HELLO_FRAME .. frame or frame)
  if not sent then return unreachable(reason or "cannot send", reason ~= "timeout") end
  if is_new then
    local body, outcome = read_reply(socket, protocol.HELLO, HELLO_ID, protocol.MAX_FRAME)
    if not body then return outcome end
    local hello, fault = protocol.hello_reply(body)
    if not hello or hello.version ~= 1 then return unreachable(fault or "another version") end
  end
  local body, outcome = read_reply(socket, protocol.VALIDATE, id, protocol.MAX_FRAME)
  if not body then return outcome end
  local reply, fault = protocol.validate_reply(body)
  if not reply then return unreachable(fault) end
  if reply.form ~= 1 or #reply.identities ~= 1 then return unreachable("not one identity") end
  local identity = reply.identities[1]
  return { kind = "verdict", code = identity.verdict, identity = identity }
end
-- <<< protocol

local function setting(name, default)
  local value = os.getenv("SIGNET_" .. name) or default
  if type(default) ~= "number" then return value end
  local number = math.tointeger(tonumber(value))
  if not number or number < 1 then
    error("signet: SIGNET_" .. name .. " is no number above 0: " .. value, 0)
  end
  return number
end

local IDLE_SECONDS = 60
local address, realm, timeout_seconds, idle_most

-- The connections of this thread that nobody uses: {socket, last_id}. The last one in is the first
-- one out, so that those too many grow old and are closed.
local idle = {}

local function close_idle()
  for i = #idle, 1, -1 do
    idle[i].socket:close()
    idle[i] = nil
  end
end

local function exchange(connection, is_new, question)
  local socket = connection.socket
  socket:settimeout(timeout_seconds)
  if is_new then
    local connected, reason = socket:connect(address)
    if not connected then
      socket:close()
      return unreachable(reason or "cannot connect")
    end
  end
  connection.last_id = connection.last_id + 1
  local outcome = protocol.ask(socket, is_new, connection.last_id, question)
  if outcome.identity and #idle < idle_most then
    -- HAProxy's sockets have one timeout: it also ends those that lie idle.
    socket:settimeout(IDLE_SECONDS)
    idle[#idle + 1] = connection
  else
    socket:close()
  end
  return outcome
end

-- Asks; once more, over a new connection, when signetd had ended the pooled one.
local function judge(question)
  local pooled = table.remove(idle)
  if pooled then
    local outcome = exchange(pooled, false, question)
    if not outcome.lost then return outcome end
    close_idle()  -- They are as old, and ended with it.
  end
  return exchange({ socket = core.tcp(), last_id = HELLO_ID }, true, question)
end

-- Removes what a client sent under the name of one of our headers. Returns all its headers, by
-- their names in lower case.
local function strip(txn)
  local headers = txn.http:req_get_headers()
  for name, value in pairs(headers) do
    if protocol.is_forged(name, value) then txn.http:req_del_header(name) end
  end
  return headers
end

local CHECK_OPTIONS = {
  required_scopes = true, audience = true, any_audience = "yes", keep_authorization = "yes",
}
local understood = {}

-- The options of a check. A slip of the pen must not open a door: whatever is not understood is
-- refused.
local function understand(options)
  if understood[options] then return understood[options] end
  local set = { required_scopes = "", audience = "" }
  for option in string.gmatch(options .. "; ", "(.-); ") do
    local name, value = match(option, "^([%w_]+)=(.*)$")
    local want = name and CHECK_OPTIONS[name]
    if not want or (want ~= true and want ~= value) then
      error("signet_check: no such option, or no such value: " .. option, 0)
    end
    set[name] = value
  end
  if not protocol.is_scope_text(set.required_scopes) or #set.audience > 512 then
    error("signet_check: no scopes separated by one space, or no audience: " .. options, 0)
  end
  understood[options] = set
  return set
end

-- Adds the headers and returns nothing, or returns the outcome that refuses.
local function check(txn, options)
  local headers = strip(txn)
  local set = understand(options)
  local values = {}
  local sent = headers["authorization"]
  for i = 0, sent and #sent or -1 do values[#values + 1] = sent[i] end
  local in_query = (txn.f:url_param("access_token") or "") ~= ""
  local token, outcome = protocol.bearer(values, in_query)
  if token then
    outcome = judge(protocol.question(token, set.required_scopes, set.audience,
      set.any_audience))
  end
  if outcome.kind ~= "verdict" or outcome.code ~= 0 then return outcome, set.required_scopes end
  local list = protocol.identity_headers(outcome.identity)
  if not list then return unreachable("a name with control characters"), "" end
  for _, header in ipairs(list) do txn.http:req_set_header(header[1], header[2]) end
  if not set.keep_authorization then txn.http:req_del_header("authorization") end
end

local function refuse(txn, outcome, required_scopes)
  local status, authenticate, retry_after = protocol.answer(outcome, required_scopes, realm)
  if outcome.kind == "verdict" then
    core.log(core.info, "signet: " .. (protocol.VERDICTS[outcome.code] or outcome.code))
  elseif outcome.kind ~= "invalid_request" then
    core.log(core.err, "signet: " .. address .. ": " .. (outcome.code or outcome.kind) .. " "
      .. (outcome.reason or ""))
  end
  local reply = txn:reply { status = status }
  if authenticate then reply:add_header("WWW-Authenticate", authenticate) end
  if retry_after then reply:add_header("Retry-After", tostring(retry_after)) end
  txn:done(reply)
end

local function signet_check(txn, options)
  txn:unset_var("txn.signet")
  -- After an error HAProxy would go on with the next rule.
  local went_well, outcome, required_scopes = pcall(check, txn, options)
  if not went_well then outcome, required_scopes = unreachable(tostring(outcome)), "" end
  if outcome then
    refuse(txn, outcome, required_scopes)
  else
    txn:set_var("txn.signet", "passed")
  end
end

-- Where the tests load this file for its protocol, no socket is named.
local path = os.getenv("SIGNET_SOCKET")
if path then
  if sub(path, 1, 1) ~= "/" then error("signet: SIGNET_SOCKET is no absolute path: " .. path, 0) end
  address, realm = "unix@" .. path, setting("REALM", "api")
  timeout_seconds = setting("TIMEOUT_MS", 1000) / 1000
  idle_most = setting("IDLE_CONNECTIONS", 64)
  core.register_action("signet_strip", { "http-req" }, function(txn) strip(txn) end, 0)
  core.register_action("signet_check", { "http-req" }, signet_check, 1)
elseif not SIGNET_PROTOCOL_ONLY then
  error("signet: put `setenv SIGNET_SOCKET PATH` before the line that loads this file", 0)
end

return { protocol = protocol }
