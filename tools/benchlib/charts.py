"""Inline SVG, drawn by hand: nothing is loaded from anywhere."""

import html
import math

WIDTH, HEIGHT = 720, 300
LEFT, RIGHT, TOP, BOTTOM = 80, 150, 16, 46
COLORS = ["#0b6e4f", "#c8553d", "#2d5d9f", "#8a6d1d", "#6b4c9a", "#5a5a5a"]


def _nice(low, high):
    """Marks of a linear axis."""
    step = 10 ** math.floor(math.log10(max(high - low, 1e-9)))
    while (high - low) / step > 6:
        step *= 2 if round(step / 10 ** math.floor(math.log10(step))) in (1, 5) else 2.5
    marks, mark = [], math.ceil(low / step) * step
    while mark <= high + step * 1e-6:
        marks.append(mark)
        mark += step
    return marks


def _decades(low, high):
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    return [10.0 ** power for power in range(first, last + 1)]


def text_of(value):
    for size, unit in [(1e6, " M"), (1e3, " k")]:
        if abs(value) >= size:
            return f"{value / size:.3g}{unit}"
    return f"{value:.3g}"


class Axis:
    def __init__(self, values, start, end, logarithmic, from_zero=False):
        self.logarithmic = logarithmic
        values = [value for value in values if value is not None]
        low, high = min(values), max(values)
        if logarithmic:
            low = max(low, 1e-6)
            self.marks = _decades(low, max(high, low * 1.01))
            self.low, self.high = math.log10(self.marks[0]), math.log10(self.marks[-1])
        else:
            low = 0 if from_zero else low
            high = high if high > low else low + 1
            self.marks = _nice(low, high * (1.08 if from_zero else 1))
            self.low, self.high = low, high * (1.08 if from_zero else 1)
        self.start, self.end = start, end

    def at(self, value):
        value = math.log10(max(value, 1e-6)) if self.logarithmic else value
        return self.start + (value - self.low) / (self.high - self.low or 1) * (
            self.end - self.start)


def lines(series, x_title, y_title, log_x=False, log_y=False, x_names=None, shaded=()):
    """`series`: name → list of (x, y). `x_names`: x → text, for marks of one's own. `shaded`:
    pairs of x between which the ground is darker."""
    points = [point for line in series.values() for point in line]
    across = Axis([x for x, _ in points], LEFT, WIDTH - RIGHT, log_x)
    up = Axis([y for _, y in points], HEIGHT - BOTTOM, TOP, log_y, from_zero=not log_y)
    parts = [f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{html.escape(y_title)}">']
    for begin, end in shaded:
        left, right = across.at(begin), across.at(end)
        parts.append(f'<rect x="{left:.1f}" y="{TOP}" width="{max(right - left, 1):.1f}" '
                     f'height="{HEIGHT - BOTTOM - TOP}" fill="#00000014"/>')
    parts += _frame(across, up, x_title, y_title, x_names)
    for number, (name, line) in enumerate(series.items()):
        color = COLORS[number % len(COLORS)]
        path = " ".join(f"{across.at(x):.1f},{up.at(y):.1f}" for x, y in line)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{color}" stroke-width="2"/>')
        if len(line) <= 12:
            parts += [f'<circle cx="{across.at(x):.1f}" cy="{up.at(y):.1f}" r="3" fill="{color}">'
                      f"<title>{html.escape(name)}: {text_of(y)}</title></circle>"
                      for x, y in line]
        top = TOP + 14 + 18 * number
        parts.append(f'<rect x="{WIDTH - RIGHT + 14}" y="{top - 9}" width="10" height="10" '
                     f'fill="{color}"/><text x="{WIDTH - RIGHT + 30}" y="{top}">'
                     f"{html.escape(name)}</text>")
    return "".join(parts) + "</svg>"


def _frame(across, up, x_title, y_title, x_names):
    parts, bottom, right = [], HEIGHT - BOTTOM, WIDTH - RIGHT
    for mark in up.marks:
        y = up.at(mark)
        parts.append(f'<line x1="{LEFT}" x2="{right}" y1="{y:.1f}" y2="{y:.1f}" stroke="#ddd"/>'
                     f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{text_of(mark)}'
                     "</text>")
    for mark in (x_names or across.marks):
        name = x_names[mark] if x_names else text_of(mark)
        parts.append(f'<text x="{across.at(mark):.1f}" y="{bottom + 16}" text-anchor="middle">'
                     f"{html.escape(str(name))}</text>")
    parts.append(f'<line x1="{LEFT}" x2="{right}" y1="{bottom}" y2="{bottom}" stroke="#888"/>')
    parts.append(f'<text x="{(LEFT + right) / 2}" y="{HEIGHT - 8}" text-anchor="middle">'
                 f"{html.escape(x_title)}</text>")
    parts.append(f'<text x="14" y="{(TOP + bottom) / 2}" text-anchor="middle" transform="rotate('
                 f'-90 14 {(TOP + bottom) / 2})">{html.escape(y_title)}</text>')
    return parts
