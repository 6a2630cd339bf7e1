"""Part 2: HELLO, states, header faults, order, flow control, time limits."""

from __future__ import annotations

import os
import secrets
import socket
from typing import Any

from signet import wire
from signet.connection import Connection
from signet.errors import BY_NAME
from signet.operations import OPERATIONS

from .live import (LOCAL, PATIENCE_SECONDS, Live, Raw, Target, app_fields, authorize_fields,
                   person, someone)

ALL_RIGHTS = 31
PING = OPERATIONS["PING"].opcode


def ping(request_id: int, echo: bytes = b"ping") -> bytes:
    """A whole PING frame."""
    return wire.frame(PING, request_id, wire.encode_body(OPERATIONS["PING"].request,
                                                         {"echo": echo}))


class ProtocolTest(Live):
    """What every connection sees."""

    needs_provider = False

    def last_error(self, raw: Raw, status: str, opcode: int, request_id: int) -> None:
        header, error = raw.error()
        self.assertEqual((header.version, header.flags, header.reserved), (1, 1, 0))
        self.assertEqual((header.status, header.opcode, header.request_id),
                         (BY_NAME[status].code, opcode, request_id), error["message"])
        self.assertEqual(error["oauthError"], BY_NAME[status].oauth)
        self.assertTrue(raw.closed(), "a byte after the last error frame")

    def hello(self, **wish: Any) -> Raw:
        raw = Raw()
        self.addCleanup(raw.socket.close)
        raw.request("HELLO", 5, **{"minVersion": 1, "maxVersion": 1, "maxFrame": 0,
                                   "maxInFlight": 0, "features": 0, "clientName": "", **wish})
        return raw


class Hello(ProtocolTest):
    """HELLO and its reply."""

    def answer(self, **wish: Any) -> wire.Record:
        header, body = self.hello(**wish).frame()
        self.assertEqual((header.status, header.opcode, header.request_id), (0, 1, 5), body)
        return wire.decode_body(OPERATIONS["HELLO"].reply, body)

    def test_tells_version_limits_uid_and_rights(self) -> None:
        hello = self.link.hello
        self.assertEqual((hello["version"], hello["features"]), (1, 0))
        self.assertEqual((hello["peerUid"], hello["rights"]), (os.getuid(), ALL_RIGHTS))
        self.assertEqual((hello["retryWindowSeconds"], hello["retryWindowEntries"]), (600, 65536))
        self.assertTrue(hello["serverVersion"])

    def test_zero_is_no_wish(self) -> None:
        hello = self.answer()
        self.assertEqual((hello["maxFrame"], hello["maxInFlight"]), (65536, 1024))

    def test_lower_wishes_are_taken(self) -> None:
        hello = self.answer(maxFrame=1024, maxInFlight=1)
        self.assertEqual((hello["maxFrame"], hello["maxInFlight"]), (1024, 1))

    def test_higher_wishes_are_lowered(self) -> None:
        hello = self.answer(maxFrame=0xFFFFFFFF, maxInFlight=0xFFFF)
        self.assertEqual((hello["maxFrame"], hello["maxInFlight"]), (65536, 1024))

    def test_unknown_feature_bits_are_dropped(self) -> None:
        self.assertEqual(self.answer(features=0xFFFFFFFFFFFFFFFF)["features"], 0)

    def test_instance_is_the_same_on_every_connection(self) -> None:
        self.assertEqual(self.answer()["instance"], self.link.hello["instance"])

    def test_longest_client_name(self) -> None:
        self.answer(clientName="n" * 128)

    def test_no_common_version_is_version_and_close(self) -> None:
        self.last_error(self.hello(minVersion=2, maxVersion=9), "VERSION", 1, 5)

    def test_second_hello_is_malformed_and_close(self) -> None:
        raw = self.hello()
        raw.frame()
        raw.request("HELLO", 6, minVersion=1, maxVersion=1, maxFrame=0, maxInFlight=0,
                    features=0, clientName="")
        self.last_error(raw, "MALFORMED", 1, 6)

    def test_requests_right_behind_hello_are_answered(self) -> None:
        raw = self.hello()
        raw.send(ping(9))
        self.assertEqual([raw.frame()[0].request_id for _ in range(2)], [5, 9])


