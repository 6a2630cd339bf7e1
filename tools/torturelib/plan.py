"""Which tests there are, and how much of each a tier runs."""

from . import t06_kills

TIERS = ("commit", "nightly", "release")

COUNTS = {
    # name: (commit, nightly, release)
    "kills": (50, 2_000, 20_000),
}

TESTS = [
    # id, title, whether it runs the real programs, function
    ("T6", "kill -9 under load", True, t06_kills.run),
]
