"""Bodies that a decoder must refuse, and bodies with a tail that it must accept."""

from .codec import (element_type, frame, header_fields, parts, put, put_fields, strip)
from .messages import BY_OPERATION, CALLBACK, TYPICAL, slug, typical

# Byte sequences that are not UTF-8, with the reason; operations take turns.
BAD_TEXT = [
    (b"\xff", "0xFF never occurs"), (b"\xc0\x80", "overlong U+0000"), (b"\x80", "lone tail byte"),
    (b"\xed\xa0\x80", "surrogate U+D800"), (b"\xf4\x90\x80\x80", "above U+10FFFF"),
    (b"\xe2\x82", "cut short"), (b"\xe0\x80\xaf", "overlong slash"),
    (b"\xf0\x80\x80\xaf", "overlong in four bytes"), (b"\xc3\x28", "tail byte missing"),
    (b"\xf8\x88\x80\x80\x80", "five-byte form"),
]


def entry(op, direction, name, meaning, body, fields=None, request_id=7, status=0):
    raw = frame(op["opcode"], request_id, body, status, direction != "request")
    out = {"name": f"{slug(op['name'])}.{direction}.{name}", "meaning": meaning,
           "operation": op["name"], "opcode": op["opcode"], "direction": direction,
           "hex": raw.hex()}
    if fields is None:
        out["fault"] = "MALFORMED"
    else:
        out["header"] = header_fields(raw)
        out["fields"] = fields
    return out


def truncations(op, direction, pieces):
    """Cut at every field border, and one byte before the end."""
    out, body = [], b""
    whole = b"".join(raw for _, raw in pieces)
    for field, raw in pieces:
        out.append(entry(op, direction, f"cut-before-{field['name']}",
                         f"body ends before the field {field['name']}", body))
        body += raw
    if len(pieces[-1][1]) > 1:
        out.append(entry(op, direction, "cut-last-byte", "body lacks its last byte", whole[:-1]))
    return out


def find(schema, fields, values, wanted, path=()):
    """Paths of all fields that `wanted` says yes to, groups searched, lists by first element."""
    out = []
    for field in fields:
        name, kind = field["name"], field["type"]
        if name not in values or field.get("reserved"):
            continue
        here, inner = path + (name,), element_type(kind)
        if wanted(field):
            out.append((here, field))
        if kind in schema.groups:
            out += find(schema, schema.groups[kind]["fields"], values[name], wanted, here)
        elif inner in schema.groups and values[name]:
            element = {"name": name, "type": inner, "element": True}
            if wanted(element) and not schema.groups[inner].get("fixed"):
                out.append((here + (0,), element))
            out += find(schema, schema.groups[inner]["fields"], values[name][0], wanted,
                        here + (0,))
    return out


def spliced(schema, fields, values, path, raw):
    """Body bytes with the value at `path` replaced by `raw`; sizes around it stay right."""
    out = b""
    for field, piece in parts(schema, fields, values):
        if field["name"] != path[0]:
            out += piece
        elif len(path) == 1:
            out += raw
        else:
            kind, inner = field["type"], element_type(field["type"])
            value, rest = values[field["name"]], path[1:]
            if inner:
                elements = [put(schema, inner, v) for v in value]
                elements[rest[0]] = group(schema, inner, value[rest[0]], rest[1:], raw)
                out += len(value).to_bytes(2, "little") + b"".join(elements)
            else:
                out += group(schema, kind, value, rest, raw)
    return out


def group(schema, kind, value, path, raw):
    if not path:
        return raw
    made = schema.groups[kind]
    body = spliced(schema, made["fields"], value, path, raw)
    return body if made.get("fixed") else len(body).to_bytes(2, "little") + body


def dotted(path):
    return ".".join(str(p) for p in path)


def values_faults(schema, op, direction, fields, values):
    """bool 2, bool 255, enumerations and flags outside version 1."""
    out = []
    for path, field in find(schema, fields, values, lambda f: f["type"] == "bool"):
        out.append(entry(op, direction, f"bool-2.{dotted(path)}", f"{dotted(path)} is 2",
                         spliced(schema, fields, values, path, b"\x02")))
    for path, field in find(schema, fields, values, lambda f: f.get("strict")):
        if "enum" in field:
            bad = max(int(x) for x in field["enum"]) + 1
        else:
            bad = 2 * max(int(x) for x in field["bits"])
        out.append(entry(op, direction, f"out-of-range.{dotted(path)}", f"{dotted(path)} is {bad}",
                         spliced(schema, fields, values, path, bytes([bad]))))
    return out


