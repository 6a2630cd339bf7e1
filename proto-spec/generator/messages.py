"""Positive message vectors: for every operation a typical request and reply and two edges."""

from . import crypto
from .codec import element_type, frame, header_fields, present, put_fields, strip

NOW = "1764000000000"
LATER = "1766592000000"
CLIENT = "k3vq7m2xw5ahd6ynzr4tbfcp3e"
WORDS = (0x0123456789ABCDEF, 0xFEDCBA9876543210)
ACCESS = crypto.token("access", 3, WORDS)
REFRESH = crypto.token("refresh", 3, (0x1111222233334444, 0x0000000255556666))
CODE = crypto.token("code", 3, (0x0F1E2D3C4B5A6978, 0x8796A5B4C3D2E1F0))
SECRET = crypto.words_text("secret", (1, 2, 3, 0xFFFFFFFFFFFFFFFF))
ACCESSOR = crypto.words_text("accessor", (0x9F3B5C7D11223344, 0x5566778899AABBCC))
GRANT = crypto.words_text("grant", (0x0000000000000007, 0xA1B2C3D4E5F60718))
CALLBACK = "https://mail.example/oauth/callback"
KEY = "101112131415161718191a1b1c1d1e1f"

# A likely value for a field, by name; per operation below where the name alone does not tell.
TYPICAL = {
    "key": KEY, "position": "4711", "user": "mara", "clientId": CLIENT, "creator": "mara",
    "clientSecret": SECRET, "method": 2, "login": 1, "systemAdmin": False, "scope": "user",
    "scopes": "read user", "audience": "", "name": "Mail Merge", "appName": "Mail Merge",
    "description": "Sends form letters", "homepage": "https://mail.example/",
    "iconUrl": "https://mail.example/icon.png", "callbacks": [CALLBACK], "trusted": False,
    "isPublic": False, "grants": 3, "audiences": [], "dynamicallyRegistered": False,
    "revision": 2, "createdAt": NOW, "updatedAt": NOW, "lastIssuedAt": NOW, "accessToken": ACCESS,
    "expiresAt": LATER, "expiresInSeconds": 2592000, "refreshToken": REFRESH,
    "refreshExpiresAt": "1771776000000", "accessor": ACCESSOR, "grant": GRANT,
    "redirectUri": CALLBACK, "hasRefresh": True, "token": ACCESS.encode().hex(), "code": CODE,
    "codeVerifier": "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", "resource": "", "cursor": "0",
    "maxBytes": 0, "nextCursor": "0", "all": False, "reference": GRANT, "subject": "mara",
    "redirect": CALLBACK + "?code=" + CODE + "&state=xyz&iss=https%3A%2F%2Fid.example",
    "redirectUris": [CALLBACK], "authMethod": "none", "clientName": "Desk Client",
    "clientUri": "https://desk.example/", "issuedAt": NOW, "notes": 0, "reason": 0,
    "applied": True, "before": "0", "gatePosition": "4711", "keyId": 3, "state": 1,
    "liveTokens": "1024", "force": False, "killedTokens": "0", "value": "true",
    "issuer": "https://id.example", "providerEnabled": True, "dynamicRegistration": False,
    "challengeMethods": "S256", "authMethods": "client_secret_basic client_secret_post none",
    "lifetimeSeconds": 0, "withRefresh": False, "count": 1, "firstAuthorizedAt": NOW,
    "ticket": "0102030405060708090a0b0c0d0e0f10", "revoked": True, "active": True, "tokenKind": 1,
    "at": NOW, "event": "app-registered", "actor": "mara", "peerUid": 33, "result": "OK",
    "verdict": 0, "reserved": 0, "subjectKind": 1, "overrides": 0, "path": "/backup/monday",
    "echo": b"ping".hex(), "error": 0, "message": "", "now": NOW, "wasSuspect": True,
}
BY_OPERATION = {
    ("HELLO", "request"): {"minVersion": 1, "maxVersion": 1, "maxFrame": 65536,
                           "maxInFlight": 1024, "features": "0", "clientName": "gateway 1.0"},
    ("HELLO", "reply"): {"version": 1, "maxFrame": 65536, "maxInFlight": 1024, "features": "0",
                         "instance": "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff", "position": "4711",
                         "retryWindowSeconds": 600, "retryWindowEntries": 65536, "peerUid": 33,
                         "rights": 1, "serverVersion": "signetd 1.0"},
    ("VALIDATE", "request"): {"form": 0, "flags": 0, "atLeastPosition": "0",
                              "requiredScopes": "", "tokens": [ACCESS.encode().hex()]},
    ("VALIDATE", "reply"): {"form": 0},
    ("INTROSPECT", "request"): {"token": ACCESS},
    ("CLIENT_INTROSPECT", "request"): {"token": ACCESS},
    ("CLIENT_INTROSPECT", "reply"): {"accessor": "", "grant": ""},
    ("CLIENT_REVOKE", "request"): {"token": REFRESH},
    ("AUTHORIZE", "request"): {
        "responseType": "code", "state": "xyz", "codeChallengeMethod": "S256",
        "codeChallenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"},
    ("AUTHORIZE", "reply"): {"result": 2, "redirect": "", "callbackHost": "mail.example",
                             "newScopes": "read", "ticketExpiresAt": "1764000600000"},
    ("DENY", "reply"): {"redirect": CALLBACK + "?error=access_denied&state=xyz"},
    ("REVOKE", "request"): {"subject": ACCESSOR},
    ("BACKUP", "request"): {"name": "monday"},
    ("SETTINGS_SET", "request"): {"settings": [{"name": "provider-enabled", "value": "true"}]},
    ("SETTINGS_GET", "reply"): {"settings": [{"name": "provider-enabled", "value": "false"},
                                             {"name": "issuer", "value": ""}]},
    ("STATUS", "reply"): {"facts": [{"name": "version", "value": "signetd 1.0"}]},
    ("STATS", "reply"): {"stats": [{"name": "validated-tokens", "value": "123456"}]},
    ("METADATA", "reply"): {"scopes": "user"},
    ("REFRESH", "request"): {"scope": ""},
    ("APP_REGISTER_DYNAMIC", "reply"): {"clientSecret": ""},
}


