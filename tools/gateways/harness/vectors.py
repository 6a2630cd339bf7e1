"""The golden vectors that concern a gateway, as a Lua file: no gateway brings a JSON reader."""

import json
import os
import struct

from .place import HERE

FOLDER = os.path.join(os.path.dirname(os.path.dirname(HERE)), "proto-spec", "vectors")
SCHEMA = os.path.join(os.path.dirname(FOLDER), "schema.json")
ASKED = ("HELLO", "VALIDATE")
# Replies to what a gateway never asks: it has no reader for their bodies.
NOT_READ = ("client.body.barrier-empty", "client.body.barrier-7")


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
    vectors += [v for v in _file("frames.json")
                if v["side"] == "client" and v["name"] not in NOT_READ]
    codes = _statuses()
    for vector in _file("http.json"):
        if "statusName" in vector:
            vector["statusCode"] = codes[vector["statusName"]]
        vectors.append(vector)
    vectors += _file("decisions.json")
    vectors += [v for v in _file("syntax.json") if v["rule"] == "scope"]
    return vectors + [_utf8(), _grown()]


def _utf8():
    """Texts at every border of UTF-8, judged by Python."""
    def is_valid(text):
        try:
            text.decode()
            return True
        except UnicodeDecodeError:
            return False

    firsts = (0x00, 0x7F, 0x80, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED, 0xEE, 0xEF,
              0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFF)
    seconds = (0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0)
    texts = [bytes((first, *rest)) + tail
             for first in firsts
             for rest in [(), *((second,) for second in seconds)]
             for tail in (b"", b"\x80", b"\xbf", b"\x80\x80", b"\xbf\x7f", b"\xc2\x80")]
    return {"kind": "utf8", "name": f"own.utf8 ({len(texts)} texts)",
            "texts": [[text.hex(), is_valid(text)] for text in texts]}


def _grown():
    """A later version's reply: both groups of the list and the body have grown at their ends."""
    def text(value):
        return struct.pack("<H", len(value)) + value

    def identity(verdict, subject):
        fields = struct.pack("<BBBBQ", verdict, 1, 0, 0, 5) + text(subject) + text(b"") * 3
        return text(fields + b"new")

    body = struct.pack("<BH", 1, 2) + identity(0, b"alice") + identity(5, b"bob") + b"newer"
    common = {"subjectKind": 1, "overrides": 0, "expiresAt": "5", "clientId": "", "scope": "",
              "audience": ""}
    return {"kind": "body", "name": "own.grown-groups", "operation": "VALIDATE",
            "direction": "reply", "hex": (bytes(16) + body).hex(),
            "fields": {"form": 1, "identities": [dict(common, verdict=0, subject="alice"),
                                                 dict(common, verdict=5, subject="bob")]}}


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
