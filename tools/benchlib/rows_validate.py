"""P1 to P4: validating over a socket."""

from .processes import BenchError
from .row import Check, Row
from .sampling import Stat, alternate, ratio
from .system_calls import calls_an_item

CONNECTIONS = 50


def _cell(stage, connections, depth, batch, reply):
    """One function a side, all in the same cell: as many items in flight on each connection."""
    return {name: side for name, (_, side) in _sides(
        stage, connections, depth, batch, reply, stage.size.seconds, stage.size.warmup).items()}


def _sides(stage, connections, depth, batch, reply, seconds, warmup):
    """name → (server, function)."""
    size = stage.size
    signet, tokens = stage.signet_with(size.small)
    redis, redis_keys = stage.redis_with(size.small)
    memcached, memcached_keys = stage.memcached_with(size.small)
    echo = stage.echo()
    common = {"workload": "validate", "connections": connections, "seconds": seconds,
              "warmup_seconds": warmup}
    framed = dict(common, depth=depth, batch=batch, reply=reply)
    # No frames there: a batch is as many commands sent together.
    plain = dict(common, depth=depth, batch=batch)
    run = stage.driver.run
    return {
        "signet": (signet, lambda: run("signet", signet, tokens=tokens, **framed)),
        "echo": (echo, lambda: run("echo", echo, tokens=tokens, **framed)),
        "redis": (redis, lambda: run("redis", redis, tokens=redis_keys, **plain)),
        "memcached": (memcached, lambda: run(
            "memcached", memcached, tokens=memcached_keys, **plain))}


def _traced_calls(stage, results, *cell):
    """System calls of an item in a run of their own, where the kernel did not count them in the
    measured ones."""
    facts = {}
    for name, (server, _) in _sides(stage, *cell, 0, 0).items():
        if results[name][0].get("serverSyscallsPerRequest") is not None:
            continue
        stage.progress.step(f"system calls of {name}", 1)

        def run(seconds, name=name):
            return _sides(stage, *cell, seconds, 0)[name][1]()["tokens"]
        try:
            calls = calls_an_item(server.pid, run)
        except BenchError:
            continue  # what a traced server is too slow for says nothing about the row
        if calls is not None:
            facts[f"{name}: system calls an item, under strace"] = Stat([calls])
    return facts


def _rates(results):
    return {name: Stat(run["ratePerSecond"] for run in runs) for name, runs in results.items()}


def _costs(results):
    """What each server spent on one item: a saturated client can be told from a slow server."""
    facts = {}
    for name, runs in results.items():
        for key, label in [("serverCpuNanosPerRequest", "server CPU nanoseconds a request"),
                           ("serverSyscallsPerRequest", "server system calls a request"),
                           ("clientCpuShare", "client CPU share")]:
            values = [run.get(key) for run in runs]
            if all(value is not None for value in values):
                facts[f"{name}: {label}"] = Stat(values)
    return facts


def _mac_floor(stage):
    """A side that measures, on the server's core, what nothing that checks a token gets around."""
    return lambda: stage.driver.in_process("mac-floor", seconds=0.5)


def _floor_of_a_frame(echo_runs, floors):
    """Items a second of a server that moves the frame as the echo does, computes the two SHA-256
    blocks of one token, and does nothing else. None where the echo's processor time is unknown."""
    echo = [run.get("serverCpuNanosPerRequest") for run in echo_runs]
    if None in echo:
        return None
    return Stat(1e9 / (nanos + floor["twoBlocksNanos"])
                for nanos, floor in zip(echo, floors, strict=True))


def _by_cpu(results, peer):
    """What the peer's server spends on an item over what signetd does: less shaken by what else
    runs on the machine than the rates are, and silent about waiting."""
    costs = {}
    for name in ("signet", peer):
        costs[name] = [run.get("serverCpuNanosPerRequest") for run in results[name]]
        if None in costs[name]:
            return {}
    return {f"server CPU of an item, {peer} over signet":
            ratio(Stat(costs[peer]), Stat(costs["signet"]))}


def p1(stage):
    cell = 1, 1, 1, "identity"
    results = alternate(_cell(stage, *cell), stage.size.rounds, stage.progress)
    stage.charts["latency"] = {name: runs[-1]["latencyNanos"] for name, runs in results.items()}
    p50 = {name: Stat(run["latencyNanos"]["p50"] / 1000 for run in runs)
           for name, runs in results.items()}
    facts = {f"{name}: p50 microseconds": stat for name, stat in p50.items()}
    return Row(
        "P1", "VALIDATE (identity), 1 connection, depth 1: p50", "microseconds", p50["signet"],
        p50["echo"], "echo", [Check("echo", ratio(p50["signet"], p50["echo"]), "<=", 1.15)],
        facts=dict(facts, **_costs(results), **_traced_calls(stage, results, *cell)))


