"""What a gateway makes of a request, of its own configuration and of the identity that comes back."""

from . import decisions
from .codec import put_fields, strip
from .decisions import API, BAD_TOKEN, TWO_TOKENS, answered
from .messages import ACCESS, CLIENT, LATER, typical

NEEDS_ALL = ', error="insufficient_scope", scope="%s"'
SENT_AT_LEAST = 58


def request_hex(schema, token, scopes="", audience="", is_any=False):
    """The body of the VALIDATE that asks about one token and wants to know whose it is."""
    return put_fields(schema, schema.fields("VALIDATE", "request"), {
        "form": 1, "flags": 1 if is_any else 0, "atLeastPosition": "0", "requiredScopes": scopes,
        "audience": audience, "tokens": [token.hex()]}).hex()


def asked_with(schema, token, scopes="", audience="", is_any=False):
    """The members of a vector that asks about a token."""
    try:
        named = {"asks": token.decode()}
    except UnicodeDecodeError:
        named = {"asksHex": token.hex()}
    return {**named, "audience": audience, "anyAudience": is_any,
            "requestHex": request_hex(schema, token, scopes, audience, is_any)}


def given(headers):
    """The values of the Authorization headers, as hex where one is no UTF-8."""
    try:
        return {"authorization": [value.decode() for value in headers]}
    except UnicodeDecodeError:
        return {"authorizationHex": [value.hex() for value in headers]}


def from_requests(schema):
    """From what the request brought: its Authorization headers and a token in its query."""
    out = []
    access, good, basic = ACCESS.encode(), b"Bearer " + ACCESS.encode(), b"Basic YWxpY2U6cHc="

    def asked(name, meaning, header, token, verdict_code=0, status=200, challenge=""):
        out.append(answered(f"header.{name}", meaning, status, challenge, **given([header]),
                            queryToken="", **asked_with(schema, token), verdict=verdict_code))

    def malformed(name, meaning, token):
        asked(name, meaning, b"Bearer " + token, token, 2, 401, BAD_TOKEN)

    def unasked(name, meaning, headers, status=401, challenge="", query=""):
        out.append(answered(name, meaning, status, challenge, **given(headers), queryToken=query))

    asked("good", "Bearer and a token", good, access)
    asked("refused", "Bearer and a token that has expired", good, access, 4, 401, BAD_TOKEN)
    for scheme in ("lower", "upper", "mixed"):
        text = {"lower": b"bearer ", "upper": b"BEARER ", "mixed": b"bEaReR "}[scheme]
        asked(f"scheme-{scheme}", "the scheme is compared without case", text + access, access)
    malformed("two-spaces", "the scheme ends at the first space, the token is not trimmed",
              b" " + access)
    malformed("quoted", "the token is not unquoted", b'"' + access + b'"')
    malformed("percent", "the token is not decoded", b"%73" + access[1:])
    malformed("trailing-space", "a space behind the token, if the HTTP server left it there, is "
              "not trimmed", access + b" ")
    malformed("trailing-tab", "the same with a tab", access + b"\t")
    malformed("second-space", "the token does not end at the next space", access + b" x")
    malformed("comma", "nor at a comma", access + b",")
    malformed("joined", "two headers that somebody joined are one value, and no good one",
              access + b", Bearer " + access)
    malformed("semicolon", "nor at a semicolon", access + b";")
    malformed("equals", "a `=` at its end is not removed", access + b"=")
    malformed("58", "a good token and one character", access + b"a")
    malformed("no-utf8", "bytes that are no UTF-8", b"\xff\xfe")
    malformed("no-utf8-tail", "a good token and a byte that is no UTF-8", access + b"\xe9")
    malformed("utf8", "a text that is UTF-8 and no token", "sga_\u00e9".encode())
    malformed("255", "the longest text that goes as it is: a good token and 198 characters",
              access + b"a" * 198)
    for length in (256, 1000):
        token = access + b"a" * (length - len(access))
        out.append(answered(
            f"header.{length}", "a good token and junk, too long to be good: say MALFORMED "
            "yourself, or send a beginning of it that is longer than any token", 401, BAD_TOKEN,
            authorization=["Bearer " + token.decode()], queryToken="",
            asksBegins=token[:SENT_AT_LEAST].decode(), verdict=2))
    unasked("header.none", "no Authorization header", [])
    unasked("header.empty", "an Authorization header without a value", [b""])
    unasked("header.other-scheme", "another scheme", [basic])
    unasked("header.longer-scheme", "another scheme that begins like Bearer",
            [b"Bearers " + access])
    unasked("header.colon", "another scheme: Bearer and a colon", [b"Bearer: " + access])
    unasked("header.no-scheme", "the token alone is a scheme that is not Bearer", [access])
    unasked("header.tab", "a tab is no space: another scheme", [b"Bearer\t" + access])
    unasked("header.leading-space", "a space before the scheme, if the HTTP server left it there: "
            "the scheme is empty", [b" " + good])
    unasked("header.scheme-no-utf8", "a scheme that is no UTF-8", [b"Beare\xf2 " + access])
    for name, scheme in (("", b"Bearer"), (".lower", b"bearer")):
        unasked(f"header.no-token{name}", "no token behind the scheme", [scheme])
        unasked(f"header.no-token-space{name}", "no token behind the scheme and its space",
                [scheme + b" "])
    for name, second in (("same", good), ("another-token", b"Bearer junk"),
                         ("another-scheme", basic), ("empty", b""), ("no-utf8", b"Bearer \xff")):
        unasked(f"header.two.{name}", "two Authorization headers: nothing is asked",
                [good, second], 400, TWO_TOKENS)
    unasked("header.two.no-bearer", "two Authorization headers without a bearer token",
            [basic, basic], 400, TWO_TOKENS)
    unasked("header.three", "three Authorization headers", [good] * 3, 400, TWO_TOKENS)
    for name, words, header in (("and-header", "a token in the header", good),
                                ("and-other-scheme", "another scheme in the header", basic),
                                ("and-no-token", "Bearer without a token", b"Bearer"),
                                ("and-empty-header", "a header without a value", b"")):
        unasked(f"query.{name}", f"{words} and a token in the query", [header], 400, TWO_TOKENS,
                ACCESS)
    unasked("query.only", "a token in the query only, of a gateway that takes it from the header",
            [], query=ACCESS)
    return out


