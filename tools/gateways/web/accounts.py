"""Who runs what. As root, signetd, signetweb and nginx's workers are three different users, which
every Debian has already; in production, make users of their own. Who is not root runs all three as
himself."""

import grp
import os
import pwd

SERVICE, WEB, SERVER = "daemon", "nobody", "www-data"


def is_root():
    return os.geteuid() == 0


def missing():
    """The users that are not there, or None."""
    if not is_root():
        return None
    absent = []
    for name in (SERVICE, WEB, SERVER):
        try:
            pwd.getpwnam(name)
        except KeyError:
            absent.append(name)
    return "no user " + ", ".join(absent) if absent else None


def uid(name):
    return pwd.getpwnam(name).pw_uid if is_root() else os.geteuid()


def gid(name):
    return pwd.getpwnam(name).pw_gid if is_root() else os.getegid()


def running_as(name, *groups_of):
    """Arguments of subprocess.Popen. The groups of others let a program give them its socket."""
    if not is_root():
        return {}
    return {"user": uid(name), "group": gid(name), "extra_groups": [gid(n) for n in groups_of]}


def give(path, name, mode):
    """Makes a file or folder somebody's."""
    os.chmod(path, mode)
    if is_root():
        os.chown(path, uid(name), gid(name))


def group_name(name):
    return grp.getgrgid(gid(name)).gr_name


class As:
    """Within it, this process connects to sockets as another user: the kernel notes who connects,
    not who writes afterwards."""

    def __init__(self, name, group_of=None):
        self.uid, self.gid = uid(name), gid(group_of or name)

    def __enter__(self):
        if is_root():
            os.setegid(self.gid)
            os.seteuid(self.uid)

    def __exit__(self, *_):
        if self.uid != os.getuid() or os.getuid() == 0:
            os.seteuid(os.getuid())
            os.setegid(os.getgid())
