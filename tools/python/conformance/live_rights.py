"""Part 2: rights and a ceiling for each socket. Needs a daemon of its own (`--start`)."""

from __future__ import annotations

import os
import unittest
from typing import Any, Callable, Dict, List, Optional

from .daemon import Daemon
from .jsonform import load
from .judge import RIGHT_BITS
from .live import Target
from .live_vectors import Case, VectorTest


def _names(bits: int) -> str:
    return ",".join(name for name, bit in RIGHT_BITS.items() if bits & bit)


class _Rights(VectorTest):
    """The `frame` vectors about rights, each on a socket with exactly these rights."""

    server: Optional[Daemon] = None
    cases: List[Case] = []

    @classmethod
    def setUpClass(cls) -> None:
        if Target.executable is None:
            raise unittest.SkipTest("needs --start: sockets with other rights")
        ceilings = sorted({case["context"]["rights"] for case in cls.cases} - {31})
        flags = ["--listen", "{directory}/31.sock mode=0600 rights=all"]
        for bits in ceilings:
            flags += ["--listen", f"{{directory}}/{bits}.sock mode=0600 rights={_names(bits)}"]
        cls.server = Daemon(Target.executable, flags, "{directory}/31.sock")
        cls.server.__enter__()

    @classmethod
    def tearDownClass(cls) -> None:
        if cls.server is not None:
            cls.server.__exit__()

    def right(self, case: Case) -> None:
        assert self.server is not None
        path = os.path.join(self.server.directory, f"{case['context']['rights']}.sock")
        self.frame(case, path)


def _right(case: Case) -> Callable[[_Rights], None]:
    return lambda self: self.right(case)


def load_tests(*_: object) -> unittest.TestSuite:
    """One test a vector."""
    cases = [case for case in load("frames.json")["vectors"]
             if case["side"] == "server" and case["context"]["rights"] != 31]
    methods: Dict[str, Any] = {f"test_{case['name']}": _right(case) for case in cases}
    group = type("Rights", (_Rights,), {"cases": cases, **methods})
    return unittest.TestSuite(group(method) for method in methods)
