"""P5 and P6: issuing, each acknowledged only when it is on the disk."""

import re
import subprocess

from .processes import Redis
from .row import Check, Row
from .sampling import Stat, alternate, ratio

CONNECTIONS = 50
FLOOR_OVER_REDIS = "the floor (signetd's kernel time, two SHA-256 blocks) over Redis SET"
SYNC_CALLS = "fdatasync,fsync,sync_file_range,msync"


def _sides(stage, depth, batch, count):
    signet = stage.signet("signet-durable", durability="durable", max_tokens=30_000_000)
    redis = stage._once("redis-durable", lambda: Redis(
        stage.path("redis-durable"), stage.server_cpus, always_sync=True).start())
    keys = stage.redis_with(stage.size.small)[1]
    run = stage.driver.run
    return {
        "signet": lambda: run("signet", signet, workload="issue", connections=CONNECTIONS,
                              depth=depth, batch=batch, count=count // batch),
        "redis": lambda: run("redis", redis, workload="issue", connections=CONNECTIONS,
                             tokens=keys, depth=depth, batch=batch, count=count // batch),
    }, (signet, redis)


def _split(server, action, count):
    """The action, and what of the server's processor one item took: in its own code, and in the
    kernel."""
    def run():
        before = server.cpu_seconds()
        result = action()
        own, kernel = (after - at for at, after in zip(before, server.cpu_seconds(), strict=True))
        return dict(result, ownNanos=own * 1e9 / count, kernelNanos=kernel * 1e9 / count)
    return run


def _floor(results, floors):
    """Facts: what a server would reach whose kernel does what signetd's does, and which computes two
    SHA-256 blocks a token and nothing else."""
    rate = Stat(1e9 / (run["kernelNanos"] + floor["twoBlocksNanos"])
                for run, floor in zip(results["signet"], floors, strict=True))
    rates = {name: Stat(run["ratePerSecond"] for run in runs) for name, runs in results.items()}
    return {FLOOR_OVER_REDIS: ratio(rate, rates["redis"]),
            "signet over that floor": ratio(rates["signet"], rate)}


def _syncs(server, action):
    """(result, calls that sync, how): counted by strace in a run of its own, which costs speed and
    so is in no rate."""
    tracer = subprocess.Popen(
        ["strace", "-c", "-f", "-e", f"trace={SYNC_CALLS}", "-p", str(server.pid)],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    while "attached" not in (line := tracer.stderr.readline()):
        if not line:
            tracer.wait()
            return action(), None
    try:
        result = action()
    finally:
        # It must not slow the rows that follow.
        tracer.send_signal(2)
        said = tracer.communicate(timeout=60)[1]
    calls = {name: int(count) for count, name in re.findall(
        r"^ *[\d.]+ +[\d.]+ +\d+ +(\d+)(?: +\d+)? +(\w+)$", said, re.M) if name != "total"}
    return result, calls


def _sync_facts(stage, sides, servers, count):
    facts = {"fdatasync counted by": "strace -c -f, in a run beside those of the rates"}
    for (name, action), server in zip(sides.items(), servers, strict=True):
        try:
            _, calls = _syncs(server, action)
        except FileNotFoundError:
            calls = None
        if calls is None:
            facts[f"{name}: fdatasync calls"] = "not counted: strace is missing or may not attach"
            continue
        total = sum(calls.values())
        facts[f"{name}: fdatasync calls"] = total
        facts[f"{name}: items a sync"] = count / total if total else None
    return facts


def _row(stage, key, title, depth, batch, count, target):
    sides, servers = _sides(stage, depth, batch, count)
    stage.progress.step("warming up")
    for action in sides.values():
        action()
    measured = {name: _split(server, sides[name], count)
                for name, server in zip(sides, servers, strict=True)}
    measured["floor"] = lambda: stage.driver.in_process("mac-floor", seconds=0.5)
    results = alternate(measured, stage.size.rounds, stage.progress)
    floors = results.pop("floor")
    rates = {name: Stat(run["ratePerSecond"] for run in runs) for name, runs in results.items()}
    facts = dict(_sync_facts(stage, sides, servers, count), **_floor(results, floors))
    for name, runs in results.items():
        for part, words in (("ownNanos", "in its own code"), ("kernelNanos", "in the kernel")):
            facts[f"{name}: processor nanoseconds a token {words}"] = Stat(
                run[part] for run in runs)
        facts[f"{name}: p99 milliseconds"] = Stat(
            run["latencyNanos"]["p99"] / 1e6 for run in runs)
    return Row(
        key, title, "tokens per second", rates["signet"], rates["redis"],
        "Redis SET, appendfsync always",
        [Check("Redis SET, appendfsync always", ratio(rates["signet"], rates["redis"]), ">=",
               target)], facts=facts, shown=(FLOOR_OVER_REDIS, "signet over that floor"),
        note="no snapshot and no AOF rewrite on either side while it runs")


def p5(stage):
    stage.require_disk()
    return _row(stage, "P5", f"ISSUE, durable, 128 a frame, {CONNECTIONS} connections", 1, 128,
                stage.size.issued, 3)


def p6(stage):
    stage.require_disk()
    row = _row(stage, "P6", f"ISSUE, durable, {CONNECTIONS} connections, depth 1", 1, 1,
               stage.size.issued_singly, 1.5)
    stage.drop("signet-durable", "redis-durable")
    return row
