"""The long tasks, by what their `params` hold.

« report »: {"year": key, "format": name of a renderer, "public": whether for all to read}.
« version »: {"version": key, "page": where its files are}.
« publication »: {"publication": key, "page": the public address}.
"""

from functools import partial

from axes.masking import Unmaskable
from axes.models import Year
from logement import audit, jobs
from logement.roles import Permission as P
from reporting import frozen, publications, renderers, workflow
from reporting.models import Publication, Version

STEPS = ("Étape 1 sur 3 : données", "Étape 2 sur 3 : mise en page", "Étape 3 sur 3 : formats")


def may_read_report(job, user):
    """Whether this person may have a file of this exercise as it is now: it may have been reopened."""
    years = Year.objects.with_report_visible_to(user).filter(pk=job.params["year"])
    return user.may(P.PRODUCE_REPORT, job.territory) and years.exists()


def may_prepare(job, user):
    return user.may(P.PRODUCE_REPORT, job.territory)


def may_publish(job, user):
    return user.may(P.PUBLISH_REPORT, job.territory)


@jobs.kind("report", may_ask=may_read_report)
def produce(job):
    """Reads, assembles, renders. Returns (file name, bytes)."""
    jobs.step(job, 10, STEPS[0])
    public = job.params.get("public", False)
    year = Year.objects.get(pk=job.params["year"])
    jobs.step(job, 30, STEPS[1])
    renderer = renderers.by_name(job.params["format"])
    try:
        taken, document = frozen.read_of(year, frozen.sent_version(year), public=public)
        content = renderer.render(document)
    except (renderers.RenderError, Unmaskable) as error:
        raise jobs.JobError(str(error)) from error
    jobs.step(job, 90, STEPS[2])
    kind = "chiffres-publics" if public else "rapport"
    name = f"{kind}-{taken.territory_code}-{taken.year}.{renderer.extension}"
    audit.record(by=job.created_by, act="Rapport produit", about=name, territory=job.territory)
    return name, content


@jobs.kind("version", may_ask=may_prepare)
def make_files(job):
    """Every format of a version, kept all together or not at all."""
    jobs.step(job, 2, STEPS[0])
    version = Version.objects.select_related("year__territory").get(pk=job.params["version"])

    try:
        made = frozen.rendered(version, partial(tell, job))
    except renderers.RenderError as error:
        raise jobs.JobError(str(error)) from error
    jobs.step(job, 97, f"{STEPS[2]}, enregistrement")
    workflow.keep_files(version=version, made=made, job=job)
    audit.record(by=job.created_by, act="Fichiers produits", about=version, territory=job.territory)


@jobs.kind("publication", may_ask=may_publish)
def make_public_files(job):
    """Every format of what is published, kept all together or not at all."""
    jobs.step(job, 2, STEPS[0])
    publication = Publication.objects.select_related("version__year__territory").get(
        pk=job.params["publication"]
    )
    publications.check_in_force(publication)
    try:
        made = frozen.every_format(publications.document_of(publication.version), partial(tell, job))
    except (renderers.RenderError, Unmaskable) as error:
        raise jobs.JobError(str(error)) from error
    jobs.step(job, 97, f"{STEPS[2]}, enregistrement")
    publications.keep_files(publication=publication, made=made, job=job)


def tell(job, rank, renderer):
    now = STEPS[2] if rank else STEPS[1]  # the PDF comes first, and is nearly all the work
    jobs.step(job, 5 + 90 * rank // len(renderers.ALL), f"{now} ({renderer.label})")
