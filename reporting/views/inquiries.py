"""The inquiries of an exercise: their list for both sides, the question asked in place, its answer."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from axes.doors import year_page
from logement.forms import refuse
from logement.roles import Permission as P
from reporting import frozen, snapshot
from reporting import inquiries as acts
from reporting.inquiry_forms import AnswerForm, AskForm
from reporting.models import Inquiry
from reporting.models.inquiry import place_of
from reporting.views.report import may_read_as_it_stands
from reporting.views.versions import get_version

FORM = require_http_methods(["GET", "HEAD", "POST"])


def of_year(year):
    return (
        Inquiry.objects.filter(year=year)
        .select_related(
            "year__territory",
            "version__year__territory",
            "settled_by__year__territory",
            "asked_by",
            "answered_by",
            "withdrawn_by",
        )
        .defer("version__report", "settled_by__report")
    )


@require_safe
@year_page(P.VIEW_INQUIRIES)
def inquiries(request, year):
    found = list(of_year(year))
    waiting = [inquiry for inquiry in found if inquiry.is_waiting]
    context = {
        "year": year,
        "tab": "reporting:report",
        "inquiries": [*waiting, *(inquiry for inquiry in found if not inquiry.is_waiting)],
        "waiting": len(waiting),
        "may_ask": request.user.may(P.MAKE_INQUIRY, year.territory),
        "may_answer": request.user.may(P.ANSWER_INQUIRY, year.territory),
    }
    return render(request, "reporting/inquiries.html", context)


def version_read(request, year):
    """The version that the address names; None for the draft that this person reads. 404 for what is not theirs."""
    number = request.GET.get("version", "")
    if number.isascii() and number.isdigit() and len(number) < 5:
        return get_version(year, int(number))
    if year.is_open and may_read_as_it_stands(request, year):
        return None
    last = frozen.last_of(year)
    if last is None:
        raise Http404
    return last


@FORM
@year_page(P.MAKE_INQUIRY, sees=P.VIEW_INQUIRIES)
@vary_on_headers("HX-Request")
def ask(request, year, anchor):
    version = version_read(request, year)
    taken = frozen.snapshot_of(version) if version else snapshot.take(year.pk)
    about = acts.subjects_of(taken).get(anchor)
    if about is None:
        raise Http404
    form = AskForm(request.POST or None)
    context = {
        "year": year,
        "tab": "reporting:report",
        "form": form,
        "about": about,
        "version": version,
        "back": place_of(year, version, anchor),
        "action": acts.asking_url(year, version, anchor),
    }
    if request.method == "POST" and form.is_valid():
        asked = acts.ask(
            year=year,
            version=version,
            anchor=anchor,
            about=about,
            question=form.cleaned_data["words"],
            by=request.user,
        )
        if request.htmx:
            return render(request, "reporting/_inquiry_asked.html", context | {"inquiry": asked})
        messages.success(request, f"Votre demande sur « {about} » est envoyée à la métropole.")
        return redirect(context["back"])
    template = "reporting/ask_inquiry.html" + ("#dialog" if request.htmx else "")
    return render(request, template, context, status=422 if form.errors else 200)


@FORM
@year_page(P.ANSWER_INQUIRY, sees=P.VIEW_INQUIRIES)
def answer(request, year, inquiry_id):
    inquiry = get_object_or_404(of_year(year), pk=inquiry_id)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            acts.answer(inquiry=inquiry, words=form.cleaned_data["words"], by=request.user)
        except ValidationError as error:
            refuse(form, error)
        else:
            messages.success(request, "Votre réponse est envoyée.")
            return redirect(acts.page_of(year, inquiry))
    context = {"year": year, "tab": "reporting:report", "form": form, "inquiry": inquiry}
    return render(request, "reporting/answer_inquiry.html", context, status=422 if form.errors else 200)


@require_POST
@year_page(P.MAKE_INQUIRY)
def withdraw(request, year, inquiry_id):
    inquiry = get_object_or_404(of_year(year), pk=inquiry_id)
    try:
        acts.withdraw(inquiry=inquiry, by=request.user)
    except ValidationError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, "La demande est retirée.")
    return redirect(acts.page_of(year, inquiry))
