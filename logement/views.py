"""The ground floor's pages: the long tasks."""

from django.http import FileResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from logement.models import Job, Territory


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
        territory__in=Territory.objects.visible_to(request.user),
    )
    return FileResponse(done.result.open(), as_attachment=True, filename=done.file_name)
