"""signetbench, as a function."""

import json
import os
import subprocess
import threading

from .processes import BenchError, pinned


class Driver:
    """Runs signetbench on the client's cores and returns its JSON."""

    def __init__(self, programs, cpus, server_cpus):
        self.program = os.path.join(programs, "signetbench")
        self.cpus, self.server_cpus = cpus, server_cpus

    def _output(self, arguments, cpus, timeout):
        command = pinned([self.program, *map(str, arguments)], cpus)
        run = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE, text=True, timeout=timeout, check=False)
        if run.returncode != 0:
            said = (run.stderr.strip().splitlines() or ["(nothing)"])[-1]
            raise BenchError(f"signetbench {' '.join(map(str, arguments))}: status "
                             f"{run.returncode}: {said}")
        return run.stdout

    def _json(self, arguments, cpus, timeout):
        return json.loads(self._output(arguments, cpus, timeout))

    def run(self, target, server, timeout=600, **options):
        """One run against a server. Options as signetbench's, `_` for `-`; True for a flag."""
        arguments = ["run", "--target", target, "--socket", server.socket, "--json", "-", "--quiet",
                     "--server-pid", server.pid]
        result = self._json(arguments + _flags(options), self.cpus, timeout)
        wrong = (result.get("wrongVerdicts") or 0) + (result.get("errors") or 0)
        if wrong:
            raise BenchError(f"{target}: {wrong} wrong answers")
        return result

    def run_beside(self, target, server, **options):
        """The same on a thread of its own; `result()` waits for it."""
        return Beside(lambda: self.run(target, server, **options))

    def fill(self, target, server, count, tokens, **options):
        arguments = ["fill", "--target", target, "--socket", server.socket, "--count", count,
                     "--tokens", tokens]
        self._output(arguments + ["--quiet"] + _flags(options), self.cpus, 3600)

    def in_process(self, name, cpus=None, timeout=3600, **options):
        """A measurement without a server, on the server's core unless told otherwise."""
        cpus = self.server_cpus if cpus is None else cpus
        return self._json(["in-process", "--case", name, "--json", "-"] + _flags(options), cpus,
                          timeout)


class Beside:
    def __init__(self, action):
        self._value = self._error = None
        self._thread = threading.Thread(target=self._run, args=(action,))
        self._thread.start()

    def _run(self, action):
        try:
            self._value = action()
        except Exception as error:  # handed to the thread that waits
            self._error = error

    @property
    def is_done(self):
        return not self._thread.is_alive()

    def result(self):
        self._thread.join()
        if self._error is not None:
            raise self._error
        return self._value


def _flags(options):
    words = []
    for name, value in options.items():
        if value is None or value is False:
            continue
        words.append("--" + name.replace("_", "-"))
        if value is not True:
            words.append(str(value))
    return words
