"""A signetd with an application and the tokens of the behaviour table."""

import glob
import json
import os
import re
import signal
import subprocess

from .place import Process

FAKETIME = "/usr/lib/*/faketime/libfaketimeMT.so.1"
# Well formed, of a key that no service has (proto-spec/tokens.md).
FORGED = "sga_04B063UfDVRKBzLscmunaixMGAz4rHk3gLf7JhqeOa2eCMz0H5Ovs"


def faketime():
    """The library by which the service's clock can be set, or None."""
    found = glob.glob(FAKETIME)
    return found[0] if found else None


def lacking(need, place):
    """Why a row that needs something cannot run here, or None."""
    if need == "faketime" and not faketime():
        return "needs libfaketime (Debian: faketime) to pass the time"
    if need == "root" and not place.is_root:
        return "needs root: the gateways run under other uids than signetd"
    return None


class Service:
    """The daemon, started from what both gateways' signetd.conf say, and `signetctl`. It keeps
    nothing: what the table asks for is not what outlives a restart."""

    def __init__(self, place, programs):
        self.place, self.programs = place, programs
        self.configuration = place.path("signetd.conf")
        self.clock = place.path("clock")
        self.admin = place.path("run/signet/admin.sock")
        self.process = None
        self.names = {"forged": FORGED, "long": "a" * 4000, "megabyte": "a" * 1000000,
                      "good": "", "old": ""}
        self._configure({})
        self.set_clock("+0s")

    def _configure(self, instead):
        mine = {} if self.place.is_root else self.place.without_root()
        lines = []
        for gateway in ("nginx", "haproxy"):
            self.place.copy(f"{gateway}/signetd.conf", self.configuration, {**mine, **instead})
            with open(self.configuration, encoding="utf-8") as file:
                lines += [line for line in file.read().splitlines() if line not in lines]
        lines += ["durability = volatile", "accept-data-loss = yes"]
        with open(self.configuration, "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")

    def set_clock(self, offset):
        with open(self.clock, "w", encoding="utf-8") as file:
            file.write(offset + "\n")

    def start(self):
        command = [os.path.join(self.programs, "signetd"), "--config", self.configuration]
        env = dict(os.environ)
        library = faketime()
        if library:
            # By way of env(1): the library moves the environment, and in the process that it is
            # loaded into first, Swift does not find its arguments behind that.
            command.insert(0, "env")
            env.update(LD_PRELOAD=library, FAKETIME_TIMESTAMP_FILE=self.clock,
                       FAKETIME_NO_CACHE="1", FAKETIME_DONT_FAKE_MONOTONIC="1")
        self.process = Process(command, self.place.log("signetd"), env)
        self.process.wait_for(self._answers, "signetd answers")
        self._fill()

    def stop(self):
        if self.process:
            self.process.stop()
            self.process = None

    def _answers(self):
        return os.path.exists(self.admin) and self._run("status").returncode == 0

    def _run(self, *arguments):
        return subprocess.run(
            [os.path.join(self.programs, "signetctl"), "--json", "--socket", self.admin,
             *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            timeout=60, check=False)

    def ctl(self, *arguments):
        run = self._run(*arguments)
        if run.returncode != 0:
            raise RuntimeError(f"signetctl {' '.join(arguments)}: {run.stdout}")
        return json.loads(run.stdout)

    def _register(self, name, *arguments):
        return self.ctl("apps", "register", "--name", name, "--homepage", "https://app.example/",
                        "--callback", "https://app.example/callback", *arguments)["clientId"]

    def _issue(self, name, *arguments, app="app"):
        issued = self.ctl("issue", "--client", self.names[app], *arguments)["tokens"][0]
        self.names[name] = issued["accessToken"]
        self.names[name + "_expires"] = str(issued["expiresAt"] // 1000)
        return issued

    def _fill(self):
        """An application and its tokens; what is volatile has to be made again."""
        old = self.names["good"]
        self.ctl("settings", "set", "provider-enabled=true")
        self.names["app"] = self._register("Example", "--scopes", "read write")
        self.names["bare_app"] = self._register("Bare")
        alice = ("--user", "alice")
        self._issue("good", *alice, "--scope", "read")
        self._issue("both", *alice, "--scope", "read write")
        self._issue("short", *alice, "--scope", "read", "--lifetime", "60s")
        self._issue("fleeting", *alice, "--scope", "read")
        self._issue("revoked", *alice, "--scope", "read")
        self.revoke("revoked")
        self._issue("client", "--scope", "read")
        self._issue("audience", *alice, "--scope", "read", "--audience", "https://api.example/")
        self._issue("elsewhere", *alice, "--scope", "read", "--audience", "https://other.example/")
        # An application that may have no scope has tokens without one.
        self._issue("bare", app="bare_app")
        twin = self._issue("twin", *alice, "--scope", "read", "--refresh")
        self.names["refresh"] = twin["refreshToken"]
        self.names["old"] = old

    def revoke(self, name):
        self.ctl("revoke", self.names[name])

    def act(self, action):
        """One of the actions of the behaviour table."""
        word, _, rest = action.partition(" ")
        if word == "revoke":
            self.revoke(rest)
        elif word == "clock":
            self.set_clock(rest)
        elif word == "set":
            self.ctl("settings", "set", *rest.split())
        elif word == "stop":
            self.stop()
        elif word == "start":
            self.start()
        elif word == "freeze":
            self.process.process.send_signal(signal.SIGSTOP)
        elif word == "thaw":
            self.process.process.send_signal(signal.SIGCONT)
        elif word == "disallow":
            self._configure({"allow = ": "# allow = "})
        else:
            raise ValueError(f"behaviour.json: no such action: {action}")

    def fill_in(self, text):
        """A text of the table with the names in braces replaced."""
        return re.sub(r"\{(\w+)\}", lambda found: self.names[found.group(1)], text)
