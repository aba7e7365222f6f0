"""The texts: cells of the tables, and the chapters of the report; in place with htmx, on a plain page without."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from axes import workflow
from axes.doors import check_still_open, year_page
from axes.finder import Finder
from axes.history import chapter_changes
from axes.models import Axis, Block, Chapter, Indicator, TextBlock
from axes.notices import warn_of_persons
from axes.progress import chapter_items
from axes.shown import shown_in
from axes.values import values_of
from axes.views.plan import LINES, REMOVED, after_saving, at_version, get_cell, posted_version
from logement import richtext
from logement.locking import Conflict
from logement.roles import Permission as P


@require_safe
@year_page(P.EDIT_PLAN)
def chapters(request, year):
    return render(
        request, "axes/chapters.html", {"year": year, "items": [item for _, item in chapter_items(year)]}
    )


@require_safe
@year_page(P.EDIT_PLAN)
def chapter(request, year, chapter_id):
    chapter = get_object_or_404(Chapter, pk=chapter_id, year=year)
    blocks = chapter.blocks.select_related("axis", "text")
    context = {
        "year": year,
        "chapter": chapter,
        "blocks": blocks,
        "axes": Axis.objects.filter(blocks__chapter__year=year, number__isnull=False),
        "figures": context_figures(year) if any(block.kind == Block.Kind.CONTEXT for block in blocks) else [],
        "may_edit": year.is_open,
        "shown": shown_in([text_of(block) for block in blocks], year),
    }
    return render(request, "axes/chapter.html", context)


@require_safe
@year_page(P.EDIT_PLAN)
def chapter_history(request, year, chapter_id):
    chapter = get_object_or_404(Chapter, pk=chapter_id, year=year)
    context = {
        "year": year,
        "title": str(chapter),
        "changes": chapter_changes(chapter),
        "back": reverse("axes:chapter", args=[year.territory.code, year.number, chapter.pk]),
    }
    return render(request, "axes/history.html", context)


@require_safe
@year_page(P.EDIT_PLAN)
def read_block(request, year, block_id):
    return render_block(request, year, get_block(year, block_id))


@year_page(P.EDIT_PLAN)
def edit_block(request, year, block_id):
    block = get_block(year, block_id)
    text = TextBlock.objects.filter(block=block).first() or TextBlock(year=year, block=block, version=0)
    back = reverse("axes:chapter", args=[year.territory.code, year.number, block.chapter_id])

    def saved(text):
        block.text = text
        if request.htmx:
            return render_block(request, year, block, saved=True)
        messages.success(request, "Enregistré.")
        return redirect(back)

    names = {"heading": f"Texte : {block.chapter}", "back": back, "read": read_block_url(year, block)}
    return edit_text(request, year, text, names=names, saved=saved)


@year_page(P.EDIT_PLAN, sees=LINES)
def edit_cell(request, year, line_id, column_id):
    cell = get_cell(request, year, line_id, column_id)
    if not cell.column.is_text:
        raise Http404
    text = cell.text or TextBlock(year=year, line=cell.line, column=cell.column, version=0)
    code, number = year.territory.code, year.number
    names = {
        "heading": f"{cell.column.heading_for(number)} : {cell.line.title}",
        "back": reverse("axes:axis", args=[code, number, cell.line.axis_id]) + f"#action-{line_id}",
        "read": reverse("axes:read_cell", args=[code, number, line_id, column_id]),
    }

    def saved(text):
        return after_saving(request, year, type(cell)(cell.line, cell.column, text))

    return edit_text(request, year, text, names=names, saved=saved)


def edit_text(request, year, text, *, names, saved):
    """Shows or saves the editor of a text. `names`: its heading, where to go back, its reading fragment.

    The rich editor posts HTML (`html`), the plain page posts the light markup (`markup`); what was typed always
    comes back in the field, whatever went wrong.
    """
    check_still_open(year)
    typed, version, error, current = text.content, text.version, "", None
    is_searching = "chercher" in request.POST or "chiffre-serie" in request.POST
    if request.method == "POST":
        version = posted_version(request)
        typed = typed_html(request.POST)
    if request.method == "POST" and not is_searching:
        try:
            text = workflow.save_text(text=text, version=version, content=typed, by=request.user)
            warn_of_persons(request, richtext.plain(richtext.parse(text.content)))
            return saved(text)
        except Conflict as conflict:
            current = conflict.current
            version = current.version if current else version
            error = "" if current else REMOVED
        except ValueError as refusal:
            error = str(refusal)
        except ValidationError as refusal:
            error = refusal.message
    context = {
        "year": year,
        **names,
        "post_to": request.path,
        "typed": typed,
        "markup": request.POST.get("markup") or richtext.to_markup(richtext.parse(typed)),
        "version": version,
        "finder": Finder(year, request.POST, action_id=text.line.action_id if text.line_id else None),
        "is_searching": is_searching,
        "error": error,
        "current": current,
        "is_conflict": current is not None,
    }
    status = 409 if current else 422 if error else 200
    template = "axes/edit_text.html#form" if request.htmx else "axes/edit_text.html"
    return render(request, template, context, status=status)


def typed_html(data):
    """What was typed, as HTML: from the rich editor, or from the light markup of the plain page."""
    if "markup" in data:
        return richtext.to_html(richtext.from_markup(data["markup"]))
    return data.get("html", "")


def get_block(year, block_id):
    blocks = Block.objects.select_related("chapter", "text")
    return get_object_or_404(blocks, pk=block_id, chapter__year=year, kind=Block.Kind.TEXT)


def read_block_url(year, block):
    return reverse("axes:read_block", args=[year.territory.code, year.number, block.pk])


def render_block(request, year, block, saved=False, linking=False):
    shown = shown_in([text_of(block)], year, is_open=linking)
    context = {"year": year, "block": block, "may_edit": year.is_open, "shown": shown, "saved": saved}
    response = render(request, "axes/_text_block.html", context)
    return at_version(response, block.text) if saved else response


def text_of(block):
    """The text of a block, or None while nothing was written."""
    return getattr(block, "text", None)


def context_figures(year):
    """The context indicators with their value for the exercise: a list of (indicator, value)."""
    indicators = list(
        Indicator.objects.filter(territory=year.territory, kind=Indicator.Kind.CONTEXT, action=None)
    )
    values = values_of(indicators, year)
    return [(indicator, values[indicator.pk]) for indicator in indicators]
