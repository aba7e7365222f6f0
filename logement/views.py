"""The ground floor's pages: the home page of each role, and the jobs."""

from django.conf import settings
from django.http import FileResponse
from django.shortcuts import get_object_or_404, render
from django.utils.module_loading import import_string
from django.views.decorators.http import require_safe

from logement.models import Job


@require_safe
def home(request):
    """What each membership opens, told by the apps above (settings.HOME_ENTRIES), one panel per territory."""
    entries_of = import_string(settings.HOME_ENTRIES)
    panels = [(territory, entries_of(request.user, territory)) for territory in territories_of(request.user)]
    return render(request, "logement/home.html", {"panels": panels})


def territories_of(user):
    return sorted({membership.territory for membership in user.memberships_today}, key=lambda place: place.name)


@require_safe
def job(request, job_id):
    """Where a job is; the page asks again every second while it is not over."""
    asked = get_object_or_404(Job, pk=job_id, created_by=request.user)
    template = "logement/_job.html" if request.htmx else "logement/job.html"
    return render(request, template, {"job": asked})


@require_safe
def job_file(request, job_id):
    """The file of a job, for whoever asked for it and still belongs to the territory."""
    done = get_object_or_404(
        Job,
        pk=job_id,
        created_by=request.user,
        state=Job.State.DONE,
        territory__in=[place.pk for place in territories_of(request.user)],
    )
    return FileResponse(done.result.open(), as_attachment=True, filename=done.file_name)
