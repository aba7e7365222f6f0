"""The key figures of an exercise: what its report may draw, what it draws, and the lead's choice.

Until the lead has chosen, one series of each axis is drawn, without the page that gathers them.
"""

from dataclasses import dataclass, replace
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction

from axes.charts import LEAST, Plotted, has_chart, plotted, points_of
from axes.citations import Reference, look_up
from axes.computation import breaks_of
from axes.figures import FIGURES
from axes.models import Citation, Illustration, Indicator, KeyFigure, Year
from axes.progress import indicators_of
from axes.values import quantity, targets_of, values_over
from axes.workflow import check_open
from logement import audit
from logement.locking import Conflict, save_version
from logement.numbers import NO_BREAK_SPACE, format_number
from logement.text import clean_text

Shape = KeyFigure.Shape
LONGEST = 6  # exercises of a series
MOST = 6  # charts on the page that gathers them
OTHER_SOURCE = "autre mode d'obtention"


@dataclass(frozen=True, slots=True)
class Wish:
    """What the lead says of a chart."""

    description: str = ""
    is_in_synthesis: bool = True


@dataclass(frozen=True, slots=True)
class Drawn:
    """A chart that the report may hold. `said` is all that it shows; `whole` the value that parts divide in `year`.

    `whole` and `target` are as they print.
    """

    indicator: Indicator
    shape: str
    points: tuple[Plotted, ...]
    said: str
    year: str = ""
    whole: str = ""
    target: str = ""
    target_number: Decimal | None = None
    description: str = ""
    is_in_synthesis: bool = False

    @property
    def code(self):
        """What names it in a form and on a page."""
        return f"{self.indicator.pk}-{self.shape}"

    @property
    def title(self):
        """What it shows: a whole and its parts are of one exercise."""
        label = self.indicator.label
        return label if self.shape == Shape.SERIES else f"{label}, répartition {self.year}"

    @property
    def axis(self):
        return self.indicator.action and self.indicator.action.axis

    @property
    def alt(self):
        """All that it shows, after what the lead makes of it."""
        return " ".join(filter(None, [self.description, f"{self.said}."]))


def drawn_in(year):
    """The Drawn of the report of an exercise, in the order of print."""
    illustration = Illustration.objects.filter(year=year).first()
    if illustration is None:
        return default_of(candidates_of(year))
    chosen = {(row.indicator_id, row.shape): row for row in illustration.key_figures.all()}
    found = candidates_of(year, only={indicator for indicator, _ in chosen}) if chosen else []
    drawn, left = [], MOST if illustration.has_synthesis else 0
    for candidate in found:
        if row := chosen.get((candidate.indicator.pk, candidate.shape)):
            opens = row.is_in_synthesis and left > 0
            left -= opens
            drawn.append(replace(candidate, description=row.description, is_in_synthesis=opens))
    return drawn


def default_of(candidates):
    """Of each axis, the series of the largest headcount; the first one where it counts nobody."""
    by_axis = {}
    for candidate in candidates:
        if candidate.axis and candidate.shape == Shape.SERIES:
            by_axis.setdefault(candidate.axis.pk, []).append(candidate)
    return [max(found, key=headcount_of) for found in by_axis.values()]


def headcount_of(candidate):
    last = candidate.points[-1].number
    is_headcount = candidate.indicator.kind == Indicator.Kind.HEADCOUNT and last is not None
    return last if is_headcount else -1


def candidates_of(year, *, only=None):
    """Every chart that the figures of an exercise may make, axis by axis, in a number of queries that does not grow.

    A series goes back six exercises and never beyond this one. With `only`, of these indicators.
    """
    indicators = indicators_among(year, only)
    reader = Reader(year, exercises_of(year), indicators)
    return [
        drawn
        for indicator in indicators
        if only is None or indicator.pk in only
        for drawn in (reader.series(indicator), reader.parts(indicator))
        if drawn
    ]


def indicators_among(year, only=None):
    """The indicators of an exercise in the order of print; with `only`, these and their parts."""
    indicators = Indicator.objects.filter(indicators_of(year))
    if only is not None:
        indicators = indicators.filter(pk__in=only) | indicators.filter(whole__in=only)
    return sorted(indicators.select_related("action__axis", "territory").distinct(), key=place_of)


def exercises_of(year):
    """The exercises of a series, the last one first."""
    return list(Year.objects.filter(territory=year.territory, number__lte=year.number)[:LONGEST])


def parts_of(indicator, indicators):
    """Its « dont » that may be drawn with it."""
    return [
        part
        for part in indicators
        if part.whole_id == indicator.pk and part.temporality == indicator.temporality
    ]


def place_of(indicator):
    """Those of no axis first, as in the preamble."""
    axis = indicator.action and indicator.action.axis
    return (axis.position, axis.pk) if axis else (-1, 0), indicator.position, indicator.code


