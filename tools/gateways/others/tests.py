"""Requests through Envoy and Caddy, which ask the nginx beside them, which asks signetd; and the
site's pages behind Caddy."""

import os
import signal

from harness import rows, upstream
from harness.place import Process, free_port, listens
from web import stack

from . import caddy_pages, programs

HERE = os.path.dirname(os.path.realpath(__file__))
FORGED = [("X-Auth-Subject", "root"), ("X_Auth_Subject", "root"), ("x-auth_client", "root"),
          ("X-AUTH-OVERRIDE", "icon"), ("X_AUTH-SCOPE", "root")]


def _start(kind, path, site, upstream_port):
    """The gateway with its configuration of this folder, and its port."""
    port = free_port()
    name = {"envoy": "envoy.yaml", "caddy": "Caddyfile"}[kind]
    with open(os.path.join(HERE, name), encoding="utf-8") as file:
        text = file.read()
    for old, new in {"127.0.0.1:8080": f"127.0.0.1:{port}", "port_value: 8080":
                     f"port_value: {port}", "127.0.0.1:9000": f"127.0.0.1:{upstream_port}",
                     "port_value: 9000": f"port_value: {upstream_port}",
                     "/run/": site.root + "/run/"}.items():
        text = text.replace(old, new)
    if kind == "caddy":
        # Of the machine's own Caddy nothing is touched.
        text = "{\n\tadmin off\n}\n" + text
    target = site.path(name)
    with open(target, "w", encoding="utf-8") as file:
        file.write(text)
    command = {"envoy": [path, "-c", target, "--use-dynamic-base-id", "--concurrency", "1"],
               "caddy": [path, "run", "--adapter", "caddyfile", "--config", target]}[kind]
    env = dict(os.environ, HOME=site.root, XDG_DATA_HOME=site.root, XDG_CONFIG_HOME=site.root)
    process = Process(command, site.path("logs", kind + ".log"), env)
    process.wait_for(lambda: listens(port), f"{kind} listens")
    return process, port


def _case(tally, name, port, headers, status, authenticate=None, told=None, retry=None,
          path="/anything"):
    told = sorted(told.items()) if told is not None else None
    tally.case(name, str(rows.Answer(status, authenticate, retry, told)),
               str(rows.ask(port, path, headers)))


def _ask_all(tally, kind, port, site, names):
    refused = 'Bearer realm="api", error="invalid_token"'

    def bearer(name):
        return [("Authorization", "Bearer " + names[name])]
    alice = {"x-auth-subject": "alice", "x-auth-client": names["app"], "x-auth-scope": "read",
             "x-auth-expires": names["alice_expires"]}
    machine = {"x-auth-client": names["app"], "x-auth-scope": "read",
               "x-auth-expires": names["machine_expires"]}
    _case(tally, f"{kind}: good", port, bearer("alice"), 200, None, alice)
    _case(tally, f"{kind}: forged headers", port, FORGED + bearer("machine"), 200, None, machine)
    for words, values in (("one header", ["close, X-Auth-Subject"]),
                          ("two headers", ["keep-alive", "x_auth-scope,\tX-AUTH-Expires"])):
        named = [("Connection", value) for value in values]
        _case(tally, f"{kind}: Connection names our headers, in {words}", port,
              named + bearer("alice"), 200, None, alice)
    _case(tally, f"{kind}: no token", port, FORGED, 401, 'Bearer realm="api"')
    _case(tally, f"{kind}: junk", port, [("Authorization", "Bearer sga_junk")], 401, refused)
    _case(tally, f"{kind}: two tokens", port, bearer("alice"), 400,
          'Bearer realm="api", error="invalid_request"', path="/?access_token=x")
    fleeting = _issue(site, names, "fleeting", "--user", "alice")
    _case(tally, f"{kind}: good until one request ago", port, bearer("fleeting"), 200, None,
          {**alice, "x-auth-expires": names["fleeting_expires"]})
    site.ctl("revoke", fleeting)
    _case(tally, f"{kind}: revoked one request ago", port, bearer("fleeting"), 401, refused)
    site.stop_one("signetd")
    # Envoy makes an answer of its own out of a 503.
    _case(tally, f"{kind}: signetd away", port, bearer("alice"), 503,
          retry="5" if kind == "caddy" else None)
    site.start_signetd()
    _case(tally, f"{kind}: signetd is back", port, bearer("alice"), 200, None, alice)


def _issue(site, names, name, *arguments):
    made = site.ctl("issue", "--client", names["app"], "--scope", "read", *arguments)["tokens"][0]
    names[name] = made["accessToken"]
    names[name + "_expires"] = str(made["expiresAt"] // 1000)
    return names[name]


def run(tally, folder):
    """Every gateway that is there, one after the other."""
    there = {}
    for kind, find in (("envoy", programs.envoy), ("caddy", programs.caddy)):
        path, reason = find()
        if reason or stack.missing():
            tally.skip(kind, reason or stack.missing())
        else:
            there[kind] = path
    if not there:
        return
    site, echo, names = stack.Stack(folder), upstream.Upstream(), {}
    try:
        site.start()
        site.ctl("settings", "set", "provider-enabled=true",
                 "restrict-integrations-to-admins=false")
        names["app"], _ = site.register("Others", "https://app.example/callback", "--scopes",
                                        "read")
        _issue(site, names, "alice", "--user", "alice")
        _issue(site, names, "machine")
        for kind, path in there.items():
            process, port = _start(kind, path, site, echo.port)
            try:
                _ask_all(tally, kind, port, site, names)
            finally:
                process.stop(signal.SIGTERM)
        if "caddy" in there:
            caddy_pages.run(tally, there["caddy"], site)
    finally:
        site.stop()
        echo.stop()
        site.remove()
