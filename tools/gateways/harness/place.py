"""The temporary directory of a run, with copies of the configurations that point into it."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time

HERE = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def until(condition, what, seconds=30):
    """Waits until something is so."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise RuntimeError(f"not within {seconds} s: {what}")
        time.sleep(0.02)


def listens(port):
    """Whether somebody takes connections there."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Place:
    """The directory, and what stands for the paths and ports that the configurations name."""

    def __init__(self):
        self.root = tempfile.mkdtemp(prefix="signet-gateways-")
        os.chmod(self.root, 0o755)
        self.is_root = os.geteuid() == 0
        self.instead = {}
        for path in ("/run/signet", "/var/lib/signet", "/etc/signet", "/etc/nginx",
                     "/etc/haproxy", "/var/lib/haproxy"):
            here = self.root + path
            os.makedirs(here, mode=0o755, exist_ok=True)
            self.instead[path] = here
        os.chmod(self.root + "/var/lib/signet", 0o700)
        os.makedirs(self.root + "/logs")

    def path(self, *parts):
        return os.path.join(self.root, *parts)

    def log(self, name):
        return self.path("logs", name + ".log")

    @staticmethod
    def without_root():
        """Who is not root runs all as himself, and can give files to nobody."""
        return {" group=www-data": "", " group=haproxy": "", "0660": "0600",
                "uid:www-data": f"uid:{os.getuid()}", "uid:haproxy": f"uid:{os.getuid()}",
                "  user haproxy\n": "", "  group haproxy\n": ""}

    def copy(self, name, target, instead=()):
        """Copies a file of this folder with the paths and ports of this place."""
        with open(os.path.join(HERE, name), encoding="utf-8") as file:
            text = file.read()
        for old, new in {**self.instead, **dict(instead)}.items():
            text = text.replace(old, new)
        with open(target, "w", encoding="utf-8") as file:
            file.write(text)

    def remove(self):
        shutil.rmtree(self.root, ignore_errors=True)


class Process:
    """One process of ours, its output in a log file. `who`: user and groups, as Popen has them."""

    def __init__(self, command, log, env=None, cwd=None, **who):
        with open(log, "ab") as output:
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
                env=env, cwd=cwd, **who)
        self.log = log

    def is_running(self):
        return self.process.poll() is None

    def wait_for(self, condition, what):
        until(lambda: condition() or not self.is_running(), what)
        if not self.is_running():
            with open(self.log, encoding="utf-8", errors="replace") as log:
                raise RuntimeError(f"{what}: it ended:\n{log.read()[-2000:]}")

    def stop(self, how=signal.SIGTERM):
        """Ends it. Returns its exit status."""
        if self.is_running():
            self.process.send_signal(how)
        try:
            return self.process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait()
