"""The servers that are measured. Each runs in a directory of its own and is stopped by its pid."""

import os
import shutil
import signal
import socket
import subprocess
import time

START_SECONDS = 120
RIGHTS = "validate,front,front-admin,issue,admin"


class BenchError(Exception):
    """Why there is no result; the message says what to do."""


def pinned(command, cpus):
    """The command, on these cores only; as it is where `cpus` is empty."""
    return ["taskset", "-c", cpus, *command] if cpus else list(command)


class Server:
    """One process with a Unix socket in a private directory."""

    name = "server"

    def __init__(self, directory, cpus):
        self.directory, self.cpus = directory, cpus
        self.socket = os.path.join(directory, "s")
        self.log = os.path.join(directory, "log")
        self.process = None
        os.makedirs(directory, mode=0o700, exist_ok=True)

    def command(self):
        raise NotImplementedError

    def launch(self):
        """Starts the process without waiting for it."""
        if os.path.exists(self.socket):
            os.unlink(self.socket)
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                pinned(self.command(), self.cpus), stdin=subprocess.DEVNULL, stdout=log,
                stderr=log, cwd=self.directory, env=dict(os.environ, SWIFT_BACKTRACE="enable=no"))
        return self

    def start(self):
        self.launch()
        limit = time.monotonic() + START_SECONDS
        while not self.answers():
            if self.process.poll() is not None:
                raise BenchError(f"{self.name} ended with status {self.process.returncode} instead "
                                 f"of starting: {self.last_line()}")
            if time.monotonic() > limit:
                raise BenchError(f"{self.name} does not answer after {START_SECONDS} s")
            time.sleep(0.01)
        return self

    def answers(self):
        """Whether it accepts a connection."""
        with socket.socket(socket.AF_UNIX) as probe:
            try:
                probe.connect(self.socket)
                return True
            except OSError:
                return False

    @property
    def pid(self):
        """taskset replaces itself by the server, so the pid is the server's."""
        return self.process.pid

    def cpu_seconds(self):
        """What it has spent so far: (in its own code, in the kernel). In steps of 10 ms."""
        with open(f"/proc/{self.pid}/stat", encoding="ascii", errors="replace") as file:
            fields = file.read().rpartition(")")[2].split()
        tick = os.sysconf("SC_CLK_TCK")
        return int(fields[11]) / tick, int(fields[12]) / tick

    def last_line(self):
        with open(self.log, encoding="utf-8", errors="replace") as file:
            return (file.read().strip().splitlines() or ["(no log)"])[-1]

    def stop(self, number=signal.SIGTERM, seconds=120):
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.send_signal(number)
            try:
                self.process.wait(seconds)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.process = None

    def kill(self):
        self.stop(signal.SIGKILL)

    def remove(self):
        """Stops it and frees its disk."""
        self.kill()
        shutil.rmtree(self.directory, ignore_errors=True)


class Signetd(Server):
    name = "signetd"

    def __init__(self, directory, cpus, programs, durability="process-safe", max_tokens=1_000_000,
                 workers=1, **keys):
        super().__init__(directory, cpus)
        self.programs = programs
        self.data = os.path.join(directory, "data")
        self.config = os.path.join(directory, "signetd.conf")
        os.makedirs(self.data, mode=0o700, exist_ok=True)
        # Snapshots only when a row asks for one, as Redis is told `save ""`.
        values = {
            "data-directory": self.data, "root-key-file": os.path.join(directory, "root.key"),
            "listen": f"{self.socket} mode=0600 rights={RIGHTS}",
            "allow": f"uid:{os.geteuid()} rights={RIGHTS}", "workers": workers,
            "durability": durability, "max-tokens": max_tokens,
            "max-grants": min(max_tokens, 16_777_215), "max-connections-per-uid": 2_048,
            "idle-timeout-seconds": 0, "drain-timeout-seconds": 60,
            "snapshot-interval-seconds": 0, "snapshot-journal-mib": 1_048_576}
        if durability == "volatile":
            values["accept-data-loss"] = "yes"
        values.update((name.replace("_", "-"), value) for name, value in keys.items())
        with open(self.config, "w", encoding="utf-8") as file:
            file.writelines(f"{name} = {value}\n" for name, value in values.items())

    def command(self):
        return [os.path.join(self.programs, "signetd"), "--config", self.config]

    def ctl(self, *arguments, timeout=600):
        """signetctl's output as text; --json is left to the caller."""
        run = subprocess.run(
            [os.path.join(self.programs, "signetctl"), "--socket", self.socket, *arguments],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=timeout,
            check=False)
        if run.returncode != 0:
            raise BenchError(f"signetctl {' '.join(arguments)}: {run.stdout.strip()}")
        return run.stdout

    def start(self):
        super().start()
        self.ctl("settings", "set", "provider-enabled=true")
        return self


class Redis(Server):
    name = "redis-server"

    def __init__(self, directory, cpus, always_sync=False):
        super().__init__(directory, cpus)
        self.always_sync = always_sync
        self.options = ["--save", "", "--appendonly", "no"]
        if always_sync:
            self.options = ["--save", "", "--appendonly", "yes", "--appendfsync", "always",
                            "--auto-aof-rewrite-percentage", "0"]

    def command(self):
        return ["redis-server", "--port", "0", "--unixsocket", self.socket, "--unixsocketperm",
                "700", "--dir", self.directory, "--daemonize", "no", "--enable-debug-command",
                "local", *self.options]

    def call(self, *words, timeout=600):
        """One command; the reply's first line, and for a bulk string its bytes."""
        with socket.socket(socket.AF_UNIX) as link:
            link.settimeout(timeout)
            link.connect(self.socket)
            text = b"*%d\r\n" % len(words)
            for word in words:
                word = word if isinstance(word, bytes) else str(word).encode()
                text += b"$%d\r\n%s\r\n" % (len(word), word)
            link.sendall(text)
            with link.makefile("rb") as reader:
                head = reader.readline().rstrip(b"\r\n")
                if head[:1] == b"$" and head != b"$-1":
                    return reader.read(int(head[1:]))
        if head[:1] == b"-":
            raise BenchError(f"redis {words[0]}: {head.decode()}")
        return head


class Memcached(Server):
    name = "memcached"

    def command(self):
        user = ["-u", "root"] if os.geteuid() == 0 else []
        return ["memcached", "-s", self.socket, "-a", "700", "-t", "1", "-m", "4096", "-c", "2048",
                "-R", "500", *user]


class Echo(Server):
    """The floor: signetd's own event loop and wait policy, same framing, no work."""

    name = "echo"

    def __init__(self, directory, cpus, programs):
        super().__init__(directory, cpus)
        self.programs = programs

    def command(self):
        return [os.path.join(self.programs, "signetbench"), "echo-server", "--socket", self.socket,
                "--workers", "1"]


PEERS = {"redis-server": "redis-server", "memcached": "memcached"}


def missing_peers():
    return [package for package, program in PEERS.items() if not shutil.which(program)]


def install_peers():
    """From Debian, and strace, which counts system calls where the kernel does not. A server that the
    installation starts is stopped again by the package's own policy where there is no init system; it
    is never spoken to."""
    missing = missing_peers() + ([] if shutil.which("strace") else ["strace"])
    if not missing:
        return
    prefix = [] if os.geteuid() == 0 else ["sudo"]
    env = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    for command in (["apt-get", "update", "-q"],
                    ["apt-get", "install", "-y", "-q", "--no-install-recommends", *missing]):
        subprocess.run(prefix + command, env=env, check=True, stdout=subprocess.DEVNULL)