class Reader:
    """The values of the indicators of an exercise over the years, read once."""

    def __init__(self, year, years, indicators):
        self.year, self.years, self.indicators = year, years, indicators
        self.values = values_over(indicators, years)
        self.breaks = breaks_of(indicators)
        self.targets = targets_of(indicators, year)

    def series(self, indicator):
        """Its Drawn from the first exercise that has a number on; None where one alone has."""
        values = [(year, self.values[indicator.pk, year.number], None) for year in self.years]
        while values and values[-1][1].comparable is None:
            values.pop()
        if not has_chart(values):
            return None
        points = self.points(values, self.breaks.get(indicator.pk, ()))
        target = self.targets.get(indicator.pk)
        aim = quantity(target.number, indicator.unit) if target else ""
        said = [
            sentence(point.label, value, point)
            for (_, value, _), point in zip(reversed(values), points, strict=True)
        ]
        return Drawn(
            indicator,
            Shape.SERIES,
            tuple(points),
            " ; ".join([*said, *([f"cible : {aim}"] if aim else [])]),
            target=aim,
            target_number=target and target.number,
        )

    def points(self, values, breaks):
        """The line breaks where what is counted changes; where only its source does, the table says so."""
        sources = {held.number for held in breaks if not held.is_redefined}
        return [
            replace(point, note=", ".join(filter(None, [OTHER_SOURCE, point.note])))
            if rank and int(point.label) in sources
            else point
            for rank, point in enumerate(points_of(values, [held for held in breaks if held.is_redefined]))
        ]

    def parts(self, indicator):
        """Its Drawn of the exercise, its « dont » or the breakdown of the register that counts it; None without two."""
        whole = self.values[indicator.pk, self.year.number]
        if whole.number is None:
            return None
        parts = [
            part
            for part in parts_of(indicator, self.indicators)
            if self.values[part.pk, self.year.number].number is not None
        ]
        points = [plotted(part.label, self.values[part.pk, self.year.number]) for part in parts]
        points = points or broken_down(indicator, whole)
        if len(points) < LEAST:
            return None
        said = " ; ".join(f"{point.label}{NO_BREAK_SPACE}: {point.words}" for point in points)
        return Drawn(
            indicator,
            Shape.PARTS,
            tuple(points),
            f"{whole.display} en {self.year.number}, dont {said}",
            year=str(self.year.number),
            whole=whole.display,
        )


def sentence(year, value, point):
    """« 142 ménages en 2023 (rupture de série) »; a total says itself that it is partial."""
    notes = point.note.replace(value.partial_words, "").strip(", ") if value.partial_words else point.note
    return f"{value.display} en {year}" + (f" ({notes})" if notes else "")


def broken_down(indicator, value):
    """The parts that the register itself counts, those of none left out."""
    figure = FIGURES.get(indicator.figure_key) if value.provenance else None
    if figure is None or not figure.breakdown or figure.scope:
        return []
    rows = figure.rows(indicator.territory, value.period)
    return [
        Plotted(label, format_number(number), number)
        for label, number in figure.parts_of(rows, value.period)
        if number
    ]


# --- The lead's choice ---


@transaction.atomic
def choose(*, year, version, has_synthesis, chosen, by):
    """Writes what the report of an exercise draws, read at `version` (0: nobody had chosen); raises Conflict.

    `chosen` is {(indicator.pk, shape): Wish}. A chart that stays keeps the figures that were read in it.
    """
    check_open(year)
    before = Illustration.objects.filter(year=year).first()
    if (before.version if before else 0) != version:
        raise Conflict(before)
    if before:
        illustration = save_version(before, version=version, by=by, has_synthesis=has_synthesis)
    else:
        illustration = Illustration(year=year, has_synthesis=has_synthesis)
        illustration._history_user = by
        illustration.save()
    held = {(row.indicator_id, row.shape): row for row in illustration.key_figures.all()}
    for key in held.keys() - chosen.keys():
        held.pop(key).delete()
    found = {(one.indicator.pk, one.shape): one for one in candidates_of(year, only={pk for pk, _ in chosen})}
    for key, wish in chosen.items():
        if key not in found:
            raise ValidationError("Un des chiffres choisis ne se dessine pas : rechargez la page.")
        row = held.get(key) or KeyFigure(illustration=illustration, indicator_id=key[0], shape=key[1])
        row.description, row.is_in_synthesis = clean_text(wish.description).strip(), wish.is_in_synthesis
        row.full_clean(exclude=["illustration", "indicator"])
        row.save()
    record(illustration)
    audit.record(
        by=by,
        act="Graphiques du rapport choisis",
        about=illustration,
        territory=year.territory,
        detail=f"{len(chosen)} graphiques, {'avec' if has_synthesis else 'sans'} synthèse",
    )
    return illustration


@transaction.atomic
def keep_proposed(*, year, by):
    """Makes a choice of what is proposed, where nobody made one: from then on, what moves in it is told."""
    if Illustration.objects.filter(year=year).exists():
        return
    proposed = {(one.indicator.pk, one.shape): Wish() for one in default_of(candidates_of(year))}
    if proposed:
        choose(year=year, version=0, has_synthesis=False, chosen=proposed, by=by)


def record(illustration):
    """The figures of each chart as they are now, but for those that were read before and wait to be reread."""
    year = illustration.year
    rows = list(illustration.key_figures.select_related("indicator").prefetch_related("citations"))
    years, indicators = exercises_of(year), indicators_among(year, {row.indicator_id for row in rows})
    wanted = {}
    for row in rows:
        refs = {str(reference) for reference in figures_under(row, years, indicators)}
        held = {citation.ref: citation for citation in row.citations.all()}
        for ref in held.keys() - refs:
            held[ref].delete()
        wanted |= dict.fromkeys((row, ref) for ref in refs - held.keys())
    cited = look_up({ref for _, ref in wanted}, year)
    Citation.objects.bulk_create(
        Citation(
            key_figure=row,
            year=year,
            indicator=cited[ref].indicator,
            number=cited[ref].number,
            ref=ref,
            words=cited[ref].words,
        )
        for row, ref in sorted(wanted, key=lambda pair: (pair[0].pk, pair[1]))
    )


def figures_under(row, years, indicators):
    """A Reference to each figure on which a chart stands, those not known yet among them: they will change it."""
    code = row.indicator.code
    if row.shape == Shape.SERIES:
        return [Reference(code), *(Reference(code, year.number) for year in years[1:])]
    return [Reference(code), *(Reference(part.code) for part in parts_of(row.indicator, indicators))]