def typical(schema, fields, over):
    """A likely message; groups are filled by the names of their own fields."""
    out = {}
    for field in fields:
        name, kind = field["name"], field["type"]
        if field.get("when") and not present(field, out):
            continue
        if name in over:
            out[name] = over[name]
        elif kind in schema.groups:
            out[name] = typical(schema, schema.groups[kind]["fields"], {})
        elif element_type(kind) in schema.groups:
            out[name] = [typical(schema, schema.groups[element_type(kind)]["fields"], {})]
        elif field.get("reserved"):
            out[name] = 0
        else:
            out[name] = TYPICAL[name]
    return out


def least(schema, fields):
    """The shortest message there is: zeros, empty texts, shortest lists."""
    out = {}
    for field in fields:
        if field.get("when") and not present(field, out):
            continue
        out[field["name"]] = least_value(schema, field)
    return out


def least_value(schema, field):
    kind, inner = field["type"], element_type(field["type"])
    if inner:
        count = field.get("count", [0])[0]
        return [least_value(schema, {"type": inner}) for _ in range(count)]
    if kind in schema.groups:
        return least(schema, schema.groups[kind]["fields"])
    if kind == "b16":
        return "00" * 16
    if kind == "bool":
        return False
    if kind in ("text", "bytes"):
        return ""
    number = min([int(x) for x in field["enum"]]) if "enum" in field else field.get("min", 0)
    return str(number) if kind == "u64" else number


def most(schema, fields, form=1):
    """Every number at its highest, texts of many bytes a character, two elements a list."""
    out = {}
    for field in fields:
        if field.get("when") and not present(field, out):
            continue
        out[field["name"]] = most_value(schema, field)
    return out


