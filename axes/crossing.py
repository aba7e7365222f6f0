"""From a convention to the next one: which axis, table and column take the place of which."""

from dataclasses import dataclass
from datetime import date

from axes.imports.headings import folded
from axes.models import Agreement, Axis, Column, Layout, Year


def agreement_after(year):
    """The convention of the exercise after this one: its own, the one that follows where it ends, or None."""
    first, last = date(year.number + 1, 1, 1), date(year.number + 1, 12, 31)
    if year.agreement.ends_on >= first:
        return year.agreement
    covering = Agreement.objects.filter(territory=year.territory_id, starts_on__lte=last, ends_on__gte=first)
    return covering.exclude(pk=year.agreement_id).order_by("-starts_on").first()


def previous_of(agreement):
    """The last exercise of the convention that ends where this one, without any exercise yet, begins; or None."""
    years = Year.objects.filter(territory=agreement.territory_id).select_related("agreement", "territory")
    last = years.filter(number=agreement.starts_on.year - 1).exclude(agreement=agreement).first()
    is_next = last is not None and not agreement.years.exists() and agreement_after(last) == agreement
    return last if is_next else None


@dataclass(frozen=True)
class Crossing:
    """{key of a row of a convention: the one that takes its place in another}; what is not there has no place."""

    axes: dict[int, Axis]
    layouts: dict[int, Layout]
    columns: dict[int, Column]


def crossing_of(previous, agreement, chosen=None):
    """The Crossing from an exercise to a convention, which may be its own.

    `chosen` is {key of an axis: its Axis there, None to leave it}; without it, those of `axes_between`.
    """
    ours = list(previous.agreement.layouts.prefetch_related("columns"))
    if agreement == previous.agreement:
        axes, layouts, columns = previous.agreement.axes.all(), ours, columns_of(ours)
        return Crossing(*({row.pk: row for row in rows} for rows in (axes, layouts, columns)))
    axes = axes_between(previous, agreement) if chosen is None else chosen
    theirs = list(agreement.layouts.prefetch_related("columns"))
    named = {layout.name: layout for layout in theirs}
    layouts = {layout.pk: named.get(layout.name, theirs[0]) for layout in ours}
    columns = {column.pk: column_like(column, layouts[column.layout_id]) for column in columns_of(ours)}
    return Crossing(
        {key: axis for key, axis in axes.items() if axis},
        layouts,
        {key: column for key, column in columns.items() if column},
    )


def columns_of(layouts):
    return [column for layout in layouts for column in layout.columns.all()]


def texts_left(previous, crossing):
    """The headings of the columns of texts that have no place there."""
    layouts = previous.chapters.filter(blocks__layout__isnull=False).values("blocks__layout")
    columns = Column.objects.filter(layout__in=layouts, role__in=Column.TEXT_ROLES)
    columns = columns.exclude(pk__in=list(crossing.columns))
    return [column.heading_for(previous.number) for column in columns]


def axes_between(previous, agreement):
    """{key of an axis of an exercise: the one of the convention with its title, else with its number, else None}."""
    theirs = list(agreement.axes.all())
    by_label = {folded(axis.label): axis for axis in theirs}
    by_number = {axis.number: axis for axis in theirs if axis.number is not None}
    ours = Axis.objects.filter(blocks__chapter__year=previous).distinct()
    return {axis.pk: by_label.get(folded(axis.label)) or by_number.get(axis.number) for axis in ours}


def column_like(column, layout):
    """That of the same content in a table; of several texts, the one of the same heading."""
    for found in layout.columns.all():
        is_same = folded(found.heading) == folded(column.heading)
        if found.role == column.role and (column.role != Column.Role.OTHER or is_same):
            return found
    return None