class States(ProtocolTest):
    """What the state of a connection decides, and time limits."""

    def test_every_operation_before_hello_is_hello_required(self) -> None:
        for operation in OPERATIONS.values():
            if operation.name == "HELLO":
                continue
            with self.subTest(operation.name), Raw() as raw:
                raw.send(wire.frame(operation.opcode, 3, b""))
                self.last_error(raw, "HELLO_REQUIRED", operation.opcode, 3)

    def test_unknown_opcode_is_unsupported_and_the_connection_stays(self) -> None:
        with Raw() as raw:
            raw.hello()
            raw.send(wire.frame(0x0EEE, 8, b"x" * 3000) + ping(9))
            header, _ = raw.error()
            self.assertEqual((header.status, header.opcode, header.request_id),
                             (BY_NAME["UNSUPPORTED"].code, 0x0EEE, 8))
            self.assertEqual(raw.frame()[0].request_id, 9)

    def test_silence_before_hello_half_a_header_and_half_a_body_time_out(self) -> None:
        with Raw() as silent, Raw() as headless, Raw() as half:
            headless.hello()
            headless.send(ping(4)[:7])
            half.hello()
            half.send(ping(4)[:18])
            self.last_error(silent, "TIMEOUT", 1, 0)
            self.last_error(headless, "TIMEOUT", 1, 0)
            self.last_error(half, "TIMEOUT", PING, 4)

    def test_half_close_gets_the_outstanding_replies_then_the_end(self) -> None:
        with Raw() as raw:
            raw.hello()
            raw.request("METADATA", 11)
            raw.send(ping(12))
            raw.socket.shutdown(socket.SHUT_WR)
            self.assertEqual({raw.frame()[0].request_id for _ in range(2)}, {11, 12})
            self.assertTrue(raw.closed())

    def test_body_may_come_in_chunks_of_one_byte(self) -> None:
        with Raw() as raw:
            raw.hello()
            for byte in ping(21, b"chunked") + ping(22):
                raw.send(bytes([byte]))
            self.assertEqual([raw.frame()[1][2:] for _ in range(2)], [b"chunked", b"ping"])

    def test_small_frames_allow_validate_but_no_lane_operation(self) -> None:
        with Connection(Target.path, max_frame=1024, timeout=PATIENCE_SECONDS) as link:
            self.link = link
            self.assertEqual(self.verdicts("junk"), [2])
            self.refused("LIMIT_REACHED", "STATUS")
            self.ask("BARRIER")

    def test_frame_over_the_negotiated_limit_is_refused_without_its_body(self) -> None:
        with Raw() as raw:
            raw.hello(max_frame=2048)
            raw.send(wire.Header(2049, 1, 0, PING, 6, 0, 0).encode())
            self.last_error(raw, "FRAME_TOO_LARGE", PING, 6)


class Order(ProtocolTest):
    """PING, BARRIER, pipelining, flow control."""

    def test_ping_answers_the_same_bytes(self) -> None:
        for echo in (b"", b"\x00\xff", b"x" * 1024):
            self.assertEqual(self.ask("PING", echo=echo)["echo"], echo)

    def test_worker_operations_are_answered_in_order(self) -> None:
        with Raw() as raw:
            raw.hello()
            raw.send(b"".join(ping(number) for number in range(1, 201)))
            found = [raw.frame()[0].request_id for _ in range(200)]
            self.assertEqual(found, list(range(1, 201)))

    def test_barrier_is_answered_after_every_earlier_request(self) -> None:
        with Raw() as raw:
            raw.hello()
            for number in range(2, 12):
                raw.request("SETTINGS_SET", number, key=bytes(16), acting=LOCAL, settings=[
                    {"name": "code-lifetime-seconds", "value": "60"}])
            raw.request("BARRIER", 99)
            found = [raw.frame()[0].request_id for _ in range(11)]
            self.assertEqual(sorted(found[:10]), list(range(2, 12)))
            self.assertEqual(found[10], 99)

    def test_barrier_position_covers_the_mutation_before_it(self) -> None:
        first = self.link.send("SETTINGS_SET", {
            "key": bytes(16), "acting": LOCAL, "settings": [
                {"name": "code-lifetime-seconds", "value": "60"}]})
        second = self.link.send("BARRIER", {})
        barrier = self.link.receive(second)
        self.assertGreaterEqual(barrier["position"], self.link.receive(first)["position"])

    def test_pipelined_replies_are_matched_by_request_id(self) -> None:
        sent = {self.link.send("PING", {"echo": b"%d" % number}): number for number in range(300)}
        for request_id, number in reversed(sent.items()):
            self.assertEqual(self.link.receive(request_id)["echo"], b"%d" % number)

    def test_an_id_may_be_used_again_while_it_is_in_flight(self) -> None:
        with Raw() as raw:
            raw.hello()
            raw.send(ping(7, b"a") + ping(7, b"b"))
            self.assertEqual([raw.frame()[1][2:] for _ in range(2)], [b"a", b"b"])

    def test_more_requests_than_the_cap_are_all_answered(self) -> None:
        with Raw() as raw:
            raw.hello(max_in_flight=2)
            raw.send(b"".join(wire.frame(0x0095, number, b"") for number in range(1, 101)))
            found = {raw.frame()[0].request_id for _ in range(100)}
            self.assertEqual(found, set(range(1, 101)))

    def test_a_slow_reader_loses_nothing(self) -> None:
        count = 4000
        with Raw() as raw:
            raw.hello()
            unsent = raw.stuff(b"".join(ping(n, b"x" * 1024) for n in range(1, count + 1)))
            self.assertTrue(unsent, "the server read on with megabytes of replies waiting")
            for number in range(1, count + 1):
                self.assertEqual(raw.frame()[0].request_id, number)
                if unsent and number % 50 == 0:
                    unsent = raw.stuff(unsent, 0)

    def test_lane_operations_are_decided_in_the_order_sent(self) -> None:
        for turn in range(20):
            value = str(61 + turn)
            self.link.send("SETTINGS_SET", {
                "key": bytes(16), "acting": LOCAL, "settings": [
                    {"name": "code-lifetime-seconds", "value": value}]})
            reply = self.link.receive(self.link.send("SETTINGS_GET", {"acting": LOCAL}))
            settings = {each["name"]: each["value"] for each in reply["settings"]}
            self.assertEqual(settings["code-lifetime-seconds"], value)
        self.set(code_lifetime_seconds="60")


