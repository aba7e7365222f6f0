"""The versions of an exercise: their list, the acts that make one, each as it was sent, and its files."""

from itertools import pairwise

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from axes.doors import year_page
from axes.models import Year
from axes.notices import warn_of_persons
from logement.roles import Permission as P
from reporting import frozen, gate, workflow
from reporting.models import READERS, Version
from reporting.renderers import html
from reporting.views.report import download, job_or_redirect, running_job


class CorrectionForm(forms.Form):
    """What a new version corrects, or why an exercise is reopened."""

    words = forms.CharField(
        required=False,
        max_length=workflow.MAX_CORRECTION,
        error_messages={"max_length": "La phrase dépasse 500 caractères : raccourcissez-la."},
    )


@require_safe
@year_page(READERS)
def versions(request, year):
    found = list(Version.objects.of(year))
    last = found[-1] if found else None
    may_move = request.user.may(P.MOVE_EXERCISE, year.territory)
    is_ready = may_move and year.state == Year.State.REVIEW
    context = {
        "year": year,
        "tab": "reporting:report",
        "rows": [
            (version, version.state_before(following)) for version, following in pairwise([*found, None])
        ][::-1],
        "last": last,
        "next_number": len(found) + 1,
        "may_move": may_move,
        "is_ready": is_ready,
        "obstacles": gate.obstacles(year) if is_ready else [],
        "files": last.files.defer("content") if last else [],
        "correction": last.reopening.reason if last and last.is_reopened else "",
        "job": running_job(request, "version", version=last.pk) if last else None,
    }
    return render(request, "reporting/versions.html", context)


def version_act(view):
    """Opens an act on an exercise to who may move it; a refusal is shown on the page of its versions."""

    @require_POST
    @year_page(P.MOVE_EXERCISE, sees=P.VIEW_PLAN)
    def opened(request, year):
        form = CorrectionForm(request.POST)
        if form.is_valid():
            words = form.cleaned_data["words"]
            try:
                messages.success(request, view(request, year, words))
            except ValidationError as error:
                for sentence in error.messages:
                    messages.error(request, sentence)
            else:
                warn_of_persons(request, words)
        else:
            messages.error(request, " ".join(form.errors["words"]))
        return redirect("reporting:versions", year.territory.code, year.number)

    return opened


@version_act
def transmit(request, year, words):
    version = workflow.transmit(year=year, by=request.user, correction=words)
    return f"La version {version.number} est transmise. Ses fichiers se préparent."


@version_act
def finalise(request, year, words):
    workflow.finalise(year=year, by=request.user)
    return f"Le rapport {year.number} est définitif."


@version_act
def reopen(request, year, words):
    workflow.reopen(year=year, by=request.user, reason=words)
    return (
        f"L'exercice {year.number} est rouvert, en relecture. La version transmise reste lisible, inchangée."
    )


def get_version(year, number):
    return get_object_or_404(Version.objects.of(year), number=number)


@require_safe
@year_page(READERS)
def version(request, year, version):
    """A version as it was sent, from what was stored."""
    found = get_version(year, version)
    document = frozen.document_of(found)
    following = Version.objects.of(year).filter(number__gt=found.number).last()
    context = {
        "year": year,
        "tab": "reporting:report",
        "version": found,
        "state": found.state_before(following),
        "following": following,
        "files": found.files.defer("content"),
        "job": running_job(request, "version", version=found.pk),
        "document": document,
        "body": html.render(document, notes="end"),
        "contents": html.contents(document),
    }
    return render(request, "reporting/version.html", context)


@require_safe
@year_page(READERS)
def version_file(request, year, version, file_format):
    found = get_version(year, version).files.filter(format=file_format).first()
    if found is None:
        raise Http404
    return download(bytes(found.content), found.name)


@require_POST
@year_page(P.PRODUCE_REPORT, sees=READERS)
def prepare_files(request, year, version):
    """Asks again for the files of a version, where the first attempt failed or was stopped."""
    found = get_version(year, version)
    if found.files.exists():
        return redirect(found)
    return job_or_redirect(request, workflow.prepare_files(version=found, by=request.user))
