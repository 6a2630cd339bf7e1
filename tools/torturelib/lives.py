"""A short life of a service in a fresh directory, ended by a fault at one system call, and what has
to hold afterwards. For T7 and T9."""

import os
import shutil
import threading

from .actor import Actor
from .audit import Auditor
from .ledger import Ledger
from .load import base_app
from .outcome import Violation
from .requests import Refused, SignetError
from .service import Service, StartFailed
from . import requests, tracing

ACTORS = 4
STOP_SECONDS = 20
SNAPSHOTS = 3


class Life:
    """One case. `trace`: which calls are recorded; `inject`: strace expressions."""

    def __init__(self, run, outcome, name, seed):
        folder = run.folder(name)
        self.service = Service(run.programs, folder, run.durability, journal_segment_mib=1,
                               revocation_reserve_mib=1, snapshot_journal_mib=1)
        self.record = os.path.join(folder, "strace")
        self.seed, self.outcome, self.keep = seed, outcome, run.keep
        self.ledger = Ledger(os.path.join(folder, "ledger"))
        self.auditor = Auditor(os.path.join(folder, "ledger"), seed, outcome)
        self.actors = []
        self.base = None

    def first(self, trace, inject, budget, attached=False):
        """From the first start to the end, whatever ends it. Its exit status: that of a kill is
        -9; None when it started well and stopped when asked, as if nothing had been injected.
        `attached`: calls count from when it has been set up, else from its start."""
        tracer = None
        try:
            self.service.start(() if attached else tracing.wrapper(self.record, trace, inject))
        except StartFailed as failed:
            return failed.code
        if self.set_up():
            if attached:
                tracer = tracing.attach(self.service.process.pid, self.record, trace, inject)
            # The third snapshot retires the first, and the segments before the second.
            for _ in range(SNAPSHOTS):
                self.work(budget)
                self.snapshot()
        code = self.finish()
        if tracer is not None:
            tracer.communicate()
        return code

    def finish(self):
        """Asks it to stop if it still runs; its exit status, None for 0."""
        if self.service.running():
            # A kill of the last calls, those of a clean stop, is still to come.
            self.service.signal(15)
        code = self.service.wait(STOP_SECONDS)
        if code is None:
            self.service.kill()
            raise Violation(f"signetd did not end within {STOP_SECONDS} s of its last request")
        return code or None

    def set_up(self):
        try:
            self.service.switch_on()
            self.base = base_app(self.service.socket)
        except SignetError:
            return False
        return True

    def work(self, budget):
        """Some mutations over a few connections, until they are answered or broken."""
        if not self.actors:
            self.actors = [Actor(self.service.socket, self.ledger, self.seed, index, self.base)
                           for index in range(ACTORS)]
        threads = [threading.Thread(target=each.session, args=(budget, threading.Event()))
                   for each in self.actors]
        for each in threads:
            each.start()
        for each in threads:
            each.join()

    def snapshot(self):
        try:
            with requests.connect(self.service.socket) as link:
                link.call("SNAPSHOT", {})
        except (Refused, SignetError):
            pass  # a daemon that keeps none, or that was killed meanwhile

    def afterwards(self, budget):
        """What has to hold after it: it starts, knows what it acknowledged, works, is killed,
        starts, and is still of one mind about what was unknown."""
        self.service.start()
        self.auditor.read()
        if self.base is None:
            # It ended in the middle of being set up; now that goes well.
            if not self.set_up():
                raise Violation("the start after the fault ended while it was set up")
        self.auditor.look(self.service.socket, everything=True)
        self.work(budget)
        self.service.kill()
        self.service.start()
        self.auditor.read()
        self.auditor.look(self.service.socket, everything=True)
        code = self.service.stop()
        if code != 0:
            raise Violation(f"the clean stop ended with status {code}")

    def end(self):
        self.service.kill()
        os.close(self.ledger.file)
        if not self.keep:
            shutil.rmtree(self.service.directory, ignore_errors=True)
