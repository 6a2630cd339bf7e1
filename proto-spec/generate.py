#!/usr/bin/env python3
"""Writes the vectors, examples.md, signet.ksy, signet.lua and the marked tables of the prose from schema.json.

  proto-spec/generate.py            write what differs
  proto-spec/generate.py --check    write nothing; exit 1 and name the files that differ
  proto-spec/generate.py --explain HEX [request|reply|error]
                                    annotate one frame (direction: from its flags and status)

Python 3 standard library only. Shares no code with any codec of the product.
"""

import json
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True

from generator import (bodies, codec, decisions, frames, gateway, judge, kaitai, macs,  # noqa: E402
                       messages, prose, redirects, syntax, tokens, wireshark)

FILES = [
    ("messages", "message", "Positive frames of every operation and every error.", messages.make),
    ("bodies", "body", "Bodies that must be refused, and tails that must be ignored.", bodies.make),
    ("frames", "frame", "Headers, connection states and rights: what each side does.", frames.make),
    ("tokens", "token", "Token text: good ones, and a negative for every alias.", tokens.make),
    ("macs", "mac", "HKDF, tags, accessors, digests, PKCE; repeatable with openssl.", macs.make),
    ("redirects", "redirect", "Redirect URI near-misses.", redirects.make),
    ("urls", "url", "Which URLs an app may have.", syntax.urls),
    ("syntax", "syntax", "User ids, client ids, scopes, PKCE, state, names, globs.", syntax.make),
    ("decisions", "decision", "VALIDATE after the token itself was judged.", decisions.make),
    ("http", "http", "What a gateway asks, answers over HTTP and tells the upstream.", gateway.http),
]


def vector_file(kind, about, vectors):
    """One vector a line: short diffs, quick to load."""
    names = [v["name"] for v in vectors]
    assert len(names) == len(set(names)), [n for n in names if names.count(n) > 1]
    head = json.dumps({"format": "signet-vectors-1", "kind": kind, "about": about},
                      ensure_ascii=True)
    lines = ",\n".join("  " + json.dumps(v, ensure_ascii=True) for v in vectors)
    return f'{head[:-1]}, "vectors": [\n{lines}\n]}}\n'


def produce():
    """{path under proto-spec: text} of everything that is generated."""
    schema = codec.Schema()
    made, out = {}, {}
    for name, kind, about, make in FILES:
        made[name] = make(schema)
        out[f"vectors/{name}.json"] = vector_file(kind, about, made[name])
    judge.check(schema, made)
    out["signet.ksy"] = kaitai.make(schema)
    out["signet.lua"] = wireshark.make(schema)
    out.update(prose.produce(schema, made, codec.ROOT))
    return out, {name: len(v) for name, v in made.items()}


def header_faults(raw, head, direction):
    """What is wrong with a header besides its length and operation, or nothing."""
    is_request = direction == "request"
    rules = [
        (head["version"] == 1 or head["opcode"] == 1, "version is not 1"),
        (head["flags"] == (0 if is_request else 1), "flags are not those of a " + direction),
        (head["requestId"] != 0 or not is_request, "request id 0"),
        (head["status"] == 0 or direction == "error", "a status in a " + direction),
        (not any(raw[14:16]), "reserved is not 0"),
    ]
    return ", ".join(text for holds, text in rules if not holds)


def explain(text, direction=None):
    """Prints one frame field by field, or what is wrong with it."""
    schema, raw = codec.Schema(), bytes.fromhex(text.replace(" ", ""))
    if len(raw) < codec.HEADER_SIZE:
        print(f"{len(raw)} bytes: the header alone has 16")
        return 1
    head = codec.header_fields(raw)
    if direction is None:
        direction = "error" if head["status"] else "reply" if head["flags"] & 1 else "request"
    found = [o for o in schema.operations if o["opcode"] == head["opcode"]]
    if head["length"] != len(raw) - 16 or not found:
        print(f"header {head}; {len(raw) - 16} bytes follow it"
              + ("" if found else "; unknown opcode"))
        return 1
    wrong = header_faults(raw, head, direction)
    if wrong:
        print(f"header {head}; MALFORMED: {wrong}")
        return 1
    vector = {"hex": raw.hex(), "operation": found[0]["name"], "direction": direction}
    try:
        vector["header"], vector["fields"] = judge.decode(schema, dict(vector, name="this frame"))
    except judge.Fault as fault:
        print(f"header {head}; MALFORMED {found[0]['name']} {direction}: {fault}")
        return 1
    print(prose.dump(schema, vector).strip("`\n"))
    return 0


def main(arguments):
    if arguments[:1] == ["--explain"] and len(arguments) in (2, 3):
        return explain(*arguments[1:])
    if arguments not in ([], ["--check"]):
        print(__doc__)
        return 2
    files, counts = produce()
    differing = []
    for path, text in sorted(files.items()):
        full = os.path.join(codec.ROOT, path)
        old = None
        if os.path.exists(full):
            with open(full, encoding="utf-8") as file:
                old = file.read()
        if old == text:
            continue
        differing.append(path)
        if not arguments:
            os.makedirs(os.path.dirname(full), exist_ok=True)
            with open(full, "w", encoding="utf-8") as file:
                file.write(text)
    known = {f"vectors/{name}.json" for name, *_ in FILES}
    for name in os.listdir(os.path.join(codec.ROOT, "vectors")):
        if f"vectors/{name}" not in known:
            differing.append(f"vectors/{name} (not generated: remove it)")
    if arguments and differing:
        print("differs from schema.json, run proto-spec/generate.py: " + ", ".join(differing))
        return 1
    print(f"{sum(counts.values())} vectors {counts}", "wrote:" if differing else "", *differing)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
