"""The long tasks, by what their `params` hold.

« report »: {"year": key, "format": name of a renderer, "public": whether for all to read}.
« version »: {"version": key, "page": where its files are}.
« publication »: {"publication": key, "page": the public address}.
"""

from functools import partial

from axes.masking import Unmaskable
from axes.models import Year
from logement import audit, jobs
from reporting import frozen, publications, renderers, workflow
from reporting.models import Publication, Version


@jobs.kind("report")
def produce(job):
    """Reads, assembles, renders. Returns (file name, bytes)."""
    jobs.step(job, 10, "Lecture des données")
    public = job.params.get("public", False)
    year = Year.objects.get(pk=job.params["year"])
    jobs.step(job, 30, "Mise en page")
    renderer = renderers.by_name(job.params["format"])
    try:
        taken, document = frozen.read_of(year, frozen.sent_version(year), public=public)
        content = renderer.render(document)
    except (renderers.RenderError, Unmaskable) as error:
        raise jobs.JobError(str(error)) from error
    jobs.step(job, 90, "Enregistrement du fichier")
    kind = "chiffres-publics" if public else "rapport"
    name = f"{kind}-{taken.territory_code}-{taken.year}.{renderer.extension}"
    audit.record(by=job.created_by, act="Rapport produit", about=name, territory=job.territory)
    return name, content


@jobs.kind("version")
def make_files(job):
    """Every format of a version, kept all together or not at all."""
    jobs.step(job, 2, "Données")
    version = Version.objects.select_related("year__territory").get(pk=job.params["version"])

    try:
        made = frozen.rendered(version, partial(tell, job))
    except renderers.RenderError as error:
        raise jobs.JobError(str(error)) from error
    jobs.step(job, 97, "Enregistrement des fichiers")
    workflow.keep_files(version=version, made=made, job=job)
    audit.record(by=job.created_by, act="Fichiers produits", about=version, territory=job.territory)


@jobs.kind("publication")
def make_public_files(job):
    """Every format of what is published, kept all together or not at all."""
    jobs.step(job, 2, "Données")
    publication = Publication.objects.select_related("version__year__territory").get(
        pk=job.params["publication"]
    )
    try:
        made = frozen.every_format(publications.document_of(publication.version), partial(tell, job))
    except (renderers.RenderError, Unmaskable) as error:
        raise jobs.JobError(str(error)) from error
    jobs.step(job, 97, "Enregistrement des fichiers")
    publications.keep_files(publication=publication, made=made, job=job)


def tell(job, rank, renderer):
    jobs.step(job, 5 + 90 * rank // len(renderers.ALL), f"Mise en page et formats : {renderer.label}")
