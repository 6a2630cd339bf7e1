"""Values of the golden vectors (JSON) as values of the codec (proto-spec/README.md, "Format")."""

from __future__ import annotations

import json
import os
from typing import Any, Dict, List

from signet import wire

VECTORS = os.path.join(os.path.dirname(__file__), "..", "..", "..", "proto-spec", "vectors")


def load(name: str) -> Dict[str, Any]:
    """One vector file."""
    with open(os.path.join(VECTORS, name), encoding="utf-8") as file:
        return json.load(file)


def load_schema() -> Dict[str, Any]:
    """schema.json, for its lists of names."""
    return load(os.path.join("..", "schema.json"))


def files() -> List[str]:
    """The names of all vector files."""
    return sorted(name for name in os.listdir(VECTORS) if name.endswith(".json"))


def from_json(codec: Any, value: Any) -> Any:
    """u64 come as decimal strings, bytes and b16 as hex, groups as objects."""
    if isinstance(codec, wire.Only):
        return from_json(codec.codec, value)
    if isinstance(codec, wire.Fields):
        return {name: from_json(codec.fields[name], part) for name, part in value.items()}
    if isinstance(codec, wire.ListOf):
        return [from_json(codec.element, part) for part in value]
    if isinstance(codec, wire.Unsigned):
        return int(value) if codec.size == 8 and isinstance(value, str) else value
    if isinstance(codec, wire.Raw16) or type(codec) is wire.Bytes:
        return bytes.fromhex(value)
    return value
