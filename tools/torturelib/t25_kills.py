"""T25-kill, T25-salvage: `--restore` and `--salvage` are killed at each of their calls, and at any
moment, and asked for again. The directory is the old one, or the new one, or says that it is
unfinished and nothing starts on it; in the end it is the new one, and no revocation is undone."""

import os
import random
import shutil
import signal
import subprocess
import time

from . import requests, tracing
from .load import base_app
from .outcome import Skip, Violation
from .requests import LOCAL, NO_KEY, SignetError
from .service import Service

# What the work makes, fills, secures, renames and removes with; N is counted by thread, and it has
# one. `mkdirat` and `unlinkat` where the C library takes those.
CALLS = ("openat", "pwrite64", "fdatasync", "fsync", "rename", "renameat2", "mkdir", "mkdirat",
         "rmdir", "unlink", "unlinkat", "fallocate", "ftruncate", "fchmod")
KILLED = (-9, 128 + 9)
OK, USAGE, DAMAGED = 0, 64, 65
TOOL_SECONDS = 60
# Every so manyth kill is one of the clock's, not of a call.
TIMED_EVERY = 4
SMALL = {"journal_segment_mib": 1, "revocation_reserve_mib": 1, "snapshot_journal_mib": 1}
# Names that mean nothing: the lock, and what was being made.
NOTHING = ("LOCK", "replacement.tmp", "UNFINISHED.tmp")


class Template:
    """A service that was stopped as asked: what it issued and revoked before its backup and after,
    and its files, which every case gets a copy of."""

    def __init__(self, run, name):
        self.run = run
        self.service = Service(run.programs, run.folder(name), run.durability, **SMALL)
        self.alive, self.revoked = [], []
        self.service.start()
        self.service.switch_on()
        self.client, _ = base_app(self.service.socket)
        with requests.connect(self.service.socket) as link:
            self.instance = link.hello["instance"]
            early = [self.issue(link, f"early-{each}") for each in range(4)]
            self.revoke(link, early.pop())
            link.call("SNAPSHOT", {})
            self.backup = link.call("BACKUP", {"name": "night"})["path"]
            self.register(link, "after the backup")
            self.revoke(link, early.pop())
            late = [self.issue(link, f"late-{each}") for each in range(4)]
            self.revoke(link, late.pop())
            self.alive = [each["accessToken"] for each in early + late]
        if self.service.stop() != OK:
            raise Violation("the service whose files are used did not stop as asked")

    def issue(self, link, user):
        return link.call("ISSUE", requests.issue(NO_KEY, self.client, [user]))["tokens"][0]

    def revoke(self, link, token):
        link.call("REVOKE", {"key": NO_KEY, "subject": token["grant"]})
        self.revoked.append(token["accessToken"])

    @staticmethod
    def register(link, name):
        link.call("APP_REGISTER", {
            "key": NO_KEY, "acting": LOCAL, "fields": requests.app_fields(name, name)})


class Work:
    """What is killed: `arguments` of a place, and what has to hold of it."""

    def __init__(self, template):
        self.template = template

    def place(self, name):
        """A fresh directory with the configuration and the key, and what the work begins with."""
        run = self.template.run
        place = Service(run.programs, run.folder(name), run.durability, **SMALL)
        shutil.copy(self.template.service.root_key, place.root_key)
        self.fill(place)
        return place


class Restoring(Work):
    """Into an empty directory. `keeps`: tokens that were not revoked since stay good."""

    def __init__(self, template, keeps):
        super().__init__(template)
        self.name = "--restore" + (" --keep-tokens" if keeps else "")
        self.keeps = keeps

    def fill(self, place):
        pass

    def arguments(self, place):
        newer = self.template.service.data
        return ["--restore", self.template.backup, "--config", place.config] + (
            ["--keep-tokens", "--revocations-from", newer] if self.keeps else [])

    def again(self, state):
        """The status of the command when it is given again: it says where it was not carried out."""
        return OK if state == "old" else USAGE

    def alive(self):
        return self.template.alive if self.keeps else []

    def apps(self):
        return {"base"} | ({"after the backup"} if self.keeps else set())


