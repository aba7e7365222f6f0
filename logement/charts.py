"""Series and parts as pictures: Vega-Lite specifications, which drawing.py draws. Readable in black and white.

Every size is fixed and every number stands beside what it measures: neither the reader's fonts nor the length of a word
moves anything. Pure.
"""

from dataclasses import dataclass

INK, MUTED, LINE = "#1c2a36", "#5a6872", "#1b4f72"
SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"
FONT = "'Source Sans 3', 'DejaVu Sans', sans-serif"
HEAD, FOOT, SIDE = 24, 24, 4  # around the plot: the words of the highest point, the years, nothing
BAR, ROW = 10, 32  # of a part: its bar, and with its label above
CROSSED = 24  # a rule less than this above a point runs through its words
VALUE = 84  # kept on the right of the longest bar for its words


@dataclass(frozen=True, slots=True)
class Size:
    """Of a plot, in pixels, without what stands around it."""

    width: int
    height: int


SMALL, LARGE = Size(292, 84), Size(560, 190)


@dataclass(frozen=True, slots=True)
class Point:
    """A year of a series, or a part of a whole: its number (None where there is none), the words beside it.

    `begins` where what is counted changes there: the line stops before it. `is_rough` draws it hollow.
    """

    label: str
    number: float | None
    words: str
    begins: bool = False
    is_rough: bool = False


def series(points, *, target=None, size=SMALL):
    """The specification of a series, oldest first, with `target`, (number, words), as a dashed line."""
    rows, segment = [], 0
    for point in points:
        segment += point.begins or point.number is None
        if point.number is not None:
            rows.append(
                row_of(point) | {"segment": segment, "below": is_crossed(point, points, target, size)}
            )
    years = {"domain": [point.label for point in points], "type": "band"}
    axis = {"title": None, "labelAngle": 0, "domainColor": MUTED, "ticks": False, "labelPadding": 6}
    layers = [
        *aim(target, points, size),
        {
            "mark": {"type": "line", "color": LINE, "strokeWidth": 2},
            "encoding": {"detail": {"field": "segment"}},
        },
        dots(hollow=False),
        dots(hollow=True),
        words(below=False),
        words(below=True),
        *breaks(points, size),
    ]
    encoding = {
        "x": {"field": "label", "type": "ordinal", "scale": years, "axis": axis},
        # From zero, or a small change would look like a big one. The numbers stand beside their points.
        "y": {
            "field": "number",
            "type": "quantitative",
            "scale": {"zero": True, "nice": False},
            "axis": None,
        },
    }
    return picture(rows, encoding, layers, size, head=HEAD, foot=FOOT)


def parts(points, *, width=SMALL.width):
    """The specification of the parts of a whole: a bar each under its label, in the order given."""
    rows = [row_of(point) for point in points if point.number is not None]
    lengths = {"zero": True, "nice": False, "range": [0, width - VALUE]}
    label = {"type": "text", "align": "left", "baseline": "bottom", "dy": -1, "fontSize": 13, "color": INK}
    value = {
        "type": "text",
        "align": "left",
        "dx": 6,
        "dy": 7,
        "fontSize": 13,
        "fontWeight": 600,
        "color": INK,
    }
    layers = [
        bars(hollow=False),
        bars(hollow=True),
        {"mark": label, "encoding": {"x": {"value": 0}, "text": {"field": "label"}}},
        {"mark": value, "encoding": {"text": {"field": "words"}}},
    ]
    encoding = {
        "x": {"field": "number", "type": "quantitative", "scale": lengths, "axis": None},
        "y": {"field": "label", "type": "nominal", "sort": None, "axis": None},
    }
    return picture(rows, encoding, layers, Size(width, ROW * len(rows)), head=2, foot=2)


def picture(rows, encoding, layers, size, *, head, foot):
    return {
        "$schema": SCHEMA,
        "autosize": {"type": "none"},
        "width": size.width,
        "height": size.height,
        "padding": {"left": SIDE, "right": SIDE, "top": head, "bottom": foot},
        "data": {"values": rows},
        "encoding": encoding,
        "layer": layers,
        "config": {
            "aria": False,
            "mark": {"aria": False},  # or each mark would be an image without words
            "background": None,
            "font": FONT,
            "axis": {"labelFontSize": 13, "labelColor": INK},
            "view": {"stroke": None},
        },
    }


def row_of(point):
    return {
        "label": point.label,
        "number": point.number,
        "words": point.words,
        "rough": point.is_rough,
    }


def is_crossed(point, points, target, size):
    """Whether the rule of the target would run through the words above a point."""
    if target is None:
        return False
    highest = max(target[0], *(held.number for held in points if held.number is not None))
    return bool(highest) and 0 <= (target[0] - point.number) / highest * size.height < CROSSED


def words(*, below):
    return {
        "transform": only("below", below),
        "mark": {"type": "text", "dy": 17 if below else -13, "fontSize": 13, "fontWeight": 600, "color": INK},
        "encoding": {"text": {"field": "words"}},
    }


def dots(*, hollow):
    return {
        "transform": only("rough", hollow),
        "mark": {"type": "point", "filled": True, "size": 60, "opacity": 1, "stroke": LINE, "strokeWidth": 2}
        | {"fill": "white" if hollow else LINE},
    }


def bars(*, hollow):
    outline = {"fill": "white", "stroke": LINE, "strokeWidth": 1.5} if hollow else {"fill": LINE}
    return {
        "transform": only("rough", hollow),
        "mark": {"type": "bar", "height": BAR, "yOffset": 7, "y2Offset": 7} | outline,
    }


def only(field, value):
    return [{"filter": f"datum.{field} === {'true' if value else 'false'}"}]


def breaks(points, size):
    """A dotted rule before each year whose series begins, named above it."""
    rows = [{"label": point.label} for point in points if point.begins]
    if not rows:
        return []
    mark, before = {"color": MUTED}, {"field": "label", "type": "ordinal", "bandPosition": 0}
    return [
        {
            "data": {"values": rows},
            "mark": mark | {"type": "rule", "strokeDash": [2, 3]},
            "encoding": {"x": before, "y": {"value": 0}, "y2": {"value": size.height}},
        },
        {
            "data": {"values": rows},
            "mark": mark | {"type": "text", "text": "rupture", "align": "right", "dx": -4, "fontSize": 12},
            "encoding": {"x": before, "y": {"value": size.height - 8}},
        },
    ]


def aim(target, points, size):
    """The target as a dashed rule, its words above it, on the side where the series is lower."""
    if target is None:
        return []
    number, words = target
    known = [point.number for point in points if point.number is not None] or [0]
    is_left = known[0] <= known[-1]
    rows = [{"number": number, "label": points[0].label}]
    text = {"type": "text", "text": words, "dy": -12, "fontSize": 12, "color": MUTED}
    return [
        {
            "data": {"values": rows},
            "mark": {"type": "rule", "color": MUTED, "strokeDash": [6, 4]},
            "encoding": {"x": {"value": 0}, "x2": {"value": size.width}},
        },
        {
            "data": {"values": rows},
            "mark": text | {"align": "left" if is_left else "right"},
            "encoding": {"x": {"value": 2 if is_left else size.width - 2}},
        },
    ]
