"""Opening an exercise from the one before it: its frame and its sentences are carried, never its results.

Carried: the chapters and their blocks, the choice of charts, the lines that were chosen (same lasting actions, so their
series go on, into the next convention too), the sentences, whose figures follow to the new year. Carried if one says
so: the targets of the year, and the questionnaires of its campaign. Never: values, states and their reasons,
observations, answers, funding, what was said of the charts.
"""

from dataclasses import replace

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from simple_history.utils import bulk_create_with_history

from axes import key_figures
from axes.agreements import outline
from axes.carried import texts_of
from axes.citations import Reference, citations_of, look_up, worded
from axes.crossing import agreement_after, crossing_of
from axes.models import (
    Block,
    Campaign,
    Chapter,
    Citation,
    Illustration,
    KeyFigure,
    Line,
    Target,
    TextBlock,
    Year,
)
from axes.submissions.campaigns import create_campaign
from axes.workflow import check_open, move_actions
from logement import audit
from logement.locking import save_version
from logement.richtext import parse, references, to_html
from logement.richtext.nodes import mapped

REASON = "Repris de l'exercice précédent"


def next_of(year):
    """The exercise after this one in its territory, or None."""
    return Year.objects.filter(territory=year.territory_id, number=year.number + 1).first()


def needs_agreement(year):
    """Whether the exercise after this one is of another convention, which is to be made first."""
    return agreement_after(year) is None and not next_of(year)


def obstacle(year):
    """Why the exercise after this one cannot be opened from it: a French sentence, empty when it can."""
    number = year.number + 1
    if next_of(year):
        return f"L'exercice {number} est déjà ouvert."
    agreement = agreement_after(year)
    if agreement is None:
        return (
            f"La convention « {year.agreement} » finit le {year.agreement.ends_on:%d/%m/%Y} : l'exercice {number} "
            "est le premier de la convention suivante. Préparez-la, elle reprend le cadre de celle-ci si vous voulez."
        )
    is_other = agreement != year.agreement
    if is_other and not (agreement.axes.exists() and agreement.layouts.exists()):
        return f"Donnez d'abord ses axes et ses colonnes à la convention « {agreement} »."
    return ""


@transaction.atomic
def open_year(*, previous, lines, axes=None, targets=False, campaign=None, by):
    """Opens the exercise after `previous` with the given `lines` of it, and gives its Year.

    `axes`, where the next convention begins: {key of an axis: the one that takes its place there, None to leave it}.
    `targets`: with those of the year, of the indicators that go on. `campaign`, {"opens_on", "closes_on"}: with a
    campaign that asks what the last one asked. Every carried sentence is « à relire ». Raises ValidationError with a
    French sentence; nothing is written then.
    """
    if sentence := obstacle(previous):
        raise ValidationError(sentence)
    agreement = agreement_after(previous)
    crossing = crossing_of(previous, agreement, axes)
    try:
        with transaction.atomic():
            year = Year.objects.create(
                territory=previous.territory, agreement=agreement, number=previous.number + 1
            )
    except IntegrityError as error:  # two people at once: the database keeps the first
        raise ValidationError(f"L'exercice {previous.number + 1} est déjà ouvert.") from error
    blocks = _outline(previous, year, crossing, by)
    carried = _lines(lines, year, crossing, by)
    _texts(previous, year, blocks, carried, crossing, by)
    _charts(previous, year, by)
    if targets:
        _targets(previous, year, carried)
    if campaign is not None:
        create_campaign(year=year, instructions=_instructions(previous), by=by, **campaign)
    audit.record(
        by=by,
        act=f"Ouverture de l'exercice {year.number}",
        about=year,
        territory=year.territory,
        detail=f"D'après {previous.number}, {len(carried)} actions reprises",
    )
    return year


