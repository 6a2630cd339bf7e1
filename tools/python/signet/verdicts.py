"""What a gateway answers over HTTP (proto-spec/verdicts.md). Everything fails closed."""

from __future__ import annotations

import enum
import re
from typing import NamedTuple, Optional, Sequence, Tuple
from urllib.parse import unquote_to_bytes

from .errors import Refused, SignetError


class Verdict(enum.IntEnum):
    """VALIDATE's judgement of one token. Only VALID lets a request pass."""

    VALID = 0
    MISSING = 1
    MALFORMED = 2
    FORGED = 3
    EXPIRED = 4
    REVOKED = 5
    UNKNOWN = 6
    WRONG_AUDIENCE = 7
    INSUFFICIENT_SCOPE = 8
    PROVIDER_OFF = 9


class HttpAnswer(NamedTuple):
    """Status 200 means: pass the request on. Empty or 0: no such header."""

    status: int
    www_authenticate: str = ""
    retry_after_seconds: int = 0

    def headers(self) -> Tuple[Tuple[str, str], ...]:
        """The headers to set."""
        found = []
        if self.www_authenticate:
            found.append(("WWW-Authenticate", self.www_authenticate))
        if self.retry_after_seconds:
            found.append(("Retry-After", str(self.retry_after_seconds)))
        return tuple(found)


_SOON = ("BUSY", "DRAINING", "NOT_CAUGHT_UP")


def for_verdict(verdict: int, required_scopes: str = "", realm: str = "api") -> HttpAnswer:
    """The answer to a verdict. One that this client does not know is a refusal."""
    if verdict == Verdict.VALID:
        return HttpAnswer(200)
    if verdict == Verdict.PROVIDER_OFF:
        return HttpAnswer(503, retry_after_seconds=5)
    if verdict == Verdict.MISSING:
        return HttpAnswer(401, _challenge(realm))
    if verdict == Verdict.INSUFFICIENT_SCOPE:
        return HttpAnswer(403, _challenge(realm, "insufficient_scope", required_scopes))
    return HttpAnswer(401, _challenge(realm, "invalid_token"))


def for_status(name: str) -> HttpAnswer:
    """The answer when VALIDATE came back with a status other than OK."""
    return HttpAnswer(503, retry_after_seconds=1 if name in _SOON else 5)


def for_failure(error: SignetError) -> HttpAnswer:
    """The answer to any exception of this client."""
    return for_status(error.status.name if isinstance(error, Refused) else "")


def missing(realm: str = "api") -> HttpAnswer:
    """The answer to a request without a bearer token: Signet is not asked."""
    return for_verdict(Verdict.MISSING, realm=realm)


def more_than_one(realm: str = "api") -> HttpAnswer:
    """The answer to a request with two tokens: Signet is not asked (RFC 6750)."""
    return HttpAnswer(400, _challenge(realm, "invalid_request"))


_CLIMBING = re.compile(rb"[\x00-\x1f\x7f]|[/\\]\.\.?(?:[/\\;?#]|$)")


def for_path(target: str) -> HttpAnswer:
    """400 for a path, as it was written, that an upstream may read as another (verdicts.md, "Paths");
    else 200. Of an absolute target, the HTTP server has judged the host."""
    path = target.partition("?")[0].encode()
    for _ in range(3):
        if _CLIMBING.search(path):
            return HttpAnswer(400)
        path = unquote_to_bytes(re.sub(rb"%[uU]00(?=[0-9A-Fa-f]{2})", b"%", path))
    return HttpAnswer(200)


def bearer_token(authorization: Sequence[bytes], in_query: bool = False) -> Optional[bytes]:
    """The token of a request from its Authorization headers: what follows `Bearer` and one space,
    as it is; empty, which is MISSING, when nothing follows. None when there is no header or another
    scheme. ValueError when there is more than one header, or a header beside an access_token in the
    query (`in_query`): answer `more_than_one`."""
    if len(authorization) > 1:
        raise ValueError("more than one Authorization header")
    if authorization and in_query:
        raise ValueError("an Authorization header and a token in the query")
    if not authorization:
        return None
    scheme, space, token = authorization[0].partition(b" ")
    if scheme.lower() != b"bearer":
        return None
    return token if space else b""


def _challenge(realm: str, error: str = "", scope: str = "") -> str:
    escaped = realm.replace("\\", "\\\\").replace('"', '\\"')
    parts = [f'realm="{escaped}"']
    if error:
        parts.append(f'error="{error}"')
    if scope:
        parts.append(f'scope="{scope}"')
    return "Bearer " + ", ".join(parts)
