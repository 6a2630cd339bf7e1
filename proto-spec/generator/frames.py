"""Headers and connection states: what server and client do with the bytes on a stream."""

from .codec import frame, header, put_fields
from .messages import BY_OPERATION, typical, slug

STATUS = {"MALFORMED": 1, "UNSUPPORTED": 2, "VERSION": 3, "HELLO_REQUIRED": 4,
          "FRAME_TOO_LARGE": 5, "DENIED": 6, "DRAINING": 8}


def body_of(schema, name, direction="request", **over):
    fields = schema.fields(name, direction)
    values = dict(typical(schema, fields, BY_OPERATION.get((name, direction), {})), **over)
    return put_fields(schema, fields, values)


def context(hello=True, max_frame=65536, rights=31, draining=False, outstanding=None):
    """What came before the bytes; `outstanding` (client side) is a list of opcode and id, and, of a
    VALIDATE whose form matters, the form and the number of tokens."""
    out = {"hello": hello, "maxFrame": max_frame, "rights": rights, "draining": draining}
    if outstanding is not None:
        names = ("opcode", "requestId", "form", "count")
        out["outstanding"] = [dict(zip(names, asked)) for asked in outstanding]
    return out


def fault(name, opcode, request_id, close=True):
    return {"outcome": "error", "status": STATUS[name], "statusName": name, "opcode": opcode,
            "requestId": request_id, "close": close}


def accept(opcode, request_id, behind=None, status=0):
    """Client side only: `behind`, what comes of the bytes behind the frame; and the status of an
    error."""
    out = {"outcome": "accept", "opcode": opcode, "requestId": request_id}
    if status:
        out["status"] = status
    return out if behind is None else dict(out, next=behind)


WAIT = {"outcome": "wait"}
CLOSE = {"outcome": "close"}


def vector(name, meaning, raw, expect, side="server", **where):
    return {"name": name, "meaning": meaning, "side": side, "hex": raw.hex(),
            "context": context(**where), "expect": expect}


