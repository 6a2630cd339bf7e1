"""signetd under strace: a call that kills or fails, and the record of the calls."""

import os
import re
import shutil
import subprocess

from .outcome import Skip

# pid, seconds, the rest
LINE = re.compile(r"^(\d+) +(\d+\.\d+) (.*)$")
WHOLE = re.compile(r"^(\w+)\((.*)\) += (-?\w+)(.*?)(?: <(\d+\.\d+)>)?$")
BEGUN = re.compile(r"^(\w+)\((.*) <unfinished \.\.\.>$")
RESUMED = re.compile(r"^<\.\.\. (\w+) resumed>(.*)\) += (-?\w+)(.*?)(?: <(\d+\.\d+)>)?$")


def need_strace():
    if not shutil.which("strace"):
        raise Skip("strace is not installed")


def wrapper(record, calls, inject=()):
    """The words in front of a command. `inject`: expressions as in strace(1)."""
    words = ["strace", "-f", "-qq", *options(record, calls, inject)]
    if not any(":signal=" in each for each in inject):
        # Much faster, but then strace 6.1 injects errors and no signals.
        words.insert(1, "--seccomp-bpf")
    return words


def options(record, calls, inject):
    words = ["-ttt", "-T", "-y", "-s", "0", "-o", record, "-e", "trace=" + ",".join(calls),
             "-e", "signal=none"]
    for each in inject:
        words += ["-e", "inject=" + each]
    return words


def attach(pid, record, calls, inject):
    """strace on every thread of a running process; N counts from now on. Returns once it holds."""
    tracer = subprocess.Popen(["strace", "-f", "-p", str(pid), *options(record, calls, inject)],
                              stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    line = tracer.stderr.readline()
    if "attached" not in line:
        tracer.wait()
        raise Skip(f"strace cannot attach: {line.strip()}")
    return tracer


def traced_pid(strace_pid):
    """The process that strace started, or None when there is none (any more)."""
    try:
        with open(f"/proc/{strace_pid}/task/{strace_pid}/children", encoding="ascii") as file:
            found = file.read().split()
    except FileNotFoundError:
        return None
    return int(found[0]) if found else None


class Call:
    """One system call: when it began and ended (seconds of the wall clock), its result."""

    def __init__(self, pid, name, arguments, result, began, ended, tail):
        self.pid, self.name, self.arguments, self.result = pid, name, arguments, result
        self.began, self.ended = began, ended
        self.injected = "INJECTED" in tail


def calls(record):
    """The calls of a record that ended, in the order in which they ended."""
    begun = {}
    with open(record, encoding="utf-8", errors="replace") as file:
        for line in file:
            match = LINE.match(line.rstrip("\n"))
            if not match:
                continue
            pid, at, rest = match.group(1), float(match.group(2)), match.group(3)
            whole = WHOLE.match(rest)
            if whole:
                name, arguments, result, tail, lasted = whole.groups()
                yield Call(pid, name, arguments, result, at, at + float(lasted or 0), tail)
            elif BEGUN.match(rest):
                begun[pid] = (at, *BEGUN.match(rest).groups())
            elif RESUMED.match(rest) and pid in begun:
                _, _, result, tail, _ = RESUMED.match(rest).groups()
                start, name, arguments = begun.pop(pid)
                yield Call(pid, name, arguments, result, start, at, tail)


def opening_offsets(record, part):
    """Numbers, per thread, of the `openat` calls whose path contains `part`."""
    counts, found = {}, []
    for call in calls(record):
        if call.name == "openat":
            counts[call.pid] = counts.get(call.pid, 0) + 1
            if part in call.arguments:
                found.append(counts[call.pid])
    return found
