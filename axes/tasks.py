"""What the plan does by itself, and its long tasks, by what their `params` hold.

« import »: {"report": key of a ReportImport, "page": where it is reviewed}.
"""

from axes.imports import keeping
from axes.models import ReportImport
from axes.submissions import messages
from logement import jobs, upkeep
from logement.roles import Permission as P

upkeep.daily(messages.every_day)
upkeep.daily(keeping.forget_unfinished)


def may_import(job, user):
    return user.may(P.IMPORT_REPORT, job.territory)


@jobs.kind("import", may_ask=may_import)
def understand_report(job):
    """Understands a long document; nothing is downloaded, its review waits at the page."""
    jobs.step(job, 10, "Lecture des tableaux et des phrases")
    report = ReportImport.objects.filter(pk=job.params["report"]).first()
    if report is None:
        raise jobs.JobError("Cette reprise a été abandonnée.")
    keeping.understand_given(report)
