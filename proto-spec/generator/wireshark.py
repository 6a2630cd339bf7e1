"""signet.lua: a dissector for Wireshark and tshark, which shows frames field by field.

The walk over a body is the same for all messages and stands below as Lua; only the tables before it
come from schema.json.
"""

PORT = 7474

WALK = r"""
local signet = Proto("signet", "Signet protocol, version 1")

local function number_of(kind) return ({ u8 = 1, u16 = 2, u32 = 4, u64 = 8, bool = 1 })[kind] end

-- One filter name a field name and kind: signet.requiredScopes.text, signet.flags.u8.
local makers = { u8 = ProtoField.uint8, u16 = ProtoField.uint16, u32 = ProtoField.uint32,
  u64 = ProtoField.uint64, bool = ProtoField.uint8, b16 = ProtoField.bytes,
  text = ProtoField.string, bytes = ProtoField.bytes, group = ProtoField.none }
local known = {}
local function register(name, kind)
  local base = kind:match("^list<(.*)>$") or kind
  if not makers[base] then base = "group" end
  local key = name .. "." .. base
  if not known[key] then known[key] = makers[base]("signet." .. key, name) end
end
for _, fields in pairs(groups) do
  for _, field in ipairs(fields) do register(field.name, field.kind) end
end
for _, operation in pairs(operations) do
  for _, direction in ipairs({ "request", "reply" }) do
    for _, field in ipairs(operation[direction]) do register(field.name, field.kind) end
  end
end
for _, field in ipairs(error_body) do register(field.name, field.kind) end

local opcodes = {}
for code, operation in pairs(operations) do opcodes[code] = operation.name end
local head = {
  length = ProtoField.uint32("signet.header.length", "length"),
  version = ProtoField.uint8("signet.header.version", "version"),
  flags = ProtoField.uint8("signet.header.flags", "flags", base.HEX),
  opcode = ProtoField.uint16("signet.header.opcode", "opcode", base.HEX, opcodes),
  requestId = ProtoField.uint32("signet.header.requestId", "requestId"),
  status = ProtoField.uint16("signet.header.status", "status", base.HEX, statuses),
  reserved = ProtoField.uint16("signet.header.reserved", "reserved"),
}
local rest = ProtoField.bytes("signet.rest", "bytes behind the last known field")
local malformed = ProtoExpert.new("signet.malformed", "the body ends within a field",
  expert.group.MALFORMED, expert.severity.ERROR)
local all = { rest }
for _, field in pairs(known) do all[#all + 1] = field end
for _, field in pairs(head) do all[#all + 1] = field end
signet.fields = all
signet.experts = { malformed }

-- Every reader below takes the place it starts at and the end of what it may read, and returns the
-- place behind the value, or nil when the value does not fit.
local walk

local function value(tree, buffer, at, last, name, kind, values)
  local size = number_of(kind)
  if size or kind == "b16" then
    size = size or 16
    if at + size > last then return nil end
    local range = buffer(at, size)
    tree:add_le(known[name .. "." .. kind], range)
    if size <= 4 then values[name] = range:le_uint() end
    return at + size
  end
  if fixed[kind] then
    local stop = at + fixed[kind]
    if stop > last then return nil end
    local branch = tree:add(known[name .. ".group"], buffer(at, fixed[kind]))
    return walk(branch, buffer, at, stop, groups[kind])
  end
  if at + 2 > last then return nil end
  local count = buffer(at, 2):le_uint()
  local start, stop = at + 2, at + 2 + count
  if stop > last then return nil end
  if groups[kind] then
    local branch = tree:add(known[name .. ".group"], buffer(at, 2 + count))
    return walk(branch, buffer, start, stop, groups[kind]) and stop
  end
  tree:add(known[name .. "." .. kind], buffer(start, count))
  return stop
end

walk = function(tree, buffer, at, last, fields)
  local values = {}
  for _, field in ipairs(fields) do
    local isThere = true
    for name, wanted in pairs(field.when or {}) do isThere = isThere and values[name] == wanted end
    local element = field.kind:match("^list<(.*)>$")
    if isThere and element then
      if at + 2 > last then return nil end
      local count = buffer(at, 2):le_uint()
      at = at + 2
      for _ = 1, count do
        at = value(tree, buffer, at, last, field.name, element, values)
        if not at then return nil end
      end
    elseif isThere then
      at = value(tree, buffer, at, last, field.name, field.kind, values)
      if not at then return nil end
    end
  end
  if at < last then tree:add(rest, buffer(at, last - at)) end
  return last
end

local function dissect(buffer, pinfo, root)
  local operation = operations[buffer(6, 2):le_uint()]
  local isReply, status = buffer(5, 1):uint() % 2 == 1, buffer(12, 2):le_uint()
  local name = operation and operation.name or string.format("opcode 0x%04x", buffer(6, 2):le_uint())
  local direction = not isReply and "request" or status == 0 and "reply" or "error"
  local tree = root:add(signet, buffer(), string.format("Signet, %s %s", name, direction))
  local at = 0
  for _, field in ipairs(header) do
    tree:add_le(head[field.name], buffer(at, field.size))
    at = at + field.size
  end
  local fields = direction == "error" and error_body or operation and operation[direction]
  if not fields then
    if buffer:len() > at then tree:add(rest, buffer(at)) end
  elseif not walk(tree, buffer, at, buffer:len(), fields) then
    tree:add_proto_expert_info(malformed)
  end
  local note = direction == "error" and (statuses[status] or string.format("0x%04x", status))
  pinfo.cols.protocol = "SIGNET"
  pinfo.cols.info:append(string.format(" %s %s #%d", name, note or direction,
    buffer(8, 4):le_uint()))
  return buffer:len()
end

function signet.dissector(buffer, pinfo, root)
  pinfo.cols.info = ""
  local size = function(frame, _, offset) return 16 + frame(offset, 4):le_uint() end
  dissect_tcp_pdus(buffer, root, 16, size, dissect)
  return buffer:len()
end

DissectorTable.get("tcp.port"):add(port, signet)
"""


