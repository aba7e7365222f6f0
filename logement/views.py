"""The ground floor's pages: promises, a new territory, the second factor, long tasks, who read the registers."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from logement import jobs, measures, retention, rgaa, territories
from logement.access import acting_for, requires
from logement.accounts import lacks_second_factor
from logement.audit import log_access
from logement.filters import AccessLogFilter
from logement.forms import TerritoryForm, refuse
from logement.models import AccessLog, Job, Territory
from logement.roles import Permission as P
from logement.tables import AccessLogTable, arrange

ANNOUNCED = 100  # rows of one list that a page shows


def jobs_of(user):
    """The jobs that this person asked for, in the territories to which they still belong."""
    return Job.objects.filter(created_by=user, territory__in=Territory.objects.visible_to(user))


def closed(request, key=""):
    """The pages of allauth where one changes one's address: here it is the one of the invitation."""
    raise Http404


@login_not_required
@require_safe
def trust(request):
    """What is promised to everybody, and what was last measured of it."""
    return render(request, "logement/trust.html", {"promises": measures.measured()})


@login_not_required
@require_safe
def accessibility(request):
    """What the law asks a public body to declare, and whom to write to: of the territories, those that one sees."""
    places = Territory.objects.visible_to(request.user) if request.user.is_authenticated else []
    context = {
        "grid": rgaa.grid(),
        "owner": settings.SITE_OWNER,
        "contact": settings.ACCESSIBILITY_CONTACT,
        "places": [place for place in places if place.contact],
    }
    return render(request, "logement/accessibility.html", context)


@require_safe
def second_factor(request):
    """Where one chooses the second factor that one's role asks."""
    return render(request, "logement/second_factor.html", {"is_lacking": lacks_second_factor(request)})


@require_safe
def job(request, job_id):
    """Where a job is; the page asks again every second while it is not over."""
    asked = get_object_or_404(jobs_of(request.user), pk=job_id)
    template = "logement/_job.html" if request.htmx else "logement/job.html"
    return render(request, template, {"job": asked})


@require_safe
def job_file(request, job_id):
    done = get_object_or_404(jobs_of(request.user), pk=job_id, state=Job.State.DONE)
    if not done.result:
        raise Http404  # what it made is elsewhere
    return FileResponse(done.result.open(), as_attachment=True, filename=done.file_name)


@require_POST
def cancel_job(request, job_id):
    asked = get_object_or_404(jobs_of(request.user), pk=job_id)
    jobs.cancel(job=asked, by=request.user)
    return redirect("job", asked.pk)


@require_POST
def retry_job(request, job_id):
    again = jobs.retry(job=get_object_or_404(jobs_of(request.user), pk=job_id), by=request.user)
    if request.htmx:
        return render(request, "logement/_job.html", {"job": again})
    return redirect("job", again.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def add_territory(request):
    """A territory and its lead, by the technical administrator, who sees nothing more of it."""
    if not territories.may_create(request.user):
        raise Http404
    form = TerritoryForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = territories.begin(by=request.user, **form.cleaned_data)
        except ValidationError as error:
            refuse(form, error)
        else:
            messages.success(
                request, f"« {made} » est créé. L'invitation part à {form.cleaned_data['lead_email']}."
            )
            return redirect("home")
    status = 422 if form.errors else 200
    return render(request, "logement/add_territory.html", {"form": form}, status=status)


@require_safe
@requires((P.ADMINISTER, P.VIEW_OWN_REGISTERS))
def access_log(request, territory):
    """Who read or exported what: the whole territory for its administrator, its own rows for an association."""
    lines = (
        AccessLog.objects.visible_to(request.user).filter(territory=territory).select_related("organisation")
    )
    filterset = AccessLogFilter(request.GET, queryset=lines)
    table = AccessLogTable(filterset.qs)
    arrange(table, request, per_page=50)
    context = {"territory": territory, "filter": filterset, "table": table}
    return render(request, "logement/access_log.html", context)


@require_safe
@requires(P.VIEW_OWN_REGISTERS)
def announced(request, territory):
    """The rows of one's own association that will be anonymised, and when."""
    lists = []
    for organisation in acting_for(request.user, P.VIEW_OWN_REGISTERS, territory):
        for kept, rows in retention.announced_to(territory, organisation):
            lists.append((organisation, kept, rows[:ANNOUNCED], len(rows) - len(rows[:ANNOUNCED])))
            log_access(
                by=request.user,
                act=AccessLog.Act.LIST,
                register=kept.label,
                territory=territory,
                organisation=organisation,
                rows=len(rows),
                detail="Bientôt anonymisées",
            )
    return render(request, "logement/announced.html", {"territory": territory, "lists": lists})
