"""The parts of a report: those of a first exercise, their titles and their order, the tables of the axes in them."""

import hashlib

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Count, Exists, Max, OuterRef, Q
from django.utils import timezone
from simple_history.utils import bulk_create_with_history

from axes.agreements import usual
from axes.models import Axis, Block, Chapter, TextBlock, Year
from axes.workflow import check_open
from logement import audit
from logement.locking import Conflict, save_version
from logement.richtext import Paragraph, Text, to_html
from logement.text import clean_line

REASON = "Ouverture du premier exercice"
Kind = Block.Kind


def proposed_number(agreement):
    """The year of the first exercise of a convention: the first of its years that its territory has not opened."""
    taken = set(Year.objects.filter(territory=agreement.territory_id).values_list("number", flat=True))
    years = range(agreement.starts_on.year, agreement.ends_on.year + 1)
    return next((number for number in years if number not in taken), agreement.starts_on.year)


def obstacle(agreement):
    """Why a convention cannot have its first exercise yet, or any more: a French sentence, empty when it can."""
    if agreement.years.exists():
        return "Cette convention a déjà son premier exercice : le suivant s'ouvre depuis le tableau de bord du dernier."
    if not agreement.axes.exists():
        return "Donnez d'abord ses axes à la convention : chacun aura son tableau dans le rapport."
    if not agreement.layouts.exists():
        return "Donnez d'abord ses colonnes à la convention."
    return ""


@transaction.atomic
def open_first(*, agreement, number, sections, by):
    """Opens an exercise of a convention without any before it: title page, preamble, `sections` (their titles), annex.

    The first section holds the tables of the axes. Raises ValidationError with a French sentence.
    """
    if sentence := obstacle(agreement):
        raise ValidationError(sentence)
    if not agreement.starts_on.year <= number <= agreement.ends_on.year:
        raise ValidationError(
            {"number": f"La convention va de {agreement.starts_on.year} à {agreement.ends_on.year}."}
        )
    year = Year(territory=agreement.territory, agreement=agreement, number=number)
    year.full_clean()
    try:
        with transaction.atomic():
            year.save()
    except IntegrityError as error:  # two people at once: the database keeps the first
        raise ValidationError({"number": f"L'exercice {number} existe déjà."}) from error
    _write_parts(year, sections, by)
    audit.record(by=by, act=f"Ouverture de l'exercice {number}", about=year, territory=year.territory)
    return year


def _write_parts(year, sections, by):
    axes, layout = year.agreement.axes.all(), year.agreement.layouts.first()
    titles = [clean_line(title) for title in sections]
    parts = [
        (Chapter(kind=Chapter.Kind.COVER, title=usual.COVER), [Block(kind=Kind.TEXT)]),
        (
            Chapter(kind=Chapter.Kind.PREAMBLE, title=usual.PREAMBLE),
            [Block(kind=kind) for kind in (Kind.TEXT, Kind.AXES, Kind.CONTEXT)],
        ),
        *(
            (
                Chapter(number=rank, title=title),
                [Block(kind=Kind.ACTIONS, axis=axis, layout=layout) for axis in axes]
                if rank == 1
                else [Block(kind=Kind.TEXT)],
            )
            for rank, title in enumerate(filter(None, titles), start=1)
        ),
        (Chapter(title=usual.ANNEX), [Block(kind=Kind.FIGURES)]),
    ]
    for position, (chapter, blocks) in enumerate(parts, start=1):
        chapter.year, chapter.position = year, position
        for rank, block in enumerate(blocks, start=1):
            block.chapter, block.position = chapter, rank
    _create([chapter for chapter, _ in parts], Chapter, by)
    Block.objects.bulk_create(block for _, blocks in parts for block in blocks)
    cover = parts[0][1][0]
    text = TextBlock(year=year, block=cover, content=_cover(year), updated_at=timezone.now(), updated_by=by)
    _create([text], TextBlock, by)


def _cover(year):
    agreement = year.agreement
    lines = (agreement.title, f"Rapport d'exécution {year.number}", agreement.call, str(year.territory))
    return to_html([Paragraph((Text(line),)) for line in lines if line])


# --- The tables of the axes in the reports that are open ---


