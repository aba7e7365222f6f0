"""Word reports made up for the reader: one small report, and the many ways in which people write the same one."""

import json
import zipfile
from dataclasses import dataclass, field, replace
from io import BytesIO
from pathlib import Path

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

import axes.demo
from logement.documents.opendocument import read_odt
from logement.documents.word import read_docx
from logement.richtext import Paragraph, Text
from reporting.document import Cell, Column, Document, Row, Section, Table
from reporting.renderers import docx as docx_renderer
from reporting.renderers import odt as odt_renderer

ROLES = ("title", "state", "indicators", "observations")
HEADINGS = ("Les actions réalisées en 2031", "État de la réalisation", "Indicateurs de suivi", "Observations")
AXES = {
    "Axe 1 : Mieux connaître les besoins": [
        (
            "Enquête de nuit",
            "Réalisée",
            ["14 communes ont été couvertes."],
            ["Les bénévoles se sont mobilisés."],
        ),
        ("Atelier de restitution", "Réalisé", ["Un compte rendu"], ["Il s'est tenu en mai."]),
    ],
    "Axe 2 : Ouvrir des logements": [
        (
            "Captation de logements",
            "En cours",
            ["Depuis 2029, 31 ménages ont été logés.", "Dont 12 en 2031."],
            [],
        ),
    ],
}


@dataclass(frozen=True)
class Report:
    """What a report says; `tables` are {label: rows}, a row is (title, state, indicators, observations)."""

    headings: tuple = HEADINGS
    tables: dict = field(default_factory=lambda: dict(AXES))


def blank():
    """A new Word document with the styles of python-docx."""
    return docx.Document()


def fill(cell, paragraphs, style=None):
    """Paragraphs in a cell, the first in its own."""
    for rank, text in enumerate(paragraphs):
        paragraph = cell.paragraphs[0] if rank == 0 else cell.add_paragraph()
        paragraph.text = text
        if style:
            paragraph.style = style


def as_list(value):
    return [value] if isinstance(value, str) else value


def add_table(document, headings, rows, *, marked=True):
    table = document.add_table(rows=0, cols=len(headings or rows[0]))
    if headings:
        for cell, heading in zip(table.add_row().cells, headings, strict=True):
            cell.text = heading
        if marked:
            mark_heading(table.rows[0])
    for row in rows:
        for cell, value in zip(table.add_row().cells, row, strict=True):
            fill(cell, as_list(value))
    return table


def mark_heading(row):
    row._tr.get_or_add_trPr().append(parse_xml(f"<w:tblHeader {nsdecls('w')}/>"))


def report(*, table=None, heading=None, before=None, after=None, tables=None):
    """The bytes of the small report; `table(document, rows)` and `heading(document, text, level)` write their part."""
    heading = heading or (lambda document, text, level: document.add_heading(text, level))
    table = table or (lambda document, rows: add_table(document, HEADINGS, rows))
    document = blank()
    document.add_paragraph("Plan Logement d'abord", style="Title")
    document.add_paragraph("Rapport d'exécution 2031", style="Subtitle")
    if before:
        before(document)
    heading(document, "Préambule", 1)
    document.add_paragraph("Ce rapport rend compte de la convention.")
    heading(document, "1 Bilan des chantiers", 1)
    for label, rows in (tables or AXES).items():
        heading(document, label, 2)
        table(document, rows)
    heading(document, "2 Dynamique territoriale", 1)
    document.add_paragraph("Les partenaires sont restés mobilisés.")
    if after:
        after(document)
    return saved(document)


def saved(document):
    output = BytesIO()
    document.save(output)
    return output.getvalue()


def changed(raw, **parts):
    """The file with parts replaced: {name without its folder and ending: text -> text}."""
    output = BytesIO()
    with zipfile.ZipFile(BytesIO(raw)) as old, zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            change = parts.get(Path(name).stem)
            new.writestr(name, change(content.decode()).encode() if change else content)
    return output.getvalue()


def read(raw, kind="docx"):
    """The document, read in this process: the child is tried apart, once."""
    with zipfile.ZipFile(BytesIO(raw)) as archive:
        return replace({"docx": read_docx, "odt": read_odt}[kind](archive), name=f"rapport.{kind}")


# --- The demonstration, exported by our own renderers, without a database ---

DATA = json.loads((Path(axes.demo.__file__).parent / "rapport-2023.json").read_text())


def demonstration():
    """The report of the demonstration as a Document: its title page, its texts, its tables and its note."""
    notes = {note["numero"]: note["texte"] for note in DATA["notes"]}
    preamble = Section("partie-9", "Préambule", 1, tuple(blocks(DATA["preambule"], notes)))
    sections = [preamble]
    for section in DATA["sections"]:
        texts = [block for block in section["blocs"] if isinstance(block, str)]
        tables = [block for block in section["blocs"] if not isinstance(block, str)]
        inside = tuple(axis(table, rank, notes) for rank, table in enumerate(tables, start=1))
        label = f"{section['numero']} {section['titre']}"
        sections.append(Section(f"partie-{label[0]}", label, 1, tuple(blocks(texts, notes)), inside))
    cover = tuple(blocks(DATA["page_de_titre"], notes))
    return Document(
        "Rapport 2023", "Rapport 2023", "fr", cover, "Métropole", "2023", sections=tuple(sections)
    )


def axis(table, rank, notes):
    number, title = table.get("numero"), table["titre"]
    label = f"Axe {number} : {title}" if number else title
    headings = table["tableau"]["entetes"]
    columns = tuple(Column(heading, role, 25) for heading, role in zip(headings, ROLES, strict=True))
    rows = tuple(
        row(f"action-{10 * rank + at}", line, notes) for at, line in enumerate(table["tableau"]["lignes"])
    )
    return Section(f"axe-{rank}", label, 2, (Table(label, columns, rows),), landscape=True)


def row(anchor, line, notes):
    texts = [line.get("indicateurs", []), line.get("observations", [])]
    return Row(
        anchor,
        (
            Cell((Paragraph((Text(line["action"]),)),), is_header=True),
            Cell((Paragraph((Text(line["etat"]),)),)),
            *(Cell(tuple(blocks(paragraphs, notes))) for paragraphs in texts),
        ),
    )


def blocks(paragraphs, notes):
    from axes.imports.texts import Notes, rich
    from logement.richtext import normal

    known = Notes(notes)
    return normal(block for paragraph in paragraphs for block in rich(paragraph, known))


def exported(kind):
    """The bytes of the demonstration as the application exports it."""
    return {"docx": docx_renderer, "odt": odt_renderer}[kind].render(demonstration())
