"""The page of the key figures: what the report draws, chosen by its lead."""

from dataclasses import dataclass
from itertools import groupby

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from axes.charts import svgs_of
from axes.doors import check_still_open, year_page
from axes.key_figures import MOST, Drawn, Wish, candidates_of, choose, default_of
from axes.models import Illustration
from axes.notices import warn_of_persons
from axes.public import heading_of
from axes.views.plan import posted_version
from logement.locking import Conflict
from logement.roles import Permission as P


@dataclass(frozen=True, slots=True)
class Choice:
    """A chart that may be drawn: whether it is, the Wish as stored or typed, its picture where it is drawn."""

    drawn: Drawn
    is_chosen: bool
    wish: Wish | None = None
    svg: str = ""

    @property
    def heading(self):
        return heading_of(self.drawn.indicator)


@require_http_methods(["GET", "HEAD", "POST"])
@year_page(P.EDIT_PLAN)
def key_figures(request, year):
    candidates = candidates_of(year)
    current = Illustration.objects.filter(year=year).first()
    if request.method != "POST":
        return page(request, year, candidates, current, stored(current, candidates))
    check_still_open(year)
    typed = {
        one.code: Wish(
            request.POST.get(f"description-{one.code}", ""),
            # What was not drawn yet had no box to tick: it goes on the page until told otherwise.
            f"synthese-{one.code}" in request.POST or f"description-{one.code}" not in request.POST,
        )
        for one in candidates
        if one.code in request.POST.getlist("choisi")
    }
    has_synthesis = "synthese" in request.POST
    try:
        choose(
            year=year,
            version=posted_version(request),
            has_synthesis=has_synthesis,
            chosen={
                (one.indicator.pk, one.shape): typed[one.code] for one in candidates if one.code in typed
            },
            by=request.user,
        )
    except Conflict as conflict:
        return page(request, year, candidates, conflict.current, typed, has_synthesis, is_stale=True)
    except ValidationError as error:
        return page(request, year, candidates, current, typed, has_synthesis, error=" ".join(error.messages))
    warn_of_persons(request, *(wish.description for wish in typed.values()))
    messages.success(request, "Le choix des graphiques est enregistré.")
    return redirect("axes:key_figures", year.territory.code, year.number)


def stored(illustration, candidates):
    """{code of a chart that is drawn: its Wish}."""
    if illustration is None:
        return {one.code: Wish() for one in default_of(candidates)}
    return {
        f"{row.indicator_id}-{row.shape}": Wish(row.description, row.is_in_synthesis)
        for row in illustration.key_figures.all()
    }


def group_of(heading, choices):
    """(heading of an axis, its charts that are drawn, the others)."""
    return heading, [one for one in choices if one.is_chosen], [one for one in choices if not one.is_chosen]


def page(request, year, candidates, current, chosen, has_synthesis=None, *, is_stale=False, error=""):
    pictures = svgs_of([one for one in candidates if one.code in chosen])
    choices = [
        Choice(one, one.code in chosen, chosen.get(one.code), pictures.get(one.code, ""))
        for one in candidates
    ]
    context = {
        "year": year,
        "groups": [
            group_of(heading, list(held)) for heading, held in groupby(choices, key=lambda one: one.heading)
        ],
        "tab": "axes:chapters",
        "current": current,
        "version": current.version if current else 0,
        "has_synthesis": bool(current and current.has_synthesis) if has_synthesis is None else has_synthesis,
        "most": MOST,
        "may_edit": year.is_open,
        "is_empty": not any(one.is_chosen for one in choices),
        "is_stale": is_stale,
        "error": error,
    }
    status = 409 if is_stale else 422 if error else 200
    return render(request, "axes/key_figures.html", context, status=status)
