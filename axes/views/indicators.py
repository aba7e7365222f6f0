"""The indicators of an exercise: their list, the page of each, and the entry of a value."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from axes import charts
from axes.collection import answers_over
from axes.definitions import definitions_of
from axes.doors import check_still_open, year_page
from axes.filters import IndicatorFilter
from axes.forms import ValueForm, initial_of
from axes.models import Entry, Indicator, Submission, Year
from axes.notices import warn_of_persons
from axes.progress import indicators_of
from axes.tables import IndicatorTable, answers_behind, history_of, indicator_rows, series_of
from axes.values import doubts, targets_of, value_from
from axes.workflow import record_entry
from logement.forms import refuse
from logement.locking import Conflict
from logement.roles import Permission as P
from logement.tables import arrange

ROWS = (P.VIEW_REGISTER_COUNTS, P.VIEW_OWN_REGISTERS)
FIGURES = (P.VIEW_FIGURES, P.VIEW_OWN_FIGURES)


@require_safe
@year_page(FIGURES)
def index(request, year):
    years = list(Year.objects.filter(territory=year.territory))
    before = year_before(year, years)
    filterset = IndicatorFilter(request.GET, queryset=list_of(year, request.user), year=year)
    rows = indicator_rows(list(filterset.qs), year=year, before=before)
    table = IndicatorTable(rows, year=year, before=before, may_enter=may_enter(request, year))
    arrange(table, request, per_page=50)
    kept = request.GET.copy()
    kept.pop("page", None)
    context = {
        "year": year,
        "tab": "axes:indicators",
        "years": years,
        "query": kept.urlencode(),
        "filter": filterset,
        "table": table,
        "pending": sum(row.value.is_pending for row in rows),
    }
    return render(request, "axes/indicators.html", context)


@require_safe
@year_page(FIGURES)
def indicator(request, year, code):
    indicator = get_indicator(request, year, code)
    years = list(Year.objects.filter(territory=year.territory))
    family = Q(whole=indicator) | Q(pk=indicator.whole_id)
    relatives = Indicator.objects.visible_to(request.user).filter(family)
    submissions = Submission.objects.visible_to(request.user)
    series, breaks = series_of(indicator, years), list(indicator.breaks.select_related("created_by"))
    row, *others = indicator_rows([indicator, *relatives], year=year, before=year_before(year, years))
    context = {
        "year": year,
        "tab": "axes:indicators",
        "indicator": indicator,
        "row": row,
        "whole": next((other for other in others if other.indicator.pk == indicator.whole_id), None),
        "parts": [other for other in others if other.indicator.whole_id == indicator.pk],
        "series": series,
        "picture": charts.description_of(indicator, series, breaks, row.target)
        if charts.has_chart(series)
        else "",
        "history": history_of(indicator, year),
        "answers": answers_behind(indicator, year, submissions) if row.value.is_answered else [],
        "meaning": definitions_of([indicator], year.number)[indicator.pk],
        "breaks": breaks,
        "may_read_rows": any(request.user.may(permission, year.territory) for permission in ROWS),
        "may_open_action": request.user.may(P.VIEW_LINES, year.territory),
        "may_enter": may_enter(request, year),
    }
    return render(request, "axes/indicator.html", context)


@require_safe
@year_page(FIGURES)
def series_chart(request, year, code):
    """The picture of the series; 404 where one year alone has a number."""
    indicator = get_indicator(request, year, code)
    series = series_of(indicator, list(Year.objects.filter(territory=year.territory)))
    if not charts.has_chart(series):
        raise Http404
    target = targets_of([indicator], year).get(indicator.pk)
    svg = charts.chart_of(indicator, series, indicator.breaks.all(), target)
    return HttpResponse(svg, content_type="image/svg+xml")


@require_http_methods(["GET", "HEAD", "POST"])
@year_page(P.EDIT_FIGURES, sees=FIGURES)
def enter_value(request, year, code):
    check_still_open(year)
    indicator = get_indicator(request, year, code)
    if indicator.source == Indicator.Source.REGISTER:
        messages.info(request, "Ce chiffre est calculé d'après un registre : il ne se saisit pas.")
        return redirect("axes:indicator", year.territory.code, year.number, indicator.code)
    if answers_over({(indicator.pk, year.number)}):
        messages.info(
            request, "Ce chiffre vient des réponses validées des partenaires : il ne se saisit pas."
        )
        return redirect("axes:indicator", year.territory.code, year.number, indicator.code)
    read = entry_read(request, indicator, year)
    if request.method != "POST":
        form = ValueForm(
            initial=initial_of(read, indicator=indicator, year=year),
            indicator=indicator,
            year=year,
            corrected=read,
        )
        return render_form(request, year, form)
    form = ValueForm(request.POST, indicator=indicator, year=year, corrected=read)
    if not form.is_valid():
        return render_form(request, year, form, status=422)
    fields = form.entry_fields()
    try:
        entry = record_entry(indicator=indicator, year=year, by=request.user, corrects=read, **fields)
    except ValidationError as error:
        refuse(form, error)
        return render_form(request, year, form, status=422)
    except Conflict as conflict:
        mine = Entry(indicator=indicator, year=year, created_by=request.user, corrects=read, **fields)
        if not says_the_same(mine, conflict.current):
            return render_conflict(request, year, mine, conflict.current)
        entry = conflict.current
    announce(request, year, entry)
    return redirect("axes:indicator", year.territory.code, year.number, indicator.code)


def render_form(request, year, form, *, status=200, conflict=None):
    context = {
        "year": year,
        "tab": "axes:indicators",
        "form": form,
        "indicator": form.indicator,
        "row": row_of(form.indicator, year),
        "conflict": conflict,
    }
    return render(request, "axes/enter_value.html", context, status=status)


def render_conflict(request, year, mine, theirs):
    """Shows both values; the form keeps what was typed, ready to correct the value now in force."""
    indicator = mine.indicator
    form = ValueForm(
        initial=request.POST.dict() | {"corrects": theirs.pk},
        indicator=indicator,
        year=year,
        corrected=theirs,
    )
    conflict = {
        "mine": value_from(mine, indicator=indicator, number=year.number),
        "theirs": value_from(theirs, indicator=indicator, number=year.number),
        "is_own": theirs.created_by_id == request.user.pk,
        "reason": theirs.reason,
    }
    return render_form(request, year, form, status=409, conflict=conflict)


def announce(request, year, entry):
    value = value_from(entry, indicator=entry.indicator, number=year.number)
    base = f" ({value.base_display})" if value.base_display not in {"", value.figure} else ""
    messages.success(request, f"La valeur {year.number} est enregistrée : {value.display}{base}.")
    for sentence in doubts(entry.indicator, year):
        messages.warning(request, sentence)
    warn_of_persons(request, entry.note, entry.reason)


def says_the_same(mine, theirs):
    """Whether a form was sent twice: the entry in force is the same, by the same person."""
    fields = [
        f.name
        for f in Entry._meta.concrete_fields
        if f.name not in {"id", "corrects", "created_at", "is_fictive"}
    ]
    return all(getattr(mine, name) == getattr(theirs, name) for name in fields)


def list_of(year, user):
    """The indicators that an exercise asks for or has values of, as far as `user` sees them."""
    has_value = Exists(Entry.objects.filter(indicator=OuterRef("pk"), year=year))
    indicators = Indicator.objects.visible_to(user).filter(territory=year.territory)
    return indicators.filter(indicators_of(year) | Q(has_value)).select_related("action__axis", "supplier")


def get_indicator(request, year, code):
    visible = Indicator.objects.visible_to(request.user).filter(territory=year.territory)
    return get_object_or_404(visible.select_related("action__axis", "supplier", "whole"), code=code)


def entry_read(request, indicator, year):
    """The entry that the form shows and may correct: the one in force, or on sending the one that had been read."""
    entries = Entry.objects.filter(indicator=indicator, year=year).select_related("created_by")
    if request.method != "POST":
        return entries.current().first()
    key = request.POST.get("corrects", "")
    if not key:
        return None
    return get_object_or_404(entries, pk=int(key) if key.isdecimal() and len(key) < 19 else 0)


def row_of(indicator, year):
    before = Year.objects.filter(territory=year.territory, number=year.number - 1).first()
    return indicator_rows([indicator], year=year, before=before)[0]


def year_before(year, years):
    return next((other for other in years if other.number == year.number - 1), None)


def may_enter(request, year):
    return year.is_open and request.user.may(P.EDIT_FIGURES, year.territory)
