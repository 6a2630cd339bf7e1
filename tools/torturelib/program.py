"""The program: arguments, the order of the tests, the summary."""

import argparse
import concurrent.futures
import multiprocessing
import os
import shutil
import sys
import tempfile
import time

from . import plan, self_test
from .outcome import Outcome, Skip, Violation, table, write_json
from .requests import SignetError

IN_NAMESPACE = "SIGNET_TORTURE_NAMESPACE"
# What forked processes find by the id of their test.
IN_CHILDREN = {}


class Run:
    """What every test is given."""

    def __init__(self, arguments, root):
        self.root, self.tier = root, arguments.tier
        self.seed, self.case, self.scale = arguments.seed, arguments.case, arguments.scale
        self.durability, self.keep = arguments.durability, arguments.keep
        self.programs = arguments.programs
        self.only_cut = arguments.only_cut
        self.has_swift = shutil.which("swift") is not None
        self.has_namespace = os.environ.get(IN_NAMESPACE) == "1"
        self.directory = tempfile.mkdtemp(prefix="signet-torture-")
        self.current = None

    def count(self, name):
        """How many of something in this tier."""
        return max(1, round(plan.COUNTS[name][plan.TIERS.index(self.tier)] * self.scale))

    def folder(self, name):
        path = os.path.join(self.directory, name)
        os.makedirs(path, mode=0o700, exist_ok=True)
        return path

    def replay(self, test_id, case=None):
        text = f"tools/torture --tier {self.tier} --only {test_id} --seed {self.seed}"
        if self.scale != 1:
            text += f" --scale {self.scale}"
        if self.durability != "durable":
            text += f" --durability {self.durability}"
        return text if case is None else f"{text} --case {case}"

    def cases(self, count):
        """Numbers of the cases to run, from 1."""
        return [self.case] if self.case else range(1, count + 1)


def parse(arguments, usage, root):
    parser = argparse.ArgumentParser(usage=usage, add_help=False)
    parser.add_argument("--tier", choices=plan.TIERS, default=None)
    parser.add_argument("--self-test", action="store_true")
    parser.add_argument("--only", default="")
    parser.add_argument("--real", action="store_true")
    parser.add_argument("--json")
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--case", type=int)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--programs", default=os.environ.get(
        "SIGNET_PROGRAMS", os.path.join(root, ".build", "debug")))
    parser.add_argument("--durability", default="durable")
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--only-cut", action="store_true")
    found = parser.parse_args(arguments)
    if found.tier is None:
        if not found.self_test:
            parser.error("--tier is missing")
        found.tier, found.real = "commit", True
    if found.seed is None:
        found.seed = int.from_bytes(os.urandom(3), "big")
    return found


def selected(arguments):
    """The tests to run, or None when a name is unknown."""
    wanted = [each for each in arguments.only.split(",") if each]
    known = {test_id for test_id, _, _, _ in plan.TESTS}
    if not set(wanted) <= known:
        unknown = ", ".join(sorted(set(wanted) - known))
        print(f"tools/torture: there is no test {unknown}; there are "
              + ", ".join(each[0] for each in plan.TESTS), file=sys.stderr)
        return None
    return [each for each in plan.TESTS
            if (not wanted or each[0] in wanted) and (each[2] or not arguments.real)]


def enter_namespace(arguments):
    """Starts this program again where its mounts are its own and end with it."""
    if IN_NAMESPACE in os.environ:
        return
    os.environ[IN_NAMESPACE] = "0"
    if os.geteuid() == 0 and shutil.which("unshare"):
        probe = os.spawnlp(os.P_WAIT, "unshare", "unshare", "-m", "--propagation", "private",
                           "true")
        if probe == 0:
            os.environ[IN_NAMESPACE] = "1"
            os.execvp("unshare", ["unshare", "-m", "--propagation", "private", sys.executable,
                                  os.path.realpath(sys.argv[0]), *arguments])


def run_one(run, test_id, title, function):
    outcome = Outcome(test_id, title)
    outcome.replay = run.replay(test_id)
    try:
        function(run, outcome)
    except Skip as skip:
        outcome.skipped = str(skip)
    except Violation as violation:
        outcome.violate(str(violation))
    except (SignetError, RuntimeError, OSError) as error:
        outcome.violate(f"the test could not go on: {type(error).__name__}: {error}")
    outcome.end()
    print(outcome.line(), flush=True)
    return outcome


def run_several(run, tests, jobs):
    """The outcomes, in the order of the tests. With jobs, so many at once, each in a process."""
    if jobs <= 1 or len(tests) == 1:
        return [run_one(run, test_id, title, function) for test_id, title, _, function in tests]
    context = multiprocessing.get_context("fork")
    IN_CHILDREN.update((each[0], (run, each[0], each[1], each[3])) for each in tests)
    with concurrent.futures.ProcessPoolExecutor(jobs, context) as pool:
        waiting = [pool.submit(run_in_child, each[0])
                   for each in sorted(tests, key=lambda each: -plan.WEIGHTS.get(each[0], 1))]
        found = {each.test_id: each for each in (future.result() for future in waiting)}
    return [found[each[0]] for each in tests]


def run_in_child(test_id):
    return run_one(*IN_CHILDREN[test_id])


def main(arguments, usage, root):
    found = parse(arguments, usage, root)
    tests = selected(found)
    if tests is None:
        return 64
    if any(real for _, _, real, _ in tests):
        if not os.path.exists(os.path.join(found.programs, "signetd")):
            print(f"tools/torture: no signetd in {found.programs}; run swift build, or name the "
                  "folder with --programs", file=sys.stderr)
            return 64
        enter_namespace(arguments)
    run = Run(found, root)
    print(f"tier {found.tier}, seed {found.seed}, {found.durability}, {found.programs}, files in "
          f"{run.directory}", flush=True)
    if found.self_test:
        wanted = {each for each in found.only.split(",") if each}
        missed = self_test.run_all(run, plan.TESTS, wanted)
        shutil.rmtree(run.directory, ignore_errors=True)
        return 1 if missed else 0
    started = time.monotonic()
    outcomes = run_several(run, tests, found.jobs)
    print("\n" + table(outcomes))
    broken = sum(len(each.violations) for each in outcomes)
    print(f"\n{len(outcomes)} tests in {time.monotonic() - started:.0f} s, "
          f"{broken} violations")
    if found.json:
        write_json(found.json, found.tier, found.seed, outcomes)
    if not broken and not found.keep:
        shutil.rmtree(run.directory, ignore_errors=True)
    return 1 if broken else 0
