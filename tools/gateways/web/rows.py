"""Runs the rows of rows.json: each a request through nginx and what has to come back."""

import base64
import json
import os
import re
import urllib.parse

from .person import ask, ask_socket, basic

HERE = os.path.dirname(os.path.realpath(__file__))


def names(stack):
    """What the rows name in braces: an application with a token, and one that is a machine's."""
    callback = "https://app.example/callback?kept=1"
    app, _ = stack.register("Example", callback, "--scopes", "read write")
    machine, secret = stack.register("Machine", callback, "--grant", "client_credentials",
                                     "--grant", "authorization_code")
    issued = stack.ctl("issue", "--client", app, "--user", "alice", "--scope", "read")
    encoded = "".join(f"%{byte:02x}" for byte in secret.encode())
    return {
        "site": stack.url, "app": app, "callback": callback,
        "callback_encoded": urllib.parse.quote(callback, safe=""), "machine": machine,
        "machine_secret": secret, "basic": basic(machine, secret)[1],
        "basic_encoded": basic(machine, encoded)[1],
        "basic_wrong": basic(machine, "wrong")[1],
        "basic_forged": "Basic " + base64.b64encode(b"admin:guess").decode(),
        "good": issued["tokens"][0]["accessToken"],
    }


def _ask(stack, row, fill_in):
    headers = [(name, fill_in(value)) for name, value in row.get("send", [])]
    if "as" in row:
        headers.append(basic(row["as"], stack.passwords[row["as"]]))
    form = [(name, fill_in(value)) for name, value in row["form"]] if "form" in row else None
    body = row["body"].encode() if "body" in row else None
    if body is not None:
        headers.append(("Content-Type", row["type"]))
    if any(name == "Host" for name, _ in headers):
        return _with_host(stack, fill_in(row["path"]), headers)
    method = "GET" if form is None and body is None else "POST"
    return ask(stack.url + fill_in(row["path"]), method, headers, form, body)


def _with_host(stack, path, headers):
    """The host as the row says it."""
    host = next(value for name, value in headers if name == "Host")
    return ask(stack.url + path, headers=[h for h in headers if h[0] != "Host"], host=host)


def _seen(row, reply, fill_in):
    """(what was expected, what came back): equal when it is right."""
    expected, seen = {"status": row["status"]}, {"status": reply.status}
    for name, value in row.get("headers", {}).items():
        expected[name] = fill_in(value) if value else None
        came = reply.header(name)
        # What a header begins with is enough: a realm or a charset may follow.
        seen[name] = expected[name] if value and came and came.startswith(expected[name]) else came
    if "json" in row:
        try:
            answer = json.loads(reply.body)
        except ValueError:
            answer = {}
        for name, value in row["json"].items():
            expected[name] = fill_in(value) if isinstance(value, str) else value
            seen[name] = answer.get(name)
    if "holds" in row:
        expected["holds"], seen["holds"] = True, row["holds"] in reply.text
    return expected, seen


def run(tally, stack):
    known = names(stack)

    def fill_in(text):
        return re.sub(r"\{(\w+)\}", lambda found: known[found.group(1)], text)

    with open(os.path.join(HERE, "rows.json"), encoding="utf-8") as file:
        table = json.load(file)["rows"]
    for row in table:
        reply = _ask(stack, row, fill_in)
        expected, seen = _seen(row, reply, fill_in)
        tally.case(row["name"], expected, seen)
    _shim(tally, stack, known)


def _shim(tally, stack, known):
    """The check over HTTP, as Envoy and Caddy ask it."""
    path = stack.path("run/signet/shim.sock")
    reply = ask_socket(path, [("Authorization", "Bearer " + known["good"]),
                              ("X-Auth-Subject", "admin"), ("X-Auth-Override", "icon")])
    tally.case("shim: good", (200, "alice", known["app"], None), (
        reply.status, reply.header("X-Auth-Subject"), reply.header("X-Auth-Client"),
        reply.header("X-Auth-Override")))
    reply = ask_socket(path, [("Authorization", "Bearer nothing"), ("X-Auth-Subject", "admin")])
    tally.case("shim: refused", (401, None),
               (reply.status, reply.header("X-Auth-Subject")))
