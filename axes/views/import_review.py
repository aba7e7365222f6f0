"""The review of an imported report: the document beside what was understood of it, one decision at a time."""

from urllib.parse import parse_qs, urlsplit

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from axes.doors import import_page
from axes.import_forms import FORMS, STATE_WORDS
from axes.imports import decisions
from axes.imports.documents import Confidence
from axes.imports.pages import DOUBTS, MISSING, Pages
from axes.imports.review import TOGETHER, Review
from axes.models import ImportDecision
from axes.progress import count_words
from axes.views.plan import posted_version
from logement.locking import Conflict
from logement.models import Job

Verdict = ImportDecision.Verdict
TITLES = {DOUBTS: "À vérifier", MISSING: "Mots non repris"}


@require_safe
@import_page
def review(request, report):
    """A part of the report: what is to be checked first, where something is."""
    if not report.is_understood:
        own = Job.objects.filter(kind="import", created_by=request.user, params__report=str(report.pk))
        return render(request, "axes/import_waiting.html", {"report": report, "job": own.first()})
    if report.compared_to_id:
        return redirect("axes:amended", report.territory.code, report.pk)
    found = Review(report)
    pages = Pages(found)
    slug = request.GET.get("partie") or (DOUBTS if found.doubts else pages.parts[0].slug)
    part = pages.part(slug)
    if part is None and slug not in TITLES:
        raise Http404
    context = {
        "report": report,
        "review": found,
        "slug": slug,
        "part": part,
        "title": part.title if part else TITLES[slug],
        "parts": pages.parts,
        "groups": () if slug == MISSING else pages.groups(slug),
        "previous": pages.neighbour(slug, -1),
        "following": pages.neighbour(slug, 1),
    }
    return render(request, "axes/import_review.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@import_page
def decide(request, report, item):
    """One item: what is written in its place is kept as it is typed, the verdict says whether it is taken."""
    found, held = open_item(report, item)
    if request.method != "POST" and request.htmx and "lire" in request.GET:
        return render(request, "axes/_import_item.html", context_of(request, found, held))
    if request.method != "POST":
        return show_form(request, found, held, form_of(found, held))
    verdict = request.POST.get("verdict", "")
    changes = {"verdict": verdict} if verdict in Verdict.values else {}
    form = form_of(found, held, request.POST) if "value" in request.POST else None
    if form and not form.is_valid():
        return show_form(request, found, held, form, version=posted_version(request), status=422)
    if form:
        changes["fields"] = form.fields_to_store
    act = decisions.choose_column if held.kind == "column" else decisions.decide
    try:
        act(report=report, item=item, version=posted_version(request), by=request.user, **changes)
    except ValidationError as error:
        messages.error(request, error.message)
        return redirect(url_of(found, held))
    except Conflict as conflict:
        found, held = open_item(report, item)
        form = form or form_of(found, held)
        return show_form(request, found, held, form, conflict=conflict.current, status=409)
    found, held = open_item(report, item)
    if not request.htmx:
        return redirect(url_of(found, held))
    is_typing = form and not verdict
    template = "axes/_import_kept.html" if is_typing else "axes/_import_item.html"
    return render(request, template, context_of(request, found, held, is_answer=True))


@require_POST
@import_page
def accept(request, report):
    """All the figures that are sure, or likely, and that nobody decided of."""
    confidence = request.POST.get("confiance", Confidence.SURE)
    if not report.is_understood or confidence not in TOGETHER:
        raise Http404
    wanted = [item.key for item in Review(report).open_figures(confidence)]
    try:
        done = decisions.accept(report=report, items=wanted, by=request.user)
    except ValidationError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, f"{count_words(done, 'chiffre accepté', 'chiffres acceptés')}.")
    return redirect(page_url(report, request.POST.get("partie", "")))


def open_item(report, key):
    """(Review, Item); 404 where there is none."""
    found = Review(report) if report.is_understood else None
    if found is None or key not in found.items:
        raise Http404
    return found, found.items[key]


def form_of(found, held, data=None):
    """The form of an item; a figure is offered the series of the plan that it may continue."""
    if held.kind != "figure":
        return FORMS[held.kind](data, item=held)
    joined = found.joined(held)
    near = dict.fromkeys([*([joined] if joined else []), *found.series.near(held.now)])
    return FORMS["figure"](data, item=held, near=list(near)[:8], joined=joined.code if joined else "")


def show_form(request, found, held, form, *, version=None, conflict=None, status=200):
    context = context_of(request, found, held) | {
        "form": form,
        "version": held.version if version is None else version,
        "conflict": conflict,
        "state_words": STATE_WORDS,
        "source": Pages(found).source(held.found.places),
    }
    template = "axes/_import_form.html" if request.htmx else "axes/import_item.html"
    return render(request, template, context, status=status)


def context_of(request, found, held, *, is_answer=False):
    """What an item needs where it is shown alone."""
    return {
        "report": found.report,
        "review": found,
        "item": held,
        "back": url_of(found, held),
        "slug": shown_in(request),
        "is_answer": is_answer,
    }


def shown_in(request):
    """The part of the review that is shown where htmx asks from; "" for the page as it opens."""
    query = urlsplit(request.htmx.current_url or "").query
    return parse_qs(query).get("partie", [""])[0]


def page_url(report, slug):
    """The page of a part, at its progress; the page as it opens for a part that is none."""
    is_known = slug in TITLES or Pages(Review(report)).part(slug)
    return f"{review_url(report)}{f'?partie={slug}' if is_known else ''}#avancement-reprise"


def review_url(report):
    return reverse("axes:review_import", args=[report.territory.code, report.pk])


def url_of(found, held):
    """Where an item is read in the review."""
    return f"{review_url(found.report)}?partie={Pages(found).part_of(held).slug}#{held.anchor}"
