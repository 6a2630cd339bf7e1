"""Token text (proto-spec/tokens.md): parse, write, tag.

A gateway needs nothing of this: VALIDATE takes whatever came in. It is here for scanners, for
tools, and to refuse junk without a call.
"""

from __future__ import annotations

import hashlib
import hmac
import zlib
from typing import Dict, NamedTuple, Optional, Tuple

ALPHABET = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
TOKEN_VERSION = 1
_VALUES = {byte: value for value, byte in enumerate(ALPHABET)}
_CRC_DIGITS = 6
_WORD_DIGITS = 11


class Kind(NamedTuple):
    """One kind of token text."""

    name: str
    prefix: bytes
    words: int
    """Words of 64 bits behind the version, tag words included."""
    tagged: bool
    """Has a version, a key id and a tag: access token, refresh token, code."""

    @property
    def length(self) -> int:
        """Bytes of the whole text."""
        head = 3 if self.tagged else 0
        return len(self.prefix) + head + _WORD_DIGITS * self.words + _CRC_DIGITS


KINDS: Dict[str, Kind] = {kind.name: kind for kind in (
    Kind("access", b"sga_", 4, True),
    Kind("refresh", b"sgr_", 4, True),
    Kind("code", b"sgc_", 4, True),
    Kind("secret", b"sgs_", 4, False),
    Kind("accessor", b"sgx_", 2, False),
    Kind("grant", b"sgg_", 2, False),
)}


class TokenFault(Exception):
    """Not a token text. `fault` is the first check that failed: empty, length, prefix, alphabet,
    range, crc or version."""

    def __init__(self, fault: str) -> None:
        super().__init__(fault)
        self.fault = fault


class Token(NamedTuple):
    """What a text says. Well formed does not mean made by the service, let alone alive."""

    kind: str
    words: Tuple[int, ...]
    """The id's words, then the tag's words where the kind has a tag."""
    version: int = 0
    key_id: int = 0


def parse(text: bytes) -> Token:
    """Takes a token text apart, in the normative order of checks; TokenFault otherwise."""
    if not text:
        raise TokenFault("empty")
    kinds = [kind for kind in KINDS.values() if kind.length == len(text)]
    if not kinds:
        raise TokenFault("length")
    kind = next((kind for kind in kinds if text.startswith(kind.prefix)), None)
    if kind is None:
        raise TokenFault("prefix")
    digits = text[len(kind.prefix):]
    if any(byte not in _VALUES for byte in digits):
        raise TokenFault("alphabet")
    return _judge(text, kind, digits)


def _judge(text: bytes, kind: Kind, digits: bytes) -> Token:
    at = 3 if kind.tagged else 0
    version_key = _number(digits[:at], 1 << 16)
    words = []
    for _ in range(kind.words):
        words.append(_number(digits[at:at + _WORD_DIGITS], 1 << 64))
        at += _WORD_DIGITS
    if _number(digits[at:], 1 << 32) != zlib.crc32(text[:-_CRC_DIGITS]):
        raise TokenFault("crc")
    version, key_id = divmod(version_key, 256)
    if kind.tagged and version != TOKEN_VERSION:
        raise TokenFault("version")
    return Token(kind.name, tuple(words), version, key_id)


def _number(digits: bytes, bound: int) -> int:
    value = 0
    for byte in digits:
        value = value * 62 + _VALUES[byte]
    if value >= bound:
        raise TokenFault("range")
    return value


def _digits(value: int, count: int) -> bytes:
    out = bytearray()
    for _ in range(count):
        value, digit = divmod(value, 62)
        out.append(ALPHABET[digit])
    return bytes(reversed(out))


def write(token: Token) -> bytes:
    """The one spelling of a token."""
    kind = KINDS[token.kind]
    head = _digits(token.version * 256 + token.key_id, 3) if kind.tagged else b""
    text = kind.prefix + head + b"".join(_digits(word, _WORD_DIGITS) for word in token.words)
    return text + _digits(zlib.crc32(text), _CRC_DIGITS)


def is_token(text: bytes, kind: Optional[str] = None) -> bool:
    """Whether a text is well formed, CRC included: what a secret scanner asks."""
    try:
        return parse(text).kind == (kind or parse(text).kind)
    except TokenFault:
        return False


def hkdf_sha256(ikm: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    """HKDF of RFC 5869 with SHA-256; an empty salt counts as 32 zero bytes."""
    prk = hmac.new(salt or bytes(32), ikm, hashlib.sha256).digest()
    block, out = b"", b""
    counter = 1
    while len(out) < length:
        block = hmac.new(prk, block + info + bytes([counter]), hashlib.sha256).digest()
        out += block
        counter += 1
    return out[:length]


def token_key(root: bytes, salt: bytes) -> bytes:
    """The key of a key id: root key 32 bytes, salt 16 bytes."""
    return hkdf_sha256(root, salt, b"signet/token/v1", 32)


def tag_input(token: Token) -> bytes:
    """The 19 bytes a tag is made over."""
    letter = KINDS[token.kind].prefix[2:3]
    head = letter + bytes([token.version, token.key_id])
    return head + b"".join(word.to_bytes(8, "little") for word in token.words[:2])


def tag_words(key: bytes, token: Token) -> Tuple[int, int]:
    """The tag that a token with this kind, version, key id and id must carry."""
    mac = hmac.new(key, tag_input(token), hashlib.sha256).digest()
    return int.from_bytes(mac[:8], "little"), int.from_bytes(mac[8:16], "little")
