"""Part 1: every golden vector, one test each."""

from __future__ import annotations

import hashlib
import hmac
import re
import unittest
import zlib
from base64 import urlsafe_b64encode
from typing import Any, Callable, Dict, Mapping, Optional

from signet import Signet, tokens, verdicts, wire
from signet.errors import BY_NAME, Refused, Unreachable, status_of
from signet.operations import OPERATIONS

from . import aes, judge, rules
from .jsonform import files, from_json, load

Case = Mapping[str, Any]
Test = unittest.TestCase


def _layout(case: Case) -> wire.Fields:
    if case["direction"] == "error":
        return wire.ERROR_BODY
    operation = OPERATIONS[case["operation"]]
    return operation.request if case["direction"] == "request" else operation.reply


def run_message(test: Test, case: Case) -> None:
    """decode(hex) = fields, encode(fields) = hex."""
    data = bytes.fromhex(case["hex"])
    layout = _layout(case)
    whole = wire.split_frame(data)
    test.assertIsNotNone(whole)
    header, body, rest = whole  # type: ignore[misc]
    test.assertEqual(rest, b"")
    stated = case["header"]
    test.assertEqual(
        (header.length, header.version, header.flags, header.opcode, header.request_id,
         header.status),
        tuple(stated[name] for name in ("length", "version", "flags", "opcode", "requestId",
                                        "status")))
    test.assertEqual(header.opcode, case["opcode"])
    fields = from_json(layout, case["fields"])
    test.assertEqual(wire.decode_body(layout, body), fields)
    again = wire.frame(header.opcode, header.request_id, wire.encode_body(layout, fields),
                       header.flags, header.status)
    test.assertEqual(again.hex(), data.hex())


def run_body(test: Test, case: Case) -> None:
    """Refuse, or accept and ignore the tail."""
    whole = wire.split_frame(bytes.fromhex(case["hex"]))
    test.assertIsNotNone(whole)
    body = whole[1]  # type: ignore[index]
    layout = _layout(case)
    if "fault" in case:
        test.assertEqual(case["fault"], "MALFORMED")
        with test.assertRaises(wire.WireError):
            wire.decode_body(layout, body)
    else:
        test.assertEqual(wire.decode_body(layout, body), from_json(layout, case["fields"]))


def run_frame(test: Test, case: Case) -> None:
    """What that side does."""
    side = {"server": judge.server, "client": judge.client}[case["side"]]
    test.assertEqual(side(bytes.fromhex(case["hex"]), case["context"]), case["expect"])


def run_token(test: Test, case: Case) -> None:
    """Parse and write back, or the first fault."""
    text = bytes.fromhex(case["hex"])
    if "fault" in case:
        with test.assertRaises(tokens.TokenFault) as caught:
            tokens.parse(text)
        test.assertEqual(caught.exception.fault, case["fault"])
        test.assertEqual(case["verdict"], 1 if not text else 2)
        return
    expect = case["expect"]
    token = tokens.parse(text)
    words = expect.get("words") or expect["id"] + expect["tag"]
    test.assertEqual(token, tokens.Token(expect["kind"], tuple(map(int, words)),
                                         expect.get("version", 0), expect.get("keyId", 0)))
    test.assertEqual(tokens.write(token), text)
    test.assertEqual(case.get("verdict"), None if token.kind == "access" else 2)


def run_mac(test: Test, case: Case) -> None:
    """Compute and compare; `good` says whether what is presented is right."""
    run = _MACS.get(case["algorithm"])
    if run is None:
        test.fail(f"no code for the algorithm {case['algorithm']}")
    run(test, case)  # type: ignore[misc]


def _hex(case: Case, name: str) -> bytes:
    return bytes.fromhex(case[name])


def _hkdf(test: Test, case: Case) -> None:
    output = tokens.hkdf_sha256(_hex(case, "ikm"), _hex(case, "salt"), _hex(case, "info"),
                                case["length"])
    test.assertEqual((output.hex(), True), (case["output"], case["good"]))


def _hmac(test: Test, case: Case) -> None:
    output = hmac.new(_hex(case, "key"), _hex(case, "input"), hashlib.sha256).hexdigest()
    test.assertEqual((output, True), (case["output"], case["good"]))