def headers(schema):
    ping = body_of(schema, "PING")
    n = len(ping)
    good = frame(2, 7, ping)
    out = [vector("good", "a PING", good, accept(2, 7)),
           vector("good-highest-id", "request id 2^32-1", frame(2, 0xFFFFFFFF, ping),
                  accept(2, 0xFFFFFFFF)),
           vector("good-two", "two frames in one read", good + frame(2, 8, ping), accept(2, 7)),
           vector("good-empty-body", "BARRIER has an empty body", frame(3, 9, b""), accept(3, 9)),
           vector("good-duplicate-id", "a request id still in flight is not checked: the caller "
                  "gets two replies with it", good + good, accept(2, 7)),
           vector("empty", "no bytes yet", b"", WAIT),
           vector("header-1", "one byte of a header", good[:1], WAIT),
           vector("header-15", "15 bytes of a header", good[:15], WAIT),
           vector("body-missing", "header only, body to come", good[:16], WAIT),
           vector("body-short", "last byte to come", good[:-1], WAIT)]
    for version in (0, 2, 255):
        out.append(vector(f"version-{version}", f"version byte {version}",
                          header(n, 2, 7, version=version) + ping, fault("MALFORMED", 2, 7)))
    for bit in range(1, 8):
        out.append(vector(f"flag-bit-{bit}", f"flags bit {bit} set",
                          header(n, 2, 7, flags=1 << bit) + ping, fault("MALFORMED", 2, 7)))
    out += [
        vector("reply-from-client", "flags bit 0: a reply sent to the server",
               header(n, 2, 7, flags=1) + ping, fault("MALFORMED", 2, 7)),
        vector("status-in-request", "status 1 in a request", header(n, 2, 7, status=1) + ping,
               fault("MALFORMED", 2, 7)),
        vector("status-high-byte", "status 0x0100 in a request",
               header(n, 2, 7, status=0x100) + ping, fault("MALFORMED", 2, 7)),
        vector("reserved-set", "reserved 1", header(n, 2, 7, reserved=1) + ping,
               fault("MALFORMED", 2, 7)),
        vector("reserved-high-byte", "reserved 0x8000", header(n, 2, 7, reserved=0x8000) + ping,
               fault("MALFORMED", 2, 7)),
        vector("request-id-0", "request id 0 belongs to the server", frame(2, 0, ping),
               fault("MALFORMED", 2, 0)),
        vector("opcode-f000", "first opcode of server push", frame(0xF000, 7, ping),
               fault("MALFORMED", 0xF000, 7)),
        vector("opcode-ffff", "last opcode of server push", frame(0xFFFF, 7, b""),
               fault("MALFORMED", 0xFFFF, 7)),
        vector("opcode-efff", "last ordinary opcode, unknown: the connection stays",
               frame(0xEFFF, 7, b"whatever"), fault("UNSUPPORTED", 0xEFFF, 7, False)),
        vector("opcode-0", "opcode 0 is unknown: the connection stays", frame(0, 7, b""),
               fault("UNSUPPORTED", 0, 7, False)),
        vector("opcode-byte-order", "PING's opcode in big-endian order is 0x0200: unknown",
               frame(0x0200, 7, ping), fault("UNSUPPORTED", 0x0200, 7, False)),
        vector("bad-header-before-body", "a bad header is refused without waiting for the body",
               header(n, 2, 7, version=9), fault("MALFORMED", 2, 7)),
        vector("length-at-limit", "length = maxFrame: header accepted, body to come",
               header(65536, 0x10, 7), WAIT),
        vector("length-over-limit", "length = maxFrame + 1: refused without reading on",
               header(65537, 0x10, 7), fault("FRAME_TOO_LARGE", 0x10, 7)),
        vector("length-2^32-1", "length 2^32-1", header(0xFFFFFFFF, 0x10, 7),
               fault("FRAME_TOO_LARGE", 0x10, 7)),
        vector("length-big-endian", "length 4 written big-endian is 67,108,864",
               b"\0\0\0\4" + good[4:], fault("FRAME_TOO_LARGE", 2, 7)),
        vector("length-small-limit", "1,025 on a connection that negotiated 1,024",
               header(1025, 2, 7), fault("FRAME_TOO_LARGE", 2, 7), max_frame=1024),
        vector("both-faults", "over-long and wrong version: the version is looked at first",
               header(65537, 2, 7, version=2), fault("MALFORMED", 2, 7)),
    ]
    return out


def states(schema):
    hello, ping = body_of(schema, "HELLO"), body_of(schema, "PING")
    new = {"hello": False, "max_frame": 1024}
    out = [
        vector("hello", "the first frame", frame(1, 1, hello), accept(1, 1), **new),
        vector("hello-version-byte", "the version byte of HELLO is not looked at",
               header(len(hello), 1, 1, version=9) + hello, accept(1, 1), **new),
        vector("hello-tail", "HELLO of a later version with more fields",
               frame(1, 1, hello + b"later"), accept(1, 1), **new),
        vector("hello-no-wish", "maxFrame 0 and maxInFlight 0 take the server's values",
               frame(1, 1, body_of(schema, "HELLO", maxFrame=0, maxInFlight=0)), accept(1, 1),
               **new),
        vector("hello-range-1-9", "versions 1 to 9: the server takes 1",
               frame(1, 1, body_of(schema, "HELLO", maxVersion=9)), accept(1, 1), **new),
        vector("hello-then-ping", "a request sent without waiting for HELLO's reply",
               frame(1, 1, hello) + frame(2, 2, ping), accept(1, 1), **new),
        vector("ping-before-hello", "PING before HELLO", frame(2, 1, ping),
               fault("HELLO_REQUIRED", 2, 1), **new),
        vector("unknown-before-hello", "state is looked at before the opcode",
               frame(0xEFF, 1, b""), fault("HELLO_REQUIRED", 0xEFF, 1), **new),
        vector("flags-before-hello", "header is looked at before the state",
               header(len(ping), 2, 1, flags=2) + ping, fault("MALFORMED", 2, 1), **new),
        vector("hello-1025", "HELLO of 1,025 bytes", header(1025, 1, 1),
               fault("FRAME_TOO_LARGE", 1, 1), **new),
        vector("hello-1024", "HELLO of 1,024 bytes, tail included",
               frame(1, 1, hello + bytes(1024 - len(hello))), accept(1, 1), **new),
        vector("hello-twice", "HELLO on a connection that had it", frame(1, 2, hello),
               fault("MALFORMED", 1, 2)),
        vector("hello-short", "HELLO body cut", frame(1, 1, hello[:4]), fault("MALFORMED", 1, 1),
               **new),
        vector("hello-max-frame-1023", "a wish below the minimum",
               frame(1, 1, body_of(schema, "HELLO", maxFrame=1023)), fault("MALFORMED", 1, 1),
               **new),
        vector("hello-range-backwards", "minVersion 2, maxVersion 1",
               frame(1, 1, body_of(schema, "HELLO", minVersion=2)), fault("MALFORMED", 1, 1),
               **new),
        vector("hello-name-129", "clientName of 129 bytes",
               frame(1, 1, body_of(schema, "HELLO", clientName="n" * 129)),
               fault("MALFORMED", 1, 1), **new),
        vector("hello-range-2-3", "versions 2 to 3 only",
               frame(1, 1, body_of(schema, "HELLO", minVersion=2, maxVersion=3)),
               fault("VERSION", 1, 1), **new),
        vector("hello-range-0-0", "version 0 only",
               frame(1, 1, body_of(schema, "HELLO", minVersion=0, maxVersion=0)),
               fault("VERSION", 1, 1), **new),
        vector("hello-draining", "HELLO while the server stops", frame(1, 1, hello),
               fault("DRAINING", 1, 1), hello=False, max_frame=1024, draining=True),
        vector("validate-draining", "VALIDATE while the server stops is answered",
               frame(0x10, 4, body_of(schema, "VALIDATE")), accept(0x10, 4), draining=True),
        vector("mutation-draining", "a mutation while the server stops",
               frame(0x60, 4, body_of(schema, "USER_DISABLE")),
               fault("DRAINING", 0x60, 4, False), draining=True),
    ]
    return out


