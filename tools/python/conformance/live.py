"""What the live tests share: the target, raw sockets, a connection that checks every refusal."""

from __future__ import annotations

import fcntl
import os
import re
import secrets
import select
import socket
import sys
import termios
import time
import unittest
from typing import Any, Dict, List, Optional, Sequence, Set, Tuple
from urllib.parse import parse_qsl, urlsplit

from signet import wire
from signet.connection import Connection
from signet.errors import STATUSES, ProtocolFault, Refused
from signet.operations import OPERATIONS
from signet.wire import Record

PATIENCE_SECONDS = 15.0
CALLBACK = "https://app.example/cb"
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
LOCAL: Record = {"user": "", "systemAdmin": False, "login": 0}

_SPEC = os.path.join(os.path.dirname(__file__), "..", "..", "..", "proto-spec")
_CONNECTION_ERRORS = {"TIMEOUT", "FRAME_TOO_LARGE", "HELLO_REQUIRED"}


class Target:
    """The server under test."""

    path = ""
    fresh = False
    """Started by this run: defaults are untouched."""
    executable: Optional[str] = None
    """With it, tests may start servers of their own."""


def documented_errors() -> Dict[str, Set[str]]:
    """Names of the statuses that operations.md lists under each operation."""
    found: Dict[str, Set[str]] = {}
    name = ""
    with open(os.path.join(_SPEC, "operations.md"), encoding="utf-8") as file:
        for line in file:
            if line.startswith("## "):
                name = line[3:].strip()
            elif line.startswith("Errors: "):
                found[name] = set(re.findall(r"`(\w+)`", line)) | _CONNECTION_ERRORS
    return found


DOCUMENTED = documented_errors()


class Raw:
    """A socket on which the test says every byte."""

    def __init__(self, path: Optional[str] = None) -> None:
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.socket.settimeout(PATIENCE_SECONDS)
        self.socket.connect(path or Target.path)

    def __enter__(self) -> "Raw":
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def send(self, data: bytes) -> None:
        """Sends all; a server that has closed already is no failure here."""
        try:
            self.socket.sendall(data)
        except (BrokenPipeError, ConnectionResetError):
            pass

    def request(self, name: str, request_id: int = 7, **fields: Any) -> None:
        operation = OPERATIONS[name]
        self.send(wire.frame(operation.opcode, request_id,
                             wire.encode_body(operation.request, fields)))

    def hello(self, max_frame: int = 65536, max_in_flight: int = 0) -> Record:
        """HELLO, which must be answered well."""
        self.request("HELLO", 1, minVersion=1, maxVersion=1, maxFrame=max_frame,
                     maxInFlight=max_in_flight, features=0, clientName="conformance")
        header, body = self.frame()
        assert header.status == 0, body
        return wire.decode_body(OPERATIONS["HELLO"].reply, body)

    def frame(self) -> Tuple[wire.Header, bytes]:
        """The next frame from the server; EOFError when it closed instead."""
        header = wire.decode_header(self._exactly(wire.HEADER_BYTES))
        return header, self._exactly(header.length)

    def error(self) -> Tuple[wire.Header, Record]:
        """The next frame with its body read as an error body."""
        header, body = self.frame()
        return header, wire.decode_body(wire.ERROR_BODY, body)

    def closed(self) -> bool:
        """Whether the server closes without sending another byte."""
        try:
            return self.socket.recv(1) == b""
        except ConnectionResetError:
            return True

    def quiet(self, millis: int = 30) -> bool:
        """Whether nothing arrives for a moment. Says only that nothing wrong was seen."""
        poll = select.poll()
        poll.register(self.socket, select.POLLIN)
        return not poll.poll(millis)

    def stuff(self, data: bytes, millis: int = 300) -> memoryview:
        """Sends until the server reads no further; what is left."""
        unsent = memoryview(data)
        poll = select.poll()
        poll.register(self.socket, select.POLLOUT)
        self.socket.setblocking(False)
        while unsent and poll.poll(millis):
            unsent = unsent[self.socket.send(unsent):]
        self.socket.settimeout(PATIENCE_SECONDS)
        return unsent

    def taken(self) -> bool:
        """Waits until the server has read all that was sent; False when it does not."""
        limit = time.monotonic() + PATIENCE_SECONDS
        while int.from_bytes(fcntl.ioctl(self.socket, termios.TIOCOUTQ, bytes(4)), sys.byteorder):
            if time.monotonic() > limit:
                return False
            time.sleep(0.005)
        return True

    def _exactly(self, count: int) -> bytes:
        data = b""
        while len(data) < count:
            piece = self.socket.recv(count - len(data))
            if not piece:
                raise EOFError(f"closed after {len(data)} of {count} bytes")
            data += piece
        return data


