"""The tests of the tests: each test meets one deliberate fault and has to report it. The faults are
of the harness or of the configuration; bugs of the product are planted by tools/planted."""

import contextlib
import io
import os
import re
import shutil

from . import (requests, t06_cuts, t06_lost, t09_errors, t16_races, t21_leaks, t25_backup,
               t25_kills)
from .model import Grant
from .outcome import Outcome
from .service import Service


@contextlib.contextmanager
def replaced(owner, name, value):
    """An attribute with another value for a while."""
    before = getattr(owner, name)
    setattr(owner, name, value)
    try:
        yield
    finally:
        setattr(owner, name, before)


@contextlib.contextmanager
def policy(run, name):
    """The service runs with another durability."""
    with replaced(run, "durability", name):
        yield


def all_unsynced_is_early(run):
    """process-safe answers before the sync: the check of durable must see it."""
    judge = t09_errors.judge
    stack = contextlib.ExitStack()
    stack.enter_context(policy(run, "process-safe"))
    stack.enter_context(replaced(
        t09_errors, "judge", lambda life, code, lines, _: judge(life, code, lines, True)))
    return stack


def another_key(_):
    """A repetition with another key is another request: two effects."""
    plain = requests.OPERATIONS
    sent = []

    def frame(name, fields, request_id=7):
        if name in ("ISSUE", "EXCHANGE", "REFRESH", "REVOKE"):
            fields = {**fields, "key": os.urandom(16)}
            sent.append(name)
        operation = plain[name]
        return requests.wire.frame(operation.opcode, request_id,
                                   requests.wire.encode_body(operation.request, fields))
    stack = contextlib.ExitStack()
    stack.enter_context(replaced(t06_cuts, "frame", frame))
    stack.enter_context(replaced(t06_lost, "frame", frame))
    return stack


def grace(_):
    """With a grace of a minute, an old refresh token gets its successor: many winners."""
    def switch_on(service, **values):
        with requests.connect(service.socket) as link:
            link.call("SETTINGS_SET", requests.settings(
                requests.NO_KEY, provider_enabled="true", refresh_grace_seconds="60", **values))
    return replaced(Service, "switch_on", switch_on)


def revokes_another(_):
    """The revoke names another grant than the one that is validated."""
    tokens = t16_races.Arena.tokens

    def swapped(arena, user):
        found = tokens(arena, user)
        other = tokens(arena, user + "-other")
        return {**found, "accessToken": other["accessToken"], "refreshToken": other["refreshToken"]}
    return replaced(t16_races.Arena, "tokens", swapped)


def writes_a_token(_):
    """Half a token in hexadecimal digits in a file of the data directory."""
    search = t21_leaks.LeakSearch.search

    def planted(self):
        raw = self.needles.raw[len(self.needles.raw) // 2]
        with open(os.path.join(self.service.data, "debug.tmp"), "wb") as file:
            file.write(b"token=" + raw.hex().encode() + b"\n")
        search(self)
    return replaced(t21_leaks.LeakSearch, "search", planted)


def copies_instead(_):
    """Not restored, but copied: nothing is revoked."""
    tool = t25_backup.Rounds.tool

    def copied(service, *arguments):
        if arguments[0] == "--restore":
            source = os.path.join(os.path.dirname(os.path.dirname(arguments[1])), "data")
            shutil.rmtree(service.data)
            shutil.copytree(source, service.data)
        elif arguments[1] != service.data:
            tool(service, *arguments)
    return replaced(t25_backup.Rounds, "tool", staticmethod(copied))


def brings_back(_):
    """Asked for again, the work puts the old files back: nothing is revoked."""
    finish = t25_kills.Case.finish

    def copied(case, state):
        finish(case, state)
        shutil.rmtree(case.place.data)
        shutil.copytree(case.work.template.service.data, case.place.data)
        case.judge()
    return replaced(t25_kills.Case, "finish", copied)


def loses_the_mark(_):
    """The mark of unfinished work is gone after the kill."""
    state = t25_kills.Case.state

    def unmarked(case):
        path = os.path.join(case.place.data, "UNFINISHED")
        if os.path.exists(path):
            os.unlink(path)
        return state(case)
    return replaced(t25_kills.Case, "state", unmarked)


def forgets_unknown(_):
    """An auditor that takes every unknown op for one that did not happen."""
    return replaced(Grant, "unknown", lambda grant, op: None)


def volatile(run):
    """A service that keeps nothing."""
    return policy(run, "volatile")


def process_safe(run):
    """A policy that a power cut may take acknowledged changes from."""
    return policy(run, "process-safe")


FAULTS = [
    # test, fault, its counts, what the first violations have to say
    ("T6", volatile, {"kills": 2}, "another instance|had been acknowledged"),
    ("T6", forgets_unknown, {"kills": 8}, "the ledger allows"),
    ("T6-cut", another_key, {}, "2 grants where one effect leaves 1"),
    ("T6-lost", another_key, {"lost replies": 1}, "2 grants where one effect leaves 1"),
    ("T7", volatile, {"syscall kills": 4}, "had been acknowledged"),
    ("T8", process_safe, {"power cuts": 8}, "had been acknowledged"),
    ("T9", all_unsynced_is_early, {"errors": 20}, "acknowledged before a sync"),
    ("T10", volatile, {}, "DISK_FULL never came"),
    ("T16", grace, {"races": 2}, "64 winners of 64"),
    ("T17", revokes_another, {"races": 4}, "after the reply of REVOKE succeeded"),
    ("T21", writes_a_token, {"leak tokens": 200}, "debug.tmp: hex digits"),
    ("T25", copies_instead, {"restores": 1}, "tokens of before are valid|the instance of the old"),
    ("T25-kill", brings_back, {"restore kills": 2}, "the instance of the old"),
    ("T25-salvage", loses_the_mark, {"salvage kills": 8}, "neither the old one nor the new one"),
]


def run_all(run, tests, wanted):
    """Prints a line a fault; how many were not reported."""
    functions = {test_id: (title, function) for test_id, title, _, function in tests}
    plain, missed, cases = run.count, 0, 0
    folder = run.directory
    for test_id, fault, counts, wanted_text in FAULTS:
        if wanted and test_id not in wanted:
            continue
        title, function = functions[test_id]
        run.count = lambda name, counts=counts: counts.get(name) or plain(name)
        outcome = Outcome(test_id, title)
        quiet = io.StringIO()
        run.directory = os.path.join(folder, str(cases))
        with fault(run), contextlib.redirect_stdout(quiet):
            try:
                function(run, outcome)
            except Exception as error:  # a fault may well end the test
                outcome.violate(f"{type(error).__name__}: {error}")
        caught = any(re.search(wanted_text, text) for text in outcome.violations)
        missed += not caught and outcome.skipped is None
        cases += 1
        first = (outcome.violations or [outcome.skipped or "nothing was reported"])[0]
        print(f"{'CAUGHT' if caught else 'MISSED'} {test_id}: {fault.__doc__.strip()}\n"
              f"       {len(outcome.violations)} violations, the first: {first[:300]}", flush=True)
    run.count, run.directory = plain, folder
    print(f"{cases - missed} of {cases} faults reported")
    return missed