def rights(schema):
    """The right is looked at before the body: a bad body without the right is DENIED."""
    bits = {r["name"]: r["bit"] for r in schema.raw["rights"]}
    out = []
    for op in schema.operations:
        if not op["rights"]:
            continue
        allowed = sum(bits[r] for r in op["rights"])
        raw = frame(op["opcode"], 5, b"\xff")
        out.append(vector(f"denied.{slug(op['name'])}", f"{op['name']} with a bad body, without "
                          "the right: the right is looked at first", raw,
                          fault("DENIED", op["opcode"], 5, False), rights=31 & ~allowed))
        expect = fault("MALFORMED", op["opcode"], 5)
        if not op["request"]:
            expect = accept(op["opcode"], 5)
        words = "a bad body" if op["request"] else "a tail (it has no fields)"
        for name in op["rights"]:
            out.append(vector(f"allowed.{slug(op['name'])}.{name}", f"{op['name']} with {words} "
                              f"and the right {name}", raw, expect, rights=bits[name]))
    return out


NO_WORDS = bytes(10)
"""An error body with every text empty and no advice."""


def client_side(schema):
    ping = body_of(schema, "PING", "reply")
    n = len(ping)
    side = {"side": "client", "outstanding": [(2, 7)]}
    good = frame(2, 7, ping, 0, True)
    out = [
        vector("client.good", "a reply to request 7", good, accept(2, 7), **side),
        vector("client.unknown-status", "a status this client has not heard of: an error, not a "
               "broken protocol", frame(2, 7, NO_WORDS, 0x7FFF, True),
               accept(2, 7, status=0x7FFF), **side),
        vector("client.error", "an error, BUSY", frame(2, 7, NO_WORDS, 7, True),
               accept(2, 7, status=7), **side),
        vector("client.status-high-byte", "a status whose low byte is 0 is an error, too",
               frame(2, 7, NO_WORDS, 0x0100, True), accept(2, 7, status=0x100), **side),
        vector("client.empty", "no bytes yet", b"", WAIT, **side),
        vector("client.header-15", "15 bytes of a header", good[:15], WAIT, **side),
        vector("client.body-missing", "a header, its body to come", good[:16], WAIT, **side),
        vector("client.half", "half a reply", good[:20], WAIT, **side),
        vector("client.request", "flags bit 0 clear: the server does not send requests",
               frame(2, 7, ping), CLOSE, **side),
        vector("client.flags", "flags bit 4", header(n, 2, 7, flags=0x11) + ping, CLOSE, **side),
    ]
    for name, version in (("", 2), ("-0", 0), ("-255", 255)):
        out.append(vector(f"client.version{name}", f"version {version}",
                          header(n, 2, 7, reply=True, version=version) + ping, CLOSE, **side))
    for bit in (1, 2, 3, 5, 6, 7):
        out.append(vector(f"client.flag-bit-{bit}", f"flags bit {bit} beside bit 0",
                          header(n, 2, 7, flags=1 | 1 << bit) + ping, CLOSE, **side))
    for name, reserved in (("", 1), ("-high-byte", 0x0100), ("-last-bit", 0x8000)):
        out.append(vector(f"client.reserved{name}", f"reserved 0x{reserved:04X}",
                          header(n, 2, 7, reply=True, reserved=reserved) + ping, CLOSE, **side))
    return out + lengths(schema) + [
        vector("client.last-error", "TOO_MANY_CONNECTIONS before HELLO: request id 0, then close",
               frame(1, 0, NO_WORDS, 14, True), accept(1, 0, status=14), hello=False,
               side="client", outstanding=[(1, 1)]),
    ]


