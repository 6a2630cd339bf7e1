"""P10 to P12: measured in one process, without a socket."""

from .row import Check, Row
from .sampling import Stat, ratio


def p10(stage):
    size = stage.size
    stage.progress.step(f"growing an index to {size.label(size.large)}")
    runs = [stage.driver.in_process("split", tokens=size.large) for _ in range(size.rounds)]
    millis = Stat(run["p99_9Nanos"] / 1e6 for run in runs)
    return Row(
        "P10", f"index split while growing to {size.label(size.large)}: p99.9 of CPU time",
        "milliseconds", millis,
        checks=[Check("1 ms", millis, "<=", 0.5)],
        facts={"splits": runs[0]["splits"],
               "p50 microseconds": Stat(run["p50Nanos"] / 1e3 for run in runs),
               "p99 microseconds": Stat(run["p99Nanos"] / 1e3 for run in runs),
               "largest, CPU time, microseconds": Stat(run["maxNanos"] / 1e3 for run in runs),
               "largest, wall time, microseconds": Stat(run["wallMaxNanos"] / 1e3 for run in runs)},
        note="signetd keeps no histogram of splits, so the same index code is grown in process",
        ran=f"{size.label(size.large)} tokens")


def p11(stage):
    size = stage.size
    stage.progress.step(f"apps with {size.label(size.app_tokens)} tokens each")
    run = stage.driver.in_process("revoke-app", tokens=size.app_tokens, rounds=size.rounds)
    app, token = Stat(run["appNanos"]).scaled(1e-3), Stat(run["tokenNanos"]).scaled(1e-3)
    row = Row(
        "P11", f"revoke an app with {size.label(size.app_tokens)} live tokens", "microseconds",
        app, token, "revoking one token", [Check("revoking one token", ratio(app, token), "<=", 2)],
        facts={"tokens asked for afterwards": run["checked"],
               "of these still live": run["stillLive"]},
        note="decide and apply in the commit lane's code, each side the median of its round",
        ran=f"{size.label(size.app_tokens)} tokens an app")
    if run["stillLive"]:
        row.checks.append(Check("no live token", Stat([run["stillLive"]]), "<=", 0))
    return row


def p12(stage):
    stage.progress.step("one thread against two")
    run = stage.driver.in_process("threads", cpus="", rounds=stage.size.rounds * 2 + 1,
                                  seconds=stage.size.seconds / 3)
    validate = ratio(Stat(run["two"]), Stat(run["one"]))
    mac = ratio(Stat(run["macTwo"]), Stat(run["macOne"]))
    return Row(
        "P12", "two threads against one, batched VALIDATE in process, one writer beside",
        "times the rate of one thread", validate, mac, "MAC only",
        [Check("what two MAC-only threads reach", ratio(validate, mac), ">=", 0.85)],
        facts={"writer's share of a core": Stat(run["writerShare"]),
               "one thread, tokens a second": Stat(run["one"]),
               "two threads, tokens a second": Stat(run["two"])})
