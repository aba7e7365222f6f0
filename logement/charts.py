"""A series of numbers as a picture: one SVG, the same bytes for the same data, readable in black and white.

Drawn by Vega-Lite through vl-convert, which loads at its first picture (half a second, about 70 MB).
"""

from dataclasses import dataclass
from html import escape

import vl_convert

WIDTH, HEIGHT = 560, 190
INK, MUTED, LINE = "#1c2a36", "#5a6872", "#1b4f72"


@dataclass(frozen=True, slots=True)
class Point:
    """A year of a series: its number (None where there is none), the words that print beside it.

    `begins` where what is counted changes there: the line stops before it. `is_rough` draws it hollow.
    """

    label: str
    number: float | None
    words: str
    begins: bool = False
    is_rough: bool = False


def series_svg(points, *, title, description, target=None):
    """The SVG of a series, oldest first, with `target`, (number, words), as a dashed line where there is one."""
    rows, segment = [], 0
    for point in points:
        segment += point.begins or point.number is None
        if point.number is not None:
            rows.append(
                {"x": point.label, "y": point.number, "words": point.words, "s": segment, "r": point.is_rough}
            )
    layers = [
        {"mark": {"type": "line", "color": LINE, "strokeWidth": 2}, "encoding": {"detail": {"field": "s"}}},
        _dots(hollow=False),
        _dots(hollow=True),
        {
            "mark": {"type": "text", "dy": -14, "fontSize": 13, "fontWeight": 600, "color": INK},
            "encoding": {"text": {"field": "words"}},
        },
        *_breaks(points),
        *_target(target, points),
    ]
    specification = {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": WIDTH,
        "height": HEIGHT,
        "padding": {"left": 8, "right": 8, "top": 20, "bottom": 4},
        "data": {"values": rows},
        "encoding": {
            "x": {
                "field": "x",
                "type": "ordinal",
                "scale": {"type": "band", "domain": [point.label for point in points]},
                "axis": {
                    "title": None,
                    "labelAngle": 0,
                    "domainColor": MUTED,
                    "ticks": False,
                    "labelPadding": 8,
                },
            },
            # From zero, or a small change would look like a big one. The numbers stand beside their points.
            "y": {"field": "y", "type": "quantitative", "scale": {"zero": True, "nice": False}, "axis": None},
        },
        "layer": layers,
        "config": {
            "aria": False,
            "background": None,
            "font": "sans-serif",
            "axis": {"labelFontSize": 13, "labelColor": INK},
            "view": {"stroke": None},
        },
    }
    svg = vl_convert.vegalite_to_svg(specification)
    named = f"<title>{escape(title)}</title><desc>{escape(description)}</desc>"
    return svg.replace(">", f">{named}", 1)


def _dots(*, hollow):
    return {
        "transform": [{"filter": f"datum.r === {'true' if hollow else 'false'}"}],
        "mark": {"type": "point", "filled": True, "size": 70, "opacity": 1, "stroke": LINE, "strokeWidth": 2}
        | {"fill": "white" if hollow else LINE},
    }


def _breaks(points):
    """A dotted rule before each year whose series begins, named above it."""
    rows = [{"x": point.label} for point in points if point.begins]
    if not rows:
        return []
    mark, before = {"color": MUTED}, {"field": "x", "type": "ordinal", "bandPosition": 0}
    return [
        {
            "data": {"values": rows},
            "mark": mark | {"type": "rule", "strokeDash": [2, 3]},
            "encoding": {"x": before, "y": {"value": 0}, "y2": {"value": HEIGHT}},
        },
        {
            "data": {"values": rows},
            "mark": mark | {"type": "text", "text": "rupture", "align": "right", "dx": -4, "fontSize": 12},
            "encoding": {"x": before, "y": {"value": 6}},
        },
    ]


def _target(target, points):
    if target is None:
        return []
    number, words = target
    rows = [{"y": number, "x": points[0].label}]
    return [
        {
            "data": {"values": rows},
            "mark": {"type": "rule", "color": MUTED, "strokeDash": [6, 4]},
            "encoding": {"x": {"value": 0}, "x2": {"value": WIDTH}},
        },
        {
            "data": {"values": rows},
            "mark": {
                "type": "text",
                "text": words,
                "align": "left",
                "dy": -6,
                "fontSize": 12,
                "color": MUTED,
            },
            "encoding": {"x": {"value": 2}},
        },
    ]
