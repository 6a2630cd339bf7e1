"""T6: kill -9 at a random moment under load, start again, compare with the ledger."""

from .campaign import Campaign
from .service import Service


def kill(service, _):
    service.kill()


def run(run, outcome):
    service = Service(run.programs, run.folder("t6"), run.durability,
                      journal_segment_mib=1, snapshot_journal_mib=1)
    count = run.case or run.count("kills")
    outcome.replay = run.replay("T6", count)
    Campaign(service, run.seed, outcome, kill, only_cut=run.only_cut).run(count)
