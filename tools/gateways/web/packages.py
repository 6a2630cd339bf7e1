"""The Python packages of requirements.txt, in a folder of their own below the user's cache, and the
Debian packages of the browser and of Apache. As root, and in continuous integration, what is missing
is installed; otherwise the caller skips what needs it."""

import hashlib
import os
import shutil
import subprocess
import sys

from . import accounts

HERE = os.path.dirname(os.path.realpath(__file__))
REQUIREMENTS = os.path.join(HERE, "requirements.txt")
NGINX = {"/usr/sbin/nginx": "nginx",
         "/usr/lib/nginx/modules/ngx_http_lua_module.so": "libnginx-mod-http-lua"}
BROWSER = {"/usr/bin/chromium": "chromium", "/usr/bin/chromedriver": "chromium-driver"}
DEBIAN = {**BROWSER, "/usr/sbin/apache2": "apache2-bin",
          "/usr/lib/apache2/modules/mod_oauth2.so": "libapache2-mod-oauth2"}


def folder():
    """Another version of Python, or another list, is another folder."""
    with open(REQUIREMENTS, "rb") as file:
        digest = hashlib.sha256(file.read()).hexdigest()[:12]
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    cache = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return os.path.join(cache, "signet", f"{version}-{digest}")


def _may_install():
    return accounts.is_root() or os.environ.get("CI") == "true"


def _run(command):
    env = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          env=env, check=False)


def provide_debian(wanted=None):
    """What of `wanted` (or DEBIAN) is not there, by package name, after installing it where that may
    be done."""
    wanted = DEBIAN if wanted is None else wanted
    absent = [name for path, name in wanted.items() if not os.path.exists(path)]
    if absent and accounts.is_root() and shutil.which("apt-get"):
        print(f"installing {' '.join(absent)}", flush=True)
        for command in (["apt-get", "update", "-q"],
                        ["apt-get", "install", "-y", "-q", "--no-install-recommends", *absent]):
            run = _run(command)
            if run.returncode != 0:
                print(run.stdout[-1000:])
                break
    return [name for path, name in wanted.items() if not os.path.exists(path)]


def provide_python():
    """Why the packages are not there, or None. They can be imported afterwards."""
    target = folder()
    if not os.path.isdir(target):
        if not _may_install():
            return f"python3 -m pip install --no-deps --target {target} -r {REQUIREMENTS}"
        print(f"installing the packages of requirements.txt in {target}", flush=True)
        fresh = f"{target}.{os.getpid()}"
        run = _run([sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", fresh,
                    "-r", REQUIREMENTS])
        if run.returncode != 0:
            shutil.rmtree(fresh, ignore_errors=True)
            return run.stdout.strip().splitlines()[-1] if run.stdout.strip() else "no pip"
        os.rename(fresh, target)
    sys.path.append(target)
    return None


if __name__ == "__main__":
    problem = provide_python()
    if problem:
        sys.exit(problem)
