"""Part 1: the client against a server that a test scripts, byte by byte."""

from __future__ import annotations

import os
import socket
import tempfile
import threading
import unittest
from typing import Any, Callable, List, Optional

from signet import (Connection, OutcomeUnknown, ProtocolFault, Refused, ReplyTimeout, Signet,
                    Unreachable, verdicts, wire)
from signet.client import NO_KEY
from signet.errors import BY_NAME
from signet.operations import BY_OPCODE, OPERATIONS

STORE = b"i" * 16
HELLO_REPLY = {"version": 1, "maxFrame": 65536, "maxInFlight": 1024, "features": 0,
               "instance": STORE, "position": 1, "retryWindowSeconds": 600,
               "retryWindowEntries": 65536, "peerUid": 0, "rights": 31, "serverVersion": "test"}


class Peer:
    """One accepted connection, seen from the server."""

    def __init__(self, link: socket.socket) -> None:
        self.link = link

    def take(self) -> Any:
        """The next request: header and fields."""
        header = wire.decode_header(self._exactly(wire.HEADER_BYTES))
        body = self._exactly(header.length)
        return header, wire.decode_body(BY_OPCODE[header.opcode].request, body)

    def _exactly(self, count: int) -> bytes:
        data = b""
        while len(data) < count:
            piece = self.link.recv(count - len(data))
            if not piece:
                raise EOFError
            data += piece
        return data

    def answer(self, header: wire.Header, **fields: Any) -> None:
        body = wire.encode_body(BY_OPCODE[header.opcode].reply, fields)
        self.link.sendall(wire.frame(header.opcode, header.request_id, body, wire.REPLY_FLAG))

    def refuse(self, header: wire.Header, name: str, millis: int = 0,
               request_id: Optional[int] = None) -> None:
        body = wire.encode_body(wire.ERROR_BODY, {
            "field": "", "message": "no", "retryAfterMillis": millis, "oauthError": ""})
        number = header.request_id if request_id is None else request_id
        self.link.sendall(wire.frame(header.opcode, number, body, wire.REPLY_FLAG,
                                     BY_NAME[name].code))

    def hello(self, **changes: Any) -> None:
        header, _ = self.take()
        self.answer(header, **{**HELLO_REPLY, **changes})


