"""Many raw connections driven from one thread: frames are made first, then all are sent at once, so
that the workers of the service race and not the client."""

import select
import socket

from .requests import OPERATIONS, PATIENCE_SECONDS, wire
from .outcome import Violation


class Member:
    """One connection that has said HELLO."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(PATIENCE_SECONDS)
        self.socket.connect(path)
        self.sent = 0
        self.send(frame("HELLO", dict(minVersion=1, maxVersion=1, maxFrame=65536, maxInFlight=1024,
                                      features=0, clientName="gang")))
        status, _ = self.reply("HELLO")
        if status:
            raise Violation(f"HELLO was answered with status {status}")

    def send(self, data):
        self.socket.sendall(data)

    def reply(self, name):
        """(status, fields) of the next frame; fields of the error body unless status is 0."""
        status, body = self.raw()
        layout = OPERATIONS[name].reply if status == 0 else wire.ERROR_BODY
        return status, wire.decode_body(layout, body)

    def raw(self):
        """(status, body) of the next frame."""
        header = wire.decode_header(self.exactly(wire.HEADER_BYTES))
        return header.status, self.exactly(header.length)

    def exactly(self, count):
        data = b""
        while len(data) < count:
            piece = self.socket.recv(count - len(data))
            if not piece:
                raise ConnectionError(f"closed after {len(data)} of {count} bytes")
            data += piece
        return data

    def close(self):
        self.socket.close()


def frame(name, fields, request_id=7):
    operation = OPERATIONS[name]
    return wire.frame(operation.opcode, request_id, wire.encode_body(operation.request, fields))


class Gang:
    """Members in the order in which they connected: the service spreads them over its workers."""

    def __init__(self, path, count):
        self.members = [Member(path) for _ in range(count)]

    def race(self, name, requests):
        """Sends one request a member; (status, fields) in their order."""
        frames = [frame(name, fields) for fields in requests]
        for member, data in zip(self.members, frames):
            member.send(data)
        return [member.reply(name) for member, _ in zip(self.members, frames)]

    def first_readable(self, members):
        """Those of the members that have a reply waiting; waits for one."""
        ready, _, _ = select.select([each.socket for each in members], [], [], PATIENCE_SECONDS)
        if not ready:
            raise Violation("no reply in time")
        return [each for each in members if each.socket in ready]

    def close(self):
        for each in self.members:
            each.close()
