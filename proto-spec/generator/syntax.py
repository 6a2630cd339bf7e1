"""URLs, user ids, scopes, PKCE, names, globs: what is valid and what is not."""


def raw_of(text):
    return text if isinstance(text, bytes) else text.encode("utf-8")


def with_text(out, raw):
    out["hex"] = raw.hex()
    try:
        out["text"] = raw.decode("utf-8")
    except UnicodeDecodeError:
        pass
    return out


def url(name, use, text, valid, https=False, meaning=""):
    raw = raw_of(text)
    out = {"name": f"{use}.{name}", "meaning": meaning or f"{use}: {name.replace('-', ' ')}",
           "use": use, "requireHttps": https}
    with_text(out, raw)
    out["valid"] = valid
    return out


HTTP_GOOD = [
    ("plain", "https://a.example/x"), ("http", "http://a.example/x"),
    ("host-only", "https://a.example"),
    ("port", "https://a.example:8443/x"), ("port-65535", "https://a.example:65535/"),
    ("query", "https://a.example/x?y=1&z=%20"), ("ipv4", "http://192.0.2.1/x"),
    ("ipv6", "http://[2001:db8::1]/x"),
    ("ipv6-port", "http://[::1]:8080/x"), ("percent", "https://a.example/%C3%A9"),
    ("at-in-path", "https://a.example/@me"),
    ("at-in-query", "https://a.example/?m=a@b"), ("colon-in-path", "https://a.example/a:b"),
    ("long-label", "https://" + "a" * 63 + ".example/"),
    ("sub-delims", "https://a.example/!$&'()*+,;=~._-"), ("upper-host", "https://A.Example/x"),
    ("single-label", "http://intranet/x"),
    ("bare-query", "https://a.example?x=1"), ("percent-lone", "https://a.example/100%"),
    ("percent-no-hex", "https://a.example/%zz"), ("brackets-in-path", "https://a.example/a[1]"),
    ("port-leading-zero", "https://a.example:0443/x"),
]
HTTP_BAD = [
    ("empty-host", "https:///x"), ("no-host", "https://"), ("no-slashes", "https:a.example"),
    ("upper-scheme", "HTTPS://a.example/"),
    ("mixed-scheme", "Http://a.example/"), ("no-scheme", "a.example/x"),
    ("network-path", "//a.example/x"), ("ftp", "ftp://a.example/"),
    ("userinfo", "https://u@a.example/"), ("userinfo-password", "https://u:p@a.example/"),
    ("userinfo-empty", "https://@a.example/"),
    ("fragment", "https://a.example/#x"), ("fragment-empty", "https://a.example/#"),
    ("space", "https://a.example/a b"), ("space-end", "https://a.example/ "),
    ("tab", "https://a.example/\t"), ("newline", "https://a.example/\n"),
    ("crlf", "https://a.example/\r\nX: y"), ("nul", "https://a.example/\0"),
    ("del", "https://a.example/\x7f"),
    ("backslash", "https://a.example\\x"), ("backslash-path", "https://a.example/a\\b"),
    ("non-ascii-host", "https://\u00e9.example/"), ("non-ascii-path", "https://a.example/\u00e9"),
    ("c1-control", "https://a.example/\u0085"), ("quote", 'https://a.example/"'),
    ("less", "https://a.example/<x"), ("greater", "https://a.example/x>"),
    ("backtick", "https://a.example/`"),
    ("brace", "https://a.example/{id}"), ("pipe", "https://a.example/a|b"),
    ("caret", "https://a.example/^"), ("port-empty", "https://a.example:/"),
    ("port-0", "https://a.example:0/"),
    ("port-65536", "https://a.example:65536/"),
    ("port-six-digits", "https://a.example:000443/"), ("port-text", "https://a.example:x/"),
    ("javascript", "javascript:alert(1)"),
    ("data", "data:text/html,x"), ("leading-space", " https://a.example/"),
    ("bom", "\ufeffhttps://a.example/"), ("port-only", "https://:443/"),
    ("not-utf8", b"https://a.example/\xff"),
    ("query-no-host", "https://?x"), ("ipv6-open", "https://[::1/x"),
    ("ipv6-empty", "https://[]/x"), ("ipv6-letters", "https://[example]/x"),
    ("ipv6-zone", "https://[fe80::1%25eth0]/x"), ("ipv6-then-text", "https://[::1]x/"),
    ("bracket-in-host", "https://a[1].example/"), ("file", "file:///etc/passwd"),
]


