"""The ground floor's pages: the long tasks."""

from django.http import FileResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from logement.models import Job, Territory


def jobs_of(user):
    """The jobs that this person asked for, in the territories to which they still belong."""
    return Job.objects.filter(created_by=user, territory__in=Territory.objects.visible_to(user))


@require_safe
def job(request, job_id):
    """Where a job is; the page asks again every second while it is not over."""
    asked = get_object_or_404(jobs_of(request.user), pk=job_id)
    template = "logement/_job.html" if request.htmx else "logement/job.html"
    return render(request, template, {"job": asked})


@require_safe
def job_file(request, job_id):
    done = get_object_or_404(jobs_of(request.user), pk=job_id, state=Job.State.DONE)
    return FileResponse(done.result.open(), as_attachment=True, filename=done.file_name)
