"""System calls that a server makes, by strace: where the kernel does not let signetbench count them.

A traced server is slow, so such a run says nothing about time. How many frames a read finds depends on
the load as well: with one connection the count is exact, with many it is about right."""

import re
import shutil
import signal
import subprocess
import tempfile

ATTACH_SECONDS = 10


def traced(pid, action):
    """(what `action` returns, calls of all threads meanwhile); the calls are None where strace is
    missing or not allowed to."""
    if not shutil.which("strace"):
        return action(), None
    with tempfile.NamedTemporaryFile("r", encoding="utf-8") as summary:
        strace = subprocess.Popen(
            ["strace", "-f", "-c", "-q", "-o", summary.name, "-p", str(pid)],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        if not _is_attached(strace, pid):
            return action(), None
        try:
            result = action()
        finally:
            strace.send_signal(signal.SIGINT)
            strace.wait()
        total = re.search(r"^ *100\.00 +\S+ +\S+ +(\d+) .*total$", summary.read(), re.M)
    return result, int(total.group(1)) if total else None


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
