"""The site's pages and endpoints behind a web server that is not nginx: the same names, the same
refusals."""

import base64
import json

from .person import Person, ask


def _json(reply):
    return json.loads(reply.text)


def run(tally, stack, name, site):
    """`name` of the web server, `site` its address."""
    alice = Person(site, "alice", stack.passwords["alice"])
    reply = alice.get("/console/authorized")
    tally.case(f"{name}: the console knows alice", (200, True),
               (reply.status, "alice" in reply.text))
    tally.case(f"{name}: nobody, forged", (401, 401), (
        ask(site + "/console/authorized").status,
        Person(site, "admin", "guess").get("/console/authorized").status))
    tally.case(f"{name}: a header does not change who is logged in", 403,
               alice.get("/console/system", [("SIGNET_USER", "admin"), ("Signet-User", "admin"),
                                             ("X-Signet-User", "admin")]).status)
    tally.case(f"{name}: a header is nobody's name where nobody logs in", 401,
               ask(site + "/oauth/userinfo", headers=[("SIGNET_USER", "admin")]).status)
    tally.case(f"{name}: the issuer is not the Host that was asked", stack.issuer,
               _json(ask(site + "/.well-known/oauth-authorization-server"))["issuer"])
    _forms(tally, name, alice)
    _endpoints(tally, stack, name, site)


def _forms(tally, name, alice):
    """A form of several lines comes through, and one without its token does nothing."""
    page = alice.get("/console/applications/new")
    typed = {"name": f"Behind {name}", "description": "a & b", "homepage": "https://app.example/",
             "callbacks": "https://app.example/cb\r\nhttps://app.example/cb?a=1"}

    def is_there():
        return f"Behind {name}" in alice.get("/console/applications").text

    refused = alice.post("/console/applications/new", typed)
    tally.case(f"{name}: a form without its token", (403, False), (refused.status, is_there()))
    made = alice.send(page, "Register", typed)
    tally.case(f"{name}: a form registers an application", (303, True), (made.status, is_there()))


def _endpoints(tally, stack, name, site):
    client, secret = stack.register(f"Machine behind {name}", "https://app.example/callback",
                                    "--grant", "client_credentials", "--scopes", "read")
    text = base64.b64encode(f"{client}:{secret}".encode()).decode()
    reply = ask(site + "/oauth/token", "POST", [("Authorization", "Basic " + text)],
                {"grant_type": "client_credentials"})
    tally.case(f"{name}: an app's Basic credentials arrive", (200, "no-store"),
               (reply.status, reply.header("Cache-Control")))
    reply = ask(site + "/oauth/token", "POST", [], {
        "grant_type": "client_credentials", "client_id": client, "client_secret": "guess"})
    tally.case(f"{name}: wrong credentials in the body", (401, "invalid_client"),
               (reply.status, _json(reply).get("error")))
    issued = stack.ctl("issue", "--client", client, "--user", "alice", "--scope", "read")
    bearer = [("Authorization", "Bearer " + issued["tokens"][0]["accessToken"])]
    tally.case(f"{name}: a bearer token arrives", (200, "alice"), (
        ask(site + "/oauth/userinfo", headers=bearer).status,
        _json(ask(site + "/oauth/userinfo", headers=bearer)).get("sub")))
