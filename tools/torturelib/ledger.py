"""The ledger: what a driver sent and what came back, one JSON object a line, appended before and
after each request. The auditor believes nothing else.

  {"op": 7, "event": "sent", "at": SECONDS, "kind": KIND, "item": ITEM, ...}
  {"op": 7, "event": "acked", "at": SECONDS, "position": P, ...}     the reply, status OK
  {"op": 7, "event": "error", "at": SECONDS, "status": NAME}         the reply, another status
  {"op": 7, "event": "unknown", "at": SECONDS}                       the connection ended before

An op that was unknown may be sent again with its key: another "sent" with "retry": true.
"""

import itertools
import json
import os
import threading
import time


class Ledger:
    """Writes. Every line is one write to a file opened for appending: whatever happens to the
    service, and to the driver after it, the line is there."""

    def __init__(self, path):
        self.file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self.numbers = itertools.count(1)
        self.lock = threading.Lock()

    def next_op(self):
        with self.lock:
            return next(self.numbers)

    def write(self, op, event, **members):
        line = {"op": op, "event": event, "at": time.time(), **members}
        os.write(self.file, json.dumps(line, separators=(",", ":")).encode() + b"\n")


class Reader:
    """Reads what was appended since the last look."""

    def __init__(self, path):
        self.path = path
        self.at = 0

    def new(self):
        with open(self.path, "rb") as file:
            file.seek(self.at)
            data = file.read()
        end = data.rfind(b"\n") + 1
        self.at += end
        return [json.loads(line) for line in data[:end].splitlines()]
