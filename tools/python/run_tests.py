#!/usr/bin/env python3
"""Runs the golden vectors and, if told a server, the live conformance suite.

  run_tests.py                       every vector of proto-spec/vectors/
  run_tests.py --socket PATH         the same, then the suite against a running signetd
  run_tests.py --start SIGNETD       the same against a daemon that this starts and stops

The socket must have all rights. The suite registers apps, revokes everything and changes
settings: point it only at a service whose tokens nobody needs.
"""

from __future__ import annotations

import argparse
import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from conformance import client_tests, dissector, vectors  # noqa: E402
from conformance.live import Target  # noqa: E402


def _live() -> unittest.TestSuite:
    from conformance import (live_admin, live_apps, live_clients, live_draining, live_oauth,
                             live_protocol, live_rights, live_tokens, live_vectors)
    found = unittest.TestSuite()
    for module in (live_protocol, live_oauth, live_clients, live_tokens, live_apps, live_admin,
                   live_vectors, live_rights, live_draining):
        found.addTests(module.load_tests() if hasattr(module, "load_tests")
                       else unittest.defaultTestLoader.loadTestsFromModule(module))
    return found


def _run(suite: unittest.TestSuite, verbose: bool) -> bool:
    runner = unittest.TextTestRunner(verbosity=2 if verbose else 1)
    return runner.run(suite).wasSuccessful()


def main() -> int:
    """Exit code 0 when everything passed."""
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    server = parser.add_mutually_exclusive_group()
    server.add_argument("--socket", metavar="PATH", help="socket with all rights")
    server.add_argument("--start", metavar="SIGNETD", help="daemon to start and stop")
    parser.add_argument("-v", "--verbose", action="store_true", help="name every test")
    parser.add_argument("-k", metavar="WORD", help="only tests whose name holds WORD")
    arguments = parser.parse_args()
    suite = unittest.TestSuite([
        vectors.suite(), unittest.defaultTestLoader.loadTestsFromModule(client_tests),
        unittest.defaultTestLoader.loadTestsFromModule(dissector)])
    if arguments.socket:
        Target.path = arguments.socket
        suite.addTests(_live())
        return 0 if _run(_only(suite, arguments.k), arguments.verbose) else 1
    if arguments.start:
        from conformance.daemon import Daemon, StopTest
        with Daemon(arguments.start) as daemon:
            Target.path, Target.fresh, Target.executable = daemon.path, True, arguments.start
            suite.addTests(_live())
            StopTest.daemon = daemon
            suite.addTest(StopTest("test_sigterm_stops_it_with_exit_code_0"))
            return 0 if _run(_only(suite, arguments.k), arguments.verbose) else 1
    return 0 if _run(_only(suite, arguments.k), arguments.verbose) else 1


def _only(suite: unittest.TestSuite, word: str) -> unittest.TestSuite:
    if not word:
        return suite
    return unittest.TestSuite(test for test in _flat(suite) if word in test.id())


def _flat(suite: unittest.TestSuite):  # type: ignore[no-untyped-def]
    for test in suite:
        if isinstance(test, unittest.TestSuite):
            yield from _flat(test)
        else:
            yield test


if __name__ == "__main__":
    sys.exit(main())
