"""The harness's side of a driver process."""

import os
import subprocess
import sys

from . import requests
from .requests import LOCAL, NO_KEY

HERE = os.path.dirname(os.path.realpath(__file__))
CONNECTIONS = 8


def base_app(path):
    """Registers the app that the load works with and never changes; its (client id, secret)."""
    with requests.connect(path) as link:
        reply = link.call("APP_REGISTER", {
            "key": NO_KEY, "acting": LOCAL, "fields": requests.app_fields("base", "base")})
        return reply["clientId"], reply["clientSecret"]


class Load:
    """A driver process. `ledger` is its file."""

    def __init__(self, service, seed, base, connections=CONNECTIONS):
        self.ledger = os.path.join(service.directory, "ledger")
        self.process = subprocess.Popen(
            [sys.executable, os.path.join(HERE, "driver.py"), service.socket, self.ledger,
             str(seed), str(connections), *base],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def go(self, budget=None):
        self.say("go" if budget is None else f"go {budget}")

    def stop(self):
        self.say("stop")

    def cut(self):
        self.say("cut")

    def say(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def busy(self):
        """Returns when the first reply is there (or every connection has ended)."""
        self.hear("busy")

    def down(self):
        """Returns when every connection has ended and the ledger says all there is to say."""
        self.hear("down")

    def hear(self, word):
        if self.process.stdout.readline().strip() != word:
            raise RuntimeError("the driver ended; see its messages above")

    def end(self):
        self.process.stdin.close()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()
