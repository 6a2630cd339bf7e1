"""Bytes of the Signet protocol: primitive types, groups, lists, frame headers.

Everything is little-endian and unpadded (proto-spec/protocol.md, "Types" and "Header").
A codec reads from a `Reader` and appends to a `bytearray`. Values are plain Python: int, bool,
str for text, bytes for bytes and b16, list for list, dict for a group.
"""

from __future__ import annotations

import struct
from typing import Any, Container, Dict, Mapping, NamedTuple, Optional, Protocol, Tuple

HEADER_BYTES = 16
VERSION = 1
REPLY_FLAG = 1
HELLO_FRAME_LIMIT = 1024
"""Bytes a frame may have before HELLO is done."""

Record = Dict[str, Any]
"""A decoded body or group: field name to value, in wire order."""


class WireError(Exception):
    """The bytes are not what the protocol says (status MALFORMED); `field` says where."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field or 'body'}: {problem}")
        self.field = field


class Reader:
    """A bounded view of bytes that are consumed from the front."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def take(self, count: int, field: str) -> bytes:
        """The next `count` bytes; WireError when fewer are left."""
        end = self.at + count
        if end > len(self.data):
            raise WireError(field, f"{count} bytes wanted, {len(self.data) - self.at} left")
        piece = self.data[self.at:end]
        self.at = end
        return piece


class Codec(Protocol):
    """One wire type. `field` is the path of the value, for error messages."""

    def read(self, reader: Reader, field: str) -> Any: ...

    def write(self, out: bytearray, value: Any, field: str) -> None: ...


class Unsigned:
    """u8, u16, u32 or u64. `allowed` makes an enumeration or bit set strict."""

    def __init__(self, size: int, allowed: Optional[Container[int]] = None) -> None:
        self.size = size
        self.allowed = allowed

    def strict(self, allowed: Container[int]) -> "Unsigned":
        """The same integer, any value outside `allowed` being MALFORMED."""
        return Unsigned(self.size, allowed)

    def read(self, reader: Reader, field: str) -> int:
        value = int.from_bytes(reader.take(self.size, field), "little")
        self._check(value, field)
        return value

    def write(self, out: bytearray, value: Any, field: str) -> None:
        if not isinstance(value, int) or not 0 <= value < 1 << (8 * self.size):
            raise WireError(field, f"{value!r} is no u{8 * self.size}")
        self._check(value, field)
        out += value.to_bytes(self.size, "little")

    def _check(self, value: int, field: str) -> None:
        if self.allowed is not None and value not in self.allowed:
            raise WireError(field, f"{value} is not a value of version 1")


class Bool:
    """A u8 that is 0 or 1."""

    def read(self, reader: Reader, field: str) -> bool:
        value = reader.take(1, field)[0]
        if value > 1:
            raise WireError(field, f"bool is {value}")
        return value == 1

    def write(self, out: bytearray, value: Any, field: str) -> None:
        out.append(1 if value else 0)


class Raw16:
    """16 raw bytes without a length."""

    def read(self, reader: Reader, field: str) -> bytes:
        return reader.take(16, field)

    def write(self, out: bytearray, value: Any, field: str) -> None:
        if len(value) != 16:
            raise WireError(field, f"{len(value)} bytes, 16 wanted")
        out += value


class Bytes:
    """u16 number of bytes, then the bytes; `limit` is a bound that the layout itself has."""

    def __init__(self, limit: int = 0xFFFF) -> None:
        self.limit = limit

    def read(self, reader: Reader, field: str) -> Any:
        count = U16.read(reader, field)
        if count > self.limit:
            raise WireError(field, f"{count} bytes, at most {self.limit} allowed")
        return reader.take(count, field)

    def write(self, out: bytearray, value: Any, field: str) -> None:
        if len(value) > self.limit:
            raise WireError(field, f"{len(value)} bytes, at most {self.limit} allowed")
        U16.write(out, len(value), field)
        out += value


class Text(Bytes):
    """Bytes that are strict UTF-8: no overlong forms, no surrogates; U+0000 is allowed."""

    def read(self, reader: Reader, field: str) -> str:
        try:
            return super().read(reader, field).decode("utf-8", "strict")
        except UnicodeDecodeError as error:
            raise WireError(field, "not UTF-8") from error

    def write(self, out: bytearray, value: Any, field: str) -> None:
        try:
            raw = value.encode("utf-8", "strict")
        except UnicodeEncodeError as error:
            raise WireError(field, "not encodable as UTF-8") from error
        super().write(out, raw, field)