def most_value(schema, field):
    kind, inner = field["type"], element_type(field["type"])
    if inner:
        return [most_value(schema, {"type": inner}) for _ in range(2)]
    if kind in schema.groups:
        return most(schema, schema.groups[kind]["fields"])
    if kind == "b16":
        return "ff" * 16
    if kind == "bool":
        return True
    if kind == "text":
        return "\u00e9\u4e16\U0001f512"
    if kind == "bytes":
        return "00ff80"
    if field.get("reserved"):
        return 0
    if "enum" in field:
        return max(int(x) for x in field["enum"])
    if "bits" in field:
        return sum(int(x) for x in field["bits"])
    number = (1 << (8 * {"u8": 1, "u16": 2, "u32": 4, "u64": 8}[kind])) - 1
    return str(number) if kind == "u64" else number


def vector(schema, operation, direction, name, meaning, values, request_id=7, status=0):
    """One positive frame with its decoded form."""
    op = schema.by_name[operation]
    fields = schema.fields(operation, direction)
    raw = frame(op["opcode"], request_id, put_fields(schema, fields, values), status,
                direction != "request")
    return {"name": name, "meaning": meaning, "operation": operation, "opcode": op["opcode"],
            "direction": direction, "hex": raw.hex(), "header": header_fields(raw),
            "fields": strip(schema, fields, values)}


def slug(operation):
    return operation.lower().replace("_", "-")


def for_operation(schema, op):
    out, seen = [], set()
    for direction in ("request", "reply"):
        fields = op[direction]
        over = BY_OPERATION.get((op["name"], direction), {})
        kinds = [("typical", "likely values", typical(schema, fields, over), 7),
                 ("least", "everything zero, empty or shortest", least(schema, fields), 1),
                 ("most", "numbers at their highest, texts with 2-, 3- and 4-byte characters, "
                          "two elements a list", most(schema, fields), 0xFFFFFFFF)]
        for kind, words, values, request_id in kinds:
            made = vector(schema, op["name"], direction,
                          f"{slug(op['name'])}.{direction}.{kind}",
                          f"{op['name']} {direction}: {words}", values, request_id)
            body = (direction, made["hex"][32:])
            if body not in seen:
                seen.add(body)
                out.append(made)
    return out


def special(schema):
    """Shapes that the general edges do not reach."""
    tokens = [ACCESS.encode().hex(), "", b"junk".hex()]
    request = {"form": 1, "flags": 1, "atLeastPosition": "4711", "requiredScopes": "read user",
               "audience": "https://api.example", "tokens": tokens}
    valid = typical(schema, schema.groups["Identity"]["fields"], {"overrides": 3, "scope": "user"})
    client = dict(valid, subjectKind=2, subject="", overrides=0)
    dead = dict(least(schema, schema.groups["Identity"]["fields"]), verdict=5)
    verdicts = [{"verdict": v, "expiresInSeconds": 60 if v == 0 else 0} for v in range(10)]
    introspected = typical(schema, schema.fields("INTROSPECT", "reply"),
                           {"subject": "", "scope": "read"})
    session = {"user": "root-admin", "systemAdmin": True, "login": 1}
    redirect = typical(schema, schema.fields("AUTHORIZE", "reply"),
                       {"result": 1, "ticket": "", "callbackHost": "", "scopes": "",
                        "newScopes": "", "ticketExpiresAt": "0",
                        "app": least(schema, schema.groups["AppInfo"]["fields"])})
    page = dict(redirect, result=3, redirect="", error=0x010A,
                message="The address to return to is not registered for this application.")
    out = [
        vector(schema, "VALIDATE", "request", "validate.request.identity",
               "VALIDATE of three tokens, one of them empty, identity form, ANY_AUDIENCE", request),
        vector(schema, "VALIDATE", "request", "validate.request.512-tokens",
               "VALIDATE with the largest number of tokens, all empty",
               dict(request, form=0, flags=0, tokens=[""] * 512)),
        vector(schema, "VALIDATE", "reply", "validate.reply.every-verdict",
               "verdict form with each verdict once", {"form": 0, "verdicts": verdicts}),
        vector(schema, "VALIDATE", "reply", "validate.reply.identity",
               "identity form: a person's token, a client's token, a revoked token",
               {"form": 1, "identities": [valid, client, dead]}),
        vector(schema, "VALIDATE", "reply", "validate.reply.512-verdicts",
               "verdict form, 512 elements: body is 3 + 8 x 512 bytes",
               {"form": 0, "verdicts": [{"verdict": 1, "expiresInSeconds": 0}] * 512}),
        vector(schema, "AUTHORIZE", "reply", "authorize.reply.redirect",
               "AUTHORIZE answered by a redirect at once (trusted, or consent remembered)",
               redirect),
        vector(schema, "AUTHORIZE", "reply", "authorize.reply.error-page",
               "AUTHORIZE with an unregistered redirect URI: status OK, result errorPage", page),
        vector(schema, "APP_LIST", "request", "app-list.request.system-admin",
               "APP_LIST of every app for a system administrator",
               {"acting": session, "all": True, "cursor": "17", "maxBytes": 60000}),
        vector(schema, "APP_LIST", "request", "app-list.request.local",
               "APP_LIST by local administration, without a person",
               {"acting": {"user": "", "systemAdmin": False, "login": 0}, "all": True,
                "cursor": "0", "maxBytes": 0}),
        vector(schema, "INTROSPECT", "reply", "introspect.reply.client",
               "INTROSPECT of a client's own token: no subject", introspected),
        vector(schema, "INTROSPECT", "reply", "introspect.reply.dead",
               "INTROSPECT of a token that is not active: the reason and nothing else",
               dict(least(schema, schema.fields("INTROSPECT", "reply")), position="4711",
                    reason=5)),
        vector(schema, "PING", "request", "ping.request.1024",
               "PING with the longest echo", {"echo": "5a" * 1024}),
    ]
    return out


