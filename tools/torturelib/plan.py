"""Which tests there are, and how much of each a tier runs."""

from . import t06_cuts, t06_kills, t16_races

TIERS = ("commit", "nightly", "release")

COUNTS = {
    # name: (commit, nightly, release)
    "kills": (50, 2_000, 20_000),
    "races": (200, 10_000, 100_000),
}

TESTS = [
    # id, title, whether it runs the real programs, function
    ("T6", "kill -9 under load", True, t06_kills.run),
    ("T6-cut", "replies cut at every byte, asked again with the key", True, t06_cuts.run),
    ("T16", "64 connections at one code, refresh token, key", True, t16_races.run_t16),
    ("T17", "refresh and VALIDATE against revoke", True, t16_races.run_t17),
]
