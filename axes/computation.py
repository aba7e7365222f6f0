"""The figures of the registers for many indicators at once: how each is obtained, and each figure computed once."""

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from decimal import Decimal

from axes.figures import FIGURES, Figure, count
from axes.models.indicator import SeriesBreak


@dataclass(frozen=True, slots=True)
class Origin:
    """How an indicator is obtained in an exercise, and since which one it has had the same definition (0: always)."""

    source: str
    figure_key: str = ""
    gathering_kind_id: int | None = None
    series: int = 0


def origins_of(indicators, numbers):
    """{(indicator.pk, number): Origin}, in one query: before a break in the series, what was in force then."""
    breaks = breaks_of(indicators)
    return {
        (indicator.pk, number): origin_in(indicator, number, breaks.get(indicator.pk, ()))
        for indicator in indicators
        for number in numbers
    }


def breaks_of(indicators):
    """{indicator.pk: [SeriesBreak], in the order of the exercises}, in one query."""
    breaks = {}
    for held in SeriesBreak.objects.filter(indicator__in=[indicator.pk for indicator in indicators]):
        breaks.setdefault(held.indicator_id, []).append(held)
    return breaks


def origin_in(indicator, number, breaks):
    """The origin in the exercise `number`: that of before the first break that comes after it, else today's."""
    series = max((held.number for held in breaks if held.is_redefined and held.number <= number), default=0)
    later = next((held for held in breaks if held.number > number), None)
    if later is None:
        return Origin(indicator.source, indicator.figure_key, indicator.gathering_kind_id, series)
    return Origin(later.source_before, later.figure_key_before, later.gathering_kind_before_id, series)


@dataclass(frozen=True, slots=True)
class Computed:
    """A figure for a period: its number (None when there is none), its base for a share, and what stands behind."""

    figure: Figure
    number: Decimal | int | None
    base: Decimal | int | None
    rows: int
    lacking: int = 0


class Computation:
    """Computes each (figure, territory, period) once, whatever the number of indicators that ask for it."""

    def __init__(self):
        self.found, self.bases, self.territories = {}, {}, {}

    def of(self, indicator, origin, period):
        figure = FIGURES[origin.figure_key]
        key = (figure.key, indicator.territory_id, period)
        if key not in self.found:
            compute = self._family if figure.scope else self._single
            self.found[key] = compute(figure, self._territory(indicator), period)
        if not figure.scope:
            return self.found[key]
        scope = (indicator.action_id, origin.gathering_kind_id)
        number, rows, lacking = self.found[key].get(scope, (0, 0, 0))
        return Computed(figure, number, None, rows, lacking)

    def whole(self, figure, territory, period):
        """A figure over a whole territory, all its scopes together."""
        if not figure.scope:
            return self._single(figure, territory, period)
        family = figure.by_scope(territory, period).values()
        totals = [sum(number or 0 for number in numbers) for numbers in zip(*family, strict=True)] or [
            0,
            0,
            0,
        ]
        number, rows, lacking = totals
        return Computed(figure, number, None, rows, lacking)

    def _territory(self, indicator):
        if indicator.territory_id not in self.territories:
            self.territories[indicator.territory_id] = indicator.territory
        return self.territories[indicator.territory_id]

    def _family(self, figure, territory, period):
        return figure.by_scope(territory, period)

    def _single(self, figure, territory, period):
        rows = figure.rows(territory, period)
        number = figure.number_of(rows, period)
        is_count = figure.measure is count and figure.aggregate is None
        return Computed(
            figure, number, self._base(figure, territory, period), number if is_count else rows.count()
        )

    def _base(self, figure, territory, period):
        """Asked once for all the shares of it."""
        if not figure.over:
            return None
        key = (figure.over, territory.pk, period)
        if key not in self.bases:
            self.bases[key] = figure.base(territory, period)
        return self.bases[key]


_SHARED = ContextVar("computation", default=None)


@contextmanager
def one_reading():
    """Inside, a figure is computed once for all who ask for it: for what reads an exercise several times, and writes
    nothing meanwhile."""
    token = _SHARED.set(Computation())
    try:
        yield
    finally:
        _SHARED.reset(token)


def computation_of_now():
    """The Computation of the reading under way, else a new one."""
    return _SHARED.get() or Computation()