def _outline(previous, year, crossing, by):
    """{key of a block of `previous`: the block of `year` in its place}; a table goes where its axis does."""
    chapters = list(previous.chapters.all())
    copies = {
        chapter.pk: Chapter(
            year=year,
            kind=chapter.kind,
            number=chapter.number,
            title=chapter.title,
            position=chapter.position,
        )
        for chapter in chapters
    }
    _create(copies.values(), Chapter, by)
    blocks, placed = {}, set()
    for block in Block.objects.filter(chapter__in=chapters):
        axis = crossing.axes.get(block.axis_id)
        if block.axis_id and (axis is None or (block.chapter_id, axis.pk) in placed):
            continue
        placed.add((block.chapter_id, axis and axis.pk))
        blocks[block.pk] = Block(
            chapter=copies[block.chapter_id],
            kind=block.kind,
            axis=axis,
            layout=crossing.layouts.get(block.layout_id),
            position=block.position,
        )
    Block.objects.bulk_create(blocks.values())
    if year.agreement_id != previous.agreement_id:
        outline.place_axes(year.agreement)
    return blocks


def _lines(lines, year, crossing, by):
    """{key of a line: the line of `year` for the same action}, led and shared by the same bodies.

    Those of an axis that goes no further stay behind.
    """
    copies = {
        line.pk: Line(
            action_id=line.action_id,
            axis=crossing.axes[line.axis_id],
            year=year,
            title=line.title,
            position=line.position,
            inflection=line.inflection,
            lead_id=line.lead_id,
        )
        for line in lines
        if line.axis_id in crossing.axes
    }
    _create(copies.values(), Line, by)
    move_actions(copies.values(), year)
    partnership = Line.partners.through
    partnership.objects.bulk_create(
        partnership(line=copies[held.line_id], organisation_id=held.organisation_id)
        for held in partnership.objects.filter(line__in=copies)
    )
    return copies


def _targets(previous, year, lines):
    actions = {line.action_id for line in lines.values()} | {None}
    Target.objects.bulk_create(
        Target(indicator_id=target.indicator_id, year=year, number=target.number)
        for target in Target.objects.filter(year=previous).select_related("indicator")
        if target.indicator.action_id in actions
    )


def _instructions(previous):
    """What the last campaign told its partners."""
    return Campaign.objects.filter(year=previous).values_list("instructions", flat=True).first() or ""


def _texts(previous, year, blocks, lines, crossing, by):
    """The sentences, their figures pointing at the new year and worded by its values, with the rows that cite them."""
    held = [
        text
        for text in texts_of(previous, lines)
        if text.column_id is None or text.column_id in crossing.columns
    ]
    moved = {text.pk: _moved(parse(text.content), year) for text in held}
    found = look_up({cited.ref for sentences in moved.values() for cited in references(sentences)}, year)

    signed = {"updated_at": timezone.now(), "updated_by": by, "is_to_reread": True}
    copies = [
        TextBlock(
            year=year,
            block=blocks.get(text.block_id),
            line=lines.get(text.line_id),
            column=crossing.columns.get(text.column_id),
            content=to_html(worded(moved[text.pk], found)),
            **signed,
        )
        for text in held
    ]
    _create(copies, TextBlock, by)
    Citation.objects.bulk_create(citation for text in copies for citation in citations_of(text, found))


def _charts(previous, year, by):
    """The key figures that were chosen, without what was said of them: it was of the year before.

    Each is to be read again once the figures of the new year are in it.
    """
    chosen = Illustration.objects.filter(year=previous).first()
    if chosen is None:
        return
    [copy] = _create([Illustration(year=year, has_synthesis=chosen.has_synthesis)], Illustration, by)
    KeyFigure.objects.bulk_create(
        KeyFigure(
            illustration=copy,
            indicator_id=row.indicator_id,
            shape=row.shape,
            is_in_synthesis=row.is_in_synthesis,
        )
        for row in chosen.key_figures.all()
    )
    key_figures.record(copy)


def _moved(sentences, year):
    """Figures without an exercise follow their text; one of the year before becomes one of the new year before."""

    def of_text(text):
        reference = Reference.read(text.ref) if text.ref else None
        if reference is None or reference.number != year.number - 2:
            return text
        return replace(text, ref=str(replace(reference, number=year.number - 1)))

    return mapped(sentences, of_text)


def _create(rows, model, by):
    """Bulk creation with its history, which `bulk_create` alone would omit."""
    return bulk_create_with_history(list(rows), model, default_user=by, default_change_reason=REASON)


@transaction.atomic
def mark_read(*, text, by):
    """A carried text was read again and stands as it is."""
    check_open(text.year)
    if not text.is_to_reread:
        return text
    return save_version(text, version=text.version, by=by, reason="Relu", is_to_reread=False)
