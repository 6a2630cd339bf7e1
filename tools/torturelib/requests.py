"""Fields of the requests that the tests send, and a connection to send them with."""

import os
import socket
import sys
from urllib.parse import parse_qsl, urlsplit

HERE = os.path.dirname(os.path.realpath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(ROOT, "tools", "python"))

from signet.connection import Connection  # noqa: E402
from signet.errors import BY_NAME, Refused, SignetError, Unreachable  # noqa: E402,F401
from signet.operations import OPERATIONS  # noqa: E402,F401
from signet import tokens, wire  # noqa: E402,F401

LOCAL = {"user": "", "systemAdmin": False, "login": 0}
CALLBACK = "https://app.example/cb"
NO_KEY = bytes(16)
PATIENCE_SECONDS = 30.0


def person(user):
    return {"user": user, "systemAdmin": False, "login": 1}


def app_fields(name, description="", trusted=True):
    return {"name": name, "description": description, "homepage": "https://app.example/",
            "iconUrl": "", "callbacks": [CALLBACK], "trusted": trusted, "isPublic": False,
            "grants": 0, "audiences": [], "scopes": ""}


def auth(client, secret):
    return {"clientId": client, "clientSecret": secret, "method": 1}


def issue(key, client, users, count=1, with_refresh=True):
    items = [{"clientId": client, "user": user, "scope": "", "audience": "", "lifetimeSeconds": 0,
              "withRefresh": with_refresh, "count": count} for user in users]
    return {"key": key, "items": items}


def authorize(key, client, user):
    return {"key": key, "acting": person(user), "responseType": "code", "clientId": client,
            "redirectUri": CALLBACK, "scope": "", "state": "s", "codeChallenge": "",
            "codeChallengeMethod": "", "resource": ""}


def exchange(key, client, secret, code):
    return {"key": key, "client": auth(client, secret), "code": code, "redirectUri": CALLBACK,
            "codeVerifier": "", "resource": ""}


def refresh(key, client, secret, token):
    return {"key": key, "client": auth(client, secret), "refreshToken": token, "scope": "",
            "resource": ""}


def validate(texts):
    return {"form": 0, "flags": 0, "atLeastPosition": 0, "requiredScopes": "", "audience": "",
            "tokens": [text.encode() for text in texts]}


def settings(key, **values):
    """SETTINGS_SET by the local administrator; `_` in a name stands for `-`."""
    return {"key": key, "acting": LOCAL, "settings": [
        {"name": name.replace("_", "-"), "value": value} for name, value in values.items()]}


def code_of(redirect):
    """The code in a redirect URL."""
    return dict(parse_qsl(urlsplit(redirect).query))["code"]


class Link(Connection):
    """A connection that another thread may cut."""

    def cut(self):
        try:
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # it has ended already


def connect(path, timeout=PATIENCE_SECONDS):
    return Link(path, "torture", timeout)


def verdicts(link, texts):
    """VALIDATE's verdicts of any number of tokens, in order."""
    texts = list(texts)
    ids = [link.send("VALIDATE", validate(texts[at:at + 512]))
           for at in range(0, len(texts), 512)]
    found = []
    for each in ids:
        found += [element["verdict"] for element in link.receive(each)["verdicts"]]
    return found


def pages(link, name, part, **fields):
    """All elements of a list operation."""
    cursor, more = 0, True
    while more:
        page = link.call(name, {**fields, "cursor": cursor, "maxBytes": 0})
        yield from page[part]
        cursor = page["nextCursor"]
        more = cursor != 0


def facts(link):
    """STATUS as a dictionary."""
    return {each["name"]: each["value"] for each in link.call("STATUS", {})["facts"]}