class Scripted(unittest.TestCase):
    """Each script plays one connection after the other."""

    def setUp(self) -> None:
        self.failures: List[AssertionError] = []

    def serve(self, *scripts: Callable[[Peer], None]) -> str:
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        path = os.path.join(directory.name, "s")
        self.addCleanup(lambda: self.assertEqual(self.failures, []))
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(path)
        listener.listen()
        thread = threading.Thread(target=self._play, args=(listener, scripts), daemon=True)
        thread.start()
        self.addCleanup(thread.join, 10)
        self.addCleanup(listener.close)
        return path

    def _play(self, listener: socket.socket, scripts: Any) -> None:
        for script in scripts:
            link, _ = listener.accept()
            link.settimeout(10)
            with link:
                try:
                    script(Peer(link))
                except (EOFError, OSError):
                    pass  # the client closed: nothing more to play
                except AssertionError as failure:
                    self.failures.append(failure)

    def test_replies_in_any_order_find_their_requests(self) -> None:
        def script(peer: Peer) -> None:
            peer.hello()
            taken = [peer.take() for _ in range(3)]
            for header, fields in reversed(taken):
                peer.answer(header, echo=fields["echo"])
        with Connection(self.serve(script)) as link:
            ids = [link.send("PING", {"echo": echo}) for echo in (b"a", b"b", b"c")]
            self.assertEqual([link.receive(each)["echo"] for each in ids], [b"a", b"b", b"c"])

    def test_replies_in_one_piece_are_delivered_up_to_a_fault(self) -> None:
        def script(peer: Peer) -> None:
            peer.hello()
            first, second = peer.take()[0], peer.take()[0]
            echo = wire.encode_body(OPERATIONS["PING"].reply, {"echo": b"x"})
            peer.link.sendall(b"".join(wire.frame(first.opcode, number, echo, wire.REPLY_FLAG)
                                       for number in (second.request_id, first.request_id, 999)))
        with Connection(self.serve(script)) as link:
            ids = [link.send("PING", {"echo": b"x"}) for _ in range(2)]
            self.assertEqual([link.receive(each)["echo"] for each in ids], [b"x", b"x"])
            with self.assertRaises(ProtocolFault):
                link.call("PING", {"echo": b"x"})

    def test_no_more_requests_in_flight_than_negotiated(self) -> None:
        most: List[int] = []
        held: List[Any] = []

        def script(peer: Peer) -> None:
            peer.hello(maxInFlight=2)
            for _ in range(6):
                held.append(peer.take())
                most.append(len(held))
                if len(held) == 2:
                    while held:
                        header, fields = held.pop()
                        peer.answer(header, echo=fields["echo"])
        with Connection(self.serve(script)) as link:
            ids = [link.send("PING", {"echo": b"%d" % n}) for n in range(6)]
            self.assertEqual([link.receive(each)["echo"] for each in ids],
                             [b"%d" % n for n in range(6)])
        self.assertEqual(max(most), 2)

    def test_reply_that_never_comes_is_a_timeout(self) -> None:
        def script(peer: Peer) -> None:
            peer.hello()
            peer.take()
            peer.take()
        with Connection(self.serve(script)) as link:
            with self.assertRaises(ReplyTimeout):
                link.call("PING", {"echo": b""}, 0.05)

    def test_frames_that_are_no_replies_end_the_connection(self) -> None:
        for bad in (wire.frame(2, 2, b"\0\0"), wire.frame(2, 9, b"\0\0", 1),
                    wire.frame(3, 2, bytes(8), 1), wire.frame(2, 2, b"\0", 1),
                    wire.frame(2, 0, b"\0\0", 1), wire.frame(2, 2, b"\0\0", 3),
                    wire.frame(2, 2, bytes(65537), 1)):
            def script(peer: Peer, bad: bytes = bad) -> None:
                peer.hello()
                peer.take()
                peer.link.sendall(bad)
                peer.take()
            with self.subTest(bad[:16].hex()), Connection(self.serve(script)) as link:
                with self.assertRaises(ProtocolFault):
                    link.call("PING", {"echo": b""})
                with self.assertRaises(Unreachable):
                    link.call("PING", {"echo": b""})

    def test_error_at_accept_is_told_with_its_status(self) -> None:
        def script(peer: Peer) -> None:
            peer.refuse(wire.Header(0, 1, 0, 1, 0, 0, 0), "TOO_MANY_CONNECTIONS")
        with self.assertRaises(Refused) as caught:
            Connection(self.serve(script))
        self.assertEqual(caught.exception.status.name, "TOO_MANY_CONNECTIONS")

    def test_bytes_behind_the_last_known_field_are_ignored(self) -> None:
        def script(peer: Peer) -> None:
            peer.hello()
            header, _ = peer.take()
            peer.link.sendall(wire.frame(2, header.request_id, b"\1\0xlater", 1))
        with Connection(self.serve(script)) as link:
            self.assertEqual(link.call("PING", {"echo": b""}), {"echo": b"x"})

    def test_lost_mutation_is_sent_again_with_the_same_key_and_body(self) -> None:
        seen: List[Any] = []

        def lose(peer: Peer) -> None:
            peer.hello()
            seen.append(peer.take()[1])

        def good(peer: Peer) -> None:
            peer.hello()
            header, fields = peer.take()
            seen.append(fields)
            peer.answer(header, position=7)
        with Signet(self.serve(lose, good)) as client:
            self.assertEqual(client.call("USER_DISABLE", user="mara"), {"position": 7})
        self.assertEqual(seen[0], seen[1])
        self.assertNotEqual(seen[0]["key"], NO_KEY)

    def test_lost_mutation_is_not_sent_to_another_store(self) -> None:
        def lose(peer: Peer) -> None:
            peer.hello()
            peer.take()

        def other(peer: Peer) -> None:
            peer.hello(instance=b"j" * 16)
            peer.take()
            self.fail("sent again")
        with Signet(self.serve(lose, other)) as client:
            with self.assertRaises(OutcomeUnknown):
                client.call("USER_DISABLE", user="mara")

    def test_lost_mutation_without_a_key_is_not_sent_again(self) -> None:
        def lose(peer: Peer) -> None:
            peer.hello()
            peer.take()
        with Signet(self.serve(lose)) as client:
            with self.assertRaises(OutcomeUnknown):
                client.call("USER_DISABLE", key=NO_KEY, user="mara")

    def test_busy_after_a_lost_reply_leaves_the_outcome_unknown(self) -> None:
        def lose(peer: Peer) -> None:
            peer.hello()
            peer.take()

        def busy(peer: Peer) -> None:
            peer.hello()
            header, _ = peer.take()
            peer.refuse(header, "BUSY", 60_000)
            peer.take()
        with Signet(self.serve(lose, busy), timeout=1) as client:
            with self.assertRaises(OutcomeUnknown):
                client.call("USER_DISABLE", user="mara")

    def test_busy_is_tried_again_and_a_refusal_is_not(self) -> None:
        def script(peer: Peer) -> None:
            peer.hello()
            first, fields = peer.take()
            peer.refuse(first, "BUSY", 1)
            second, again = peer.take()
            self.assertEqual(again, fields)
            peer.refuse(second, "INVALID_FIELD")
        with Signet(self.serve(script)) as client:
            with self.assertRaises(Refused) as caught:
                client.call("USER_DISABLE", user="")
        self.assertEqual(caught.exception.status.name, "INVALID_FIELD")

    def test_rate_limited_mutation_is_sent_again_with_its_key(self) -> None:
        keys: List[bytes] = []

        def script(peer: Peer) -> None:
            peer.hello()
            for refuse in (True, False):
                header, fields = peer.take()
                keys.append(fields["key"])
                if refuse:
                    peer.refuse(header, "RATE_LIMITED", 1)
                else:
                    peer.answer(header, position=1)
        with Signet(self.serve(script)) as client:
            client.call("USER_DISABLE", user="mara")
        self.assertEqual(keys[0], keys[1])

    def test_retry_after_beyond_the_deadline_gives_up(self) -> None:
        def script(peer: Peer) -> None:
            peer.hello()
            header, _ = peer.take()
            peer.refuse(header, "BUSY", 60_000)
            peer.take()
        with Signet(self.serve(script), timeout=1) as client:
            with self.assertRaises(Refused):
                client.validate([b"x"])

    def test_draining_server_is_left_and_asked_again(self) -> None:
        def leave(peer: Peer) -> None:
            peer.hello()
            header, _ = peer.take()
            peer.refuse(header, "DRAINING", 1)
            peer.take()

        def good(peer: Peer) -> None:
            peer.hello()
            header, _ = peer.take()
            peer.answer(header, position=1)
        with Signet(self.serve(leave, good)) as client:
            client.call("USER_DISABLE", user="mara")

    def test_fewer_verdicts_than_tokens_fail_closed(self) -> None:
        def script(peer: Peer) -> None:
            peer.hello()
            header, _ = peer.take()
            peer.answer(header, form=0, verdicts=[{"verdict": 0, "expiresInSeconds": 1}])
            peer.take()
        with Signet(self.serve(script), timeout=0.3) as client:
            with self.assertRaises(Unreachable):
                client.validate([b"x", b"y"])

    def test_batch_is_cut_by_count_and_by_frame(self) -> None:
        counts: List[int] = []

        def script(peer: Peer) -> None:
            peer.hello(maxFrame=1024)
            while True:
                header, fields = peer.take()
                self.assertLessEqual(header.length, 1024)
                counts.append(len(fields["tokens"]))
                peer.answer(header, form=0, verdicts=[
                    {"verdict": 2, "expiresInSeconds": 0} for _ in fields["tokens"]])
        with Signet(self.serve(script)) as client:
            self.assertEqual(len(client.validate([b"x" * 57] * 40 + [b"y" * 9000])), 41)
        self.assertEqual(counts, [17, 17, 7])

    def test_nobody_there_is_unreachable(self) -> None:
        with self.assertRaises(Unreachable):
            Signet("/nonexistent/socket", timeout=0.05).validate([b"x"])


