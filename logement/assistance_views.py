"""The pages of the sessions of assistance: open one, end it, and what was read during each."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from logement import assistance
from logement.access import requires
from logement.forms import refuse
from logement.models import Assistance
from logement.roles import Permission as P

SHOWN = 100  # sessions, the latest


class AssistanceForm(forms.Form):
    use_required_attribute = False

    reason = forms.CharField(
        label="Motif",
        max_length=Assistance._meta.get_field("reason").max_length,
        help_text="La cheffe ou le chef de projet le lira : « le PDF ne sort pas », « cellule impossible à modifier »…",
        error_messages={"required": "Dites pourquoi vous avez besoin de lire ce territoire."},
    )


def sessions_of(request, territory):
    return Assistance.objects.visible_to(request.user).filter(territory=territory).select_related("user")


@require_safe
@requires(P.VIEW_PEOPLE)
def sessions(request, territory):
    """Who read this territory by assistance, why, how many pages."""
    context = {
        "territory": territory,
        "sessions": sessions_of(request, territory).annotate(pages=Count("readings"))[:SHOWN],
        "may_open": request.user.may(P.ADMINISTER, territory) and not request.user.assistance,
    }
    return render(request, "logement/assistance.html", context)


@require_safe
@requires(P.VIEW_PEOPLE)
def session(request, territory, pk):
    """The pages read during a session."""
    found = get_object_or_404(sessions_of(request, territory), pk=pk)
    context = {"territory": territory, "session": found, "readings": found.readings.all()}
    return render(request, "logement/assistance_session.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.ADMINISTER, sees=P.VIEW_PEOPLE)
def open_session(request, territory):
    form = AssistanceForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            assistance.open_session(territory=territory, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            refuse(form, error)
        else:
            return redirect("home")
    context = {"territory": territory, "form": form}
    return render(request, "logement/assistance_open.html", context, status=422 if form.errors else 200)


@require_POST
@requires(P.ADMINISTER, sees=P.VIEW_PEOPLE)
def end_session(request, territory):
    if request.user.assistance:
        assistance.end_session(session=request.user.assistance, by=request.user)
        messages.success(request, "La session d'assistance est terminée.")
    return redirect("assistance", territory.code)
