"""Real OAuth clients: requests-oauthlib, Authlib, one as Zapier's, and the documentation's."""

import base64
import importlib.metadata
import json
import os
import urllib.parse
import warnings

# The site is plain HTTP on loopback; both libraries insist on HTTPS otherwise.
os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"
warnings.filterwarnings("ignore", category=DeprecationWarning)

import requests  # noqa: E402
from authlib.common.errors import AuthlibBaseError  # noqa: E402
from authlib.integrations.requests_client import OAuth2Session as AuthlibSession  # noqa: E402
from oauthlib.oauth2 import BackendApplicationClient  # noqa: E402
from oauthlib.oauth2.rfc6749.errors import AccessDeniedError, InvalidGrantError  # noqa: E402
from oauthlib.oauth2.rfc6749.errors import InvalidClientError  # noqa: E402
from requests_oauthlib import OAuth2Session  # noqa: E402

from harness.place import until  # noqa: E402

from .api import ME  # noqa: E402
from .person import Person, ask  # noqa: E402

CALLBACK = "https://app.example/callback"
VERIFIER = "a-verifier-of-another-attempt-that-is-long-enough"


class Site:
    """The addresses of the site, and two who use it."""

    def __init__(self, stack, tally):
        self.stack, self.tally = stack, tally
        self.url = stack.url
        self.authorize, self.token = self.url + "/oauth/authorize", self.url + "/oauth/token"
        self.introspect, self.revoke = self.url + "/oauth/introspect", self.url + "/oauth/revoke"
        self.alice = Person(self.url, "alice", stack.passwords["alice"])
        # The environment's proxy and its certificates are for the world outside.
        os.environ["NO_PROXY"] = os.environ["no_proxy"] = "127.0.0.1"

    def me(self, token):
        """What the API says to a token: (status, user)."""
        reply = requests.get(self.url + ME, timeout=30,
                             headers={"Authorization": "Bearer " + token})
        return reply.status_code, reply.json().get("username") if reply.ok else None


def run(tally, stack):
    site = Site(stack, tally)
    for name in ("requests-oauthlib", "oauthlib", "Authlib", "requests"):
        print(f"with  {name} {importlib.metadata.version(name)}", flush=True)
    _requests_oauthlib(site)
    _requests_oauthlib_machine(site)
    _authlib(site)
    _authlib_machine(site)
    _zapier(site)
    _documentation(site)
    _dynamic(site)


def _requests_oauthlib(site):
    app, secret = site.stack.register("requests-oauthlib", CALLBACK, "--scopes", "read write")
    case = site.tally.case
    session = OAuth2Session(app, redirect_uri=CALLBACK, scope=["read"], pkce="S256")
    url, state = session.authorization_url(site.authorize)
    try:
        session.fetch_token(site.token, authorization_response=site.alice.consent(url, "Deny"),
                            client_secret=secret)
        case("requests-oauthlib: Deny", "AccessDeniedError", "a token")
    except AccessDeniedError:
        case("requests-oauthlib: Deny", "AccessDeniedError", "AccessDeniedError")
    session = OAuth2Session(app, redirect_uri=CALLBACK, scope=["read"], pkce="S256")
    url, state = session.authorization_url(site.authorize, state="s/t a+te%20")
    answer = site.alice.consent(url)
    case("requests-oauthlib: state comes back as it was", ("s/t a+te%20", site.url),
         tuple(dict(urllib.parse.parse_qsl(answer.partition("?")[2])).get(n)
               for n in ("state", "iss")))
    token = session.fetch_token(site.token, authorization_response=answer, client_secret=secret)
    case("requests-oauthlib: code and PKCE", ("Bearer", ["read"], True),
         (token["token_type"].capitalize(), token.scope and list(token.scopes),
          "refresh_token" in token))
    case("requests-oauthlib: the API knows alice", (200, "alice"),
         site.me(token["access_token"]))
    fresh = session.refresh_token(site.token, client_id=app, client_secret=secret)
    case("requests-oauthlib: refresh rotates", (True, True),
         (fresh["access_token"] != token["access_token"],
          fresh["refresh_token"] != token["refresh_token"]))
    case("requests-oauthlib: the fresh token", (200, "alice"), site.me(fresh["access_token"]))
    # A later visit goes straight through; the code then goes with a wrong verifier.
    session = OAuth2Session(app, redirect_uri=CALLBACK, scope=["read"], pkce="S256")
    url, _ = session.authorization_url(site.authorize)
    reply = site.alice.get(url)
    case("requests-oauthlib: a later visit is not asked", 303, reply.status)
    session._code_verifier = VERIFIER
    case("requests-oauthlib: wrong verifier", "InvalidGrantError", _raised(
        InvalidGrantError, session.fetch_token, site.token,
        authorization_response=reply.header("Location"), client_secret=secret))
    session = OAuth2Session(app, redirect_uri=CALLBACK, scope=["read", "write"])
    url, _ = session.authorization_url(site.authorize)
    case("widened scopes are asked again", 200, site.alice.get(url).status)
    site.alice.revoke(app)
    case("requests-oauthlib: one request after Revoke", (401, None),
         site.me(fresh["access_token"]))
    session = OAuth2Session(app, token=fresh)
    case("requests-oauthlib: refresh after Revoke", "InvalidGrantError", _raised(
        InvalidGrantError, session.refresh_token, site.token, client_id=app,
        client_secret=secret))


