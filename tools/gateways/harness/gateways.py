"""nginx and HAProxy, from the configurations of this folder."""

import glob
import os
import shutil
import signal
import subprocess
import urllib.request

from .place import HERE, Process, free_port, listens

MODULES = ("/usr/lib/nginx/modules", "/usr/share/nginx/modules", "/usr/lib64/nginx/modules")
SBIN = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"))



def program(name):
    """The path of a program; it may lie where only root looks."""
    return shutil.which(name, path=SBIN)


NGINX = """{modules}
{user}
worker_processes 2;
daemon off;
pid {root}/nginx.pid;
error_log {log} info;
events {{ worker_connections 4096; }}
http {{
  access_log off;
  {temporary}
  include {root}/example.conf;
  include {root}/behaviour.conf;
  server {{
    listen 127.0.0.1:{vectors};
    location / {{
      content_by_lua_block {{
        local check = dofile("{root_of_all}/vectors.lua")
        local lines = check(require("signet").protocol, dofile("{vector_file}"))
        ngx.say(_VERSION, " ", jit and jit.version or "")
        ngx.print(table.concat(lines, "\\n"))
      }}
    }}
  }}
}}
"""


class Nginx:
    """`ports`: example and behaviour site. One is started a socket of the service."""

    name, package = "nginx", "nginx libnginx-mod-http-lua"

    def __init__(self, place, upstream_port, socket, vector_file, label):
        self.place, self.label = place, label
        self.example, self.port, self.vectors_port = free_port(), free_port(), free_port()
        self.root = place.path(label)
        os.makedirs(self.root)
        instead = {"/run/signet/nginx.sock": socket, "127.0.0.1:8080": f"127.0.0.1:{self.example}",
                   "127.0.0.1:8081": f"127.0.0.1:{self.port}",
                   "127.0.0.1:9000": f"127.0.0.1:{upstream_port}"}
        self._copy(place, instead, vector_file)
        self.process = None

    @staticmethod
    def missing():
        """What is not there, or None."""
        if not program("nginx"):
            return "no nginx"
        if not Nginx.modules():
            return "no lua-nginx-module"
        return None

    @staticmethod
    def modules():
        for folder in MODULES:
            files = [os.path.join(folder, name)
                     for name in ("ndk_http_module.so", "ngx_http_lua_module.so")]
            if all(os.path.exists(file) for file in files):
                return files
        return []

    def _copy(self, place, instead, vector_file):
        instead = {**instead, "/etc/nginx": self.root}
        shutil.copy(os.path.join(HERE, "nginx", "signet.lua"), self.root)
        # The longer names first: they hold the shorter ones.
        saved, place.instead = place.instead, {}
        place.copy("nginx/signet.conf", os.path.join(self.root, "example.conf"), instead)
        place.copy("nginx/behaviour.conf", os.path.join(self.root, "behaviour.conf"), instead)
        place.instead = saved
        temporary = " ".join(f"{kind}_temp_path {self.root}/{kind};" for kind in
                             ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        with open(os.path.join(self.root, "nginx.conf"), "w", encoding="utf-8") as file:
            file.write(NGINX.format(
                modules="\n".join(f"load_module {module};" for module in self.modules()),
                user="user www-data;" if place.is_root else "", root=self.root,
                log=place.log(self.label), temporary=temporary, vectors=self.vectors_port,
                root_of_all=place.root, vector_file=vector_file))

    def start(self):
        self.process = Process(
            [program("nginx"), "-p", self.root, "-c",
             os.path.join(self.root, "nginx.conf")], self.place.log(self.label + "-output"))
        self.process.wait_for(lambda: listens(self.port), "nginx listens")

    def stop(self):
        if self.process:
            self.process.stop(signal.SIGTERM)

    def run_vectors(self):
        """The interpreter's name, then a line a vector."""
        address = f"http://127.0.0.1:{self.vectors_port}/"
        with urllib.request.urlopen(address, timeout=60) as reply:
            return reply.read().decode(errors="replace")

    @staticmethod
    def version():
        run = subprocess.run([program("nginx"), "-v"], capture_output=True,
                             text=True, check=False)
        return run.stderr.strip().rpartition(": ")[2]


VECTORS_CFG = """global
  lua-load {root}/vectors-main.lua
"""

VECTORS_LUA = """SIGNET_PROTOCOL_ONLY = true
local check = dofile("{root}/vectors.lua")
local lines = check(dofile("{here}/haproxy/signet.lua").protocol, dofile("{vector_file}"))
print(_VERSION .. " of HAProxy")
print(table.concat(lines, "\\n"))
"""


class Haproxy:
    """As Nginx."""

    name, package = "haproxy", "haproxy"

    def __init__(self, place, upstream_port, socket, vector_file, label):
        self.place, self.label, self.vector_file = place, label, vector_file
        self.example, self.port = free_port(), free_port()
        self.root = place.path(label)
        os.makedirs(self.root)
        shutil.copy(os.path.join(HERE, "haproxy", "signet.lua"), self.root)
        instead = {"/run/signet/haproxy.sock": socket, "/etc/haproxy": self.root,
                   "127.0.0.1:8080": f"127.0.0.1:{self.example}",
                   "127.0.0.1:8081": f"127.0.0.1:{self.port}",
                   "127.0.0.1:9000": f"127.0.0.1:{upstream_port}"}
        if not place.is_root:
            instead.update(place.without_root())
        saved, place.instead = place.instead, {}
        place.copy("haproxy/signet.cfg", os.path.join(self.root, "example.cfg"), instead)
        place.copy("haproxy/behaviour.cfg", os.path.join(self.root, "behaviour.cfg"), instead)
        place.instead = saved
        self.process = None

    @staticmethod
    def missing():
        """What is not there, or None."""
        path = program("haproxy")
        if not path:
            return "no haproxy"
        built = subprocess.run([path, "-vv"], capture_output=True, text=True, check=False).stdout
        return None if "Built with Lua" in built else "haproxy is built without Lua"

    def start(self):
        self.process = Process(
            [program("haproxy"), "-db", "-f",
             os.path.join(self.root, "example.cfg"), "-f",
             os.path.join(self.root, "behaviour.cfg")], self.place.log(self.label))
        self.process.wait_for(lambda: listens(self.port), "haproxy listens")

    def run_vectors(self):
        """The interpreter's name, then a line a vector."""
        values = {"root": self.place.root, "here": HERE, "vector_file": self.vector_file}
        for name, text in (("vectors.cfg", VECTORS_CFG), ("vectors-main.lua", VECTORS_LUA)):
            with open(self.place.path(name), "w", encoding="utf-8") as file:
                file.write(text.format(**values))
        run = subprocess.run(
            [program("haproxy"), "-c", "-f", self.place.path("vectors.cfg")],
            capture_output=True, text=True, errors="replace", timeout=60, check=False)
        lines = run.stdout.splitlines() + run.stderr.splitlines()
        return "\n".join(line for line in lines if line.startswith(("Lua ", "ok ", "FAIL ")))

    def stop(self):
        if self.process:
            self.process.stop(signal.SIGTERM)

    @staticmethod
    def version():
        run = subprocess.run([program("haproxy"), "-v"], capture_output=True,
                             text=True, check=False)
        return run.stdout.splitlines()[0]
