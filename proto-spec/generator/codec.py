"""Encodes and measures messages straight from schema.json.

Shares no code with any codec of the product: it is the second opinion that the vectors rest on.
Values are written as in the vector files: u64 as decimal strings, bytes and b16 as hex strings.
"""

import json
import os
import struct

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
HEADER_SIZE = 16


class Schema:
    def __init__(self, path=os.path.join(ROOT, "schema.json")):
        with open(path, encoding="utf-8") as file:
            self.raw = json.load(file)
        self.groups = {g["name"]: g for g in self.raw["groups"]}
        self.operations = self.raw["operations"]
        self.by_name = {o["name"]: o for o in self.operations}
        self.statuses = {s["name"]: s for s in self.raw["statuses"]}
        self.limits = {x["name"]: x for x in self.raw["limits"]}

    def fields(self, operation, direction):
        if direction == "error":
            return self.raw["errorBody"]
        return self.by_name[operation][direction]


def element_type(name):
    """`list<T>` → T, else None."""
    return name[5:-1] if name.startswith("list<") else None


def present(field, values):
    """A field with `when` is on the wire only when the named field has that value."""
    return all(values[k] == v for k, v in field.get("when", {}).items())


def put(schema, kind, value):
    """The bytes of one value."""
    if kind in ("u8", "u16", "u32"):
        return value.to_bytes(int(kind[1:]) // 8, "little")
    if kind == "u64":
        return int(value).to_bytes(8, "little")
    if kind == "bool":
        return b"\x01" if value else b"\x00"
    if kind == "b16":
        raw = bytes.fromhex(value)
        assert len(raw) == 16, value
        return raw
    if kind == "text":
        raw = value.encode("utf-8")
        return struct.pack("<H", len(raw)) + raw
    if kind == "bytes":
        raw = bytes.fromhex(value)
        return struct.pack("<H", len(raw)) + raw
    if element_type(kind):
        inner = element_type(kind)
        return struct.pack("<H", len(value)) + b"".join(put(schema, inner, v) for v in value)
    group = schema.groups[kind]
    body = put_fields(schema, group["fields"], value)
    return body if group.get("fixed") else struct.pack("<H", len(body)) + body


def parts(schema, fields, values):
    """[(field, its bytes)] in wire order, so that borders are known."""
    out = []
    for field in fields:
        if not present(field, values):
            continue
        value = values.get(field["name"], 0) if field.get("reserved") else values[field["name"]]
        out.append((field, put(schema, field["type"], value)))
    return out


def put_fields(schema, fields, values):
    return b"".join(raw for _, raw in parts(schema, fields, values))


def header(length, opcode, request_id, status=0, reply=False, version=1, flags=None, reserved=0):
    bits = (1 if reply else 0) if flags is None else flags
    return struct.pack("<IBBHIHH", length, version, bits, opcode, request_id, status, reserved)


def frame(opcode, request_id, body, status=0, reply=False):
    return header(len(body), opcode, request_id, status, reply) + body


def header_fields(raw):
    length, version, flags, opcode, request_id, status, _ = struct.unpack("<IBBHIHH", raw[:16])
    return {"length": length, "version": version, "flags": flags, "opcode": opcode,
            "requestId": request_id, "status": status}


def strip(schema, fields, values):
    """The value as a vector shows it: wire order, without reserved fields."""
    out = {}
    for field in fields:
        if field.get("reserved") or not present(field, values):
            continue
        out[field["name"]] = strip_value(schema, field["type"], values[field["name"]])
    return out


def strip_value(schema, kind, value):
    inner = element_type(kind)
    if inner:
        return [strip_value(schema, inner, v) for v in value]
    if kind in schema.groups:
        return strip(schema, schema.groups[kind]["fields"], value)
    return value
