"""The protocol by which a register offers numbers, and their look-up.

A register declares, in its `figures.py`, functions `(territory, period) -> QuerySet`. The queryset gives the number
and the rows behind it, so every figure opens on its list; what is counted of it is a `measure`. Django's own
`autodiscover_modules("figures")` finds them. This file knows no register.

    @figure("bail_dabord.households_entered", label="Ménages entrés dans l'année", unit="ménages",
            formula="Nombre de ménages dont l'entrée dans le logement tombe dans la période")
    def households_entered(territory, period):
        return Tenancy.objects.of(territory).entered(period)

The rows open to who may read them when their queryset has `visible_to(user)`, as `columns` say: pairs (French title,
attribute or function of the row). Without `columns`, a row shows as its `str`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from django.apps import apps
from django.db.models import Aggregate, Count, Q, QuerySet

from axes.periods import Period

Rows = Callable[[object, Period], QuerySet]
Measure = Callable[[QuerySet, Period], Decimal | int | None]
Column = tuple[str, str | Callable[[object], object]]

FIGURES = {}


def count(rows, period):
    """The plain measure: how many rows."""
    return rows.count()


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that a register can compute, for a territory and a period.

    `measure` gives the number from the rows (by default their count). With `over`, the key of another figure, it is a
    share: its own number over that one's, both kept. `breakdown` names the field whose values divide it.

    `scope` makes it a family of figures, one per indicator: pairs (field of the rows, field of the indicator) that must
    be equal. Such a figure has an `aggregate` in the place of `measure`, so that one query gives the whole family;
    `lacking` says which rows have no number to add, and then the sum is « au moins ».

    `is_about_people` is False where small counts betray nobody (meetings). `at_most` is the key of a figure that this
    one never exceeds over the same period (services, and what they refer): whoever reads the one bounds the other.
    """

    key: str
    label: str
    unit: str
    formula: str
    rows: Rows
    measure: Measure = count
    over: str = ""
    breakdown: str = ""
    aggregate: Aggregate | None = None
    lacking: Q | None = None
    scope: tuple[tuple[str, str], ...] = ()
    columns: tuple[Column, ...] = ()
    is_about_people: bool = True
    at_most: str = ""

    @property
    def origin(self):
        """Where its rows are kept, in French: « Registre Bail d'abord »."""
        return apps.get_app_config(self.key.partition(".")[0]).figures_come_from

    def number(self, territory, period):
        """The number (for a share, its numerator), all its scopes together."""
        return self.number_of(self.rows(territory, period), period)

    def number_of(self, rows, period):
        """The number of these rows alone: those of one association, of one value of the breakdown."""
        if self.aggregate is not None:
            return rows.aggregate(number=self.aggregate)["number"]
        return self.measure(rows, period)

    def base(self, territory, period):
        """The denominator of a share, else None."""
        return FIGURES[self.over].number(territory, period) if self.over else None

    def parts_of(self, rows, period):
        """[(French label, number)] of the breakdown, in the order of its choices; one more query per part."""
        labels = labels_of(rows.model, self.breakdown)
        values = set(rows.order_by().values_list(self.breakdown, flat=True).distinct())
        order = [
            *labels,
            *sorted(value for value in values if value is not None and value not in labels),
            None,
        ]
        return [
            (
                labels.get(value, "Non renseigné" if value in {None, ""} else str(value)),
                self.number_of(rows.filter(**condition(self.breakdown, value)), period),
            )
            for value in order
            if value in values
        ]

    def by_scope(self, territory, period):
        """{scope: (number, rows, rows lacking a number)} of a family, in one query."""
        lacking = Count("pk", filter=self.lacking) if self.lacking else Count("pk", filter=Q(pk__isnull=True))
        fields = [field for field, _ in self.scope]
        grouped = self.rows(territory, period).order_by().values(*fields)
        grouped = grouped.annotate(number=self.aggregate, row_count=Count("pk"), lacking_count=lacking)
        return {
            tuple(row[field] for field in fields): (row["number"], row["row_count"], row["lacking_count"])
            for row in grouped
        }


def labels_of(model, path):
    """{stored value: French label} of the field at the end of a path; empty when it has no choices."""
    *steps, name = path.split("__")
    for step in steps:
        model = model._meta.get_field(step).related_model
    return dict(model._meta.get_field(name).choices or [])


def condition(path, value):
    return {f"{path}__isnull": True} if value is None else {path: value}


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
