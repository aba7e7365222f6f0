"""The inquiries of the State: asked, answered, withdrawn, settled by a version. Each act is told to the other side."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from axes.models import Year
from logement import audit
from logement.roles import Permission as P
from logement.text import clean_text
from reporting import messages
from reporting.assembly import anchor_of
from reporting.models import Inquiry

ALREADY = "Cette demande a déjà sa réponse, ou vient d'être retirée : rechargez la page."


def subjects_of(taken):
    """{anchor: words} of the places of a Snapshot about which one may ask: its rows, its figures."""
    rows = {
        f"action-{row.key}": title_of(row, block.columns)
        for chapter in taken.chapters
        for block in chapter.blocks
        for row in block.rows
    }
    cited = [source.figure for source in taken.sources.figures if source.year == taken.year]
    return rows | {anchor_of(figure): figure.label for figure in (*cited, *taken.figures)}


def title_of(row, columns):
    return next(
        (cell for cell, column in zip(row.cells, columns, strict=True) if column.role == "title"),
        row.cells[0],
    )


@transaction.atomic
def ask(*, year, version, anchor, about, question, by):
    """Asks about a place of a version, or (None) of the shared draft. Asked twice in the same words, it is one."""
    inquiry = Inquiry(
        year=year,
        version=version,
        anchor=anchor,
        about=clean_text(about)[:400],
        question=clean_text(question).strip(),
        asked_by=by,
    )
    lock(year.pk)  # a double click comes one after the other, and the second finds the first
    twin = Inquiry.objects.waiting().filter(year=year, anchor=anchor, question=inquiry.question).first()
    if twin:
        return twin
    inquiry.full_clean(exclude=["year", "version", "asked_by", "answered_by", "settled_by", "withdrawn_by"])
    inquiry.save(force_insert=True)
    record("Complément demandé", inquiry, by)
    messages.tell_of_question(inquiry)
    return inquiry


@transaction.atomic
def answer(*, inquiry, words, by):
    """The lead's answer, which stays as it is: the State may ask again."""
    words = clean_text(words).strip()
    if not words:
        raise ValidationError("Écrivez votre réponse.")
    held = waiting(inquiry)
    held.answer, held.answered_at, held.answered_by = words, timezone.now(), by
    held.save()
    record("Complément répondu", held, by)
    messages.tell_of_answer(held)
    return held


@transaction.atomic
def withdraw(*, inquiry, by):
    """Takes back a question that has no answer yet."""
    held = waiting(inquiry)
    held.withdrawn_at, held.withdrawn_by = timezone.now(), by
    held.save()
    record("Demande de complément retirée", held, by)
    return held


def waiting(inquiry):
    """The inquiry, locked, while nobody has answered it or taken it back."""
    lock(inquiry.year_id)
    held = Inquiry.objects.waiting().select_for_update(of=("self",)).filter(pk=inquiry.pk)
    held = held.select_related("year__territory").first()
    if held is None:
        raise ValidationError(ALREADY)
    return held


def lock(year_id):
    """Every act locks its exercise: a freeze, which settles inquiries, comes before or after, never between."""
    Year.objects.select_for_update(of=("self",)).get(pk=year_id)


def settle(*, version, inquiries, by):
    """Says which inquiries a version answers. For the act that makes it, in its transaction.

    One that is settled already, withdrawn, or of another exercise, is left alone.
    """
    keys = [inquiry.pk for inquiry in inquiries]
    held = Inquiry.objects.unsettled().filter(pk__in=keys, year=version.year).select_for_update(of=("self",))
    for inquiry in held.select_related("year__territory"):
        if inquiry.answered_at is None:
            inquiry.answered_at, inquiry.answered_by = version.frozen_at, by
        inquiry.settled_by = version
        inquiry.save()
        messages.tell_of_settlement(inquiry)


def record(act, inquiry, by):
    audit.record(by=by, act=act, about=inquiry, territory=inquiry.year.territory, detail=inquiry.anchor)


# --- On the page of a report ---


@dataclass(frozen=True, slots=True)
class Link:
    """What stands under a row: words, and where they lead."""

    words: str
    url: str


def links_of(user, year, version, anchors):
    """{anchor: (Link, …)} of the rows about which this reader may ask, or read what was asked. One query."""
    territory = year.territory
    asked = {}
    if user.may(P.VIEW_INQUIRIES, territory):
        for inquiry in Inquiry.objects.filter(year=year, withdrawn_at__isnull=True, anchor__in=anchors):
            asked.setdefault(inquiry.anchor, []).append(inquiry)
    links = {anchor: (Link(summary_of(held), page_of(year, held[0])),) for anchor, held in asked.items()}
    if user.may(P.MAKE_INQUIRY, territory):
        for anchor in anchors:
            link = Link("Demander un complément", asking_url(year, version, anchor))
            links[anchor] = (*links.get(anchor, ()), link)
    return links


def summary_of(held):
    """« 1 demande, sans réponse », « 2 demandes »."""
    waits = any(inquiry.state == Inquiry.State.WAITING for inquiry in held)
    count = f"{len(held)} demande{'s' if len(held) > 1 else ''}"
    return f"{count}, sans réponse" if waits else count


def page_of(year, inquiry):
    return reverse("reporting:inquiries", args=[year.territory.code, year.number]) + f"#demande-{inquiry.pk}"


def asking_url(year, version, anchor):
    """Where one asks about a place of a version, or (None) of what the exercise shows."""
    path = reverse("reporting:ask_inquiry", args=[year.territory.code, year.number, anchor])
    return f"{path}?version={version.number}" if version else path
