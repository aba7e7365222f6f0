"""Figures for a text: looked for by words, and linked to the numbers that were typed."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from axes import linking
from axes.doors import check_still_open, year_page
from axes.finder import Finder
from axes.models import TextBlock
from axes.table import ActionCell
from axes.views.plan import LINES, line_url, posted_version, render_cell
from axes.views.texts import get_block, render_block
from logement.locking import Conflict
from logement.roles import Permission as P

CHANGED = "Ce texte a été modifié entre-temps : le voici tel qu'il est ; relisez-le, puis recommencez."


@require_safe
@year_page(P.EDIT_PLAN)
def figures(request, year):
    """The figures that answer the words typed, and what the chosen one will print: a fragment, or a page."""
    finder = Finder(year, request.GET)
    template = "axes/_cite.html" if request.htmx else "axes/cite.html"
    return render(request, template, {"year": year, "finder": finder, "focus": False})


@require_POST
@year_page(P.EDIT_PLAN, sees=LINES)
def link(request, year, text_id):
    """Makes typed numbers stand for the figures chosen."""
    check_still_open(year)
    texts = TextBlock.objects.select_related("line__action", "column", "block__chapter", "year")
    text = get_object_or_404(texts, pk=text_id, year=year)
    try:
        text = linking.link(
            text=text,
            version=posted_version(request),
            wanted=wanted_links(request.POST),
            by=request.user,
        )
    except Conflict as conflict:
        if conflict.current is None:
            raise Http404 from conflict
        text = conflict.current
        messages.error(request, CHANGED)
    except ValidationError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, "C'est lié : si le chiffre change, la phrase sera « à revoir ».")
    return read_again(request, year, text)


def wanted_links(data):
    """{place: ref} of the pairs that a form holds; a place that is no number is one where nothing stands."""
    places = (int(place) if place.isdecimal() and len(place) < 9 else -1 for place in data.getlist("place"))
    return dict(zip(places, data.getlist("chiffre"), strict=False))


def read_again(request, year, text):
    """The text as it reads now: in place, or on its page."""
    if request.htmx and text.line_id:
        return render_cell(request, year, ActionCell(text.line, text.column, text), linking=True)
    if request.htmx:
        return render_block(request, year, get_block(year, text.block_id), linking=True)
    if text.line_id:
        return redirect(line_url(text.line, year))
    return redirect("axes:chapter", year.territory.code, year.number, text.block.chapter_id)