class Headers(unittest.TestCase):
    """Bearer tokens from Authorization headers."""

    def test_token_is_what_follows_the_scheme_and_one_space(self) -> None:
        for header, token in ((b"Bearer abc", b"abc"), (b"bEARER abc", b"abc"),
                              (b"Bearer  abc", b" abc"), (b"Bearer abc ", b"abc "),
                              (b'Bearer "abc"', b'"abc"'), (b"Bearer ", b""), (b"Bearer", b""),
                              (b"Basic abc", None), (b"", None), (b"Bearerabc", None)):
            with self.subTest(header):
                self.assertEqual(verdicts.bearer_token([header]), token)

    def test_no_header_and_two_headers(self) -> None:
        self.assertIsNone(verdicts.bearer_token([]))
        with self.assertRaises(ValueError):
            verdicts.bearer_token([b"Bearer a", b"Bearer b"])
        with self.assertRaises(ValueError):
            verdicts.bearer_token([b"Bearer a"], in_query=True)
        self.assertIsNone(verdicts.bearer_token([], in_query=True))
        self.assertEqual(verdicts.more_than_one().status, 400)

    def test_realm_is_escaped(self) -> None:
        self.assertEqual(verdicts.missing('a"\\').www_authenticate, 'Bearer realm="a\\"\\\\"')

    def test_every_operation_is_here_once(self) -> None:
        self.assertEqual((len(OPERATIONS), len(BY_OPCODE)), (45, 45))
