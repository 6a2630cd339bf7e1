"""Crypto vectors; every one names the `openssl` program line that repeats it."""

import base64
import hashlib
import hmac
import struct
import zlib

from . import crypto
from .crypto import ROOT_KEY, SALT


def hmac_line(key, message):
    return (f"printf '%s' {message.hex()} | xxd -r -p | openssl dgst -sha256 -mac HMAC "
            f"-macopt hexkey:{key.hex()}")


def hkdf_line(ikm, salt, info, length):
    salted = f" -kdfopt hexsalt:{salt.hex()}" if salt else ""
    return (f"openssl kdf -binary -keylen {length} -kdfopt digest:SHA256 -kdfopt "
            f"hexkey:{ikm.hex()}{salted} -kdfopt hexinfo:{info.hex()} HKDF | xxd -p -c 64")


def hkdf(name, meaning, ikm, salt, info, length):
    out = crypto.hkdf(ikm, salt, info, length)
    return {"name": name, "meaning": f"{meaning}: {hkdf_line(ikm, salt, info, length)}",
            "algorithm": "hkdf-sha256", "ikm": ikm.hex(), "salt": salt.hex(), "info": info.hex(),
            "length": length, "output": out.hex(), "good": True}


def plain(name, meaning, key, message):
    out = hmac.new(key, message, hashlib.sha256).digest()
    return {"name": name, "meaning": f"{meaning}: {hmac_line(key, message)}",
            "algorithm": "hmac-sha256", "key": key.hex(), "input": message.hex(),
            "output": out.hex(), "good": True}


def tagged(name, meaning, kind, key_id, words, salt=SALT):
    key = crypto.token_key(ROOT_KEY, salt)
    message = crypto.tag_input(kind, key_id, words)
    tags = crypto.tag(kind, key_id, words, key)
    return {"name": name, "algorithm": "token-tag",
            "meaning": f"{meaning}; key: {hkdf_line(ROOT_KEY, salt, crypto.TOKEN_INFO, 32)}; tag "
                       f"(first 32 hex digits): {hmac_line(key, message)}",
            "root": ROOT_KEY.hex(), "salt": salt.hex(), "tokenKey": key.hex(), "kind": kind,
            "version": 1, "keyId": key_id, "id": [str(w) for w in words], "input": message.hex(),
            "tag": [str(t) for t in tags], "text": crypto.token(kind, key_id, words, tags),
            "output": struct.pack("<QQ", *tags).hex(), "good": True}


def forged(name, meaning, base, tags):
    """The true tag in `output`, another one in `text` and `tag`."""
    words = tuple(int(w) for w in base["id"])
    text = crypto.token(base["kind"], base["keyId"], words, tags)
    return dict(base, name=name, meaning=meaning, tag=[str(t) for t in tags], text=text, good=False)


def forgeries():
    words = (0x0123456789ABCDEF, 0xFEDCBA9876543210)
    base = tagged("x", "", "access", 3, words)
    true = tuple(int(t) for t in base["tag"])
    out = [forged("forged.zero-tag", "tag all zero", base, (0, 0)),
           forged("forged.swapped-tag-words", "tag words exchanged", base, true[::-1]),
           forged("forged.other-kind", "tag made for a refresh token", base,
                  crypto.tag("refresh", 3, words)),
           forged("forged.other-key-id", "tag made for key id 4 with the same key", base,
                  crypto.tag("access", 4, words)),
           forged("forged.other-version", "tag made for version 2", base,
                  crypto.tag("access", 3, words, version=2)),
           forged("forged.other-salt", "tag made with the key of another salt", base,
                  crypto.tag("access", 3, words, crypto.token_key(ROOT_KEY, bytes(16)))),
           forged("forged.root-key-itself", "tag made with the root key, not the derived one", base,
                  crypto.tag("access", 3, words, ROOT_KEY)),
           forged("forged.swapped-id-words", "tag made for the id with its words exchanged", base,
                  crypto.tag("access", 3, words[::-1])),
           forged("forged.big-endian-id", "tag made over the id words in big-endian order", base,
                  struct.unpack("<QQ", hmac.new(
                      crypto.token_key(), b"a\x01\x03" + struct.pack(">QQ", *words),
                      hashlib.sha256).digest()[:16])),
           forged("forged.last-half", "last 16 bytes of the HMAC instead of the first", base,
                  struct.unpack("<QQ", hmac.new(
                      crypto.token_key(), crypto.tag_input("access", 3, words),
                      hashlib.sha256).digest()[16:]))]
    for bit in (0, 63):
        out.append(forged(f"forged.bit-{bit}", f"bit {bit} of tag word 0 flipped", base,
                          (true[0] ^ (1 << bit), true[1])))
    return out