ADVICE = {
    "DENIED": "uid 33 has not got the right `issue` on this socket; add rights=issue to its "
              "`listen` line",
    "VERSION": "this server speaks versions 1 to 1",
    "BUSY": "the commit queue is full; try again",
}


def errors(schema):
    """One error frame a status, on the first operation that lists it, and the empty edge."""
    out = []
    for status in schema.raw["statuses"]:
        if status["code"] == 0:
            continue
        host = next((o["name"] for o in schema.operations if status["name"] in o["errors"]), "PING")
        if status["name"] == "DENIED":
            host = "ISSUE"
        values = {"field": "fields.callbacks[0]" if status["name"] == "INVALID_FIELD" else "",
                  "message": ADVICE.get(status["name"], status["meaning"]),
                  "retryAfterMillis": 250 if status["retriable"] else 0,
                  "oauthError": status["oauth"]}
        out.append(vector(schema, host, "error", f"error.{slug(status['name'])}",
                          f"error frame {status['name']} (0x{status['code']:04X}) to {host}",
                          values, 7, status["code"]))
    empty = {"field": "", "message": "", "retryAfterMillis": 0, "oauthError": ""}
    out.append(vector(schema, "VALIDATE", "error", "error.least",
                      "error frame with every text empty", empty, 1, 7))
    out.append(vector(schema, "VALIDATE", "error", "error.unknown-status",
                      "a status code of a later version: treat as not retriable, fail closed",
                      dict(empty, message="later"), 1, 0x02FF))
    return out


def unknown_opcode(schema):
    """UNSUPPORTED echoes an opcode that the schema has not got."""
    values = {"field": "", "message": "unknown opcode 0x0EEE", "retryAfterMillis": 0,
              "oauthError": ""}
    raw = frame(0x0EEE, 7, put_fields(schema, schema.raw["errorBody"], values), 2, True)
    return {"name": "error.unknown-opcode", "meaning": "answer to opcode 0x0EEE: the connection "
            "stays", "operation": "", "opcode": 0x0EEE, "direction": "error", "hex": raw.hex(),
            "header": header_fields(raw), "fields": values}


def make(schema):
    out = []
    for op in schema.operations:
        out += for_operation(schema, op)
    return out + special(schema) + errors(schema) + [unknown_opcode(schema)]
