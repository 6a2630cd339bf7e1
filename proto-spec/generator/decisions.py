"""VALIDATE's decision table and what a gateway answers to a verdict or a status."""

import itertools

from .messages import ACCESS

DEAD = {"missing": 1, "malformed": 2, "forged": 3, "unknown": 6, "revoked": 5, "expired": 4,
        "revoked+expired": 5}
API, WEB = "https://api.example", "https://web.example"


def verdict(state, token_audience, token_scope, on, asked, any_audience, required):
    """tokens.md, verdicts.md: token, audience, scope, provider."""
    if state != "valid":
        return DEAD[state]
    if token_audience:
        audience_ok = any_audience or token_audience == asked
    else:
        audience_ok = not asked
    if not on:
        return 9
    if not audience_ok:
        return 7
    return 0 if set(required.split()) <= set(token_scope.split()) else 8


def http_of(schema, code):
    found = schema.raw["verdicts"][code]
    return {"status": found["http"], "error": found["error"], "retryAfter": found["retryAfter"]}


def make(schema):
    out, names = [], [v["name"] for v in schema.raw["verdicts"]]

    def add(name, meaning, state, ta, ts, on, asked, any_, required):
        code = verdict(state, ta, ts, on, asked, any_, required)
        out.append({"name": name, "meaning": meaning, "token": state, "tokenAudience": ta,
                    "tokenScope": ts, "providerOn": on, "requestAudience": asked,
                    "anyAudience": any_, "requiredScopes": required, "verdict": code,
                    "verdictName": names[code], "http": http_of(schema, code)})

    audiences = [("", "", "no audience on either side"), (API, API, "the audience named"),
                 (API, "", "the token has one, the request names none"),
                 ("", API, "the request names one, the token has none"),
                 (API, WEB, "another audience"), (API, API + "/", "a trailing slash more"),
                 (API, "HTTPS://API.EXAMPLE", "another case")]
    scopes = [("read user", "", "none required"), ("read user", "read", "one required and there"),
              ("read user", "user read", "both required, other order"),
              ("read user", "write", "one required and missing"),
              ("read user", "read write", "one of two missing"), ("", "user", "token has none"),
              ("readable", "read", "a prefix is not a match"), ("Read", "read", "case counts")]
    number = 0
    for (ta, asked, why), any_, on in itertools.product(audiences, (False, True), (True, False)):
        for ts, required, which in (scopes if any_ is False and on else scopes[::3]):
            number += 1
            add(f"valid-{number:03}", f"{why}; {which}; ANY_AUDIENCE {'on' if any_ else 'off'}; "
                f"provider {'on' if on else 'off'}", "valid", ta, ts, on, asked, any_, required)
    for state in DEAD:
        for on in (True, False):
            for asked, required in (("", ""), (WEB, "write")):
                add(f"dead-{state.replace('+', '-')}-{'on' if on else 'off'}-"
                    f"{'plain' if not asked else 'more'}", f"a {state} token is told so, whatever "
                    "else applies", state, API, "read", on, asked, False, required)
    return out


def http(schema):
    out = []
    realm = "api"
    for v in schema.raw["verdicts"]:
        for required in ("", "read user"):
            header = ""
            if v["http"] in (401, 403):
                header = f'Bearer realm="{realm}"'
                if v["error"]:
                    header += f', error="{v["error"]}"'
                if v["name"] == "INSUFFICIENT_SCOPE":
                    header += f', scope="{required}"'
            if v["name"] == "INSUFFICIENT_SCOPE" and not required:
                continue
            out.append({"name": f"verdict.{v['name'].lower().replace('_', '-')}"
                                f"{'.scopes' if required else ''}",
                        "meaning": f"{v['name']}, {'scopes required' if required else 'no scopes'}",
                        "verdict": v["code"], "requiredScopes": required, "realm": realm,
                        "status": v["http"], "wwwAuthenticate": header,
                        "retryAfterSeconds": 5 if v["http"] == 503 else 0})
    for name in ("BUSY", "DRAINING", "NOT_CAUGHT_UP", "DENIED", "MALFORMED", "UNSUPPORTED",
                 "VERSION", "HELLO_REQUIRED", "FRAME_TOO_LARGE", "TIMEOUT", "TOO_MANY_CONNECTIONS",
                 "LIMIT_REACHED", "INVALID_FIELD"):
        out.append({"name": f"status.{name.lower().replace('_', '-')}", "meaning": f"VALIDATE "
                    f"answered {name}: fail closed", "statusName": name, "requiredScopes": "",
                    "realm": realm, "status": 503, "wwwAuthenticate": "", "retryAfterSeconds":
                    1 if name in ("BUSY", "DRAINING", "NOT_CAUGHT_UP") else 5})
    out.append({"name": "status.later", "meaning": "VALIDATE answered a status of a later version: "
                "fail closed", "statusCode": 0x7FFF, "requiredScopes": "", "realm": realm,
                "status": 503, "wwwAuthenticate": "", "retryAfterSeconds": 5})
    out.append({"name": "unreachable", "meaning": "no connection, no answer in time, or a broken "
                "protocol: fail closed", "unreachable": True, "requiredScopes": "",
                "realm": realm, "status": 503, "wwwAuthenticate": "", "retryAfterSeconds": 5})
    return out + unknown_verdicts() + realms()


def answered(name, meaning, status, challenge="", realm="api", scopes="", retry=0, **cause):
    """`challenge`: what stands behind the realm."""
    shown = realm.replace("\\", "\\\\").replace('"', '\\"')
    header = f'Bearer realm="{shown}"{challenge}' if status in (400, 401, 403) else ""
    return {"name": name, "meaning": meaning, **cause, "requiredScopes": scopes, "realm": realm,
            "status": status, "wwwAuthenticate": header, "retryAfterSeconds": retry}


BAD_TOKEN, TWO_TOKENS = ', error="invalid_token"', ', error="invalid_request"'


def unknown_verdicts():
    return [answered(f"verdict.{code}", "a verdict of a later version is a refusal", 401, BAD_TOKEN,
                     scopes="read user", verdict=code) for code in (10, 128, 255)]


def realms():
    """Whatever has a challenge names the realm; a quotation mark and a backslash are escaped."""
    out = []
    for name, realm, words in (("orders", "orders", "another realm"),
                               ("spaces", "Orders, all of them", "a realm with spaces and a comma"),
                               ("quoted", 'the "api" \\ v2', "a realm that has to be escaped")):
        for kind, status, challenge, cause in (
                ("missing", 401, "", {"verdict": 1}),
                ("expired", 401, BAD_TOKEN, {"verdict": 4}),
                ("insufficient-scope", 403, ', error="insufficient_scope", scope="read user"',
                 {"verdict": 8}),
                ("two-headers", 400, TWO_TOKENS, {"authorization": [f"Bearer {ACCESS}"] * 2,
                                                  "queryToken": ""})):
            out.append(answered(f"realm.{name}.{kind}", words, status, challenge, realm,
                                "read user", **cause))
        out.append(answered(f"realm.{name}.valid", words + " that nobody is told", 200, "", realm,
                            "read user", verdict=0))
        out.append(answered(f"realm.{name}.provider-off", words + " that nobody is told", 503, "",
                            realm, "read user", 5, verdict=9))
    return out
