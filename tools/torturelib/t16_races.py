"""T16 and T17: 64 connections at one code, one refresh token; refresh against revoke; and VALIDATE
begun after a revoke's reply, on connections of every other worker."""

import random

from . import requests
from .gang import Gang, frame
from .load import base_app
from .outcome import Violation
from .service import Service

RACERS = 64
INVALID_GRANT = 0x0103
VALID = 0


class Arena:
    """A service, a gang on it, and one more connection for what is no race."""

    def __init__(self, run, outcome, name):
        self.service = Service(run.programs, run.folder(name), run.durability)
        self.outcome, self.seed = outcome, run.seed
        self.service.start()
        self.service.switch_on()
        self.client, self.secret = base_app(self.service.socket)
        self.gang = Gang(self.service.socket, RACERS)
        self.link = requests.connect(self.service.socket)
        self.random = random.Random(f"{run.seed}/{name}")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.link.close()
        self.gang.close()
        code = self.service.stop()
        if code != 0:
            self.outcome.violate(f"signetd ended with status {code}: {self.service.last_line()}")

    def key(self):
        return self.random.randbytes(16)

    def code(self, user):
        reply = self.link.call("AUTHORIZE", requests.authorize(self.key(), self.client, user))
        return requests.code_of(reply["redirect"])

    def tokens(self, user):
        return self.link.call("ISSUE", requests.issue(
            self.key(), self.client, [user]))["tokens"][0]

    def exchange(self, code, key=None):
        return requests.exchange(key or self.key(), self.client, self.secret, code)

    def refresh(self, token):
        return requests.refresh(self.key(), self.client, self.secret, token)

    def valid(self, *texts):
        return [verdict == VALID for verdict in requests.verdicts(self.link, texts)]

    def check(self, holds, text):
        if not holds:
            raise Violation(text)

    def rounds(self, count, action, case=None):
        """Runs the rounds; a violation of one does not end the others."""
        for number in [case] if case else range(1, count + 1):
            try:
                action(number)
            except Violation as violation:
                self.outcome.violate(f"round {number} of {action.__name__}: {violation}")
            self.outcome.case()

    def one_winner(self, replies):
        """The one reply of a race that is OK; all others must be INVALID_GRANT."""
        winners = [fields for status, fields in replies if status == 0]
        others = {status for status, _ in replies} - {0, INVALID_GRANT}
        self.check(not others, f"statuses {sorted(others)}")
        self.check(len(winners) == 1, f"{len(winners)} winners of {len(replies)}")
        return winners[0]["tokens"]

    # ---- T16 ---------------------------------------------------------------------------------

    def one_code(self, number):
        code = self.code(f"code-{number}")
        won = self.one_winner(self.gang.race(
            "EXCHANGE", [self.exchange(code) for _ in range(RACERS)]))
        # The losers showed a used code: what it made is revoked.
        self.check(not any(self.valid(won["accessToken"])),
                   "the winner's token is valid after the code was shown again")

    def one_refresh_token(self, number):
        first = self.tokens(f"refresh-{number}")
        won = self.one_winner(self.gang.race(
            "REFRESH", [self.refresh(first["refreshToken"]) for _ in range(RACERS)]))
        self.check(not any(self.valid(first["accessToken"], won["accessToken"])),
                   "a token of the family is valid after an old refresh token was shown")

    def one_key(self, number):
        """The same mutation, key and all, from everywhere: one effect, one reply."""
        request = self.exchange(self.code(f"key-{number}"))
        replies = self.gang.race("EXCHANGE", [request] * RACERS)
        self.check(all(status == 0 for status, _ in replies), "a repetition was refused")
        made = {fields["tokens"]["accessToken"] for _, fields in replies}
        self.check(len(made) == 1, f"{len(made)} different tokens")
        self.check(all(self.valid(*made)), "the token is not valid")

    # ---- T17 ---------------------------------------------------------------------------------

    def refresh_against_revoke(self, number):
        first = self.tokens(f"rr-{number}")
        members = self.gang.members
        half = self.random.sample(range(RACERS), RACERS // 2)
        wanted = []
        for index in range(RACERS):
            if index in half:
                wanted.append(("REVOKE", {"key": self.key(), "subject": first["grant"]}))
            else:
                wanted.append(("REFRESH", self.refresh(first["refreshToken"])))
        frames = [frame(*each) for each in wanted]
        for member, data in zip(members, frames):
            member.send(data)
        replies = [member.reply(name) for member, (name, _) in zip(members, wanted)]
        made = [first["accessToken"]]
        for (name, _), (status, fields) in zip(wanted, replies):
            self.check(status == 0 or name == "REFRESH" and status == INVALID_GRANT,
                       f"{name} was answered with status {status:#x}")
            if name == "REFRESH" and status == 0:
                made.append(fields["tokens"]["accessToken"])
        self.check(len(made) <= 2, f"{len(made) - 1} refreshes won")
        self.check(not any(self.valid(*made)), "a token is valid after the grant was revoked")
        status, _ = self.gang.race("REFRESH", [self.refresh(first["refreshToken"])])[0]
        self.check(status == INVALID_GRANT, "a refresh begun after the revoke's reply won")

    def validate_after_revoke(self, number):
        first = self.tokens(f"v-{number}")
        token, members = first["accessToken"], self.gang.members
        revoker = members[number % RACERS]
        others = [each for each in members if each is not revoker]
        ask = frame("VALIDATE", requests.validate([token]))
        subject = token if number % 2 else first["grant"]
        # Some are under way while it is revoked: either answer is right for those.
        for member in others[::2]:
            member.send(ask)
        revoker.send(frame("REVOKE", {"key": self.key(), "subject": subject}))
        for member in others[1::2][:8]:
            member.send(ask)
        status, _ = revoker.reply("REVOKE")
        # From here on none may succeed.
        for member in others:
            member.send(ask)
        self.check(status == 0, f"REVOKE was answered with status {status:#x}")
        early = {id(each) for each in others[::2]} | {id(each) for each in others[1::2][:8]}
        for member in others:
            if id(member) in early:
                member.reply("VALIDATE")
        for index, member in enumerate(others):
            _, fields = member.reply("VALIDATE")
            self.check(fields["verdicts"][0]["verdict"] != VALID,
                       f"VALIDATE begun after the reply of REVOKE succeeded (connection {index})")


def run_t16(run, outcome):
    with Arena(run, outcome, "t16") as arena:
        count = run.count("races")
        for action in (arena.one_code, arena.one_refresh_token, arena.one_key):
            arena.rounds(count, action, run.case)


def run_t17(run, outcome):
    with Arena(run, outcome, "t17") as arena:
        count = run.count("races")
        for action in (arena.refresh_against_revoke, arena.validate_after_revoke):
            arena.rounds(count, action, run.case)