def configured(schema):
    """From what a place of the gateway demands to the question that it sends."""
    out, token = [], ACCESS.encode()

    def demands(name, meaning, scopes="", audience="", is_any=False, code=0, status=200,
                challenge=""):
        out.append(answered(f"configured.{name}", meaning, status, challenge, scopes=scopes,
                            authorization=["Bearer " + ACCESS], queryToken="",
                            **asked_with(schema, token, scopes, audience, is_any), verdict=code))

    demands("nothing", "no audience, no scopes: flags 0, both texts empty")
    demands("audience", "an audience: flags 0", audience=API)
    demands("audience-as-it-is", "an audience goes byte for byte", audience="HTTPS://API.example/")
    demands("audience-utf8", "its length is one of bytes", audience=API + "/\u00e9")
    demands("any-audience", "any audience: flags 1, no audience named", is_any=True)
    demands("any-audience-and-one", "any audience, and which one the upstream is: flags 1",
            audience=API, is_any=True)
    demands("one-scope", "one scope", "read")
    demands("two-scopes", "two scopes in the order given", "user read")
    demands("two-scopes-other-order", "the same in the other order", "read user")
    demands("scope-twice", "a scope given twice is sent twice", "read read")
    demands("all", "everything at once", "write read", API, True)
    demands("longest", "the longest there is: 128 bytes of scopes, 512 of audience; the body is "
            "below the 1,024 that may follow HELLO at once", " ".join(["s" * 63, "t" * 64]),
            API + "/" + "a" * (512 - len(API) - 1))
    demands("wrong-audience", "a token for another audience", audience=API, code=7, status=401,
            challenge=BAD_TOKEN)
    for scopes in ("user read", "read user", "write read admin", "read read"):
        demands(f"insufficient.{scopes.replace(' ', '-')}", "the challenge names the scopes in the "
                "order given", scopes, code=8, status=403, challenge=NEEDS_ALL % scopes)
    return out


