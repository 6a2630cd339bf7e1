"""System calls that a server makes for an item, by strace: where the kernel does not let signetbench
count them.

A traced server is slow, so such a run says nothing about time. How many frames a read finds depends on
the load as well: with one connection the count is exact, with many it is about right."""

import re
import shutil
import signal
import subprocess
import tempfile

ATTACH_SECONDS = 10


def calls_an_item(pid, run):
    """`run(seconds)` loads the server and returns how many items it answered. Two runs, so that what
    connecting and leaving cost falls out. None where strace is missing or not allowed to."""
    if not shutil.which("strace"):
        return None
    counted = [_traced(pid, lambda seconds=seconds: run(seconds)) for seconds in (0.2, 0.7)]
    if None in counted:
        return None
    (few, few_calls), (many, many_calls) = counted
    return (many_calls - few_calls) / (many - few) if many > few else None


def _traced(pid, action):
    """(what `action` returns, calls of all threads meanwhile), or None."""
    with tempfile.NamedTemporaryFile("r", encoding="utf-8") as summary:
        strace = subprocess.Popen(
            ["strace", "-f", "-c", "-q", "-o", summary.name, "-p", str(pid)],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        if not _is_attached(strace, pid):
            return None
        try:
            result = action()
        finally:
            strace.send_signal(signal.SIGINT)
            strace.wait()
        return result, _total(summary.read())


def _total(summary):
    """The column `calls` added up; its lines end in a call's name."""
    return sum(int(calls) for calls, name in
               re.findall(r"^ *[\d.]+ +[\d.]+ +\d+ +(\d+)(?: +\d+)? +(\w+)$", summary, re.M)
               if name != "total")


def _is_attached(strace, pid):
    """Waits until strace holds the process, or has given up."""
    for _ in range(ATTACH_SECONDS * 100):
        if strace.poll() is not None:
            return False
        with open(f"/proc/{pid}/status", encoding="ascii") as status:
            tracer = re.search(r"^TracerPid:\s+(\d+)$", status.read(), re.M)
        if tracer and int(tracer.group(1)) == strace.pid:
            return True
        try:
            strace.wait(0.01)
        except subprocess.TimeoutExpired:
            pass
    strace.kill()
    strace.wait()
    return False
