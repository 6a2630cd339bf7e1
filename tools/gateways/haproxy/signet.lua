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
-- 400, 401 and 403 with WWW-Authenticate (RFC 6750), 503 with Retry-After when nobody can say. A path
-- with a segment `.` or `..`, or with a control character, however written, is answered 400, checked
-- or not; so is an absolute target of another scheme than http, or whose host has other signs.
-- No answer is remembered between requests, so a revoked token is refused from the next one on.

-- >>> protocol
-- What the protocol and its table of verdicts say. These lines are the same in the nginx and in the
-- HAProxy module (the tests compare them): plain Lua 5.1 to 5.4. What every request comes by has no
-- loop, no pattern and no `return char(...)`: LuaJIT compiles no function that has one.

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
  local bytes = char(n % 256, (n - n % 256) / 256)
  return bytes
end

local function u32(n)
  local low = n % 65536
  local high = (n - low) / 65536
  local bytes = char(low % 256, (low - low % 256) / 256, high % 256, (high - high % 256) / 256)
  return bytes
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

-- Whether all is printable ASCII: then it is UTF-8, and has a place in a header. A gateway may know a
-- faster way.
function protocol.is_plain(bytes)
  return not find(bytes, "[^ -~]")
end

local PAST = "a field runs past the end"

-- A reader of one body. Its first fault sticks, and whatever is read after it is zero or empty.
local function reader(bytes)
  return { bytes = bytes, at = 1, last = #bytes, fault = nil }
end

local function take(from, count)
  local at = from.at
  if from.fault or at + count - 1 > from.last then
    from.fault = from.fault or PAST
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
local function decimal(low, high)
  if high < 2097152 then
    local digits = format("%d", high * 4294967296 + low)
    return digits
  end
  local rest = (high % 1000000) * 4294967296 + low
  local digits = rest % 1000000
  local millions = (high - high % 1000000) / 1000000 * 4294967296 + (rest - digits) / 1000000
  return format("%.0f%06d", millions, digits)
end

local function take_u64(from)
  local low, high = take_u32(from), take_u32(from)
  return decimal(low, high)
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

local function take_verdict(from)
  return {
    verdict = take_u8(from), reserved1 = take_u8(from), reserved2 = take_u16(from),
    expiresInSeconds = take_u32(from),
  }
end

-- The text at a position and the position behind it, or nil and the fault. `last` is where the group
-- ends.
local function text_at(bytes, at, last)
  if at + 1 > last then return nil, PAST end
  local low, high = byte(bytes, at, at + 1)
  local after = at + 2 + low + high * 256
  if after - 1 > last then return nil, PAST end
  return sub(bytes, at + 2, after - 1), after
end

-- Texts that turned out to be plain: names of clients and scopes, and most subjects, come again and
-- again. So many, and then from the beginning.
local PLAIN_MOST = 1024
local plain_texts, plain_left = {}, PLAIN_MOST

local function is_plain_text(bytes)
  if plain_texts[bytes] then return true end
  if not protocol.is_plain(bytes) then return false end
  if plain_left == 0 then plain_texts, plain_left = {}, PLAIN_MOST end
  plain_texts[bytes], plain_left = true, plain_left - 1
  return true
end

-- The identity whose group begins at a position of a body that ends at `limit`, the position behind
-- it, and whether its texts are plain; or nil and the fault. What stands in the group behind the
-- fields is for later versions.
local function identity_at(bytes, at, limit)
  if at + 1 > limit then return nil, PAST end
  local low, high = byte(bytes, at, at + 1)
  local last = at + 1 + low + high * 256
  if last > limit then return nil, "a group runs past the end" end
  if at + 13 > last then return nil, PAST end
  local verdict, kind, overrides, _, a, b, c, d, e, f, g, h = byte(bytes, at + 2, at + 13)
  local client, scope, audience
  local subject, next = text_at(bytes, at + 14, last)
  if subject then client, next = text_at(bytes, next, last) end
  if client then scope, next = text_at(bytes, next, last) end
  if scope then audience, next = text_at(bytes, next, last) end
  if not audience then return nil, next end
  local is_plain = is_plain_text(subject) and is_plain_text(client) and is_plain_text(scope)
    and is_plain_text(audience)
  if not is_plain and not (protocol.is_utf8(subject) and protocol.is_utf8(client)
    and protocol.is_utf8(scope) and protocol.is_utf8(audience)) then
    return nil, "a text is no UTF-8"
  end
  return {
    verdict = verdict, subjectKind = kind, overrides = overrides,
    expiresAt = decimal(a + b * 256 + c * 65536 + d * 16777216,
      e + f * 256 + g * 65536 + h * 16777216),
    subject = subject, clientId = client, scope = scope, audience = audience,
  }, last + 1, is_plain
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

-- Length, opcode, request id and status of a reply, from its header; or nil and the fault.
local function read_header(bytes, max_frame)
  local l1, l2, l3, l4, version, flags, o1, o2, i1, i2, i3, i4, s1, s2, r1, r2 = byte(bytes, 1, 16)
  if version ~= 1 or flags ~= 1 or r1 ~= 0 or r2 ~= 0 then
    return nil, "not the header of a reply"
  end
  local length = l1 + l2 * 256 + l3 * 65536 + l4 * 16777216
  if length > max_frame then return nil, "a reply above the agreed length" end
  return length, o1 + o2 * 256, i1 + i2 * 256 + i3 * 65536 + i4 * 16777216, s1 + s2 * 256
end

-- Whether a reply belongs to a request. Request id 0 comes with an error of the connection.
local function is_answer(opcode, id, status, asked_opcode, asked_id)
  if id == 0 then return status ~= 0 end
  return id == asked_id and opcode == asked_opcode
end

-- The same two for readers of tables.
function protocol.header(bytes, max_frame)
  local length, opcode, id, status = read_header(bytes, max_frame)
  if not length then return nil, opcode end
  return {
    length = length, version = 1, flags = 1, opcode = opcode, requestId = id, status = status,
    reserved = 0,
  }
end

function protocol.belongs(header, opcode, id)
  return is_answer(header.opcode, header.requestId, header.status, opcode, id)
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
  local form, low, high = byte(body, 1, 3)
  if not high then return nil, PAST end
  if form == 0 then
    local from = reader(body)
    from.at = 2
    return finished(from, { form = form, verdicts = take_list(from, take_verdict) })
  end
  if form ~= 1 then return nil, "an unknown form" end
  local identities, at = {}, 4
  for i = 1, low + high * 256 do
    local identity, next = identity_at(body, at, #body)
    if not identity then return nil, next end
    identities[i], at = identity, next
  end
  return { form = form, identities = identities }
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

-- The token of a request, from the value of its Authorization header, or the values of all of them,
-- and the access_token of its query; else nil and the outcome that answers it.
function protocol.bearer(value, in_query)
  if type(value) == "table" then
    if value[2] then return nil, { kind = "invalid_request" } end
    value = value[1]
  end
  if value and in_query then return nil, { kind = "invalid_request" } end
  if not value then return nil, { kind = "verdict", code = MISSING } end
  local scheme, token = "bearer", ""
  if sub(value, 1, 7) == "Bearer " then
    token = sub(value, 8)
  else
    scheme, token = match(value, "^([^ ]*) ?(.*)$")
  end
  if (scheme ~= "bearer" and lower(scheme) ~= "bearer") or token == "" then
    return nil, { kind = "verdict", code = MISSING }
  end
  if #token > protocol.TOKEN_MAX then return nil, { kind = "verdict", code = MALFORMED } end
  return token
end

local function challenge(realm, error, scope)
  local value = 'Bearer realm="' .. gsub(realm, '["\\]', "\\%0") .. '"'
  if error then value = value .. ', error="' .. error .. '"' end
  if scope then value = value .. ', scope="' .. scope .. '"' end
  return value
end

local function unescaped(hex)
  return char(tonumber(hex, 16))
end

-- Twice, as some upstreams do, and with the %u of old ones.
local function climbs(path)
  for _ = 1, 2 do
    path = gsub(gsub(path, "%%[uU]00(%x%x)", "%%%1"), "%%(%x%x)", unescaped)
  end
  return find(path, "%c") ~= nil or find(gsub(path, "\\", "/") .. "/", "/%.%.?[/;?#]") ~= nil
end

-- Whether a request's path, as it was written, has a segment `.` or `..`, in whatever spelling a server
-- may read as one: a gateway that chooses what to ask for by the path it worked out, and an upstream
-- that is sent the path as written, would speak of different things. Or a control character: a path
-- sent on decoded would end its line.
function protocol.is_climbing(target)
  if not find(target, "/.", 1, true) and not find(target, "%", 1, true)
    and not find(target, "\\", 1, true) then
    return false
  end
  return climbs(match(target, "^[^?]*"))
end

-- What to answer: HTTP status, WWW-Authenticate or nil, seconds of Retry-After or nil. An outcome
-- is {kind = "verdict" or "status", code}, {kind = "invalid_request"}, {kind = "bad_request"} or
-- {kind = "unreachable"}.
function protocol.answer(outcome, required_scopes, realm)
  local kind, code = outcome.kind, outcome.code
  if kind == "status" then return 503, nil, PASSING[code] and 1 or 5 end
  if kind == "invalid_request" then return 400, challenge(realm, "invalid_request") end
  if kind == "bad_request" then return 400 end
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

-- What of a header's values makes it forged.
local FORGED_VALUES = {
  -- One that names a header of ours: a proxy behind this one would drop that.
  connection = function(value) return find(gsub(lower(value), "_", "-"), "x-auth-", 1, true) end,
  -- One to anything but a websocket: h2c would carry requests that nobody checks.
  upgrade = function(value) return lower(value) ~= "websocket" end,
}

-- Whether a client may not send a header, by its name in lower case and its value or values: one
-- that would pass for ours, as many servers read `_` as `-`, and some any other sign; or one that
-- would lead past the check.
function protocol.is_forged(name, value)
  if IDENTITY[name] or name == "http2-settings" then return true end
  if find(name, "[^%w-]") then return IDENTITY[gsub(name, "%W", "-")] or false end
  local is_forged = FORGED_VALUES[name]
  if not is_forged then return false end
  if type(value) ~= "table" then value = { value } end
  for _, one in pairs(value) do
    if is_forged(one) then return true end
  end
  return false
end

local OVERRIDES = { [0] = "", "username", "icon", "username icon" }

-- Tells the upstream who it is, by `set(name, value)` for each header that has a value. False, and
-- nothing is set, when a value has no place in a header; what is plain has.
function protocol.tell(identity, is_plain, set)
  local subject, client, scope = identity.subject, identity.clientId, identity.scope
  if not is_plain and find(subject .. client .. scope, "%c") then return false end
  local expires = sub(identity.expiresAt, 1, -4)
  local override = OVERRIDES[identity.overrides % 4]
  if subject ~= "" then set("X-Auth-Subject", subject) end
  if client ~= "" then set("X-Auth-Client", client) end
  if scope ~= "" then set("X-Auth-Scope", scope) end
  if expires ~= "" then set("X-Auth-Expires", expires) end
  if override ~= "" then set("X-Auth-Override", override) end
  return true
end

local ZERO = rep("\0", 8)
local HELLO_ID = 1
local HELLO_FRAME = protocol.frame(protocol.HELLO, HELLO_ID, protocol.hello {
  minVersion = 1, maxVersion = 1, maxFrame = protocol.MAX_FRAME, maxInFlight = 2, features = ZERO,
  clientName = "signet.lua 1.0",
})

-- What a question has between its id and its token. The last one made is kept: mostly the same is asked
-- again.
local opening, opening_scopes, opening_audience, opening_any
function protocol.opening(required_scopes, audience, any_audience)
  if required_scopes ~= opening_scopes or audience ~= opening_audience
    or any_audience ~= opening_any then
    opening_scopes, opening_audience, opening_any = required_scopes, audience, any_audience
    opening = "\0\0\0\0" .. (any_audience and "\1\1" or "\1\0") .. ZERO .. text(required_scopes)
      .. text(audience) .. "\1\0"
  end
  return opening
end

-- The frame that asks about one token, made at once: every string between would cost as much. It fits
-- into the smallest frame, so that it may follow HELLO without waiting.
local function question_frame(id, begin, token)
  local size, low = #begin - 2 + #token, id % 65536
  local high = (id - low) / 65536
  local frame = char(size % 256, (size - size % 256) / 256, 0, 0, 1, 0, protocol.VALIDATE, 0,
    low % 256, (low - low % 256) / 256, high % 256, (high - high % 256) / 256)
    .. begin .. char(#token) .. "\0" .. token
  return frame
end

local function unreachable(reason, lost)
  return { kind = "unreachable", reason = reason, lost = lost }
end

-- Where the reply to a request ends in what was read of it, or as much as has to be read to know; and
-- its status. Or nil and the outcome.
local function reply_end(bytes, opcode, id)
  if #bytes < 16 then return 16 end
  local length, answered, answered_id, status = read_header(bytes, protocol.MAX_FRAME)
  if not length then return nil, unreachable(answered) end
  if not is_answer(answered, answered_id, status, opcode, id) then
    return nil, unreachable("a reply to something else")
  end
  return 16 + length, status
end

-- What was read and where the reply to a request ends in it (its body begins at 17), or nil and the
-- outcome. `bytes` are what was read already. `protocol.read(socket, missing)` of a gateway returns
-- some bytes, at most MAX_FRAME and a header, or nil and why. No loop: one read is mostly enough, and
-- LuaJIT gives up on what contains loops that hardly turn.
local function read_reply(socket, opcode, id, bytes)
  local last, status = reply_end(bytes, opcode, id)
  if not last then return nil, status end
  if #bytes < last then
    local more, reason = protocol.read(socket, last - #bytes)
    if not more or more == "" then
      return nil, unreachable(reason or "half a reply", reason ~= "timeout")
    end
    if bytes ~= "" then more = bytes .. more end
    return read_reply(socket, opcode, id, more)
  end
  if status == 0 then return bytes, last end
  local problem = protocol.error_reply(sub(bytes, 17, last))
  if not problem then return nil, unreachable("an error that cannot be read") end
  return nil, { kind = "status", code = status, reason = problem.message }
end

-- The identity of a reply to one token, whose body begins at 17 and ends at `last`; whether its texts
-- are plain, and whether nothing follows. Or nil and the outcome.
local function only_identity(bytes, last)
  if last < 19 then return nil, unreachable(PAST) end
  local form, low, high = byte(bytes, 17, 19)
  if form ~= 1 or low ~= 1 or high ~= 0 then return nil, unreachable("not one identity") end
  local identity, next, is_plain = identity_at(bytes, 20, last)
  if not identity then return nil, unreachable(next) end
  return identity, is_plain, #bytes == last
end

-- Asks over a socket with send and protocol.read; says HELLO before where the connection is new.
-- Returns the identity, whether its texts are plain, and whether the connection is good for another
-- question; or nil and the outcome, and then it is not. `lost` says that the connection ended under the
-- question.
function protocol.identity(socket, is_new, id, begin, token)
  local frame = question_frame(id, begin, token)
  local sent, reason = socket:send(is_new and HELLO_FRAME .. frame or frame)
  if not sent then return nil, unreachable(reason or "cannot send", reason ~= "timeout") end
  local bytes, last = "", nil
  if is_new then
    bytes, last = read_reply(socket, protocol.HELLO, HELLO_ID, bytes)
    if not bytes then return nil, last end
    local hello, fault = protocol.hello_reply(sub(bytes, 17, last))
    if not hello or hello.version ~= 1 then return nil, unreachable(fault or "another version") end
    bytes = sub(bytes, last + 1)
  end
  bytes, last = read_reply(socket, protocol.VALIDATE, id, bytes)
  if not bytes then return nil, last end
  return only_identity(bytes, last)
end

-- The same for a gateway that keeps a question and its outcome in a table each.
function protocol.question(token, required_scopes, audience, any_audience)
  return { opening = protocol.opening(required_scopes, audience, any_audience), token = token }
end

function protocol.ask(socket, is_new, id, question)
  local identity, is_plain, is_good =
    protocol.identity(socket, is_new, id, question.opening, question.token)
  if not identity then return is_plain end
  return { kind = "verdict", code = identity.verdict, identity = identity, is_good = is_good },
    is_plain
end
-- <<< protocol

-- HAProxy waits until as many are there.
function protocol.read(socket, missing)
  return socket:receive(missing)
end

local function setting(name, default)
  local value = os.getenv("SIGNET_" .. name) or default
  if type(default) ~= "number" then return value end
  local number = math.tointeger(tonumber(value))
  if not number or number < 1 then
    error("signet: SIGNET_" .. name .. " is no number above 0: " .. value, 0)
  end
  return number
end

-- A process that was told to end lives until its connections have ended.
local IDLE_SECONDS = 5
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
  -- An error where HAProxy ended it while it lay idle.
  if not pcall(socket.settimeout, socket, timeout_seconds) then
    return unreachable("ended while it lay idle", true)
  end
  if is_new then
    local connected, reason = socket:connect(address)
    if not connected then
      socket:close()
      return unreachable(reason or "cannot connect")
    end
  end
  connection.last_id = connection.last_id + 1
  local outcome, is_plain = protocol.ask(socket, is_new, connection.last_id, question)
  if outcome.is_good and #idle < idle_most then
    -- HAProxy's sockets have one timeout: it also ends those that lie idle.
    socket:settimeout(IDLE_SECONDS)
    idle[#idle + 1] = connection
  else
    socket:close()
  end
  return outcome, is_plain
end

-- Asks; once more, over a new connection, when signetd had ended the pooled one.
local function judge(question)
  local pooled = table.remove(idle)
  if pooled then
    local outcome, is_plain = exchange(pooled, false, question)
    if not outcome.lost then return outcome, is_plain end
    close_idle()  -- They are as old, and ended with it.
  end
  return exchange({ socket = core.tcp(), last_id = HELLO_ID }, true, question)
end

-- Whether an absolute target may have its path elsewhere for the upstream than for HAProxy, which ends
-- the authority at the first `/` alone.
local function is_ambiguous(target)
  local scheme, authority = match(target, "^(%a[%w+.-]*)://([^/]*)")
  if not scheme then return false end
  scheme = lower(scheme)
  return scheme ~= "http" and scheme ~= "https" or find(authority, "[^%w.:%[%]_-]") ~= nil
end

-- Removes what a client sent under the name of one of our headers. Returns all its headers, by their
-- names in lower case; or nil and the outcome that refuses a path which the rules and the upstream may
-- read differently.
local function strip(txn)
  local headers = txn.http:req_get_headers()
  for name, value in pairs(headers) do
    if protocol.is_forged(name, value) then txn.http:req_del_header(name) end
  end
  if is_ambiguous(txn.sf:url()) or protocol.is_climbing(txn.sf:path()) then
    return nil, { kind = "bad_request" }
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
  local headers, climbing = strip(txn)
  if climbing then return climbing, "" end
  local set = understand(options)
  local values = {}
  local sent = headers["authorization"]
  for i = 0, sent and #sent or -1 do values[#values + 1] = sent[i] end
  local in_query = (txn.f:url_param("access_token") or "") ~= ""
  local token, outcome = protocol.bearer(values, in_query)
  local is_plain
  if token then
    outcome, is_plain = judge(protocol.question(token, set.required_scopes, set.audience,
      set.any_audience))
  end
  if outcome.kind ~= "verdict" or outcome.code ~= 0 then return outcome, set.required_scopes end
  local function tell(name, value) txn.http:req_set_header(name, value) end
  if not protocol.tell(outcome.identity, is_plain, tell) then
    return unreachable("a name with control characters"), ""
  end
  if not set.keep_authorization then txn.http:req_del_header("authorization") end
end

local function refuse(txn, outcome, required_scopes)
  local status, authenticate, retry_after = protocol.answer(outcome, required_scopes, realm)
  if outcome.kind == "verdict" then
    core.log(core.info, "signet: " .. (protocol.VERDICTS[outcome.code] or outcome.code))
  elseif outcome.kind ~= "invalid_request" and outcome.kind ~= "bad_request" then
    core.log(core.err, "signet: " .. address .. ": " .. (outcome.code or outcome.kind) .. " "
      .. (outcome.reason or ""))
  end
  local reply = txn:reply { status = status }
  if authenticate then reply:add_header("WWW-Authenticate", authenticate) end
  if retry_after then reply:add_header("Retry-After", tostring(retry_after)) end
  txn:done(reply)
end

local function signet_strip(txn)
  -- After an error HAProxy would go on with the next rule, and with what the client sent.
  local went_well, headers_or_why, outcome = pcall(strip, txn)
  if not went_well then outcome = unreachable(tostring(headers_or_why)) end
  if outcome then refuse(txn, outcome, "") end
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
  core.register_action("signet_strip", { "http-req" }, signet_strip, 0)
  core.register_action("signet_check", { "http-req" }, signet_check, 1)
elseif not SIGNET_PROTOCOL_ONLY then
  error("signet: put `setenv SIGNET_SOCKET PATH` before the line that loads this file", 0)
end

return { protocol = protocol }
