"""The reader page, and the button that asks for a file."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from axes.doors import sending_page, year_page
from axes.masking import Unmaskable
from axes.models import Year
from logement import jobs
from logement.models import Job
from logement.roles import Permission as P
from reporting import receipts, renderers, snapshot
from reporting.assembly import assemble
from reporting.renderers import RenderError, html, pdf

RECEIPT_SECONDS = 20.0  # a receipt of forty figures takes less than half a second
READERS = (P.VIEW_DRAFT_REPORT, P.VIEW_SHARED_REPORT, P.VIEW_SENT_REPORT)


def check_readable(request, year):
    """Whether the report, as far as it is, may be read by this person: else it does not exist for them."""
    if not Year.objects.with_report_visible_to(request.user).filter(pk=year.pk).exists():
        raise Http404


@require_safe
@year_page(READERS)
def report(request, year):
    check_readable(request, year)
    is_public = "public" in request.GET
    try:
        document = assemble(snapshot.take(year.pk, public=is_public), public=is_public)
    except Unmaskable as error:
        messages.error(request, f"La version publique ne peut pas être produite. {error}")
        return redirect("reporting:report", year.territory.code, year.number)
    context = {
        "year": year,
        "is_public": is_public,
        "document": document,
        "body": html.render(document, notes="end"),
        "contents": html.contents(document),
        "formats": [renderer for renderer in renderers.ALL if renderer.is_offered],
        "job": last_job(request, year),
    }
    return render(request, "reporting/report.html", context)


@require_POST
@year_page(P.PRODUCE_REPORT, sees=READERS)
def ask_file(request, year):
    """Writes the job and answers at once: the job's place in the page with htmx, its page without."""
    check_readable(request, year)
    name = request.POST.get("format", "")
    if name not in {renderer.name for renderer in renderers.ALL if renderer.is_offered}:
        raise Http404
    params = {"year": year.pk, "format": name, "public": "public" in request.POST}
    job = jobs.enqueue(kind="report", territory=year.territory, by=request.user, **params)
    if request.htmx:
        return render(request, "logement/_job.html", {"job": job})
    return redirect("job", job.pk)


def last_job(request, year):
    """The file this person asked for last, while it is being made."""
    running = Job.objects.filter(
        kind="report",
        created_by=request.user,
        params__year=year.pk,
        state__in=[Job.State.QUEUED, Job.State.RUNNING],
    )
    return running.first()


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
    name = f"recepisse-{year.number}-{sending.submission_id}-{sending.rank}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)
