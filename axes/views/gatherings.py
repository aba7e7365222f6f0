"""The gatherings of an exercise (« Événements »): their list with the quick entry, correction, removal."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_safe

from axes import workflow
from axes.doors import check_still_open, year_page
from axes.gathering_form import GatheringFilter, GatheringForm, initial_of
from axes.models import Gathering
from axes.notices import warn_of_persons
from axes.periods import Period
from axes.tables import GatheringTable
from axes.views.plan import LINES, may_edit, posted_version, status_of
from logement.locking import Conflict
from logement.roles import Permission as P
from logement.tables import arrange

PAGE = require_http_methods(["GET", "HEAD", "POST"])
STICKY = ("action", "kind", "organisation")  # what the next gathering entered in a row usually shares


@require_safe
@year_page(LINES)
def index(request, year):
    """The list; whoever may edit has the form of one more above it, ready for the next after each."""
    seen = gatherings_of(request, year).select_related("action__axis", "kind", "organisation")
    filterset = GatheringFilter(request.GET, queryset=seen)
    table = GatheringTable(filterset.qs, year=year, may_edit=may_edit(request, year))
    arrange(table, request, per_page=50)
    form = None
    if may_edit(request, year):
        form = GatheringForm(initial={name: request.GET.get(f"meme_{name}") for name in STICKY}, year=year)
    return render_list(request, year, filterset, table, form)


def render_list(request, year, filterset, table, form):
    context = {
        "year": year,
        "filter": filterset,
        "table": table,
        "form": form,
        "is_entering": any(request.GET.get(f"meme_{name}") for name in STICKY),
    }
    return render(request, "axes/gatherings.html", context)


@PAGE
@year_page(P.EDIT_PLAN, sees=LINES)
def add(request, year):
    check_still_open(year)
    form = GatheringForm(request.POST or None, year=year)
    if request.method == "POST" and form.is_valid():
        gathering = save(request, year, form)
        if gathering:
            messages.success(
                request, f"« {gathering} » est enregistré. Saisissez le suivant, ou quittez la page."
            )
            kept = {f"meme_{name}": getattr(gathering, f"{name}_id") or "" for name in STICKY}
            return redirect(f"{list_url(year)}?{urlencode(kept)}")
    return render_form(request, year, form, "Ajouter un événement")


@PAGE
@year_page(P.EDIT_PLAN, sees=LINES)
def edit(request, year, pk):
    check_still_open(year)
    gathering, current = get_gathering(request, year, pk), None
    version = gathering.version
    form = GatheringForm(initial=initial_of(gathering), year=year)
    if request.method == "POST":
        form, version = GatheringForm(request.POST, year=year), posted_version(request)
        try:
            if form.is_valid() and save(request, year, form, gathering=gathering, version=version):
                messages.success(request, "Enregistré.")
                return redirect(list_url(year))
        except Conflict as conflict:
            current = conflict.current
            version = current.version if current else version
    return render_form(request, year, form, "Corriger un événement", version=version, current=current, pk=pk)


@PAGE
@year_page(P.EDIT_PLAN, sees=LINES)
def remove(request, year, pk):
    check_still_open(year)
    gathering, stale = get_gathering(request, year, pk), False
    if request.method == "POST":
        version = posted_version(request)
        try:
            workflow.remove_gathering(gathering=gathering, year=year, version=version, by=request.user)
        except Conflict:
            stale = True
        else:
            messages.success(request, f"« {gathering} » est retiré.")
            return redirect(list_url(year))
    context = {"year": year, "gathering": gathering, "stale": stale}
    return render(request, "axes/remove_gathering.html", context, status=409 if stale else 200)


def save(request, year, form, **which):
    """Saves what the form holds; None, with the reason in the form, where it is refused."""
    fields = form.gathering_fields()
    try:
        saved = workflow.save_gathering(year=year, by=request.user, **which, **fields)
    except ValidationError as error:
        form.add_error(None, ValidationError(error.messages))
        return None
    warn_of_persons(request, saved.title, form.cleaned_data["new_kind"])
    return saved


def render_form(request, year, form, heading, *, version=None, current=None, pk=None):
    context = {
        "year": year,
        "form": form,
        "heading": heading,
        "version": version,
        "current": current,
        "pk": pk,
    }
    return render(request, "axes/gathering.html", context, status=409 if current else status_of(form))


def gatherings_of(request, year):
    held = Gathering.objects.visible_to(request.user).of(year.territory)
    return held.held(Period.of_year(year.number)).distinct()


def get_gathering(request, year, pk):
    found = gatherings_of(request, year).select_related("action", "kind", "organisation")
    return get_object_or_404(found, pk=pk)


def list_url(year):
    return reverse("axes:gatherings", args=[year.territory.code, year.number])
