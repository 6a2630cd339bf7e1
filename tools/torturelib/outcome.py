"""What a test found, the table at the end and the JSON."""

import json
import time

SHOWN_VIOLATIONS = 5


class Violation(Exception):
    """The service broke a promise. The message says which, and where."""


class Skip(Exception):
    """The test cannot run here; the message says why."""


class Outcome:
    """Counts of one test. `replay` is the command that runs the last violation again."""

    def __init__(self, test_id, title):
        self.test_id, self.title = test_id, title
        self.cases = 0
        self.violations = []
        self.skipped = None
        self.notes = []
        self.started = time.monotonic()
        self.seconds = 0.0
        self.replay = ""

    def case(self, count=1):
        self.cases += count

    def violate(self, text, replay=None):
        """One broken promise; the first few are printed at once."""
        replay = replay or self.replay
        self.violations.append(text)
        if len(self.violations) <= SHOWN_VIOLATIONS:
            print(f"     {self.test_id} VIOLATION: {text}", flush=True)
            if replay:
                print(f"     again: {replay}", flush=True)
        elif len(self.violations) == SHOWN_VIOLATIONS + 1:
            print("     (more of them are counted and not printed)", flush=True)

    def note(self, text):
        self.notes.append(text)

    def end(self):
        self.seconds = time.monotonic() - self.started

    @property
    def word(self):
        if self.skipped is not None:
            return "SKIP"
        return "FAIL" if self.violations else "PASS"

    def line(self):
        """The line that is printed when the test is over."""
        text = f"{self.word} {self.test_id:4} {self.title}: "
        if self.skipped is not None:
            return text + self.skipped
        text += f"{self.cases} cases, {len(self.violations)} violations, {self.seconds:.1f} s"
        return text + "".join(f"; {note}" for note in self.notes)

    def as_json(self):
        found = {"id": self.test_id, "title": self.title, "cases": self.cases,
                 "violations": len(self.violations), "seconds": round(self.seconds, 1)}
        if self.skipped is not None:
            found["skipped"] = self.skipped
        if self.notes:
            found["notes"] = self.notes
        if self.violations:
            found["first"] = self.violations[0]
        return found


def table(outcomes):
    """The summary, a row a test."""
    rows = [("test", "cases", "violations", "seconds", "")]
    for each in outcomes:
        if each.skipped is not None:
            rows.append((each.test_id, "-", "-", "-", f"skipped: {each.skipped}"))
        else:
            rows.append((each.test_id, str(each.cases), str(len(each.violations)),
                         f"{each.seconds:.1f}", each.word))
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    lines = []
    for row in rows:
        cells = [row[0].ljust(widths[0])] + [row[n].rjust(widths[n]) for n in (1, 2, 3)]
        lines.append("  ".join(cells + [row[4]]).rstrip())
    return "\n".join(lines)


def write_json(path, tier, seed, outcomes):
    with open(path, "w", encoding="utf-8") as file:
        json.dump({"tier": tier, "seed": seed, "tests": [each.as_json() for each in outcomes]},
                  file, indent=1)
        file.write("\n")