def padded(count):
    return "https://a.example/" + "a" * (count - 18)


def urls(_schema):
    out = []
    for use, limit in (("callback", 256), ("homepage", 256), ("icon", 512)):
        out += [url(name, use, text, True) for name, text in HTTP_GOOD]
        out += [url(name, use, text, False) for name, text in HTTP_BAD]
        out.append(url("longest", use, padded(limit), True, meaning=f"{use} of {limit} bytes"))
        out.append(url("too-long", use, padded(limit + 1), False,
                       meaning=f"{use} of {limit + 1} bytes"))
        out.append(url("empty", use, "", use == "icon"))
        out.append(url("custom-scheme", use, "myapp://cb/x", False))
        out.append(url("https-required.https", use, "https://a.example/x", True, True))
        out.append(url("https-required.http", use, "http://a.example/x", False, True))
        for name, text in (("v4", "http://127.0.0.1/cb"), ("v4-port", "http://127.0.0.1:8080/cb"),
                           ("v6", "http://[::1]/cb"), ("v6-port", "http://[::1]:8080/cb")):
            out.append(url(f"https-required.{name}", use, text, use == "callback", True))
        for name, text in (("localhost", "http://localhost/cb"), ("v4-2", "http://127.0.0.2/cb"),
                           ("v4-suffix", "http://127.0.0.1.evil.example/cb")):
            out.append(url(f"https-required.{name}", use, text, False, True))
    use = "dynamic-redirect"
    for name, text in (("https", "https://a.example/cb"), ("loopback", "http://127.0.0.1/cb"),
                       ("custom", "cursor://anysphere.cursor-retrieval/oauth/cb"),
                       ("reverse-domain", "com.example.app://cb"), ("plus-scheme", "a+b-c.1://cb")):
        out.append(url(name, use, text, True))
    for name, text in (("javascript", "javascript://a%0aalert(1)"),
            ("javascript-upper", "JavaScript://x"),
                       ("data", "data://text/html,x"), ("vbscript", "vbscript://x"),
                       ("file", "file://x/etc"),
                       ("blob", "blob://x"), ("about", "about://blank"), ("opaque", "mailto:a@b"),
                       ("filesystem", "filesystem://a.example/temporary/x"),
                       ("view-source", "view-source://a.example/cb"),
                       ("intent", "intent://cb/x"), ("intent-upper", "Intent://cb/x"),
                       ("one-slash", "myapp:/cb"), ("nothing-after", "myapp://"),
                       ("digit-scheme", "1app://cb"),
                       ("userinfo", "myapp://u@cb/x"), ("fragment", "myapp://cb#x"),
                       ("space", "myapp://c b"),
                       ("backslash", "myapp://c\\b"), ("empty", ""), ("no-scheme", "://cb"),
                       ("scheme-underscore", "my_app://cb")):
        out.append(url(name, use, text, False))
    use = "resource"
    for name, text in (("https", "https://api.example"), ("path", "https://api.example/v1"),
                       ("urn", "urn:example:api"), ("query", "https://api.example/?t=1"),
                       ("custom", "api://x"),
                       ("longest", "https://a.example/" + "a" * 494)):
        out.append(url(name, use, text, True))
    for name, text in (("relative", "/v1"), ("no-scheme", "api.example"),
            ("fragment", "https://api.example/#x"),
                       ("fragment-empty", "https://api.example/#"),
                       ("space", "https://api.example/ x"),
                       ("control", "https://api.example/\x01"),
                       ("backslash", "https://api.example\\x"),
                       ("non-ascii", "https://api.example/\u00e9"), ("scheme-only", "https:"),
                       ("digit-scheme", "1a:b"), ("too-long", "https://a.example/" + "a" * 495)):
        out.append(url(name, use, text, False))
    return out + issuers()


