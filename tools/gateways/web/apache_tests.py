"""Apache: mod_oauth2 in front of an API, and signetweb's pages behind mod_proxy_fcgi."""

import os
import subprocess
import time

from harness.place import Process, free_port, listens, until

from . import accounts, pages
from .person import ask

HERE = os.path.dirname(os.path.realpath(__file__))
MODULES = "/usr/lib/apache2/modules"
AUDIENCE = "https://api.example/"
SERVER = """ServerRoot {root}
PidFile {root}/apache.pid
Mutex file:{root} default
ServerName 127.0.0.1
ErrorLog {root}/error.log
LogLevel warn
{who}
{modules}
DocumentRoot {root}/documents
<Directory {root}/documents>
  Require all granted
</Directory>
<VirtualHost *:{port}>
{api}
</VirtualHost>
<VirtualHost *:{pages_port}>
{pages}
</VirtualHost>
Listen 127.0.0.1:{port}
Listen 127.0.0.1:{pages_port}
"""
NAMES = ("mpm_event", "authn_core", "authn_file", "auth_basic", "authz_core", "authz_user", "dir",
         "env", "setenvif", "headers", "rewrite", "proxy", "proxy_fcgi", "oauth2")


class Apache:
    """One server with two sites: the API at `port`, people's pages at `pages_port`."""

    def __init__(self, stack, client, secret):
        self.port, self.pages_port = free_port(), free_port()
        self.root = stack.path("apache")
        os.makedirs(self.root + "/documents")
        for folder in (self.root, self.root + "/documents"):
            accounts.give(folder, accounts.SERVER, 0o755)
        with open(self.root + "/documents/index.html", "w", encoding="ascii") as file:
            file.write("behind Apache\n")
        who = f"User {accounts.SERVER}\nGroup {accounts.SERVER}" if accounts.is_root() else ""
        modules = "\n".join(f"LoadModule {name}_module {MODULES}/mod_{name}.so" for name in NAMES)
        with open(self.root + "/apache.conf", "w", encoding="utf-8") as file:
            file.write(SERVER.format(
                root=self.root, who=who, modules=modules, port=self.port,
                pages_port=self.pages_port, pages=_copy("apache-pages.conf", stack),
                api=_copy("apache.conf", stack).replace("SECRET", secret)
                .replace("client_id=CLIENT", "client_id=" + client)))
        self.process = Process(["/usr/sbin/apache2", "-DFOREGROUND", "-f",
                                self.root + "/apache.conf"], stack.path("logs/apache.log"))
        self.process.wait_for(lambda: listens(self.port), "Apache listens")

    def stop(self):
        self.process.stop()


def _copy(name, stack):
    with open(os.path.join(HERE, name), encoding="utf-8") as file:
        text = file.read()
    for old, new in {"127.0.0.1:8088": f"127.0.0.1:{stack.port}", "/run/": stack.root + "/run/",
                     "/etc/signet/": stack.root + "/etc/signet/"}.items():
        text = text.replace(old, new)
    return text


def run(tally, stack):
    version = subprocess.run(["/usr/sbin/apache2", "-v"], capture_output=True, text=True,
                             check=False).stdout.splitlines()[0].partition(": ")[2]
    package = subprocess.run(["dpkg-query", "-W", "libapache2-mod-oauth2"], capture_output=True,
                             text=True, check=False).stdout.split()
    print(f"with  {version}, mod_oauth2 {package[1] if len(package) > 1 else 'unknown'}")
    client, secret = stack.register("API behind Apache", "https://api.example/callback",
                                    "--audience", AUDIENCE)
    apache = Apache(stack, client, secret)
    try:
        _introspects(tally, stack, apache)
        pages.run(tally, stack, "Apache", f"http://127.0.0.1:{apache.pages_port}")
    finally:
        apache.stop()


def _introspects(tally, stack, apache):
    app, _ = stack.register("Caller", "https://app.example/callback", "--scopes", "read")
    tokens = {}
    for name, user in (("alice", "alice"), ("bob", "bob")):
        made = stack.ctl("issue", "--client", app, "--user", user, "--scope", "read",
                         "--audience", AUDIENCE)
        tokens[name] = made["tokens"][0]["accessToken"]
    made = stack.ctl("issue", "--client", app, "--user", "alice", "--scope", "read")
    tokens["without our audience"] = made["tokens"][0]["accessToken"]

    def status(token):
        return ask(f"http://127.0.0.1:{apache.port}/",
                   headers=[("Authorization", "Bearer " + token)]).status

    tally.case("Apache, mod_oauth2: no token", 401, ask(f"http://127.0.0.1:{apache.port}/").status)
    tally.case("Apache, mod_oauth2: alice", 200, status(tokens["alice"]))
    tally.case("Apache, mod_oauth2: Require sub:alice, and bob", 401, status(tokens["bob"]))
    tally.case("Apache, mod_oauth2: a token for another audience", 401,
               status(tokens["without our audience"]))
    tally.case("Apache, mod_oauth2: forged", 401, status("sga_" + "0" * 53))
    stack.ctl("revoke", tokens["alice"])
    began = time.monotonic()
    until(lambda: status(tokens["alice"]) == 401, "Apache refuses a revoked token", 10)
    print(f"      (refused {time.monotonic() - began:.1f} s after the revoke)")
    tally.case("Apache, mod_oauth2: revoked", 401, status(tokens["alice"]))
