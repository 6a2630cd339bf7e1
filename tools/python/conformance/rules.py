"""Rules that the server applies and the vectors spell out, judged from the prose alone: URLs,
redirect URIs, scopes, names, globs, verdicts (proto-spec/oauth.md, limits.md, verdicts.md)."""

from __future__ import annotations

import re
from typing import Any, List, Mapping, Optional, Sequence, Tuple

from signet.verdicts import Verdict

_URL = re.compile(rb"[A-Za-z0-9\-._~:/?@!$&'()*+,;=%\[\]]*")
_SCHEME = re.compile(rb"[A-Za-z][A-Za-z0-9+.\-]*")
_PORT = re.compile(rb"[0-9]{1,5}")
_ADDRESS = re.compile(rb"[0-9A-Fa-f:.]+")
_ISSUER_HOSTS = re.compile(rb"http://(127\.0\.0\.1|\[::1\]|localhost)(:[0-9]+)?(/.*)?")
_NEVER = (b"javascript", b"data", b"vbscript", b"file", b"blob", b"about", b"filesystem",
          b"view-source", b"intent")
_LOOPBACKS = (b"http://127.0.0.1", b"http://[::1]")
_URL_LIMITS = {"callback": 256, "homepage": 256, "icon": 512, "dynamic-redirect": 256,
               "resource": 512, "issuer": 256}


def url(use: str, text: bytes, require_https: bool) -> bool:
    """Whether an app may have this URL as `use`."""
    if not text:
        return use in ("icon", "issuer")
    if len(text) > _URL_LIMITS[use] or not _URL.fullmatch(text):
        return False
    if use == "resource":
        scheme, colon, rest = text.partition(b":")
        return bool(_SCHEME.fullmatch(scheme) and colon and rest)
    scheme, sign, rest = text.partition(b"://")
    if not sign or not _authority(re.split(rb"[/?]", rest, maxsplit=1)[0]):
        return False
    if scheme not in (b"http", b"https"):
        own = _SCHEME.fullmatch(scheme) and scheme.lower() not in _NEVER
        return use == "dynamic-redirect" and bool(own)
    if use == "issuer":
        return b"?" not in text and (scheme == b"https" or bool(_ISSUER_HOSTS.fullmatch(text)))
    if require_https and scheme == b"http":
        return use == "callback" and _loopback_rest(text) is not None
    return True


def _authority(text: bytes) -> bool:
    if b"@" in text:
        return False
    if text.startswith(b"["):
        inside, bracket, port = text[1:].partition(b"]")
        host_good = bool(bracket and _ADDRESS.fullmatch(inside)) and port[:1] in (b"", b":")
        colon, port = port[:1], port[1:]
    else:
        host, colon, port = text.partition(b":")
        host_good = bool(host) and not set(host) & set(b"[]")
    return host_good and (not colon or _port(port))


def _port(text: bytes) -> bool:
    return bool(_PORT.fullmatch(text)) and 1 <= int(text) <= 65535


def _loopback_rest(text: bytes) -> Optional[Tuple[bytes, bytes]]:
    """Literal and rest of a loopback URL, the port taken out; None when it is none."""
    for literal in _LOOPBACKS:
        if text.startswith(literal):
            rest = text[len(literal):]
            authority = re.split(rb"[/?#]", rest, maxsplit=1)[0]
            if not authority or (authority[:1] == b":" and authority[1:2] != b"0"
                                 and _port(authority[1:])):
                return literal, rest[len(authority):]
    return None


def redirect(registered: Sequence[bytes], public: bool, presented: bytes) -> bool:
    """Whether a presented redirect URI is one of the registered callbacks."""
    if presented in registered:
        return True
    mine = _loopback_rest(presented) if public else None
    return mine is not None and any(_loopback_rest(other) == mine for other in registered)