class ListOf:
    """u16 number of elements, then the elements."""

    def __init__(self, element: Codec, least: int = 0, most: int = 0xFFFF) -> None:
        self.element = element
        self.least = least
        self.most = most

    def read(self, reader: Reader, field: str) -> list:
        count = U16.read(reader, field)
        self._check(count, field)
        return [self.element.read(reader, f"{field}[{index}]") for index in range(count)]

    def write(self, out: bytearray, value: Any, field: str) -> None:
        self._check(len(value), field)
        U16.write(out, len(value), field)
        for index, element in enumerate(value):
            self.element.write(out, element, f"{field}[{index}]")

    def _check(self, count: int, field: str) -> None:
        if not self.least <= count <= self.most:
            raise WireError(field, f"{count} elements, {self.least} to {self.most} allowed")


class Reserved:
    """Bytes that are sent as 0, ignored when read, and not part of the value."""

    def __init__(self, size: int) -> None:
        self.size = size

    def read(self, reader: Reader, field: str) -> None:
        reader.take(self.size, field)

    def write(self, out: bytearray, value: Any, field: str) -> None:
        out += bytes(self.size)


class Only:
    """A field that is there only when an earlier field has a certain value."""

    def __init__(self, name: str, value: int, codec: Codec) -> None:
        self.name = name
        self.value = value
        self.codec = codec


class Fields:
    """Fields one behind the other: a body, or the inside of a group."""

    def __init__(self, **fields: Any) -> None:
        self.fields: Dict[str, Any] = fields

    def present(self, values: Mapping[str, Any]) -> Any:
        """Pairs of name and codec, going by the values of the fields before."""
        for name, codec in self.fields.items():
            if isinstance(codec, Only):
                if values.get(codec.name) != codec.value:
                    continue
                codec = codec.codec
            yield name, codec

    def read(self, reader: Reader, field: str) -> Record:
        values: Record = {}
        for name, codec in self.present(values):
            value = codec.read(reader, f"{field}.{name}" if field else name)
            if not isinstance(codec, Reserved):
                values[name] = value
        return values

    def write(self, out: bytearray, value: Any, field: str) -> None:
        known = set()
        for name, codec in self.present(value):
            path = f"{field}.{name}" if field else name
            if name not in value and not isinstance(codec, Reserved):
                raise WireError(path, "missing")
            codec.write(out, value.get(name), path)
            known.add(name)
        if set(value) - known:
            raise WireError(field, f"no such field: {', '.join(sorted(set(value) - known))}")


class Group(Fields):
    """u16 size and fields. What lies behind the last known field is ignored: groups grow."""

    def read(self, reader: Reader, field: str) -> Record:
        inside = reader.take(U16.read(reader, field), field)
        return super().read(Reader(inside), field)

    def write(self, out: bytearray, value: Any, field: str) -> None:
        inside = bytearray()
        super().write(inside, value, field)
        U16.write(out, len(inside), field)
        out += inside


U8 = Unsigned(1)
U16 = Unsigned(2)
U32 = Unsigned(4)
U64 = Unsigned(8)
BOOL = Bool()
B16 = Raw16()
TEXT = Text()
BYTES = Bytes()

ERROR_BODY = Fields(field=TEXT, message=TEXT, retryAfterMillis=U32, oauthError=TEXT)
"""Body of every reply whose status is not 0. Its layout is frozen."""


class Header(NamedTuple):
    """The 16 bytes in front of every body."""

    length: int
    version: int
    flags: int
    opcode: int
    request_id: int
    status: int
    reserved: int

    def encode(self) -> bytes:
        return _HEADER.pack(*self)


_HEADER = struct.Struct("<IBBHIHH")


def decode_header(data: bytes) -> Header:
    """The header in the first 16 bytes; nothing is judged yet."""
    return Header._make(_HEADER.unpack_from(data))


def frame(opcode: int, request_id: int, body: bytes, flags: int = 0, status: int = 0) -> bytes:
    """A whole frame."""
    return Header(len(body), VERSION, flags, opcode, request_id, status, 0).encode() + body


def encode_body(fields: Fields, values: Mapping[str, Any]) -> bytes:
    """A body; WireError when a value does not fit its type or a field is missing or unknown."""
    out = bytearray()
    fields.write(out, values, "")
    return bytes(out)


def decode_body(fields: Fields, body: bytes) -> Record:
    """The fields of a body; bytes behind the last known field are ignored."""
    return fields.read(Reader(body), "")


def split_frame(data: bytes) -> Optional[Tuple[Header, bytes, bytes]]:
    """Header, body and the rest of `data`; None when the frame is not whole yet."""
    if len(data) < HEADER_BYTES:
        return None
    header = decode_header(data)
    end = HEADER_BYTES + header.length
    if len(data) < end:
        return None
    return header, data[HEADER_BYTES:end], data[end:]
