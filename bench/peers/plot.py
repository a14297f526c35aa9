"""Small SVG charts without a library: bars on a logarithmic scale, and lines on two logarithmic scales."""
import math
from xml.sax.saxutils import escape

COLOURS = ["#1f6feb", "#d1740a", "#2da44e", "#a371f7", "#cf222e", "#6e7781", "#bf3989", "#0a7ea4"]


def _text(x, y, what, size=12, anchor="start", fill="#24292f"):
    return '<text x="%.1f" y="%.1f" font-size="%d" text-anchor="%s" fill="%s">%s</text>' % (x, y, size, anchor, fill, escape(str(what)))


def _svg(width, height, parts):
    return ('<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" font-family="sans-serif">\n<rect width="100%%" height="100%%" fill="#ffffff"/>\n%s\n</svg>\n'
            % (width, height, width, height, "\n".join(parts)))


def _number(x):
    return "%d" % x if x >= 100 or x == int(x) else "%.1f" % x if x >= 10 else "%.2g" % x


def _decades(low, high):
    return [10.0 ** e for e in range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)]


def bars(title, rows, names):
    """rows: [(label, {name: value})]; one group of bars for each row."""
    values = [v for _, got in rows for v in got.values() if v > 0] or [1.0]
    decades = _decades(min(values), max(values))
    left, plot_width, bar, gap, top = 370, 520, 12, 10, 56
    scale = lambda v: left + plot_width * (math.log10(max(v, decades[0])) - math.log10(decades[0])) / max(1, len(decades) - 1)
    height = top + sum(len(got) * bar + gap for _, got in rows) + 24
    parts = [_text(12, 22, title, 15)]
    for i, name in enumerate(names):
        parts.append('<rect x="%d" y="32" width="10" height="10" fill="%s"/>' % (12 + 90 * i, COLOURS[i % len(COLOURS)]))
        parts.append(_text(26 + 90 * i, 41, name))
    for d in decades:
        parts.append('<line x1="%.1f" y1="%d" x2="%.1f" y2="%d" stroke="#d0d7de"/>' % (scale(d), top - 4, scale(d), height - 20))
        parts.append(_text(scale(d), height - 6, _number(d), 11, "middle"))
    y = top
    for label, got in rows:
        parts.append(_text(left - 8, y + len(got) * bar / 2 + 4, label, 12, "end"))
        for name in names:
            if name in got:
                parts.append('<rect x="%d" y="%d" width="%.1f" height="%d" fill="%s"/>' % (left, y, max(1.0, scale(got[name]) - left), bar - 2, COLOURS[names.index(name) % len(COLOURS)]))
                parts.append(_text(max(left + 1, scale(got[name])) + 4, y + bar - 3, _number(got[name]), 10))
                y += bar
        y += gap
    return _svg(left + plot_width + 60, height, parts)


def lines(title, x_label, y_label, series):
    """series: {name: [(x, y)]}, both scales logarithmic."""
    xs = [x for got in series.values() for x, _ in got]
    ys = [y for got in series.values() for _, y in got]
    x_low, x_high, decades = math.log10(min(xs)), math.log10(max(xs)), _decades(min(ys), max(ys))
    y_low, y_high = math.log10(decades[0]), math.log10(decades[-1])
    left, top, width, height = 70, 60, 620, 300
    at_x = lambda x: left + width * (math.log10(x) - x_low) / max(1e-9, x_high - x_low)
    at_y = lambda y: top + height - height * (math.log10(y) - y_low) / max(1e-9, y_high - y_low)
    parts = [_text(12, 22, title, 15), _text(left + width / 2, top + height + 44, x_label, 12, "middle"), _text(12, top - 8, y_label, 12)]
    for d in decades:
        parts.append('<line x1="%d" y1="%.1f" x2="%d" y2="%.1f" stroke="#d0d7de"/>' % (left, at_y(d), left + width, at_y(d)))
        parts.append(_text(left - 6, at_y(d) + 4, _number(d), 11, "end"))
    for x in sorted(set(xs)):
        parts.append(_text(at_x(x), top + height + 18, _number(x), 10, "middle"))
    for i, (name, got) in enumerate(series.items()):
        colour = COLOURS[i % len(COLOURS)]
        parts.append('<polyline fill="none" stroke="%s" stroke-width="2" points="%s"/>' % (colour, " ".join("%.1f,%.1f" % (at_x(x), at_y(y)) for x, y in got)))
        parts.extend('<circle cx="%.1f" cy="%.1f" r="3" fill="%s"/>' % (at_x(x), at_y(y), colour) for x, y in got)
        parts.append('<rect x="%d" y="32" width="10" height="10" fill="%s"/>' % (left + 150 * i, colour))
        parts.append(_text(left + 14 + 150 * i, 41, name))
    return _svg(left + width + 30, top + height + 60, parts)
