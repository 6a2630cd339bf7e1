"""A row of the table: what was asked for and what was measured."""


class Check:
    """One target: a ratio against a bound."""

    def __init__(self, name, ratio, sense, bound):
        self.name, self.ratio, self.sense, self.bound = name, ratio, sense, bound

    @property
    def met(self):
        if self.sense == "<=":
            return self.ratio.median <= self.bound
        return self.ratio.median >= self.bound

    @property
    def target(self):
        return f"{'≤' if self.sense == '<=' else '≥'} {self.bound:g} × {self.name}"


class Row:
    """Measured numbers are `Stat`s. `checks` are all wanted, or any of them where `any_of`."""

    def __init__(self, key, title, unit, signet, peer=None, peer_name="", checks=(), any_of=False,
                 facts=None, shown=(), note="", ran=""):
        self.key, self.title, self.unit = key, title, unit
        self.signet, self.peer, self.peer_name = signet, peer, peer_name
        self.checks, self.any_of = list(checks), any_of
        # Further numbers, for the JSON: text → Stat, number or text.
        self.facts = dict(facts or {})
        # Names of those that are printed with the row, too.
        self.shown = tuple(shown)
        self.note, self.ran = note, ran
        # How long its measuring took, filling included; set when it is done.
        self.seconds = None

    @property
    def met(self):
        """None where nothing is asked for."""
        if not self.checks:
            return None
        return (any if self.any_of else all)(check.met for check in self.checks)

    @property
    def target(self):
        return (" or " if self.any_of else " and ").join(check.target for check in self.checks)

    @property
    def ratio(self):
        return self.checks[0].ratio if self.checks else None

    def as_json(self, quick):
        row = {"id": self.key, "title": self.title, "unit": self.unit}
        for name, stat in [("signet", self.signet), ("peer", self.peer), ("ratio", self.ratio)]:
            row[name] = stat.median if stat else None
            row[name + "Min"] = stat.min if stat else None
            row[name + "Max"] = stat.max if stat else None
        row.update(peerName=self.peer_name, target=self.target, met=self.met,
                   verdict=verdict(self, quick), ran=self.ran, note=self.note,
                   secondsToMeasure=self.seconds)
        row["checks"] = [
            {"against": check.name, "ratio": check.ratio.median, "ratioMin": check.ratio.min,
             "ratioMax": check.ratio.max, "rounds": len(check.ratio.samples),
             "target": check.target, "met": check.met} for check in self.checks]
        row["facts"] = {name: _plain(value) for name, value in self.facts.items()}
        return row


def _plain(value):
    if hasattr(value, "median"):
        return {"median": value.median, "min": value.min, "max": value.max}
    return value


def verdict(row, quick):
    if row.met is None:
        return "printed"
    return ("met" if row.met else "missed") + (" (quick)" if quick else "")


class Skipped:
    """A row that could not be measured here."""

    def __init__(self, key, title, reason):
        self.key, self.title, self.reason = key, title, reason
        self.seconds = None

    def as_json(self, quick):
        return {"id": self.key, "title": self.title, "signet": None, "peer": None, "ratio": None,
                "target": None, "met": None, "unit": None, "verdict": "not measured",
                "note": self.reason}