def lengths(schema):
    """The length of a reply: 32 bits without a sign, at most maxFrame."""
    side = {"side": "client", "outstanding": [(2, 7)]}
    out = [vector("client.length-small-limit", "a reply of exactly maxFrame bytes",
                  frame(2, 7, body_of(schema, "PING", "reply", echo="5a" * 1022), 0, True),
                  accept(2, 7), max_frame=1024, **side)]
    for limit in (1024, 65536, 1048576):
        out += [vector(f"client.length-{limit}-at", f"length = maxFrame = {limit:,}: body to come",
                       header(limit, 2, 7, reply=True), WAIT, max_frame=limit, **side),
                vector("client.too-large" if limit == 65536 else f"client.length-{limit}-above",
                       f"length above the negotiated maxFrame of {limit:,}",
                       header(limit + 1, 2, 7, reply=True), CLOSE, max_frame=limit, **side)]
    for length in (32767, 32768, 40000, 65535):
        out.append(vector(f"client.length-{length}", f"length {length:,} is below 65,536: body to "
                          "come", header(length, 2, 7, reply=True), WAIT, **side))
    for length in (0x80000000, 0xFFFFFFFF):
        out.append(vector(f"client.length-{length:x}", f"length 0x{length:X} is no negative number",
                          header(length, 2, 7, reply=True), CLOSE, **side))
    hello = {"side": "client", "outstanding": [(1, 1)], "hello": False, "max_frame": 1024}
    out += [vector("client.hello-1024", "a reply to HELLO that announces 1,024 bytes: body to come",
                   header(1024, 1, 1, reply=True), WAIT, **hello),
            vector("client.hello-1025", "a reply to HELLO that announces 1,025 bytes: the limit "
                   "before HELLO is done binds both sides", header(1025, 1, 1, reply=True), CLOSE,
                   **hello)]
    return out


