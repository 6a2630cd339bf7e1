"""T7: SIGKILL at the Nth call of a system call that changes or secures a file, or sends a reply."""

from . import tracing
from .lives import Life
from .outcome import Violation
from .requests import SignetError

# (call, the step from one N to the next in the commit tier). N is counted by thread.
CALLS = [("fdatasync", 3), ("pwrite64", 4), ("sendto", 5), ("fdatasync", 2), ("pwrite64", 5),
         ("openat", 3), ("fsync", 1), ("rename", 1), ("unlink", 1), ("ftruncate", 1)]
TRACED = ("openat", "pwrite64", "fdatasync", "fsync", "rename", "renameat2", "unlink", "unlinkat",
          "ftruncate", "fallocate", "sendto", "sendmsg", "writev")
BUDGET = 12
KILLED = -9


def point(case, every):
    """(call, N) of a case. `every`: N goes up by one, as in the nightly tier."""
    call, step = CALLS[(case - 1) % len(CALLS)]
    round_number = (case - 1) // len(CALLS)
    return call, 1 + round_number * (1 if every else step)


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
        call, number = point(case, run.tier != "commit")
        where = f"SIGKILL at {call} {number}"
        if call == "openat":
            number += base
        life = Life(run, outcome, f"t7-{case}", run.seed * 1_000 + case)
        outcome.replay = run.replay("T7", case)
        try:
            code = life.first(TRACED, [f"{call}:signal=SIGKILL:when={number}"], BUDGET)
            if code not in (None, KILLED, 128 + 9):
                raise Violation(f"ended with status {code}: {life.service.last_line()}")
            if code is not None:
                reached += 1
                by_call[call] = by_call.get(call, 0) + 1
            life.afterwards(BUDGET // 3)
        except (Violation, SignetError) as violation:
            outcome.violate(f"case {case}, {where}: {violation}")
        finally:
            life.end()
        outcome.case()
    told = ", ".join(f"{name} {count}" for name, count in sorted(by_call.items()))
    outcome.note(f"{reached} killed ({told})")
