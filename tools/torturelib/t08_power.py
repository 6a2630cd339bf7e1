"""T8: the power is cut under load, on an ext4 file system in a file: all that was not synced is
gone, as EXT4_IOC_SHUTDOWN does it. Then the ledger is compared, as in T6."""

import os

from .campaign import Campaign
from .mounts import LoopDisk, need_loop
from .service import JOURNAL_FAILED, Service

DISK_MEBIBYTES = 256
# Of a process that saw the disk go before it was killed.
ENDS = (-9, JOURNAL_FAILED)


class PowerCut:
    """A fault for a campaign: off, dead, on."""

    def __init__(self, disk, outcome):
        self.disk, self.outcome = disk, outcome
        self.saw = 0

    def __call__(self, service, chance):
        self.disk.cut()
        if chance.random() < 0.5:
            # It lives on for as long as it needs to find out: it must not answer on.
            service.wait(0.2)
        code = service.kill()
        if code not in ENDS:
            self.outcome.violate(f"after a power cut signetd ended with status {code}: "
                                 f"{service.last_line()}")
        self.saw += code == JOURNAL_FAILED
        self.disk.unmount()
        self.disk.mount()


def run(run, outcome):
    need_loop(run)
    folder = run.folder("t8")
    disk = LoopDisk(folder, DISK_MEBIBYTES, "data=ordered")
    service = Service(run.programs, folder, run.durability,
                      data=os.path.join(disk.path, "data"),
                      journal_segment_mib=1, revocation_reserve_mib=1, snapshot_journal_mib=1)
    fault = PowerCut(disk, outcome)
    try:
        count = run.case or run.count("power cuts")
        outcome.replay = run.replay("T8", count)
        Campaign(service, run.seed, outcome, fault).run(count)
    finally:
        service.kill()
        disk.unmount()
    outcome.note(f"{fault.saw} times it had seen the disk fail and stopped by itself")
