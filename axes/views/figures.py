"""Where the figures come from: their list, the rows behind each, and how an indicator is obtained."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from axes import workflow
from axes.doors import check_still_open, year_page
from axes.figures import FIGURES
from axes.notices import warn_of_persons
from axes.periods import Period
from axes.source_form import SourceForm, initial_source
from axes.sources import columns_of, rows_for, sources_of
from axes.values import period_of
from axes.views.indicators import FIGURES as SEES
from axes.views.indicators import get_indicator
from axes.views.plan import status_of
from logement import audit
from logement.models import AccessLog
from logement.roles import Permission as P

COUNTS = (P.VIEW_REGISTER_COUNTS, P.VIEW_OWN_REGISTERS)
PER_PAGE = 50


@require_safe
@year_page(COUNTS)
def index(request, year):
    context = {
        "year": year,
        "sources": sources_of(year, request.user),
        "counts_all": request.user.may(P.VIEW_REGISTER_COUNTS, year.territory),
    }
    return render(request, "axes/sources.html", context)


@require_safe
@year_page(COUNTS)
def rows(request, year, key):
    """The rows behind a figure, or behind the value of an indicator (`?indicateur=`); who read them is kept."""
    figure = FIGURES.get(key)
    if figure is None:
        raise Http404
    code = request.GET.get("indicateur")
    indicator = get_indicator(request, year, code) if code else None
    if indicator is not None and indicator.figure_key != key:
        raise Http404
    period = period_of(indicator, year.number) if indicator else Period.of_year(year.number)
    found = rows_for(figure, indicator, year.territory, period, request.user)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    if figure.is_about_people and page.paginator.count:
        log_reading(request, year, figure, page)
    columns = columns_of(figure, found.model)
    context = {
        "year": year,
        "figure": figure,
        "indicator": indicator,
        "period": period,
        "page": page,
        "titles": [title for title, _ in columns],
        "table": [[(title, getter(row)) for title, getter in columns] for row in page],
    }
    return render(request, "axes/figure_rows.html", context)


def log_reading(request, year, figure, page):
    owners = {
        organisation
        for territory, organisation in request.user.organisations_with(P.VIEW_OWN_REGISTERS)
        if territory == year.territory_id
    }
    organisations = [m.organisation for m in request.user.memberships_today if m.organisation_id in owners]
    audit.log_access(
        by=request.user,
        act=AccessLog.Act.FIGURE,
        register=figure.key.partition(".")[0],
        territory=year.territory,
        organisation=organisations[0] if len(owners) == 1 else None,
        rows=len(page),
        detail=f"{figure.key}, {year.number}",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@year_page(P.EDIT_FIGURES, sees=SEES)
def change_source(request, year, code):
    """How an indicator is obtained from this exercise on."""
    check_still_open(year)
    indicator = get_indicator(request, year, code)
    form = SourceForm(request.POST or None, initial=initial_source(indicator), indicator=indicator)
    if request.method == "POST" and form.is_valid():
        try:
            workflow.change_source(indicator=indicator, year=year, by=request.user, **form.choice())
        except ValidationError as error:
            form.add_error(None, ValidationError(error.messages))
        else:
            warn_of_persons(request, form.cleaned_data["reason"])
            messages.success(
                request, f"Le mode d'obtention change à partir de {year.number} : la série est rompue."
            )
            return redirect("axes:indicator", year.territory.code, year.number, indicator.code)
    context = {"year": year, "indicator": indicator, "form": form}
    return render(request, "axes/change_source.html", context, status=status_of(form))
