"""What a report stands on: its exercise, convention, axes and columns; found where they exist, else created."""

import re
from datetime import date
from itertools import count

from axes.imports.errors import ReportFileError
from axes.imports.headings import folded
from axes.models import Agreement, Axis, Column, Layout, Year


def year_for(report, territory, number):
    """The exercise, new or empty: what somebody wrote is never overwritten."""
    if not 2000 <= number <= 2100:
        raise ReportFileError(
            f"L'année {number} n'est pas plausible : elle doit être comprise entre 2000 et 2100."
        )
    year = Year.objects.filter(territory=territory, number=number).select_related("agreement").first()
    if year is None:
        return Year.objects.create(
            territory=territory, number=number, agreement=agreement_for(report, territory, number)
        )
    if not year.is_open or any(held.exists() for held in (year.lines, year.texts, year.chapters)):
        raise ReportFileError(
            f"L'exercice {number} de {territory} existe et n'est pas vide : l'import ne remplace jamais rien. "
            "Choisissez une autre année ou un autre territoire."
        )
    return year


def agreement_for(report, territory, number):
    """The convention that covers the year, else a new one for that year, named after the title page."""
    first, last = date(number, 1, 1), date(number, 12, 31)
    covering = Agreement.objects.filter(territory=territory, starts_on__lte=last, ends_on__gte=first)
    if (agreement := covering.order_by("-starts_on").first()) is not None:
        return agreement
    title = _agreement_title(report.cover_lines, number)
    if Agreement.objects.filter(territory=territory, title=title).exists():
        title = f"{title} ({number})"
    call = next(
        (line for line in report.cover_lines if re.search(r"\bAMI\b|appel à manifestation", line)), ""
    )
    return Agreement.objects.create(
        territory=territory, title=title, call=call[:300], starts_on=first, ends_on=last
    )


def _agreement_title(cover_lines, number):
    """« Rapport d'exécution de la convention pluriannuelle d'objectifs 2023 » -> « Convention pluriannuelle… »."""
    found = (re.search(r"\bconvention\b.*", line, re.IGNORECASE) for line in cover_lines)
    title = next((match[0] for match in found if match), "convention")
    title = " ".join(re.sub(rf"\b{number}\b", "", title).split())[:280]
    return title[0].upper() + title[1:]


def axes_for(report, agreement):
    """{title of a table: its Axis}, the convention's own where it has it."""
    existing = list(agreement.axes.all())
    by_number = {axis.number: axis for axis in existing if axis.number is not None}
    by_label = {axis.label: axis for axis in existing}
    position = max((axis.position for axis in existing), default=0)
    found, new, errors = {}, [], []
    for table in report.tables:
        axis = by_label.get(table.label)
        other = by_number.get(table.number)
        if (axis and axis.number != table.number) or (other and other is not axis):
            errors.append(
                f"{table.place} > titre : la convention a déjà « {axis or other} », mettez l'un d'accord."
            )
        elif axis is None:
            position += 1
            axis = Axis(agreement=agreement, number=table.number, label=table.label, position=position)
            axis.is_funded = "non financ" not in folded(table.label)
            new.append(axis)
        found[table.label] = axis
    if errors:
        raise ReportFileError(*errors)
    Axis.objects.bulk_create(new)
    return found


def layouts_for(report, year):
    """{columns of a table: (its Layout, its Columns)}, the convention's own where it has the same columns.

    In a heading the year becomes `{annee}`, so that next year's tables carry it over.
    """
    agreement = year.agreement
    wanted = {table.columns: _lasting(table.columns, year.number) for table in report.tables}
    existing = list(agreement.layouts.prefetch_related("columns"))
    held = [(layout, list(layout.columns.all())) for layout in existing]
    known = {
        tuple((column.role, column.heading) for column in columns): (layout, columns)
        for layout, columns in held
    }
    names = (f"Tableau {n}" for n in count(1))
    free = (name for name in names if name not in {layout.name for layout in existing})
    new = []
    for columns in dict.fromkeys(wanted.values()):
        if columns not in known:
            layout = Layout(agreement=agreement, name=next(free))
            known[columns] = (layout, _columns(layout, columns))
            new.append(known[columns])
    Layout.objects.bulk_create(layout for layout, _ in new)
    Column.objects.bulk_create(column for _, columns in new for column in columns)
    return {columns: known[lasting] for columns, lasting in wanted.items()}


def _lasting(columns, number):
    return tuple((role, re.sub(rf"\b{number}\b", "{annee}", heading)) for role, heading in columns)


def _columns(layout, columns):
    return [
        Column(layout=layout, role=role, heading=heading, position=position)
        for position, (role, heading) in enumerate(columns, start=1)
    ]