def others():
    words = (0x0123456789ABCDEF, 0xFEDCBA9876543210)
    text = crypto.token("access", 3, words).encode()
    key = crypto.hkdf(ROOT_KEY, b"", b"signet/accessor/v1", 16)
    out = []
    for name, pair in (("typical", words), ("zero", (0, 0))):
        block = struct.pack("<QQ", *pair)
        made = crypto.aes128(key, block)
        out.append({"name": f"accessor.{name}", "algorithm": "aes-128",
                    "meaning": "accessor of a token id: AES-128, one block, words little-endian on "
                               f"both sides: printf '%s' {block.hex()} | xxd -r -p | openssl enc "
                               f"-aes-128-ecb -nopad -K {key.hex()} | xxd -p",
                    "key": key.hex(), "input": block.hex(), "output": made.hex(), "good": True,
                    "text": crypto.words_text("accessor", struct.unpack("<QQ", made))})
    out.append({"name": "digest.access", "algorithm": "sha256-16", "meaning": "record digest of a "
                f"token text: printf '%s' {text.decode()} | openssl dgst -sha256 (first 32 hex "
                "digits)", "input": text.hex(),
                "output": hashlib.sha256(text).digest()[:16].hex(), "good": True})
    for name, raw in (("check", b"123456789"), ("empty", b""), ("token", text[:-6])):
        number = zlib.crc32(raw)
        out.append({"name": f"crc32.{name}", "algorithm": "crc32", "meaning": "CRC-32 (IEEE, as in "
                    "zlib and gzip) of the input", "input": raw.hex(), "number": number,
                    "output": number.to_bytes(4, "big").hex(), "good": True})
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    digest = hashlib.sha256(verifier.encode()).digest()
    challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    assert challenge == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    out.append({"name": "pkce.rfc7636-appendix-b", "algorithm": "pkce-s256", "meaning": "RFC 7636 "
                f"appendix B: printf '%s' {verifier} | openssl dgst -sha256 -binary | base64 | tr "
                "'+/' '-_' | tr -d '='", "verifier": verifier, "challenge": challenge,
                "output": digest.hex(), "good": True})
    out.append({"name": "pkce.wrong-verifier", "algorithm": "pkce-s256", "meaning": "last character "
                "of the verifier changed", "verifier": verifier[:-1] + "l", "challenge": challenge,
                "output": hashlib.sha256((verifier[:-1] + "l").encode()).digest().hex(),
                "good": False})
    return out


def make(_schema):
    words = (0x0123456789ABCDEF, 0xFEDCBA9876543210)
    out = [hkdf("hkdf.token-key", "token key of the test salt", ROOT_KEY, SALT,
                crypto.TOKEN_INFO, 32),
           hkdf("hkdf.accessor", "accessor key", ROOT_KEY, b"", b"signet/accessor/v1", 16),
           hkdf("hkdf.ticket", "consent ticket key", ROOT_KEY, b"", b"signet/ticket/v1", 32),
           hkdf("hkdf.derive", "key of derived ids", ROOT_KEY, b"", b"signet/derive/v1", 32),
           hkdf("hkdf.rfc5869-1", "RFC 5869 test case 1", bytes([0x0B] * 22), bytes(range(13)),
                bytes(range(0xF0, 0xFA)), 42),
           plain("hmac.rfc4231-1", "RFC 4231 test case 1", bytes([0x0B] * 20), b"Hi There"),
           plain("hmac.derive-0", "first derived 16-byte block of seed 00..0f, counter 0 (u32 LE)",
                 crypto.hkdf(ROOT_KEY, b"", b"signet/derive/v1", 32), bytes(range(16)) + bytes(4)),
           plain("hmac.derive-1", "the next, counter 1",
                 crypto.hkdf(ROOT_KEY, b"", b"signet/derive/v1", 32),
                 bytes(range(16)) + b"\1\0\0\0")]
    assert out[4]["output"].startswith("3cb25f25faacd57a90434f64d0362f2a")
    for kind in ("access", "refresh", "code"):
        out.append(tagged(f"tag.{kind}", f"tag of a {kind}, key id 3", kind, 3, words))
    out += [tagged("tag.zero-id", "id all zero, key id 0", "access", 0, (0, 0)),
            tagged("tag.highest-id", "id all ones, key id 255", "access", 255,
                   (0xFFFFFFFFFFFFFFFF,) * 2),
            tagged("tag.zero-salt", "salt of 16 zero bytes", "access", 3, words, bytes(16))]
    return out + forgeries() + others()
