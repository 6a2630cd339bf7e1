"""The results as a table for people and as JSON."""

import json

from .row import Skipped, verdict


def number(value):
    """Three or four significant figures, thousands set apart."""
    if value is None:
        return "-"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def span(stat):
    if stat is None:
        return "-"
    if len(stat.samples) == 1:
        return number(stat.median)
    return f"{number(stat.median)} ({number(stat.min)} … {number(stat.max)})"


def lines(rows, quick):
    """A block for each row."""
    for row in rows:
        if isinstance(row, Skipped):
            yield f"{row.key:4} {row.title}"
            yield f"     not measured: {row.reason}"
            continue
        yield f"{row.key:4} {row.title}"
        yield f"     signet {span(row.signet)} {row.unit}"
        if row.peer is not None:
            yield f"     {row.peer_name} {span(row.peer)} {row.unit}"
        for check in row.checks:
            yield (f"     ratio {span(check.ratio)}, target {check.target}: "
                   f"{'met' if check.met else 'missed'}")
        for name in row.shown:
            value = row.facts[name]
            yield f"     {name}: {span(value) if hasattr(value, 'median') else value}"
        taken = "" if row.seconds is None else f"; measured in {row.seconds:.0f} s"
        yield (f"     {verdict(row, quick)}" + (f"; {row.ran}" if quick and row.ran else "")
               + taken)


def as_json(rows, head, quick, charts):
    return {"machine": head, "quick": quick, "rows": [row.as_json(quick) for row in rows],
            "charts": charts}


def write_json(path, rows, head, quick, charts):
    with open(path, "w", encoding="utf-8") as file:
        json.dump(as_json(rows, head, quick, charts), file, indent=1, ensure_ascii=False)
        file.write("\n")


def plain_charts(charts):
    """Charts with medians in place of `Stat`s."""
    plain = dict(charts)
    if "depth" in charts:
        plain["depth"] = {str(depth): {name: stat.median for name, stat in rates.items()}
                          for depth, rates in sorted(charts["depth"].items())}
    if "table" in charts:
        plain["table"] = {str(count): stat.median
                          for count, stat in sorted(charts["table"].items())}
    return plain


def markdown(rows, quick):
    """The table of README.md."""
    yield "| # | work | signet | peer | ratio | target | verdict |"
    yield "|---|---|---|---|---|---|---|"
    for row in rows:
        if isinstance(row, Skipped):
            yield f"| {row.key} | {row.title} | - | - | - | - | not measured: {row.reason} |"
            continue
        peer = f"{number(row.peer.median)} {row.peer_name}" if row.peer else "-"
        ratios = " · ".join(span(check.ratio) for check in row.checks)
        yield (f"| {row.key} | {row.title} | {number(row.signet.median)} {row.unit} | {peer} "
               f"| {ratios} | {row.target} | {verdict(row, quick)} |")
