"""Publishing a version, withdrawing it: from what was frozen alone, and kept as it was published."""

import hashlib
from dataclasses import replace

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from axes.masking import Unmaskable
from axes.models import Year
from logement import audit, jobs
from logement.text import clean_text
from reporting import frozen
from reporting.assembly import assemble
from reporting.models import Publication, PublicFile
from reporting.nodes import paragraph
from reporting.renderers import html

LICENCE = "Licence Ouverte / Open Licence 2.0"
TERMS = "https://www.etalab.gouv.fr/licence-ouverte-open-licence"
REUSE = "Publié sous {licence} : réutilisation libre, à condition de citer la source ({territory}) et la date ({day})."
WITHDRAWN = (
    "La publication a été retirée : ses fichiers ne se préparent plus. Publiez de nouveau pour les avoir."
)
NOTHING = "Aucune version n'est publiée : il n'y a rien à retirer."


def document_of(version):
    """The Document for anyone to read: the cover and the figures, small counts masked, and the licence."""
    document = assemble(frozen.snapshot_of(version), public=True)
    day = frozen.day_of(version)
    imprint = (
        f"Version {version.number}, transmise à l'État le {day}",
        REUSE.format(licence=LICENCE, territory=document.publisher, day=day),
    )
    return replace(
        document,
        cover=(*document.cover, *map(paragraph, imprint)),
        edition=f"Version {version.number}, chiffres publics",
    )


@transaction.atomic
def publish(*, year, by):
    """Opens to anyone the public figures of the last version of an exercise. Gives the Publication.

    Raises ValidationError where there is none, where it is published, and where masking cannot protect a small count.
    """
    lock(year)
    version = frozen.last_of(year)
    if version is None:
        raise ValidationError("Aucune version n'est transmise : il n'y a rien à publier.")
    if version.publications.in_force().exists():
        raise ValidationError(f"La version {version.number} est déjà publiée.")
    try:
        page = html.render(document_of(version), notes="end")
    except Unmaskable as error:
        raise ValidationError(f"Les chiffres publics ne peuvent pas être produits. {error}") from error
    publication = Publication.objects.create(version=version, published_by=by)
    row = row_of(publication, PublicFile.PAGE, "Page", "page.html", page.encode())
    row.save(force_insert=True)
    audit.record(by=by, act="Version publiée", about=version, territory=year.territory)
    prepare_files(publication=publication, by=by)
    return publication


@transaction.atomic
def withdraw(*, year, reason, by):
    """Closes to everybody all that is published of an exercise. What was published is kept."""
    reason = clean_text(reason).strip()
    if not reason:
        raise ValidationError("Dites pourquoi la publication est retirée.")
    if len(reason) > Publication.MAX_REASON:
        raise ValidationError("Le motif dépasse 500 caractères : raccourcissez-le.")
    lock(year)
    held = Publication.objects.in_force().filter(version__year=year)
    if not held.exists():
        raise ValidationError(NOTHING)
    held.update(withdrawn_at=timezone.now(), withdrawn_by=by, reason=reason)
    audit.record(by=by, act="Publication retirée", about=year, territory=year.territory, detail=reason)


def lock(year):
    Year.objects.select_for_update(of=("self",)).get(pk=year.pk)


def check_in_force(publication):
    """Raises jobs.JobError where it was withdrawn meanwhile."""
    if publication.withdrawn_at:
        raise jobs.JobError(WITHDRAWN)


def prepare_files(*, publication, by):
    """Asks for the files of a publication: at its making, or again after a failure."""
    year = publication.version.year
    return jobs.enqueue(
        kind="publication",
        territory=year.territory,
        by=by,
        publication=publication.pk,
        page=reverse("reporting:published", args=[year.territory.code, year.number]),
    )


@transaction.atomic
def keep_files(*, publication, made, job):
    """Writes all the files of a publication, `made` being [(renderer, bytes)]; those that are there already stay.

    Raises jobs.Stopped where the job was cancelled meanwhile, jobs.JobError where the publication was withdrawn: then
    nothing is written.
    """
    check_in_force(Publication.objects.select_for_update(of=("self",)).get(pk=publication.pk))
    if not jobs.own(job).select_for_update(of=("self",)).exists():
        raise jobs.Stopped
    if publication.is_whole:
        return
    version = publication.version
    PublicFile.objects.bulk_create(
        row_of(publication, renderer.name, renderer.label, file_name(version, renderer), content)
        for renderer, content in made
    )


def file_name(version, renderer):
    act = version.facts
    return f"chiffres-publics-{act.territory_code}-{act.year}-v{version.number}.{renderer.extension}"


def row_of(publication, file_format, label, name, content):
    return PublicFile(
        publication=publication,
        format=file_format,
        label=label,
        name=name,
        content=content,
        size=len(content),
        digest=hashlib.sha256(content).hexdigest(),
    )
