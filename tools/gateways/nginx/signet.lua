-- Signet for nginx: asks signetd about the bearer token of every request, over its binary protocol
-- and a pooled connection. Needs lua-nginx-module 0.10.14 or newer and no other Lua library.
--
--   init_by_lua_block { signet = require("signet").new { socket = "/run/signet.sock" } }
--   rewrite_by_lua_block { signet:strip() }                              # at the level of http
--   access_by_lua_block { signet:check { required_scopes = "read" } }    # where to check
--
-- What passes goes on without its Authorization header and with X-Auth-Subject, X-Auth-Client,
-- X-Auth-Scope, X-Auth-Expires (Unix seconds) and X-Auth-Override (`username`, `icon` or both),
-- each only where it has a value: an application's own token has no subject. All else ends here:
-- 400, 401 and 403 with WWW-Authenticate (RFC 6750), 503 with Retry-After when nobody can say. A path
-- with a segment `.` or `..`, or with a control character, however written, is answered 400, checked
-- or not.
-- No answer is remembered between requests, so a revoked token is refused from the next one on.
--
-- Know that nginx runs no access phase where `return` or `rewrite ... last` answers first, nor in
-- subrequests (auth_request, mirror, SSI). After an internal redirect the request is checked again:
-- there, and only there, `keep_authorization` has to be set in the first location. A page of one's own
-- for 400 is not shown for a path that climbs: the page's request still has that path. A location is
-- chosen by the path with its slashes merged, and `proxy_pass` without a path sends it as written.

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

-- What there is, in one read: nginx has it in one buffer.
function protocol.read(socket)
  return socket:receiveany(protocol.MAX_FRAME + 16)
end

-- As a loop in C, where there is one; that finds a zero byte as well.
local has_ffi, ffi = pcall(require, "ffi")
if has_ffi then
  pcall(ffi.cdef, "size_t strspn(const char *bytes, const char *among);")
  local plain = ""
  for one = 32, 126 do plain = plain .. char(one) end
  function protocol.is_plain(bytes)
    return ffi.C.strspn(bytes, plain) == #bytes
  end
end

local Gate = {}
Gate.__index = Gate

local DEFAULTS = {
  socket = false, realm = "api", timeout_ms = 1000, connections = 64, queue = 4096, idle_ms = 60000,
  odd_names = false,
}
local CHECK_OPTIONS = {
  required_scopes = "string", audience = "string", any_audience = "boolean",
  keep_authorization = "boolean",
}

-- Options: `socket`, a path (required); `realm` of the challenges; `timeout_ms` for each step
-- (connect, send, read); `connections`, the most a worker keeps, and has open but for those that it
-- asks again over after the service was away, as many more; `queue`, how many requests of a worker may
-- wait for one of them; `idle_ms` after which an unused one is closed; `odd_names = true` where
-- `ignore_invalid_headers off` stands, so that names with other signs than letters, digits, `-` and `_`
-- come in: then every name is looked at, which costs a few microseconds.
local function new(options)
  local gate = {}
  for name, default in pairs(DEFAULTS) do gate[name] = default end
  for name, value in pairs(options) do
    local want = name == "socket" and "string" or type(DEFAULTS[name])
    if DEFAULTS[name] == nil or type(value) ~= want then
      error("signet: no such option, or not a " .. want .. ": " .. tostring(name), 2)
    end
    gate[name] = value
  end
  if not gate.socket or sub(gate.socket, 1, 1) ~= "/" then
    error("signet: socket must be the absolute path of signetd's socket", 2)
  end
  gate.address = "unix:" .. gate.socket
  local function pool(name)
    return { pool = name .. gate.socket, pool_size = gate.connections, backlog = gate.queue }
  end
  -- Of the second nothing is kept, so whatever comes out of it is new.
  gate.pool, gate.fresh = pool "signet ", pool "signet new "
  return setmetatable(gate, Gate)
end

local function refuse(gate, outcome, required_scopes)
  local status, authenticate, retry_after = protocol.answer(outcome, required_scopes, gate.realm)
  if outcome.kind == "verdict" then
    ngx.log(ngx.INFO, "signet: ", protocol.VERDICTS[outcome.code] or outcome.code)
  elseif outcome.kind ~= "invalid_request" and outcome.kind ~= "bad_request" then
    ngx.log(ngx.ERR, "signet: ", gate.socket, ": ", outcome.code or outcome.kind, " ",
      outcome.reason)
  end
  ngx.header["WWW-Authenticate"] = authenticate
  ngx.header["Retry-After"] = retry_after
  return ngx.exit(status)
end

