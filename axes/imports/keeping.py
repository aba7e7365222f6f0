"""A report given as a file: kept as evidence, read, understood once; what is decided of it comes after."""

from dataclasses import dataclass, is_dataclass
from datetime import timedelta
from hashlib import sha256

from django.core.files.base import ContentFile
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from axes.imports.documents import understand, understood, words
from axes.imports.documents.understood import Understanding
from axes.imports.documents.words import missing_words
from axes.imports.headings import folded
from axes.models import Block, Column, ReportImport
from logement import audit, jobs
from logement.documents import Document, dump, load
from logement.documents.stored import KINDS
from logement.retention import AUTOMATIC
from logement.text import clean_text

#: The paragraphs that are understood while one waits; a longer document is a job.
SHORT = 1_000
#: After the last decision; docs/guide/exploitation.md says it.
UNFINISHED = timedelta(days=180)
TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "odt": "application/vnd.oasis.opendocument.text",
}
OURS = KINDS | {
    kind.__name__: kind
    for module in (understood, words)
    for kind in vars(module).values()
    if isinstance(kind, type) and is_dataclass(kind)
}


@dataclass(frozen=True, slots=True)
class Reading:
    """A report that was read: the document, what was understood of it, and the words that nothing took."""

    document: Document
    understanding: Understanding
    missing: tuple

    @property
    def is_whole(self):
        return not self.missing


@transaction.atomic
def give(*, territory, document, raw, by, compared_to=None):
    """Keeps a file and the Document that was read of it; gives the ReportImport, understood unless it is long."""
    report = ReportImport(
        territory=territory,
        name=clean_text(document.name).replace("\n", " ").strip()[-200:],
        media_type=TYPES[document.kind],
        size=len(raw),
        digest=sha256(raw).hexdigest(),
        given_by=by,
        compared_to=compared_to,
        document=dump(document),
    )
    report.file.save(f"{report.pk}.{document.kind}", ContentFile(raw), save=False)
    report.save()
    audit.record(by=by, act="Rapport donné à reprendre", about=report, territory=territory)
    if len(document.paragraphs) <= SHORT:
        understand_given(report)
    else:
        page = reverse("axes:review_import", args=[territory.code, report.pk])
        jobs.enqueue(kind="import", territory=territory, by=by, report=str(report.pk), page=page)
    return report


def understand_given(report):
    """Understands a report that was given; once, whoever asks again."""
    if report.is_understood:
        return
    understand_with(report, {})


def understand_with(report, roles):
    """Understands it with the columns that a person corrected; `roles`: {key of a ColumnFound: role}.

    An export has the columns of the exercise that it is compared to, whatever their words.
    """
    document = load(report.document)
    understanding = understand(document, roles, headings_of(report.compared_to))
    report.understanding = dump((understanding, tuple(missing_words(document, understanding))))
    report.save(update_fields=["understanding"])


def headings_of(year):
    """{folded heading: role} of the columns that the report of an exercise prints; none without an exercise."""
    if year is None:
        return {}
    layouts = Block.objects.filter(chapter__year=year).values("layout")
    columns = Column.objects.filter(layout__in=layouts)
    return {folded(column.heading_for(year.number)): column.role for column in columns}


def reading_of(report):
    """The Reading of a report that was understood."""
    understanding, missing = load(report.understanding, OURS)
    return Reading(load(report.document), understanding, missing)


def give_up(*, report, by):
    """Forgets a report that was not saved."""
    _forget(report, by=by, act="Reprise abandonnée")


def forget_unfinished(now=None):
    """Forgets the reviews that nobody finished nor touched for UNFINISHED; gives how many. Evidence is never erased."""
    moment = (now or timezone.now()) - UNFINISHED
    left = ReportImport.objects.left_since(moment).light().select_related("territory")
    return sum(_forget(report, by=AUTOMATIC, act="Reprise jamais terminée, effacée") for report in left)


@transaction.atomic
def _forget(report, *, by, act):
    """Erases a report unless it was saved meanwhile; its file goes once the row is gone for good. Gives whether."""
    held = ReportImport.objects.select_for_update(of=("self",)).filter(pk=report.pk, year=None)
    if not held.light().exists():
        return False
    file = report.file
    report.delete()
    transaction.on_commit(lambda: file.storage.delete(file.name))
    audit.record(by=by, act=act, about=report, territory=report.territory)
    return True