def quoted(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def field_table(field):
    when = "".join(f"{name} = {value}" for name, value in field.get("when", {}).items())
    return (f"{{ name = {quoted(field['name'])}, kind = {quoted(field['type'])}"
            + (f", when = {{ {when} }}" if when else "") + " }")


def field_tables(fields):
    return "{ " + ", ".join(field_table(field) for field in fields) + " }" if fields else "{}"


def make(schema):
    sizes = {"u8": 1, "u16": 2, "u32": 4}
    fixed = {g["name"]: sum(sizes[f["type"]] for f in g["fields"])
             for g in schema.raw["groups"] if g.get("fixed")}
    out = [
        "-- Generated by generate.py from schema.json; do not edit.",
        "-- A dissector for Wireshark and tshark; protocol.md, \"Watching the frames\", says how to",
        "-- capture. It shows tokens and secrets as they are: for test machines only.",
        f"local port = {PORT}", "local header = {"]
    out += [f"  {{ name = {quoted(f['name'])}, size = {sizes[f['type']]} }},"
            for f in schema.raw["header"]]
    out += ["}", "local statuses = {"]
    out += [f"  [{s['code']}] = {quoted(s['name'])}," for s in schema.raw["statuses"]]
    out += ["}", "-- Structures without a length of their own, and their bytes.", "local fixed = { "
            + ", ".join(f"{name} = {size}" for name, size in fixed.items()) + " }",
            "local groups = {"]
    out += [f"  {g['name']} = {field_tables(g['fields'])}," for g in schema.raw["groups"]]
    out += ["}", f"local error_body = {field_tables(schema.raw['errorBody'])}",
            "local operations = {"]
    for operation in schema.operations:
        out += [f"  [{operation['opcode']}] = {{ name = {quoted(operation['name'])},",
                f"    request = {field_tables(operation['request'])},",
                f"    reply = {field_tables(operation['reply'])} }},"]
    return "\n".join(out + ["}"]) + "\n" + WALK
