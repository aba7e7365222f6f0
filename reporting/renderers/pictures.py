"""The charts of a document as pictures: SVG for pages of HTML and for the PDF, PNG for office documents. Pure.

A PNG, for the fonts of whoever opens an office document are not ours: an SVG would be written in others.
"""

import re

from logement import drawing
from logement.charts import Point, parts, series
from logement.text import clean_text
from reporting.document import Charts
from reporting.renderers.reading import flow
from reporting.typography import french

LONGEST = 44  # characters of a label that fit above a bar; the table beside it has all of them
CUT = "…"
BLANKS = re.compile(r"[ \t\n]+")


def svgs_of(document):
    """{Chart: its SVG, named} of a document, drawn together."""
    charts = charts_of(document)
    drawn = drawing.svgs([specification(chart) for chart in charts])
    return {
        chart: drawing.named(
            svg, title=french(clean_text(chart.title)), description=french(clean_text(chart.alt))
        )
        for chart, svg in zip(charts, drawn, strict=True)
    }


def pngs_of(document):
    """{Chart: (its PNG, its width and height in pixels of the SVG)} of a document."""
    charts = charts_of(document)
    drawn = drawing.svgs([specification(chart) for chart in charts])
    sizes = [drawing.size_of(svg) for svg in drawn]
    return dict(zip(charts, zip(drawing.pngs(drawn), sizes, strict=True), strict=True))


def charts_of(document):
    nodes = (node for section, _, _ in flow(document.sections) for node in section.content)
    return [chart for node in nodes if isinstance(node, Charts) for chart in node.charts]


def specification(chart):
    points = [
        Point(
            label=short(point.label),
            number=None if point.number is None else float(point.number),
            words=short(point.words),
            begins=point.begins,
            is_rough=point.is_rough,
        )
        for point in chart.points
    ]
    if chart.shape == "parts":
        return parts(points)
    aim = None
    if chart.target_number is not None:
        aim = float(chart.target_number), french(f"cible : {short(chart.target)}")
    return series(points, target=aim)


def short(text):
    """On one line, typeset; cut where it is too long to be drawn."""
    words = french(BLANKS.sub(" ", clean_text(text)))
    return words if len(words) <= LONGEST else words[: LONGEST - 1].rstrip() + CUT
