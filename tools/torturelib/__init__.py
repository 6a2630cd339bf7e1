"""Durability tests of the real programs: what tools/torture runs."""
