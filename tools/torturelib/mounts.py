"""File systems of our own, in the mount namespace of this run."""

import fcntl
import os
import shutil
import subprocess

from .outcome import Skip

# ioctl of ext4 (and XFS): stop at once; 2 = do not flush the file system's journal either.
SHUTDOWN, NO_LOG_FLUSH = 0x8004587D, 2


def need_mounts(run):
    if os.geteuid() != 0:
        raise Skip("only root may mount")
    if not run.has_namespace:
        raise Skip("no mount namespace of our own: unshare -m is refused")


def need_loop(run):
    need_mounts(run)
    if not os.path.exists("/dev/loop-control"):
        raise Skip("there are no loop devices (/dev/loop-control)")
    if not shutil.which("mkfs.ext4"):
        raise Skip("mkfs.ext4 is not installed")


def command(*words):
    done = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          check=False)
    if done.returncode:
        raise Skip(f"{' '.join(words)}: {done.stdout.strip()}")


class Tmpfs:
    """A tmpfs of some MiB at `path`."""

    def __init__(self, path, mebibytes):
        self.path = path
        os.makedirs(path, exist_ok=True)
        command("mount", "-t", "tmpfs", "-o", f"size={mebibytes}m,mode=0700", "tmpfs", path)

    def free_bytes(self):
        status = os.statvfs(self.path)
        return status.f_bavail * status.f_bsize

    def unmount(self):
        command("umount", self.path)


class LoopDisk:
    """An ext4 file system in a file, mounted at `path`."""

    def __init__(self, folder, mebibytes, options):
        self.image, self.path = os.path.join(folder, "image"), os.path.join(folder, "disk")
        self.options = options
        os.makedirs(self.path, exist_ok=True)
        with open(self.image, "wb") as file:
            file.truncate(mebibytes << 20)
        command("mkfs.ext4", "-q", "-F", "-E", "lazy_itable_init=0,lazy_journal_init=0",
                self.image)
        self.mount()

    def mount(self):
        command("mount", "-o", "loop," + self.options, self.image, self.path)

    def unmount(self):
        command("umount", self.path)

    def cut(self):
        """The power is off: what was not synced is lost, every further write fails."""
        descriptor = os.open(self.path, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.ioctl(descriptor, SHUTDOWN, NO_LOG_FLUSH.to_bytes(4, "little"))
        finally:
            os.close(descriptor)
