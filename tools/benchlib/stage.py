"""What the rows share: the servers that are up, the tables in them, how large and how long."""

import os
import random
import shutil

from . import machine
from .processes import BenchError, Echo, Memcached, Redis, Signetd


class Size:
    """How much is measured. `quick` keeps the whole under five minutes with smaller tables."""

    def __init__(self, quick):
        self.quick = quick
        self.rounds = 3 if quick else 5
        self.seconds = 1 if quick else 3
        self.warmup = 0.3 if quick else 1
        self.small = 100_000
        self.large = 1_000_000 if quick else 10_000_000
        self.issued = 200_000 if quick else 1_000_000
        self.issued_singly = 20_000 if quick else 100_000
        self.app_tokens = 200_000 if quick else 1_000_000

    def label(self, count):
        return f"{count // 1_000_000} M" if count >= 1_000_000 else f"{count // 1_000} k"


class Stage:
    def __init__(self, directory, programs, driver, size, progress, cpus):
        self.directory, self.programs, self.driver = directory, programs, driver
        self.size, self.progress = size, progress
        self.server_cpus, self.client_cpus = cpus
        self.servers = {}
        self.charts = {}
        # What was measured through nginx; None until then.
        self.gateways = None

    def path(self, name):
        return os.path.join(self.directory, name)

    def echo(self):
        return self._once("echo", lambda: Echo(
            self.path("echo"), self.server_cpus, self.programs).start())

    def signet(self, name, **keys):
        """An empty signetd of its own."""
        return self._once(name, lambda: Signetd(
            self.path(name), self.server_cpus, self.programs, **keys).start())

    def signet_with(self, count):
        """(server, token file) with `count` live tokens, ten to a grant."""
        name = f"signet-{count}"
        file = self.path(name + ".tokens")

        def make():
            self.progress.step(f"filling signetd with {self.size.label(count)} tokens")
            server = Signetd(self.path(name), self.server_cpus, self.programs,
                             max_tokens=count + 30_000_000).start()
            self.driver.fill("signet", server, count, file, grants=max(count // 10, 1))
            return server
        return self._once(name, make), file

    def redis_with(self, count):
        """(server, key file) with `count` keys."""
        name = f"redis-{count}"
        file = self.path(name + ".keys")

        def make():
            self.progress.step(f"filling redis with {self.size.label(count)} keys")
            server = Redis(self.path(name), self.server_cpus).start()
            self.driver.fill("redis", server, count, file)
            return server
        return self._once(name, make), file

    def memcached_with(self, count):
        name = f"memcached-{count}"
        file = self.path(name + ".keys")

        def make():
            self.progress.step(f"filling memcached with {self.size.label(count)} keys")
            server = Memcached(self.path(name), self.server_cpus).start()
            self.driver.fill("memcached", server, count, file)
            return server
        return self._once(name, make), file

    def _once(self, name, make):
        if name not in self.servers:
            self.servers[name] = make()
        return self.servers[name]

    def drop(self, *names):
        """Stops servers that no later row needs, so that their memory is free."""
        for name in names:
            server = self.servers.pop(name, None)
            if server is not None:
                server.remove()

    def close(self):
        for server in list(self.servers.values()):
            server.kill()
        self.servers.clear()
        shutil.rmtree(self.directory, ignore_errors=True)

    def require_disk(self):
        kind = machine.mount_of(self.directory)[1]
        if kind in ("tmpfs", "ramfs"):
            raise BenchError(
                f"{self.directory} lies in memory ({kind}); give --directory on a disk")


def some_tokens(path, count):
    """Tokens drawn from a file that `signetbench fill` made: a head of 64 bytes, then records of 64
    that begin with 57 bytes of text."""
    tokens = (os.path.getsize(path) - 64) // 64
    draw = random.Random(1)
    found = []
    with open(path, "rb") as file:
        for _ in range(count):
            file.seek(64 + 64 * draw.randrange(tokens))
            found.append(file.read(57).decode())
    return found
