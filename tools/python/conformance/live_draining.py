"""Part 2: what a stopping server answers. Needs a daemon of its own (`--start`)."""

from __future__ import annotations

import os
import signal
import unittest

from signet import wire
from signet.connection import Connection
from signet.errors import SignetError, status_of

from .daemon import Daemon
from .jsonform import load
from .live import PATIENCE_SECONDS, Raw, Target
from .live_protocol import ping

UNTAKEN = 500
"""PINGs whose replies a busy connection has not taken: more than the kernel buffers, less than
the server's write buffer, so that it goes on reading."""


class Draining(unittest.TestCase):
    """SIGTERM while clients have not taken their replies: the server drains, waiting for them."""

    def setUp(self) -> None:
        if Target.executable is None:
            self.skipTest("needs --start: a server to stop")
        self.server = Daemon(Target.executable).__enter__()
        self.addCleanup(self.server.__exit__)

    def open(self, busy: bool) -> Raw:
        raw = Raw(self.server.path)
        self.addCleanup(raw.socket.close)
        if busy:
            raw.hello()
            left = raw.stuff(b"".join(ping(n, b"x" * 1024) for n in range(1, UNTAKEN + 1)))
            self.assertFalse(left, "the server stopped reading below its write buffer")
            self.assertTrue(raw.taken(), "the server left requests unread")
        return raw

    def stop(self) -> None:
        """SIGTERM; returns when no new connection is welcome any more."""
        os.kill(self.server.process.pid, signal.SIGTERM)
        while True:
            try:
                Connection(self.server.path, timeout=PATIENCE_SECONDS).close()
            except SignetError:
                return

    def take(self, raw: Raw) -> None:
        for number in range(1, UNTAKEN + 1):
            self.assertEqual(raw.frame()[0].request_id, number)

    def test_golden_frames_of_a_draining_server(self) -> None:
        cases = [case for case in load("frames.json")["vectors"] if case["context"]["draining"]]
        self.assertTrue(cases)
        links = [self.open(case["context"]["hello"]) for case in cases]
        self.stop()
        for case, raw in zip(cases, links):
            expect = case["expect"]
            with self.subTest(case["name"]):
                raw.send(bytes.fromhex(case["hex"]))
                if case["context"]["hello"]:
                    self.take(raw)
                try:
                    header, body = raw.frame()
                except (EOFError, ConnectionResetError):
                    self.skipTest("the server had closed this connection")
                self.assertEqual((header.opcode, header.request_id),
                                 (expect["opcode"], expect["requestId"]))
                if not case["context"]["hello"] and header.status == 0:
                    self.skipTest("this connection's worker had not heard of the stop yet")
                self.assertEqual(status_of(header.status).name, expect.get("statusName", "OK"))
                if header.status:
                    error = wire.decode_body(wire.ERROR_BODY, body)
                    self.assertGreater(error["retryAfterMillis"], 0)
                    if header.opcode == 1:
                        self.assertEqual(error["retryAfterMillis"], 1000)
                if expect.get("close"):
                    self.assertTrue(raw.closed())

    def test_replies_are_still_delivered_and_the_exit_code_is_0(self) -> None:
        raw = self.open(True)
        self.stop()
        self.take(raw)
        self.assertTrue(raw.closed())
        self.assertEqual(self.server.process.wait(PATIENCE_SECONDS), 0)