class Idempotency(Live):
    """Keys: the same reply again, or a conflict."""

    def setUp(self) -> None:
        super().setUp()
        self.key = secrets.token_bytes(16)

    def test_same_key_and_body_get_the_same_reply(self) -> None:
        first = self.ask("APP_REGISTER", key=self.key, acting=LOCAL, fields=app_fields())
        again = self.ask("APP_REGISTER", key=self.key, acting=LOCAL, fields=app_fields())
        self.assertEqual(again, first)

    def test_same_key_on_another_connection_gets_the_same_reply(self) -> None:
        first = self.ask("APP_REGISTER", key=self.key, acting=LOCAL, fields=app_fields())
        with Connection(Target.path, timeout=PATIENCE_SECONDS) as self.link:
            again = self.ask("APP_REGISTER", key=self.key, acting=LOCAL, fields=app_fields())
        self.assertEqual(again, first)

    def test_same_key_pipelined_twice_gets_the_same_reply(self) -> None:
        body = {"key": self.key, "acting": LOCAL, "fields": app_fields()}
        first, again = self.link.send("APP_REGISTER", body), self.link.send("APP_REGISTER", body)
        self.assertEqual(self.link.receive(again), self.link.receive(first))

    def test_same_key_and_another_body_is_a_conflict(self) -> None:
        self.ask("APP_REGISTER", key=self.key, acting=LOCAL, fields=app_fields())
        self.refused("IDEMPOTENCY_CONFLICT", "APP_REGISTER", key=self.key, acting=LOCAL,
                     fields=app_fields(name="Other"))

    def test_same_key_for_another_operation_is_a_conflict(self) -> None:
        self.ask("USER_ENABLE", key=self.key, user="conformance-key")
        self.refused("IDEMPOTENCY_CONFLICT", "USER_DISABLE", key=self.key, user="conformance-key")

    def test_a_refusal_is_not_remembered(self) -> None:
        self.refused("INVALID_FIELD", "APP_REGISTER", key=self.key, acting=LOCAL,
                     fields=app_fields(name=""))
        self.ask("APP_REGISTER", key=self.key, acting=LOCAL, fields=app_fields())

    def test_a_refused_request_may_succeed_later_under_its_key(self) -> None:
        self.set_back(provider_enabled="true")
        body = dict(key=self.key, acting=LOCAL, fields=app_fields())
        self.set(provider_enabled="false")
        self.refused("PROVIDER_OFF", "APP_REGISTER", **body)
        self.set(provider_enabled="true")
        first = self.ask("APP_REGISTER", **body)
        self.assertEqual(self.ask("APP_REGISTER", **body), first)

    def test_a_success_that_changed_nothing_is_remembered(self) -> None:
        body = dict(key=self.key, acting=person(someone()), user="", clientId="a" * 26)
        first = self.ask("DEAUTHORIZE", **body)
        self.assertEqual(self.ask("DEAUTHORIZE", **body), first)
        self.refused("IDEMPOTENCY_CONFLICT", "DEAUTHORIZE", **{**body, "clientId": "b" * 26})

    def test_consent_asked_for_is_not_remembered(self) -> None:
        app, user = self.register(), someone()
        body = authorize_fields(app, user, key=self.key)
        self.assertEqual(self.ask("AUTHORIZE", **body)["result"], 2)
        self.assertEqual(self.ask("AUTHORIZE", **{**body, "scope": "other"})["result"], 2)
        self.code(app, user)
        first = self.ask("AUTHORIZE", **body)
        self.assertEqual(first["result"], 1)
        self.assertEqual(self.ask("AUTHORIZE", **body), first)
        self.refused("IDEMPOTENCY_CONFLICT", "AUTHORIZE", **{**body, "state": "other"})

    def test_without_a_key_a_repetition_is_a_second_operation(self) -> None:
        first, again = (self.ask("APP_REGISTER", key=bytes(16), acting=LOCAL,
                                 fields=app_fields()) for _ in range(2))
        self.assertNotEqual(again["clientId"], first["clientId"])
