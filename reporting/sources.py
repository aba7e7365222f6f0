"""What the sentences of a report stand on, as data: read with the snapshot, printed in its annexes."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from axes import justifications
from axes.citations import look_up
from axes.collection import answers_over
from axes.definitions import definitions_over
from axes.models import Entry, Justification
from axes.staleness import Use, in_force
from axes.tables import sum_words
from axes.values import value_from, value_of_fields
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
class AnswerData:
    """What a partner brings to a figure: in its sending number `rank`, accepted by whom and when."""

    organisation: str
    value: str
    rank: int
    sent_on: date
    by: str
    on: date


@dataclass(frozen=True, slots=True)
class ReplacedData:
    """A value that was corrected since: who gave it and when, and why it was corrected."""

    value: str
    by: str
    on: date
    reason: str


@dataclass(frozen=True, slots=True)
class SourceData:
    """A figure that sentences cite, in the exercise `year`: who gave or accepted it, when; or how it is counted.

    `rows`: how many rows of a register stand behind the number. `answers` by name; `replaced` in the order of
    entry.
    """

    anchor: str
    year: int
    figure: ReportedFigure
    by: str = ""
    on: date | None = None
    formula: str = ""
    rows: int | None = None
    answers: tuple[AnswerData, ...] = ()
    replaced: tuple[ReplacedData, ...] = ()


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
    answers, replaced = answers_to(figures.values()), replaced_in(figures.values())
    return Sources(
        cited=tuple(CitedData(ref, anchor_of(found[ref]), found[ref].words) for ref in refs),
        figures=tuple(
            source_of(
                cited,
                meanings[cited.indicator.pk, cited.number].definition,
                answers=answers.get(anchor, ()),
                replaced=replaced.get(anchor, ()),
            )
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


def answers_to(figures):
    """{anchor: AnswerDatas} of the figures that partners answered, in two queries or none."""
    asked = {(held.indicator.pk, held.number): held for held in figures if held.value.is_answered}
    return {
        anchor_of(asked[key]): tuple(
            sorted(
                (answer_data(given, asked[key]) for given in answers.accepted),
                key=lambda answer: answer.organisation,
            )
        )
        for key, answers in answers_over(set(asked)).items()
        if key in asked
    }


def answer_data(accepted, cited):
    value = value_of_fields(accepted.quantity, cited.number, indicator=cited.indicator)
    return AnswerData(
        organisation=accepted.question.submission.organisation.name,
        value=value.display,
        rank=accepted.sending.rank,
        sent_on=day_of(accepted.sending.sent_at),
        by=str(accepted.accepted_by),
        on=day_of(accepted.accepted_at),
    )


def replaced_in(figures):
    """{anchor: ReplacedDatas} of the figures that were typed and corrected, in one query or none."""
    typed = {(held.indicator.pk, held.number): held for held in figures if held.value.entry_id}
    corrections = (
        Entry.objects.filter(
            indicator__in={pk for pk, _ in typed},
            year__number__in={number for _, number in typed},
            corrects__isnull=False,
        )
        .select_related("corrects__created_by", "corrects__imported_from", "year")
        .defer("corrects__imported_from__document", "corrects__imported_from__understanding")
    )
    found = {}
    for entry in corrections.order_by("created_at", "pk"):
        cited = typed.get((entry.indicator_id, entry.year.number))
        if cited:
            found.setdefault(anchor_of(cited), []).append(replaced_data(entry, cited))
    return {anchor: tuple(replaced) for anchor, replaced in found.items()}


def replaced_data(correction, cited):
    value = value_from(correction.corrects, indicator=cited.indicator, number=cited.number)
    return ReplacedData(value.display, value.by, day_of(value.at), correction.reason)


def source_of(cited, definition, *, answers, replaced):
    indicator, value = cited.indicator, cited.value
    provenance = value.provenance
    return SourceData(
        anchor=anchor_of(cited),
        year=cited.number,
        figure=reported_figure(
            indicator, value, definition=definition, action="", whole=None, number=cited.number
        ),
        by="" if value.terms else value.by,
        on=None if value.terms else value.at and day_of(value.at),
        formula=provenance.formula if provenance else sum_words(value),
        rows=provenance and provenance.rows,
        answers=answers,
        replaced=replaced,
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
