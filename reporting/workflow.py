"""Sending a report, declaring it final, reopening it: the exercise and its versions move in one act."""

import hashlib
from contextlib import contextmanager

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from axes.masking import Unmaskable
from axes.models import Year
from axes.steps import cross_year
from logement import audit, jobs
from logement.canonical import fingerprint_of
from logement.text import clean_text
from reporting import canonical, frozen, gate, inquiries, messages, snapshot
from reporting.act import Act
from reporting.assembly import assemble
from reporting.models import Reopening, Version, VersionFile

MAX_CORRECTION = 500  # characters
UNPUBLISHABLE = (
    "Les chiffres publics de cette version ne peuvent pas être préparés : prévenez l'administrateur."
)


@contextmanager
def one_instant():
    """A transaction that reads one instant, after the last act that was under way on any exercise.

    Every act locks its exercise. On PostgreSQL the table is locked first, so that these acts are over and no other
    begins, and only then is the instant chosen: LOCK reads nothing. SQLite has one writer at a time.
    """
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                if outermost:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
                cursor.execute(
                    f"LOCK TABLE {connection.ops.quote_name(Year._meta.db_table)} IN EXCLUSIVE MODE"
                )
        yield


def transmit(*, year, by, correction="", settles=(), told=()):
    """Freezes the report of an exercise in review, and sends the exercise: both, or neither. Gives the Version.

    From the second version on, `correction` says what changed, and `settles` the inquiries that it answers. The State
    is told, and the people of `told`. Raises ValidationError with French sentences, those of the gate among them. The
    files are made by a job.
    """
    correction = clean_text(correction).strip()
    with one_instant():
        moved = cross_year(year=year, to=Year.State.SENT, by=by)
        if sentences := gate.obstacles(moved):
            raise ValidationError(sentences)
        number = Version.objects.filter(year=moved).count() + 1
        check_correction(correction, number)
        version = freeze(moved, number=number, correction=correction, by=by)
        audit.record(
            by=by,
            act="Rapport transmis",
            about=version,
            territory=moved.territory,
            detail=version.fingerprint,
        )
        prepare_files(version=version, by=by)
        inquiries.settle(version=version, inquiries=settles, by=by)
        messages.tell_of_version(version, also=told)
    return version


def check_correction(correction, number):
    if number > 1 and not correction:
        raise ValidationError("Dites en une phrase ce que cette version corrige.")
    if len(correction) > MAX_CORRECTION:
        raise ValidationError(f"La phrase dépasse {MAX_CORRECTION} caractères : raccourcissez-la.")


def freeze(year, *, number, correction, by):
    """Writes the version, next of its territory's chain. For `transmit`, in its transaction."""
    try:
        taken = snapshot.take(year.pk, public=True)
    except Unmaskable as error:
        raise ValidationError(f"{UNPUBLISHABLE} {error}") from error
    last = Version.objects.filter(territory=year.territory_id).order_by("rank").last()
    act = Act(
        territory=taken.territory,
        territory_code=taken.territory_code,
        year=taken.year,
        number=number,
        rank=last.rank + 1 if last else 1,
        previous=last.fingerprint if last else "",
        title=assemble(taken).title,
        frozen_at=timezone.now(),
        frozen_by=str(by),
        correction=correction,
        address=settings.SITE_URL + reverse("reporting:verify"),
    )
    version = Version(
        territory=year.territory,
        year=year,
        rank=act.rank,
        number=number,
        act=canonical.write(act),
        report=canonical.write(taken),
        frozen_at=act.frozen_at,
        frozen_by=by,
    )
    version.fingerprint = fingerprint_of(version.content)
    version.save(force_insert=True)
    return version


def prepare_files(*, version, by):
    """Asks for the files of a version: at its making, or again after a failure."""
    return jobs.enqueue(
        kind="version",
        territory=version.territory,
        by=by,
        version=version.pk,
        page=version.get_absolute_url(),
    )


@transaction.atomic
def keep_files(*, version, made, job):
    """Writes all the files of a version, `made` being [(renderer, bytes)]; those that are there already stay.

    Raises jobs.Stopped where the job was cancelled meanwhile: then nothing is written.
    """
    Version.objects.select_for_update(of=("self",)).get(pk=version.pk)
    if not jobs.own(job).select_for_update(of=("self",)).exists():
        raise jobs.Stopped
    if version.files.exists():
        return
    VersionFile.objects.bulk_create(
        VersionFile(
            version=version,
            format=renderer.name,
            label=renderer.label,
            name=frozen.file_name(version, renderer),
            content=content,
            size=len(content),
            digest=hashlib.sha256(content).hexdigest(),
        )
        for renderer, content in made
    )


def finalise(*, year, by):
    """Declares final the last version sent: the exercise is closed."""
    return cross_year(year=year, to=Year.State.CLOSED, by=by)


@transaction.atomic
def reopen(*, year, by, reason):
    """Opens again an exercise that was sent, so that a version corrects the last one. Nothing of that one changes."""
    moved = cross_year(year=year, to=Year.State.REVIEW, by=by, reason=reason)
    version = Version.objects.filter(year=moved).order_by("number").last()
    if version is not None:
        Reopening.objects.create(version=version, reason=clean_text(reason).strip(), reopened_by=by)
    return moved