def matching(schema):
    """Which request a reply answers, and replies one behind the other."""
    ping, done = (body_of(schema, name, "reply") for name in ("PING", "BARRIER"))
    one = {"side": "client", "outstanding": [(2, 7)]}
    two = {"side": "client", "outstanding": [(2, 7), (3, 8)]}
    last = {"side": "client", "outstanding": [(2, 0xFFFFFFFF)]}
    reply, barrier = frame(2, 7, ping, 0, True), frame(3, 8, done, 0, True)
    refused = frame(3, 8, NO_WORDS, 7, True)
    out = [
        vector("client.other-id", "a reply to request 8, which was never asked",
               frame(2, 8, ping, 0, True), CLOSE, **one),
        vector("client.other-id-error", "an error for request 8, which was never asked",
               frame(2, 8, NO_WORDS, 6, True), CLOSE, **one),
        vector("client.highest-id", "a reply to request 2^32-1",
               frame(2, 0xFFFFFFFF, ping, 0, True), accept(2, 0xFFFFFFFF), **last),
        vector("client.highest-id-low-half", "a reply to request 65,535, which was never asked",
               frame(2, 0xFFFF, ping, 0, True), CLOSE, **last),
        vector("client.nothing-asked", "a reply while nothing is outstanding", reply, CLOSE,
               side="client", outstanding=[]),
        vector("client.nothing-asked-error", "an error of a request while nothing is outstanding",
               frame(2, 7, NO_WORDS, 7, True), CLOSE, side="client", outstanding=[]),
        vector("client.other-opcode", "the id of the PING with the opcode of BARRIER",
               frame(3, 7, done, 0, True), CLOSE, **one),
        vector("client.other-opcode-error", "an error with the id of the PING and the opcode of "
               "BARRIER", frame(3, 7, NO_WORDS, 6, True), CLOSE, **one),
        vector("client.other-opcode-high-byte", "the opcode of the PING in the low byte, another "
               "in both", frame(0x0102, 7, ping, 0, True), CLOSE, **one),
        vector("client.opcode-byte-order", "the opcode of the PING in big-endian order",
               frame(0x0200, 7, ping, 0, True), CLOSE, **one),
        vector("client.push", "an opcode of server push, which nobody asked for",
               frame(0xF000, 0, b"", 0, True), CLOSE, **one),
        vector("client.push-id", "an opcode of server push with the id of the PING",
               frame(0xF000, 7, ping, 0, True), CLOSE, **one),
        vector("client.crossed", "the id of the PING with the opcode of the BARRIER, both of them "
               "outstanding", frame(3, 7, done, 0, True), CLOSE, **two),
        vector("client.id-0-ok", "request id 0 with status 0: it belongs to no request and is no "
               "error", frame(2, 0, ping, 0, True), CLOSE, **one),
        vector("client.id-0-ok-two", "the same with several requests outstanding",
               frame(2, 0, ping, 0, True), CLOSE, **two),
        vector("client.error-of-no-request", "request id 0 with an error, TIMEOUT: taken, then the "
               "server closes", frame(1, 0, NO_WORDS, 13, True), accept(1, 0, status=13), **one),
        vector("client.error-of-no-request-two", "the same with several requests outstanding: it "
               "answers none of them", frame(1, 0, NO_WORDS, 13, True), accept(1, 0, status=13),
               **two),
        vector("client.error-of-id-0", "MALFORMED for a header whose own id was 0: its opcode, "
               "request id 0", frame(2, 0, NO_WORDS, 1, True), accept(2, 0, status=1), **two),
        vector("client.two", "two whole replies in one read: both are delivered", reply + barrier,
               accept(2, 7, accept(3, 8)), **two),
        vector("client.two-other-order", "the same, the later request answered first",
               barrier + reply, accept(3, 8, accept(2, 7)), **two),
        vector("client.two-error-first", "an error and a reply in one read: both are delivered, "
               "the connection stays", refused + reply, accept(3, 8, accept(2, 7), status=7), **two),
        vector("client.two-error-second", "a reply and an error in one read", reply + refused,
               accept(2, 7, accept(3, 8, status=7)), **two),
        vector("client.two-second-half", "a whole reply and half of the next: the first is "
               "delivered", reply + frame(2, 9, ping, 0, True)[:18],
               accept(2, 7, dict(WAIT)), side="client", outstanding=[(2, 7), (2, 9)]),
        vector("client.two-second-half-header", "a whole reply and half a header",
               reply + barrier[:8], accept(2, 7, dict(WAIT)), **two),
        vector("client.two-same-id", "two replies to one request: the first is delivered, the "
               "second has an id that is not outstanding any more", reply + reply,
               accept(2, 7, dict(CLOSE)), **one),
        vector("client.two-second-bad", "a whole reply and a header with version 2: the first is "
               "delivered", reply + header(0, 3, 8, reply=True, version=2),
               accept(2, 7, dict(CLOSE)), **two),
    ]
    for ident, why in ((0x107, "bits 8 to 15"), (0x10007, "bits 16 to 23"),
                       (0x80000007, "the highest bit"), (0x07000000, "byte order")):
        out.append(vector(f"client.other-id-{ident:08x}", f"request 0x{ident:08X}, which differs "
                          f"from 7 in {why}", frame(2, ident, ping, 0, True), CLOSE, **one))
    return out


