"""Runs the snippets of README.md against a live daemon: what a gateway author copies must work.

Python and Swift snippets find the service by the environment variable SIGNET_SOCKET and are given a
token as their argument; they print one line for it, `pass USER` or `refuse STATUS`.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

# What the snippets have to say about a live token, and about one that is no token.
GOOD, BAD = "pass alice", "refuse 401"

MANIFEST = '''// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "gateway",
  dependencies: [.package(name: "signet", path: "ROOT")],
  targets: [
    .executableTarget(
      name: "gateway",
      dependencies: [.product(name: "SignetClient", package: "signet")])
  ]
)
'''


def snippets(text, language):
    """The fenced blocks of one language, without their fences."""
    return re.findall(r"^```" + language + r"\n(.*?)^```$", text, re.M | re.S)


class Daemon:
    """A signetd of our own under a temporary directory, with one application and one live token."""

    def __init__(self, programs, log):
        self.programs = programs
        self.directory = tempfile.mkdtemp(prefix="signet-readme-")
        self.log = open(log, "w", encoding="utf-8")
        self.process = subprocess.Popen(
            [os.path.join(programs, "signetd"), "--embedded", self.directory],
            stdout=self.log, stderr=subprocess.STDOUT)
        self.socket = os.path.join(self.directory, "run", "signet.sock")

    def ctl(self, *arguments):
        run = subprocess.run(
            [os.path.join(self.programs, "signetctl"), "--json", "--socket", self.socket,
             *arguments], stdout=subprocess.PIPE, text=True, timeout=30, check=False)
        if run.returncode != 0:
            raise RuntimeError(f"signetctl {' '.join(arguments)}: {run.stdout}")
        return json.loads(run.stdout)

    def wait(self):
        """Until it answers; at most half a minute."""
        deadline = time.monotonic() + 30
        while True:
            try:
                return self.ctl("status")
            except RuntimeError:
                if time.monotonic() > deadline or self.process.poll() is not None:
                    raise
                time.sleep(0.05)

    def token(self):
        """A token of the person alice."""
        self.ctl("settings", "set", "provider-enabled=true")
        app = self.ctl("apps", "register", "--name", "Readme", "--homepage",
                       "https://app.example", "--description", "Snippets", "--callback",
                       "https://app.example/callback")
        issued = self.ctl("issue", "--client", app["clientId"], "--user", "alice")
        return re.search(r"sga_[0-9A-Za-z]{53}", json.dumps(issued)).group()

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.log.close()
        shutil.rmtree(self.directory, ignore_errors=True)


def swift_program(root, source, log):
    """Builds a snippet as a package of its own that depends on this one. Returns its path."""
    package = os.path.join(root, ".build", "readme")
    os.makedirs(os.path.join(package, "Sources", "gateway"), exist_ok=True)
    for name, text in [("Package.swift", MANIFEST.replace("ROOT", root)),
                       ("Sources/gateway/main.swift", source)]:
        with open(os.path.join(package, name), "w", encoding="utf-8") as file:
            file.write(text)
    build = subprocess.run(["swift", "build", "--package-path", package],
                           stdout=log, stderr=subprocess.STDOUT, check=False)
    if build.returncode != 0:
        raise RuntimeError("the Swift snippet does not build; see above")
    return os.path.join(package, ".build", "debug", "gateway")


def answer(command, socket, token):
    run = subprocess.run(
        [*command, token], env=dict(os.environ, SIGNET_SOCKET=socket), stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, timeout=60, check=False)
    return run.stdout.strip()


def judge(name, command, daemon, token, log):
    """Whether a snippet says of a good token and of a bad one what it has to."""
    went_well = True
    for given, wanted in [(token, GOOD), ("sga_" + "0" * 53, BAD)]:
        said = answer(command, daemon.socket, given)
        if said != wanted:
            log.write(f"{name}: said {said!r}, wanted {wanted!r}\n")
            went_well = False
    return went_well


def run(root, programs, log_path):
    """Returns (passed, failed) snippets; what went wrong is in the log."""
    with open(os.path.join(root, "README.md"), encoding="utf-8") as file:
        text = file.read()
    python, swift = snippets(text, "python"), snippets(text, "swift")
    passed = failed = 0
    with open(log_path, "w", encoding="utf-8") as log:
        if not python or not swift:
            log.write("README.md has no Python or no Swift snippet\n")
            return 0, 1
        daemon = Daemon(programs, log_path + ".daemon")
        try:
            daemon.wait()
            token = daemon.token()
            commands = [("Python snippet", [sys.executable, "-c", source]) for source in python]
            log.flush()
            commands += [("Swift snippet", [swift_program(root, source, log)]) for source in swift]
            for name, command in commands:
                if judge(name, command, daemon, token, log):
                    passed += 1
                else:
                    failed += 1
        except (RuntimeError, OSError, subprocess.TimeoutExpired, AttributeError) as error:
            log.write(f"{error}\n")
            failed += 1
        finally:
            daemon.stop()
    return passed, failed
