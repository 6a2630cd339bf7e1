"""A web server's side of FastCGI, to say to signetweb what nginx would never say."""

import socket
import struct

from . import accounts

BEGIN, PARAMS, STDIN, STDOUT = 1, 4, 5, 6


def _record(kind, content=b""):
    return struct.pack(">BBHHBB", 1, kind, 1, len(content), 0, 0) + content


def _length(size):
    return bytes((size,)) if size < 128 else struct.pack(">I", size | 0x80000000)


def _pairs(params):
    out = b""
    for name, value in params:
        name, value = name.encode(), value.encode()
        out += _length(len(name)) + _length(len(value)) + name + value
    return out


def request(stack, path, params=(), who=accounts.SERVER, body=b"", method="GET"):
    """One request over signetweb's socket, as a user. Returns what came back as text, or why
    nothing did."""
    standard = [("REQUEST_METHOD", method), ("DOCUMENT_URI", path), ("REQUEST_URI", path),
                ("QUERY_STRING", ""), ("CONTENT_LENGTH", str(len(body)) if body else "")]
    message = _record(BEGIN, struct.pack(">HB5x", 1, 0))
    message += _record(PARAMS, _pairs(standard + list(params))) + _record(PARAMS)
    message += (_record(STDIN, body) if body else b"") + _record(STDIN)
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(10)
        try:
            # In the web server's group, so that it is not the file's mode that refuses.
            with accounts.As(who, accounts.SERVER):
                connection.connect(stack.path("run/signetweb/web.sock"))
            connection.sendall(message)
            data = b""
            while True:
                part = connection.recv(65536)
                if not part:
                    break
                data += part
        except OSError as error:
            return f"refused ({error.__class__.__name__})"
    return _output(data) or "refused (closed)"


def _output(data):
    text, at = b"", 0
    while at + 8 <= len(data):
        _, kind, _, size, padding, _ = struct.unpack_from(">BBHHBB", data, at)
        if kind == STDOUT:
            text += data[at + 8:at + 8 + size]
        at += 8 + size + padding
    return text.decode(errors="replace")
