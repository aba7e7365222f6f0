"""A lasting action over the exercises: its lines, and the series of its indicators, each with its breaks."""

from dataclasses import dataclass

from axes import charts
from axes.models import Indicator, Line, SeriesBreak, Year
from axes.tables import series_over
from axes.values import Change, Value

SHOWN = 6  # charts


@dataclass(frozen=True, slots=True)
class Moment:
    """The value of an indicator in an exercise; `breaks` are the ruptures that begin there."""

    year: Year
    value: Value
    change: Change | None
    breaks: tuple[SeriesBreak, ...]

    @property
    def origin(self):
        """How it was obtained, in a few words; nothing where there is no value."""
        if self.value.provenance:
            return "registre"
        if self.value.is_answered:
            return "partenaires"
        if self.value.terms:
            return "somme"
        if self.value.document:
            return f"repris de « {self.value.document} »"
        return "saisie" if self.value.at else ""


@dataclass(frozen=True, slots=True)
class Series:
    """An indicator and its moments, oldest first; `picture` says what its chart shows, empty where it has none."""

    indicator: Indicator
    moments: tuple[Moment, ...]
    picture: str

    @property
    def breaks(self):
        return [held for moment in self.moments for held in moment.breaks]


@dataclass(frozen=True, slots=True)
class Life:
    """An action over the exercises that know it, oldest first."""

    years: tuple[Year, ...]
    lines: tuple[Line, ...]
    series: tuple[Series, ...]

    @property
    def is_short(self):
        """Whether its charts are few enough to be shown at once."""
        return len(self.series) <= SHOWN


def life_of(action, *, lines, indicators, territory):
    """The Life of an action, from the lines and the indicators that its reader may see.

    The exercises are those of a line, and those of a value: one imported without any line counts.
    """
    lines = tuple(
        lines.filter(action=action).select_related("year", "state", "lead").order_by("year__number")
    )
    indicators = list(indicators.filter(action=action).select_related("supplier", "action"))
    years = list(Year.objects.filter(territory=territory).order_by("-number"))
    found = series_over(indicators, years)
    lived = {line.year_id for line in lines}
    known = {year.pk for series in found.values() for year, value, _ in series if not value.is_pending}
    kept = tuple(year for year in reversed(years) if year.pk in lived | known)
    breaks = {}
    for held in SeriesBreak.objects.filter(indicator__in=indicators):
        breaks.setdefault(held.indicator_id, []).append(held)
    return Life(
        years=kept,
        lines=lines,
        series=tuple(
            _series(indicator, found[indicator.pk], breaks.get(indicator.pk, []), kept)
            for indicator in indicators
        ),
    )


def _series(indicator, series, breaks, years):
    keys = {year.pk for year in years}
    series = [(year, value, change) for year, value, change in series if year.pk in keys]
    moments = tuple(
        Moment(year, value, change, tuple(held for held in breaks if held.number == year.number))
        for year, value, change in reversed(series)
    )
    picture = charts.description_of(indicator, series, breaks) if charts.has_chart(series) else ""
    return Series(indicator, moments, picture)