def _raised(kind, function, *arguments, **more):
    try:
        function(*arguments, **more)
        return "nothing raised"
    except kind:
        return kind.__name__
    except Exception as error:  # noqa: BLE001  # whatever else it is, it is what the case shows
        return repr(error)[:200]


def _requests_oauthlib_machine(site):
    app, secret = site.stack.register("oauthlib machine", CALLBACK, "--grant",
                                      "client_credentials", "--scopes", "read")
    session = OAuth2Session(client=BackendApplicationClient(client_id=app, scope=["read"]))
    token = session.fetch_token(site.token, client_id=app, client_secret=secret)
    site.tally.case("requests-oauthlib: client credentials", ("Bearer", False),
                    (token["token_type"].capitalize(), "refresh_token" in token))
    site.tally.case("a client token is nobody's at the API", 403, site.me(token["access_token"])[0])
    session = OAuth2Session(client=BackendApplicationClient(client_id=app))
    site.tally.case("requests-oauthlib: wrong secret", "InvalidClientError", _raised(
        InvalidClientError, session.fetch_token, site.token, client_id=app,
        client_secret="wrong"))


def _authlib(site):
    app, secret = site.stack.register("Authlib", CALLBACK)
    case = site.tally.case

    def session(**more):
        return AuthlibSession(app, secret, redirect_uri=CALLBACK, code_challenge_method="S256",
                              revocation_endpoint=site.revoke, **more)

    client, verifier = session(), base64.urlsafe_b64encode(os.urandom(32)).decode().rstrip("=")
    url, _ = client.create_authorization_url(site.authorize, code_verifier=verifier)
    answer = site.alice.consent(url)
    token = client.fetch_token(site.token, authorization_response=answer, code_verifier=verifier)
    case("Authlib: code and PKCE (Basic)", ("Bearer", (200, "alice")),
         (token["token_type"].capitalize(), site.me(token["access_token"])))
    seen = client.introspect_token(site.introspect, token=token["access_token"])
    seen = seen.json() if hasattr(seen, "json") else seen
    case("Authlib: introspect", (True, "alice", app),
         (seen.get("active"), seen.get("sub"), seen.get("client_id")))
    again = session()
    case("Authlib: the same code again", "invalid_grant", _error(
        again.fetch_token, site.token, authorization_response=answer, code_verifier=verifier))
    case("Authlib: a code used twice takes its tokens with it", (401, None),
         site.me(token["access_token"]))
    client = session()
    url, _ = client.create_authorization_url(site.authorize, code_verifier=verifier)
    answer = site.alice.consent(url)
    case("Authlib: wrong verifier", "invalid_grant", _error(
        client.fetch_token, site.token, authorization_response=answer, code_verifier=VERIFIER))
    client = session()
    url, _ = client.create_authorization_url(site.authorize, code_verifier=verifier)
    client.fetch_token(site.token, authorization_response=site.alice.consent(url),
                       code_verifier=verifier)
    fresh = client.refresh_token(site.token, refresh_token=client.token["refresh_token"])
    case("Authlib: refresh", (200, "alice"), site.me(fresh["access_token"]))
    reply = client.revoke_token(site.revoke, token=fresh["access_token"],
                                token_type_hint="access_token")
    case("Authlib: revoke", (200, (401, None)),
         (reply.status_code, site.me(fresh["access_token"])))
    seen = client.introspect_token(site.introspect, token=fresh["access_token"])
    seen = seen.json() if hasattr(seen, "json") else seen
    case("Authlib: introspect after revoke", {"active": False}, seen)


def _error(function, *arguments, **more):
    try:
        function(*arguments, **more)
        return "no error"
    except AuthlibBaseError as error:
        return error.error


