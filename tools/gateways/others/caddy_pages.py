"""signetweb's pages and endpoints behind Caddy, from web/Caddyfile."""

import os
import signal
import subprocess

from harness.place import HERE, Process, free_port, listens
from web import accounts, pages


def _configuration(path, site, port):
    """The file as it stands, with what the machine has: paths, the port, whom the site knows. Caddy
    hashes the passwords itself, each time with another salt."""
    with open(os.path.join(HERE, "web/Caddyfile"), encoding="utf-8") as file:
        text = file.read()
    if text.count("\t\t\talice HASH\n") != 1:
        raise RuntimeError("web/Caddyfile does not have once: alice HASH")
    people = ""
    for name, password in site.passwords.items():
        run = subprocess.run([path, "hash-password", "--plaintext", password],
                             capture_output=True, text=True, check=True)
        people += f"\t\t\t{name} {run.stdout.strip()}\n"
    text = text.replace("\t\t\talice HASH\n", people)
    text = text.replace("127.0.0.1:8080", f"127.0.0.1:{port}")
    # Of the machine's own Caddy nothing is touched.
    return "{\n\tadmin off\n}\n" + text.replace("/run/", site.root + "/run/")


def run(tally, path, site):
    """As the web server's user, whom alone signetweb takes connections of."""
    port, home = free_port(), site.path("caddy-pages")
    os.makedirs(home)
    accounts.give(home, accounts.SERVER, 0o700)
    target = os.path.join(home, "Caddyfile")
    with open(target, "w", encoding="utf-8") as file:
        file.write(_configuration(path, site, port))
    accounts.give(target, accounts.SERVER, 0o400)
    env = dict(os.environ, HOME=home, XDG_DATA_HOME=home, XDG_CONFIG_HOME=home)
    process = Process([path, "run", "--adapter", "caddyfile", "--config", target],
                      site.path("logs/caddy-pages.log"), env,
                      **accounts.running_as(accounts.SERVER))
    try:
        process.wait_for(lambda: listens(port), "caddy listens")
        pages.run(tally, site, "Caddy", f"http://127.0.0.1:{port}")
    finally:
        process.stop(signal.SIGTERM)
