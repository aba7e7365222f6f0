"""« Répétition générale »: the list of an exercise for its lead, the same as a spreadsheet, and the acts on it."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from axes import justifications, staleness
from axes.doors import check_still_open, year_page
from axes.models import Justification
from axes.notices import warn_of_persons
from logement.roles import Permission as P
from logement.spreadsheets import to_xlsx
from reporting.rehearsal import rehearse

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SIGHT = "vu-"  # vu-<key of a citation> = the new words that the page showed
NOTHING_CHOSEN = "Choisissez les chiffres à revoir : rien n'a été envoyé."


@dataclass(frozen=True, slots=True)
class Form:
    """A form of the page as it was sent: which one (`key`), the reason typed, where it is, what it did in French."""

    key: str
    reason: str
    anchor: str
    done: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """A form that came back: which one (`key`), what was typed in it, and why."""

    key: str
    reason: str
    sentence: str


@require_safe
@year_page(P.EDIT_PLAN)
def rehearsal(request, year):
    return page(request, year)


def page(request, year, refusal=None):
    context = {
        "year": year,
        "rehearsal": rehearse(year),
        "may_edit": year.is_open,
        "refusal": refusal,
    }
    return render(request, "reporting/rehearsal.html", context, status=422 if refusal else 200)


@require_safe
@year_page(P.EDIT_PLAN)
def rehearsal_file(request, year):
    """One row per line of the page, with the address of the place."""
    columns = {
        "Rubrique": lambda row: row[0].title,
        "Importance": lambda row: row[1].weight.label,
        "Ce qui ne va pas": lambda row: row[1].sentence,
        "Que faire": lambda row: row[1].mend or row[0].mend,
        "Endroit": lambda row: "\n".join(spot.label for spot in row[1].places),
        "Phrase": lambda row: row[1].excerpt,
        "Lien": lambda row: "\n".join(request.build_absolute_uri(spot.url) for spot in row[1].places),
    }
    content = to_xlsx(columns, rehearse(year).flaws, title=f"Répétition générale {year.number}")
    name = f"repetition-{year.territory.code}-{year.number}.xlsx"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=XLSX, headers=headers)


@require_POST
@year_page(P.EDIT_PLAN)
def justify(request, year):
    key, reason = request.POST.get("key", ""), request.POST.get("reason", "")
    form = Form(key, reason, "constats", "Le constat est justifié.")
    return decide(request, year, form, justifications.justify, key=key, reason=reason)


@require_POST
@year_page(P.EDIT_PLAN)
def withdraw(request, year, justification_id):
    check_still_open(year)
    justification = get_object_or_404(
        Justification.objects.select_related("year__territory"), pk=justification_id, year=year
    )
    justifications.withdraw(justification=justification, by=request.user)
    messages.success(request, "La justification est retirée.")
    return redirect(address(year, "constats"))


@require_POST
@year_page(P.EDIT_PLAN)
def accept_changes(request, year):
    form = Form("", "", "a-revoir", "Le nouveau chiffre est accepté.")
    return decide(request, year, form, staleness.accept_seen, seen=seen_in(request.POST))


@require_POST
@year_page(P.EDIT_PLAN)
def keep_changes(request, year):
    seen, reason = seen_in(request.POST), request.POST.get("reason", "")
    form = Form(",".join(map(str, seen)), reason, "a-revoir", "L'ancien chiffre est gardé.")
    return decide(request, year, form, staleness.keep_seen, seen=seen, reason=reason)


def decide(request, year, form, act, **fields):
    """Does an act of the page; refused, the page comes back with what was typed and why."""
    check_still_open(year)
    try:
        if fields.get("seen") == {}:
            raise ValidationError(NOTHING_CHOSEN)
        act(year=year, by=request.user, **fields)
    except ValidationError as error:
        return page(request, year, Refusal(form.key, form.reason, " ".join(error.messages)))
    warn_of_persons(request, form.reason)
    messages.success(request, form.done)
    return redirect(address(year, form.anchor))


def seen_in(data):
    """{key of a citation: the new words that the page showed}, as staleness takes it."""
    keys = (name.removeprefix(SIGHT) for name in data if name.startswith(SIGHT))
    return {int(key): data[SIGHT + key] for key in keys if key.isascii() and key.isdigit() and len(key) < 10}


def address(year, anchor):
    return reverse("reporting:rehearsal", args=[year.territory.code, year.number]) + f"#{anchor}"
