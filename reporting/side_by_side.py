"""The figures of several territories side by side, exercise by exercise, from what each sent and nothing else.

Two territories count the same thing where they call it the same and in the same unit, whatever the case, the accents
and the spaces: no list to keep, and it holds for the versions frozen long ago (ADR 0022). What each means by it is
shown wherever they do not say the same.
"""

from dataclasses import dataclass, replace

from django.db.models import Exists, OuterRef

from axes.filters import folded
from logement.roles import Permission
from reporting import frozen
from reporting.document import ReportedFigure
from reporting.models import Version
from reporting.renderers.figure_columns import COLUMNS, FigureColumn


@dataclass(frozen=True, slots=True)
class Compared:
    """A figure of the last version of an exercise, in a territory."""

    version: Version
    figure: ReportedFigure

    @property
    def place(self):
        """The code of its territory: two may have one name."""
        return self.version.facts.territory_code

    @property
    def territory(self):
        return self.version.facts.territory

    @property
    def number(self):
        return self.version.facts.year

    @property
    def key(self):
        """What is the same for two territories that count the same thing."""
        return one_line(self.figure.label), one_line(self.figure.unit)

    @property
    def coverage(self):
        """« 4 partenaires sur 5 ont répondu », where some did not."""
        answered, asked = self.figure.answered, self.figure.asked
        if asked is None or answered == asked:
            return ""
        return f"total partiel : {answered} partenaire{'s' if answered > 1 else ''} sur {asked}"


@dataclass(frozen=True, slots=True)
class Line:
    """An indicator of a territory: a Compared, or None, for each of the years of the table."""

    place: str
    territory: str
    definition: str
    cells: tuple[Compared | None, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """What several territories call the same, or what one alone counts; `definition` where all say the same."""

    label: str
    unit: str
    definition: str
    lines: tuple[Line, ...]

    @property
    def is_shared(self):
        return len({line.place for line in self.lines}) > 1


def one_line(text):
    return " ".join(folded(text).split())


def versions_for(user):
    """The last version of each exercise of the territories that this person compares."""
    places = user.territories_with(Permission.COMPARE_TERRITORIES)
    later = Version.objects.filter(year=OuterRef("year"), number__gt=OuterRef("number"))
    found = Version.objects.filter(~Exists(later), territory__in=places)
    return found.select_related("territory", "year").order_by("territory__name", "territory", "year__number")


def compared(versions):
    """[Compared] of these versions, in the order of the report of each."""
    return [Compared(version, figure) for version in versions for figure in frozen.figures_of(version)]


def groups_of(found, numbers):
    """[Group] of these Compared over the exercises `numbers`: what most territories share first, then by label."""
    by_key = {}
    for held in found:
        # One territory may call two of its own figures alike: each keeps its line.
        lines = by_key.setdefault(held.key, {})
        lines.setdefault((held.place, held.figure.key), {})[held.number] = held
    groups = [group_of(lines, numbers) for lines in by_key.values()]
    return sorted(
        groups, key=lambda group: (-len({line.place for line in group.lines}), one_line(group.label))
    )


def group_of(lines, numbers):
    last = [max(cells.values(), key=lambda held: held.number) for cells in lines.values()]
    figure = last[0].figure
    meanings = {one_line(held.figure.definition) for cells in lines.values() for held in cells.values()}
    return Group(
        label=figure.label,
        unit=figure.unit,
        definition=figure.definition if len(meanings) == 1 else "",
        lines=tuple(
            Line(
                place,
                held.territory,
                held.figure.definition if len(meanings) > 1 else "",
                tuple(cells.get(number) for number in numbers),
            )
            for ((place, _), cells), held in zip(lines.items(), last, strict=True)
        ),
    )


def of_figure(column):
    return replace(column, of=lambda row: column.of(row.figure))


#: A figure of a territory as a row of a spreadsheet: where it is from, then the columns of any report.
COMPARED_COLUMNS = (
    FigureColumn(
        "territoire", "Territoire", "Le territoire qui a transmis le rapport.", lambda row: row.territory
    ),
    FigureColumn("exercice", "Exercice", "L'année du rapport.", lambda row: row.number),
    FigureColumn(
        "version", "Version", "La dernière version transmise de l'exercice.", lambda row: row.version.number
    ),
    *map(of_figure, COLUMNS),
)