-- Whether headers have one of ours, in any of its four forms of those names that nginx lets in
-- unless told otherwise. Written out, so that the cost does not
-- grow with the number of headers, and without a loop.
local forms = {}
for name in pairs(IDENTITY) do
  for _, begin in ipairs { "x-auth-", "x-auth_", "x_auth-", "x_auth_" } do
    forms[#forms + 1] = format("headers[%q]", begin .. sub(name, 8))
  end
end
local has_ours = (loadstring or load)("local headers = ... return " .. table.concat(forms, " or "))

local HARMLESS = { close = true, ["keep-alive"] = true, ["Keep-Alive"] = true }

-- Removes what a client sent under the name of one of our headers. A path that nginx and the upstream
-- may read differently ends here. Returns the headers. `check` does it as well: what is in between may
-- have added some, and no mark has to be kept.
function Gate:strip()
  -- Nothing where nginx could not read the request's first line and answers by an error page.
  local target = ngx.var.request_uri
  if target and protocol.is_climbing(target) then
    return refuse(self, { kind = "bad_request" }, "")
  end
  -- Without its metatable, which looks for a name that is not there a second time.
  local headers = setmetatable(ngx.req.get_headers(0), nil)
  local connection = headers["connection"]
  if self.odd_names or has_ours(headers) or headers["upgrade"] or headers["http2-settings"]
    or (connection and not HARMLESS[connection]) then
    for name, value in pairs(headers) do
      if protocol.is_forged(name, value) then
        -- Lua removes no header whose name HTTP does not allow.
        if find(name, "[^%w!#$%%&'*+.^_`|~-]") then
          return refuse(self, { kind = "bad_request" }, "")
        end
        ngx.req.clear_header(name)
      end
    end
  end
  return headers
end

-- The identity and whether its texts are plain, or nil and the outcome.
local function exchange(gate, pool, opening, token)
  local socket = ngx.socket.tcp()
  socket:settimeouts(gate.timeout_ms, gate.timeout_ms, gate.timeout_ms)
  local connected, reason = socket:connect(gate.address, pool)
  if not connected then return nil, unreachable(reason) end
  -- The first question has id 2 (HELLO has 1), each later one of a connection the next.
  local reused = socket:getreusedtimes()
  local identity, is_plain, is_good =
    protocol.identity(socket, reused == 0, reused + 2, opening, token)
  if is_good and pool == gate.pool then
    socket:setkeepalive(gate.idle_ms, gate.connections)
  else
    socket:close()
  end
  if not identity and reused == 0 then is_plain.lost = false end
  return identity, is_plain
end

-- Asks; once more, over a new connection, when signetd had ended the pooled one.
local function judge(gate, opening, token)
  local identity, is_plain = exchange(gate, gate.pool, opening, token)
  if not identity and is_plain.lost then return exchange(gate, gate.fresh, opening, token) end
  return identity, is_plain
end

local NONE = {}
local good_scopes = {}

-- A slip of the pen must not open a door: whatever is not understood ends in status 500.
local function understand(options)
  for name, value in pairs(options) do
    if type(value) ~= CHECK_OPTIONS[name] then
      error("signet: no such option, or of another type: " .. tostring(name), 3)
    end
  end
  local scopes, audience = options.required_scopes or "", options.audience or ""
  if not good_scopes[scopes] then
    if not protocol.is_scope_text(scopes) then
      error("signet: required_scopes: scopes are separated by one space: " .. scopes, 3)
    end
    good_scopes[scopes] = true
  end
  if #audience > 512 then error("signet: audience: longer than 512 bytes", 3) end
  return scopes, audience
end

-- Lets the request pass, or answers it. Options, all of them optional: `required_scopes`, separated
-- by one space; `audience`, who the upstream is; `any_audience`, tokens for others pass as well;
-- `keep_authorization`, the upstream gets the token too. Returns the identity of who passes, a
-- table with subject, clientId, scope, audience, expiresAt (Unix milliseconds, as text).
function Gate:check(options)
  local headers = self:strip()
  options = options or NONE
  local scopes, audience = understand(options)
  -- Most have no query: to ask for that first costs less than to look for a parameter.
  local in_query = ngx.var.args and (ngx.var.arg_access_token or "") ~= ""
  local token, outcome = protocol.bearer(headers["authorization"], in_query)
  if not token then return refuse(self, outcome, scopes) end
  local opening = protocol.opening(scopes, audience, options.any_audience)
  local identity, is_plain = judge(self, opening, token)
  if not identity then return refuse(self, is_plain, scopes) end
  if identity.verdict ~= 0 then
    return refuse(self, { kind = "verdict", code = identity.verdict }, scopes)
  end
  if not protocol.tell(identity, is_plain, ngx.req.set_header) then
    return refuse(self, unreachable("a name with control characters"), scopes)
  end
  if not options.keep_authorization then ngx.req.clear_header("Authorization") end
  return identity
end

return { new = new, protocol = protocol }