def asked_for(schema):
    """Bodies of replies: one that cannot be decoded, or is not what was asked for, is a fault."""
    reply = schema.fields("VALIDATE", "reply")
    verdict = {"verdict": 0, "expiresInSeconds": 60}
    identity = typical(schema, schema.groups["Identity"]["fields"], {})

    def verdicts(count):
        return put_fields(schema, reply, {"form": 0, "verdicts": [verdict] * count})

    def identities(count):
        return put_fields(schema, reply, {"form": 1, "identities": [identity] * count})

    out, good, closed = [], accept(0x10, 7), CLOSE

    def add(name, meaning, body, expect, form, count):
        out.append(vector(f"client.body.{name}", meaning, frame(0x10, 7, body, 0, True), expect,
                          side="client", outstanding=[(0x10, 7, form, count)]))

    add("verdict", "one verdict, as asked for", verdicts(1), good, 0, 1)
    add("verdicts", "two verdicts, as asked for", verdicts(2), good, 0, 2)
    add("verdict-tail", "one verdict and five bytes more, which are ignored",
        verdicts(1) + b"later", good, 0, 1)
    add("identity", "one identity, as asked for", identities(1), good, 1, 1)
    add("identity-tail", "one identity and five bytes more, which are ignored",
        identities(1) + b"later", good, 1, 1)
    add("other-form", "an identity instead of a verdict", identities(1), closed, 0, 1)
    add("other-form-verdict", "a verdict instead of an identity", verdicts(1), closed, 1, 1)
    add("other-form-byte", "an identity whose form says verdict", b"\0" + identities(1)[1:], closed,
        1, 1)
    add("verdicts-fewer", "one verdict on two tokens", verdicts(1), closed, 0, 2)
    add("verdicts-more", "two verdicts on one token", verdicts(2), closed, 0, 1)
    add("verdicts-none", "no verdict on one token", verdicts(0), closed, 0, 1)
    add("identities-fewer", "one identity for two tokens", identities(1), closed, 1, 2)
    add("identities-more", "two identities for one token", identities(2), closed, 1, 1)
    add("identities-none", "no identity for one token", identities(0), closed, 1, 1)
    add("cut", "one verdict, its last byte missing", verdicts(1)[:-1], closed, 0, 1)
    add("cut-identity", "one identity, its last byte missing", identities(1)[:-1], closed, 1, 1)
    add("none", "no body at all", b"", closed, 1, 1)
    add("form-2", "a form of no version", bytes([2, 1, 0]) + bytes(8), closed, 0, 1)
    ping = frame(2, 7, body_of(schema, "PING", "reply"), 0, True)
    out += [
        vector("client.body.error-cut", "an error body without its last field",
               frame(2, 7, NO_WORDS[:-2], 7, True), CLOSE, side="client", outstanding=[(2, 7)]),
        vector("client.body.error-tail", "an error body with five bytes more, which are ignored",
               frame(2, 7, NO_WORDS + b"later", 7, True), accept(2, 7, status=7), side="client",
               outstanding=[(2, 7)]),
        vector("client.body.error-of-no-request", "an error of no request without its last field",
               frame(1, 0, NO_WORDS[:-2], 13, True), CLOSE, side="client", outstanding=[(2, 7)]),
        vector("client.body.second", "a whole reply, and an error that cannot be decoded: the "
               "first is delivered", ping + frame(0x10, 8, b"\0", 7, True),
               accept(2, 7, dict(CLOSE)), side="client", outstanding=[(2, 7), (0x10, 8, 0, 1)]),
        vector("client.body.barrier-empty", "a reply to BARRIER without its position",
               frame(3, 8, b"", 0, True), CLOSE, side="client", outstanding=[(3, 8)]),
        vector("client.body.barrier-7", "a reply to BARRIER with seven bytes",
               frame(3, 8, bytes(7), 0, True), CLOSE, side="client", outstanding=[(3, 8)]),
    ]
    return out


def make(schema):
    return (headers(schema) + states(schema) + rights(schema) + client_side(schema)
            + matching(schema) + asked_for(schema))
