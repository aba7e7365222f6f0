"""How far an exercise is: what is filled, what is missing, where to go next."""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from axes.models import (
    Accepted,
    Block,
    Campaign,
    Column,
    Entry,
    Indicator,
    Line,
    Outcome,
    Question,
    Submission,
    TextBlock,
    Year,
)
from axes.staleness import uses_of
from axes.values import values_of


@dataclass(frozen=True, slots=True)
class Item:
    """A part of the exercise: how many of its `total` things are `done`; `missing` says which are not, in French."""

    title: str
    url: str
    done: int
    total: int
    missing: tuple[str, ...] = ()

    @property
    def is_complete(self):
        return self.total > 0 and self.done == self.total

    @property
    def status(self):
        return "is-done" if self.is_complete else "is-partial" if self.done else "is-missing"


def progress_of(year):
    """The items of an exercise in the order of the report, in a number of queries that does not grow."""
    placed = sorted([*chapter_items(year), *axis_items(year)], key=lambda pair: pair[0])
    return [*(item for _, item in placed), figures_item(year), *cited_items(year), *campaign_items(year)]


def axis_items(year):
    """(place, item) of each table: every line wants a title, a state (with its reason) and each of its texts."""
    blocks = (
        Block.objects.filter(chapter__year=year, kind=Block.Kind.ACTIONS)
        .select_related("axis", "chapter")
        .annotate(columns=Count("layout__columns", filter=Q(layout__columns__role__in=Column.TEXT_ROLES)))
    )
    unexplained = Q(state__isnull=False, state_reason="") & ~Q(state__outcome=Outcome.DONE)
    counts = {
        row["axis"]: row
        for row in Line.objects.filter(year=year)
        .order_by()
        .values("axis")
        .annotate(
            lines=Count("pk"),
            stateless=Count("pk", filter=Q(state__isnull=True)),
            unexplained=Count("pk", filter=unexplained),
        )
    }
    texts = {
        axis: (filled, to_reread)
        for axis, filled, to_reread in TextBlock.objects.filter(line__year=year)
        .exclude(content="")
        .order_by()
        .values_list("line__axis")
        .annotate(filled=Count("pk"), to_reread=Count("pk", filter=Q(is_to_reread=True)))
    }
    return [
        (place_of(block), axis_item(year, block, counts.get(block.axis_id), texts.get(block.axis_id, (0, 0))))
        for block in blocks
    ]


def axis_item(year, block, counts, texts):
    url = reverse("axes:axis", args=[year.territory.code, year.number, block.axis_id])
    if counts is None:
        return Item(str(block.axis), url, 0, 0, ("aucune action saisie",))
    filled, to_reread = texts
    total_texts = counts["lines"] * block.columns
    missing = (
        count_words(counts["stateless"], "état à renseigner", "états à renseigner"),
        count_words(counts["unexplained"], "motif à donner", "motifs à donner"),
        count_words(total_texts - filled, "cellule vide", "cellules vides"),
        count_words(to_reread, "texte à relire", "textes à relire"),
    )
    wanted = counts["lines"] + total_texts
    lacking = counts["stateless"] + counts["unexplained"] + total_texts - filled + to_reread
    return Item(str(block.axis), url, wanted - lacking, wanted, tuple(filter(None, missing)))


def chapter_items(year):
    """(place, item) of each chapter that holds texts."""
    written = TextBlock.objects.filter(block=OuterRef("pk")).exclude(content="")
    blocks = (
        Block.objects.filter(chapter__year=year, kind=Block.Kind.TEXT)
        .select_related("chapter")
        .annotate(is_written=Exists(written), is_to_reread=Exists(written.filter(is_to_reread=True)))
        .order_by("chapter__position", "position", "pk")
    )
    chapters = {}
    for block in blocks:
        chapters.setdefault(block.chapter, []).append(block)
    return [
        (place_of(blocks[0]), chapter_item(year, chapter, blocks)) for chapter, blocks in chapters.items()
    ]


