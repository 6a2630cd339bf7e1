"""The tests that run inside a Swift process, on a simulated disk or clock. They are started with
their counts in the environment, and their figures read from what they print."""

import os
import re
import subprocess
import sys

from .outcome import Skip

HERE = os.path.dirname(os.path.realpath(__file__))
sys.path.insert(0, os.path.dirname(HERE))

from checks import results  # noqa: E402

SECONDS_MAX = 4 * 3600


class SwiftTest:
    """`pattern` chooses the tests; `variables` gives them their counts; `figures` are patterns
    whose numbers, added, are the cases. Without any, the tests themselves are counted."""

    def __init__(self, pattern, variables=(), figures=()):
        self.pattern, self.variables, self.figures = pattern, variables, figures

    def __call__(self, run, outcome):
        if not run.has_swift:
            raise Skip("swift is not on the PATH")
        env = dict(os.environ, SWIFT_BACKTRACE="enable=no", SIGNET_TORTURE_SEED=str(run.seed))
        for variable, count in self.variables:
            env[variable] = str(run.count(count))
        command = ["swift", "test", "--filter", self.pattern]
        log = os.path.join(run.directory, f"{outcome.test_id}.log")
        outcome.replay = " ".join([f"{name}={env[name]}" for name, _ in self.variables]
                                  + ["swift", "test", "--filter", f"'{self.pattern}'"])
        with open(log, "wb") as file:
            code = subprocess.run(command, cwd=run.root, env=env, stdout=file,
                                  stderr=subprocess.STDOUT, timeout=SECONDS_MAX,
                                  check=False).returncode
        with open(log, encoding="utf-8", errors="replace") as file:
            self.judge(outcome, code, file.read())

    def judge(self, outcome, code, text):
        counts = results.swift_testing(text)
        ran = counts.passed + counts.failed
        outcome.case(self.cases(text) or ran)
        outcome.note(f"{ran} Swift tests")
        for line in results.swift_failures(text)[:10]:
            outcome.violate(line)
        if not outcome.violations and (code != 0 or counts.failed):
            outcome.violate(f"swift test ended with status {code}")
        if ran == 0:
            outcome.violate("no Swift test matches")

    def cases(self, text):
        return sum(int(number.replace(",", "")) for pattern in self.figures
                   for number in re.findall(pattern, text, re.M))
