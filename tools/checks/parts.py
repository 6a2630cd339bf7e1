"""The parts of tools/test, in order. Each runs its tools with their output in a log file and
returns what it counted."""

import os
import shutil
import signal
import subprocess

from . import readme, results


class Missing(Exception):
    """Something that a part needs is not there; the message says what and what to do."""


class Run:
    """What every part is given."""

    def __init__(self, root, logs, swift_filter):
        self.root, self.logs, self.swift_filter = root, logs, swift_filter
        # The copy of the tree that the quickstart builds; its programs serve the parts after it.
        self.clone = os.path.join(logs, "clone")
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
            log.write("\n" + "".join(line + "\n" for line in list(lines)[-25:]))

    def programs(self):
        """The folder of the release programs."""
        found = [folder for folder, _, files in os.walk(self.clone, followlinks=False)
                 if folder.endswith("/release") and "signetd" in files]
        if not found:
            raise Missing("no release build of signetd: the quickstart has to succeed first")
        return found[0]

    def tool(self, command, seconds_max, cwd=None, env=None):
        """Runs a tool to its end, output to the log. Returns (whether status 0, its output)."""
        start = os.path.getsize(self.current_log)
        with open(self.current_log, "a", encoding="utf-8") as log:
            try:
                process = subprocess.Popen(
                    command, cwd=cwd or self.root, env=env, stdin=subprocess.DEVNULL, stdout=log,
                    stderr=subprocess.STDOUT, start_new_session=True)
            except FileNotFoundError as error:
                raise Missing(f"{command[0]}: {error.strerror}") from error
            try:
                code = process.wait(timeout=seconds_max)
            except BaseException as error:
                # With everything that it started: a compiler left behind would go on for minutes.
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
                if not isinstance(error, subprocess.TimeoutExpired):
                    raise
                log.write(f"\nkilled after {seconds_max} s: {' '.join(command)}\n")
                code = -1
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


def quickstart(run):
    """In a copy of what a clone holds, under a path of 200 characters."""
    script = run.need("tools", "quickstart")
    clone = run.clone
    while len(clone) < 199:
        clone = os.path.join(clone, "d" * max(min(60, 199 - len(clone)), 1))
    os.makedirs(clone)
    for name in ("Package.swift", "Sources", "Tests", "tools", "proto-spec", "README.md"):
        source = run.need(name)
        if os.path.isdir(source):
            shutil.copytree(source, os.path.join(clone, name))
        else:
            shutil.copy(source, clone)
    copy = os.path.join(clone, os.path.relpath(script, run.root))
    went_well, text = run.tool([copy, "--once"], 1200, cwd=run.logs)
    return _judged(went_well, results.steps(text))


def python_client(run):
    tests = run.need("tools", "python", "run_tests.py")
    signetd = os.path.join(run.programs(), "signetd")
    went_well, text = run.tool(["python3", "-B", tests, "--start", signetd, "-v"], 600)
    return _judged(went_well, results.unittest(text))


def readme_snippets(run):
    run.need("README.md")
    passed, failed = readme.run(run.root, run.programs(), run.current_log)
    return results.Counts(passed, failed)


def gateways(run):
    tests = run.need("tools", "gateways", "test")
    env = dict(os.environ, SIGNET_PROGRAMS=run.programs(), PYTHONDONTWRITEBYTECODE="1")
    went_well, text = run.tool(["python3", tests], 300, env=env)
    counts = _judged(went_well, results.tally(text))
    if counts.failed:
        run.note(line for line in text.splitlines() if not line.startswith("ok "))
    return counts


def web_front(run):
    """As gateways; the screenshots stay beside the logs."""
    tests = run.need("tools", "gateways", "web", "test")
    env = dict(os.environ, SIGNET_PROGRAMS=run.programs(), PYTHONDONTWRITEBYTECODE="1",
               SIGNET_PICTURES=os.path.join(run.logs, "screenshots"))
    went_well, text = run.tool(["python3", tests], 600, env=env)
    counts = _judged(went_well, results.tally(text))
    if counts.failed:
        run.note(line for line in text.splitlines() if not line.startswith("ok "))
    print(f"screenshots: {env['SIGNET_PICTURES']}", flush=True)
    return counts


def instructions(run):
    """Of the release programs that the quickstart built."""
    tool = run.need("tools", "instructions")
    if shutil.which("valgrind") is None:
        reason = "instructions: valgrind is not installed (apt-get install valgrind)"
        if os.environ.get("CI") == "true":
            raise Missing(reason)
        return results.Counts(skips=[reason])
    went_well, text = run.tool([tool, "--programs", run.programs()], 300)
    return _judged(went_well, results.thresholds(text))


def fuzz_corpus(run):
    went_well, text = run.tool([run.need("tools", "fuzz"), "--replay"], 1200)
    return _judged(went_well, results.targets(text))


def fuzz(run):
    went_well, text = run.tool([run.need("tools", "fuzz"), "--all", "--seconds", "30"], 1500)
    return _judged(went_well, results.targets(text))


def torture(run):
    command = [run.need("tools", "torture"), "--tier", "commit", "--real", "--jobs", "3",
               "--programs", run.programs()]
    went_well, text = run.tool(command, 900)
    return _judged(went_well, results.torture(text))


QUICK = [
    ("test runner", runner), ("tidy self-test", tidy_self_test), ("tidy", tidy), ("build", build),
    ("unit tests", unit),
]
FULL = QUICK + [
    ("spec generator", spec), ("quickstart", quickstart), ("python client", python_client),
    ("readme snippets", readme_snippets), ("gateways", gateways), ("web front", web_front),
    ("torture", torture), ("instructions", instructions), ("fuzz corpus", fuzz_corpus),
]
EXTRA = {"fuzz": [("fuzz", fuzz)], "filter": [("build", build), ("unit tests", unit)]}
