"""The reader page, the button that asks for a file, and the receipt of what a partner sent."""

import mimetypes
from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from axes.doors import sending_page, year_page
from axes.masking import Unmaskable
from axes.models import Year
from logement import jobs
from logement.models import Job
from logement.roles import Permission as P
from reporting import frozen, receipts, renderers
from reporting.assembly import anchor_of
from reporting.inquiries import links_of
from reporting.models import READERS, Inquiry, Version
from reporting.renderers import RenderError, html, pdf

SHOWN = timedelta(days=1)  # a failure, on the page where its work was asked
RECEIPT_SECONDS = 20.0  # a receipt of forty figures takes less than half a second


def may_read_as_it_stands(request, year):
    """Whether the report, as far as it is, may be read by this person."""
    return Year.objects.with_report_visible_to(request.user).filter(pk=year.pk).exists()


@require_safe
@year_page(READERS)
def report(request, year):
    """The draft, while the exercise is open, to those who may read it; else the last version that was sent."""
    last, is_open = frozen.last_of(year), may_read_as_it_stands(request, year)
    version = last if not (year.is_open and is_open) else None
    if version is None and not is_open:
        raise Http404
    is_public = "public" in request.GET
    try:
        taken, document = frozen.read_of(year, version, public=is_public)
    except Unmaskable as error:
        messages.error(request, f"La version publique ne peut pas être produite. {error}")
        return redirect("reporting:report", year.territory.code, year.number)
    context = {
        "year": year,
        "last": last,
        **(about_version(request, year, version) if version else {"version": None}),
        "may_ask": is_open,
        "waiting": waiting_in(request, year),
        "may_rehearse": is_open and request.user.may(P.EDIT_PLAN, year.territory),
        "is_public": is_public,
        "document": document,
        "body": html.render(
            document, notes="end", **({} if is_public else marks_of(request, year, version, taken))
        ),
        "contents": html.contents(document),
        "formats": [renderer for renderer in renderers.ALL if renderer.is_offered],
        "report_job": job_at_hand(request, "report", year=year.pk),
    }
    return render(request, "reporting/report.html", context)


def marks_of(request, year, version, taken):
    """What html.render adds for this reader to a report of the site: explanations of figures, inquiries on rows."""
    anchors = [
        f"action-{row.key}" for chapter in taken.chapters for block in chapter.blocks for row in block.rows
    ]
    is_open = may_read_as_it_stands(request, year)
    return {
        "explain": explanations(year, taken) if is_open else {},
        "links": links_of(request.user, year, version, [*anchors, *map(anchor_of, taken.figures)]),
    }


def about_version(request, year, version):
    """What heads each page of a version: what was sent, by whom, when, its files, what followed."""
    following = Version.objects.of(year).filter(number__gt=version.number).last()
    return {
        "year": year,
        "tab": "reporting:report",
        "version": version,
        "state": version.state_before(following),
        "following": following,
        "settled": list(version.settled.all()) if request.user.may(P.VIEW_INQUIRIES, year.territory) else [],
        "files": list(version.files.defer("content")),
        "job": job_at_hand(request, "version", version=version.pk),
        "waiting": waiting_in(request, year),
    }


def waiting_in(request, year):
    """How many inquiries wait for an answer; None where this person reads none."""
    if not request.user.may(P.VIEW_INQUIRIES, year.territory):
        return None
    return Inquiry.objects.waiting().filter(year=year).count()


def explanations(year, taken):
    """{anchor of a figure: the address that explains it}, of those of a Snapshot."""
    figures = {anchor_of(figure): (figure.code, year.number) for figure in taken.figures}
    figures |= {source.anchor: (source.figure.code, source.year) for source in taken.sources.figures}
    place = (year.territory.code, year.number)
    return {anchor: reverse("axes:explain", args=[*place, *figure]) for anchor, figure in figures.items()}


@require_POST
@year_page(P.PRODUCE_REPORT, sees=READERS)
def ask_file(request, year):
    """Writes the job and answers at once: the job's place in the page with htmx, its page without."""
    if not may_read_as_it_stands(request, year):
        raise Http404
    name = request.POST.get("format", "")
    if name not in {renderer.name for renderer in renderers.ALL if renderer.is_offered}:
        raise Http404
    params = {"year": year.pk, "format": name, "public": "public" in request.POST}
    job = jobs.enqueue(kind="report", territory=year.territory, by=request.user, **params)
    return job_or_redirect(request, job)


def job_or_redirect(request, job):
    if request.htmx:
        return render(request, "logement/_job.html", {"job": job})
    return redirect("job", job.pk)


def job_at_hand(request, kind, **params):
    """The job of this kind that this person asked for last, while it is under way, or where it failed today."""
    wanted = {f"params__{name}": value for name, value in params.items()}
    last = Job.objects.filter(kind=kind, created_by=request.user, **wanted).first()
    if last is None or last.state == Job.State.DONE:
        return None
    return last if not last.is_over or last.finished_at > timezone.now() - SHOWN else None


@require_safe
@sending_page
def receipt(request, sending, is_lead):
    """The receipt of what was sent, made at once: a page or two, the same bytes for the partner and for the lead."""
    year = sending.submission.campaign.year
    address = [year.territory.code, year.number, sending.submission_id, sending.rank]
    try:
        content = pdf.render(receipts.document(sending), seconds=RECEIPT_SECONDS)
    except RenderError:
        messages.error(
            request, "Le récépissé n'a pas pu être produit : les réponses sont bien transmises, réessayez."
        )
        return redirect("axes:sending", *address)
    return download(content, f"recepisse-{year.number}-{sending.submission_id}-{sending.rank}.pdf")


def download(content, name):
    """A file made of bytes, of the type that its name says."""
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=kind, headers=headers)
