"""The versions of an exercise: their list, the acts that make one, each as it was sent, and its files."""

from dataclasses import dataclass
from itertools import pairwise

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from axes.doors import year_page
from axes.models import Year
from axes.notices import warn_of_persons
from logement.forms import RowsChoice, refuse
from logement.mail import absolute_url
from logement.models import User
from logement.roles import Permission as P
from reporting import frozen, gate, publications, workflow
from reporting.assembly import anchor_of
from reporting.document import ReportedFigure
from reporting.inquiries import Link
from reporting.messages import who_may_be_told
from reporting.models import READERS, Inquiry, Publication, Version
from reporting.renderers import html
from reporting.snapshot import Bearing
from reporting.views.report import about_version, download, job_at_hand, job_or_redirect, marks_of, waiting_in


class CorrectionForm(forms.Form):
    """What a new version corrects, or why an exercise is reopened."""

    words = forms.CharField(
        required=False,
        max_length=workflow.MAX_CORRECTION,
        error_messages={"max_length": "La phrase dépasse 500 caractères : raccourcissez-la."},
    )

    def __init__(self, *args, year, **kwargs):
        super().__init__(*args, **kwargs)
        self.year = year


class TransmissionForm(CorrectionForm):
    """What a version corrects, the inquiries that it settles, who is told beside the State."""

    settles = RowsChoice(
        Inquiry.objects.none(),
        label="Demandes auxquelles cette version répond",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    told = RowsChoice(
        User.objects.none(),
        label="Prévenir aussi",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Une des personnes choisies ne lit plus ce rapport."},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["settles"].queryset = Inquiry.objects.unsettled().filter(year=self.year)
        self.fields["told"].queryset = who_may_be_told(self.year.territory)


@require_safe
@year_page(READERS)
def versions(request, year):
    return page(request, year)


def page(request, year, *, act="", form=None):
    """The versions of an exercise and what may be done of them; `act` was refused, its `form` comes back as filled."""
    found = list(Version.objects.of(year))
    last = found[-1] if found else None
    may_move = request.user.may(P.MOVE_EXERCISE, year.territory)
    publication = Publication.objects.at(year.territory.code, year.number).first()
    is_ready = may_move and year.state == Year.State.REVIEW
    typed = form["words"].value() or "" if form else ""
    shown = {"transmit": is_ready, "reopen": not year.is_open, "withdraw": publication is not None}
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
        "form": form if act == "transmit" else TransmissionForm(year=year) if is_ready else None,
        "refused": act,
        "typed": typed,
        "is_stray": bool(typed) and not shown.get(act),
        "files": last.files.defer("content") if last else [],
        "correction": last.reopening.reason if last and last.is_reopened else "",
        "job": job_at_hand(request, "version", version=last.pk) if last else None,
        "waiting": waiting_in(request, year),
        "may_publish": request.user.may(P.PUBLISH_REPORT, year.territory),
        "publication": publication,
        "has_public_files": bool(publication and publication.is_whole),
        "public_job": job_at_hand(request, "publication", publication=publication.pk)
        if publication
        else None,
        "public_url": absolute_url(reverse("reporting:published", args=[year.territory.code, year.number])),
    }
    return render(request, "reporting/versions.html", context, status=422 if act else 200)


def version_act(form_class, permission=P.MOVE_EXERCISE):
    """Opens an act on an exercise to who may do it; refused, the page of its versions says why and keeps the words."""

    def decorate(view):
        @require_POST
        @year_page(permission, sees=P.VIEW_PLAN)
        def opened(request, year):
            form = form_class(request.POST, year=year)
            if form.is_valid():
                try:
                    messages.success(request, view(request, year, **form.cleaned_data))
                except ValidationError as error:
                    refuse(form, error)
                else:
                    warn_of_persons(request, form.cleaned_data["words"])
                    return redirect("reporting:versions", year.territory.code, year.number)
            for sentences in form.errors.values():
                messages.error(request, " ".join(sentences))
            return page(request, year, act=view.__name__, form=form)

        return opened

    return decorate


@version_act(TransmissionForm)
def transmit(request, year, words, settles, told):
    version = workflow.transmit(
        year=year, by=request.user, correction=words, settles=tuple(settles), told=tuple(told)
    )
    return (
        f"La version {version.number} est transmise. La DDETS et la DIHAL sont prévenues par courriel ; "
        "ses fichiers se préparent."
    )


@version_act(CorrectionForm)
def finalise(request, year, words):
    workflow.finalise(year=year, by=request.user)
    return f"Le rapport {year.number} est définitif."


@version_act(CorrectionForm)
def reopen(request, year, words):
    workflow.reopen(year=year, by=request.user, reason=words)
    return (
        f"L'exercice {year.number} est rouvert, en relecture. La version transmise reste lisible, inchangée."
    )


@version_act(CorrectionForm, P.PUBLISH_REPORT)
def publish(request, year, words):
    publication = publications.publish(year=year, by=request.user)
    return (
        f"Les chiffres de la version {publication.version.number} sont publiés. Leurs fichiers se préparent."
    )


@version_act(CorrectionForm, P.PUBLISH_REPORT)
def withdraw(request, year, words):
    publications.withdraw(year=year, reason=words, by=request.user)
    return "La publication est retirée : son adresse répond désormais « Page introuvable »."


def get_version(year, number):
    return get_object_or_404(Version.objects.of(year), number=number)


@require_safe
@year_page(READERS)
def version(request, year, version):
    """A version as it was sent, from what was stored."""
    found = get_version(year, version)
    taken, document = frozen.read_of(year, found)
    context = {
        **about_version(request, year, found),
        "document": document,
        "body": html.render(document, notes="end", **marks_of(request, year, found, taken)),
        "contents": html.contents(document),
    }
    return render(request, "reporting/version.html", context)


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A figure of a version on its page; `url` explains it, `links` ask about it."""

    anchor: str
    figure: ReportedFigure
    bearing: Bearing
    url: str
    links: tuple[Link, ...]


@require_safe
@year_page(READERS)
def figures(request, year, version):
    """The figures of a version, axis by axis: what each means, on what it bears, the year before, the target."""
    found = get_version(year, version)
    taken = frozen.snapshot_of(found)
    printed = frozen.printed_figures(taken)
    marks = marks_of(request, year, found, taken)
    bearings = {bearing.key: bearing for bearing in taken.bearings}
    headings = {}
    for figure in printed:
        anchor = anchor_of(figure)
        row = FigureRow(
            anchor,
            figure,
            bearings.get(figure.key, Bearing(figure.key)),
            marks["explain"].get(anchor, ""),
            marks["links"].get(anchor, ()),
        )
        headings.setdefault(figure.heading, []).append(row)
    context = {**about_version(request, year, found), "headings": headings.items(), "count": len(printed)}
    return render(request, "reporting/version_figures.html", context)


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


@require_POST
@year_page(P.PUBLISH_REPORT, sees=P.VIEW_PLAN)
def prepare_public_files(request, year):
    """Asks again for the files of what is published, where the first attempt failed or was stopped."""
    publication = Publication.objects.at(year.territory.code, year.number).first()
    if publication is None or publication.is_whole:
        return redirect("reporting:versions", year.territory.code, year.number)
    return job_or_redirect(request, publications.prepare_files(publication=publication, by=request.user))
