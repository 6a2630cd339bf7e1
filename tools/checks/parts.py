"""The parts of tools/test, in order. Each runs its tools with their output in a log file and
returns what it counted."""

import os
import shutil
import subprocess
import tempfile

from . import readme, results

RELEASE = os.path.join(".build", "release")


class Missing(Exception):
    """Something that a part needs is not there; the message says what and what to do."""


class Run:
    """What every part is given."""

    def __init__(self, root, logs, swift_filter):
        self.root, self.logs, self.swift_filter = root, logs, swift_filter
        self.current_log = os.path.join(logs, "none.log")

    def begin(self, name):
        self.current_log = os.path.join(self.logs, name.replace(" ", "-") + ".log")
        open(self.current_log, "w", encoding="utf-8").close()

    def path(self, *parts):
        return os.path.join(self.root, *parts)

    def need(self, *parts):
        """The path of a file that has to be there."""
        path = self.path(*parts)
        if not os.path.exists(path):
            raise Missing(f"{os.path.join(*parts)} is missing")
        return path

    def note(self, lines):
        """Repeats what matters at the end of the log, where a failure's last lines are shown."""
        with open(self.current_log, "a", encoding="utf-8") as log:
            log.write("\n" + "".join(line + "\n" for line in lines[-25:]))

    def tool(self, command, seconds_max, cwd=None, env=None):
        """Runs a tool to its end, output to the log. Returns (whether status 0, its output)."""
        start = os.path.getsize(self.current_log)
        with open(self.current_log, "a", encoding="utf-8") as log:
            try:
                code = subprocess.run(
                    command, cwd=cwd or self.root, env=env, stdin=subprocess.DEVNULL, stdout=log,
                    stderr=subprocess.STDOUT, timeout=seconds_max, check=False).returncode
            except subprocess.TimeoutExpired:
                log.write(f"\nkilled after {seconds_max} s: {' '.join(command)}\n")
                code = -1
            except FileNotFoundError as error:
                raise Missing(f"{command[0]}: {error.strerror}") from error
        with open(self.current_log, encoding="utf-8", errors="replace") as log:
            log.seek(start)
            return code == 0, log.read()


def _judged(went_well, counts):
    """Counts of a tool whose exit status may say more than its text."""
    if not went_well and counts.failed == 0:
        counts.failed = 1
    return counts


def runner(run):
    went_well, text = run.tool(["python3", run.need("tools", "checks", "test_results.py")], 60)
    return _judged(went_well, results.unittest(text))


def tidy_self_test(run):
    went_well, text = run.tool([run.need("tools", "tidy"), "--self-test"], 300)
    return _judged(went_well, results.plants(text))


def tidy(run):
    return results.one(run.tool([run.need("tools", "tidy")], 300)[0])


def build(run):
    return results.one(run.tool(["swift", "build", "--build-tests"], 1200)[0])


def unit(run):
    command = ["swift", "test", "--skip-build"]
    if run.swift_filter:
        command += ["--filter", run.swift_filter]
    # A crash says where, without a page of registers and images.
    env = dict(os.environ, SWIFT_BACKTRACE="color=no,interactive=no,threads=crashed,"
               "registers=none,images=none,limit=16")
    went_well, text = run.tool(command, 900, env=env)
    counts = _judged(went_well, results.swift_testing(text))
    if counts.failed:
        run.note(results.swift_failures(text))
    return counts


def spec(run):
    return results.one(run.tool(["python3", run.need("proto-spec", "generate.py"), "--check"], 300)[0])


def release(run):
    return results.one(run.tool(["swift", "build", "-c", "release"], 1200)[0])


def python_client(run):
    tests = run.need("tools", "python", "run_tests.py")
    signetd = run.need(RELEASE, "signetd")
    went_well, text = run.tool(["python3", "-B", tests, "--start", signetd, "-v"], 600)
    return _judged(went_well, results.unittest(text))


def readme_snippets(run):
    run.need("README.md")
    passed, failed = readme.run(run.root, run.path(RELEASE), run.current_log)
    return results.Counts(passed, failed)


def quickstart(run):
    """In a copy of what a clone holds, under a path of 200 characters."""
    script = run.need("tools", "quickstart")
    top = tempfile.mkdtemp(prefix="signet-quickstart-")
    try:
        clone = top
        while len(clone) < 200:
            clone = os.path.join(clone, "d" * min(60, max(199 - len(clone), 1)))
        for name in ("Package.swift", "Sources", "Tests", "tools", "proto-spec", "README.md"):
            source = run.path(name)
            if os.path.isdir(source):
                shutil.copytree(source, os.path.join(clone, name))
            elif os.path.exists(source):
                os.makedirs(clone, exist_ok=True)
                shutil.copy(source, clone)
        copy = os.path.join(clone, os.path.relpath(script, run.root))
        went_well, text = run.tool([copy, "--once"], 1200, cwd=top)
        return _judged(went_well, results.steps(text))
    finally:
        shutil.rmtree(top, ignore_errors=True)


def gateways(run):
    tests = run.need("tools", "gateways", "run_tests.py")
    env = dict(os.environ, SIGNET_PROGRAMS=run.path(RELEASE), PYTHONDONTWRITEBYTECODE="1")
    went_well, text = run.tool(["python3", tests], 600, env=env)
    return _judged(went_well, results.unittest(text))


def fuzz_corpus(run):
    went_well, text = run.tool([run.need("tools", "fuzz"), "--replay"], 1200)
    return _judged(went_well, results.targets(text))


def fuzz(run):
    went_well, text = run.tool([run.need("tools", "fuzz"), "--all", "--seconds", "30"], 1500)
    return _judged(went_well, results.targets(text))


QUICK = [
    ("test runner", runner), ("tidy self-test", tidy_self_test), ("tidy", tidy), ("build", build),
    ("unit tests", unit),
]
FULL = QUICK + [
    ("spec generator", spec), ("release build", release), ("python client", python_client),
    ("readme snippets", readme_snippets), ("quickstart", quickstart), ("fuzz corpus", fuzz_corpus),
]
EXTRA = {"fuzz": [("fuzz", fuzz)], "filter": [("build", build), ("unit tests", unit)]}


def full(root):
    """Every part of a whole run. Gateway modules are tested where the tree has them."""
    has_gateways = os.path.isdir(os.path.join(root, "tools", "gateways"))
    return FULL + ([("gateways", gateways)] if has_gateways else [])
