"""T21: no token, code or secret leaves the service but in the one reply that hands it over: not to
the data directory, the backups, the log, an error reply, another reply, the environment; nor does
the root key."""

import base64
import os
import random
import re

from . import requests
from .gang import Member, frame
from .load import base_app
from .outcome import Violation
from .requests import LOCAL, NO_KEY, Refused, SignetError, tokens
from .service import Service

TEXT = re.compile(rb"sg[arcs]_[0-9A-Za-z]{16,}")
HEX = re.compile(rb"[0-9A-Fa-f]{16,}")
BASE64 = re.compile(rb"[0-9A-Za-z+/_-]{18,}")
DIGITS = re.compile(rb"[0-9A-Za-z]{22,}")
HEX_WINDOW, BASE64_WINDOW, DIGITS_WINDOW = 16, 18, 22
RAW_SAMPLE = 300
TOKENS_A_FRAME = 100
CHUNK = 8 << 20


def base64_windows(data):
    """What every base64 text that holds `data` must hold, whatever stands before it: one piece an
    alignment."""
    for skip in range(3):
        usable = data[skip:]
        usable = usable[:len(usable) - len(usable) % 3]
        yield base64.b64encode(usable)[:BASE64_WINDOW]


class Needles:
    """What must not be found, each kind in the form in which it is looked for."""

    def __init__(self):
        self.texts, self.hex, self.base64, self.digits, self.raw = set(), set(), set(), set(), []

    def add_token(self, text):
        data = text.encode()
        self.texts.add(data)
        words = tokens.parse(data).words
        # An id without its tag is no token, but nothing needs to be told it either.
        raw = b"".join(word.to_bytes(8, "little") for word in words)
        self.add_bytes(raw)
        self.raw.append(raw[-16:])
        self.digits.add(data[-6 - DIGITS_WINDOW:-6])

    def add_bytes(self, raw):
        for order in (raw, b"".join(raw[at:at + 8][::-1] for at in range(0, len(raw), 8))):
            for at in range(0, len(order) - 7, 8):
                self.hex.add(order[at:at + 8].hex().encode())
            for window in base64_windows(order):
                self.base64.add(window)
                self.base64.add(window.replace(b"+", b"-").replace(b"/", b"_"))

    def found_in(self, data, raw_too):
        """What of it is in `data`, as a short description each."""
        for match in TEXT.finditer(data):
            if match.group()[:57] in self.texts or match.group()[:54] in self.texts:
                yield f"the text {match.group()[:8].decode()}..."
        yield from self.windows(data, HEX, HEX_WINDOW, self.hex, "hex digits", bytes.lower)
        yield from self.windows(data, BASE64, BASE64_WINDOW, self.base64, "base64", bytes)
        yield from self.windows(data, DIGITS, DIGITS_WINDOW, self.digits, "a tag's digits", bytes)
        if raw_too:
            for raw in self.sample():
                if raw in data:
                    yield f"the bytes of a tag or secret ({raw[:2].hex()}...)"

    def sample(self):
        step = max(1, len(self.raw) // RAW_SAMPLE)
        return self.raw[::step]

    @staticmethod
    def windows(data, pattern, width, wanted, what, fold):
        for match in pattern.finditer(data):
            run = fold(match.group())
            for at in range(len(run) - width + 1):
                if run[at:at + width] in wanted:
                    yield f"{what} of a token or key ({run[at:at + 4].decode()}...)"
                    break


class LeakSearch:
    """Issues, provokes errors, and searches."""

    def __init__(self, run, outcome):
        self.outcome = outcome
        self.service = Service(run.programs, run.folder("t21"), run.durability)
        self.count = run.count("leak tokens")
        self.random = random.Random(f"{run.seed}/t21")
        self.needles, self.access, self.codes, self.refreshes = Needles(), [], [], []
        self.errors = []

    def issue_all(self):
        """A quarter each: access tokens, codes, their exchanges, refreshes; and apps' secrets."""
        self.client, self.secret = base_app(self.service.socket)
        self.needles.add_token(self.secret)
        quarter = self.count // 4
        with requests.connect(self.service.socket) as link:
            while len(self.access) < quarter:
                users = [f"l{len(self.access) + n}" for n in range(TOKENS_A_FRAME)]
                reply = link.call("ISSUE", requests.issue(NO_KEY, self.client, users))
                for found in reply["tokens"]:
                    self.keep(found)
            self.pipelined(link, "AUTHORIZE", [
                requests.authorize(NO_KEY, self.client, f"c{n}") for n in range(quarter)],
                lambda reply: self.codes.append(requests.code_of(reply["redirect"])))
            for code in self.codes:
                self.needles.add_token(code)
            self.pipelined(link, "EXCHANGE", [
                requests.exchange(NO_KEY, self.client, self.secret, code) for code in self.codes],
                lambda reply: self.keep(reply["tokens"]))
            self.secrets(link, max(20, quarter // 50))
            try:
                link.call("SNAPSHOT", {})
                link.call("BACKUP", {"name": "leaks"})
            except Refused as refused:
                self.outcome.note(f"no backup to search: {refused.status.name}")

    def keep(self, found):
        self.access.append(found["accessToken"])
        self.refreshes.append(found["refreshToken"])
        self.needles.add_token(found["accessToken"])
        self.needles.add_token(found["refreshToken"])

    @staticmethod
    def pipelined(link, name, requests_, take):
        for at in range(0, len(requests_), 200):
            ids = [link.send(name, fields) for fields in requests_[at:at + 200]]
            for each in ids:
                take(link.receive(each))

    def secrets(self, link, count):
        for number in range(count):
            reply = link.call("APP_REGISTER", {
                "key": NO_KEY, "acting": LOCAL, "fields": requests.app_fields(f"leak {number}")})
            self.needles.add_token(reply["clientSecret"])

    def provoke(self):
        """Every refusal that comes near a token or secret; the frames as they came."""
        member = Member(self.service.socket)
        wrong = requests.auth(self.client, self.secret[:-1] + "0")
        for index in range(0, len(self.codes), max(1, len(self.codes) // 200)):
            code, access = self.codes[index], self.access[index]
            asked = [
                ("EXCHANGE", requests.exchange(NO_KEY, self.client, self.secret, code)),
                ("EXCHANGE", {**requests.exchange(NO_KEY, self.client, self.secret, code),
                              "client": wrong}),
                ("REFRESH", requests.refresh(NO_KEY, self.client, self.secret, access)),
                ("REFRESH", requests.refresh(NO_KEY, self.client, access,
                                             self.refreshes[index])),
                ("REVOKE", {"key": NO_KEY, "subject": code}),
                ("REVOKE", {"key": NO_KEY, "subject": access + "x"}),
                ("GRANT_GET", {"acting": LOCAL, "reference": access}),
                ("APP_GET", {"acting": LOCAL, "clientId": self.secret}),
                ("INTROSPECT", {"token": access[:-1]}), ("INTROSPECT", {"token": code}),
                ("VALIDATE", requests.validate([access, code, access[:-1]])),
                ("USER_DISABLE", {"key": NO_KEY, "user": access * 5})]
            for name, fields in asked:
                member.send(frame(name, fields))
                self.errors.append(b"%s %d %s" % (name.encode(), *member.raw()))
        for name, fields in (("STATUS", {}), ("STATS", {}), ("METADATA", {}),
                             ("SETTINGS_GET", {"acting": LOCAL}), ("KEYS_LIST", {}),
                             ("AUDIT", {"cursor": 0, "maxBytes": 0}),
                             ("APP_LIST", {"acting": LOCAL, "all": True, "cursor": 0,
                                           "maxBytes": 0})):
            member.send(frame(name, fields))
            self.errors.append(b"%s %d %s" % (name.encode(), *member.raw()))
        # A frame that is none, with a token in it.
        member.send(self.access[0].encode())
        self.errors.append(b"%d %s" % member.raw())
        member.close()

    def search(self):
        self.look("the replies", b"\n".join(self.errors), True)
        for name in ("environ", "cmdline", "comm", "status", "maps"):
            with open(f"/proc/{self.service.process.pid}/{name}", "rb") as file:
                self.look(f"/proc/PID/{name}", file.read(), True)
        places = (self.service.data, self.service.backups, os.path.dirname(self.service.socket))
        for place in places:
            for folder, _, files in os.walk(place):
                for path in (os.path.join(folder, name) for name in files):
                    if os.path.isfile(path):
                        self.search_file(path)
        self.search_file(self.service.log)
        self.search_file(self.service.config)

    def search_file(self, path):
        with open(path, "rb") as file:
            before = b""
            while data := file.read(CHUNK):
                # Runs of zeros hold nothing, and most of a journal is such.
                whole = before + data
                self.look(os.path.relpath(path, self.service.directory), whole.replace(
                    bytes(64), b""), True)
                before = whole[-256:]

    def look(self, where, data, raw_too):
        self.outcome.case()
        for hit in set(self.needles.found_in(data, raw_too)):
            self.outcome.violate(f"{where}: {hit}")

    def add_root_key(self):
        with open(self.service.root_key, "rb") as file:
            key = file.read()
        found = re.search(rb"[0-9a-fA-F]{64}", key)
        raw = bytes.fromhex(found.group().decode()) if found else key[:32]
        self.needles.add_bytes(raw)
        self.needles.raw += [raw[:16], raw[16:32]]
        if len(raw) != 32:
            raise Violation(f"the root key file holds {len(key)} bytes, which are no key")


def run(run, outcome):
    search = LeakSearch(run, outcome)
    try:
        search.service.start()
        search.service.switch_on()
        search.add_root_key()
        search.issue_all()
        search.provoke()
        search.search()
        search.service.stop()
        search.service.start()
        search.search()
        search.service.stop()
        outcome.note(f"{len(search.needles.texts)} texts looked for")
    except SignetError as error:
        outcome.violate(f"{type(error).__name__}: {error}")
    finally:
        search.service.kill()
