"""The first steps of README.md: each gateway's first-steps.sh, as it stands but for its paths and
ports, and that README.md shows the very same lines."""

import os
import signal
import subprocess

from . import rows, upstream
from .gateways import SBIN, program
from .place import HERE, Place, Process, free_port, until

README = os.path.join(os.path.dirname(os.path.dirname(HERE)), "README.md")

# What Debian's nginx runs with, as far as it matters here.
NGINX = """{modules}
{user}
daemon off;
pid {root}/nginx.pid;
error_log {log} info;
events {{ }}
http {{
  access_log off;
  client_body_temp_path {root}/body;
  proxy_temp_path {root}/proxy;
  fastcgi_temp_path {root}/fastcgi;
  uwsgi_temp_path {root}/uwsgi;
  scgi_temp_path {root}/scgi;
  include {root}/etc/nginx/conf.d/*.conf;
}}
"""


def _tree(place, port, upstream_port):
    """A copy of the files that the steps name, which point into this place."""
    ports = {"127.0.0.1:8080": f"127.0.0.1:{port}", "127.0.0.1:9000": f"127.0.0.1:{upstream_port}"}
    without_root = {} if place.is_root else place.without_root()
    for name in ("nginx/signetd.conf", "nginx/signet.lua", "nginx/signet.conf",
                 "nginx/first-steps.sh", "haproxy/signetd.conf", "haproxy/signet.lua",
                 "haproxy/signet.cfg", "haproxy/first-steps.sh"):
        target = place.path("clone/tools/gateways", name)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        place.copy(name, target, {**ports, **without_root})


def _wrap(place, name, command):
    """A program of our own under a name that the steps use; it leaves its process id."""
    path = place.path("bin", name)
    with open(path, "w", encoding="utf-8") as file:
        file.write(f"#!/bin/sh\necho $$ > {place.root}/{name}.pid.of\nexec {command} \"$@\"\n")
    os.chmod(path, 0o755)


def _kill(path):
    """Ends the process whose id is in a file, if it is there."""
    if not os.path.exists(path):
        return
    with open(path, encoding="utf-8") as file:
        pid = int(file.read())
    try:
        os.kill(pid, signal.SIGTERM)
        until(lambda: not os.path.exists(f"/proc/{pid}") or _is_dead(pid), f"process {pid} ends")
    except ProcessLookupError:
        pass


def _is_dead(pid):
    with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
        return file.read().rpartition(")")[2].split()[0] == "Z"


def _start_nginx(place, modules):
    """It runs already where somebody follows the steps."""
    os.makedirs(place.path("etc/nginx/conf.d"), exist_ok=True)
    configuration = place.path("etc/nginx/nginx.conf")
    with open(configuration, "w", encoding="utf-8") as file:
        file.write(NGINX.format(
            modules="\n".join(f"load_module {module};" for module in modules), root=place.root,
            user="user www-data;" if place.is_root else "", log=place.log("first-nginx")))
    _wrap(place, "nginx", f"{program('nginx')} -p {place.root} -c {configuration}")
    nginx = Process([program("nginx"), "-p", place.root, "-c", configuration],
                    place.log("first-nginx-output"))
    nginx.wait_for(lambda: os.path.exists(place.path("nginx.pid")), "nginx runs")
    return nginx


def _run_steps(place, kind):
    env = dict(os.environ, PATH=place.path("bin") + os.pathsep + SBIN,
               SIGNET_SOCKET=place.path("run/signet/admin.sock"))
    # A file, not a pipe: the daemon goes on holding it.
    with open(place.log("first-steps"), "wb") as log:
        script = subprocess.Popen(
            ["bash", "-eu", f"tools/gateways/{kind.name}/first-steps.sh"], env=env,
            cwd=place.path("clone"), stdin=subprocess.DEVNULL, stdout=log,
            stderr=subprocess.STDOUT)
    try:
        script.wait(timeout=15)
    except subprocess.TimeoutExpired:
        script.kill()
        script.wait()
    with open(place.log("first-steps"), encoding="utf-8", errors="replace") as log:
        return log.read()


def _judge(tally, kind, text, port):
    told = "as told" if "200 OK" in text and '"alice"' in text else text[:600]
    tally.case(f"{kind.name}: first steps: alice comes through", "as told", told)
    for name, path, status in (("nobody does not", "/", 401), ("/health is open", "/health", 200)):
        seen = rows.ask(port, path, [("X-Auth-Subject", "root")])
        wanted = rows.Answer(status, None if status == 200 else 'Bearer realm="api"', None,
                             [] if status == 200 else None)
        tally.case(f"{kind.name}: first steps: {name}", str(wanted), str(seen))


def first_steps(tally, kind, folder):
    """Runs them in a place of their own."""
    with open(os.path.join(HERE, kind.name, "first-steps.sh"), encoding="utf-8") as script, \
            open(README, encoding="utf-8") as readme:
        shown = script.read() in readme.read()
    tally.case(f"{kind.name}: README.md shows its first steps", True, shown)
    place, echo, port = Place(), upstream.Upstream(), free_port()
    os.makedirs(place.path("bin"))
    nginx = None
    try:
        _tree(place, port, echo.port)
        for name in ("signetd", "signetctl"):
            _wrap(place, name, os.path.join(folder, name))
        if kind.name == "nginx":
            nginx = _start_nginx(place, kind.modules())
        _judge(tally, kind, _run_steps(place, kind), port)
    finally:
        if nginx:
            nginx.stop()
        _kill(place.path("run/signet/haproxy.pid"))
        _kill(place.path("signetd.pid.of"))
        echo.stop()
        place.remove()
