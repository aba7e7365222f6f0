"""A report given as a file, small and made of invented words: what was read of it, and what was understood."""

from datetime import date
from decimal import Decimal

from django.core.files.base import ContentFile

from axes.imports.documents import (
    CellFound,
    ColumnFound,
    Confidence,
    FigureFound,
    Passage,
    RowFound,
    SectionFound,
    StateFound,
    TableFound,
    Understanding,
)
from axes.models import ReportImport
from logement.documents import Cell, Document, Paragraph, Row, Run, Table, dump
from tests.factories import MembershipFactory, TerritoryFactory

HEADINGS = {
    "title": "Les actions réalisées en 2023",
    "state": "État de la réalisation",
    "indicators": "Indicateurs de suivi et résultats",
    "observations": "Observations",
}
SENTENCE = "Depuis mars 2020, 40 ménages ont un bail, dont environ 12 cette année."


def cell(place, *texts):
    paragraphs = (Paragraph(f"{place}-p{n}", (Run(text),)) for n, text in enumerate(texts, 1))
    return Cell(place, tuple(paragraphs), column=int(place.rpartition("c")[2]) - 1)


def document(rows, name="rapport-2023.docx", word="Quartier"):
    """A cover, then a table of `rows` actions, each with the same sentence; `word` is in the observations."""
    heading = Row(
        "t1-l1", tuple(cell(f"t1-l1-c{n}", text) for n, text in enumerate(HEADINGS.values(), 1)), True
    )
    lines = [
        Row(
            f"t1-l{rank}",
            tuple(
                cell(f"t1-l{rank}-c{n}", text)
                for n, text in enumerate((f"Baux glissants {rank - 1}", "Réalisé", SENTENCE, word), 1)
            ),
        )
        for rank in range(2, rows + 2)
    ]
    blocks = (
        Paragraph("p1", (Run("Plan d'ici, rapport 2023"),)),
        Paragraph("p2", (Run("Axe 4 : Loger"),)),
        Table("t1", (heading, *lines), 4),
    )
    return Document(name, "docx", blocks)


def understanding(rows, *, name="rapport-2023.docx", word="Quartier", label="Ménages logés"):
    """Three figures per action: the cumul is sure, the year's only likely; the month of the beginning is unsure."""
    columns = tuple(
        ColumnFound(f"column:t1:{n}", (f"t1-l1-c{n}",), heading, role)
        for n, (role, heading) in enumerate(HEADINGS.items(), 1)
    )
    found = [row(rank, word) for rank in range(2, rows + 2)]
    table = TableFound("table:t1", ("p2",), 4, "Loger", columns, tuple(found))
    figures = tuple(figure for rank in range(2, rows + 2) for figure in figures_of(rank, label))
    cover = (Passage("text:p1", ("p1",), "<p>Plan d'ici, rapport 2023</p>"),)
    section = SectionFound("section:p2", ("p2",), 1, "Bilan des actions", (table,))
    return Understanding(name, 2023, cover, (), (section,), figures)


def row(rank, word):
    place = f"t1-l{rank}"
    sentence = Passage(f"text:{place}-c3-p1", (f"{place}-c3-p1",), f"<p>{SENTENCE}</p>")
    remark = Passage(f"text:{place}-c4-p1", (f"{place}-c4-p1",), f"<p>{word}</p>")
    return RowFound(
        f"row:{place}",
        (place,),
        f"Baux glissants {rank - 1}",
        StateFound(f"state:{place}", (f"{place}-c2",), "Réalisé", "done", "ms"),
        (
            CellFound(f"cell:{place}-c3", (f"{place}-c3",), 2, (sentence,)),
            CellFound(f"cell:{place}-c4", (f"{place}-c4",), 3, (remark,)),
        ),
    )


def figures_of(rank, label):
    place = f"t1-l{rank}"
    common = {
        "places": (f"{place}-c3-p1",),
        "passage": f"text:{place}-c3-p1",
        "row": f"row:{place}",
        "sentence": SENTENCE,
        "unit": "ménages",
        "kind": "headcount",
    }
    start, year = SENTENCE.index("40"), SENTENCE.index("environ 12")
    yield FigureFound(
        f"figure:{place}:{start}",
        start=start,
        end=start + 2,
        words="40",
        label=f"{label} depuis le début",
        temporality="cumulative",
        number=Decimal(40),
        starts_on=date(2020, 3, 1),
        ends_on=date(2023, 12, 31),
        **common,
    )
    yield FigureFound(
        f"figure:{place}:{year}",
        start=year,
        end=year + len("environ 12"),
        words="environ 12",
        label=label,
        temporality="flow",
        number=Decimal(12),
        qualifier="around",
        confidence=Confidence.LIKELY,
        reason="L'unité vient du nombre d'avant.",
        **common,
    )
    yield FigureFound(
        f"figure:{place}:7",
        start=7,
        end=16,
        words="mars 2020",
        label=f"Début : {label}",
        temporality="dated",
        day=date(2020, 3, 1),
        confidence=Confidence.UNSURE,
        reason="Un mois n'est pas une date : est-ce un chiffre ?",
        **(common | {"unit": "date", "kind": "event"}),
    )


def key(what, rank=1):
    """The key of an item of the action of this rank."""
    place = f"t1-l{rank + 1}"
    return {
        "row": f"row:{place}",
        "state": f"state:{place}",
        "sentence": f"text:{place}-c3-p1",
        "remark": f"text:{place}-c4-p1",
        "total": f"figure:{place}:{SENTENCE.index('40')}",
        "year": f"figure:{place}:{SENTENCE.index('environ 12')}",
        "month": f"figure:{place}:7",
    }[what]


def given(*, territory=None, by=None, rows=1, compared_to=None, change=lambda found: found, **words):
    """A ReportImport that was understood and waits for its review; `change` makes another of its Understanding."""
    territory = territory or TerritoryFactory(code="ici")
    by = by or MembershipFactory(lead=True, territory=territory).user
    found = change(understanding(rows, **words))
    report = ReportImport(
        territory=territory,
        name=found.name,
        media_type="application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        size=8,
        digest="0" * 64,
        given_by=by,
        compared_to=compared_to,
        document=dump(document(rows, name=found.name, word=words.get("word", "Quartier"))),
        understanding=dump((found, ())),
    )
    report.file.save(f"{report.pk}.docx", ContentFile(f"Fichier {found.name}".encode()), save=False)
    report.save()
    return report