ISSUER_GOOD = [
    ("empty", ""), ("https", "https://id.example"), ("path", "https://id.example/tenant/7"),
    ("port", "https://id.example:8443"), ("slash", "https://id.example/"),
    ("loopback-v4", "http://127.0.0.1"), ("loopback-v4-port", "http://127.0.0.1:8080/x"),
    ("loopback-v6", "http://[::1]"), ("loopback-v6-port", "http://[::1]:8080/x"),
    ("localhost", "http://localhost"), ("localhost-port", "http://localhost:8080/x"),
    ("longest", padded(256)),
]
ISSUER_BAD = [
    ("http", "http://id.example"), ("query", "https://id.example/?x"),
    ("query-empty", "https://id.example/?"), ("fragment", "https://id.example/#x"),
    ("fragment-empty", "https://id.example/#"), ("userinfo", "https://u@id.example"),
    ("upper-scheme", "HTTPS://id.example"), ("no-scheme", "id.example"),
    ("custom", "urn:example:id"), ("space", "https://id.example/a b"),
    ("loopback-query", "http://127.0.0.1/?x"), ("loopback-other", "http://127.0.0.2"),
    ("loopback-suffix", "http://127.0.0.1.evil.example"),
    ("loopback-v6-long", "http://[0:0:0:0:0:0:0:1]"),
    ("localhost-upper", "http://LOCALHOST"), ("localhost-dot", "http://localhost./"),
    ("localhost-suffix", "http://localhost.evil.example"), ("localhost-user",
                                                            "http://localhost@evil.example"),
    ("too-long", padded(257)),
]


def issuers():
    return [url(name, "issuer", text, valid) for cases, valid in ((ISSUER_GOOD, True),
                                                                  (ISSUER_BAD, False))
            for name, text in cases]


def rule(kind, name, text, valid, meaning="", **more):
    out = {"name": f"{kind}.{name}", "meaning": meaning or f"{kind}: {name.replace('-', ' ')}",
           "rule": kind, **more}
    with_text(out, raw_of(text))
    out["valid"] = valid
    return out


def scope(name, text, normal):
    if normal is None:
        return rule("scope", name, text, False)
    return rule("scope", name, text, True, normal=normal)


