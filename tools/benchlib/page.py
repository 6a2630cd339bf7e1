"""One HTML file with everything in it."""

import html

from . import charts
from .report import number, span
from .row import Skipped, verdict

STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; color: #222; max-width: 76em; margin: 2em auto;
       padding: 0 1em }
h1 { font-size: 1.6em } h2 { font-size: 1.2em; margin-top: 2em }
table { border-collapse: collapse; width: 100%; font-size: .93em }
th, td { border-bottom: 1px solid #ddd; padding: .35em .6em; text-align: left; vertical-align: top }
.met { color: #0b6e4f; font-weight: 600 } .missed { color: #b3261e; font-weight: 600 }
svg { width: 100%; max-width: 760px; height: auto; font: 12px system-ui, sans-serif; fill: #333 }
details { margin: .4em 0 } summary { cursor: pointer } .note { color: #555 }
"""
PERCENTILES = ["p50", "p90", "p99", "p99_9", "p99_99", "max"]


def _cells(values, tag="td"):
    return "<tr>" + "".join(f"<{tag}>{value}</{tag}>" for value in values) + "</tr>"


def _row(row, quick):
    if isinstance(row, Skipped):
        return _cells([row.key, html.escape(row.title), "-", "-", "-", "-",
                       "not measured: " + html.escape(row.reason)])
    word = verdict(row, quick)
    kind = "" if row.met is None else "met" if row.met else "missed"
    peer = f"{number(row.peer.median)}<br>{html.escape(row.peer_name)}" if row.peer else "-"
    ratios = "<br>".join(span(check.ratio) for check in row.checks)
    targets = "<br>".join(html.escape(check.target) for check in row.checks)
    return _cells([row.key, html.escape(row.title),
                   f"{number(row.signet.median)}<br>{html.escape(row.unit)}", peer, ratios, targets,
                   f'<span class="{kind}">{word}</span>'])


def _details(row):
    if isinstance(row, Skipped):
        return ""
    lines = [f"<p>signet {span(row.signet)}"]
    if row.peer:
        lines.append(f"; {html.escape(row.peer_name)} {span(row.peer)}")
    lines.append(f" {html.escape(row.unit)}: median (lowest … highest)</p>")
    if row.note:
        lines.append(f'<p class="note">{html.escape(row.note)}</p>')
    facts = "".join(
        _cells([html.escape(name), span(value) if hasattr(value, "median")
                else html.escape(str(value))]) for name, value in row.facts.items())
    return (f"<details><summary>{row.key} {html.escape(row.title)}</summary>{''.join(lines)}"
            f"<table>{facts}</table></details>")


def _latency(latency):
    series = {name: [(place, nanos[key] / 1000) for place, key in enumerate(PERCENTILES)]
              for name, nanos in latency.items()}
    names = {place: key.replace("_", ".") for place, key in enumerate(PERCENTILES)}
    return charts.lines(series, "percentile", "microseconds", log_y=True, x_names=names)


def _depth(depth):
    series = {}
    for items, rates in sorted(depth.items()):
        for name, stat in rates.items():
            series.setdefault(name, []).append((items, stat.median))
    series = {name: line for name, line in series.items() if len(line) == len(depth)}
    return charts.lines(series, "items in flight on each of 50 connections", "items a second",
                        log_x=True, log_y=True, x_names={items: items for items in depth})


def _table(table):
    series = {"VALIDATE in process": [
        (count, stat.median) for count, stat in sorted(table.items())]}
    return charts.lines(series, "live tokens", "nanoseconds a token", log_x=True,
                        x_names={count: charts.text_of(count) for count in table})


def _snapshot(timeline):
    series = {"p99 of 0.1 s": [(seconds, micros) for seconds, micros, _ in timeline]}
    shaded = [(seconds, seconds + 0.1) for seconds, _, inside in timeline if inside]
    return charts.lines(series, "seconds; dark: a snapshot is written", "microseconds",
                        log_y=True, shaded=shaded)


CHARTS = [
    ("latency", "Latency of one request at a time", _latency),
    ("depth", "Throughput by depth", _depth),
    ("table", "Cost by table size", _table),
    ("snapshot", "Latency while snapshots are written", _snapshot),
]


def page(rows, head, quick, data):
    facts = " · ".join(
        f"{html.escape(name)}: {html.escape(value)}" for name, value in head.items())
    parts = ["<!DOCTYPE html><html lang=en><meta charset=utf-8><title>Signet, measured</title>",
             f"<style>{STYLE}</style><h1>Signet, measured</h1><p class=note>{facts}</p>"]
    if quick:
        parts.append("<p><strong>A quick run:</strong> smaller tables, fewer rounds. What was "
                     "really run stands in each title.</p>")
    parts.append("<table>" + _cells(
        ["#", "work", "signet", "peer", "ratio", "target", "verdict"], "th"))
    parts += [_row(row, quick) for row in rows]
    parts.append("</table>")
    for name, title, draw in CHARTS:
        if data.get(name):
            parts.append(f"<h2>{title}</h2>{draw(data[name])}")
    parts.append("<h2>Each row in full</h2>")
    parts += [_details(row) for row in rows]
    return "\n".join(parts) + "</html>\n"
