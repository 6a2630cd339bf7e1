"""HKDF, token tags, AES-128 and token text from the standard library alone."""

import hashlib
import hmac
import struct
import zlib

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

# The test root key and the salt of the test key id: never use them for anything real.
ROOT_KEY = bytes(range(32))
SALT = bytes(range(0xA0, 0xB0))
TOKEN_INFO = b"signet/token/v1"
PREFIX = {"access": "sga", "refresh": "sgr", "code": "sgc", "secret": "sgs",
          "accessor": "sgx", "grant": "sgg"}
LETTER = {"access": b"a", "refresh": b"r", "code": b"c"}


def hkdf(ikm, salt, info, length):
    """RFC 5869 with SHA-256. An empty salt is 32 zero bytes, as the RFC says."""
    prk = hmac.new(salt or bytes(32), ikm, hashlib.sha256).digest()
    out, block, counter = b"", b"", 1
    while len(out) < length:
        block = hmac.new(prk, block + info + bytes([counter]), hashlib.sha256).digest()
        out += block
        counter += 1
    return out[:length]


def digits(value, count):
    """Base 62, most significant digit first. Does not check that the value fits a word."""
    out = ""
    for _ in range(count):
        value, rest = divmod(value, 62)
        out = ALPHABET[rest] + out
    assert value == 0
    return out


def with_crc(text):
    """Appends the six digits of CRC-32 over everything before, prefix included."""
    raw = text if isinstance(text, bytes) else text.encode("ascii")
    return raw + digits(zlib.crc32(raw), 6).encode("ascii")


def token_key(root=ROOT_KEY, salt=SALT):
    return hkdf(root, salt, TOKEN_INFO, 32)


def tag_input(kind, key_id, words, version=1):
    return LETTER[kind] + bytes([version, key_id]) + struct.pack("<QQ", *words)


def tag(kind, key_id, words, key=None, version=1):
    """The two tag words: first 16 bytes of the HMAC, little-endian."""
    message = tag_input(kind, key_id, words, version)
    return struct.unpack("<QQ", hmac.new(key or token_key(), message, hashlib.sha256).digest()[:16])


def token(kind, key_id, words, tag_words=None, version=1):
    """Text of an access token, refresh token or code, as str."""
    tag_words = tag_words or tag(kind, key_id, words, version=version)
    body = digits(version * 256 + key_id, 3)
    body += "".join(digits(w, 11) for w in (*words, *tag_words))
    return with_crc(PREFIX[kind] + "_" + body).decode("ascii")


def words_text(kind, words):
    """Text of a client secret, accessor or grant reference."""
    body = "".join(digits(w, 11) for w in words)
    return with_crc(PREFIX[kind] + "_" + body).decode("ascii")


def _sbox():
    """The AES S-box, computed: inverse in GF(2^8), then the affine map."""
    box, p, q = [0] * 256, 1, 1
    while True:
        p = p ^ ((p << 1) & 0xFF) ^ (0x1B if p & 0x80 else 0)
        q ^= (q << 1) & 0xFF
        q ^= (q << 2) & 0xFF
        q ^= (q << 4) & 0xFF
        q ^= 0x09 if q & 0x80 else 0
        rotated = 0
        for shift in range(5):
            rotated ^= ((q << shift) | (q >> (8 - shift))) & 0xFF
        box[p] = rotated ^ 0x63
        if p == 1:
            break
    box[0] = 0x63
    return box


SBOX = _sbox()


def _double(byte):
    return ((byte << 1) ^ (0x1B if byte & 0x80 else 0)) & 0xFF


def aes128(key, block):
    """One block of AES-128 (FIPS 197), for accessors. Slow and not constant-time: vectors only."""
    keys = [list(key[i:i + 4]) for i in range(0, 16, 4)]
    factor = 1
    for i in range(4, 44):
        word = list(keys[i - 1])
        if i % 4 == 0:
            word = [SBOX[b] for b in word[1:] + word[:1]]
            word[0] ^= factor
            factor = _double(factor)
        keys.append([a ^ b for a, b in zip(keys[i - 4], word)])
    schedule = [sum(keys[4 * r:4 * r + 4], []) for r in range(11)]
    state = [a ^ b for a, b in zip(block, schedule[0])]
    for number in range(1, 11):
        state = [SBOX[b] for b in state]
        state = [state[(i + 4 * (i % 4)) % 16] for i in range(16)]
        if number != 10:
            mixed = []
            for c in range(0, 16, 4):
                col = state[c:c + 4]
                for r in range(4):
                    a, b = col[r], col[(r + 1) % 4]
                    mixed.append(_double(a) ^ _double(b) ^ b ^ col[(r + 2) % 4] ^ col[(r + 3) % 4])
            state = mixed
        state = [a ^ b for a, b in zip(state, schedule[number])]
    return bytes(state)


assert aes128(bytes(range(16)), bytes.fromhex("00112233445566778899aabbccddeeff")) == \
    bytes.fromhex("69c4e0d86a7b0430d8cdb78070b4c55a")
