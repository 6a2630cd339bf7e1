"""signetd, signetweb, nginx and an API: the whole site, in one temporary directory."""

import base64
import glob
import hashlib
import json
import os
import secrets
import shutil
import signal
import subprocess
import tempfile

from harness.gateways import Nginx, program
from harness.place import Process, free_port, listens

from . import accounts
from .api import Api

HERE = os.path.dirname(os.path.realpath(__file__))
GATEWAYS = os.path.dirname(HERE)
ROOT = os.path.dirname(os.path.dirname(GATEWAYS))
PROGRAMS = ("signetd", "signetctl", "signetweb")
PEOPLE = ("alice", "admin")

NGINX = """{modules}
{user}
worker_processes 1;
daemon off;
pid {root}/nginx/nginx.pid;
error_log {root}/logs/nginx.log info;
events {{ worker_connections 1024; }}
http {{
  access_log off;
  {temporary}
  include {root}/etc/nginx/conf.d/*.conf;
}}
"""


def programs(given=None):
    """The folder of the three programs."""
    folders = [given] if given else [
        os.path.join(ROOT, ".build", kind) for kind in ("release", "debug")]
    for folder in folders:
        if all(os.path.exists(os.path.join(folder, name)) for name in PROGRAMS):
            return os.path.abspath(folder)
    raise RuntimeError(f"no {', '.join(PROGRAMS)} in {' or '.join(folders)}: swift build")


def missing():
    """What the site needs and is not there, or None."""
    return Nginx.missing() or accounts.missing()


