"""T10: the disk is full. Grants are refused with DISK_FULL, validation goes on, 10,000 revocations
are accepted and durable; space comes back and so do grants, without a restart; once more; and after
a restart everything revoked is still revoked."""

import os
import random
import time

from . import requests
from .load import base_app
from .mounts import Tmpfs, need_mounts
from .outcome import Violation
from .requests import NO_KEY, Refused, SignetError
from .service import Service

DISK_MEBIBYTES = 128
SEGMENT_MEBIBYTES = 4
# One by one, a revocation takes a block of 4 KiB: 5,000 of them 20 MiB, and the pipelined less.
RESERVE_MEBIBYTES = 24
# What a filler file leaves, beyond what the service has taken already.
LEFT_MEBIBYTES = 6
EPISODES = 2
TOKENS_A_FRAME = 100
PIPELINED = 250
FILL_FRAMES_MAX = 40_000
RECOVERY_SECONDS = 20.0


class FullDisk:
    """One service on a tmpfs, from its first grant to the last check."""

    def __init__(self, run, outcome):
        self.outcome = outcome
        folder = run.folder("t10")
        self.disk = Tmpfs(os.path.join(folder, "disk"), DISK_MEBIBYTES)
        self.service = Service(
            run.programs, folder, run.durability, data=os.path.join(self.disk.path, "data"),
            journal_segment_mib=SEGMENT_MEBIBYTES, revocation_reserve_mib=RESERVE_MEBIBYTES,
            snapshot_interval_seconds=0)
        self.random = random.Random(f"{run.seed}/t10")
        self.revocations = run.count("full disk revocations")
        self.filler = os.path.join(self.disk.path, "filler")
        self.revoked, self.kept = [], []
        self.users = 0

    def begin(self):
        self.service.start()
        self.service.switch_on()
        self.client, _ = base_app(self.service.socket)
        self.link = requests.connect(self.service.socket)

    def fill_file(self):
        count = self.disk.free_bytes() - (LEFT_MEBIBYTES << 20)
        if count < SEGMENT_MEBIBYTES << 20:
            raise Violation(f"{self.disk.free_bytes() >> 20} MiB left before the disk was filled: "
                            "too little to take some away and give it back")
        with open(self.filler, "wb") as file:
            file.write(bytes(count))

    def issue(self, count):
        """One frame of tokens, a grant each."""
        users = [f"f{self.users + each}" for each in range(count)]
        self.users += count
        reply = self.link.call("ISSUE", requests.issue(
            NO_KEY, self.client, users, with_refresh=False))
        return [each["accessToken"] for each in reply["tokens"]]

    def episode(self, number):
        """Full, revocations, space, grants again."""
        targets = []
        while len(targets) < self.revocations // EPISODES:
            targets += self.issue(TOKENS_A_FRAME)
        self.fill_file()
        frames = self.fill()
        self.outcome.note(f"episode {number}: full after {frames} grants")
        half = len(targets) // 2
        self.revoke_one_by_one(targets[:half])
        self.revoke_pipelined(targets[half:])
        self.check_all("while the disk is full")
        self.check_refused()
        os.unlink(self.filler)
        self.recover()
        self.check_all("after space came back")

    def fill(self):
        """Grants one at a time until they are refused; how many there were. A block each."""
        for number in range(FILL_FRAMES_MAX):
            try:
                self.kept += self.issue(1)
            except Refused as refused:
                if refused.status.name != "DISK_FULL":
                    raise Violation(f"grant {number + 1} of a filling disk: {refused}; "
                                    f"{self.journal_facts()}") from refused
                return number
        raise Violation(f"{FILL_FRAMES_MAX} grants and {self.disk.free_bytes() >> 10} KiB left: "
                        "DISK_FULL never came")

    def expect(self, refused, name):
        if refused.status.name != name:
            raise Violation(f"refused with {refused}, expected {name}; {self.journal_facts()}")

    def journal_facts(self):
        """What STATUS says, for a message."""
        return ", ".join(f"{name} {value}" for name, value in requests.facts(self.link).items()
                         if name.startswith(("journal", "durab", "released", "position")))

    def check_refused(self):
        try:
            self.issue(1)
        except Refused as refused:
            self.expect(refused, "DISK_FULL")
            if not refused.retry_after_millis:
                raise Violation("DISK_FULL without advice when to come back") from refused
        else:
            raise Violation("a grant was made after revocations had to go to the reserve")

    def revoke_one_by_one(self, targets):
        for token in targets:
            self.link.call("REVOKE", self.revocation(token))
            self.revoked.append(token)
            self.outcome.case()

    def revoke_pipelined(self, targets):
        for at in range(0, len(targets), PIPELINED):
            part = targets[at:at + PIPELINED]
            ids = [self.link.send("REVOKE", self.revocation(token)) for token in part]
            for each, token in zip(ids, part):
                self.link.receive(each)
                self.revoked.append(token)
                self.outcome.case()

    def revocation(self, token):
        return {"key": self.random.randbytes(16), "subject": token}

    def recover(self):
        """Grants again, without a restart, once there is space: within RECOVERY_SECONDS."""
        began, refusals = time.monotonic(), 0
        while time.monotonic() < began + RECOVERY_SECONDS:
            try:
                self.kept += self.issue(1)
                self.outcome.note(f"grants again after {time.monotonic() - began:.1f} s, "
                                  f"{refusals} refusals")
                return
            except Refused as refused:
                self.expect(refused, "DISK_FULL")
                refusals += 1
        raise Violation(f"no grant within {RECOVERY_SECONDS} s after space came back")

    def check_all(self, when):
        alive = [each for each in requests.verdicts(self.link, self.revoked) if each == 0]
        if alive:
            raise Violation(f"{len(alive)} of {len(self.revoked)} revoked tokens valid {when}")
        dead = [each for each in requests.verdicts(self.link, self.kept) if each != 0]
        if dead:
            raise Violation(f"{len(dead)} of {len(self.kept)} granted tokens not valid {when}")

    def restart(self, how):
        self.link.close()
        how()
        self.service.start()
        self.link = requests.connect(self.service.socket)

    def all(self):
        self.begin()
        for number in range(1, EPISODES + 1):
            self.episode(number)
            self.outcome.case()
        # A third time, and the process is killed while the disk is full.
        targets = self.issue(TOKENS_A_FRAME)
        self.fill_file()
        self.fill()
        self.revoke_one_by_one(targets)
        self.restart(self.service.kill)
        self.check_all("after a kill on the full disk")
        os.unlink(self.filler)
        self.recover()
        self.restart(self.service.stop)
        self.check_all("after a clean restart")
        if self.service.stop() != 0:
            raise Violation("the clean stop did not end with status 0")


def run(run, outcome):
    need_mounts(run)
    full = FullDisk(run, outcome)
    try:
        full.all()
    except SignetError as error:
        outcome.violate(f"{type(error).__name__}: {error}; the log ends: "
                        f"{full.service.last_line()}")
    finally:
        full.service.kill()
        full.disk.unmount()