def scopes(text: bytes) -> Optional[List[bytes]]:
    """The scopes of a scope text in order of bytes, each once; None when it is none."""
    if not text:
        return []
    parts = text.split(b" ")
    if len(text) > 128 or len(parts) > 16:
        return None
    if not all(re.fullmatch(rb"[\x21\x23-\x5B\x5D-\x7E]+", part) for part in parts):
        return None
    return sorted(set(parts))


def _scalars(text: bytes, least: int, most: int, most_bytes: int, allowed: str) -> bool:
    try:
        letters = text.decode("utf-8", "strict")
    except UnicodeDecodeError:
        return False
    controls = [letter for letter in letters if ord(letter) < 0x20 or ord(letter) == 0x7F]
    return (least <= len(letters) <= most and len(text) <= most_bytes
            and all(control in allowed for control in controls))


def _state(text: bytes) -> bool:
    return len(text) <= 1024


def _pattern(expression: bytes) -> Any:
    return lambda text: re.fullmatch(expression, text) is not None


SYNTAX = {
    "user-id": _pattern(rb"[\x21-\x7E]{1,128}"),
    "client-id": _pattern(rb"[a-z2-7]{26}"),
    "code-challenge": _pattern(rb"[A-Za-z0-9_\-]{43}"),
    "code-verifier": _pattern(rb"[A-Za-z0-9\-._~]{43,128}"),
    "state": _state,
    "name": lambda text: _scalars(text, 1, 64, 256, ""),
    "description": lambda text: _scalars(text, 0, 512, 2048, "\n\t"),
}
"""Rules of `syntax` vectors other than scope and glob."""


def _parts(text: bytes) -> Tuple[bytes, bytes, bytes, bytes]:
    scheme, _, rest = text.partition(b"://")
    rest, mark, query = rest.partition(b"?")
    host, slash, path = rest.partition(b"/")
    return scheme, host, slash + path, mark + query


def is_glob(pattern: bytes) -> bool:
    """Whether an allowlist may hold it."""
    scheme, host, _, _ = _parts(pattern)
    return bool(_URL.fullmatch(pattern) and _SCHEME.fullmatch(scheme) and host
                and b"@" not in host and b"***" not in pattern)


def glob(pattern: bytes, text: bytes) -> bool:
    """Whether a redirect URI matches an allowlist glob."""
    if not is_glob(pattern):
        return False
    wanted, found = _parts(pattern), _parts(text)
    return wanted[0] == found[0] and all(map(_glob_part, wanted[1:], found[1:]))


def _glob_part(pattern: bytes, text: bytes) -> bool:
    pieces = re.findall(rb"\*+|[^*]", pattern)
    reached = {0}
    for piece in pieces:
        if not piece.startswith(b"*"):
            reached = {at + 1 for at in reached if text[at:at + 1] == piece}
            continue
        spread = set()
        for at in sorted(reached):
            while at not in spread and at <= len(text):
                spread.add(at)
                if len(piece) == 1 and text[at:at + 1] == b"/":
                    break
                at += 1
        reached = spread
    return len(text) in reached


_DEAD = {"missing": Verdict.MISSING, "malformed": Verdict.MALFORMED, "forged": Verdict.FORGED,
         "unknown": Verdict.UNKNOWN, "revoked": Verdict.REVOKED, "expired": Verdict.EXPIRED,
         "revoked+expired": Verdict.REVOKED}


def verdict(case: Mapping[str, Any]) -> Verdict:
    """The verdict of a `decision` vector."""
    if case["token"] != "valid":
        return _DEAD[case["token"]]
    if not case["providerOn"]:
        return Verdict.PROVIDER_OFF
    has, asks = case["tokenAudience"], case["requestAudience"]
    if (has != asks) if not has else (has != asks and not case["anyAudience"]):
        return Verdict.WRONG_AUDIENCE
    if not set(case["requiredScopes"].split()) <= set(case["tokenScope"].split()):
        return Verdict.INSUFFICIENT_SCOPE
    return Verdict.VALID
