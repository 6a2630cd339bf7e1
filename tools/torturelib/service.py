"""A signetd of our own: its directory, configuration, start, kill, stop."""

import os
import select
import signal
import subprocess
import time

from .outcome import Violation
from .requests import NO_KEY, PATIENCE_SECONDS, SignetError, connect, settings
from .tracing import traced_pid

ALL_RIGHTS = "validate,front,front-admin,issue,admin"
START_SECONDS = 60.0
JOURNAL_FAILED = 75


class StartFailed(Violation):
    """The daemon ended, or did not answer, where it had to start."""

    def __init__(self, text, code):
        super().__init__(text)
        self.code = code


class Service:
    """`signetd --config FILE` in a directory. The data may lie elsewhere (on a file system of the
    test). The socket has all rights. Starts after starts go to one log."""

    def __init__(self, programs, directory, durability, data=None, **keys):
        self.programs, self.directory, self.durability = programs, directory, durability
        self.data = data or os.path.join(directory, "data")
        self.backups = os.path.join(directory, "backups")
        self.socket = os.path.join(directory, "run", "all.sock")
        self.log = os.path.join(directory, "log")
        self.config = os.path.join(directory, "signetd.conf")
        self.root_key = os.path.join(directory, "root.key")
        self.keys = {
            "data-directory": self.data, "root-key-file": self.root_key, "workers": "4",
            "max-connections-per-uid": "512", "max-connections": "600",
            "drain-timeout-seconds": "20", "durability": durability,
            "allow": f"uid:{os.geteuid()} rights={ALL_RIGHTS}",
            "listen": f"{self.socket} mode=0600 rights={ALL_RIGHTS}"}
        if durability == "volatile":
            self.keys["accept-data-loss"] = "yes"
        else:
            self.keys["backup-directory"] = self.backups
            keys.setdefault("journal_segment_mib", 4)
            keys.setdefault("revocation_reserve_mib", 4)
            self.keys.update((name.replace("_", "-"), str(value)) for name, value in keys.items())
        self.process = None
        self.wrapped = False
        for each in (directory, os.path.dirname(self.socket), self.data, self.backups):
            os.makedirs(each, mode=0o700, exist_ok=True)
        self.write_config()

    def write_config(self):
        with open(self.config, "w", encoding="utf-8") as file:
            file.writelines(f"{name} = {value}\n" for name, value in self.keys.items())

    @property
    def signetd(self):
        return os.path.join(self.programs, "signetd")

    def launch(self, wrapper=()):
        """Starts the process without waiting for it to answer."""
        self.wrapped = bool(wrapper)
        log = os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            self.process = subprocess.Popen(
                [*wrapper, self.signetd, "--config", self.config], stdin=subprocess.DEVNULL,
                stdout=log, stderr=log, env=dict(os.environ, SWIFT_BACKTRACE="enable=no"))
        finally:
            os.close(log)

    def start(self, wrapper=()):
        """Starts it and returns when it answers. StartFailed when it does not."""
        self.launch(wrapper)
        self.await_ready()

    def await_ready(self):
        """Returns a connection's HELLO reply once there is one."""
        limit = time.monotonic() + START_SECONDS
        ended = os.pidfd_open(self.process.pid)
        try:
            while True:
                try:
                    with connect(self.socket, 10) as link:
                        self.hello = link.hello
                        return
                except SignetError as error:
                    if time.monotonic() > limit:
                        self.kill()
                        raise StartFailed(f"no answer after {START_SECONDS} s: {error}", None) \
                            from error
                # Until the process ends, at most this long: then it is asked again.
                if select.select([ended], [], [], 0.005)[0]:
                    code = self.process.wait()
                    raise StartFailed(f"signetd ended with status {code} instead of starting: "
                                      f"{self.last_line()}", code)
        finally:
            os.close(ended)

    def last_line(self):
        with open(self.log, encoding="utf-8", errors="replace") as file:
            return (file.read().strip().splitlines() or ["(no log)"])[-1]

    def switch_on(self, **values):
        """The settings that the tests work under."""
        with connect(self.socket) as link:
            link.call("SETTINGS_SET", settings(
                NO_KEY, provider_enabled="true", code_lifetime_seconds="600",
                refresh_grace_seconds="0", **values))

    def running(self):
        return self.process is not None and self.process.poll() is None

    def signal(self, number):
        """To the daemon itself, also where it runs under strace, which ends with it."""
        if self.running():
            pid = traced_pid(self.process.pid) if self.wrapped else self.process.pid
            if pid is not None:
                os.kill(pid, number)

    def kill(self):
        """SIGKILL; returns when the process is gone."""
        self.signal(signal.SIGKILL)
        return self.process.wait() if self.process else None

    def stop(self):
        """SIGTERM; its exit status."""
        if self.running():
            self.signal(signal.SIGTERM)
            try:
                self.process.wait(PATIENCE_SECONDS)
            except subprocess.TimeoutExpired:
                self.signal(signal.SIGKILL)
        return self.process.wait() if self.process else None

    def wait(self, seconds):
        """Its exit status, or None when it has not ended by then."""
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None