def texts():
    out = []
    for name, text, valid in (
            ("one", "m", True), ("usual", "mara", True), ("longest", "u" * 128, True),
            ("too-long", "u" * 129, False), ("empty", "", False), ("lowest-byte", "!", True),
            ("highest-byte", "~", True), ("space", "a b", False), ("space-end", "a ", False),
            ("tab", "a\tb", False), ("nul", "a\0", False), ("del", "a\x7f", False),
            ("newline", "a\n", False), ("non-ascii", "m\u00e4ra", False), ("quote", 'a"b', True),
            ("backslash", "a\\b", True), ("mail", "mara@desk.example", True),
            ("not-utf8", b"a\xff", False),
            ("upper-is-other", "MARA", True)):
        out.append(rule("user-id", name, text, valid))
    good = "k3vq7m2xw5ahd6ynzr4tbfcp3e"
    for name, text, valid in (
            ("usual", good, True), ("short", good[:-1], False), ("long", good + "a", False),
            ("upper", good.upper(), False), ("digit-0", "0" + good[1:], False),
            ("digit-1", "1" + good[1:], False),
            ("digit-8", "8" + good[1:], False), ("digit-9", "9" + good[1:], False),
            ("digit-2", "2" + good[1:], True),
            ("digit-7", "7" + good[1:], True), ("empty", "", False),
            ("space", " " + good[1:], False),
            ("non-ascii", "\u0430" + good[2:], False), ("newline", good + "\n", False)):
        out.append(rule("client-id", name, text, valid))
    challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    for name, text, valid in (
            ("rfc", challenge, True), ("underscore", "_" + challenge[1:], True),
            ("short", challenge[:-1], False),
            ("long", challenge + "A", False), ("padded", challenge + "=", False),
            ("plus", "+" + challenge[1:], False),
            ("slash", "/" + challenge[1:], False), ("dot", "." + challenge[1:], False),
            ("tilde", "~" + challenge[1:], False),
            ("empty", "", False), ("space", " " + challenge[1:], False),
            ("non-ascii", "\u00e9" + challenge[2:], False)):
        out.append(rule("code-challenge", name, text, valid))
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    for name, text, valid in (
            ("rfc", verifier, True), ("marks", "-._~" + verifier[4:], True),
            ("longest", "a" * 128, True),
            ("short", verifier[:-1], False), ("too-long", "a" * 129, False),
            ("plus", "+" + verifier[1:], False),
            ("slash", "/" + verifier[1:], False), ("padded", verifier + "=", False),
            ("space", " " + verifier[1:], False),
            ("empty", "", False), ("newline", verifier + "\n", False),
            ("non-ascii", "\u00e9" + verifier[2:], False)):
        out.append(rule("code-verifier", name, text, valid))
    for name, text, valid in (
            ("empty", "", True), ("usual", "xyz", True), ("longest", "s" * 1024, True),
            ("too-long", "s" * 1025, False),
            ("marks", "a b&c=d?e#f%20+\"<>", True), ("utf8", "\u00e9\u4e16\U0001f512", True),
            ("control", "a\nb", True),
            ("too-long-utf8", "\u00e9" * 513, False), ("longest-utf8", "\u00e9" * 512, True)):
        out.append(rule("state", name, text, valid))
    for name, text, valid in (
            ("one", "M", True), ("64", "n" * 64, True), ("65", "n" * 65, False),
            ("64-wide", "\U0001f512" * 64, True),
            ("65-wide", "\U0001f512" * 65, False), ("combining-counts", "e\u0301" * 32, True),
            ("combining-33", "e\u0301" * 33, False),
            ("empty", "", False), ("newline", "a\nb", False), ("tab", "a\tb", False),
            ("nul", "a\0", False), ("del", "a\x7f", False),
            ("markup", "<b>Mail</b>", True), ("not-utf8", b"Mail\xff", False)):
        out.append(rule("name", name, text, valid))
    for name, text, valid in (
            ("empty", "", True), ("512", "d" * 512, True), ("513", "d" * 513, False),
            ("512-wide", "\U0001f512" * 512, True),
            ("513-wide", "\U0001f512" * 513, False), ("lines", "a\nb\tc", True),
            ("return", "a\rb", False), ("nul", "a\0b", False)):
        out.append(rule("description", name, text, valid))
    return out


def scopes():
    sixteen = " ".join(f"s{n:02}" for n in range(16))
    return [
        scope("empty", "", []), scope("one", "user", ["user"]),
        scope("two", "write read", ["read", "write"]),
        scope("duplicate", "read user read", ["read", "user"]),
        scope("marks", "a:b c.d e/f", ["a:b", "c.d", "e/f"]),
        scope("case-counts", "Read read", ["Read", "read"]), scope("lowest", "!", ["!"]),
        scope("highest", "~", ["~"]),
        scope("sixteen", sixteen, sixteen.split()), scope("seventeen", sixteen + " s16", None),
        scope("longest", "s" * 128, ["s" * 128]), scope("too-long", "s" * 129, None),
        scope("space-front", " user", None), scope("space-end", "user ", None),
        scope("space-twice", "a  b", None),
        scope("space-only", " ", None), scope("tab", "a\tb", None),
        scope("newline", "a\nb", None), scope("quote", 'a"b', None),
        scope("backslash", "a\\b", None), scope("nul", "a\0b", None), scope("del", "a\x7f", None),
        scope("non-ascii", "l\u00e9ser", None), scope("comma-is-a-letter", "a,b", ["a,b"]),
    ]


