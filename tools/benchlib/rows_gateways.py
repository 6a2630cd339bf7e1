"""G1 and G2: nginx with the check in front of a service, by wrk. `tools/gateways/speed` measures."""

import json
import os
import subprocess
import sys

from .processes import BenchError
from .row import Check, Row
from .sampling import Stat, ratio

SPEED = os.path.join(os.path.dirname(os.path.dirname(os.path.realpath(__file__))),
                     "gateways", "speed")


def _runs(stage):
    """(kind, connections) → {"p50": one a run, "rate": ...}; measured once for both rows."""
    if stage.gateways is None:
        stage.progress.step("nginx and wrk")
        path = stage.path("gateways.json")
        done = subprocess.run(
            [sys.executable, SPEED, "--programs", stage.programs, "--rounds",
             str(max(stage.size.rounds, 5)), "--seconds", str(stage.size.seconds), "--json", path],
            capture_output=True, text=True)
        if done.returncode:
            said = (done.stderr or done.stdout).strip().splitlines() or ["no reason"]
            raise BenchError(said[-1])
        with open(path, encoding="utf-8") as file:
            rows = [row for row in json.load(file)["rows"] if "connections" in row]
        stage.gateways = {
            (row["row"].split("/")[1], row["connections"]): {
                "p50": Stat(row["p50_us_of_each_round"]),
                "rate": Stat(row["requests_per_second_of_each_round"])} for row in rows}
    return stage.gateways


def g1(stage):
    runs = _runs(stage)
    plain = runs["plain", 1]["p50"]
    check, echo = (Stat(a - b for a, b in zip(runs[kind, 1]["p50"].samples, plain.samples,
                                           strict=True))
                   for kind in ("check", "echo"))
    return Row(
        "G1", "nginx, 1 connection: p50 that the check adds", "microseconds", check, echo,
        "a bare echo upstream over the same kind of socket", [
            Check("what the echo adds", ratio(check, echo), "<=", 1.6)],
        facts={f"p50 of {kind}, microseconds": runs[kind, 1]["p50"]
               for kind in ("plain", "echo", "check", "fastcgi")},
        note="wrk, another token with every request, one nginx worker, nothing pinned; the kinds take "
             "turns of a few requests within every run")


def g2(stage):
    runs = _runs(stage)
    check, fastcgi = runs["check", 16]["rate"], runs["fastcgi", 16]["rate"]
    return Row(
        "G2", "nginx, 16 connections: requests with the check", "requests per second", check,
        fastcgi, "auth_request through FastCGI", [
            Check("auth_request", ratio(check, fastcgi), ">=", 1.4)],
        facts={f"{kind}, requests per second": runs[kind, 16]["rate"]
               for kind in ("plain", "echo", "check", "fastcgi")},
        note="signetweb does the same check behind auth_request")