def forget_axes(axes):
    """Takes the tables of axes without any action out of the reports that are open; a sent report keeps them."""
    empty = Axis.objects.filter(pk__in=[axis.pk for axis in axes], actions=None, lines=None)
    Block.objects.filter(axis__in=empty).exclude(chapter__year__state__in=Year.SENT).delete()


def place_axes(agreement):
    """Each open report of a convention has a table per axis, in the order of the axes."""
    axes = list(agreement.axes.all())
    rank = {axis.pk: position for position, axis in enumerate(axes)}
    for year in agreement.years.exclude(state__in=Year.SENT):
        tables = list(Block.objects.filter(chapter__year=year, kind=Kind.ACTIONS).select_related("chapter"))
        placed = {table.axis_id for table in tables}
        if tables:
            chapter, layout = tables[-1].chapter, tables[-1].layout
        else:
            chapter = year.chapters.filter(kind=Chapter.Kind.SECTION).first()
            layout = agreement.layouts.first()
        if chapter is None or layout is None:
            continue
        last = chapter.blocks.aggregate(last=Max("position"))["last"] or 0
        added = [
            Block(chapter=chapter, kind=Kind.ACTIONS, axis=axis, layout=layout, position=last + extra)
            for extra, axis in enumerate((axis for axis in axes if axis.pk not in placed), start=1)
        ]
        Block.objects.bulk_create(added)
        _sort([table for table in tables if table.chapter_id == chapter.pk] + added, rank)


def _sort(tables, rank):
    """The tables of a part take, among their own places, the order of their axes."""
    places = sorted(table.position for table in tables)
    for place, table in zip(places, sorted(tables, key=lambda table: rank[table.axis_id]), strict=True):
        if table.position != place:
            table.position = place
            table.save(update_fields=["position"])


# --- Titles and order of the parts ---


def parts_of(year):
    """The chapters of an exercise in their order, each with `is_kept`: whether something in it cannot be removed."""
    written = TextBlock.objects.filter(block__chapter=OuterRef("pk")).exclude(content="")
    return year.chapters.annotate(
        tables=Count("blocks", filter=~Q(blocks__kind=Kind.TEXT)), is_written=Exists(written)
    )


def seen_of(year):
    """What the form of the parts reads, as one short word."""
    rows = list(year.chapters.values_list("pk", "version", "position"))
    return hashlib.sha256(repr(rows).encode()).hexdigest()[:16]


@transaction.atomic
def save_outline(*, year, rows, seen, by):
    """Writes the parts of a report: [(key or None, {"number": …, "title": …})] in their order; a new one holds a text.

    A part that is not among them is removed, if it holds neither text nor table. Raises Conflict, ValidationError.
    """
    check_open(year)
    held = {chapter.pk: chapter for chapter in parts_of(year)}
    if seen_of(year) != seen:
        if [(c.number, c.title) for c in held.values()] == [(f["number"], f["title"]) for _, f in rows]:
            return  # a form sent twice
        raise Conflict(year)
    for key in held.keys() - {key for key, _ in rows}:
        _remove(held[key], by)
    for position, (key, fields) in enumerate(rows, start=1):
        wanted = fields | {"title": clean_line(fields["title"]), "position": position}
        if key not in held:
            _add(year, wanted, by)
        elif any(getattr(held[key], name) != value for name, value in wanted.items()):
            save_version(held[key], version=held[key].version, by=by, reason="Parties du rapport", **wanted)
    audit.record(
        by=by,
        act="Parties du rapport : liste enregistrée",
        about=year,
        territory=year.territory,
        detail=" ; ".join(str(chapter) for chapter in year.chapters.all()),
    )


def _remove(chapter, by):
    if chapter.kind != Chapter.Kind.SECTION:
        raise ValidationError(
            f"« {chapter} » ne se retire pas : un rapport a sa page de titre, son préambule."
        )
    if chapter.tables or chapter.is_written:
        raise ValidationError(
            f"« {chapter} » contient un texte ou un tableau : elle ne peut pas être retirée."
        )
    chapter._history_user = by
    chapter.delete()


def _add(year, fields, by):
    chapter = Chapter(year=year, kind=Chapter.Kind.SECTION, **fields)
    chapter._history_user = by
    chapter.full_clean()
    chapter.save()
    Block.objects.create(chapter=chapter, kind=Kind.TEXT, position=1)


def _create(rows, model, by):
    bulk_create_with_history(rows, model, default_user=by, default_change_reason=REASON)
