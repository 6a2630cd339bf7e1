"""Which tests there are, and how much of each a tier runs."""

from . import (t06_cuts, t06_kills, t07_syscalls, t08_power, t09_errors, t10_full, t16_races,
               t21_leaks)

TIERS = ("commit", "nightly", "release")

COUNTS = {
    # name: (commit, nightly, release)
    "kills": (50, 2_000, 20_000),
    "syscall kills": (50, 1_400, 4_200),
    "power cuts": (50, 1_000, 10_000),
    "full disk revocations": (10_000, 10_000, 20_000),
    "leak tokens": (10_000, 100_000, 200_000),
    "errors": (50, 500, 2_000),
    "races": (200, 10_000, 100_000),
}

TESTS = [
    # id, title, whether it runs the real programs, function
    ("T6", "kill -9 under load", True, t06_kills.run),
    ("T6-cut", "replies cut at every byte, asked again with the key", True, t06_cuts.run),
    ("T7", "SIGKILL at the Nth system call", True, t07_syscalls.run),
    ("T8", "power cuts under load", True, t08_power.run),
    ("T9", "the Nth system call fails", True, t09_errors.run),
    ("T10", "a full disk, twice", True, t10_full.run),
    ("T16", "64 connections at one code, refresh token, key", True, t16_races.run_t16),
    ("T17", "refresh and VALIDATE against revoke", True, t16_races.run_t17),
    ("T21", "no token in files, replies, environment", True, t21_leaks.run),
]
