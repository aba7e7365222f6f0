"""What an exercise gives to the one after it: which lines go on, which texts, and how much that is."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from axes.models import Axis, Citation, Column, Entry, Indicator, Outcome, Submission, Target, TextBlock

#: What is counted year after year: an action that has such figures goes on, whatever it achieved this year.
LASTING = (Indicator.Temporality.CUMULATIVE, Indicator.Temporality.STOCK, Indicator.Temporality.CONTRACTED)
#: The columns whose sentences are a first draft of the next year; observations are results.
CARRIED = (Column.Role.INDICATORS, Column.Role.OTHER)


def lines_of(year):
    """The lines of an exercise in the order of the report, each with `is_lasting`: whether its figures make a series.

    They do when they are counted from year to year, or were already counted the year before.
    """
    indicators = Indicator.objects.filter(action=OuterRef("action"))
    before = Entry.objects.filter(indicator__action=OuterRef("action"), year__number=year.number - 1)
    lines = year.lines.select_related("action", "axis", "state").annotate(
        is_lasting=Exists(indicators.filter(temporality__in=LASTING)) | Exists(before)
    )
    return lines.order_by("axis__position", "axis", "position", "pk")


def is_proposed(line):
    """Whether a line of `lines_of` goes on by default: not an abandoned action, nor a finished one without series."""
    outcome = line.state.outcome if line.state else None
    return outcome != Outcome.DROPPED and (outcome != Outcome.DONE or line.is_lasting)


@dataclass(frozen=True, slots=True)
class Preview:
    """How much of an exercise the next one would carry, with the lines that are proposed."""

    parts: int
    axes: int
    lines: int
    indicators: int
    texts: int
    figures: int
    targets: int
    questionnaires: int


def preview_of(year, lines):
    """The Preview of opening the exercise after `year` with these `lines`; a number of queries that does not grow."""
    texts = texts_of(year, [line.pk for line in lines])
    submissions = Submission.objects.filter(campaign__year=year)
    return Preview(
        parts=year.chapters.count(),
        axes=Axis.objects.filter(blocks__chapter__year=year).distinct().count(),
        lines=len(lines),
        indicators=Indicator.objects.filter(
            Q(action__in=[line.action_id for line in lines]) | Q(action=None), territory=year.territory_id
        ).count(),
        texts=texts.count(),
        figures=Citation.objects.filter(text__in=texts).count(),
        targets=Target.objects.filter(year=year).count(),
        questionnaires=submissions.count(),
    )


def texts_of(year, lines):
    """The texts of an exercise that go on, given the keys of its lines that do."""
    cells = Q(line__in=lines, column__role__in=CARRIED)
    return TextBlock.objects.filter(cells | Q(block__isnull=False), year=year).exclude(content="")
