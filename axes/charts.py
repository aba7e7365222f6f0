"""The chart of an indicator: its series over the exercises, drawn from the values each time it is looked at."""

from axes.models.quantity import Qualifier
from axes.values import quantity
from logement import drawing
from logement.charts import LARGE, Point, series

LEAST = 2  # numbers: one year makes no series


def points_of(series, breaks):
    """Oldest first, from the rows of `series_of`; the series begins anew at each of `breaks`, its SeriesBreak rows.

    A partial total, a rough or a fictive value is drawn as such.
    """
    begun, points = {held.number for held in breaks}, []
    for year, value, _ in reversed(series):
        number = value.comparable if value.denominator is None else value.comparable * 100
        points.append(
            Point(
                label=str(year.number),
                number=None if number is None else float(number),
                words=value.figure,
                begins=bool(points) and year.number in begun,
                is_rough=value.qualifier != Qualifier.EXACT or bool(value.partial_words) or value.is_fictive,
            )
        )
    return points


def has_chart(series):
    return sum(value.comparable is not None for _, value, _ in series) >= LEAST


def description_of(indicator, series, breaks, target=None):
    """What the picture shows, in words: every value, the breaks, the target."""
    values = [f"{value.display} en {year.number}" for year, value, _ in reversed(series)]
    breaks = [f"rupture de série en {point.label}" for point in points_of(series, breaks) if point.begins]
    aims = [f"cible : {quantity(target.number, indicator.unit)}"] if target else []
    return " ; ".join([*values, *breaks, *aims])


def chart_of(indicator, values, breaks, target=None):
    """The SVG of `series_of(indicator, years)`."""
    aim = target and (float(target.number), f"cible : {quantity(target.number, indicator.unit)}")
    [svg] = drawing.svgs([series(points_of(values, breaks), target=aim, size=LARGE)])
    return drawing.named(
        svg, title=indicator.label, description=description_of(indicator, values, breaks, target)
    )
