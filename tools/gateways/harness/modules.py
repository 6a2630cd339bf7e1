"""What the two modules have to have in common."""

import os
import re

from .place import HERE


def _protocol(module):
    with open(os.path.join(HERE, module, "signet.lua"), encoding="utf-8") as file:
        return re.search(r"^-- >>> protocol\n(.*)^-- <<< protocol$", file.read(), re.M | re.S)


def same_protocol(tally):
    """The protocol part of both is the same, byte for byte."""
    nginx, haproxy = _protocol("nginx"), _protocol("haproxy")
    same = nginx and haproxy and nginx.group(1) == haproxy.group(1)
    tally.case("the protocol part of both modules", "the same", "the same" if same else "differs")
