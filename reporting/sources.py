"""What the sentences of a report stand on, as data: read with the snapshot, printed in its annexes."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from axes import justifications
from axes.citations import look_up
from axes.definitions import definitions_over
from axes.models import Justification
from axes.staleness import Use, in_force
from logement.richtext import parse, references
from reporting.document import SOURCE, ReportedFigure
from reporting.nodes import PLAIN_ROLES, may_cite
from reporting.reported import reported_figure


@dataclass(frozen=True, slots=True)
class CitedData:
    """A reference as the texts hold it: the anchor of its figure's line in the annex, the words that it reads now."""

    ref: str
    anchor: str
    words: str


@dataclass(frozen=True, slots=True)
class SourceData:
    """A figure that sentences cite, in the exercise `year`: who gave or accepted it, when; or how a register counts it.

    `rows`: how many of its rows stand behind the number.
    """

    anchor: str
    year: int
    figure: ReportedFigure
    by: str = ""
    on: date | None = None
    formula: str = ""
    rows: int | None = None


@dataclass(frozen=True, slots=True)
class KeptData:
    """Words of the text at `place` (`cellule-12-3`, `bloc-7`; none: a total, a chart) that stay, the figure moved."""

    place: str
    ref: str
    label: str
    year: int
    words: str
    now: str
    reason: str
    by: str
    on: date


@dataclass(frozen=True, slots=True)
class JustifiedData:
    """A finding of the checks that stands, and why."""

    sentence: str
    reason: str
    by: str
    on: date


@dataclass(frozen=True, slots=True)
class Sources:
    """`cited` and `figures` are in the order in which the report cites them, each once."""

    cited: tuple[CitedData, ...] = ()
    figures: tuple[SourceData, ...] = ()
    kept: tuple[KeptData, ...] = ()
    justified: tuple[JustifiedData, ...] = ()


def texts_of(chapters):
    """(place, rich text) of every text of these ChapterData that may cite a figure, in the order of the report."""
    for chapter in chapters:
        for block in chapter.blocks:
            yield f"bloc-{block.key}", block.html
            for row in block.rows:
                for column, content in zip(block.columns, row.cells, strict=True):
                    if column.role not in PLAIN_ROLES:
                        yield f"cellule-{row.key}-{column.key}", content


def sources_of(year, chapters):
    """The Sources of an exercise, in a number of queries that does not grow with its texts."""
    texts = [html for _, html in texts_of(chapters) if may_cite(html)]
    refs = dict.fromkeys(held.ref for html in texts for held in references(parse(html)))
    kept = list(in_force().filter(year=year).exclude(kept_reason="").select_related("text", "kept_by"))
    found = look_up({*refs, *(row.ref for row in kept)}, year)
    figures = {anchor_of(cited): cited for cited in (found[ref] for ref in refs)}
    uses = [Use(row, found[row.ref]) for row in kept]
    meanings = definitions_over(
        {cited.indicator for cited in figures.values()}, {cited.number for cited in figures.values()}
    )
    return Sources(
        cited=tuple(CitedData(ref, anchor_of(found[ref]), found[ref].words) for ref in refs),
        figures=tuple(
            source_of(anchor, cited, meanings[cited.indicator.pk, cited.number].definition)
            for anchor, cited in figures.items()
        ),
        kept=tuple(kept_data(use) for use in uses if use.is_kept),
        justified=tuple(justified_in(year)),
    )


def justified_in(year):
    """The findings that stand for a reason; they are looked for anew, for one that is gone takes its reason away."""
    if Justification.objects.filter(year=year).exists():
        for row in justifications.in_force(year):
            yield JustifiedData(row.sentence, row.reason, str(row.created_by), day_of(row.created_at))


def anchor_of(cited):
    return f"{SOURCE}{cited.indicator.pk}-{cited.number}"


def source_of(anchor, cited, definition):
    indicator, value = cited.indicator, cited.value
    provenance = value.provenance
    return SourceData(
        anchor=anchor,
        year=cited.number,
        figure=reported_figure(
            indicator, value, definition=definition, action="", whole=None, number=cited.number
        ),
        by=value.by,
        on=value.at and day_of(value.at),
        formula=provenance.formula if provenance else "",
        rows=provenance and provenance.rows,
    )


def kept_data(use):
    citation = use.citation
    return KeptData(
        place=place_of(citation.text),
        ref=citation.ref,
        label=use.cited.indicator.label,
        year=citation.number,
        words=citation.words,
        now=use.words,
        reason=citation.kept_reason,
        by=str(citation.kept_by),
        on=day_of(citation.kept_at),
    )


def place_of(text):
    if text is None:
        return ""
    return f"cellule-{text.line_id}-{text.column_id}" if text.line_id else f"bloc-{text.block_id}"


def day_of(moment):
    """In Paris."""
    return timezone.localdate(moment)
