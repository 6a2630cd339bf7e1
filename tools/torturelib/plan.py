"""Which tests there are, and how much of each a tier runs."""

from . import (t06_cuts, t06_kills, t06_lost, t07_syscalls, t08_power, t09_errors, t10_full,
               t16_races, t21_leaks, t25_backup, t25_kills)
from .swift_tests import SwiftTest

TIERS = ("commit", "nightly", "release")

COUNTS = {
    # name: (commit, nightly, release)
    "seeds": (2_000, 200_000, 2_000_000),
    "losses": (5, 100, 500),
    "sector rounds": (2_000, 65_536, 200_000),
    "bit flips": (5_000, 200_000, 1_000_000),
    "kills": (50, 2_000, 20_000),
    "lost replies": (3, 50, 250),
    "syscall kills": (50, 1_400, 4_200),
    "power cuts": (50, 1_000, 10_000),
    "errors": (50, 500, 2_000),
    "full disk revocations": (10_000, 10_000, 20_000),
    "races": (200, 10_000, 100_000),
    "leak tokens": (10_000, 100_000, 200_000),
    "restores": (3, 60, 300),
    "restore kills": (16, 600, 2_400),
    "salvage kills": (16, 600, 2_400),
}

# Which tests to begin with where several run at once: about how long each takes.
WEIGHTS = {"T6": 50, "T16": 40, "T8": 45, "T7": 35, "T9": 30, "T21": 25, "T10": 20, "T25": 20,
           "T25-kill": 25, "T25-salvage": 25}

SEEDS = SwiftTest("SimulationTests.T1", [("SIGNET_T1_SEEDS", "seeds")],
                  [r"^T1 part \d+: (\d+) seeds"])
CRASHES = SwiftTest("SimulationTests.T2", [("SIGNET_T2_LOSSES", "losses")],
                    [r"^T2 .*: (\d+) recoveries"])
TORN = SwiftTest("TokenStorageTests.T3", [("SIGNET_T3_ROUNDS", "sector rounds")],
                 [r"^T3: (\d+) cuts", r"^T3: (\d+) rounds"])
ROT = SwiftTest("TokenStorageTests.T4", [("SIGNET_T4_FLIPS", "bit flips")],
                [r"^T4 .*?(\d+) without effect", r"^T4 .*?(\d+) refused",
                 r"^T4 .*?(\d+) dropped"])
DAMAGE = SwiftTest("TokenStorageTests.T5", (), [r"with (\d+) test cases? passed"])
FAILING = SwiftTest("TokenStorageTests.T9", (), [r"^T9 .*: (\d+) cases"])
CLOCK = SwiftTest("T20", (), [r"^T20: (\d+) seeds"])
RACES = SwiftTest("RaceTests")
GOLDEN = SwiftTest("GoldenDirector")

TESTS = [
    # id, title, whether it runs the real programs, function
    ("T1", "whole lives on a simulated disk", False, SEEDS),
    ("T2", "a crash at every call", False, CRASHES),
    ("T3", "a torn tail", False, TORN),
    ("T4", "flipped bits", False, ROT),
    ("T5", "damaged files", False, DAMAGE),
    ("T6", "kill -9 under load", True, t06_kills.run),
    ("T6-cut", "replies cut at every byte, asked again with the key", True, t06_cuts.run),
    ("T6-lost", "killed between commit and reply, asked again", True, t06_lost.run),
    ("T7", "SIGKILL at the Nth system call", True, t07_syscalls.run),
    ("T8", "power cuts under load", True, t08_power.run),
    ("T9-sim", "the Nth call fails, simulated disk", False, FAILING),
    ("T9", "the Nth system call fails", True, t09_errors.run),
    ("T10", "a full disk, twice", True, t10_full.run),
    ("T16-in", "races in one process", False, RACES),
    ("T16", "64 connections at one code, refresh token, key", True, t16_races.run_t16),
    ("T17", "refresh and VALIDATE against revoke", True, t16_races.run_t17),
    ("T20", "clocks that step", False, CLOCK),
    ("T21", "no token in files, replies, environment", True, t21_leaks.run),
    ("T24", "golden data directories", False, GOLDEN),
    ("T25", "backup and restore under load", True, t25_backup.run),
    ("T25-kill", "--restore killed at its calls, asked for again", True, t25_kills.run_restore),
    ("T25-salvage", "--salvage killed at its calls, asked for again", True,
     t25_kills.run_salvage),
]
