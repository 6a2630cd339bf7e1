"""Part 2: what a stopping server answers. Needs a daemon of its own (`--start`)."""

from __future__ import annotations

import os
import signal
import unittest

from signet import wire
from signet.errors import status_of

from .daemon import Daemon
from .jsonform import load
from .live import PATIENCE_SECONDS, Raw, Target
from .live_protocol import ping


class Draining(unittest.TestCase):
    """SIGTERM while a client has not taken its replies: the server drains and waits for it."""

    def setUp(self) -> None:
        if Target.executable is None:
            self.skipTest("needs --start: a server to stop")
        self.server = Daemon(Target.executable).__enter__()
        self.addCleanup(self.server.__exit__)

    def open(self, hello: bool = True) -> Raw:
        raw = Raw(self.server.path)
        self.addCleanup(raw.socket.close)
        if hello:
            raw.hello()
        return raw

    def stop_with_replies_waiting(self, link: Raw) -> Raw:
        """A connection whose replies wait, and SIGTERM; returns when `link` sees DRAINING."""
        slow = self.open()
        slow.stuff(b"".join(ping(number, b"x" * 1024) for number in range(1, 4001)))
        os.kill(self.server.process.pid, signal.SIGTERM)
        while True:
            link.request("USER_ENABLE", 1, key=bytes(16), user="x")
            try:
                header, _ = link.frame()
            except (EOFError, ConnectionResetError):
                self.skipTest("the server stopped at once: nothing was draining")
            if status_of(header.status).name == "DRAINING":
                return slow

    def test_golden_frames_of_a_draining_server(self) -> None:
        cases = [case for case in load("frames.json")["vectors"] if case["context"]["draining"]]
        self.assertTrue(cases)
        link = self.open()
        links = [self.open(case["context"]["hello"]) for case in cases]
        self.stop_with_replies_waiting(link)
        for case, raw in zip(cases, links):
            expect = case["expect"]
            with self.subTest(case["name"]):
                raw.send(bytes.fromhex(case["hex"]))
                try:
                    header, body = raw.frame()
                except (EOFError, ConnectionResetError):
                    self.skipTest("the server stopped before it could be asked")
                self.assertEqual((header.opcode, header.request_id),
                                 (expect["opcode"], expect["requestId"]))
                self.assertEqual(status_of(header.status).name,
                                 expect.get("statusName", "OK"))
                if header.status:
                    error = wire.decode_body(wire.ERROR_BODY, body)
                    self.assertGreater(error["retryAfterMillis"], 0)
                if expect.get("close"):
                    self.assertTrue(raw.closed())

    def test_stopped_server_ends_with_exit_code_0(self) -> None:
        self.stop_with_replies_waiting(self.open()).socket.close()
        self.assertEqual(self.server.process.wait(PATIENCE_SECONDS), 0)
