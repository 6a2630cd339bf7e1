"""Token text: what is good, and a negative for every alias."""

from .crypto import ALPHABET, PREFIX, digits, tag, token, with_crc, words_text

TOP = 0xFFFFFFFFFFFFFFFF
ID = (0x0123456789ABCDEF, 0xFEDCBA9876543210)
STARTS = {"access": [4 + 3 + 11 * i for i in range(4)], "secret": [4 + 11 * i for i in range(4)],
          "accessor": [4, 15]}


def good(name, meaning, kind, key_id, words, tags=None):
    tags = tags or tag(kind, key_id, words)
    text = token(kind, key_id, words, tags)
    return {"name": name, "meaning": meaning, "hex": text.encode().hex(), "text": text,
            "expect": {"kind": kind, "version": 1, "keyId": key_id,
                       "id": [str(w) for w in words], "tag": [str(w) for w in tags]}}


def good_words(name, meaning, kind, words):
    text = words_text(kind, words)
    return {"name": name, "meaning": meaning, "hex": text.encode().hex(), "text": text,
            "expect": {"kind": kind, "words": [str(w) for w in words]},
            "verdict": 2}


def bad(name, meaning, raw, fault, verdict=2):
    raw = raw.encode("utf-8") if isinstance(raw, str) else raw
    out = {"name": name, "meaning": meaning, "hex": raw.hex()}
    if all(0x20 <= b < 0x7F for b in raw):
        out["text"] = raw.decode("ascii")
    out.update(fault=fault, verdict=verdict)
    return out


def positives():
    out = []
    for kind in ("access", "refresh", "code"):
        verdict = {} if kind == "access" else {"verdict": 2}
        tries = [("typical", "test key id 3", 3, ID, None),
                 ("lowest", "key id 0, id and tag all zero", 0, (0, 0), (0, 0)),
                 ("highest", "key id 255, id and tag all ones: each word is LygHa16AHYF", 255,
                  (TOP, TOP), (TOP, TOP)),
                 ("word-order", "words 1 and 2, tag words 3 and 4", 7, (1, 2), (3, 4))]
        for name, meaning, key_id, words, tags in tries:
            made = good(f"{kind}.{name}", f"{kind}: {meaning}", kind, key_id, words, tags)
            out.append(dict(made, **verdict))
    for kind, count in (("secret", 4), ("accessor", 2), ("grant", 2)):
        out.append(good_words(f"{kind}.typical", f"{kind}: small words in order", kind,
                              tuple(range(1, count + 1))))
        out.append(good_words(f"{kind}.lowest", f"{kind}: all zero", kind, (0,) * count))
        out.append(good_words(f"{kind}.highest", f"{kind}: all ones", kind, (TOP,) * count))
    return out


def replaced(text, at, new):
    """Body text with `new` at a place and the CRC made right again."""
    return with_crc(text[:at] + new + text[at + len(new):-6]).decode("ascii")


def ranges(text):
    """Values that are no value: each with the CRC made right, so that only the range refuses."""
    out = []
    names = ["id word 0", "id word 1", "tag word 0", "tag word 1"]
    for number, at in enumerate(STARTS["access"]):
        for what, value in (("2-64", 1 << 64), ("zzz", 62 ** 11 - 1)):
            out.append(bad(f"range.access-word-{number}.{what}",
                           f"{names[number]} is {value}, 2^64 or more; CRC is right",
                           replaced(text, at, digits(value, 11)), "range"))
        word = int_of(text[at:at + 11]) + (1 << 64)
        if word < 62 ** 11:
            out.append(bad(f"range.access-word-{number}.alias",
                           f"{names[number]} plus 2^64: would be the same 64 bits; CRC is right",
                           replaced(text, at, digits(word, 11)), "range"))
    for kind, sample in (("secret", words_text("secret", (1, 2, 3, 4))),
                         ("accessor", words_text("accessor", (1, 2))),
                         ("grant", words_text("grant", (1, 2)))):
        for number, at in enumerate(STARTS.get(kind, STARTS["accessor"])):
            out.append(bad(f"range.{kind}-word-{number}.2-64",
                           f"{kind} word {number} is 2^64; CRC is right",
                           replaced(sample, at, digits(1 << 64, 11)), "range"))
            out.append(bad(f"range.{kind}-word-{number}.alias",
                           f"{kind} word {number} plus 2^64; CRC is right",
                           replaced(sample, at, digits((1 << 64) + number + 1, 11)), "range"))
    for value in (65536, 65536 + 256 + 3, 62 ** 3 - 1):
        out.append(bad(f"range.key-field-{value}", f"version and key id field is {value}, 65,536 "
                       "or more; CRC is right", replaced(text, 4, digits(value, 3)), "range"))
    crc = int_of(text[-6:])
    for name, value in (("alias", crc + (1 << 32)), ("2-32", 1 << 32), ("zzzzzz", 62 ** 6 - 1)):
        out.append(bad(f"range.crc-{name}", f"CRC field is {value}, 2^32 or more",
                       text[:-6] + digits(value, 6), "range"))
    return out


def int_of(text):
    value = 0
    for char in text:
        value = value * 62 + ALPHABET.index(char)
    return value


