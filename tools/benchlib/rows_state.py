"""P7 to P10: what a large table costs: memory, restart, snapshots, growth."""

import contextlib
import os
import shutil
import socket
import struct
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.realpath(__file__))),
                                "python"))

from signet import Connection, Refused, SignetError  # noqa: E402

from . import machine  # noqa: E402
from .driver import Beside  # noqa: E402
from .processes import BenchError, Redis  # noqa: E402
from .row import Check, Row, Skipped  # noqa: E402
from .sampling import Stat, ratio  # noqa: E402
from .stage import some_tokens  # noqa: E402

VALID = 0
MEBIBYTE = 1 << 20
JOURNAL_SECONDS = "(b) with a full trigger's worth of journal, seconds"


def _populated_redis(stage, count):
    """Redis with short keys (`key:N`) and 64-byte values: its cheapest case."""
    name = f"redis-populated-{count}"

    def make():
        stage.progress.step(f"filling redis with {stage.size.label(count)} short keys")
        server = Redis(stage.path(name), stage.server_cpus).start()
        server.call("DEBUG", "POPULATE", count, "key", 64)
        return server
    return stage._once(name, make)


def p7(stage):
    """All of the process over all tokens; and what each of the last nine tenths or more adds, so
    that neither a fixed part nor its absence hides behind the other."""
    small, large = stage.size.small, stage.size.large
    signet, redis = ([machine.resident_bytes(make(count).pid) for count in (small, large)]
                     for make in (lambda count: stage.signet_with(count)[0],
                                  lambda count: _populated_redis(stage, count)))
    left, right = Stat([signet[1] / large]), Stat([redis[1] / large])
    each = [Stat([(side[1] - side[0]) / (large - small)]) for side in (signet, redis)]
    label = stage.size.label
    marginal = f"each token from {label(small)} to {label(large)} adds, bytes"
    return Row(
        "P7", f"memory, {label(large)} access tokens over {label(large // 10)} grants, all in",
        "bytes per token", left, right, "Redis, 64-byte values",
        [Check("Redis bytes per key", ratio(left, right), "<=", 0.7)],
        facts={marginal: each[0], "the same of Redis, bytes a key": each[1],
               "that ratio": ratio(*each),
               f"whole process with {label(small)} tokens, MiB": signet[0] // MEBIBYTE,
               f"whole process with {label(large)} tokens, MiB": signet[1] // MEBIBYTE},
        shown=(marginal, "that ratio"),
        note="resident memory of the whole process over the number of tokens or keys, one reading; "
        "a user for each grant; Redis with keys of 5 to 11 bytes", ran=f"{label(large)} tokens")


# --- growth -------------------------------------------------------------------------------------

def _stats(server):
    """STATS as a dictionary."""
    link = Connection(server.socket, timeout=60)
    try:
        return {stat["name"]: int(stat["value"]) for stat in link.call("STATS", {})["stats"]}
    finally:
        link.close()


def p10(stage):
    """From the server's own counters: every split since it started with an empty table."""
    size = stage.size
    signet, _ = stage.signet_with(size.large)
    stats = _stats(signet)
    if stats["index-splits"] == 0:
        raise BenchError("signetd split no segment since its start: it was started again, or full")
    micros = {name: Stat([stats[f"index-split-nanos.{name}"] / 1e3])
              for name in ("p50", "p99", "p99.9", "max")}
    millis = micros["p99.9"].scaled(1e-3)
    return Row(
        "P10", f"index split while growing to {size.label(size.large)}: p99.9 of CPU time",
        "milliseconds", millis, checks=[Check("1 ms", millis, "<=", 0.5)],
        facts=dict({"splits": stats["index-splits"]},
                   **{f"{name} microseconds": stat for name, stat in micros.items()}),
        shown=("splits", "p50 microseconds", "max microseconds"),
        note="the commit lane's processor time, from STATS after the table was filled by ISSUE",
        ran=f"{size.label(size.large)} tokens")


# --- restart ------------------------------------------------------------------------------------

def _forget_pages(directory):
    """Drops a directory's files from the page cache, written or not."""
    for folder, _, files in os.walk(directory):
        for name in files:
            path = os.path.join(folder, name)
            try:
                descriptor = os.open(path, os.O_RDONLY)
            except OSError:
                continue
            try:
                os.fsync(descriptor)
                os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
            finally:
                os.close(descriptor)


def _verdict(server, token):
    link = Connection(server.socket, timeout=30)
    try:
        reply = link.call("VALIDATE", dict(
            form=0, flags=0, atLeastPosition=0, requiredScopes="", audience="",
            tokens=[token.encode()]))
    finally:
        link.close()
    return reply["verdicts"][0]["verdict"]


def _signet_answers(server, token):
    try:
        with socket.socket(socket.AF_UNIX) as probe:
            probe.connect(server.socket)
        verdict = _verdict(server, token)
    except (OSError, SignetError, Refused):
        return False
    if verdict != VALID:
        raise BenchError(f"after its restart signetd says verdict {verdict} of a live token")
    return True


def _redis_answers(server, _):
    try:
        value = server.call("GET", "key:0", timeout=60)
    except (OSError, BenchError):
        return False
    if not value.startswith(b"value:0"):
        raise BenchError(f"after its restart redis says {value[:20]} of a key")
    return True


def _restart(server, answers, token):
    """Seconds from the start of the process to its first correct answer."""
    server.kill()
    _forget_pages(server.directory)
    began = time.monotonic()
    server.launch()
    while not answers(server, token):
        if server.process.poll() is not None:
            raise BenchError(f"{server.name} ended instead of starting: {server.last_line()}")
        if time.monotonic() - began > 300:
            raise BenchError(f"{server.name} gave no answer in 300 s")
        time.sleep(0.002)
    return time.monotonic() - began


def _facts(server):
    """STATUS as a dictionary."""
    link = Connection(server.socket, timeout=60)
    try:
        return {fact["name"]: fact["value"] for fact in link.call("STATUS", {})["facts"]}
    finally:
        link.close()


def _journal_after_snapshot(stage, signet):
    """Issues until the journal is as large as what triggers a snapshot. Returns its bytes."""
    facts = _facts(signet)
    wanted = max(256 * MEBIBYTE, int(facts["snapshot.bytes"]))
    first = int(facts["journal.bytes"])
    grown = 0
    while grown < wanted:
        stage.progress.step(f"journal: {grown // MEBIBYTE} of {wanted // MEBIBYTE} MiB")
        stage.driver.run("signet", signet, workload="issue", connections=50, depth=1, batch=128,
                         count=2_000)
        grown = int(_facts(signet)["journal.bytes"]) - first
    return grown


@contextlib.contextmanager
def _put_back(server, token):
    """What happens to its table inside is undone: the rows behind are of as many tokens as they
    say."""
    kept = server.data + ".kept"
    server.kill()
    shutil.copytree(server.data, kept)
    _restart(server, _signet_answers, token)
    try:
        yield
    finally:
        server.kill()
        shutil.rmtree(server.data)
        os.rename(kept, server.data)
    _restart(server, _signet_answers, token)


def p8(stage):
    size = stage.size
    signet, tokens = stage.signet_with(size.large)
    # What another row revoked is no token to wait for.
    token = next((each for each in some_tokens(tokens, 100) if _verdict(signet, each) == VALID),
                 None)
    if token is None:
        raise BenchError("of 100 tokens none is valid before the restart")
    redis = _populated_redis(stage, size.large)
    stage.progress.step("snapshot and RDB")
    signet.ctl("snapshot")
    if redis.call("SAVE") != b"+OK":
        raise BenchError("redis did not save")
    signet_times, redis_times = [], []
    for number in range(size.rounds):
        stage.progress.step(f"restart {number + 1} of {size.rounds}", number / size.rounds * 0.7)
        signet_times.append(_restart(signet, _signet_answers, token))
        redis_times.append(_restart(redis, _redis_answers, None))
    left, right = Stat(signet_times), Stat(redis_times)
    snapshot_bytes = int(_facts(signet)["snapshot.bytes"])
    with _put_back(signet, token):
        grown = _journal_after_snapshot(stage, signet)
        with_journal = Stat(_restart(signet, _signet_answers, token) for _ in range(2))
        with_tokens = _stats(signet)["live-tokens"]
    return Row(
        "P8", f"restart with {size.label(size.large)} tokens to the first correct answer",
        "seconds", left, right, f"Redis loading {size.label(size.large)} keys from RDB",
        [Check("faster than Redis from RDB", ratio(right, left), ">=", 5)],
        facts={JOURNAL_SECONDS: with_journal,
               "(b) journal MiB since the snapshot": grown // MEBIBYTE,
               "(b) tokens after it": with_tokens,
               "snapshot MiB": snapshot_bytes // MEBIBYTE},
        shown=(JOURNAL_SECONDS, "(b) journal MiB since the snapshot"),
        note="killed, files dropped from the page cache, started again; keys of Redis are short",
        ran=f"{size.label(size.large)} tokens")


# --- latency while a snapshot is written ----------------------------------------------------------

# The quiet time that a snapshot is compared with: before it, when what the one before left to the
# disk has gone there. It ends before anybody asks for the snapshot.
PAUSE_SECONDS, QUIET_NANOS, MARGIN_NANOS = 4, 2_200_000_000, 200_000_000
BLOCKS_COPIED = "blocks of 4 KiB copied by commits, of each snapshot"

class Snapshots(threading.Thread):
    """Asks for snapshots and notes when each was being written (CLOCK_MONOTONIC, nanoseconds), from
    the first status that shows it under way to the last."""

    def __init__(self, server, first_after, pause, until):
        super().__init__()
        self.server, self.first_after, self.pause, self.until = server, first_after, pause, until
        # Of each: (first, last), and the blocks that commits copied for it.
        self.windows, self.blocks_copied, self.error = [], [], None

    def run(self):
        try:
            time.sleep(self.first_after)
            while time.monotonic() < self.until:
                self._one()
                time.sleep(self.pause)
        except Exception as error:  # told by the row
            self.error = error

    def _one(self):
        asked = Beside(lambda: self.server.ctl("snapshot"))
        first = last = None
        while not asked.is_done:
            facts = _facts(self.server)
            now = time.monotonic_ns()
            if facts["snapshot.progress"] != "none":
                first, last = first or now, now
            time.sleep(0.1)
        try:
            asked.result()
        except BenchError:
            return  # Given up, as more changed than is kept: it is not one that was written.
        copied = int(_facts(self.server)["snapshot.blocks-copied"])
        # One during which nothing was copied says nothing about copying.
        if first is not None and last > first and copied > 0:
            self.windows.append((first, last))
            self.blocks_copied.append(copied)


def _samples(path):
    """(start, latency) of every request, nanoseconds."""
    with open(path, "rb") as file:
        data = file.read()
    return struct.iter_unpack("<QQ", data[:len(data) // 16 * 16])


def _p99(values):
    values.sort()
    return values[min(int(len(values) * 0.99), len(values) - 1)] if values else None


def _timeline(path, windows):
    """Per tenth of a second (seconds, p99 microseconds, whether a snapshot was written)."""
    buckets = {}
    for start, latency in _samples(path):
        buckets.setdefault(start // 100_000_000, []).append(latency)
    if not buckets:
        return []
    first = min(buckets)
    return [((bucket - first) / 10, _p99(values) / 1000,
             any(a <= (bucket + 0.5) * 1e8 <= b for a, b in windows))
            for bucket, values in sorted(buckets.items())]


def _rounds(path, windows):
    """For each snapshot p99 in microseconds of what began inside, and of what began in the quiet
    time before it; and the number of all samples inside."""
    inside, outside = [[] for _ in windows], [[] for _ in windows]
    for start, latency in _samples(path):
        for number, (first, last) in enumerate(windows):
            if first <= start <= last:
                inside[number].append(latency)
            elif first - QUIET_NANOS <= start <= first - MARGIN_NANOS:
                outside[number].append(latency)
    pairs = [(_p99(within) / 1000, _p99(without) / 1000)
             for within, without in zip(inside, outside) if within and without]
    return pairs, sum(map(len, inside))


def _capacity(stage, signet, shape):
    """Requests a second of the mix in a closed loop, on tokens that no other run shows again."""
    tokens = stage.path("capacity.tokens")
    stage.driver.fill("signet", signet, stage.size.small, tokens)
    run = stage.driver.run("signet", signet, seconds=stage.size.seconds, warmup_seconds=0.5,
                           tokens=tokens, **shape)
    return run["requestsPerSecond"]


def p9(stage):
    size = stage.size
    signet, tokens = stage.signet_with(size.large)
    stage.progress.step("capacity")
    shape = {"workload": "mixed", "connections": 48, "depth": 16, "batch": 1, "set": "uniform"}
    rate = int(_capacity(stage, signet, shape) * 0.3)
    began = time.monotonic()
    signet.ctl("snapshot")
    one = time.monotonic() - began
    seconds = int((size.rounds + 3) * (one * 1.5 + PAUSE_SECONDS + 0.5)) + 4
    path = stage.path("samples")
    stage.progress.step(f"{seconds} s of load, snapshots in between")
    # The client reads its tokens first; a second of warm-up is its own.
    snapshots = Snapshots(signet, 4, PAUSE_SECONDS, time.monotonic() + seconds - 1 - one)
    # Revocations wait for the disk; deep enough that they rarely take every slot, or VALIDATE would
    # wait for them in the client.
    run = stage.driver.run_beside(
        "signet", signet, seconds=seconds, warmup_seconds=1, rate=rate, samples=path,
        tokens=tokens, timeout=900, **(shape | {"depth": 1_024}))
    snapshots.start()
    result = run.result()
    snapshots.join()
    if snapshots.error is not None:
        raise snapshots.error
    # Counted from when they were due, the wait for a slot included: the loop stays an open one.
    held = result["heldBackRequests"]
    pairs, counted = _rounds(path, snapshots.windows)
    stage.charts["snapshot"] = _timeline(path, snapshots.windows)
    title = ("VALIDATE p99, open loop at 30 % of capacity, 10 % revoke and issue, inside snapshots "
             f"of {size.label(size.large)}")
    if len(pairs) < size.rounds:
        return Skipped(
            "P9", title, f"only {len(pairs)} snapshots for which commits copied a block")
    left, right = Stat(pair[0] for pair in pairs), Stat(pair[1] for pair in pairs)
    return Row(
        "P9", title, "microseconds", left, right, "the same load without a snapshot",
        [Check("the same load without a snapshot", ratio(left, right), "<=", 1.5)],
        facts={"requests a second": rate, "snapshots": len(pairs),
               "one snapshot, seconds": round(one, 3), "samples inside snapshots": counted,
               "requests that waited for a free slot of the client": held,
               BLOCKS_COPIED: Stat(snapshots.blocks_copied)},
        shown=("snapshots", BLOCKS_COPIED),
        note="one run: each snapshot beside two quiet seconds before it, two behind the one before; "
        "samples are VALIDATE requests alone", ran=f"{size.label(size.large)} tokens")
