"""`Signet`: a connection that is made again when it breaks, retries, batch validation."""

from __future__ import annotations

import secrets
import time
from typing import Any, Iterable, List, Optional, Union

from .connection import DEFAULT_NAME, Connection, split_tokens
from .errors import OutcomeUnknown, ProtocolFault, Refused, SignetError, Unreachable
from .operations import OPERATIONS
from .wire import Record

NO_KEY = bytes(16)
"""An idempotency key of all zeros: none."""

VALIDATE_TOKENS = 512
"""Most tokens of one VALIDATE."""

LONGEST_TOKEN_SENT = 255
"""No token is longer than this; of a longer text the first 255 bytes are as malformed as all."""

_VERDICT_BYTES = 8
_IDENTITY_BYTES = 816
_REPLY_HEAD = 3
_FIRST_WAIT_SECONDS = 0.02
_BEFORE_THE_KEY = ("BUSY", "DRAINING", "DENIED")
"""Refusals made before the server looks at the key: they say nothing of an earlier sending."""

__all__ = ["Connection", "NO_KEY", "Signet"]


class _Patience:
    """A deadline, and waits in between that double."""

    def __init__(self, seconds: float) -> None:
        self.deadline = time.monotonic() + seconds
        self.step = _FIRST_WAIT_SECONDS

    @property
    def left(self) -> float:
        return max(self.deadline - time.monotonic(), 0.0)

    def wait(self, at_least_millis: int = 0) -> bool:
        """Sleeps; False when the deadline would pass meanwhile."""
        pause = max(self.step, at_least_millis / 1000)
        if pause >= self.left:
            return False
        time.sleep(pause)
        self.step = pause * 2
        return True


class Signet:
    """A client of one socket, for one thread. `timeout` bounds every call, retries included.

    Reads are sent again as often as needed. A mutation gets an idempotency key and is sent again
    only with the same key and body, to the same store. `key=NO_KEY` forgoes that: then a lost
    reply is OutcomeUnknown."""

    def __init__(self, path: str, client_name: str = DEFAULT_NAME, timeout: float = 5.0,
                 max_frame: int = 65536, max_in_flight: int = 1024) -> None:
        self.path = path
        self.client_name = client_name
        self.timeout = timeout
        self.max_frame = max_frame
        self.max_in_flight = max_in_flight
        self._connection: Optional[Connection] = None

    def __enter__(self) -> "Signet":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Closes the connection; the next call makes a new one."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def connection(self, timeout: Optional[float] = None) -> Connection:
        """The open connection, made if there is none."""
        if self._connection is None:
            self._connection = Connection(
                self.path, self.client_name, self.timeout if timeout is None else timeout,
                self.max_frame, self.max_in_flight)
        return self._connection

    def call(self, name: str, **fields: Any) -> Record:
        """One operation by its name, fields as in operations.md; returns the reply's fields.

        Refused when the server said no, OutcomeUnknown when a mutation may or may not have
        happened, Unreachable when nothing was sent that matters."""
        if not OPERATIONS[name].mutation:
            return self._repeat(lambda link, left: link.call(name, fields, left))
        return self._mutate(name, fields)

    def validate(self, tokens: Iterable[Union[bytes, str]], required_scopes: str = "",
                 audience: str = "", any_audience: bool = False,
                 at_least_position: int = 0) -> List[Record]:
        """Verdicts of any number of tokens, in order: `verdict`, `expiresInSeconds`."""
        return self._judge(0, tokens, dict(
            flags=int(any_audience), atLeastPosition=at_least_position,
            requiredScopes=required_scopes, audience=audience))

    def identify(self, tokens: Iterable[Union[bytes, str]], required_scopes: str = "",
                 audience: str = "", any_audience: bool = False,
                 at_least_position: int = 0) -> List[Record]:
        """The same with whose token it is: fields of the group Identity."""
        return self._judge(1, tokens, dict(
            flags=int(any_audience), atLeastPosition=at_least_position,
            requiredScopes=required_scopes, audience=audience))

    def _judge(self, form: int, tokens: Iterable[Union[bytes, str]],
               fields: Record) -> List[Record]:
        texts = [token.encode() if isinstance(token, str) else token for token in tokens]
        texts = [text[:LONGEST_TOKEN_SENT] for text in texts]
        return self._repeat(lambda link, left: _judge_on(link, form, texts, fields, left))

    def _repeat(self, action: Any) -> Any:
        """Does something harmless until it works, is refused for good, or time is up."""
        patience = _Patience(self.timeout)
        while True:
            try:
                return action(self.connection(patience.left), patience.left)
            except Refused as refused:
                self._after(refused)
                if not refused.status.retry or not patience.wait(refused.retry_after_millis):
                    raise
            except Unreachable:
                self.close()
                if not patience.wait():
                    raise

    def _mutate(self, name: str, fields: Record) -> Record:
        patience = _Patience(self.timeout)
        body = {"key": secrets.token_bytes(16), **fields}
        unknown_at: Optional[bytes] = None  # store that may have got the request
        first_sent = time.monotonic()
        while True:
            before = unknown_at
            try:
                link = self.connection(patience.left)
                if unknown_at is not None:
                    _may_resend(link, unknown_at, first_sent)
                request_id = link.send(name, body, patience.left)
                unknown_at = link.hello["instance"]
                return link.receive(request_id, patience.left)
            except Refused as refused:
                self._after(refused)
                unknown_at = before if refused.status.name in _BEFORE_THE_KEY else None
                if not refused.status.retry or not patience.wait(refused.retry_after_millis):
                    raise _lost(name, unknown_at, refused)
            except Unreachable as error:
                self.close()
                if unknown_at is not None and body["key"] == NO_KEY or not patience.wait():
                    raise _lost(name, unknown_at, error)

    def _after(self, refused: Refused) -> None:
        """A draining server goes away, and a fatal error ends the connection."""
        if refused.status.closes or refused.status.name == "DRAINING":
            self.close()


def _may_resend(link: Connection, store: bytes, first_sent: float) -> None:
    if link.hello["instance"] != store:
        raise OutcomeUnknown("the server has another store now; the request is not sent again")
    if time.monotonic() - first_sent > link.hello["retryWindowSeconds"]:
        raise OutcomeUnknown("the idempotency key is too old to send the request again")


def _lost(name: str, unknown_at: Optional[bytes], error: SignetError) -> SignetError:
    if unknown_at is None:
        return error
    return OutcomeUnknown(f"{name} was sent and its reply lost: {error}")


def _judge_on(link: Connection, form: int, texts: List[bytes], fields: Record,
              left: float) -> List[Record]:
    """Sends all frames, then takes the replies."""
    deadline = time.monotonic() + left
    element = _IDENTITY_BYTES if form else _VERDICT_BYTES
    most = max(1, min(VALIDATE_TOKENS, (link.max_frame - _REPLY_HEAD) // element))
    head = 16 + len(fields["requiredScopes"].encode()) + len(fields["audience"].encode())
    pieces = split_tokens(texts, most, link.max_frame - head)
    ids = [link.send("VALIDATE", {"form": form, **fields, "tokens": piece},
                     deadline - time.monotonic()) for piece in pieces]
    found: List[Record] = []
    try:
        for request_id, piece in zip(ids, pieces):
            reply = link.receive(request_id, deadline - time.monotonic())
            judged = reply.get("identities" if form else "verdicts", [])
            if reply["form"] != form or len(judged) != len(piece):
                raise ProtocolFault("another number of verdicts than tokens")
            found += judged
    except SignetError:
        for request_id in ids:
            link.forget(request_id)
        raise
    return found
