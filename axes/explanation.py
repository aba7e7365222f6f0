"""What makes a figure believable: what it is, who gave it, what it was before; as far as its reader may know."""

from dataclasses import dataclass

from django.db.models import Q

from axes.citations import Cited, Reference
from axes.definitions import Definition, definitions_of
from axes.dossier import place_of_use, url_of
from axes.models import Block, Indicator, Submission, Year
from axes.progress import indicators_of
from axes.staleness import Use, in_force
from axes.tables import IndicatorRow, answers_behind, history_of, series_of
from axes.values import targets_of, value_of
from logement.roles import Permission as P

#: Who gave a figure, and what it was before: for who reads every figure, and for the State.
DETAILS = (P.VIEW_FIGURES, P.VIEW_SHARED_REPORT)


@dataclass(frozen=True, slots=True)
class Explanation:
    """A figure of the exercise `year`, explained; what its reader may not know is empty.

    `series` is as `series_of` gives it, `history` as `history_of`, `answers` as `answers_behind`. `uses` is [(Use, name
    of its place, address)]. `rows_key` is the register's figure whose rows this reader may list.
    """

    year: Year
    row: IndicatorRow
    meaning: Definition
    series: list
    breaks: list
    history: list
    answers: list
    uses: list
    rows_key: str
    is_detailed: bool
    is_visible: bool
    lists_uses: bool
    may_open_sendings: bool
    may_open_imports: bool

    @property
    def document(self):
        """The imported report that the value in force comes from, or None."""
        held = (entry for entry, value, _ in self.history if value.entry_id == self.value.entry_id)
        entry = next(held, None)
        return entry.imported_from if entry else None

    @property
    def indicator(self):
        return self.row.indicator

    @property
    def value(self):
        return self.row.value


@dataclass(frozen=True, slots=True)
class Reader:
    """Who asks for a figure of the exercise `number`, in the report of `year`.

    `sees`: whether the indicator is theirs to see anyway, whatever the report.
    """

    user: object
    year: Year
    sees: bool

    def may(self, permission):
        return self.user.may(permission, self.year.territory_id)

    @property
    def reads_all(self):
        return any(map(self.may, DETAILS))

    @property
    def reads_sendings(self):
        """Whether the sendings that it is shown open to it: the lead's open all, a partner is shown its own alone."""
        return self.may(P.RUN_CAMPAIGN) or not self.reads_all


def explanation_of(*, code, number, year, user):
    """The Explanation of a figure that `user` may open from the exercise `year`; None for any other.

    These are the figures that the report of `year` shows, for who may read it; and those that one sees in the plan. In
    a number of queries that does not grow with the rows, the answers nor the places that cite it.
    """
    indicator = Indicator.objects.filter(territory=year.territory_id, code=code)
    indicator = indicator.select_related("action__axis", "supplier", "territory").first()
    exercise = Year.objects.filter(territory=year.territory_id, number=number)
    exercise = exercise.select_related("territory").first()
    if indicator is None or exercise is None:
        return None
    sees = Indicator.objects.visible_to(user).filter(pk=indicator.pk).exists()
    if not sees and not is_shown(indicator, exercise, year, user):
        return None
    return explain(indicator, exercise, Reader(user, year, sees))


def is_shown(indicator, exercise, year, user):
    """Whether the report of `year`, as `user` may read it, shows this figure: in a sentence, a chart or a table."""
    if not Year.objects.with_report_visible_to(user).filter(pk=year.pk).exists():
        return False
    uses = in_force().filter(year=year, indicator=indicator, number=exercise.number, entry=None)
    return uses.exists() or (exercise == year and is_in_a_table(indicator, year))


def is_in_a_table(indicator, year):
    """Whether a table of figures of the report prints it; a figure of context prints once it is received."""
    kinds = set(Block.objects.filter(chapter__year=year).values_list("kind", flat=True))
    if Block.Kind.FIGURES in kinds:
        return Indicator.objects.filter(indicators_of(year), pk=indicator.pk).exists()
    is_context = indicator.kind == Indicator.Kind.CONTEXT and indicator.action_id is None
    return is_context and Block.Kind.CONTEXT in kinds and not value_of(indicator, year).is_pending


def explain(indicator, exercise, reader):
    series = series_of(indicator, years_of(exercise, reader))
    rank = next(rank for rank, (held, _, _) in enumerate(series) if held == exercise)
    _, value, change = series[rank]
    has_before = rank + 1 < len(series) and series[rank + 1][0].number == exercise.number - 1
    is_detailed = reader.sees or reader.reads_all
    return Explanation(
        year=exercise,
        row=IndicatorRow(
            indicator,
            value,
            series[rank + 1][1] if has_before else None,
            change if has_before else None,
            targets_of([indicator], exercise).get(indicator.pk),
        ),
        meaning=definitions_of([indicator], exercise.number)[indicator.pk],
        series=series,
        breaks=breaks_in(indicator, series),
        history=history_of(indicator, exercise) if is_detailed else [],
        answers=answers_for(indicator, exercise, reader) if value.is_answered else [],
        uses=uses_for(indicator, exercise, value, reader),
        rows_key=rows_key(indicator, value, reader),
        is_detailed=is_detailed,
        is_visible=reader.sees,
        lists_uses=reader.may(P.EDIT_PLAN),
        may_open_sendings=reader.reads_sendings,
        may_open_imports=reader.may(P.IMPORT_REPORT),
    )


def years_of(exercise, reader):
    """The exercises of the series, latest first: beside the one that is explained, those sent, or all for who sees."""
    years = Year.objects.filter(territory=exercise.territory_id).select_related("territory")
    if not reader.sees:
        sent = Year.objects.with_report_visible_to(reader.user).filter(state__in=Year.SENT)
        years = years.filter(Q(pk=exercise.pk) | Q(pk__in=sent))
    return list(years.order_by("-number"))


def breaks_in(indicator, series):
    """The breaks between the exercises of the series."""
    first, last = series[-1][0].number, series[0][0].number
    held = indicator.breaks.filter(number__gt=first, number__lte=last)
    return list(held.select_related("created_by"))


def answers_for(indicator, exercise, reader):
    """What the partners brought: all of it to the lead, what was accepted to who reads all, to a partner its own."""
    if reader.reads_sendings:
        return answers_behind(indicator, exercise, Submission.objects.visible_to(reader.user))
    return [
        answer
        for answer in answers_behind(indicator, exercise, Submission.objects.all())
        if answer.accepted is not None
    ]


def uses_for(indicator, exercise, value, reader):
    """[(Use, name of its place, address)] of what cites this figure, for who writes the report."""
    if not reader.may(P.EDIT_PLAN):
        return []
    rows = (
        in_force()
        .filter(indicator=indicator, number=exercise.number)
        .select_related(
            "year__territory",
            "text__line__axis",
            "text__column",
            "text__block__chapter",
            "entry__indicator",
            "key_figure__indicator",
        )
    )
    found = []
    for row in rows:
        place = place_of_use(row, row.year)
        cited = Cited(Reference.read(row.ref), indicator, exercise.number, value)
        found.append((Use(row, cited), place.label, url_of(place, row.year)))
    return found


def rows_key(indicator, value, reader):
    """The register's figure whose rows, those of one's own association, open from here; else nothing."""
    provenance = value.provenance
    is_theirs = provenance and reader.sees and reader.may(P.VIEW_OWN_REGISTERS)
    return provenance.figure.key if is_theirs and provenance.figure.key == indicator.figure_key else ""
