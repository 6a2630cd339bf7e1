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
    """What came before the bytes; `outstanding` (client side) is a list of opcode and id."""
    out = {"hello": hello, "maxFrame": max_frame, "rights": rights, "draining": draining}
    if outstanding is not None:
        out["outstanding"] = [{"opcode": opcode, "requestId": ident}
                              for opcode, ident in outstanding]
    return out


def fault(name, opcode, request_id, close=True):
    return {"outcome": "error", "status": STATUS[name], "statusName": name, "opcode": opcode,
            "requestId": request_id, "close": close}


def accept(opcode, request_id, behind=None):
    """`behind`: what comes of the bytes behind the frame (client side only)."""
    out = {"outcome": "accept", "opcode": opcode, "requestId": request_id}
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


def client_side(schema):
    ping = body_of(schema, "PING", "reply")
    n = len(ping)
    side = {"side": "client", "outstanding": [(2, 7)]}
    good = frame(2, 7, ping, 0, True)
    return [
        vector("client.good", "a reply to request 7", good, accept(2, 7), **side),
        vector("client.unknown-status", "a status this client has not heard of: an error, not a "
               "broken protocol", frame(2, 7, b"\0\0\0\0\0\0\0\0\0\0", 0x7FFF, True), accept(2, 7),
               **side),
        vector("client.half", "half a reply", good[:20], WAIT, **side),
        vector("client.request", "flags bit 0 clear: the server does not send requests",
               frame(2, 7, ping), CLOSE, **side),
        vector("client.version", "version 2", header(n, 2, 7, reply=True, version=2) + ping, CLOSE,
               **side),
        vector("client.flags", "flags bit 4", header(n, 2, 7, flags=0x11) + ping, CLOSE, **side),
        vector("client.reserved", "reserved 1", header(n, 2, 7, reply=True, reserved=1) + ping,
               CLOSE, **side),
        vector("client.too-large", "length above the negotiated maxFrame",
               header(65537, 2, 7, reply=True), CLOSE, **side),
        vector("client.last-error", "TOO_MANY_CONNECTIONS before HELLO: request id 0, then close",
               frame(1, 0, b"\0\0\0\0\0\0\0\0\0\0", 14, True), accept(1, 0), hello=False,
               side="client", outstanding=[(1, 1)]),
    ]


def matching(schema):
    """Which request a reply answers, and replies one behind the other."""
    ping = body_of(schema, "PING", "reply")
    error = b"\0\0\0\0\0\0\0\0\0\0"
    one = {"side": "client", "outstanding": [(2, 7)]}
    two = {"side": "client", "outstanding": [(2, 7), (3, 8)]}
    reply, barrier = frame(2, 7, ping, 0, True), frame(3, 8, b"", 0, True)
    return [
        vector("client.other-id", "a reply to request 8, which was never asked",
               frame(2, 8, ping, 0, True), CLOSE, **one),
        vector("client.other-id-error", "an error for request 8, which was never asked",
               frame(2, 8, error, 6, True), CLOSE, **one),
        vector("client.nothing-asked", "a reply while nothing is outstanding", reply, CLOSE,
               side="client", outstanding=[]),
        vector("client.other-opcode", "the id of the PING with the opcode of BARRIER",
               frame(3, 7, b"", 0, True), CLOSE, **one),
        vector("client.other-opcode-error", "an error with the id of the PING and the opcode of "
               "BARRIER", frame(3, 7, error, 6, True), CLOSE, **one),
        vector("client.crossed", "the id of the PING with the opcode of the BARRIER, both of them "
               "outstanding", frame(3, 7, b"", 0, True), CLOSE, **two),
        vector("client.id-0-ok", "request id 0 with status 0: it belongs to no request and is no "
               "error", frame(2, 0, ping, 0, True), CLOSE, **one),
        vector("client.error-of-no-request", "request id 0 with an error, TIMEOUT: taken, then the "
               "server closes", frame(1, 0, error, 13, True), accept(1, 0), **one),
        vector("client.two", "two whole replies in one read: both are delivered", reply + barrier,
               accept(2, 7, accept(3, 8)), **two),
        vector("client.two-other-order", "the same, the later request answered first",
               barrier + reply, accept(3, 8, accept(2, 7)), **two),
        vector("client.two-second-half", "a whole reply and half of the next: the first is "
               "delivered", reply + frame(2, 9, ping, 0, True)[:18],
               accept(2, 7, dict(WAIT)), side="client", outstanding=[(2, 7), (2, 9)]),
        vector("client.two-same-id", "two replies to one request: the first is delivered, the "
               "second has an id that is not outstanding any more", reply + reply,
               accept(2, 7, dict(CLOSE)), **one),
        vector("client.two-second-bad", "a whole reply and a header with version 2: the first is "
               "delivered", reply + header(0, 3, 8, reply=True, version=2),
               accept(2, 7, dict(CLOSE)), **two),
    ]


def make(schema):
    return (headers(schema) + states(schema) + rights(schema) + client_side(schema)
            + matching(schema))
