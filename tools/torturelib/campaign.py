"""Kill, start again, look: over and over. What the kill is, the test says."""

import random
import time

from . import requests
from .audit import Auditor
from .load import Load, base_app
from .outcome import Violation
from .requests import SignetError


class Campaign:
    """`fault(service, random)` ends the service after the load has run for a while; `outcome`
    counts. `case`: stop after that many faults (for a replay)."""

    def __init__(self, service, seed, outcome, fault, longest_millis=300,
                 only_cut=False):
        self.service, self.seed, self.outcome, self.fault = service, seed, outcome, fault
        self.longest_millis = longest_millis
        self.only_cut = only_cut

    def run(self, count, during=None):
        """`during(number)` is called while the load runs, before the fault."""
        service = self.service
        service.start()
        service.switch_on()
        base = base_app(service.socket)
        load = Load(service, self.seed, base)
        auditor = Auditor(load.ledger, self.seed, self.outcome)
        try:
            auditor.look(service.socket)
            for number in range(1, count + 1):
                self.one(load, auditor, number, during)
                self.outcome.case()
            if not self.only_cut:
                service.stop()
                service.start()
            auditor.look(service.socket, everything=True)
            service.stop()
        except Violation as violation:
            self.outcome.violate(f"after fault {self.outcome.cases}: {violation}")
        finally:
            service.kill()
            load.end()
        self.outcome.note(auditor.summary())
        return auditor

    def one(self, load, auditor, number, during):
        chance = random.Random(f"{self.seed}/{number}")
        load.go()
        load.busy()
        if during:
            during(number)
        # Every other time the fault falls into a snapshot, or just before or behind it.
        snapshot = self.ask_for_snapshot() if chance.random() < 0.5 else None
        # The one sleep: the moment of the fault.
        time.sleep(chance.randint(1, self.longest_millis) / 1000)
        if self.only_cut:
            load.cut()
            load.down()
        else:
            self.fault(self.service, chance)
            load.down()
            self.service.start()
        if snapshot is not None:
            snapshot.close()
        auditor.read()
        auditor.look(self.service.socket)

    def ask_for_snapshot(self):
        """A connection on which a snapshot was asked for; its reply is not waited for."""
        try:
            link = requests.connect(self.service.socket)
            link.send("SNAPSHOT", {})
            return link
        except SignetError:
            return None