def chapter_item(year, chapter, blocks):
    url = reverse("axes:chapter", args=[year.territory.code, year.number, chapter.pk])
    to_reread = sum(block.is_to_reread for block in blocks)
    written = sum(block.is_written for block in blocks)
    missing = (
        "" if written == len(blocks) else "texte à écrire",
        count_words(to_reread, "texte à relire", "textes à relire"),
    )
    return Item(str(chapter), url, written - to_reread, len(blocks), tuple(filter(None, missing)))


def place_of(block):
    """Where a block stands in the report, to sort by."""
    return block.chapter.position, block.chapter_id, block.position, block.pk


def figures_item(year):
    """The figures of the exercise: a register gives its own, a « non disponible » is an answer, no entry is not."""
    current = Entry.objects.current().filter(year=year, indicator=OuterRef("pk"))
    asked = Question.objects.filter(
        indicator=OuterRef("pk"),
        submission__campaign__year=year,
        submission__campaign__opened_at__isnull=False,
    )
    waited = asked.exclude(pk__in=Accepted.objects.values("question"))
    answered = Q(source=Indicator.Source.SUBMITTED) & Exists(asked) & ~Exists(waited)
    typed = ~(Q(source=Indicator.Source.SUBMITTED) & Exists(asked)) & Exists(current)
    obtained = typed | answered | Q(source=Indicator.Source.REGISTER)
    indicators = Indicator.objects.filter(indicators_of(year))
    counts = indicators.aggregate(total=Count("pk"), given=Count("pk", filter=obtained))
    cumuls = indicators.filter(flow__isnull=False).exclude(obtained)
    derived = sum(not value.is_pending for value in values_of(list(cumuls), year).values())
    total, done = counts["total"], counts["given"] + derived
    url = reverse("axes:indicators", args=[year.territory.code, year.number])
    missing = count_words(total - done, "chiffre pas encore reçu", "chiffres pas encore reçus")
    return Item("Indicateurs", url, done, total, (missing,) if missing else ())


def cited_items(year):
    """The figures cited in sentences and totals, where there are some: those that changed since are to be reviewed."""
    uses = uses_of(year)
    if not uses:
        return []
    stale = sum(use.is_stale for use in uses)
    url = reverse("reporting:rehearsal", args=[year.territory.code, year.number]) + "#a-revoir"
    missing = count_words(stale, "chiffre à revoir", "chiffres à revoir")
    return [Item("Chiffres cités", url, len(uses) - stale, len(uses), (missing,) if missing else ())]


def campaign_items(year):
    """The campaign of the exercise, where there is one: what is validated, and what waits for the lead."""
    states = Submission.State
    counts = {
        "total": Count("submissions"),
        "validated": Count("submissions", filter=Q(submissions__state=states.VALIDATED)),
        "sent": Count("submissions", filter=Q(submissions__state=states.SENT)),
    }
    campaign = Campaign.objects.filter(year=year).annotate(**counts).first()
    if campaign is None:
        return []
    awaited = campaign.total - campaign.validated - campaign.sent
    is_late = campaign.opened_at and campaign.is_past_due(timezone.localdate())
    missing = (
        "" if campaign.opened_at else "à ouvrir",
        count_words(campaign.sent, "bilan à examiner", "bilans à examiner"),
        count_words(awaited, "en retard", "en retard")
        if is_late
        else count_words(awaited, "bilan attendu", "bilans attendus"),
    )
    url = reverse("axes:campaign", args=[year.territory.code, year.number])
    return [Item("Campagne", url, campaign.validated, campaign.total, tuple(filter(None, missing)))]


def indicators_of(year):
    """The indicators that an exercise asks for: those of its lines, and those of no action (context)."""
    return Q(territory=year.territory) & (Q(action__isnull=True) | Q(action__lines__year=year))


def count_words(count, singular, plural):
    """« 3 cellules vides », or nothing for none."""
    return f"{count} {plural if count > 1 else singular}" if count else ""


def steps_of(year):
    """The steps of an exercise: (code, label, where it stands: done, current or to come)."""
    codes = [code for code, _ in Year.State.choices]
    reached = codes.index(year.state)
    return [
        (code, label, "done" if rank < reached else "current" if rank == reached else "next")
        for rank, (code, label) in enumerate(Year.State.choices)
    ]
