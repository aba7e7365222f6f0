"""The report as a job: `params` = {"year": key, "format": name of a renderer, "public": whether for all to read}."""

from axes.masking import Unmaskable
from logement import audit, jobs
from reporting import renderers, snapshot
from reporting.assembly import assemble


@jobs.kind("report")
def produce(job):
    """Reads, assembles, renders. Returns (file name, bytes)."""
    jobs.step(job, 10, "Lecture des données")
    public = job.params.get("public", False)
    taken = snapshot.take(job.params["year"], public=public)
    jobs.step(job, 30, "Mise en page")
    renderer = renderers.by_name(job.params["format"])
    try:
        content = renderer.render(assemble(taken, public=public))
    except (renderers.RenderError, Unmaskable) as error:
        raise jobs.JobError(str(error)) from error
    jobs.step(job, 90, "Enregistrement du fichier")
    kind = "chiffres-publics" if public else "rapport"
    name = f"{kind}-{taken.territory_code}-{taken.year}.{renderer.extension}"
    audit.record(by=job.created_by, act="Rapport produit", about=name, territory=job.territory)
    return name, content