class Stack:
    """`url` is the site, `issuer` the same. `apart`: a Ctrl-C in the terminal does not reach the
    programs, so that they are stopped in order."""

    def __init__(self, folder, port=None, apart=False):
        self.root = tempfile.mkdtemp(prefix="signet-web-")
        self.port, self.example_port = port or free_port(), free_port()
        self.url = self.issuer = f"http://127.0.0.1:{self.port}"
        self.passwords = {name: secrets.token_urlsafe(9) for name in PEOPLE}
        self.apart = {"start_new_session": True} if apart else {}
        self.api = Api()
        self.processes = {}
        self._make_folders(folder)
        self._configure()

    def path(self, *parts):
        return os.path.join(self.root, *parts)

    def _make_folders(self, folder):
        os.chmod(self.root, 0o755)
        for name in ("logs", "etc/nginx/conf.d", "nginx", "bin", "run", "var/lib", "etc/signet"):
            os.makedirs(self.path(name))
        for name, owner, mode in (("run/signet", accounts.SERVICE, 0o755),
                                  ("run/signetweb", accounts.WEB, 0o755),
                                  ("var/lib/signet", accounts.SERVICE, 0o700)):
            os.makedirs(self.path(name))
            accounts.give(self.path(name), owner, mode)
        # Where they were built, another user may not come.
        for name in PROGRAMS:
            shutil.copy(os.path.join(folder, name), self.path("bin"))

    def _copy(self, source, target):
        """A configuration as it stands, but for its paths, its ports and, without root, users."""
        with open(os.path.join(GATEWAYS, source), encoding="utf-8") as file:
            text = file.read()
        instead = {"127.0.0.1:8080": f"127.0.0.1:{self.example_port}",
                   "127.0.0.1:8088": f"127.0.0.1:{self.port}",
                   "127.0.0.1:9000": f"127.0.0.1:{self.api.port}"}
        for folder in ("/run/", "/var/lib/", "/etc/signet/", "/etc/nginx/"):
            instead[folder] = self.root + folder
        if not accounts.is_root():
            me = str(os.geteuid())
            instead.update({" group=nogroup": "", " group=www-data": "", "0660": "0600",
                            "uid:nobody rights=front,front-admin,validate":
                            f"uid:{me} rights=all",
                            "allow = uid:www-data rights=validate\n": "",
                            "web-server-uid = www-data": f"web-server-uid = {me}"})
        for old, new in instead.items():
            text = text.replace(old, new)
        with open(target, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(target, 0o644)

    def _configure(self):
        self._copy("web/signetd.conf", self.path("etc/signet/signetd.conf"))
        self._copy("web/signetweb.conf", self.path("etc/signet/signetweb.conf"))
        self._copy("web/nginx-fastcgi.conf", self.path("etc/nginx/signet-fastcgi.conf"))
        self._copy("nginx/signet.conf", self.path("etc/nginx/conf.d/signet.conf"))
        self._copy("web/nginx-site.conf", self.path("etc/nginx/conf.d/site.conf"))
        self._copy("web/nginx-shim.conf", self.path("etc/nginx/conf.d/shim.conf"))
        shutil.copy(os.path.join(GATEWAYS, "nginx/signet.lua"), self.path("etc/nginx"))
        with open(self.path("etc/signet/people"), "w", encoding="ascii") as file:
            for name, password in self.passwords.items():
                file.write(f"{name}:{_digest(password)}\n")
        accounts.give(self.path("etc/signet/people"), accounts.SERVER, 0o400)
        temporary = " ".join(f"{kind}_temp_path {self.root}/nginx/{kind};" for kind in
                             ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        with open(self.path("nginx/nginx.conf"), "w", encoding="utf-8") as file:
            file.write(NGINX.format(
                modules="\n".join(f"load_module {module};" for module in Nginx.modules()),
                user=f"user {accounts.SERVER};" if accounts.is_root() else "",
                root=self.root, temporary=temporary))

    # ---- Running ---------------------------------------------------------------------------

    def start(self):
        self.start_signetd()
        self.start_signetweb()
        nginx = Process([program("nginx"), "-p", self.path("nginx"), "-c",
                         self.path("nginx/nginx.conf")], self.path("logs/nginx-output.log"),
                        **self.apart)
        self.processes["nginx"] = nginx
        nginx.wait_for(lambda: listens(self.port), "nginx listens")

    def start_signetd(self):
        self._start("signetd", accounts.running_as(
            accounts.SERVICE, accounts.WEB, accounts.SERVER),
            lambda: os.path.exists(self.path("run/signet/admin.sock"))
            and self.ctl_run("ping").returncode == 0)

    def start_signetweb(self):
        self._start("signetweb", accounts.running_as(accounts.WEB, accounts.SERVER),
                    lambda: os.path.exists(self.path("run/signetweb/web.sock")))

    def _start(self, name, who, is_there):
        process = Process([self.path("bin", name), "--config",
                           self.path(f"etc/signet/{name}.conf")],
                          self.path(f"logs/{name}.log"), **who, **self.apart)
        self.processes[name] = process
        process.wait_for(is_there, f"{name} answers")

    def stop_one(self, name):
        """Returns the exit status."""
        return self.processes.pop(name).stop(signal.SIGTERM)

    def stop(self):
        """Ends what still runs, last started first. Returns name and status of each."""
        statuses = {name: self.stop_one(name) for name in reversed(list(self.processes))}
        self.api.stop()
        return statuses

    def remove(self):
        shutil.rmtree(self.root, ignore_errors=True)

    def uids(self):
        """The uids under which the programs (of nginx, the workers) run."""
        found = {name: _uid(process.process.pid) for name, process in self.processes.items()}
        nginx = self.processes["nginx"].process.pid
        for path in glob.glob(f"/proc/{nginx}/task/{nginx}/children"):
            with open(path, encoding="ascii") as file:
                for child in file.read().split():
                    found["nginx"] = _uid(int(child))
        return found

    # ---- Asking the service directly -------------------------------------------------------

    def ctl_run(self, *arguments, socket="run/signet/admin.sock", who=None):
        """signetctl; `who`: as the user that runs that part of the site."""
        return subprocess.run(
            [self.path("bin/signetctl"), "--json", "--socket", self.path(socket), *arguments],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=60, check=False,
            **(accounts.running_as(who) if who else {}))

    def ctl(self, *arguments):
        run = self.ctl_run(*arguments)
        if run.returncode != 0:
            raise RuntimeError(f"signetctl {' '.join(arguments)}: {run.stdout}")
        return json.loads(run.stdout)

    def register(self, name, callback, *arguments):
        """An application, made by the operator. Returns (client id, secret)."""
        made = self.ctl("apps", "register", "--name", name, "--homepage",
                        "https://app.example/", "--callback", callback, *arguments)
        return made["clientId"], made.get("clientSecret")


def _digest(password):
    """What nginx and Apache compare a password with. Unsalted SHA-1 is what both read without a
    crypt(3) of their own, and does for random passwords of one run; yours want bcrypt."""
    return "{SHA}" + base64.b64encode(hashlib.sha1(password.encode()).digest()).decode()


def _uid(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        return int(next(line for line in file if line.startswith("Uid:")).split()[2])
