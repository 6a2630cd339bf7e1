"""T9 on the real binary: the Nth call of a kind fails. A failed sync or write of the journal ends
the process with status 75 within a second; nothing sent after it is acknowledged; what was, is
there after the next start. Besides: with or without a fault, no mutation is acknowledged before a
sync that began after it was sent has ended."""

from . import tracing
from .lives import Life
from .outcome import Violation
from .requests import SignetError
from .service import JOURNAL_FAILED

# (call, error, first N, step, whether N counts from when the service has been set up). The first
# syncs and writes of a start make the directory.
FAULTS = [("fdatasync", "EIO", 2, 1, False), ("pwrite64", "ENOSPC", 1, 1, True),
          ("fdatasync", "EIO", 1, 1, True), ("pwrite64", "EIO", 1, 2, True),
          ("fsync", "EIO", 1, 1, False), ("pwrite64", "EROFS", 4, 2, False),
          ("fdatasync", "ENOSPC", 3, 2, True), ("rename", "EROFS", 1, 1, True),
          ("fallocate", "ENOSPC", 1, 1, False), ("pwrite64", "EDQUOT", 2, 2, True),
          ("fsync", "EIO", 1, 1, True), ("openat", "ENOSPC", 1, 1, True)]
TRACED = ("openat", "pwrite64", "fdatasync", "fsync", "rename", "unlink", "ftruncate", "fallocate")
BUDGET = 6
SECONDS_TO_END = 1.0
# Statuses of a start that was refused by the system, or by recovery, and said so.
START_REFUSALS = range(64, 76)


def point(case):
    call, error, first, step, attached = FAULTS[(case - 1) % len(FAULTS)]
    return call, error, first + step * ((case - 1) // len(FAULTS)), attached


def acks_before_syncs(ledger, record):
    """Ops that were acknowledged although no sync that began after they were sent had ended."""
    syncs = [call for call in tracing.calls(record)
             if call.name in ("fdatasync", "fsync") and call.result == "0"]
    for op, sent, acked in ledger:
        if not any(sent <= call.began and call.ended <= acked for call in syncs):
            yield op


def answered(model_ops, lines):
    """(op, sent at, acked at) of the ops that were acknowledged at their first sending."""
    for line in lines:
        if line["event"] == "acked" and not model_ops[line["op"]].get("retry"):
            yield line["op"], model_ops[line["op"]]["at"], line["at"]


def of_snapshot(life, fault):
    """Whether a sync was of a snapshot or of the directory for it: one that cannot be written is no
    reason to stop, the journal goes on."""
    last = fault.arguments
    for call in tracing.calls(life.record):
        if call.injected and call.began == fault.began:
            break
        if call.pid == fault.pid and call.name in ("pwrite64", "rename", "fdatasync"):
            last = call.arguments
    return "/snap" in last or "/snap" in fault.arguments


def judge(life, code, lines, durable):
    """What must hold of the life with the fault, before the next start."""
    ops = {line["op"]: line for line in lines if line["event"] == "sent"}
    acked = list(answered(ops, lines))
    if durable:
        early = list(acks_before_syncs(acked, life.record))
        if early:
            raise Violation(f"{len(early)} ops acknowledged before a sync, the first is op "
                            f"{early[0]}")
    failed = [call for call in tracing.calls(life.record) if call.injected]
    if not failed:
        return False
    # N is counted by thread, so there may be several; the last is the one that ended it.
    fault = failed[-1]
    if fault.name in ("fdatasync", "fsync") and code is None and not of_snapshot(life, fault):
        raise Violation(f"{fault.name} failed and signetd went on")
    if code is not None and code not in START_REFUSALS:
        raise Violation(f"ended with status {code}: {life.service.last_line()}")
    if code == JOURNAL_FAILED:
        late = [op for op, sent, _ in acked if sent > fault.ended]
        if late:
            raise Violation(f"op {late[0]}, sent after the failed {fault.name}, was acknowledged")
        last = max((call.ended for call in tracing.calls(life.record)), default=fault.ended)
        if last - fault.ended > SECONDS_TO_END:
            raise Violation(f"it went on for {last - fault.ended:.1f} s after the failed call")
    return True


def run(run, outcome):
    tracing.need_strace()
    hits, ends = 0, {}
    for case in run.cases(run.count("errors")):
        call, error, number, attached = point(case)
        outcome.replay = run.replay("T9", case)
        life = Life(run, outcome, f"t9-{case}", run.seed * 1_000 + case)
        try:
            code = life.first(TRACED, [f"{call}:error={error}:when={number}"], BUDGET, attached)
            lines = life.auditor.peek()
            if judge(life, code, lines, run.durability == "durable"):
                hits += 1
                ends[code] = ends.get(code, 0) + 1
            life.afterwards(BUDGET)
        except (Violation, SignetError) as violation:
            outcome.violate(f"case {case}, {error} at {call} {number}: {violation}")
        finally:
            life.end()
        outcome.case()
    told = ", ".join(f"status {code}: {count}" if code is not None else f"went on: {count}"
                     for code, count in sorted(ends.items(), key=str))
    outcome.note(f"{hits} calls failed ({told})")
