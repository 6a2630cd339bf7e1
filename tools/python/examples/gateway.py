#!/usr/bin/env python3
"""The first hundred lines of a gateway: takes a bearer token, asks VALIDATE, prints the answer.

  printf 'Authorization: Bearer sga_...\\n' | examples/gateway.py --socket /run/signet/gateway.sock

Header lines come on standard input, so that no token stands in a process list. The socket needs
the right `validate`. Exit code 0 means: pass the request on.
"""

from __future__ import annotations

import argparse
import os
import sys
from typing import List, Tuple

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

from signet import HttpAnswer, Signet, SignetError, Verdict  # noqa: E402
from signet import verdicts  # noqa: E402

DEADLINE_SECONDS = 1.0
"""How long a request may wait for its verdict. Afterwards it is refused."""


class Gateway:
    """Judges requests over one connection that stays open; use one for each thread."""

    def __init__(self, path: str, scopes: str, audience: str, any_audience: bool,
                 realm: str) -> None:
        self.signet = Signet(path, client_name="example gateway 1.0", timeout=DEADLINE_SECONDS)
        self.scopes = scopes
        self.audience = audience
        self.any_audience = any_audience
        self.realm = realm

    def judge(self, authorization: List[bytes]) -> Tuple[HttpAnswer, List[Tuple[str, str]]]:
        """The answer to a request with these Authorization headers, and, if it may pass, the
        headers to set for the upstream. Everything that goes wrong refuses the request."""
        try:
            token = verdicts.bearer_token(authorization)
        except ValueError:
            return verdicts.more_than_one(self.realm), []
        if not token:
            return verdicts.missing(self.realm), []
        try:
            found = self.signet.identify([token], self.scopes, self.audience,
                                         self.any_audience)[0]
        except SignetError as error:
            print(f"gateway: {error}", file=sys.stderr)  # a person must look at it
            return verdicts.for_failure(error), []
        answer = verdicts.for_verdict(found["verdict"], self.scopes, self.realm)
        if found["verdict"] != Verdict.VALID:
            return answer, []
        return answer, [("X-Subject", found["subject"]), ("X-Client", found["clientId"]),
                        ("X-Scope", found["scope"])]


def authorization_headers(lines: List[bytes]) -> List[bytes]:
    """The values of the Authorization headers among header lines, as they came in."""
    found = []
    for line in lines:
        name, colon, value = line.rstrip(b"\r\n").partition(b":")
        if colon and name.lower() == b"authorization":
            found.append(value[1:] if value.startswith(b" ") else value)
    return found


def main() -> int:
    """Reads header lines, prints the HTTP answer or what the upstream gets."""
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--socket", required=True, metavar="PATH")
    parser.add_argument("--scopes", default="", help="scopes that a request must have")
    parser.add_argument("--audience", default="", help="the resource that this gateway serves")
    parser.add_argument("--any-audience", action="store_true")
    parser.add_argument("--realm", default="api")
    arguments = parser.parse_args()
    gateway = Gateway(arguments.socket, arguments.scopes, arguments.audience,
                      arguments.any_audience, arguments.realm)
    answer, upstream = gateway.judge(authorization_headers(sys.stdin.buffer.readlines()))
    print(f"HTTP {answer.status}" if answer.status != 200 else "pass")
    for name, value in list(answer.headers()) + upstream:
        print(f"{name}: {value}")
    return 0 if answer.status == 200 else 1


if __name__ == "__main__":
    sys.exit(main())