def checksums(text):
    out = []
    crc = int_of(text[-6:])
    for name, value in (("plus-1", crc + 1), ("zero", 0), ("flipped", crc ^ 0x80000000),
                        ("inverted", crc ^ 0xFFFFFFFF)):
        out.append(bad(f"crc.{name}", f"CRC is wrong ({name})", text[:-6] + digits(value, 6),
                       "crc"))
    import zlib
    out.append(bad("crc.body-only", "CRC over the body without its prefix",
                   text[:-6] + digits(zlib.crc32(text[4:-6].encode()), 6), "crc"))
    for at in (4, 20, 30, 50):
        other = "1" if text[at] != "1" else "2"
        out.append(bad(f"crc.digit-{at}", f"one digit changed at byte {at}, CRC left",
                       text[:at] + other + text[at + 1:], "crc"))
    out.append(bad("crc.swapped-digits", "two neighbouring digits exchanged, CRC left",
                   text[:8] + text[9] + text[8] + text[10:], "crc"))
    out.append(bad("crc.kind-changed", "prefix sga changed to sgr, CRC left",
                   "sgr" + text[3:], "crc"))
    swapped = with_crc("sgr" + text[3:-6]).decode()
    made = good("x", "", "refresh", 3, ID, tag("access", 3, ID))
    assert swapped == made["text"]
    made.update(name="kind-swapped-crc-right", verdict=2,
                meaning="an access token's body under the prefix sgr, CRC made right: good text, "
                        "and FORGED where refresh tokens are checked: the MAC covers the kind")
    out.append(made)
    return out


def versions(text):
    out = []
    for version in (0, 2, 3, 255):
        out.append(bad(f"version.{version}", f"version {version}, CRC right",
                       replaced(text, 4, digits(version * 256 + 3, 3)), "version"))
    return out


def shapes(text):
    out = [bad("empty", "no token at all", b"", "empty", 1)]
    out += [bad(f"length.{n}", f"the first {n} characters", text[:n], "length")
            for n in (1, 3, 4, 31, 51, 56)]
    for name, raw in (("trailing-newline", text + "\n"), ("trailing-space", text + " "),
                      ("leading-space", " " + text), ("trailing-nul", text + "\0"),
                      ("trailing-digit", text + "0"), ("leading-digit", "0" + text),
                      ("quoted", '"' + text + '"'), ("bearer", "Bearer " + text),
                      ("twice", text + text), ("bom", "\ufeff" + text),
                      ("padded-crc", text[:-6] + "0" + text[-6:])):
        out.append(bad(f"length.{name}", f"a good token: {name.replace('-', ' ')}", raw, "length"))
    out.append(bad("length.4096", "4,096 bytes", b"a" * 4096, "length"))
    for name, prefix in (("upper", "SGA"), ("mixed", "Sga"), ("other", "ghp"), ("unknown", "sgz"),
                         ("secret-at-57", "sgs"), ("accessor-at-57", "sgx"),
                         ("grant-at-57", "sgg"), ("dash", None), ("shifted", None)):
        if name == "dash":
            raw = with_crc("sga-" + text[4:-6])
        elif name == "shifted":
            raw = with_crc("asg_" + text[4:-6])
        else:
            raw = with_crc(prefix + text[3:-6])
        out.append(bad(f"prefix.{name}", f"prefix {raw[:4].decode()}, CRC right", raw, "prefix"))
    for kind, other in (("accessor", "sga"), ("grant", "sgs"), ("secret", "sga")):
        sample = words_text(kind, (1, 2, 3, 4) if kind == "secret" else (1, 2))
        out.append(bad(f"prefix.{other}-at-{len(sample)}",
                       f"{other}_ with the length of {PREFIX[kind]}_, CRC right",
                       with_crc(other + sample[3:-6]), "prefix"))
    out.append(bad("prefix.cyrillic", "prefix with Cyrillic U+0455 for s, length 57 bytes",
                   ("\u0455ga_" + text[4:-1]).encode(), "prefix"))
    return out


def alphabets(text):
    """Characters that look like a digit, or that a lenient base-62 or base-64 reader takes."""
    out = []
    raw = text.encode()
    for name, byte in (("space", 0x20), ("nul", 0), ("dash", 0x2D), ("underscore", 0x5F),
                       ("plus", 0x2B), ("slash", 0x2F), ("equals", 0x3D), ("dot", 0x2E),
                       ("tilde", 0x7E), ("at", 0x40), ("bracket", 0x5B), ("backtick", 0x60),
                       ("brace", 0x7B), ("colon", 0x3A), ("ff", 0xFF), ("80", 0x80),
                       ("newline", 0x0A), ("tab", 0x09), ("percent", 0x25)):
        changed = with_crc(raw[:20] + bytes([byte]) + raw[21:-6])
        out.append(bad(f"alphabet.{name}", f"byte 0x{byte:02X} in the body, CRC right", changed,
                       "alphabet"))
    for name, char in (("fullwidth-zero", "\uff10"), ("cyrillic-a", "\u0430"),
                       ("arabic-digit", "\u0661"), ("kelvin", "\u212a"), ("long-s", "\u017f"),
                       ("roman-numeral", "\u2160"), ("combining", "a\u0301")):
        piece = char.encode()
        changed = with_crc(raw[:20] + piece + raw[20 + len(piece):-6])
        out.append(bad(f"alphabet.{name}", f"lookalike {char!a} in the body (UTF-8, length 57 "
                       "bytes), CRC right", changed, "alphabet"))
    for at, where in ((4, "version"), (56, "crc"), (51, "crc-first"), (50, "last-tag-digit")):
        changed = raw[:at] + b"-" + raw[at + 1:]
        changed = changed if at > 50 else with_crc(changed[:-6])
        out.append(bad(f"alphabet.{where}", f"a dash at byte {at}", changed, "alphabet"))
    return out


def make(_schema):
    text = token("access", 3, ID)
    return (positives() + ranges(text) + checksums(text) + versions(text) + shapes(text)
            + alphabets(text))
