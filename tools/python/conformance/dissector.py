"""The Wireshark dissector of proto-spec/ shows every field of every positive vector.

It needs text2pcap and tshark (Debian: tshark). Each vector becomes one TCP segment of a capture;
what tshark shows is compared with the vector's fields, in order.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
import unittest
import xml.etree.ElementTree as ElementTree

SPEC = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "..", "proto-spec")
MISSING = any(shutil.which(program) is None for program in ("text2pcap", "tshark"))
LEAF_KINDS = ("u8", "u16", "u32", "u64", "bool", "b16", "text", "bytes")


def _vectors() -> list[dict]:
    with open(os.path.join(SPEC, "vectors", "messages.json"), encoding="utf-8") as file:
        return json.load(file)["vectors"]


def _leaves(name: str, value: object) -> list[tuple[str, str]]:
    """The names and values of a vector's field, as `_shown` gives those of tshark."""
    if isinstance(value, dict):
        return [leaf for inner, item in value.items() for leaf in _leaves(inner, item)]
    if isinstance(value, list):
        return [leaf for item in value for leaf in _leaves(name, item)]
    if isinstance(value, bool):
        return [(name, str(int(value)))]
    return [(name, str(value))]


def _shown(packet: ElementTree.Element) -> list[tuple[str, str]]:
    """The fields of a body that tshark shows, reserved ones left out."""
    found = []
    for field in packet.iter("field"):
        parts = field.get("name", "").split(".")
        if len(parts) != 3 or parts[0] != "signet" or parts[2] not in LEAF_KINDS:
            continue
        name, kind, raw = parts[1], parts[2], field.get("value", "")
        if kind == "text":
            found.append((name, bytes.fromhex(raw).decode()))
        elif kind in ("bytes", "b16"):
            found.append((name, raw))
        elif not name.startswith("reserved"):
            found.append((name, field.get("show", "")))
    return found


def _dissect(frames: list[bytes]) -> list[ElementTree.Element]:
    with tempfile.TemporaryDirectory() as folder:
        dump, capture = os.path.join(folder, "frames.txt"), os.path.join(folder, "frames.pcap")
        with open(dump, "w", encoding="ascii") as file:
            for frame in frames:
                for offset in range(0, len(frame), 16):
                    file.write(f"{offset:06x} {frame[offset:offset + 16].hex(' ')}\n")
                file.write("\n")
        subprocess.run(["text2pcap", "-q", "-T", "40000,7474", dump, capture], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        script = os.path.join(SPEC, "signet.lua")
        answer = subprocess.run(
            ["tshark", "-n", "-X", f"lua_script:{script}", "-r", capture, "-T", "pdml"],
            check=True, capture_output=True, env=dict(os.environ, HOME=folder))
        return list(ElementTree.fromstring(answer.stdout).iter("packet"))


@unittest.skipIf(MISSING and os.environ.get("CI") != "true",
                 "text2pcap and tshark are missing: apt-get install tshark")
class DissectorTests(unittest.TestCase):
    def test_every_field_of_every_positive_vector_is_shown(self) -> None:
        vectors = _vectors()
        # A capture of one segment each: a larger frame would need several.
        vectors = [v for v in vectors if len(v["hex"]) <= 2 * 60_000]
        packets = _dissect([bytes.fromhex(v["hex"]) for v in vectors])
        self.assertEqual(len(packets), len(vectors))
        self.assertGreater(len(vectors), 300)
        for vector, packet in zip(vectors, packets):
            with self.subTest(vector["name"]):
                names = [field.get("name") for field in packet.iter("field")]
                self.assertNotIn("signet.rest", names)
                self.assertNotIn("signet.malformed", names)
                self.assertEqual(_shown(packet), _leaves("", vector["fields"]))

    def test_a_body_cut_within_a_field_is_said_to_be_malformed(self) -> None:
        whole = next(v for v in _vectors() if v["name"] == "validate.request.identity")
        frame = bytes.fromhex(whole["hex"])[:-1]
        short = (len(frame) - 16).to_bytes(4, "little") + frame[4:]
        names = [field.get("name") for field in _dissect([short])[0].iter("field")]
        self.assertIn("signet.malformed", names)

    def test_bytes_behind_the_last_field_are_shown_as_such(self) -> None:
        whole = next(v for v in _vectors() if v["name"] == "validate.request.identity")
        frame = bytes.fromhex(whole["hex"]) + b"\xff"
        longer = (len(frame) - 16).to_bytes(4, "little") + frame[4:]
        names = [field.get("name") for field in _dissect([longer])[0].iter("field")]
        self.assertIn("signet.rest", names)
