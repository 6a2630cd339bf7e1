"""What a server must do with the bytes in front of it, judged from proto-spec/protocol.md ("Order
of checks on a frame", "HELLO", "States of a connection"): the oracle for `frame` vectors."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Optional

from signet import wire
from signet.connection import check_reply
from signet.errors import BY_NAME, ProtocolFault
from signet.operations import BY_OPCODE, Operation

HELLO = 0x0001
FIRST_PUSH_OPCODE = 0xF000
RIGHT_BITS = {"validate": 1, "front": 2, "front-admin": 4, "issue": 8, "admin": 16}


def _error(header: wire.Header, name: str, close: bool) -> Dict[str, Any]:
    return {"outcome": "error", "status": BY_NAME[name].code, "statusName": name,
            "opcode": header.opcode, "requestId": header.request_id, "close": close}


def server(data: bytes, context: Mapping[str, Any]) -> Dict[str, Any]:
    """The expectation for the first frame in `data` on a server's side."""
    if len(data) < wire.HEADER_BYTES:
        return {"outcome": "wait"}
    header = wire.decode_header(data)
    fault = _header_fault(header, context)
    if fault:
        return _error(header, fault, True)
    refused = _state_or_right(header, context)
    if refused:
        return refused
    whole = wire.split_frame(data)
    if whole is None:
        return {"outcome": "wait"}
    fault = _body_fault(BY_OPCODE[header.opcode], whole[1])
    if fault:
        return _error(header, fault, True)
    return {"outcome": "accept", "opcode": header.opcode, "requestId": header.request_id}


def _header_fault(header: wire.Header, context: Mapping[str, Any]) -> Optional[str]:
    bad_version = header.version != wire.VERSION and header.opcode != HELLO
    if (bad_version or header.flags or header.opcode >= FIRST_PUSH_OPCODE
            or header.request_id == 0 or header.status or header.reserved):
        return "MALFORMED"
    limit = context["maxFrame"] if context["hello"] else wire.HELLO_FRAME_LIMIT
    return "FRAME_TOO_LARGE" if header.length > limit else None


def _state_or_right(header: wire.Header, context: Mapping[str, Any]) -> Optional[Dict[str, Any]]:
    operation = BY_OPCODE.get(header.opcode)
    if not context["hello"] and header.opcode != HELLO:
        return _error(header, "HELLO_REQUIRED", True)
    if header.opcode == HELLO and context["hello"] and not context["draining"]:
        return _error(header, "MALFORMED", True)
    if header.opcode == HELLO and context["draining"]:
        return _error(header, "DRAINING", True)
    if operation is not None and operation.mutation and context["draining"]:
        return _error(header, "DRAINING", False)
    if operation is None:
        return _error(header, "UNSUPPORTED", False)
    rights = operation.rights.split()
    if rights and not any(context["rights"] & RIGHT_BITS[right] for right in rights):
        return _error(header, "DENIED", False)
    return None


def _body_fault(operation: Operation, body: bytes) -> Optional[str]:
    try:
        fields = wire.decode_body(operation.request, body)
    except wire.WireError:
        return "MALFORMED"
    if operation.opcode != HELLO:
        return None
    if 1 <= fields["maxFrame"] <= 1023 or fields["minVersion"] > fields["maxVersion"]:
        return "MALFORMED"
    return None if fields["minVersion"] <= wire.VERSION <= fields["maxVersion"] else "VERSION"


def client(data: bytes, context: Mapping[str, Any]) -> Dict[str, Any]:
    """The expectation for the frames in `data` on a client's side, one in the other's `next`."""
    if len(data) < wire.HEADER_BYTES:
        return {"outcome": "wait"}
    header = wire.decode_header(data)
    waiting = {each["requestId"]: each["opcode"] for each in context["outstanding"]}
    try:
        check_reply(header, context["maxFrame"], waiting)
    except ProtocolFault:
        return {"outcome": "close"}
    whole = wire.split_frame(data)
    if whole is None:
        return {"outcome": "wait"}
    asked = [each for each in context["outstanding"] if each["requestId"] == header.request_id]
    if not _is_what_was_asked(header, whole[1], asked):
        return {"outcome": "close"}
    found = {"outcome": "accept", "opcode": header.opcode, "requestId": header.request_id}
    if header.status:
        found["status"] = header.status
    if whole[2]:
        left = [each for each in context["outstanding"] if each not in asked]
        found["next"] = client(whole[2], {**context, "outstanding": left})
    return found


def _is_what_was_asked(header: wire.Header, body: bytes, asked: List[Mapping[str, Any]]) -> bool:
    """Whether the body can be read, and has the form and the number of elements asked for."""
    layout = wire.ERROR_BODY if header.status else BY_OPCODE[header.opcode].reply
    try:
        fields = wire.decode_body(layout, body)
    except wire.WireError:
        return False
    if header.status or "form" not in asked[0]:
        return True
    elements = fields.get("verdicts", fields.get("identities"))
    return (fields["form"], len(elements)) == (asked[0]["form"], asked[0]["count"])