class Salvaging(Work):
    """Of a directory with a damaged batch, or without its witness."""

    def __init__(self, template, damage):
        super().__init__(template)
        self.name = f"--salvage ({damage})"
        self.damage = damage

    def fill(self, place):
        shutil.rmtree(place.data)
        shutil.copytree(self.template.service.data, place.data)
        if self.damage == "no witness":
            os.unlink(os.path.join(place.data, "witness"))
            return
        last = max(each for each in os.listdir(place.data) if each.startswith("seg-"))
        with open(os.path.join(place.data, last), "r+b") as file:
            # Inside of the first batch, which others follow.
            file.seek(4_096 + 80)
            byte = file.read(1)[0]
            file.seek(4_096 + 80)
            file.write(bytes([byte ^ 1]))

    def arguments(self, place):
        return ["--salvage", "--config", place.config]

    def again(self, _):
        return OK

    def alive(self):
        return []

    def apps(self):
        return {"base"}


def contents(directory):
    """The bytes of each file that means something."""
    found = {}
    for name in os.listdir(directory):
        path = os.path.join(directory, name)
        if name not in NOTHING and os.path.isfile(path):
            with open(path, "rb") as file:
                found[name] = file.read()
    return found


class Case:
    """One copy of the files, one kill or several, and what comes of it."""

    def __init__(self, work, name):
        self.work = work
        self.place = work.place(name)
        self.before = contents(self.place.data)
        self.record = os.path.join(self.place.directory, "strace")

    def tool(self, arguments, wrapper=(), seconds=None):
        """Its exit status, -9 when it was killed, and its output. `seconds`: killed then."""
        tool = subprocess.Popen(
            [*wrapper, self.place.signetd, *arguments], stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            env=dict(os.environ, SWIFT_BACKTRACE="enable=no"))
        if seconds is not None:
            # The moment of the kill.
            time.sleep(seconds)
            tool.send_signal(signal.SIGKILL)
        try:
            output, _ = tool.communicate(timeout=TOOL_SECONDS)
        except subprocess.TimeoutExpired:
            tool.kill()
            tool.communicate()
            raise Violation(f"{arguments[0]} did not end within {TOOL_SECONDS} s") from None
        return tool.returncode, output.strip()[-400:]

    def verify(self):
        return self.tool(["--verify", self.place.data, "--root-key", self.place.root_key])

    def killed_at(self, point):
        """Runs the work and kills it there. Whether it was killed."""
        arguments = self.work.arguments(self.place)
        if isinstance(point, float):
            code, output = self.tool(arguments, seconds=point)
        else:
            call, number = point
            code, output = self.tool(arguments, tracing.wrapper(
                self.record, (call,), [f"{call}:signal=SIGKILL:when={number}"]))
        if code not in (OK, USAGE, *KILLED):
            raise Violation(f"{self.work.name} ended with status {code}: {output}")
        return code in KILLED

    def state(self):
        """old, unfinished or new: there is nothing else."""
        names = os.listdir(self.place.data)
        code, output = self.verify()
        if "UNFINISHED" in names:
            if code != DAMAGED:
                raise Violation(f"unfinished, and --verify ends with {code}: {output}")
            found = contents(self.place.data)
            code, output = self.tool(["--config", self.place.config])
            if code != DAMAGED or contents(self.place.data) != found:
                raise Violation(f"a start on unfinished work ended with {code}: {output}")
            return "unfinished"
        if contents(self.place.data) == self.before:
            return "old"
        if code != OK:
            raise Violation(f"the directory is neither the old one nor the new one: {output}")
        return "new"

    def finish(self, state):
        """Asks for the work again; in the end all is as if nobody had killed it."""
        code, output = self.tool(self.work.arguments(self.place))
        if code != self.work.again(state):
            raise Violation(f"{self.work.name} on {state} files ended with {code}: {output}")
        code, output = self.verify()
        if code != OK:
            raise Violation(f"afterwards --verify ends with {code}: {output}")
        self.check_quarantine()
        self.judge()

    def check_quarantine(self):
        """Nothing that was there is gone: the old files are put aside, byte for byte."""
        kept = {}
        for name in os.listdir(self.place.data):
            path = os.path.join(self.place.data, name)
            if name.startswith("quarantine-") and os.path.isdir(path):
                kept.update(contents(path))
        if kept != self.before:
            lost = sorted(set(self.before) ^ set(kept)) or ["bytes"]
            raise Violation(f"the old files are not all put aside: {lost[0]}")

    def judge(self):
        template, place = self.work.template, self.place
        place.start()
        try:
            with requests.connect(place.socket) as link:
                if link.hello["instance"] == template.instance:
                    raise Violation("it has the instance of the old journal")
                self.judge_tokens(link)
                apps = {app["name"] for app in requests.pages(
                    link, "APP_LIST", "apps", acting=LOCAL, all=True)}
                if not apps >= self.work.apps():
                    raise Violation(f"apps {sorted(apps)}, not {sorted(self.work.apps())}")
                new = template.issue(link, "new")["accessToken"]
                if requests.verdicts(link, [new]) != [0]:
                    raise Violation("a token that was issued afterwards is not valid")
        finally:
            code = place.stop()
        if code != OK:
            raise Violation(f"afterwards the service stopped with status {code}")

    def judge_tokens(self, link):
        template = self.work.template
        for text, verdict in zip(template.revoked, requests.verdicts(link, template.revoked)):
            if verdict == 0:
                raise Violation(f"a revocation was undone: token {template.revoked.index(text)}")
        verdicts = dict(zip(template.alive, requests.verdicts(link, template.alive)))
        valid = {text for text, verdict in verdicts.items() if verdict == 0}
        if valid != set(self.work.alive()):
            raise Violation(f"{len(valid)} tokens of before are valid, not "
                            f"{len(self.work.alive())}")

    def end(self, keep):
        self.place.kill()
        if not keep:
            shutil.rmtree(self.place.directory, ignore_errors=True)


