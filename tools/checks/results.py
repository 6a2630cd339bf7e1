"""What the test tools print, as counts."""

import re


class Counts:
    """Test cases of one part. `skips` are "name: reason"; what is skipped is neither passed nor
    failed."""

    def __init__(self, passed=0, failed=0, skips=(), complete=True):
        self.passed, self.failed = passed, failed
        self.skips = list(skips)
        # False when a tool ended without its closing line: it crashed or was killed.
        self.complete = complete


def one(went_well):
    """A part that is a single case."""
    return Counts(passed=1) if went_well else Counts(failed=1)


def swift_testing(text):
    """Swift Testing's output. Every case ends with a line of its own, so that a crash of the whole
    process still leaves what was counted; a crash counts as one failed case more."""
    text = re.sub(r"\x1b\[[0-9;]*m", "", text)
    passed = len(re.findall(r"^\S+ +Test (?!run with|case ).+ passed after ", text, re.M))
    failed = len(re.findall(r"^\S+ +Test (?!run with|case ).+ failed after ", text, re.M))
    skips = []
    for name, reason in re.findall(
            r"^\S+ +Test (?!run with|case )(.+?) skipped(?:: \"?(.*?)\"?)?\.?$", text, re.M):
        skips.append(f"{name}: {reason or 'no reason given'}")
    closing = re.findall(r"^\S+ +Test run with (\d+) tests?\b.* (passed|failed) after ", text, re.M)
    counts = Counts(passed, failed, skips)
    if not closing:
        counts.complete = False
        counts.failed += 1
    else:
        total = sum(int(count) for count, _ in closing)
        seen = passed + failed + len(skips)
        # The closing line is the truth: a case line may be torn by what a test printed.
        if seen < total:
            counts.passed += total - seen
        if any(word == "failed" for _, word in closing) and failed == 0:
            counts.failed += 1
    return counts


def swift_failures(text):
    """The lines of Swift Testing's output that say what went wrong."""
    wanted = re.compile(
        r"^\S+ +Test .*(recorded an issue|failed after)|Fatal error|Precondition failed|"
        r"Program crashed|exited with unexpected|error: ")
    return [line[:300] for line in text.splitlines() if wanted.search(line)]


def unittest(text):
    """Output of Python's unittest (one or more runs)."""
    runs = re.findall(r"^Ran (\d+) tests? in ", text, re.M)
    closings = re.findall(r"^(OK|FAILED)(?: \((.*)\))?$", text, re.M)
    if not runs or len(runs) != len(closings):
        return Counts(failed=1, complete=False)
    total = sum(int(count) for count in runs)
    bad = skipped = 0
    for word, details in closings:
        numbers = dict(re.findall(r"([\w ]+?)=(\d+)", details))
        numbers = {name.strip(" ,"): int(count) for name, count in numbers.items()}
        bad += sum(numbers.get(n, 0) for n in ("failures", "errors", "unexpected successes"))
        skipped += numbers.get("skipped", 0)
    skips = [f"{name}: {reason}" for name, reason in re.findall(
        r"^\s*(.+?) \.\.\. skipped ['\"](.*)['\"]$", text, re.M)]
    skips += ["a Python test: no reason given"] * (skipped - len(skips))
    # A failing subtest is counted as a failure and not as a test: never less than none passed.
    return Counts(max(total - bad - skipped, 0), bad, skips)


def plants(text):
    """The closing line of `tools/tidy --self-test`."""
    match = re.search(r"^(\d+) of (\d+) plants judged rightly$", text, re.M)
    if not match:
        return Counts(failed=1, complete=False)
    return Counts(int(match.group(1)), int(match.group(2)) - int(match.group(1)))


def steps(text):
    """The numbered lines of tools/quickstart: ` 7. ok  ...`."""
    passed = len(re.findall(r"^ *\d+\. ok ", text, re.M))
    failed = len(re.findall(r"^ *\d+\. FAIL ", text, re.M))
    complete = re.search(r"^quickstart: (?:all )?\d+ steps", text, re.M) is not None
    return Counts(passed, failed if complete or failed else 1, complete=complete)


def targets(text):
    """The lines of `tools/fuzz`: one a target."""
    passed = len(re.findall(r"^[\w-]+: \d+ (?:inputs replayed|s, )", text, re.M))
    failed = len(re.findall(r"^FAIL ", text, re.M))
    return Counts(passed, failed, complete=passed + failed > 0)


def tally(text):
    """The closing line of `tools/gateways/test`, and its lines `skip  NAME: REASON`."""
    match = re.search(r"^(\d+) passed, (\d+) failed(?:, \d+ skipped)?$", text, re.M)
    if not match:
        return Counts(failed=1, complete=False)
    skips = re.findall(r"^skip  (.+)$", text, re.M)
    return Counts(int(match.group(1)), int(match.group(2)), skips)


def thresholds(text):
    """The lines of `tools/instructions`: one a threshold."""
    passed = len(re.findall(r"^ok   ", text, re.M))
    failed = len(re.findall(r"^FAIL ", text, re.M))
    complete = passed + failed > 0
    return Counts(passed, failed if complete else 1, complete=complete)


def torture(text):
    """The lines of `tools/torture`: one a test."""
    passed = len(re.findall(r"^PASS T[\w-]+ ", text, re.M))
    failed = len(re.findall(r"^FAIL T[\w-]+ ", text, re.M))
    skips = [f"{name}: {reason}" for name, reason in re.findall(
        r"^SKIP (T[\w-]+) +.*?: (.*)$", text, re.M)]
    complete = re.search(r"^\d+ tests in ", text, re.M) is not None
    return Counts(passed, failed if complete or failed else 1, skips, complete)


def closing(passed, failed, skipped):
    """The last line of tools/test."""
    line = f"{passed} passed, {failed} failed"
    return line + f", {skipped} skipped" if skipped else line
