"""Cases, printed and counted."""

import os

CI = os.environ.get("CI") == "true"


class Tally:
    """Prints and counts."""

    def __init__(self):
        self.passed = self.failed = self.skipped = 0

    def case(self, name, expected, seen):
        if expected == seen:
            self.passed += 1
            print(f"ok    {name}: {seen}", flush=True)
        else:
            self.failed += 1
            print(f"FAIL  {name}\n      expected: {expected}\n      seen:     {seen}", flush=True)

    def skip(self, name, reason):
        if CI:
            self.failed += 1
            print(f"FAIL  {name}: {reason}", flush=True)
        else:
            self.skipped += 1
            print(f"skip  {name}: {reason}", flush=True)

    def closing(self):
        line = f"{self.passed} passed, {self.failed} failed"
        return line + f", {self.skipped} skipped" if self.skipped else line
