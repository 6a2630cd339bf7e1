"""Repeated measurements: alternating sides, medians, and how long it will take."""

import statistics
import sys
import time


class Stat:
    """Median, lowest and highest of the samples of one side."""

    def __init__(self, samples):
        self.samples = [float(sample) for sample in samples]
        if not self.samples:
            raise ValueError("no samples")
        self.median = statistics.median(self.samples)
        self.min, self.max = min(self.samples), max(self.samples)

    def scaled(self, factor):
        return Stat(sample * factor for sample in self.samples)

    def inverse(self):
        return Stat(1 / sample for sample in self.samples)


def ratio(left, right):
    """The ratio of each round, so that what a shared machine does to both sides cancels out."""
    return Stat(a / b for a, b in zip(left.samples, right.samples, strict=True))


class Progress:
    """Lines on standard error: what runs, how long it took so far, and how long it will take."""

    def __init__(self, weights):
        self.weights = dict(weights)
        self.done = 0.0
        self.row = None
        self.began = time.monotonic()
        self.is_terminal = sys.stderr.isatty()

    def enter(self, row):
        self.leave()
        self.row = row

    def leave(self):
        if self.row is not None:
            self.done += self.weights.get(self.row, 1)
        self.row = None

    def step(self, text, share=0.0):
        """Says what is done now; `share` of the present row is behind."""
        spent = time.monotonic() - self.began
        total = sum(self.weights.values()) or 1
        part = (self.done + share * self.weights.get(self.row, 1)) / total
        left = f", about {_span(spent / part - spent)} to go" if part > 0.03 else ""
        line = f"[{_span(spent)}{left}] {self.row or ''}: {text}"
        if self.is_terminal:
            sys.stderr.write("\r\x1b[K" + line[:150])
        else:
            sys.stderr.write(line + "\n")
        sys.stderr.flush()

    def clear(self):
        if self.is_terminal:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()


def _span(seconds):
    seconds = max(int(seconds), 0)
    return f"{seconds // 60} min {seconds % 60:02} s" if seconds >= 60 else f"{seconds} s"


def alternate(sides, rounds, progress):
    """Calls each side once a round. `sides`: name → function without arguments. The order turns
    round with every round, so that no side is always the one after the other. Returns name →
    list of results, one a round."""
    results = {name: [] for name in sides}
    for number in range(rounds):
        order = list(sides) if number % 2 == 0 else list(reversed(sides))
        for place, name in enumerate(order):
            share = (number + place / len(order)) / rounds
            progress.step(f"round {number + 1} of {rounds}, {name}", share)
            results[name].append(sides[name]())
    return results