class Live(unittest.TestCase):
    """A test against the target, on a connection of its own, with the provider on."""

    link: Connection
    needs_provider = True

    def setUp(self) -> None:
        self.connect()
        if self.needs_provider:
            self.set(**{"provider-enabled": "true"})

    def connect(self) -> None:
        """A connection for the rest of the test."""
        self.link = Connection(Target.path, "conformance", PATIENCE_SECONDS)
        self.addCleanup(self.link.close)

    def ask(self, name: str, /, **fields: Any) -> Record:
        """An operation that must succeed; mutations get a key if none is given."""
        try:
            return self.link.call(name, self.keyed(name, fields))
        except Refused as refused:
            self.check(name, refused)
            raise self.failureException(f"{name}: {refused}") from refused
        except ProtocolFault as fault:
            self.connect()
            raise self.failureException(f"{name}: {fault}") from fault

    def refused(self, status: str, name: str, field: Optional[str] = None, /,
                **fields: Any) -> Refused:
        """An operation that must be refused with `status`, and `field` if given."""
        try:
            reply = self.link.call(name, self.keyed(name, fields))
        except Refused as refused:
            self.assertEqual((refused.status.name, refused.message), (status, refused.message))
            self.check(name, refused)
            if field is not None:
                self.assertEqual(refused.field, field, refused.message)
            return refused
        raise self.failureException(f"{name} was answered, {status} expected: {reply}")

    def check(self, name: str, refused: Refused) -> None:
        """What holds for every refusal: documented, registered, no secret in it."""
        self.assertIn(refused.status.code, STATUSES)
        self.assertIn(refused.status.name, DOCUMENTED[name],
                      f"{name} does not document this status ({refused})")
        self.assertEqual(refused.oauth_error, refused.status.oauth)
        self.assertTrue(refused.message, "an error without a message")
        self.assertNotRegex(refused.message, r"sg[arcs]_[0-9A-Za-z]{20}")
        if refused.status.retry:
            self.assertGreater(refused.retry_after_millis, 0)

    @staticmethod
    def keyed(name: str, fields: Record) -> Record:
        if OPERATIONS[name].mutation and "key" not in fields:
            return {"key": secrets.token_bytes(16), **fields}
        return fields

    def set(self, **settings: str) -> None:
        """Sets settings as the local administrator; `_` in a name stands for `-`."""
        self.ask("SETTINGS_SET", acting=LOCAL, settings=[
            {"name": name.replace("_", "-"), "value": value} for name, value in settings.items()])

    def set_back(self, **settings: str) -> None:
        """Sets settings when the test is over."""
        self.addCleanup(self._set_later, settings)

    @staticmethod
    def _set_later(settings: Dict[str, str]) -> None:
        with Connection(Target.path, "conformance", PATIENCE_SECONDS) as link:
            link.call("SETTINGS_SET", {
                "key": bytes(16), "acting": LOCAL, "settings": [
                    {"name": name.replace("_", "-"), "value": value}
                    for name, value in settings.items()]})

    def verdicts(self, *texts: str, **asked: Any) -> List[int]:
        """VALIDATE's verdicts of some tokens."""
        fields = {"form": 0, "flags": 0, "atLeastPosition": 0, "requiredScopes": "",
                  "audience": "", "tokens": [text.encode() for text in texts], **asked}
        return [element["verdict"] for element in self.ask("VALIDATE", **fields)["verdicts"]]

    def issue(self, app: "App", user: str, **item: Any) -> Record:
        """One token set without consent."""
        order = {"clientId": app.client_id, "user": user, "scope": "", "audience": "",
                 "lifetimeSeconds": 0, "withRefresh": False, "count": 1, **item}
        return self.ask("ISSUE", items=[order])["tokens"][0]

    def register(self, **wish: Any) -> "App":
        """An app registered by the local administrator."""
        fields = app_fields(**wish)
        reply = self.ask("APP_REGISTER", acting=LOCAL, fields=fields)
        return App(reply["clientId"], reply["clientSecret"], fields["callbacks"][0],
                   fields["isPublic"])

    def authorize(self, app: "App", user: str, **wish: Any) -> Record:
        """AUTHORIZE of a logged-in person."""
        return self.ask("AUTHORIZE", **authorize_fields(app, user, **wish))

    def code(self, app: "App", user: str, **wish: Any) -> str:
        """A code: AUTHORIZE, and ALLOW if the page is needed."""
        reply = self.authorize(app, user, **wish)
        if reply["result"] == 2:
            reply = self.ask("ALLOW", acting=person(user), ticket=reply["ticket"])
        return query_of(reply["redirect"])["code"]

    def exchange(self, app: "App", code: str, **wish: Any) -> Record:
        """EXCHANGE that must succeed."""
        return self.ask("EXCHANGE", **exchange_fields(app, code, **wish))["tokens"]

    def login(self, app: "App", user: str, **wish: Any) -> Record:
        """The whole code flow: a token set."""
        return self.exchange(app, self.code(app, user, **wish))


