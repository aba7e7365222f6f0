"""The charts of an indicator: its series over the exercises, its parts in one; drawn from the values as they are."""

from dataclasses import dataclass
from decimal import Decimal

from axes.models.quantity import Qualifier
from axes.values import quantity
from logement import drawing
from logement.charts import LARGE, Point, parts, series
from logement.numbers import share

LEAST = 2  # numbers: one year makes no series, one part no whole
BROKEN = "rupture de série"
FICTIVE = "valeur fictive"


@dataclass(frozen=True, slots=True)
class Plotted:
    """A year of a series, or a part: the words of its value, the number drawn (None: nothing is), what is said of it.

    `begins` where the series breaks; `is_rough` where the value is not exact, not whole or fictive.
    """

    label: str
    words: str
    number: Decimal | None = None
    begins: bool = False
    is_rough: bool = False
    note: str = ""


def points_of(values, breaks):
    """Oldest first, from the rows of `series_of`; the series begins anew at each of `breaks`, its SeriesBreak rows."""
    begun, points = {held.number for held in breaks}, []
    for year, value, _ in reversed(values):
        begins = bool(points) and year.number in begun
        points.append(plotted(str(year.number), value, begins=begins))
    return points


def plotted(label, value, *, begins=False):
    notes = [BROKEN if begins else "", value.partial_words, FICTIVE if value.is_fictive else ""]
    return Plotted(
        label=label,
        words=value.figure,
        number=number_of(value),
        begins=begins,
        is_rough=value.qualifier != Qualifier.EXACT or bool(value.partial_words) or value.is_fictive,
        note=", ".join(filter(None, notes)),
    )


def number_of(value):
    """The number that is drawn: for a share, the percentage that prints."""
    if value.denominator is None:
        return value.number
    if value.unit == "%":
        return share(value.numerator, value.denominator)
    return round(value.comparable, 4)


def has_chart(values):
    return sum(value.comparable is not None for _, value, _ in values) >= LEAST


def description_of(indicator, values, breaks, target=None):
    """What the picture of a series shows, in words: every value, the breaks, the target."""
    said = [f"{value.display} en {year.number}" for year, value, _ in reversed(values)]
    broken = [f"rupture de série en {point.label}" for point in points_of(values, breaks) if point.begins]
    aims = [f"cible : {quantity(target.number, indicator.unit)}"] if target else []
    return " ; ".join([*said, *broken, *aims])


def chart_of(indicator, values, breaks, target=None):
    """The SVG of `series_of(indicator, years)`."""
    points = [drawn_point(point) for point in points_of(values, breaks)]
    aim = target and (float(target.number), f"cible : {quantity(target.number, indicator.unit)}")
    [svg] = drawing.svgs([series(points, target=aim, size=LARGE)])
    return drawing.named(
        svg, title=indicator.label, description=description_of(indicator, values, breaks, target)
    )


def svgs_of(charts):
    """{code of a Drawn: its SVG, small}, drawn together."""
    pictures = drawing.svgs([specification(chart) for chart in charts])
    return {
        chart.code: drawing.named(svg, title=chart.indicator.label, description=chart.alt)
        for chart, svg in zip(charts, pictures, strict=True)
    }


def specification(chart):
    points = [drawn_point(point) for point in chart.points]
    if chart.shape == "parts":
        return parts(points)
    aim = (float(chart.target_number), f"cible : {chart.target}") if chart.target else None
    return series(points, target=aim)


def drawn_point(point):
    number = None if point.number is None else float(point.number)
    return Point(point.label, number, point.words, point.begins, point.is_rough)
