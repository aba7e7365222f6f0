"""The page that explains a figure of the report; in a dialog over the page where it was read, with scripts."""

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from axes.doors import year_page
from axes.explanation import explanation_of
from axes.models import Year
from axes.views.indicators import FIGURES
from logement.roles import Permission as P

DOORS = (P.VIEW_DRAFT_REPORT, P.VIEW_SHARED_REPORT, P.VIEW_SENT_REPORT, *FIGURES)


@require_safe
@year_page(DOORS)
@vary_on_headers("HX-Request")
def explain(request, year, code, exercise):
    explanation = explanation_of(code=code, number=exercise, year=year, user=request.user)
    if explanation is None:
        raise Http404
    context = {
        "year": year,
        "tab": "reporting:report",
        "reads_report": Year.objects.with_report_visible_to(request.user).filter(pk=year.pk).exists(),
        "explanation": explanation,
        "asking": asking_anchor(request, year, explanation),
    }
    template = "axes/explain.html#dialog" if request.htmx else "axes/explain.html"
    return render(request, template, context)


def asking_anchor(request, year, explanation):
    """What names the figure where its reader may ask about it; one of an earlier year is asked about in its report."""
    is_theirs = explanation.year == year and request.user.may(P.MAKE_INQUIRY, year.territory)
    return f"chiffre-{explanation.indicator.pk}" if is_theirs else ""
