"""The protocol by which a register offers numbers, and their look-up.

A register declares, in its `figures.py`, functions `(territory, period) -> QuerySet`. The queryset gives the number
and the rows behind it, so every figure opens on its list; what is counted of it is a `measure`. Django's own
`autodiscover_modules("figures")` finds them. This file knows no register.

    @figure("bail_dabord.households_entered", label="Ménages entrés dans l'année", unit="ménages",
            formula="Nombre de ménages dont l'entrée dans le logement tombe dans la période")
    def households_entered(territory, period):
        return Tenancy.objects.of(territory).entered(period)
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet

from axes.periods import Period

Rows = Callable[[object, Period], QuerySet]
Measure = Callable[[QuerySet, Period], Decimal | int | None]

FIGURES = {}


def count(rows, period):
    """The plain measure: how many rows."""
    return rows.count()


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that a register can compute, for a territory and a period.

    `measure` gives the number from the rows (by default their count). With `over`, the key of another figure, it is a
    share: its own number over that one's, both kept. `breakdown` names the field whose values divide it.
    """

    key: str
    label: str
    unit: str
    formula: str
    rows: Rows
    measure: Measure = count
    over: str = ""
    breakdown: str = ""

    def number(self, territory, period):
        """The number (for a share, its numerator)."""
        return self.measure(self.rows(territory, period), period)

    def base(self, territory, period):
        """The denominator of a share, else None."""
        return FIGURES[self.over].number(territory, period) if self.over else None


def figure(key, **description):
    """Declares the decorated function as the rows of a figure. A key that is taken is a mistake of ours: ValueError."""

    def declare(rows):
        if key in FIGURES:
            raise ValueError(f"The figure {key} is declared twice.")
        FIGURES[key] = Figure(key=key, rows=rows, **description)
        return rows

    return declare


def choices():
    """(key, label) of every figure, for `Indicator.figure_key`: a new figure needs no migration."""
    return sorted((key, found.label) for key, found in FIGURES.items())
