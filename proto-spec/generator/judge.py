"""Second look at the vectors: a decoder and rules written apart from what made them.

Every vector that says "refuse" must be refused here and every other accepted, so that a slip in
the tables above does not become the contract.
"""

import re
import struct
import zlib
from urllib.parse import unquote

from .codec import element_type, header_fields


class Fault(Exception):
    pass


class Reader:
    def __init__(self, raw):
        self.raw, self.at = raw, 0

    def take(self, count):
        if self.at + count > len(self.raw):
            raise Fault(f"ends at {len(self.raw)}, wanted {count} from {self.at}")
        self.at += count
        return self.raw[self.at - count:self.at]

    def number(self, size):
        return int.from_bytes(self.take(size), "little")


def get(schema, kind, reader, field):
    if kind in ("u8", "u16", "u32"):
        value = reader.number(int(kind[1:]) // 8)
        if field.get("strict"):
            if "enum" in field and str(value) not in field["enum"]:
                raise Fault(f"{field['name']} is {value}")
            if "bits" in field and value & ~sum(int(b) for b in field["bits"]):
                raise Fault(f"{field['name']} has bits {value}")
        if value < field.get("min", 0):
            raise Fault(f"{field['name']} is {value}")
        return value
    if kind == "u64":
        return str(reader.number(8))
    if kind == "bool":
        value = reader.number(1)
        if value > 1:
            raise Fault(f"{field['name']} is {value}")
        return value == 1
    if kind == "b16":
        return reader.take(16).hex()
    if kind in ("text", "bytes"):
        raw = reader.take(reader.number(2))
        if len(raw) > field.get("maxBytes", 65535):
            raise Fault(f"{field['name']} has {len(raw)} bytes")
        if kind == "bytes":
            return raw.hex()
        try:
            return raw.decode("utf-8", errors="strict")
        except UnicodeDecodeError:
            raise Fault(f"{field['name']} is not UTF-8") from None
    if element_type(kind):
        count = reader.number(2)
        low, high = field.get("count", (0, 65535))
        if not low <= count <= high:
            raise Fault(f"{field['name']} has {count} elements")
        element = {"name": field["name"]}
        return [get(schema, element_type(kind), reader, element) for _ in range(count)]
    group = schema.groups[kind]
    inner = reader if group.get("fixed") else Reader(reader.take(reader.number(2)))
    return body(schema, group["fields"], inner)


def body(schema, fields, reader):
    out = {}
    for field in fields:
        if any(out[k] != v for k, v in field.get("when", {}).items()):
            continue
        value = get(schema, field["type"], reader, field)
        if not field.get("reserved"):
            out[field["name"]] = value
    return out


def decode(schema, vector):
    raw = bytes.fromhex(vector["hex"])
    head = header_fields(raw)
    assert head["length"] == len(raw) - 16, vector["name"]
    fields = schema.raw["errorBody"]
    if vector["direction"] != "error":
        fields = schema.by_name[vector["operation"]][vector["direction"]]
    return head, body(schema, fields, Reader(raw[16:]))


def check_messages(schema, vectors):
    for vector in vectors:
        try:
            head, fields = decode(schema, vector)
        except Fault as fault:
            assert vector.get("fault") == "MALFORMED", (vector["name"], fault)
            continue
        assert "fault" not in vector, vector["name"] + " was accepted"
        assert head == vector["header"], vector["name"]
        assert fields == vector["fields"], (vector["name"], fields, vector["fields"])
        assert list(fields) == list(vector["fields"]), vector["name"]


WORD, ALPHABET = 1 << 64, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
SHAPES = {"sga": (3, 11, 11, 11, 11), "sgr": (3, 11, 11, 11, 11), "sgc": (3, 11, 11, 11, 11),
          "sgs": (11,) * 4, "sgx": (11,) * 2, "sgg": (11,) * 2}


def read_token(raw):
    """Numbers of a token text, or the fault's name."""
    if not raw:
        return "empty"
    if len(raw) not in (57, 54, 32):
        return "length"
    prefix = raw[:4].decode("latin-1")
    shape = SHAPES.get(prefix[:3])
    if prefix[3:] != "_" or shape is None or sum(shape) + 10 != len(raw):
        return "prefix"
    rest = raw[4:].decode("latin-1")
    if any(c not in ALPHABET for c in rest):
        return "alphabet"
    numbers, at = [], 0
    for width in shape + (6,):
        value = 0
        for char in rest[at:at + width]:
            value = value * 62 + ALPHABET.index(char)
        numbers.append(value)
        if value >= {3: 65536, 11: WORD, 6: 1 << 32}[width]:
            return "range"
        at += width
    if zlib.crc32(raw[:-6]) != numbers[-1]:
        return "crc"
    if shape[0] == 3 and numbers[0] >> 8 != 1:
        return "version"
    return numbers[:-1]


def check_tokens(vectors):
    for vector in vectors:
        got = read_token(bytes.fromhex(vector["hex"]))
        if "fault" in vector:
            assert got == vector["fault"], (vector["name"], got)
            continue
        expect = vector["expect"]
        want = [int(w) for w in expect.get("words", expect.get("id", []) + expect.get("tag", []))]
        if "keyId" in expect:
            want = [256 + expect["keyId"]] + want
        assert got == want, (vector["name"], got)


LOOPBACK = re.compile(rb"(http://(?:127\.0\.0\.1|\[::1\]))(?::([1-9][0-9]{0,4}))?((?:[/?].*)?)",
                      re.DOTALL)


def matches(registered, presented, public):
    if presented in registered:
        return True
    seen = LOOPBACK.fullmatch(presented) if public else None
    if not seen or int(seen[2] or 1) > 65535:
        return False
    return any(r and (r[1], r[3]) == (seen[1], seen[3])
               for r in map(LOOPBACK.fullmatch, registered))


def check_redirects(vectors):
    misses = 0
    for vector in vectors:
        registered = [u.encode() for u in vector["registered"]]
        got = matches(registered, bytes.fromhex(vector["presentedHex"]), vector["publicClient"])
        assert got == vector["match"], vector["name"]
        misses += not got
    assert misses >= 200, misses


URL_BYTES = rb"[A-Za-z0-9\-._~:/?\[\]@!$&'()*+,;=%]"
HTTP = re.compile(rb"https?://(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9\-._~!$&'()*+,;=%]+)"
                  rb"(?::([0-9]{1,5}))?(?:[/?]" + URL_BYTES + rb"*)?")
CUSTOM = re.compile(rb"([A-Za-z][A-Za-z0-9+.\-]*)://([^/?]+)" + rb"(?:[/?]" + URL_BYTES + rb"*)?")
RESOURCE = re.compile(rb"[A-Za-z][A-Za-z0-9+.\-]*:" + URL_BYTES + rb"+")
DANGEROUS = (b"javascript", b"data", b"vbscript", b"file", b"blob", b"about", b"filesystem",
             b"view-source", b"intent")


def url_valid(use, raw, https):
    limit = {"icon": 512, "resource": 512}.get(use, 256)
    if not raw:
        return use in ("icon", "issuer")
    if len(raw) > limit:
        return False
    if use == "resource":
        return bool(RESOURCE.fullmatch(raw))
    found = HTTP.fullmatch(raw)
    if use == "issuer":
        here = re.match(rb"https:|http://(?:127\.0\.0\.1|\[::1\]|localhost)(?:[:/]|$)", raw)
        return bool(found and here) and b"?" not in raw
    if found:
        if found[1] is not None and not 1 <= int(found[1]) <= 65535:
            return False
        safe = raw.startswith(b"https") or (use == "callback" and LOOPBACK.fullmatch(raw))
        return bool(safe) or not https
    if use != "dynamic-redirect" or not re.fullmatch(URL_BYTES + rb"+", raw):
        return False
    found = CUSTOM.fullmatch(raw)
    return bool(found and b"@" not in found[2]
                and found[1].lower() not in DANGEROUS + (b"http", b"https"))


def check_urls(vectors):
    for vector in vectors:
        got = url_valid(vector["use"], bytes.fromhex(vector["hex"]), vector["requireHttps"])
        assert got == vector["valid"], vector["name"]


def scalars(raw, low, high, most, allowed=b""):
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    clean = all(b >= 0x20 and b != 0x7F or bytes([b]) in (allowed[i:i + 1] for i in range(2))
                for b in raw)
    return low <= len(text) <= high and len(raw) <= most and clean


def scope_valid(raw):
    if not raw:
        return True
    token = rb"[\x21\x23-\x5b\x5d-\x7e]+"
    return len(raw) <= 128 and len(set(raw.split(b" "))) <= 16 and bool(
        re.fullmatch(token + rb"(?: " + token + rb")*", raw))


def glob_piece(pattern, text):
    """Set of pattern places reached, a character at a time: no backtracking, no slow pattern."""
    steps = re.findall(r"\*\*|.", pattern, re.DOTALL)

    def spread(places):
        for place in sorted(places):
            while place < len(steps) and steps[place] in ("*", "**"):
                place += 1
                places = places | {place}
        return places

    places = spread({0})
    for char in text:
        places = spread({p if steps[p] in ("*", "**") else p + 1 for p in places
                         if p < len(steps) and (steps[p] == "**" or steps[p] == char != "*"
                                                or steps[p] == "*" and char != "/")})
    return len(steps) in places


def split_url(text):
    scheme, rest = text.split("://", 1)
    rest, mark, query = rest.partition("?")
    host, slash, path = rest.partition("/")
    return scheme, host, slash + path, mark + query


GLOB = re.compile(rb"[A-Za-z][A-Za-z0-9+.\-]*://[^/?@]+(?:[/?]" + URL_BYTES + rb"*)?")


def glob_valid(pattern):
    return bool(GLOB.fullmatch(pattern.encode()) and "***" not in pattern
                and re.fullmatch(URL_BYTES + rb"+", pattern.encode()))


def glob_match(pattern, text):
    if not glob_valid(pattern):
        return False
    pairs = list(zip(split_url(pattern), split_url(text)))
    return pairs[0][0] == pairs[0][1] and all(
        glob_piece(p, t) for p, t in pairs[1:])


def check_syntax(vectors):
    rules = {
        "user-id": lambda raw: bool(re.fullmatch(rb"[\x21-\x7e]{1,128}", raw)),
        "client-id": lambda raw: bool(re.fullmatch(rb"[a-z2-7]{26}", raw)),
        "code-challenge": lambda raw: bool(re.fullmatch(rb"[A-Za-z0-9_-]{43}", raw)),
        "code-verifier": lambda raw: bool(re.fullmatch(rb"[A-Za-z0-9\-._~]{43,128}", raw)),
        "state": lambda raw: len(raw) <= 1024,
        "name": lambda raw: scalars(raw, 1, 64, 256),
        "description": lambda raw: scalars(raw, 0, 512, 2048, b"\t\n"),
        "scope": scope_valid,
    }
    for vector in vectors:
        raw = bytes.fromhex(vector["hex"])
        if vector["rule"] == "glob":
            got = glob_match(vector["pattern"], vector["text"])
            assert glob_valid(vector["pattern"]) == vector["patternValid"], vector["name"]
        else:
            got = rules[vector["rule"]](raw)
        assert got == vector["valid"], vector["name"]
        if "normal" in vector:
            assert vector["normal"] == sorted(set(raw.decode().split())), vector["name"]


def check_headers(schema, vectors):
    """Header faults only: what a pure header decoder must say."""
    for vector in vectors:
        raw, expect = bytes.fromhex(vector["hex"]), vector["expect"]
        if len(raw) < 16:
            assert expect == {"outcome": "wait"}, vector["name"]
            continue
        length, version, flags, opcode, ident, status, zero = struct.unpack("<IBBHIHH", raw[:16])
        server = vector["side"] == "server"
        bad = (flags != (0 if server else 1)) or zero or (server and (status or not ident))
        hello = opcode == 1 and not vector["context"]["hello"]
        bad = bad or opcode >= 0xF000 or (version != 1 and not hello)
        if bad:
            assert expect.get("statusName") == "MALFORMED" or expect["outcome"] == "close", vector
        elif length > vector["context"]["maxFrame"]:
            assert expect.get("statusName") == "FRAME_TOO_LARGE" or not server, vector["name"]
        elif len(raw) < 16 + length:
            assert expect == {"outcome": "wait"}, vector["name"]
        if not server:
            assert expect == taken(schema, raw, vector["context"]), vector["name"]
        if expect["outcome"] == "error":
            assert schema.statuses[expect["statusName"]]["code"] == expect["status"]
            assert (opcode, ident) == (expect["opcode"], expect["requestId"]), vector["name"]


def is_what_was_asked(schema, raw, asked, status):
    """Whether a reply's body can be read, and has the form and the number of elements asked for."""
    fields = schema.raw["errorBody"]
    if not status:
        fields = next(o["reply"] for o in schema.operations if o["opcode"] == asked["opcode"])
    try:
        got = body(schema, fields, Reader(raw))
    except Fault:
        return False
    if status or "form" not in asked:
        return True
    return (got["form"], len(got.get("verdicts", got.get("identities")))) == (
        asked["form"], asked["count"])


def taken(schema, raw, context):
    """What a client makes of the frames that begin `raw`."""
    asked = {(a["opcode"], a["requestId"]): a for a in context["outstanding"]}
    if len(raw) < 16:
        return {"outcome": "wait"}
    length, version, flags, opcode, ident, status, zero = struct.unpack("<IBBHIHH", raw[:16])
    belongs = status != 0 if ident == 0 else (opcode, ident) in asked
    if (version, flags, zero) != (1, 1, 0) or length > context["maxFrame"] or not belongs:
        return {"outcome": "close"}
    if len(raw) < 16 + length:
        return {"outcome": "wait"}
    if not is_what_was_asked(schema, raw[16:16 + length], asked.get((opcode, ident)), status):
        return {"outcome": "close"}
    out = {"outcome": "accept", "opcode": opcode, "requestId": ident}
    if status:
        out["status"] = status
    if len(raw) > 16 + length:
        left = [a for a in context["outstanding"] if a["requestId"] != ident]
        out["next"] = taken(schema, raw[16 + length:], dict(context, outstanding=left))
    return out


QUOTED = r'"((?:[^"\\]|\\.)*)"'
CHALLENGE = re.compile(rf'Bearer realm={QUOTED}(?:, error="([a-z_]+)"(?:, scope={QUOTED})?)?')


def token_of(vector):
    """(whether there is more than one token, the token to ask about or nothing)."""
    headers = [h.encode() for h in vector.get("authorization", [])]
    headers += [bytes.fromhex(h) for h in vector.get("authorizationHex", [])]
    if len(headers) > 1 or (headers and vector["queryToken"]):
        return True, b""
    found = re.fullmatch(rb"bearer (.+)", headers[0] if headers else b"", re.IGNORECASE | re.DOTALL)
    return False, found[1] if found else b""


def check_question(schema, vector, token):
    """What is asked about a token, and with which demands."""
    asks = bytes.fromhex(vector.get("asksHex", "")) or vector.get("asks", "").encode()
    assert asks == (token if len(token) <= 255 else b""), vector["name"]
    if len(token) > 255:
        begins = vector["asksBegins"].encode()
        assert token.startswith(begins) and len(begins) == 58, vector["name"]
        assert read_token(begins) == "length" and read_token(begins[:57]) not in (
            "length", "prefix", "alphabet", "range", "crc"), vector["name"]
        return
    raw = Reader(bytes.fromhex(vector["requestHex"]))
    assert body(schema, schema.fields("VALIDATE", "request"), raw) == {
        "form": 1, "flags": int(vector["anyAudience"]), "atLeastPosition": "0",
        "requiredScopes": vector["requiredScopes"], "audience": vector["audience"],
        "tokens": [token.hex()]} and raw.at == len(raw.raw) <= 1024, vector["name"]


def check_told(schema, vector):
    """What the upstream is told; false where that has no place in a header."""
    got = body(schema, schema.fields("VALIDATE", "reply"), Reader(bytes.fromhex(vector["replyHex"])))
    assert got == {"form": 1, "identities": [vector["identity"]]}, vector["name"]
    told, identity = {}, vector["identity"]
    texts = [identity[name] for name in ("subject", "clientId", "scope")]
    fits = not any(ord(c) < 32 or ord(c) == 127 for text in texts for c in text)
    if fits and identity["verdict"] == 0:
        words = [word for bit, word in ((1, "username"), (2, "icon")) if identity["overrides"] & bit]
        seconds = int(identity["expiresAt"]) // 1000
        told = dict(zip(("X-Auth-Subject", "X-Auth-Client", "X-Auth-Scope"), texts))
        told.update({"X-Auth-Expires": str(seconds or ""), "X-Auth-Override": " ".join(words)})
    assert vector["headers"] == {name: v for name, v in told.items() if v}, vector["name"]
    ours = "x-auth-(subject|client|scope|expires|override)"
    kept = []
    for name, value in vector.get("clientHeaders", []):
        name, folded = re.sub("[^a-z0-9]", "-", name.lower()), value.lower().replace("_", "-")
        if not re.fullmatch("authorization|" + ours, name) and not (
                name == "connection" and "x-auth-" in folded):
            kept.append(value)
    assert kept == [value for _, value in vector.get("handedOn", [])], vector["name"]
    return fits


def climbs(target):
    """Whether a path, read as it is, once decoded or twice, climbs or has a control character."""
    readings = [target.split("?")[0]]
    for _ in range(2):
        readings.append(unquote(re.sub("%u00", "%", readings[-1], flags=re.IGNORECASE), "latin-1"))
    return any(re.search(r"[\x00-\x1f\x7f]", path) or any(
        re.split("[;?#]", segment)[0] in (".", "..") for segment in re.split(r"[/\\]", path)[1:])
        for path in readings)


def http_error(schema, vector):
    """(status, error of the challenge; None: no challenge)."""
    if "target" in vector:
        return (400 if climbs(vector["target"]) else 200), None
    if "queryToken" in vector:
        many, token = token_of(vector)
        assert ("verdict" in vector) == bool(token), vector["name"]
        if not token:
            return (400, "invalid_request") if many else (401, "")
        check_question(schema, vector, token)
    if "replyHex" in vector and not check_told(schema, vector):
        return 503, None
    if "verdict" not in vector or vector["verdict"] == 9:
        return 503, None
    if vector["verdict"] == 0:
        return 200, None
    known = {v["code"]: (v["http"], v["error"]) for v in schema.raw["verdicts"]}
    return known.get(vector["verdict"], (401, "invalid_token"))


def check_http(schema, vectors):
    for vector in vectors:
        name, found = vector["name"], CHALLENGE.fullmatch(vector["wwwAuthenticate"])
        error = None if not found else found[2] or ""
        assert (vector["status"], error) == http_error(schema, vector), name
        assert bool(found) == bool(vector["wwwAuthenticate"]), name
        assert (vector["retryAfterSeconds"] > 0) == (vector["status"] == 503), name
        if found:
            assert re.sub(r"\\(.)", r"\1", found[1]) == vector["realm"], name
            wanted = vector["requiredScopes"] if vector["status"] == 403 else None
            assert found[3] == wanted, name


def check(schema, made):
    check_http(schema, made["http"])
    check_messages(schema, made["messages"])
    check_messages(schema, made["bodies"])
    check_headers(schema, made["frames"])
    check_tokens(made["tokens"])
    check_redirects(made["redirects"])
    check_urls(made["urls"])
    check_syntax(made["syntax"])
    used = {(v["operation"], v["direction"]) for v in made["messages"]}
    for operation in schema.operations:
        for direction in ("request", "reply"):
            assert (operation["name"], direction) in used, operation["name"]