def _tag(test: Test, case: Case) -> None:
    key = tokens.token_key(_hex(case, "root"), _hex(case, "salt"))
    test.assertEqual(key.hex(), case["tokenKey"])
    presented = tokens.parse(case["text"].encode())
    test.assertEqual((presented.kind, presented.version, presented.key_id),
                     (case["kind"], case["version"], case["keyId"]))
    test.assertEqual(presented.words, tuple(map(int, case["id"] + case["tag"])))
    test.assertEqual(tokens.tag_input(presented).hex(), case["input"])
    words = tokens.tag_words(key, presented)
    test.assertEqual(b"".join(word.to_bytes(8, "little") for word in words).hex(), case["output"])
    test.assertEqual(words == presented.words[2:], case["good"])


def _aes(test: Test, case: Case) -> None:
    output = aes.encrypt_block(_hex(case, "key"), _hex(case, "input"))
    test.assertEqual((output.hex(), True), (case["output"], case["good"]))
    words = tuple(int.from_bytes(output[at:at + 8], "little") for at in (0, 8))
    test.assertEqual(tokens.write(tokens.Token("accessor", words)).decode(), case["text"])


def _digest(test: Test, case: Case) -> None:
    output = hashlib.sha256(_hex(case, "input")).digest()[:16]
    test.assertEqual((output.hex(), True), (case["output"], case["good"]))


def _crc(test: Test, case: Case) -> None:
    value = zlib.crc32(_hex(case, "input"))
    test.assertEqual((value, f"{value:08x}", True), (case["number"], case["output"], case["good"]))


def _pkce(test: Test, case: Case) -> None:
    digest = hashlib.sha256(case["verifier"].encode()).digest()
    test.assertEqual(digest.hex(), case["output"])
    challenge = urlsafe_b64encode(digest).rstrip(b"=").decode()
    test.assertEqual(challenge == case["challenge"], case["good"])


_MACS: Dict[str, Callable[[Test, Case], None]] = {
    "hkdf-sha256": _hkdf, "hmac-sha256": _hmac, "token-tag": _tag, "aes-128": _aes,
    "sha256-16": _digest, "crc32": _crc, "pkce-s256": _pkce,
}


def run_redirect(test: Test, case: Case) -> None:
    """Match or not."""
    registered = [text.encode() for text in case["registered"]]
    found = rules.redirect(registered, case["publicClient"], _hex(case, "presentedHex"))
    test.assertEqual(found, case["match"])


def run_url(test: Test, case: Case) -> None:
    """Good for that use or not."""
    test.assertEqual(rules.url(case["use"], _hex(case, "hex"), case["requireHttps"]),
                     case["valid"])


def run_syntax(test: Test, case: Case) -> None:
    """Judge a text by a rule."""
    text, rule = _hex(case, "hex"), case["rule"]
    if rule == "scope":
        found = rules.scopes(text)
        test.assertEqual(found is not None, case["valid"])
        if found is not None:
            test.assertEqual([scope.decode() for scope in found], case["normal"])
    elif rule == "glob":
        pattern = case["pattern"].encode()
        test.assertEqual(rules.is_glob(pattern), case["patternValid"])
        test.assertEqual(rules.glob(pattern, text), case["valid"])
    elif rule in rules.SYNTAX:
        test.assertEqual(rules.SYNTAX[rule](text), case["valid"])
    else:
        test.fail(f"no code for the rule {rule}")


def run_decision(test: Test, case: Case) -> None:
    """The verdict and what a gateway makes of it."""
    verdict = rules.verdict(case)
    test.assertEqual((verdict, verdict.name), (case["verdict"], case["verdictName"]))
    answer = verdicts.for_verdict(verdict, case["requiredScopes"])
    http = case["http"]
    test.assertEqual((answer.status, answer.retry_after_seconds > 0),
                     (http["status"], http["retryAfter"]))
    error = re.search(r'error="([^"]*)"', answer.www_authenticate)
    test.assertEqual(error[1] if error else "", http["error"])


class _Asked:
    """In place of a connection: keeps the body of the one request that it is given."""

    max_frame = 65536
    body = b""

    def send(self, name: str, fields: Case, _timeout: float) -> int:
        self.body = wire.encode_body(OPERATIONS[name].request, fields)
        return 1

    def receive(self, _request_id: int, _timeout: float) -> Case:
        return {"form": 1, "identities": [{}]}


class _Asking(Signet):
    """A client that asks nobody."""

    def __init__(self) -> None:
        super().__init__("")
        self.asked = _Asked()

    def connection(self, timeout: Optional[float] = None) -> Any:
        return self.asked


