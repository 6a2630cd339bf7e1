"""Which tests there are, and how much of each a tier runs."""

from . import t06_cuts, t06_kills, t07_syscalls, t09_errors, t16_races

TIERS = ("commit", "nightly", "release")

COUNTS = {
    # name: (commit, nightly, release)
    "kills": (50, 2_000, 20_000),
    "syscall kills": (50, 1_400, 4_200),
    "errors": (50, 500, 2_000),
    "races": (200, 10_000, 100_000),
}

TESTS = [
    # id, title, whether it runs the real programs, function
    ("T6", "kill -9 under load", True, t06_kills.run),
    ("T6-cut", "replies cut at every byte, asked again with the key", True, t06_cuts.run),
    ("T7", "SIGKILL at the Nth system call", True, t07_syscalls.run),
    ("T9", "the Nth system call fails", True, t09_errors.run),
    ("T16", "64 connections at one code, refresh token, key", True, t16_races.run_t16),
    ("T17", "refresh and VALIDATE against revoke", True, t16_races.run_t17),
]