def replaced(values, path, value):
    """The same values with another one at `path`."""
    if not path:
        return value
    inner = replaced(values[path[0]], path[1:], value)
    if isinstance(values, list):
        return [inner if at == path[0] else each for at, each in enumerate(values)]
    return {**values, path[0]: inner}


def later_values(schema, op, direction, fields, values):
    """Replies only: what a later version may say in an enumeration or bit set, and U+0000."""
    out = []

    def add(name, path, field, value, meaning):
        changed = replaced(values, path, value)
        out.append(entry(op, direction, f"{name}.{dotted(path)}", meaning,
                         spliced(schema, fields, values, path, put(schema, field["type"], value)),
                         strip(schema, fields, changed)))

    open_sets = lambda f: ("enum" in f or "bits" in f) and not f.get("strict")
    for path, field in find(schema, fields, values, open_sets):
        highest = (1 << 8 * int(field["type"][1:]) // 8) - 1
        known = [int(x) for x in field.get("enum", field.get("bits"))]
        beyond = max(known) + 1 if "enum" in field else 2 * max(known)
        for value in (beyond, highest):
            add(f"later-{value}", path, field, value, f"{dotted(path)} is {value}, which version 1 "
                "does not know: accepted, and handed on as it is")
    for path, field in find(schema, fields, values, lambda f: f["type"] == "text")[:2]:
        add("zero", path, field, "a\0b", f"{dotted(path)} holds U+0000, a character like another")
    return out


def text_faults(schema, op, direction, fields, values, turn):
    out = []
    texts = find(schema, fields, values, lambda f: f["type"] == "text")
    for index, (path, _) in enumerate(texts[:3]):
        bad, why = BAD_TEXT[(turn + index) % len(BAD_TEXT)]
        raw = len(bad).to_bytes(2, "little") + bad
        out.append(entry(op, direction, f"bad-utf8.{dotted(path)}",
                         f"{dotted(path)} is not UTF-8: {why}",
                         spliced(schema, fields, values, path, raw)))
    return out


def group_faults(schema, op, direction, fields, values):
    """A group whose size cuts its last field, one of size 0, one that says more than is there,
    and one with a tail (accepted)."""
    out = []
    groups = find(schema, fields, values, lambda f: f["type"] in schema.groups)
    for path, field in groups:
        value = values
        for step in path:
            value = value[step]
        inner = put_fields(schema, schema.groups[field["type"]]["fields"], value)
        where = dotted(path)
        shapes = [("group-short", "lacks its last byte, size says so",
                   (len(inner) - 1).to_bytes(2, "little") + inner[:-1]),
                  ("group-empty", "has size 0", b"\0\0"),
                  ("group-lies", "has its size one too small, the bytes are all there",
                   (len(inner) - 1).to_bytes(2, "little") + inner)]
        for name, meaning, raw in shapes:
            out.append(entry(op, direction, f"{name}.{where}", f"{where} {meaning}",
                             spliced(schema, fields, values, path, raw)))
        longer = (len(inner) + 5).to_bytes(2, "little") + inner + b"later"
        out.append(entry(op, direction, f"group-tail.{where}",
                         f"{where} has five more bytes than version 1 knows: ignored",
                         spliced(schema, fields, values, path, longer),
                         strip(schema, fields, values)))
        if path == (fields[-1]["name"],):
            out.append(entry(op, direction, f"group-past-end.{where}",
                             f"{where} says 65,535 bytes", spliced(
                                 schema, fields, values, path, b"\xff\xff" + inner)))
    return out


def length_faults(schema, op, direction, fields, values):
    """A length or count that goes past the end of what holds it."""
    out = []
    wanted = lambda f: f["type"] in ("text", "bytes") or element_type(f["type"])
    for path, field in find(schema, fields, values, wanted)[-2:]:
        value = values
        for step in path:
            value = value[step]
        raw = put(schema, field["type"], value)
        out.append(entry(op, direction, f"past-end.{dotted(path)}",
                         f"{dotted(path)} says 65,535 bytes or elements",
                         spliced(schema, fields, values, path, b"\xff\xff" + raw[2:])))
    return out


def for_operation(schema, op, turn):
    out = []
    for direction in ("request", "reply"):
        fields = op[direction]
        values = typical(schema, fields, BY_OPERATION.get((op["name"], direction), {}))
        body = put_fields(schema, fields, values)
        if fields:
            out += truncations(op, direction, parts(schema, fields, values))
        out.append(entry(op, direction, "tail",
                         "five bytes after the last field of version 1: ignored",
                         body + b"later", strip(schema, fields, values)))
        out += values_faults(schema, op, direction, fields, values)
        if direction == "reply":
            out += later_values(schema, op, direction, fields, values)
        out += text_faults(schema, op, direction, fields, values, turn)
        out += group_faults(schema, op, direction, fields, values)
        out += length_faults(schema, op, direction, fields, values)
    return out


def identities(schema):
    """VALIDATE's identity form: a list of groups, each of which may be cut, lie or have grown."""
    op, kind = schema.by_name["VALIDATE"], schema.groups["Identity"]["fields"]
    first = typical(schema, kind, {"overrides": 3, "scope": "user"})
    second = typical(schema, kind, {"subject": "bob", "scope": "read"})
    both = [strip(schema, kind, value) for value in (first, second)]
    one, two = (put_fields(schema, kind, value) for value in (first, second))
    sized = lambda raw, more=0: (len(raw) + more).to_bytes(2, "little") + raw
    reply = lambda count, *raws: bytes([1]) + count.to_bytes(2, "little") + b"".join(raws)
    out = []

    def add(name, meaning, body, accepted=None):
        fields = None if accepted is None else {"form": 1, "identities": accepted}
        out.append(entry(op, "reply", f"identity.{name}", meaning, body, fields))

    add("cut-before-identities", "body ends before the count", bytes([1]))
    add("cut-in-count", "body ends within the count", reply(2, sized(one), sized(two))[:2])
    add("cut-before-first", "one announced, none there", reply(1))
    add("cut-in-size", "body ends within the size of the second",
        reply(2, sized(one), sized(two)[:1]))
    done = b""
    for field, raw in parts(schema, kind, second):
        add(f"cut-before-{field['name']}", f"body ends before {field['name']} of the second",
            reply(2, sized(one), sized(two)[:2 + len(done)]))
        add(f"short-before-{field['name']}", f"the first ends before {field['name']}, its size "
            "says so; a good one follows", reply(2, sized(done), sized(two)))
        done += raw
    add("cut-last-byte", "body lacks its last byte", reply(2, sized(one), sized(two)[:-1]))
    add("short-last-byte", "the first lacks its last byte, its size says so; a good one follows",
        reply(2, sized(one[:-1]), sized(two)))
    add("group-lies", "the first has its size one too small, the bytes are all there",
        reply(2, sized(one, -1), sized(two)))
    add("group-one-more", "the last has its size one too large, nothing follows",
        reply(2, sized(one), sized(two, 1)))
    add("group-past-end", "the last says 65,535 bytes", reply(2, sized(one), b"\xff\xff" + two))
    at = 0
    for field, raw in parts(schema, kind, first):
        before, behind = one[:at], one[at + len(raw):]
        at += len(raw)
        if field["type"] != "text":
            continue
        name, past = field["name"], (len(raw) + len(behind)).to_bytes(2, "little")
        # Two bytes past: the size of the second, which is good UTF-8. Only the border tells.
        add(f"past-group.{name}", f"{name} of the first goes past its group, into the second",
            reply(2, sized(before + past + raw[2:] + behind), sized(two)))
        add(f"bad-utf8.{name}", f"{name} of the first is not UTF-8",
            reply(2, sized(before + b"\2\0\xc3\x28" + behind), sized(two)))
    assert len(two) < 0x80
    add("count-more", "two announced, one there", reply(2, sized(one)))
    add("count-less", "one announced, two there: the second is a tail, ignored. As many as were "
        "asked for? The caller looks", reply(1, sized(one), sized(two)), both[:1])
    add("count-0", "none announced, one there: ignored. A caller who asked for one refuses it",
        reply(0, sized(one)), [])
    add("two", "two of them", reply(2, sized(one), sized(two)), both)
    add("group-tail", "the first has five more bytes than version 1 knows: ignored, the second "
        "begins behind them", reply(2, sized(one + b"later"), sized(two)), both)
    add("group-tails", "both have grown, and so has the body: ignored",
        reply(2, sized(one + b"later"), sized(two + bytes(300))) + b"latest", both)
    for name, value in (("subjectKind", 3), ("subjectKind", 255), ("overrides", 4),
                        ("overrides", 255), ("verdict", 10), ("verdict", 255)):
        later = dict(first, **{name: value})
        add(f"later-{value}.{name}", f"{name} is {value}, which version 1 does not know: accepted",
            reply(1, sized(put_fields(schema, kind, later))), [strip(schema, kind, later)])
    add("zero.subject", "subject holds U+0000, a character like another", reply(1, sized(
        put_fields(schema, kind, dict(first, subject="a\0b")))), [dict(both[0], subject="a\0b")])
    add("reserved-set", "the reserved byte of an identity is not looked at",
        reply(1, sized(one[:3] + b"\xaa" + one[4:])), both[:1])
    return out


def special(schema):
    out = identities(schema)
    op = schema.by_name["VALIDATE"]
    values = typical(schema, op["request"], BY_OPERATION[("VALIDATE", "request")])
    for count in (0, 513):
        body = put_fields(schema, op["request"], dict(values, tokens=[""] * count))
        out.append(entry(op, "request", f"{count}-tokens", f"{count} tokens", body))
    reply = schema.fields("VALIDATE", "reply")
    two = put_fields(schema, reply, {"form": 0, "verdicts": [
        {"verdict": 0, "expiresInSeconds": 60}] * 2})
    out.append(entry(op, "reply", "verdicts-short", "two verdicts announced, 15 bytes there",
                     two[:-1]))
    one = bytes([0, 1, 0, 0, 0xAA, 0xBB, 0xCC, 60, 0, 0, 0])
    out.append(entry(op, "reply", "reserved-set", "reserved bytes of a verdict are not looked at",
                     one, {"form": 0, "verdicts": [{"verdict": 0, "expiresInSeconds": 60}]}))
    for name, path, element in (("APP_GET", ("app", "callbacks"), CALLBACK),
                                ("APP_GET", ("app", "audiences"), CALLBACK),
                                ("SETTINGS_GET", ("settings",), {"name": "n", "value": ""}),
                                ("STATS", ("stats",), {"name": "n", "value": "1"})):
        op, count = schema.by_name[name], 65 if path[0] == "app" else 600
        values = typical(schema, op["reply"], BY_OPERATION.get((name, "reply"), {}))
        values = replaced(values, path, [element] * count)
        out.append(entry(op, "reply", f"{count}-{path[-1]}", f"{count} {path[-1]} in a reply: the "
                         "limits of a request's lists are none of a reply's",
                         put_fields(schema, op["reply"], values),
                         strip(schema, op["reply"], values)))
    op = schema.by_name["ISSUE"]
    item = typical(schema, schema.groups["IssueItem"]["fields"], {})
    for count in (0, 129):
        body = put_fields(schema, op["request"], {"key": TYPICAL["key"], "items": [item] * count})
        out.append(entry(op, "request", f"{count}-items", f"{count} items", body))
    body = put_fields(schema, op["request"], {"key": "00" * 16, "items": [dict(item, count=0)]})
    out.append(entry(op, "request", "count-0", "an item that orders no token", body))
    for name, path, kind, element in (
            ("APP_REGISTER", ("fields", "callbacks"), "list<text>", ""),
            ("APP_UPDATE", ("fields", "audiences"), "list<text>", ""),
            ("APP_REGISTER_DYNAMIC", ("redirectUris",), "list<text>", ""),
            ("SETTINGS_SET", ("settings",), "list<Setting>", {"name": "", "value": ""})):
        op = schema.by_name[name]
        values = typical(schema, op["request"], BY_OPERATION.get((name, "request"), {}))
        body = spliced(schema, op["request"], values, path, put(schema, kind, [element] * 65))
        out.append(entry(op, "request", f"65-{path[-1]}", f"65 {path[-1]}", body))
    op = schema.by_name["PING"]
    out.append(entry(op, "request", "echo-1025", "echo of 1,025 bytes",
                     put_fields(schema, op["request"], {"echo": "5a" * 1025})))
    error = schema.raw["errorBody"]
    values = {"field": "", "message": "wait", "retryAfterMillis": 250, "oauthError": ""}
    op = schema.by_name["VALIDATE"]
    body = put_fields(schema, error, values)
    out.append(entry(op, "error", "tail", "error body with a tail: ignored", body + b"later",
                     values, status=7))
    done = b""
    for field, raw in parts(schema, error, values):
        out.append(entry(op, "error", f"cut-before-{field['name']}",
                         f"error body ends before {field['name']}", done, status=7))
        done += raw
    return out


def make(schema):
    out = []
    for turn, op in enumerate(schema.operations):
        out += for_operation(schema, op, turn)
    out += special(schema)
    unique, seen = [], set()
    for vector in out:
        key = (vector["hex"], vector["direction"])
        if key not in seen:
            seen.add(key)
            unique.append(vector)
    return unique