def glob(name, pattern, text, valid, pattern_valid=True):
    words = "" if pattern_valid else ": no glob, SETTINGS_SET refuses it, nothing matches"
    return rule("glob", name, text, valid, f"{pattern} against {text}{words}", pattern=pattern,
                patternValid=pattern_valid)


def globs():
    star, deep = "https://*.example/cb", "https://a.example/**"
    return [
        glob("exact", "https://a.example/cb", "https://a.example/cb", True),
        glob("exact-miss", "https://a.example/cb", "https://a.example/cb2", False),
        glob("case-counts", "https://a.example/cb", "https://a.example/CB", False),
        glob("host-star", star, "https://a.example/cb", True),
        glob("host-star-dots", star, "https://a.b.example/cb", True),
        glob("host-star-empty", star, "https://.example/cb", True),
        glob("host-star-suffix", star, "https://a.example.evil/cb", False),
        glob("host-star-slash", star, "https://evil/.example/cb", False),
        glob("host-star-query", star, "https://evil?.example/cb", False),
        glob("scheme", star, "http://a.example/cb", False),
        glob("path-star", "https://a.example/*/cb", "https://a.example/x/cb", True),
        glob("path-star-no-slash", "https://a.example/*/cb", "https://a.example/x/y/cb", False),
        glob("path-star-end", "https://a.example/*", "https://a.example/", True),
        glob("path-star-end-deep", "https://a.example/*", "https://a.example/x/y", False),
        glob("path-deep", deep, "https://a.example/x/y", True),
        glob("path-deep-host", deep, "https://a.example.evil/x", False),
        glob("path-deep-query", deep, "https://a.example/x?y=1", False),
        glob("query-star", "https://a.example/cb?t=*", "https://a.example/cb?t=7", True),
        glob("query-none", "https://a.example/cb?t=*", "https://a.example/cb", False),
        glob("port-counts", "http://127.0.0.1/cb", "http://127.0.0.1:8080/cb", False),
        glob("port-star", "http://127.0.0.1:*/cb", "http://127.0.0.1:8080/cb", True),
        glob("custom-scheme", "cursor://**", "cursor://anysphere/cb", False),
        glob("custom-scheme-host", "cursor://*/**", "cursor://anysphere/cb", True),
        glob("triple-star", "https://a.example/***", "https://a.example/x", False, False),
        glob("triple-star-host", "https://***/x", "https://a.example/x", False, False),
        glob("quadruple-star", "https://a.example/****", "https://a.example/x", False, False),
        glob("two-double-stars", "https://a.example/**/**", "https://a.example/x/y", True),
        glob("no-scheme", "a.example/cb", "https://a.example/cb", False, False),
        glob("star-scheme", "*://a.example/cb", "https://a.example/cb", False, False),
        glob("no-host", "https:///cb", "https://a.example/cb", False, False),
        glob("userinfo", "https://u@a.example/cb", "https://a.example/cb", False, False),
        glob("fragment", "https://a.example/cb#x", "https://a.example/cb", False, False),
        glob("question-mark-is-query", "https://a.example/c?", "https://a.example/cb", False),
        glob("bracket-is-literal", "https://a.example/[ab]", "https://a.example/a", False),
        glob("star-backtracks", "https://a.example/*ab", "https://a.example/aab", True),
        glob("slow-pattern", "https://a.example/" + "*a" * 20,
             "https://a.example/" + "a" * 100 + "b", False),
    ]


def make(_schema):
    return texts() + scopes() + globs()
