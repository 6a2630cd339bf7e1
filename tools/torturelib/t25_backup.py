"""T25: backups are made while the load runs. Each restores to what was acknowledged up to its
position, and everything issued before it is revoked."""

import shutil
import subprocess

from . import requests
from .audit import Auditor
from .ledger import Reader
from .load import Load, base_app
from .outcome import Skip, Violation
from .requests import LOCAL, Refused, SignetError
from .service import Service

BACKUPS_A_ROUND = 3
OPS_A_CONNECTION = 40
VERIFIED = 0


class Rounds:
    """The service whose backups are made, its load, and services restored from them."""

    def __init__(self, run, outcome):
        self.run, self.outcome = run, outcome
        folder = run.folder("t25")
        self.service = Service(run.programs, folder, run.durability, journal_segment_mib=1,
                               revocation_reserve_mib=1, snapshot_journal_mib=1)
        self.service.start()
        self.service.switch_on()
        self.base = base_app(self.service.socket)
        self.load = Load(self.service, run.seed, self.base)
        self.auditor = Auditor(self.load.ledger, run.seed, outcome)

    def one(self, number):
        """Backups under load, a kill, an audit; then each backup is restored."""
        made = []
        self.load.go(OPS_A_CONNECTION)
        self.load.busy()
        for each in range(BACKUPS_A_ROUND):
            name = f"round-{number}-{each}"
            with requests.connect(self.service.socket) as link:
                made.append((name, link.call("BACKUP", {"name": name})))
        self.load.down()
        self.service.kill()
        self.service.start()
        self.auditor.read()
        self.auditor.look(self.service.socket)
        lines = Reader(self.load.ledger).new()
        for name, reply in made:
            try:
                self.restore(name, reply, lines)
            except (Violation, SignetError) as violation:
                self.outcome.violate(f"backup {name}: {violation}")
            self.outcome.case()

    def restore(self, name, reply, lines):
        folder = self.run.folder(f"t25-{name}")
        restored = Service(self.run.programs, folder, self.run.durability, journal_segment_mib=1,
                           revocation_reserve_mib=1)
        # The key is no part of a backup: the operator brings it.
        shutil.copy(self.service.root_key, restored.root_key)
        self.tool(restored, "--verify", reply["path"], "--root-key", restored.root_key)
        self.tool(restored, "--restore", reply["path"], "--config", restored.config)
        self.tool(restored, "--verify", restored.data, "--root-key", restored.root_key)
        restored.start()
        try:
            self.judge(restored, reply["position"], lines)
        finally:
            code = restored.stop()
        if code != 0:
            raise Violation(f"the restored service stopped with status {code}")
        shutil.rmtree(folder, ignore_errors=True)

    @staticmethod
    def tool(service, *arguments):
        done = subprocess.run([service.signetd, *arguments], stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, timeout=60, check=False)
        if done.returncode != VERIFIED:
            raise Violation(f"signetd {arguments[0]} ended with status {done.returncode}: "
                            f"{done.stdout.strip()[-400:]}")

    def judge(self, restored, position, lines):
        ops = {line["op"]: line for line in lines if line["event"] == "sent"}
        tokens, apps, unsure = [], {}, set()
        for line in lines:
            op = ops[line["op"]]
            if line["event"] == "acked":
                tokens += [line[name] for name in ("access",) if name in line]
                if op["kind"].startswith("app-") and line["position"] <= position:
                    self.change(apps, op, line)
            elif line["event"] == "unknown" and op["kind"].startswith("app-"):
                unsure.add(op["item"])
        with requests.connect(restored.socket) as link:
            if link.hello["instance"] == self.auditor.instance:
                raise Violation("the restored service has the instance of the old one")
            alive = [verdict for verdict in requests.verdicts(link, tokens) if verdict == 0]
            if alive:
                raise Violation(f"{len(alive)} of {len(tokens)} tokens of before are valid")
            grants = list(requests.pages(link, "GRANT_LIST", "grants", acting=LOCAL, user="",
                                         clientId=""))
            if grants:
                raise Violation(f"{len(grants)} grants are listed after a restore")
            found = {app["name"]: app["description"] for app in requests.pages(
                link, "APP_LIST", "apps", acting=LOCAL, all=True)}
            self.compare(found, apps, unsure)
            self.refresh_refused(link, lines)
            # It is a service like another: it issues, and what it issues is good.
            issued = link.call("ISSUE", requests.issue(requests.NO_KEY, self.base[0], ["new"]))
            if requests.verdicts(link, [issued["tokens"][0]["accessToken"]]) != [0]:
                raise Violation("a token issued after the restore is not valid")

    @staticmethod
    def change(apps, op, line):
        if op["kind"] == "app-delete":
            apps[op["item"]] = (line["position"], None)
        elif "description" in op:
            apps[op["item"]] = max(apps.get(op["item"], (0, None)),
                                   (line["position"], op["description"]),
                                   key=lambda each: each[0])

    def compare(self, found, apps, unsure):
        """The apps are those of the backup's position, exactly, but for those of unknown ops."""
        if found.pop("base", None) != "base":
            raise Violation("the app base is gone")
        for name, (_, description) in apps.items():
            if name not in unsure and found.get(name) != description:
                raise Violation(f"{name} is {found.get(name)!r}, at the backup's position it was "
                                f"{description!r}")
        new = set(found) - set(apps) - unsure
        if new:
            raise Violation(f"{sorted(new)[0]} was registered after the backup's position")

    def refresh_refused(self, link, lines):
        for line in lines[::-1]:
            if "refresh" in line and line["event"] == "acked":
                try:
                    link.call("REFRESH", requests.refresh(
                        requests.NO_KEY, *self.base, line["refresh"]))
                except Refused as refused:
                    if refused.status.name != "INVALID_GRANT":
                        raise Violation(f"a refresh token of before: {refused}") from refused
                    return
                raise Violation("a refresh token of before the backup was accepted")

    def end(self):
        self.service.kill()
        self.load.end()


def run(run, outcome):
    if run.durability == "volatile":
        raise Skip("a volatile service makes no backups")
    rounds = Rounds(run, outcome)
    try:
        for number in run.cases(run.count("restores")):
            rounds.one(number)
        rounds.service.stop()
    except Refused as refused:
        outcome.violate(f"{refused}")
    finally:
        rounds.end()
    outcome.note(rounds.auditor.summary())
