"""« D'où viennent les chiffres » : each declared figure, its last value, the indicators that use it, its rows."""

from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.db.models import ForeignKey

from axes.computation import Computation
from axes.figures import FIGURES, Figure
from axes.models import Indicator
from axes.periods import Period
from axes.values import Value, register_value, values_of
from logement.roles import Permission


@dataclass(frozen=True, slots=True)
class Use:
    """An indicator that takes its value from a figure."""

    indicator: Indicator
    value: Value


@dataclass(frozen=True, slots=True)
class Source:
    """A figure in an exercise. `value` is None for an association, which counts its own rows only (`rows`)."""

    figure: Figure
    rows: int
    readable: int
    value: Value | None = None
    uses: tuple[Use, ...] = ()


def sources_of(year, user):
    """Every figure, for the year itself; `uses` give it for the periods of their indicators."""
    counts_all = user.may(Permission.VIEW_REGISTER_COUNTS, year.territory)
    uses = uses_of(year, user)
    computation = Computation()
    return [
        source_of(figure, year, user, uses.get(figure.key, ()), computation if counts_all else None)
        for figure in sorted(FIGURES.values(), key=lambda figure: figure.label)
    ]


def source_of(figure, year, user, uses, computation):
    period = Period.of_year(year.number)
    readable = readable_rows(figure.rows(year.territory, period), user).count()
    if computation is None:
        return Source(figure, readable, readable, uses=tuple(uses))
    found = computation.whole(figure, year.territory, period)
    return Source(figure, found.rows, readable, register_value(found, figure.unit, period), tuple(uses))


def uses_of(year, user):
    """{key of a figure: [Use]}, of the indicators that `user` sees."""
    indicators = Indicator.objects.visible_to(user).filter(
        territory=year.territory, source=Indicator.Source.REGISTER
    )
    indicators = list(indicators.select_related("territory"))
    values = values_of(indicators, year)
    uses = {}
    for indicator in indicators:
        uses.setdefault(indicator.figure_key, []).append(Use(indicator, values[indicator.pk]))
    return uses


def readable_rows(rows, user):
    """Those of the rows that `user` may read one by one: none where the register says nothing of it."""
    return rows.visible_to(user) if hasattr(rows, "visible_to") else rows.none()


def rows_for(figure, indicator, territory, period, user):
    """The rows behind a figure, or behind the value of an indicator, that `user` may read."""
    rows = readable_rows(figure.rows(territory, period), user)
    if indicator is not None and figure.scope:
        rows = rows.filter(**{field: getattr(indicator, name) for field, name in figure.scope})
    links = [field.name for field in shown_fields(rows.model) if isinstance(field, ForeignKey)]
    return rows if figure.columns else rows.select_related(*links)


def columns_of(figure, model):
    """(title, getter) of the list of its rows: those that it declares, else the fields of its model."""
    if figure.columns:
        return [(title, getter_of(place)) for title, place in figure.columns]
    return [(capitalised(field.verbose_name), getter_of(reader_of(field))) for field in shown_fields(model)]


def shown_fields(model):
    """The fields of a row that are worth reading: not its key, its version, nor who wrote it."""
    return [
        field
        for field in model._meta.concrete_fields
        if field.editable
        and not field.primary_key
        and not (field.remote_field and field.related_model is get_user_model())
        and not field.name.endswith("_at")
    ]


def reader_of(field):
    return f"get_{field.name}_display" if field.choices else field.name


def getter_of(place):
    if callable(place):
        return place

    def read(row):
        value = getattr(row, place)
        return value() if callable(value) else value

    return read


def capitalised(words):
    return words[:1].upper() + words[1:]
