"""A service that misbehaves: what it does to a question is what the token in it says."""

import fcntl
import os
import socket
import struct
import termios
import threading
import time

VALIDATE = 0x0010


def _text(value):
    return struct.pack("<H", len(value)) + value


def _frame(opcode, request_id, body, status=0):
    return struct.pack("<IBBHIHH", len(body), 1, 1, opcode, request_id, status, 0) + body


def _identity(verdict=0, subject=b"alice"):
    fields = struct.pack("<BBBBQ", verdict, 1, 0, 0, 1800000000999)
    return _text(fields + _text(subject) + _text(b"app") + _text(b"") + _text(b""))


def _identities(request_id, *identities):
    body = struct.pack("<BH", 1, len(identities)) + b"".join(identities)
    return _frame(VALIDATE, request_id, body)


def _hello(request_id):
    body = struct.pack("<HIHQ16sQIIII", 1, 4096, 2, 0, b"i" * 16, 1, 600, 65536, 33, 1)
    return _frame(0x0001, request_id, body + _text(b"stand-in 1"))


def _answer(token, request_id):
    """The bytes to send, and whether to hang up after them; None: say nothing at all."""
    good = _identities(request_id, _identity())
    if token.startswith("status-"):
        error = _text(b"") + _text(b"as the table wants it") + bytes(4) + _text(b"")
        return _frame(VALIDATE, request_id, error, int(token[7:])), False
    if token.startswith("verdict-") and token[8:].isdigit():
        return _identities(request_id, _identity(int(token[8:]))), False
    verdict_form = struct.pack("<BHBBHI", 0, 1, 0, 0, 0, 3600)
    return {
        "good": (good, False),
        "once-a-connection": (good, False),
        "silent": (None, False),
        "half": (good[:len(good) // 2], True),
        "pieces": (good, False),
        "garbage": (b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", False),
        "huge": (struct.pack("<IBBHIHH", 2 ** 31, 1, 1, VALIDATE, request_id, 0, 0), False),
        "other-id": (_identities(request_id + 1, _identity()), False),
        "two": (_identities(request_id, _identity(), _identity()), False),
        "none": (_identities(request_id), False),
        "verdict-form": (_frame(VALIDATE, request_id, verdict_form), False),
        "line-break": (_identities(request_id, _identity(subject=b"a\r\nX-Admin: 1")), False),
        "hang-up": (b"", True),
    }[token]


def _send_in_pieces(connection, answer):
    """Part of the header, the rest of it with a part of the body, and what is left: each when the
    other side has read the one before."""
    for piece in (answer[:10], answer[10:20], answer[20:]):
        connection.sendall(piece)
        unread = b"\1"
        while any(unread):
            unread = fcntl.ioctl(connection, termios.TIOCOUTQ, bytes(4))
            time.sleep(0.001)


class StandIn:
    """It listens on one Unix socket, a thread a connection."""

    def __init__(self, path):
        self.path = path
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.bind(path)
        os.chmod(path, 0o666)
        self.socket.listen(64)
        self.asked_twice = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        questions = 0
        with connection, connection.makefile("rb") as stream:
            while True:
                header = stream.read(16)
                if len(header) < 16:
                    return
                length, _, _, opcode, request_id, _, _ = struct.unpack("<IBBHIHH", header)
                body = stream.read(length)
                if opcode != VALIDATE:
                    connection.sendall(_hello(request_id))
                    continue
                questions += 1
                # form, flags, position, scopes, audience, count; then the only token.
                token = body[18:].decode()
                if token == "once-a-connection" and questions > 1:
                    self.asked_twice += 1
                    return
                answer, hangs_up = _answer(token, request_id)
                try:
                    if token == "pieces":
                        _send_in_pieces(connection, answer)
                    elif answer:
                        connection.sendall(answer)
                except BrokenPipeError:
                    return
                if hangs_up:
                    return

    def stop(self):
        self.socket.close()
        os.unlink(self.path)