def identities(schema):
    """From the reply to what the upstream is told."""
    out, kind = [], schema.groups["Identity"]["fields"]
    whole = {"subject": "mara", "clientId": CLIENT, "scope": "read user", "expiresAt": LATER}
    told = {"X-Auth-Subject": "mara", "X-Auth-Client": CLIENT, "X-Auth-Scope": "read user",
            "X-Auth-Expires": "1766592000"}

    def add(name, meaning, headers, status=200, tail=b"", client=None, **over):
        values = typical(schema, kind, {**whole, **over})
        raw = put_fields(schema, kind, values) + tail
        body = b"\1\1\0" + len(raw).to_bytes(2, "little") + raw
        more = client or {}
        out.append(answered(
            f"identity.{name}", meaning, status, BAD_TOKEN if status == 401 else "",
            retry=5 if status == 503 else 0, verdict=values["verdict"], replyHex=body.hex(),
            identity=strip(schema, kind, values), headers=headers, **more))

    def without(*names, **changed):
        return {name: changed.get(name[7:].lower(), value) for name, value in told.items()
                if name not in names}

    add("user", "a person's token", told)
    add("audience", "the audience is not told: the gateway has compared it", told, audience=API)
    add("client", "a client's own token has no subject", without("X-Auth-Subject"), subjectKind=2,
        subject="")
    add("no-scope", "an empty scope is not told", without("X-Auth-Scope"), scope="")
    add("one-scope", "one scope", without(scope="read"), scope="read")
    for bits, name, words in ((1, "username", "username"), (2, "icon", "icon"),
                              (3, "both", "username icon")):
        add(f"override-{name}", f"override bits {bits}", {**told, "X-Auth-Override": words},
            overrides=bits)
    add("override-later", "a bit of a later version is not told", told, overrides=4)
    add("override-later-too", "the same beside one that is",
        {**told, "X-Auth-Override": "icon"}, overrides=0x82)
    for millis, seconds in (("1766592000001", "1766592000"), ("1766592000999", "1766592000"),
                            ("1766591999999", "1766591999"), ("1000", "1"),
                            ("18446744073709551615", "18446744073709551")):
        add(f"expires-{millis}", "whole seconds, what is left over is cut off",
            without(expires=seconds), expiresAt=millis)
    for millis in ("0", "999"):
        add(f"expires-{millis}", "less than a second is not told", without("X-Auth-Expires"),
            expiresAt=millis)
    add("kind-later", "a kind of subject of a later version changes nothing", told, subjectKind=3)
    add("tail", "what a later version adds to the identity is not told", told, tail=b"\4\0mara")
    for name, text in (("line-break", "mara\r\nX-Auth-Scope: admin"), ("line-feed", "mara\n"),
                       ("zero", "mara\0"), ("delete", "mara\x7f"), ("tab", "mara\tadmin"),
                       ("first", "\x01mara"), ("last", "mara\x1f")):
        add(f"control.{name}", "a control character has no place in a header: fail closed", {},
            503, subject=text)
    add("control.scope", "the same in the scope", {}, 503, scope="read\nadmin")
    add("control.client", "the same in the client id", {}, 503, clientId=CLIENT + "\r")
    add("refused", "revoked: everything is empty, and nothing is told", {}, 401, verdict=5,
        subjectKind=0, subject="", clientId="", scope="", expiresAt="0")
    add("refused-and-named", "only VALID is told, whatever stands beside another verdict", {}, 401,
        verdict=4, overrides=3)
    add("verdict-later", "a verdict of a later version is a refusal", {}, 401, verdict=200)
    sent = [("X-Auth-Subject", "root"), ("x-auth-client", "root"), ("X_Auth_Scope", "admin"),
            ("X-AUTH_EXPIRES", "9"), ("x_auth-Override", "icon"), ("X-Auth-Subject", ""),
            ("X.Auth.Subject", "root"), ("x~auth!scope", "admin"), ("X_Auth#Client", "root"),
            ("Authorization", "Bearer " + ACCESS),
            ("Connection", "close, X-Auth-Subject"), ("connection", "x_auth_scope"),
            ("Connection", "keep-alive ,\tX-AUTH_Client  , TE"), ("CONNECTION", ",,x-auth-later")]
    kept = [("X-Auth", "a"), ("X-Auth-Subjects", "a"), ("X-Auth-User", "a"), ("XAuth-Subject", "a"),
            ("X-Auth-Sub", "a"), ("Connection", "keep-alive"), ("Connection", "X-Authority, X_Aut-h"),
            ("My_Header", "a"), ("X.Auth.User", "a"), ("Accept", "X-Auth-Subject")]
    add("client-headers", "headers that the client sent: which are removed, and which are handed on",
        told, client={"clientHeaders": [list(pair) for pair in sent + kept],
                      "handedOn": [list(pair) for pair in kept]})
    return out


CLIMBING = {
    "up": "/a/../b", "up-at-the-end": "/a/..", "up-alone": "/..", "here": "/a/./b",
    "here-at-the-end": "/a/.", "escaped": "/a/%2e%2e/b", "half-escaped": "/a/.%2E/b",
    "escaped-slash": "/a/..%2fb", "escaped-slash-before": "/a%2F..", "backslash": "/a/..\\b",
    "escaped-backslash": "/a%5c..%5Cb", "parameter": "/a/..;x=1/b", "escaped-parameter": "/a/..%3bx/b",
    "escaped-twice": "/a/%252e%252e/b", "slash-escaped-twice": "/a/..%252fb",
    "escaped-question-mark": "/a/..%3Fb", "escaped-number-sign": "/a/..%23b", "old-escape":
    "/a/%u002e%u002e/b", "before-the-query": "/a/..?b=c", "line-feed": "/a%0ab", "zero": "/a%00",
    "delete": "/a%7f", "control-escaped-twice": "/a%250d"}
PLAIN = {
    "root": "/", "two": "/a/b", "dots-in-a-name": "/a..b/c.d", "three-dots": "/...",
    "dot-before-a-name": "/.well-known/x", "dots-before-a-name": "/..a", "in-the-query": "/a?b=/../c",
    "escaped-in-the-query": "/a?b=%2e%2e%2f%0a", "escaped-letter": "/%61", "escaped-space": "/a%20b",
    "no-escape": "/100%", "percent-alone": "/a%zz/b", "two-slashes": "//a"}


def paths():
    """From the path of a request."""
    refused = [answered(f"path.climbs.{name}", "a path that climbs, or has a control character",
                        400, target=target) for name, target in CLIMBING.items()]
    # It is the path that is bad, not the token: no challenge.
    refused = [dict(vector, wwwAuthenticate="") for vector in refused]
    return refused + [answered(f"path.passes.{name}", "a path that says nothing against passing", 200,
                               target=target) for name, target in PLAIN.items()]


def http(schema):
    return (decisions.http(schema) + from_requests(schema) + configured(schema)
            + identities(schema) + paths())
