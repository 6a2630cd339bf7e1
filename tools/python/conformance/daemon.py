"""Starts a daemon in a directory of its own, finds its socket, stops it by pid."""

from __future__ import annotations

import glob
import os
import shutil
import signal
import socket
import stat
import subprocess
import tempfile
import time
import unittest
from typing import ClassVar, List, Optional, Sequence

from signet.connection import Connection
from signet.errors import SignetError

ALL_RIGHTS = 31
_START_SECONDS = 30.0
_STOP_SECONDS = 30.0
_LOOK_SECONDS = 0.05


class Daemon:
    """`signetd --embedded DIRECTORY`. `path` is a socket with all rights, once it answers."""

    def __init__(self, executable: str, flags: Sequence[str] = (),
                 wait_for: Optional[str] = None) -> None:
        self.directory = tempfile.mkdtemp(prefix="signet-")
        self.log = open(os.path.join(self.directory, "log"), "wb")
        flags = [flag.replace("{directory}", self.directory) for flag in flags]
        self.process = subprocess.Popen(
            [executable, "--embedded", os.path.join(self.directory, "signet"),
             "--journal-segment-mib", "1", "--revocation-reserve-mib", "1", *flags],
            stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)
        self.wait_for = wait_for and wait_for.replace("{directory}", self.directory)
        self.path = ""

    def __enter__(self) -> "Daemon":
        limit = time.monotonic() + _START_SECONDS
        while not self.path:
            if self.process.poll() is not None or time.monotonic() > limit:
                self.__exit__()
                raise RuntimeError(f"the daemon did not answer (exit {self.process.returncode})")
            self.path = next((path for path in self._sockets() if _answers(path)), "")
            if not self.path:
                time.sleep(_LOOK_SECONDS)
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        self.log.close()
        shutil.rmtree(self.directory, ignore_errors=True)

    def _sockets(self) -> List[str]:
        if self.wait_for:
            return [self.wait_for]
        found = glob.glob(os.path.join(self.directory, "**"), recursive=True)
        return [path for path in found if stat.S_ISSOCK(os.lstat(path).st_mode)]

    def stop(self) -> int:
        """SIGTERM to the process started here; its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        return self.process.returncode


def _answers(path: str) -> bool:
    try:
        with Connection(path, timeout=1) as link:
            return bool(link.hello["rights"] == ALL_RIGHTS)
    except (SignetError, socket.error):
        return False


class StopTest(unittest.TestCase):
    """The end of the daemon that this run started."""

    daemon: ClassVar[Daemon]

    def test_sigterm_stops_it_with_exit_code_0(self) -> None:
        self.assertEqual(self.daemon.stop(), 0)