class Points:
    """Every call of a work that is not killed, and how long it takes."""

    def __init__(self, work, name):
        case = Case(work, name)
        began = time.monotonic()
        code, output = case.tool(work.arguments(case.place))
        self.seconds = time.monotonic() - began
        if code != OK:
            raise Violation(f"{work.name} ended with status {code}: {output}")
        case.end(False)
        case = Case(work, name)
        code, output = case.tool(
            work.arguments(case.place), tracing.wrapper(case.record, CALLS))
        if code != OK:
            raise Violation(f"{work.name} under strace ended with status {code}: {output}")
        counts, is_begun = {}, False
        # All calls, and those from the mark on, with which the old files give way to the new ones.
        self.all, self.decisive = [], []
        for call in tracing.calls(case.record):
            counts[call.name] = counts.get(call.name, 0) + 1
            is_begun = is_begun or case.place.data in call.arguments
            # What is opened before the data directory is libraries and the configuration.
            if is_begun:
                self.all.append((call.name, counts[call.name]))
            if self.decisive or "UNFINISHED" in call.arguments:
                self.decisive.append((call.name, counts[call.name]))
        case.end(False)

    def point(self, case, count, chance):
        """Where the work of a case is killed: at any moment, or at a call: each in its turn where
        there are cases for all, else spread, every other one over the decisive calls."""
        if case % TIMED_EVERY == 0:
            return chance.random() * self.seconds
        if count >= 2 * len(self.all):
            return self.all[(case - case // TIMED_EVERY - 1) % len(self.all)]
        chosen = self.decisive if case % 2 else self.all
        return chosen[case * len(chosen) // (count + 1)]


def run_works(run, outcome, works, count):
    """So many kills, taking turns."""
    tracing.need_strace()
    test = outcome.test_id
    points = [Points(work, f"{test}-points") for work in works]
    states, hits = {}, 0
    for number in run.cases(count):
        work, its = works[number % len(works)], points[number % len(works)]
        chance = random.Random(f"{run.seed}/{test}/{number}")
        turn = (number + 1) // len(works)
        point = its.point(turn, count // len(works) or 1, chance)
        outcome.replay = run.replay(test, number)
        case = Case(work, f"{test}-{number}")
        where = f"{work.name} killed at {point}"
        try:
            hits += case.killed_at(point)
            state = case.state()
            if state != "new" and chance.random() < 0.5:
                # What goes on where it stopped is killed as well.
                second = chance.choice(its.all)
                where += f", and again at {second}"
                hits += case.killed_at(second)
                state = case.state()
            states[state] = states.get(state, 0) + 1
            case.finish(state)
        except (Violation, SignetError) as violation:
            outcome.violate(f"case {number}, {where}: {violation}")
        finally:
            case.end(run.keep)
        outcome.case()
    told = ", ".join(f"{name} {count}" for name, count in sorted(states.items()))
    outcome.note(f"{hits} kills at {sum(len(each.all) for each in points)} calls ({told})")


def run_restore(run, outcome):
    if run.durability == "volatile":
        raise Skip("a volatile service makes no backups")
    template = Template(run, "t25-kill")
    works = [Restoring(template, False), Restoring(template, True)]
    run_works(run, outcome, works, run.count("restore kills"))


def run_salvage(run, outcome):
    if run.durability == "volatile":
        raise Skip("a volatile service keeps nothing that could be salvaged")
    template = Template(run, "t25-salvage")
    works = [Salvaging(template, "a damaged batch"), Salvaging(template, "no witness")]
    run_works(run, outcome, works, run.count("salvage kills"))
