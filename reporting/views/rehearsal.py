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
    act = {"act": justifications.justify, "key": key, "reason": reason}
    return decide(request, year, key, done="Le constat est justifié.", anchor="constats", **act)


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
    act = {"act": staleness.accept_seen, "seen": seen_in(request.POST)}
    return decide(request, year, "", done="Le texte porte les nouveaux chiffres.", anchor="a-revoir", **act)


@require_POST
@year_page(P.EDIT_PLAN)
def keep_changes(request, year):
    seen = seen_in(request.POST)
    key = ",".join(map(str, seen))
    act = {"act": staleness.keep_seen, "seen": seen, "reason": request.POST.get("reason", "")}
    return decide(request, year, key, done="L'ancien chiffre est gardé.", anchor="a-revoir", **act)


def decide(request, year, key, *, act, done, anchor, **fields):
    """Does an act of the page; refused, the page comes back with what was typed and why."""
    check_still_open(year)
    reason = fields.get("reason", "")
    try:
        if fields.get("seen") == {}:
            raise ValidationError(NOTHING_CHOSEN)
        act(year=year, by=request.user, **fields)
    except ValidationError as error:
        return page(request, year, Refusal(key, reason, " ".join(error.messages)))
    warn_of_persons(request, reason)
    messages.success(request, done)
    return redirect(address(year, anchor))


def seen_in(data):
    """{key of a citation: the new words that the page showed}, as staleness takes it."""
    keys = (name.removeprefix(SIGHT) for name in data if name.startswith(SIGHT))
    return {int(key): data[SIGHT + key] for key in keys if key.isascii() and key.isdigit() and len(key) < 10}


def address(year, anchor):
    return reverse("reporting:rehearsal", args=[year.territory.code, year.number]) + f"#{anchor}"