def p2(stage):
    cell = CONNECTIONS, 16, 1, "identity"
    sides = _cell(stage, *cell)
    sides["floor"] = _mac_floor(stage)
    results = alternate(sides, stage.size.rounds, stage.progress)
    floor = _floor_of_a_frame(results["echo"], results.pop("floor"))
    rates = _rates(results)
    stage.charts.setdefault("depth", {})[16] = rates
    facts = {f"{name}: items a second": stat for name, stat in rates.items()}
    shown = ()
    if floor is not None:
        shown = ("floor (an echoed frame, two SHA-256 blocks): items a second",
                 "that floor over Redis GET", "signet over that floor")
        facts.update(zip(shown, (floor, ratio(floor, rates["redis"]),
                                 ratio(rates["signet"], floor)), strict=True))
    return Row(
        "P2", f"VALIDATE (identity), {CONNECTIONS} connections, depth 16, one token a frame",
        "tokens per second", rates["signet"], rates["redis"], "Redis GET",
        [Check("Redis GET", ratio(rates["signet"], rates["redis"]), ">=", 1.7),
         Check("echo", ratio(rates["signet"], rates["echo"]), ">=", 0.8)],
        any_of=True, shown=shown, facts=dict(facts, **_by_cpu(results, "redis"), **_costs(results),
                                **_traced_calls(stage, results, *cell)))


def p3(stage):
    cell = CONNECTIONS, 1, 128, "verdict"
    sides = _cell(stage, *cell)
    sides["signet identity"] = _cell(stage, CONNECTIONS, 1, 128, "identity")["signet"]
    sides["floor"] = _mac_floor(stage)
    results = alternate(sides, stage.size.rounds, stage.progress)
    floors = results.pop("floor")
    floor = Stat(1e9 / run["twoBlocksNanos"] for run in floors)
    rates = _rates(results)
    stage.charts.setdefault("depth", {})[128] = rates
    facts = {f"{name}: items a second": stat for name, stat in rates.items()}
    facts["MAC floor: one over the time of two SHA-256 blocks, a second"] = floor
    facts["the product's own MAC: nanoseconds"] = Stat(run["macNanos"] for run in floors)
    facts["the MAC floor over Redis GET"] = ratio(floor, rates["redis"])
    facts["identity against the MAC floor"] = ratio(rates["signet identity"], floor)
    return Row(
        "P3", "VALIDATE (verdict), 128 tokens a frame, one worker", "tokens per second",
        rates["signet"], rates["redis"], "Redis GET at depth 128",
        [Check("Redis GET at depth 128", ratio(rates["signet"], rates["redis"]), ">=", 5),
         Check("the MAC floor", ratio(rates["signet"], floor), ">=", 0.35)],
        shown=("the MAC floor over Redis GET",),
        facts=dict(facts, **_by_cpu(results, "redis"), **_costs(results),
                   **_traced_calls(stage, results, *cell)))


def p4(stage):
    size = stage.size
    sides = {}
    for count in (size.small, size.large):
        server, tokens = stage.signet_with(count)
        sides[count] = lambda server=server, tokens=tokens: stage.driver.run(
            "signet", server, tokens=tokens, workload="validate", connections=CONNECTIONS, depth=1,
            batch=128, reply="verdict", set="uniform", seconds=size.seconds,
            warmup_seconds=size.warmup)
    results = alternate(sides, size.rounds, stage.progress)
    rates = _rates(results)
    facts = _costs({size.label(count): runs for count, runs in results.items()})
    inside = stage.driver.in_process(
        "validate", sizes=f"{size.small},{size.large}", rounds=size.rounds)
    tables = [inside["table0"], inside["table1"]]
    small, large = (Stat(side["nanosPerToken"]) for side in tables)
    stage.charts["table"] = {side["tokens"]: Stat(side["nanosPerToken"]) for side in tables}
    facts[f"in process, {size.label(size.small)}: nanoseconds a token"] = small
    facts[f"in process, {size.label(size.large)}: nanoseconds a token"] = large
    facts["in process: rate of the large table over the small one"] = ratio(small, large)
    return Row(
        "P4", f"the same with {size.label(size.large)} live tokens, uniform", "tokens per second",
        rates[size.large], rates[size.small], f"with {size.label(size.small)}",
        [Check(f"the rate with {size.label(size.small)}",
               ratio(rates[size.large], rates[size.small]), ">=", 0.65)],
        facts=facts, ran=f"{size.label(size.large)} tokens")


def depth_one(stage):
    """One more cell, for the chart of throughput by depth."""
    results = alternate(_cell(stage, CONNECTIONS, 1, 1, "verdict"), 1, stage.progress)
    stage.charts.setdefault("depth", {})[1] = _rates(results)
