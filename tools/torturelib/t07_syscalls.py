"""T7: SIGKILL at the Nth call of a system call that changes or secures a file, or sends a reply."""

from . import tracing
from .lives import Life
from .outcome import Violation
from .requests import SignetError

# (call, the step from one N to the next in the commit tier, whether N counts from when the service
# has been set up, else from its start). N is counted by thread.
CALLS = [("fdatasync", 3, False), ("pwrite64", 2, True), ("sendto", 3, True),
         ("fdatasync", 2, True), ("pwrite64", 4, False), ("rename", 1, True),
         ("openat", 3, False), ("unlink", 1, True), ("fsync", 1, True), ("rename", 1, False),
         ("openat", 1, True), ("ftruncate", 1, False)]
TRACED = ("openat", "pwrite64", "fdatasync", "fsync", "rename", "renameat2", "unlink", "unlinkat",
          "ftruncate", "fallocate", "sendto", "sendmsg", "writev")
BUDGET = 6
KILLED = -9


def point(case, every):
    """(call, N, attached) of a case. `every`: N goes up by one, as in the nightly tier."""
    call, step, attached = CALLS[(case - 1) % len(CALLS)]
    round_number = (case - 1) // len(CALLS)
    return call, 1 + round_number * (1 if every else step), attached


def opening_base(run):
    """How many files a start opens before the first of the data directory: libraries, time zone."""
    life = Life(run, None, "t7-count", run.seed)
    life.service.start(tracing.wrapper(life.record, ("openat",)))
    life.service.stop()
    found = tracing.opening_offsets(life.record, life.service.data)
    life.keep = False
    life.end()
    return min(found, default=1) - 1


def run(run, outcome):
    tracing.need_strace()
    base = opening_base(run)
    reached, by_call = 0, {}
    for case in run.cases(run.count("syscall kills")):
        call, number, attached = point(case, run.tier != "commit")
        where = f"SIGKILL at {call} {number}" + (" once set up" if attached else "")
        if call == "openat" and not attached:
            number += base
        life = Life(run, outcome, f"t7-{case}", run.seed * 1_000 + case)
        outcome.replay = run.replay("T7", case)
        try:
            code = life.first(TRACED, [f"{call}:signal=SIGKILL:when={number}"], BUDGET,
                              attached)
            if code not in (None, KILLED, 128 + 9):
                raise Violation(f"ended with status {code}: {life.service.last_line()}")
            if code is not None:
                reached += 1
                by_call[call] = by_call.get(call, 0) + 1
            life.afterwards(BUDGET)
        except (Violation, SignetError) as violation:
            outcome.violate(f"case {case}, {where}: {violation}")
        finally:
            life.end()
        outcome.case()
    told = ", ".join(f"{name} {count}" for name, count in sorted(by_call.items()))
    outcome.note(f"{reached} killed ({told})")
