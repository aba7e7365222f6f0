"""A version -> its snapshot, its document, its files. From what was stored alone: no name is looked up again."""

import json
from dataclasses import replace

from django.utils import timezone

from axes.periods import day_label
from logement.richtext import Paragraph, Text
from reporting import canonical, renderers, snapshot
from reporting.assembly import assemble
from reporting.document import ReportedFigure
from reporting.models import Version
from reporting.snapshot import Snapshot


def snapshot_of(version):
    """The Snapshot that was frozen, with all the figures of the exercise."""
    return canonical.read(Snapshot, version.report)


def document_of(version):
    """The Document of a version. It names its version and its fingerprint on the cover and at the foot of each page."""
    taken = snapshot_of(version)
    document = assemble(replace(taken, figures=printed_figures(taken), public=None))
    marks = [
        f"Version {version.number}, transmise le {day_of(version)}",
        version.facts.correction and f"Correction : {version.facts.correction}",
        f"Empreinte : {version.short_fingerprint}, à vérifier sur {version.facts.address}",
    ]
    return replace(
        document,
        cover=(*document.cover, *(Paragraph((Text(words),)) for words in marks if words)),
        edition=f"Version {version.number}, empreinte {version.short_fingerprint}",
    )


def printed_figures(taken):
    """Those that the full report prints: the others were taken for its public version."""
    blocks = [block for chapter in taken.chapters for block in chapter.blocks]
    printed = {key for block in blocks for key in block.figures}
    printed |= {key for block in blocks for table in block.figure_tables for key in table.figures}
    return tuple(figure for figure in taken.figures if figure.key in printed)


def figures_of(version):
    """The figures that the full report of a version prints. A third of the work of reading it whole."""
    plain = json.loads(version.report)
    blocks = [block for chapter in plain["chapters"] for block in chapter["blocks"]]
    printed = {key for block in blocks for key in block["figures"]}
    printed |= {key for block in blocks for table in block["figure_tables"] for key in table["figures"]}
    kept = [figure for figure in plain["figures"] if figure["key"] in printed]
    return canonical.from_plain(tuple[ReportedFigure, ...], kept)


def day_of(version):
    """« 12 mars 2024 », in Paris."""
    return day_label(timezone.localdate(version.frozen_at))


def file_name(version, renderer):
    return (
        f"rapport-{version.facts.territory_code}-{version.facts.year}-v{version.number}.{renderer.extension}"
    )


def rendered(version, before_each):
    """[(renderer, bytes)] of every format of a version, as `every_format` makes them."""
    return every_format(document_of(version), before_each)


def every_format(document, before_each):
    """[(renderer, bytes)] of every format; `before_each(rank, renderer)` is told what comes next."""
    made = []
    for rank, renderer in enumerate(renderers.ALL):
        before_each(rank, renderer)
        made.append((renderer, renderer.render(document)))
    return made


def last_of(year):
    """The last version of an exercise, or None."""
    return Version.objects.of(year).last()


def sent_version(year):
    """The version that stands for an exercise that was sent; None while it is open, and where none was ever kept."""
    return None if year.is_open else last_of(year)


def read_of(year, version, *, public=False):
    """(Snapshot, Document) of a version of an exercise; without one, of the exercise as it stands."""
    taken = snapshot_of(version) if version else snapshot.take(year.pk, public=public)
    document = document_of(version) if version and not public else assemble(taken, public=public)
    return taken, document
