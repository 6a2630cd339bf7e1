"""One blocking connection: HELLO, pipelining, replies in any order, the in-flight cap.

Use a connection from one thread at a time. It never retries; `Signet` in client.py does.
"""

from __future__ import annotations

import select
import socket
import time
from typing import Any, Dict, List, Mapping, Optional, Set, Tuple

from . import wire
from .errors import ProtocolFault, Refused, ReplyTimeout, SignetError, Unreachable, status_of
from .operations import BY_OPCODE, OPERATIONS

DEFAULT_NAME = "signet-python 1.0"
_READ_BYTES = 65536


def check_reply(header: wire.Header, limit: int, waiting: Mapping[int, int]) -> None:
    """Judges the header of a frame that a server sent; ProtocolFault when it is none.

    waiting: the opcode of each request id that is outstanding. Request id 0 belongs to the server:
    only an error that answers no request may carry it."""
    if header.flags != wire.REPLY_FLAG:
        raise ProtocolFault(f"flags are {header.flags}, 1 wanted")
    if header.version != wire.VERSION:
        raise ProtocolFault(f"version is {header.version}, 1 wanted")
    if header.reserved != 0:
        raise ProtocolFault(f"reserved is {header.reserved}, 0 wanted")
    if header.length > limit:
        raise ProtocolFault(f"length is {header.length}, at most {limit} negotiated")
    if header.request_id == 0 and header.status != 0:
        return
    if header.request_id not in waiting:
        raise ProtocolFault(f"a reply to request {header.request_id}, which is not outstanding")
    if waiting[header.request_id] != header.opcode:
        raise ProtocolFault(f"a reply to request {header.request_id} with another opcode")


def check_hello(hello: wire.Record, max_frame: int, max_in_flight: int) -> None:
    """Judges what the server agreed to, beside what was asked for (0: nothing); ProtocolFault when a
    server of this protocol says no such thing."""
    if hello["version"] != wire.VERSION:
        raise ProtocolFault(f"the server speaks version {hello['version']}, 1 wanted")
    for name, asked, least, most in (("maxFrame", max_frame, 1024, 1 << 20),
                                     ("maxInFlight", max_in_flight, 1, 65535)):
        if not least <= hello[name] <= (asked or most):
            raise ProtocolFault(f"{name} is {hello[name]}, {least} to {asked or most} wanted")


def refusal(header: wire.Header, body: bytes) -> Refused:
    """The exception for a reply whose status is not OK."""
    error = _decode(wire.ERROR_BODY, body)
    return Refused(status_of(header.status), error["field"], error["message"],
                   error["retryAfterMillis"], error["oauthError"], header.opcode,
                   header.request_id)


def _decode(fields: wire.Fields, body: bytes) -> wire.Record:
    try:
        return wire.decode_body(fields, body)
    except wire.WireError as error:
        raise ProtocolFault(f"a reply that cannot be read: {error}") from error


