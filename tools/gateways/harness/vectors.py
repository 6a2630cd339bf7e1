"""The golden vectors that concern a gateway, as a Lua file: no gateway brings a JSON reader."""

import json
import os

from .place import HERE

FOLDER = os.path.join(os.path.dirname(os.path.dirname(HERE)), "proto-spec", "vectors")
SCHEMA = os.path.join(os.path.dirname(FOLDER), "schema.json")
ASKED = ("HELLO", "VALIDATE")


def _file(name):
    with open(os.path.join(FOLDER, name), encoding="utf-8") as file:
        content = json.load(file)
    return [dict(vector, kind=content["kind"]) for vector in content["vectors"]]


def _statuses():
    with open(SCHEMA, encoding="utf-8") as file:
        return {status["name"]: status["code"] for status in json.load(file)["statuses"]}


def chosen():
    """What a gateway sends and reads: HELLO, VALIDATE, errors of any operation, headers as a client
    sees them, answers over HTTP, and scope texts."""
    vectors = [v for v in _file("messages.json")
               if v["operation"] in ASKED or v["direction"] == "error"]
    # It decodes no requests.
    vectors += [v for v in _file("bodies.json") if v["direction"] == "error"
                or (v["operation"] in ASKED and v["direction"] == "reply")]
    vectors += [v for v in _file("frames.json") if v["side"] == "client"]
    codes = _statuses()
    for vector in _file("http.json"):
        if "statusName" in vector:
            vector["status_code"] = codes[vector["statusName"]]
        vectors.append(vector)
    vectors += _file("decisions.json")
    vectors += [v for v in _file("syntax.json") if v["rule"] == "scope"]
    return vectors


def _lua(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return '"' + "".join(f"\\{byte:03d}" if byte < 0x20 or byte > 0x7E or byte in b'"\\'
                             else chr(byte) for byte in value.encode()) + '"'
    if isinstance(value, list):
        return "{" + ",".join(_lua(item) for item in value) + "}"
    return "{" + ",".join(f'["{name}"]={_lua(item)}' for name, item in value.items()
                          if item is not None) + "}"


def write(path):
    """Writes the Lua file. Returns how many vectors it holds."""
    vectors = chosen()
    with open(path, "w", encoding="ascii") as file:
        file.write("return {\n" + "".join(_lua(v) + ",\n" for v in vectors) + "}\n")
    return len(vectors)
