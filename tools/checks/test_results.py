"""The counting in results.py, on output as the tools print it."""

import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.realpath(__file__))))

from checks import readme, results  # noqa: E402

PASSED = """◇ Test run started.
◇ Test first() started.
✔ Test first() passed after 0.001 seconds.
◇ Test "a name with spaces" started.
✔ Test "a name with spaces" passed after 0.001 seconds.
✔ Test case passing 1 argument value → 1 to many(_:) passed after 0.001 seconds.
✔ Test many(_:) with 3 test cases passed after 0.002 seconds.
➜ Test needsRoot() skipped: "runs as root only"
✔ Suite Some passed after 0.003 seconds.
✔ Test run with 4 tests in 1 suite passed after 0.003 seconds.
"""


class SwiftTesting(unittest.TestCase):
    def test_counts_cases_and_skips(self):
        counts = results.swift_testing(PASSED)
        self.assertEqual((counts.passed, counts.failed, counts.complete), (3, 0, True))
        self.assertEqual(counts.skips, ["needsRoot(): runs as root only"])

    def test_a_failure_is_counted_once(self):
        text = PASSED.replace("✔ Test first() passed after", "✘ Test first() failed after").replace(
            "1 suite passed after 0.003 seconds.", "1 suite failed after 0.003 seconds with 1 issue.")
        counts = results.swift_testing(text)
        self.assertEqual((counts.passed, counts.failed), (2, 1))

    def test_a_run_that_failed_without_a_failed_case_is_a_failure(self):
        text = PASSED.replace("1 suite passed", "1 suite failed")
        self.assertEqual(results.swift_testing(text).failed, 1)

    def test_a_crash_is_a_failure(self):
        text = PASSED[:PASSED.index("✔ Test many")]
        counts = results.swift_testing(text)
        self.assertEqual((counts.passed, counts.failed, counts.complete), (2, 1, False))

    def test_a_torn_case_line_is_made_up_by_the_closing_line(self):
        text = PASSED.replace("✔ Test first()", "printed by a test✔ Test first()")
        self.assertEqual(results.swift_testing(text).passed, 3)


class Unittest(unittest.TestCase):
    def test_counts(self):
        text = "test_a (x.Y.test_a) ... skipped 'no daemon'\nRan 7 tests in 0.1s\n\n"
        counts = results.unittest(text + "FAILED (failures=1, errors=1, skipped=1)\n")
        self.assertEqual((counts.passed, counts.failed), (4, 2))
        self.assertEqual(counts.skips, ["test_a (x.Y.test_a): no daemon"])

    def test_a_skipped_subtest_has_its_reason(self):
        text = "  test_a (x.Y.test_a) [one] ... skipped 'closed'\nRan 1 test in 0.1s\n\n"
        counts = results.unittest(text + "OK (skipped=1)\n")
        self.assertEqual(counts.skips, ["test_a (x.Y.test_a) [one]: closed"])

    def test_ok(self):
        counts = results.unittest("Ran 1 test in 0.0s\n\nOK\n")
        self.assertEqual((counts.passed, counts.failed, counts.complete), (1, 0, True))

    def test_nothing_is_a_failure(self):
        self.assertEqual(results.unittest("Traceback\n").failed, 1)


class Others(unittest.TestCase):
    def test_plants(self):
        counts = results.plants("x\n40 of 42 plants judged rightly\n")
        self.assertEqual((counts.passed, counts.failed), (40, 2))

    def test_steps(self):
        text = " 1. ok    a\n 2. ok    b\n"
        self.assertEqual(results.steps(text + "quickstart: all 2 steps as told\n").passed, 2)
        self.assertEqual(results.steps(text).failed, 1)
        self.assertEqual(results.steps(text + " 3. FAIL  c\n").failed, 1)

    def test_targets(self):
        counts = results.targets("frames: 12 inputs replayed\nFAIL tokens: x\n")
        self.assertEqual((counts.passed, counts.failed), (1, 1))

    def test_tally(self):
        text = "ok    a: 200\nskip  haproxy: no haproxy\n7 passed, 0 failed, 1 skipped\n"
        counts = results.tally(text)
        self.assertEqual((counts.passed, counts.failed), (7, 0))
        self.assertEqual(counts.skips, ["haproxy: no haproxy"])
        self.assertEqual(results.tally("ok    a: 200\n").failed, 1)
        self.assertEqual(results.tally("0 passed, 2 failed\n").failed, 2)

    def test_thresholds(self):
        text = "ok   instructions a token: 1,290, at most 1,356\nFAIL heap allocations: 8, at most 0\n"
        counts = results.thresholds(text)
        self.assertEqual((counts.passed, counts.failed), (1, 1))
        self.assertEqual(results.thresholds("valgrind: cannot\n").failed, 1)

    def test_torture(self):
        text = ("PASS T6   kill -9: 50 cases, 0 violations\nFAIL T6-cut replies: 9 cases\n"
                "SKIP T8   power cuts: only root may mount\n\n3 tests in 9 s, 1 violations\n")
        counts = results.torture(text)
        self.assertEqual((counts.passed, counts.failed), (1, 1))
        self.assertEqual(counts.skips, ["T8: only root may mount"])
        self.assertEqual(results.torture("PASS T6   x\n").failed, 1)

    def test_closing_line(self):
        self.assertEqual(results.closing(3, 0, 0), "3 passed, 0 failed")
        self.assertEqual(results.closing(3, 1, 2), "3 passed, 1 failed, 2 skipped")

    def test_snippets(self):
        text = "x\n```python\nprint(1)\n```\n```sh\nls\n```\n```swift\nlet a = 1\n```\n"
        self.assertEqual(readme.snippets(text, "python"), ["print(1)\n"])
        self.assertEqual(readme.snippets(text, "swift"), ["let a = 1\n"])


if __name__ == "__main__":
    unittest.main()