class App:
    """A registered app as a test knows it."""

    def __init__(self, client_id: str, secret: str, callback: str, public: bool) -> None:
        self.client_id = client_id
        self.secret = secret
        self.callback = callback
        self.public = public

    def auth(self, secret: Optional[str] = None) -> Record:
        """The group ClientAuth."""
        if self.public:
            return {"clientId": self.client_id, "clientSecret": "", "method": 0}
        return {"clientId": self.client_id, "clientSecret": secret or self.secret, "method": 1}


def person(user: str, admin: bool = False, login: int = 1) -> Record:
    """The group Acting for a logged-in person."""
    return {"user": user, "systemAdmin": admin, "login": login}


def someone(role: str = "user") -> str:
    """A user id that no other test has."""
    return f"{role}-{secrets.token_hex(6)}"


def app_fields(**wish: Any) -> Record:
    """The group AppFields with likely values."""
    return {"name": "Conformance", "description": "", "homepage": "https://app.example/",
            "iconUrl": "", "callbacks": [CALLBACK], "trusted": False, "isPublic": False,
            "grants": 0, "audiences": [], "scopes": "", **wish}


def authorize_fields(app: App, user: str, **wish: Any) -> Record:
    """AUTHORIZE's fields, PKCE for public clients."""
    return {"acting": person(user), "responseType": "code", "clientId": app.client_id,
            "redirectUri": app.callback, "scope": "", "state": "xyz",
            "codeChallenge": CHALLENGE if app.public else "",
            "codeChallengeMethod": "S256" if app.public else "", "resource": "", **wish}


def exchange_fields(app: App, code: str, **wish: Any) -> Record:
    """EXCHANGE's fields."""
    return {"client": app.auth(), "code": code, "redirectUri": app.callback,
            "codeVerifier": VERIFIER if app.public else "", "resource": "", **wish}


def query_of(url: str) -> Dict[str, str]:
    """The query of a URL."""
    return dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))


def names_of(pairs: Sequence[Record]) -> List[str]:
    """The names of settings, facts or stats."""
    return [pair["name"] for pair in pairs]