def _question(test: Test, case: Case, token: bytes) -> None:
    """The VALIDATE that the client sends."""
    client = _Asking()
    client.identify([token], case["requiredScopes"], case.get("audience", ""),
                    case.get("anyAudience", False))
    if "requestHex" in case:
        test.assertEqual(client.asked.body.hex(), case["requestHex"])
    else:
        sent = wire.decode_body(OPERATIONS["VALIDATE"].request, client.asked.body)["tokens"]
        test.assertEqual(len(sent), 1)
        test.assertTrue(token.startswith(sent[0]))
        test.assertTrue(sent[0].startswith(case["asksBegins"].encode()))


def _http_request(test: Test, case: Case) -> verdicts.HttpAnswer:
    """The answer to a request's headers and query."""
    headers = [header.encode() for header in case.get("authorization", [])]
    headers += [bytes.fromhex(header) for header in case.get("authorizationHex", [])]
    try:
        token = verdicts.bearer_token(headers, bool(case["queryToken"]))
    except ValueError:
        return verdicts.more_than_one(case["realm"])
    if not token:
        test.assertNotIn("verdict", case)
        return verdicts.missing(case["realm"])
    test.assertIn("verdict", case, "a token where there is none")
    if "asks" in case:
        test.assertEqual(token, case["asks"].encode())
    if "asksHex" in case:
        test.assertEqual(token.hex(), case["asksHex"])
    _question(test, case, token)
    return verdicts.for_verdict(case["verdict"], case["requiredScopes"], case["realm"])


def _http_reply(test: Test, case: Case) -> verdicts.HttpAnswer:
    """The identity of a reply. What the upstream is told of it is the gateway's business."""
    layout = OPERATIONS["VALIDATE"].reply
    found = wire.decode_body(layout, bytes.fromhex(case["replyHex"]))
    test.assertEqual(found, from_json(layout, {"form": 1, "identities": [case["identity"]]}))
    if case["verdict"] == 0 and not case["headers"]:
        return verdicts.for_failure(Unreachable("a name with control characters"))
    return verdicts.for_verdict(case["verdict"], case["requiredScopes"], case["realm"])


def run_http(test: Test, case: Case) -> None:
    """The HTTP answer."""
    if "target" in case:
        answer = verdicts.for_path(case["target"])
    elif "queryToken" in case:
        answer = _http_request(test, case)
    elif "replyHex" in case:
        answer = _http_reply(test, case)
    elif "verdict" in case:
        answer = verdicts.for_verdict(case["verdict"], case["requiredScopes"], case["realm"])
    elif "statusName" in case:
        answer = verdicts.for_failure(Refused(BY_NAME[case["statusName"]]))
    elif "statusCode" in case:
        answer = verdicts.for_failure(Refused(status_of(case["statusCode"])))
    else:
        test.assertTrue(case["unreachable"])
        answer = verdicts.for_failure(Unreachable("no connection"))
    test.assertEqual(answer, (case["status"], case["wwwAuthenticate"], case["retryAfterSeconds"]))


RUNNERS: Dict[str, Callable[[Test, Case], None]] = {
    "message": run_message, "body": run_body, "frame": run_frame, "token": run_token,
    "mac": run_mac, "redirect": run_redirect, "url": run_url, "syntax": run_syntax,
    "decision": run_decision, "http": run_http,
}


def _no_runner(kind: str) -> Callable[[Test], None]:
    def test(self: Test) -> None:
        self.fail(f"no code runs vectors of the kind {kind}")
    return test


def _one(run: Callable[[Test, Case], None], case: Case) -> Callable[[Test], None]:
    def test(self: Test) -> None:
        run(self, case)
    test.__doc__ = f"{case['name']}: {case['meaning'][:120]}"
    return test


def suite() -> unittest.TestSuite:
    """A test for every vector of every file; a file that cannot be run is a failing test."""
    found = unittest.TestSuite()
    for name in files():
        document = load(name)
        run = RUNNERS.get(document.get("kind", ""))
        if run is None or document.get("format") != "signet-vectors-1":
            methods = {f"test_{name}": _no_runner(f"{document.get('kind')} in {name}")}
        else:
            methods = {f"test_{number:04}_{case['name']}": _one(run, case)
                       for number, case in enumerate(document["vectors"], 1)}
        group = type(f"Vectors_{name.split('.')[0]}", (unittest.TestCase,), methods)
        found.addTests(group(method) for method in methods)
    return found
