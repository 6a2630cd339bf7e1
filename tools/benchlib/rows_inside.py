"""P11 and P12: measured in one process, without a socket."""

from .row import Check, Row
from .sampling import Stat, ratio


def p11(stage):
    size = stage.size
    stage.progress.step(f"apps with {size.label(size.app_tokens)} tokens each")
    run = stage.driver.in_process("revoke-app", tokens=size.app_tokens, rounds=size.rounds)
    # The first revocation of each application: the others find no live token any more.
    app, token = (Stat(run[name]).scaled(1e-3) for name in ("firstAppNanos", "firstTokenNanos"))
    row = Row(
        "P11", f"revoke an app with {size.label(size.app_tokens)} live tokens", "microseconds",
        app, token, "revoking one token", [Check("revoking one token", ratio(app, token), "<=", 2)],
        facts={"median of many, an application without live tokens": Stat(
                   run["appNanos"]).scaled(1e-3),
               "median of many, one token": Stat(run["tokenNanos"]).scaled(1e-3),
               "tokens asked for afterwards": run["checked"],
               "of these still live": run["stillLive"]},
        note="decide and apply in the commit lane's code, the first revocation of each round",
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