class Connection:
    """A connection that said HELLO. `hello` is the server's reply to it.

    timeout: seconds that connecting, HELLO and every call may take if not told otherwise."""

    def __init__(self, path: str, client_name: str = DEFAULT_NAME, timeout: float = 5.0,
                 max_frame: int = 65536, max_in_flight: int = 1024) -> None:
        self.timeout = timeout
        self.max_frame = wire.HELLO_FRAME_LIMIT
        self.max_in_flight = 1
        self._received = bytearray()
        self._waiting: Dict[int, int] = {}
        self._replies: Dict[int, Tuple[wire.Header, bytes]] = {}
        self._forgotten: Set[int] = set()
        self._last_id = 0
        self._end: Optional[SignetError] = None
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            self._socket.settimeout(timeout)
            self._socket.connect(path)
            self._socket.setblocking(False)
            self.hello = self.call("HELLO", dict(
                minVersion=1, maxVersion=1, maxFrame=max_frame, maxInFlight=max_in_flight,
                features=0, clientName=client_name))
            check_hello(self.hello, max_frame, max_in_flight)
        except OSError as error:
            self._socket.close()
            raise Unreachable(f"{path}: {error}") from error
        except SignetError:
            self._socket.close()
            raise
        self.max_frame = self.hello["maxFrame"]
        self.max_in_flight = self.hello["maxInFlight"]

    def close(self) -> None:
        """Closes; unanswered requests stay unknown."""
        self._end = self._end or Unreachable("the connection is closed")
        self._socket.close()

    def __enter__(self) -> "Connection":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def outstanding(self) -> int:
        """Requests sent and not answered yet."""
        return len(self._waiting)

    def call(self, name: str, fields: Mapping[str, Any],
             timeout: Optional[float] = None) -> wire.Record:
        """Sends a request and waits for its reply; Refused when its status is not OK."""
        deadline = self._deadline(timeout)
        request_id = self.send(name, fields, deadline - time.monotonic())
        return self.receive(request_id, deadline - time.monotonic())

    def send(self, name: str, fields: Mapping[str, Any],
             timeout: Optional[float] = None) -> int:
        """Sends a request without waiting for its reply and returns its request id. Takes replies
        in while the in-flight cap is reached or the server is slow to read."""
        operation = OPERATIONS[name]
        body = wire.encode_body(operation.request, fields)
        if len(body) > self.max_frame:
            raise wire.WireError("", f"{len(body)} bytes, the connection allows {self.max_frame}")
        deadline = self._deadline(timeout)
        while len(self._waiting) >= self.max_in_flight:
            self._pump(deadline)
        request_id = self._next_id()
        self._waiting[request_id] = operation.opcode
        unsent = memoryview(wire.frame(operation.opcode, request_id, body))
        while unsent:
            unsent = unsent[self._pump(deadline, unsent):]
        return request_id

    def receive(self, request_id: int, timeout: Optional[float] = None) -> wire.Record:
        """The reply to a request sent before, whatever order replies come in."""
        deadline = self._deadline(timeout)
        while request_id not in self._replies:
            if request_id not in self._waiting:
                raise KeyError(f"request {request_id} is not outstanding")
            self._pump(deadline)
        header, body = self._replies.pop(request_id)
        if header.status != 0:
            raise self._refusal(header, body)
        return self._decoded(BY_OPCODE[header.opcode].reply, body)

    def receive_any(self, timeout: Optional[float] = None) -> int:
        """Waits until some reply is there and returns its request id, for `receive`."""
        deadline = self._deadline(timeout)
        while not self._replies:
            self._pump(deadline)
        return next(iter(self._replies))

    def forget(self, request_id: int) -> None:
        """Throws away the reply to a request, now or when it comes."""
        if self._replies.pop(request_id, None) is None and request_id in self._waiting:
            self._forgotten.add(request_id)

    def _refusal(self, header: wire.Header, body: bytes) -> SignetError:
        """What an error reply says; one that cannot be read ends the connection."""
        try:
            return refusal(header, body)
        except ProtocolFault as fault:
            self._fail(fault)
            return fault

    def _decoded(self, fields: wire.Fields, body: bytes) -> wire.Record:
        try:
            return _decode(fields, body)
        except ProtocolFault as fault:
            self._fail(fault)
            raise

    def _deadline(self, timeout: Optional[float]) -> float:
        return time.monotonic() + (self.timeout if timeout is None else max(timeout, 0.0))

    def _next_id(self) -> int:
        while True:
            self._last_id = self._last_id % 0xFFFFFFFF + 1
            if self._last_id not in self._waiting and self._last_id not in self._replies:
                return self._last_id

    def _pump(self, deadline: float, unsent: Optional[memoryview] = None) -> int:
        """Waits until bytes can move, moves them, and returns how many of `unsent` went out."""
        if self._end is not None:
            raise self._end
        events = select.POLLIN | (select.POLLOUT if unsent else 0)
        poll = select.poll()
        poll.register(self._socket, events)
        ready = poll.poll(max(deadline - time.monotonic(), 0.0) * 1000)
        if not ready:
            raise ReplyTimeout(f"no answer in time, {len(self._waiting)} requests outstanding")
        sent = 0
        if unsent and ready[0][1] & select.POLLOUT:
            try:
                sent = self._socket.send(unsent)
            except OSError:
                self._drain()  # the server closed; its last error frame may still be there
        if ready[0][1] & ~select.POLLOUT:
            self._take_in()
        return sent

    def _drain(self) -> None:
        while True:
            self._take_in()
            if self._end is not None:
                raise self._end

    def _take_in(self) -> None:
        try:
            piece = self._socket.recv(_READ_BYTES)
        except BlockingIOError:
            return
        except OSError as error:
            piece = b""
            cause: Optional[OSError] = error
        else:
            cause = None
        self._received += piece
        self._sort_frames()
        if not piece:
            self._fail(Unreachable(f"the server closed the connection ({cause or 'end'})"))

    def _sort_frames(self) -> None:
        while len(self._received) >= wire.HEADER_BYTES:
            header = wire.decode_header(self._received)
            try:
                check_reply(header, self.max_frame, self._waiting)
            except ProtocolFault as fault:
                self._fail(fault)  # what came before it counts, what comes behind it does not
                return
            end = wire.HEADER_BYTES + header.length
            if len(self._received) < end:
                return
            body = bytes(self._received[wire.HEADER_BYTES:end])
            del self._received[:end]
            if header.request_id == 0:
                self._fail(self._refusal(header, body))
                return
            del self._waiting[header.request_id]
            if header.request_id in self._forgotten:
                self._forgotten.remove(header.request_id)
            else:
                self._replies[header.request_id] = header, body

    def _fail(self, error: SignetError) -> None:
        if self._end is None:
            self._end = error
            self._socket.close()


def split_tokens(tokens: List[bytes], most: int, room: int) -> List[List[bytes]]:
    """Tokens in pieces of at most `most` tokens and `room` bytes, two more counted a token."""
    pieces: List[List[bytes]] = []
    left = 0
    for token in tokens:
        if not pieces or len(pieces[-1]) == most or left < len(token) + 2:
            pieces.append([])
            left = room
        pieces[-1].append(token)
        left -= len(token) + 2
    return pieces
