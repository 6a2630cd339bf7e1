"""Tables of the prose, written between `<!-- generated: NAME -->` and `<!-- end -->`, and the
annotated dumps of examples.md."""

import os
import re

from . import crypto
from .codec import element_type, parts, present, put

PAGES = ["README.md", "protocol.md", "operations.md", "errors.md", "limits.md", "tokens.md",
         "verdicts.md", "rights.md", "oauth.md"]
MARK = re.compile(r"(<!-- generated: ([a-z0-9-]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def table(heads, rows):
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    lines += ["| " + " | ".join(str(c) for c in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def grouped(number):
    return "" if number is None else f"{number:,}"


def yes(flag):
    return "yes" if flag else "-"


def values_note(field):
    note = ""
    if "enum" in field:
        note = "; values: " + ", ".join(f"{k} {v}" for k, v in field["enum"].items())
    if "bits" in field:
        note = "; bits: " + ", ".join(f"{k} {v}" for k, v in field["bits"].items())
    if field.get("strict"):
        note += " (others: MALFORMED)"
    if "count" in field:
        note += f"; {field['count'][0]} ... {field['count'][1]} elements (else MALFORMED)"
    if "min" in field:
        note += f"; at least {field['min']} (else MALFORMED)"
    if "maxBytes" in field:
        note += f"; at most {field['maxBytes']:,} bytes (else MALFORMED)"
    if "when" in field:
        note += "; only there when " + ", ".join(f"{k} = {v}" for k, v in field["when"].items())
    return note


def field_table(fields):
    if not fields:
        return "(no fields: empty body)\n"
    return table(["field", "type", "meaning"],
                 [[f"`{f['name']}`", f"`{f['type']}`", f["meaning"] + values_note(f)]
                  for f in fields])


def primitives(schema):
    return table(["type", "bytes", "meaning"], [[f"`{p['name']}`", p["bytes"] or "varies",
                                                p["meaning"]] for p in schema.raw["primitives"]])


def header_table(schema):
    return table(["offset", "field", "type", "meaning"],
                 [[h["offset"], f"`{h['name']}`", f"`{h['type']}`", h["meaning"]]
                  for h in schema.raw["header"]])


def groups(schema):
    out = []
    for group in schema.raw["groups"]:
        kind = " (fixed: no size prefix)" if group.get("fixed") else ""
        out.append(f"### {group['name']}{kind}\n\n{group['meaning'][0].upper()}"
                   f"{group['meaning'][1:]}.\n\n{field_table(group['fields'])}")
    return "\n".join(out)


def statuses(schema):
    return table(["code", "name", "closes?", "retry?", "who fixes it", "OAuth error", "HTTP",
                  "meaning"],
                 [[f"0x{s['code']:04X}", f"`{s['name']}`", yes(s["fatal"]), yes(s["retriable"]),
                   s["who"], f"`{s['oauth']}`" if s["oauth"] else "-", s["http"], s["meaning"]]
                  for s in schema.raw["statuses"]])


def challenge(verdict):
    if verdict["http"] == 401:
        more = f', error="{verdict["error"]}"' if verdict["error"] else ""
        return f'`WWW-Authenticate: Bearer realm="api"{more}`'
    if verdict["http"] == 403:
        return ('`WWW-Authenticate: Bearer realm="api", error="insufficient_scope", '
                'scope="<requiredScopes>"`')
    return "`Retry-After: 5`" if verdict["http"] == 503 else "-"


def verdicts(schema):
    return table(["code", "verdict", "meaning", "HTTP", "header"],
                 [[v["code"], f"`{v['name']}`", v["meaning"],
                   "pass" if v["http"] == 200 else v["http"], challenge(v)]
                  for v in schema.raw["verdicts"]])


def limits(schema):
    out = []
    for group in dict.fromkeys(x["group"] for x in schema.raw["limits"]):
        rows = [[f"`{x['name']}`", grouped(x["min"]), grouped(x["max"]), grouped(x["default"]),
                 x["meaning"], x["answer"] or "-", f"`{x['config']}`" if x["config"] else "-"]
                for x in schema.raw["limits"] if x["group"] == group]
        out.append(f"### {group}\n\n" + table(
            ["limit", "min", "max", "default", "what", "beyond it", "configuration"], rows))
    return "\n".join(out)


def settings(schema):
    return table(["setting", "type", "default", "min", "max", "meaning"],
                 [[f"`{s['name']}`", s["type"], f"`{s['default']}`" if s["default"] else "(empty)",
                   grouped(s["min"]), grouped(s["max"]), s["meaning"]]
                  for s in schema.raw["settings"]])


def names(schema, member, head):
    return table([head, "meaning"], [[f"`{x['name']}`", x["meaning"]] for x in schema.raw[member]])


def rights(schema):
    return table(["bit", "right", "meaning"],
                 [[r["bit"], f"`{r['name']}`", r["meaning"]] for r in schema.raw["rights"]])


def needs(operation):
    return " or ".join(f"`{r}`" for r in operation["rights"]) or "any peer"


def overview(schema):
    rows = []
    for o in schema.operations:
        anchor = o["name"].lower()
        rows.append([f"0x{o['opcode']:04X}", f"[{o['name']}](operations.md#{anchor})", needs(o),
                     o["lane"], yes(o["mutation"]), yes(o["durable"]), o["idempotent"],
                     o["providerOff"]])
    return table(["opcode", "operation", "right", "answered by", "mutation", "durable",
                  "idempotent", "provider off"], rows)


def cell(value):
    return {"ok": "yes", "": "n/a"}.get(value, f"`{value}`")


def matrix(schema):
    """Every operation × right, one column a right; then the acting persons."""
    names = [r["name"] for r in schema.raw["rights"]]
    rows = [[f"`{o['name']}`"] + [("yes" if n in o["rights"] or not o["rights"] else "`DENIED`")
                                   for n in names] for o in schema.operations]
    return table(["operation"] + names, rows)


def acting(schema):
    rows = []
    for o in schema.operations:
        if o["acting"]:
            a = o["acting"]
            rows.append([f"`{o['name']}`"] + [cell(a[k]) for k in (
                "local", "own", "other", "systemAdmin", "oauthToken")])
    return table(["operation", "local (right `admin`)", "session, own thing (`front`)",
                  "session, another's (`front`)",
                  "session, system administrator (`front` + `front-admin`)",
                  "oauthToken (`front`)"], rows)


def operations(schema):
    out = []
    for o in schema.operations:
        lines = [f"## {o['name']}\n\nOpcode 0x{o['opcode']:04X} · right: {needs(o)} · answered by "
                 f"the {o['lane']} · {'mutation' if o['mutation'] else 'no mutation'}"
                 f"{' · durable when answered' if o['durable'] else ''} · idempotent: "
                 f"{o['idempotent']} · provider off: {o['providerOff']}"
                 f"{' · layout frozen for ever' if o['frozen'] else ''}\n\n{o['meaning']}\n\n",
                 "**Request**\n\n", field_table(o["request"]), "\n**Reply**\n\n",
                 field_table(o["reply"]), "\n"]
        lines += [f"- {note}\n" for note in o["notes"]]
        if o["notes"]:
            lines.append("\n")
        lines.append("Errors: " + ", ".join(f"`{e}`" for e in o["errors"]) + ".\n")
        out.append("".join(lines))
    return "\n".join(out)


def kinds(schema):
    rows = []
    for k in schema.raw["tokenText"]["kinds"]:
        body = k["length"] - 4
        rows.append([k["meaning"], f"`{k['prefix']}_`", k["length"],
                     " + ".join(f.replace(":", " × ") for f in k["fields"]),
                     f"`^{k['prefix']}_[0-9A-Za-z]{{{body}}}$`"])
    return table(["kind", "prefix", "characters", "digits after the prefix", "expression"], rows)


def worked(made):
    v = next(x for x in made["macs"] if x["name"] == "tag.access")
    key_line, tag_line = v["meaning"].split("; key: ")[1].split("; tag (first 32 hex digits): ")
    words, tags = [int(x) for x in v["id"]], [int(x) for x in v["tag"]]
    text = v["text"]
    rows = [["0", f"`{text[:4]}`", "prefix of an access token"],
            ["4", f"`{text[4:7]}`", f"1 × 256 + {v['keyId']} = {256 + v['keyId']}: version 1, key "
             f"id {v['keyId']}"]]
    for i, (name, word) in enumerate((("id word 0", words[0]), ("id word 1", words[1]),
                                      ("tag word 0", tags[0]), ("tag word 1", tags[1]))):
        at = 7 + 11 * i
        rows.append([at, f"`{text[at:at + 11]}`", f"{name} = 0x{word:016x}"])
    crc = crypto.zlib.crc32(text[:-6].encode())
    rows.append([51, f"`{text[-6:]}`", f"CRC-32 of the 51 characters before = 0x{crc:08x}"])
    return (f"Root key `{v['root']}`, salt of key id {v['keyId']} `{v['salt']}` (test values, never "
            f"use them).\n\n1. Token key, by HKDF:\n\n```sh\n{key_line}\n# {v['tokenKey']}\n```\n\n"
            f"2. MAC input: kind byte, version byte, key id byte, id word 0 and id word 1 "
            f"little-endian:\n   `{v['input']}`\n\n3. Tag, the first 32 hex digits of:\n\n```sh\n"
            f"{tag_line}\n# {v['output']}...\n```\n\n   Tag words, read little-endian: "
            f"0x{tags[0]:016x}, 0x{tags[1]:016x}.\n\n4. Text:\n\n   `{text}`\n\n"
            + table(["at", "characters", "is"], rows))


# ---- annotated dumps

def shown(value):
    if isinstance(value, str):
        return '"' + (value if len(value) <= 60 else value[:57] + "...") + '"'
    return str(value).lower() if isinstance(value, bool) else str(value)


def hex_lines(at, raw, note, indent):
    """16 bytes a line, the note at the first."""
    out = []
    for start in range(0, max(len(raw), 1), 16):
        piece = " ".join(f"{b:02x}" for b in raw[start:start + 16])
        text = "  " * indent + note if start == 0 else ""
        out.append(f"{at + start:04x}  {piece:<47}  {text}".rstrip())
        if start >= 80 and len(raw) > 128:
            out.append(f"      ... {len(raw) - start - 16} bytes more")
            break
    return out


def annotate(schema, fields, values, at, indent=0):
    out = []
    for field, raw in parts(schema, fields, full(fields, values)):
        out += annotate_one(schema, field["name"], field["type"],
                            full(fields, values)[field["name"]], raw, at, indent)
        at += len(raw)
    return out


def full(fields, values):
    return {f["name"]: values.get(f["name"], 0) for f in fields if present(f, values)}


def annotate_one(schema, name, kind, value, raw, at, indent):
    inner = element_type(kind)
    if inner:
        out = hex_lines(at, raw[:2], f"{name}: {len(value)} element(s)", indent)
        at += 2
        for number, element in enumerate(value[:4]):
            piece = put(schema, inner, full_value(schema, inner, element))
            out += annotate_one(schema, f"{name}[{number}]", inner, element, piece, at, indent + 1)
            at += len(piece)
        if len(value) > 4:
            out.append(f"      ... {len(value) - 4} elements more")
        return out
    if kind in schema.groups:
        group, out = schema.groups[kind], []
        if not group.get("fixed"):
            out = hex_lines(at, raw[:2], f"{name}: {kind}, {len(raw) - 2} bytes", indent)
            at += 2
        return out + annotate(schema, group["fields"], value, at, indent + 1)
    if kind in ("text", "bytes"):
        out = hex_lines(at, raw[:2], f"{name}: {len(raw) - 2} bytes", indent)
        if len(raw) > 2:
            note = shown(value) if kind == "text" else "raw"
            if kind == "bytes" and all(0x20 <= b < 0x7F for b in raw[2:]):
                note = shown(raw[2:].decode())
            out += hex_lines(at + 2, raw[2:], note, indent + 1)
        return out
    note = value if kind in ("u64", "b16") else shown(value)
    return hex_lines(at, raw, f"{name} = {note}", indent)


def full_value(schema, kind, value):
    if kind in schema.groups:
        fields = schema.groups[kind]["fields"]
        return {f["name"]: full_value(schema, f["type"], value.get(f["name"], 0)) for f in fields}
    return value


def dump(schema, vector):
    raw, head = bytes.fromhex(vector["hex"]), vector["header"]
    lines = hex_lines(0, raw[0:4], f"length = {head['length']}", 0)
    lines += hex_lines(4, raw[4:5], "version = 1", 0)
    lines += hex_lines(5, raw[5:6], f"flags = {head['flags']}"
                       + (" (reply)" if head["flags"] else ""), 0)
    lines += hex_lines(6, raw[6:8], f"opcode = 0x{head['opcode']:04X} {vector['operation']}", 0)
    lines += hex_lines(8, raw[8:12], f"requestId = {head['requestId']}", 0)
    lines += hex_lines(12, raw[12:14], f"status = {head['status']}", 0)
    lines += hex_lines(14, raw[14:16], "reserved", 0)
    fields = schema.raw["errorBody"]
    if vector["direction"] != "error":
        fields = schema.by_name[vector["operation"]][vector["direction"]]
    lines += annotate(schema, fields, vector["fields"], 16)
    return "```\n" + "\n".join(lines) + "\n```\n"


EXTRA = ["validate.request.identity", "validate.reply.every-verdict", "validate.reply.identity",
         "authorize.reply.redirect", "authorize.reply.error-page", "app-list.request.local",
         "error.malformed", "error.denied", "error.busy", "error.invalid-grant"]


def examples(schema, made):
    by_name = {v["name"]: v for v in made["messages"]}
    out = ["# Examples: every message, byte by byte\n\nGenerated from `vectors/messages.json` by "
           "`generate.py`; do not edit. Left: offset in the frame, and the bytes in hex; right: "
           "what they are.\nEvery frame here is the vector whose name stands above it.\n"]
    for o in schema.operations:
        stem = o["name"].lower().replace("_", "-")
        out.append(f"## {o['name']}\n")
        names = [f"{stem}.request.typical", f"{stem}.reply.typical"]
        names += [n for n in EXTRA if n.startswith(stem + ".")]
        for name in names:
            out.append(f"`{name}`: {by_name[name]['meaning']}\n\n{dump(schema, by_name[name])}")
    out.append("## Error frames\n")
    for name in (n for n in EXTRA if n.startswith("error.")):
        out.append(f"`{name}`: {by_name[name]['meaning']}\n\n{dump(schema, by_name[name])}")
    return "\n".join(out)


def first_validate(schema, made):
    by_name = {v["name"]: v for v in made["messages"]}
    out = ""
    for name, words in (
            ("hello.request.typical", "You connect and send HELLO:"),
            ("hello.reply.typical", "The server answers:"),
            ("validate.request.typical", "You ask about one token:"),
            ("validate.reply.typical", "The server answers: verdict 0, VALID, 2,592,000 s to go:")):
        out += f"{words}\n\n{dump(schema, by_name[name])}\n"
    return out


def counts(_schema, made):
    rows = [[f"`vectors/{name}.json`", len(v)] for name, v in made.items()]
    return table(["file", "vectors"], rows)


def produce(schema, made, root):
    makers = {
        "primitives": primitives, "header": header_table, "groups": groups, "limits": limits,
        "error-body": lambda s: field_table(s.raw["errorBody"]), "statuses": statuses,
        "verdicts": verdicts, "settings": settings, "rights": rights, "overview": overview,
        "matrix": matrix, "acting": acting, "operations": operations, "token-kinds": kinds,
        "audit-events": lambda s: names(s, "auditEvents", "event"),
        "status-facts": lambda s: names(s, "statusFacts", "fact"),
        "stats-names": lambda s: names(s, "statsNames", "counter"),
        "worked-token": lambda s: worked(made), "counts": lambda s: counts(s, made),
        "first-validate": lambda s: first_validate(s, made),
    }
    out, used = {"examples.md": examples(schema, made)}, set()
    for page in PAGES:
        path = os.path.join(root, page)
        with open(path, encoding="utf-8") as file:
            text = file.read()

        def fill(match):
            used.add(match[2])
            return match[1] + "\n" + makers[match[2]](schema) + "\n" + match[3]
        out[page] = MARK.sub(fill, text)
    missing = set(makers) - used
    assert not missing, f"no page shows the tables {sorted(missing)}"
    return out