def _authlib_machine(site):
    app, secret = site.stack.register("Authlib machine", CALLBACK, "--grant",
                                      "client_credentials")
    for method in ("client_secret_basic", "client_secret_post"):
        client = AuthlibSession(app, secret, token_endpoint_auth_method=method)
        token = client.fetch_token(site.token, grant_type="client_credentials")
        site.tally.case(f"Authlib: client credentials, {method}", "Bearer",
                        token["token_type"].capitalize())


def _zapier(site):
    """As Zapier's platform does it: confidential, no PKCE, everything in the body, refresh."""
    callback = "https://zapier.com/dashboard/auth/oauth/return/App123CLIAPI/"
    app, secret = site.stack.register("Zapier", callback)
    query = {"client_id": app, "redirect_uri": callback, "response_type": "code",
             "state": "1732480000.zap"}
    answer = site.alice.consent(site.authorize + "?" + urllib.parse.urlencode(query))
    given = dict(urllib.parse.parse_qsl(answer.partition("?")[2]))
    site.tally.case("Zapier: goes back with code and state", (True, "1732480000.zap", True),
                    (answer.startswith(callback), given.get("state"), "code" in given))
    body = {"client_id": app, "client_secret": secret, "redirect_uri": callback,
            "grant_type": "authorization_code", "code": given["code"]}
    reply = requests.post(site.token, data=body, timeout=30)
    token = reply.json()
    site.tally.case("Zapier: code for tokens", (200, (200, "alice")),
                    (reply.status_code, site.me(token.get("access_token", ""))))
    body = {"client_id": app, "client_secret": secret, "grant_type": "refresh_token",
            "refresh_token": token.get("refresh_token", "")}
    fresh = requests.post(site.token, data=body, timeout=30)
    site.tally.case("Zapier: refresh", (200, (200, "alice")),
                    (fresh.status_code, site.me(fresh.json().get("access_token", ""))))
    site.alice.revoke(app)
    site.tally.case("Zapier: one request after Revoke", (401, None),
                    site.me(fresh.json().get("access_token", "")))


def _documentation(site):
    """The sample client of the documentation: /oauth/access_token, then /api/v4/users/me."""
    app, secret = site.stack.register("Sample client", CALLBACK)
    query = urllib.parse.urlencode({"response_type": "code", "client_id": app,
                                    "redirect_uri": CALLBACK, "state": "x"})
    answer = site.alice.consent(f"{site.authorize}?{query}")
    code = dict(urllib.parse.parse_qsl(answer.partition("?")[2]))["code"]
    reply = ask(site.url + "/oauth/access_token", "POST", form={
        "grant_type": "authorization_code", "client_id": app, "client_secret": secret,
        "redirect_uri": CALLBACK, "code": code})
    token = json.loads(reply.body)
    site.tally.case("documentation: access_token, then users/me",
                    (200, "no-store", (200, "alice")),
                    (reply.status, reply.header("Cache-Control"), site.me(token["access_token"])))


def _dynamic(site):
    """RFC 7591: an app registers itself as a public client, and goes the whole way with PKCE."""
    site.stack.ctl("settings", "set", "dynamic-registration=true")
    try:
        reply = requests.post(site.url + "/oauth/register", timeout=30, json={
            "client_name": "By itself", "redirect_uris": [CALLBACK],
            "token_endpoint_auth_method": "none"})
        made = reply.json()
        site.tally.case("dynamic registration: a public client", (201, 26, None, "no-store"), (
            reply.status_code, len(made.get("client_id", "")), made.get("client_secret"),
            reply.headers.get("Cache-Control")))
        told = requests.get(site.url + "/.well-known/oauth-authorization-server", timeout=30)
        site.tally.case("dynamic registration: the metadata says where",
                        site.url + "/oauth/register", told.json().get("registration_endpoint"))
        session = OAuth2Session(made["client_id"], redirect_uri=CALLBACK, pkce="S256")
        url, _ = session.authorization_url(site.authorize)
        token = session.fetch_token(site.token, include_client_id=True,
                                    authorization_response=site.alice.consent(url))
        site.tally.case("dynamic registration: code and PKCE without a secret", (200, "alice"),
                        site.me(token["access_token"]))
        bad = {"redirect_uris": ["javascript:alert(1)"]}
        replies = []

        def is_judged():  # the service takes a few in a second, from all the world
            replies.append(requests.post(site.url + "/oauth/register", timeout=30, json=bad))
            return replies[-1].status_code != 429

        until(is_judged, "a registration is not refused for its rate")
        reply = replies[-1]
        site.tally.case("dynamic registration: a bad callback", (400, "invalid_redirect_uri"),
                        (reply.status_code, reply.json().get("error")))
    finally:
        site.stack.ctl("settings", "set", "dynamic-registration=false")
