"""Part 2: the golden frames and bodies of requests, sent to the server."""

from __future__ import annotations

import re
import unittest
from typing import Any, Callable, Dict, Mapping

from signet import wire
from signet.errors import BY_NAME, status_of
from signet.operations import OPERATIONS
from signet.verdicts import Verdict

from .jsonform import load
from .live import DOCUMENTED, Live, Raw, Target
from .live_protocol import ping

Case = Mapping[str, Any]
VALIDATE = OPERATIONS["VALIDATE"]


class VectorTest(Live):
    """Sends the bytes of a vector."""

    needs_provider = False

    def alive(self, raw: Raw) -> None:
        raw.send(ping(1234567))
        self.assertEqual(raw.frame()[0].request_id, 1234567)

    def frame(self, case: Case, path: str) -> None:
        context, expect = case["context"], case["expect"]
        with Raw(path) as raw:
            if context["hello"]:
                hello = raw.hello(max_frame=context["maxFrame"])
                self.assertEqual(hello["rights"], context["rights"])
            raw.send(bytes.fromhex(case["hex"]))
            if expect["outcome"] == "wait":
                self.assertTrue(raw.quiet(), "an answer to half a frame")
                return
            header, body = raw.frame()
            found = (header.opcode, header.request_id, header.flags)
            self.assertEqual(found, (expect["opcode"], expect["requestId"], 1))
            if expect["outcome"] == "accept":
                self.assertNotEqual(status_of(header.status).name, "MALFORMED")
                return
            self.assertEqual(status_of(header.status).name, expect["statusName"],
                             wire.decode_body(wire.ERROR_BODY, body)["message"])
            if expect["close"]:
                self.assertTrue(raw.closed())
            else:
                self.alive(raw)

    def body(self, case: Case) -> None:
        with Raw() as raw:
            if case["operation"] != "HELLO":
                raw.hello()
            raw.send(bytes.fromhex(case["hex"]))
            header, body = raw.frame()
            name = status_of(header.status).name
            if case.get("fault"):
                self.assertEqual(name, "MALFORMED")
                self.assertTrue(raw.closed())
                path = re.fullmatch(r"[^.]+\.request\.(?:bad-utf8|bool-2|past-end|out-of-range)"
                                    r"\.(.*)", case["name"])
                if path:
                    field = re.sub(r"\.(\d+)", r"[\1]", path[1])
                    self.assertEqual(wire.decode_body(wire.ERROR_BODY, body)["field"], field)
                return
            self.assertNotEqual(name, "MALFORMED", body)
            if header.status:
                self.assertIn(name, DOCUMENTED[case["operation"]])
                self.assertEqual(wire.decode_body(wire.ERROR_BODY, body)["oauthError"],
                                 BY_NAME[name].oauth)
            if not BY_NAME[name].closes:
                self.alive(raw)


    def question(self, case: Case) -> None:
        """What a gateway asks. Where the text alone decides, the verdict is the vector's."""
        with Raw() as raw:
            raw.hello()
            raw.send(wire.frame(VALIDATE.opcode, 9, bytes.fromhex(case["requestHex"])))
            header, body = raw.frame()
            self.assertEqual((header.opcode, header.request_id, header.status),
                             (VALIDATE.opcode, 9, 0), body)
            found = wire.decode_body(VALIDATE.reply, body)
            self.assertEqual((found["form"], len(found["identities"])), (1, 1))
            if case["verdict"] == Verdict.MALFORMED:
                self.assertEqual(found["identities"][0]["verdict"], Verdict.MALFORMED)


def _frame(case: Case) -> Callable[[VectorTest], None]:
    return lambda self: self.frame(case, Target.path)


def _body(case: Case) -> Callable[[VectorTest], None]:
    return lambda self: self.body(case)


def _question(case: Case) -> Callable[[VectorTest], None]:
    return lambda self: self.question(case)


def load_tests(*_: object) -> unittest.TestSuite:
    """Frames whose context this socket has, bodies and messages of requests, and what gateways
    ask."""
    methods: Dict[str, Any] = {}
    for case in load("frames.json")["vectors"]:
        context = case["context"]
        if case["side"] == "server" and context["rights"] == 31 and not context["draining"]:
            methods[f"test_frame_{case['name']}"] = _frame(case)
    for name in ("bodies.json", "messages.json"):
        for case in load(name)["vectors"]:
            if case["direction"] == "request":
                methods[f"test_{case['name']}"] = _body(case)
    for case in load("http.json")["vectors"]:
        if "requestHex" in case:
            methods[f"test_question_{case['name']}"] = _question(case)
    group = type("LiveVectors", (VectorTest,), methods)
    return unittest.TestSuite(group(method) for method in methods)
