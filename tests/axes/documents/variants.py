"""Forty ways of writing the small report of made.py; each says what of it is understood otherwise, if anything."""

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from tests.axes.documents.made import (
    AXES,
    HEADINGS,
    add_table,
    as_list,
    blank,
    changed,
    fill,
    mark_heading,
    report,
    saved,
)


def columns(*ranks, headings=HEADINGS, marked=True):
    """A table with these columns of the rows, under these headings."""
    return lambda document, rows: add_table(
        document,
        headings and [headings[rank] for rank in ranks],
        [[row[rank] for rank in ranks] for row in rows],
        marked=marked,
    )


def under(*headings, marked=True):
    return lambda document, rows: add_table(document, headings, rows, marked=marked)


def with_column(heading, place, text):
    def table(document, rows):
        headings = [*HEADINGS[:place], heading, *HEADINGS[place:]]
        add_table(document, headings, [[*row[:place], text, *row[place:]] for row in rows])

    return table


def plain_heading(document, text, level):
    run = document.add_paragraph().add_run(text)
    run.bold = True


def split(*, again=True, between=None):
    """Each row in a table of its own."""

    def table(document, rows):
        for rank, row in enumerate(rows):
            if rank and between:
                document.add_paragraph(between)
            elif rank:
                document.add_paragraph()
            add_table(document, HEADINGS if again or not rank else None, [row])

    return table


def cut_row(title):
    """The first row of each table goes on in a second one, cut in the middle of a sentence."""

    def table(document, rows):
        first, *others = rows
        words = first[2][0].split()
        start, end = " ".join(words[:2]), " ".join(words[2:])
        add_table(
            document,
            HEADINGS,
            [
                (first[0], first[1], [start], first[3]),
                (title and f"{first[0]} {title}", "", [end, *first[2][1:]], []),
                *others,
            ],
        )

    return table


def cut_table(document, rows):
    """The same, over two tables, the headings not repeated."""
    first, *others = rows
    words = first[2][0].split()
    add_table(document, HEADINGS, [(first[0], first[1], [" ".join(words[:2])], [])])
    document.add_page_break()
    add_table(document, None, [("", "", [" ".join(words[2:]), *first[2][1:]], first[3]), *others])


def heading_again(document, rows):
    """The headings typed again as a row of the table."""
    with_again = [value for row in rows for value in (row, HEADINGS)]
    add_table(document, HEADINGS, with_again[:-1])


def merged_titles(document, rows):
    """Each action over two rows, its title and its state merged."""
    table = add_table(document, HEADINGS, [])
    for row in rows:
        top, bottom = table.add_row().cells, table.add_row().cells
        for rank in (0, 1):
            fill(top[rank].merge(bottom[rank]), as_list(row[rank]))
        fill(top[2], row[2][:1])
        fill(bottom[2], row[2][1:])
        fill(bottom[3], row[3])


def two_header_rows(document, rows):
    table = document.add_table(rows=2, cols=4)
    for rank, heading in enumerate(HEADINGS[:2]):
        table.cell(0, rank).merge(table.cell(1, rank)).text = heading
    table.cell(0, 2).merge(table.cell(0, 3)).text = "Suivi"
    table.cell(1, 2).text, table.cell(1, 3).text = HEADINGS[2], HEADINGS[3]
    mark_heading(table.rows[0])
    mark_heading(table.rows[1])
    for row in rows:
        for cell, value in zip(table.add_row().cells, row, strict=True):
            fill(cell, as_list(value))


def caption_inside():
    """No title above the tables: a first row over the whole table."""
    labels = iter(AXES)

    def table(document, rows):
        made = document.add_table(rows=1, cols=4)
        made.cell(0, 0).merge(made.cell(0, 3)).text = next(labels)
        for cell, heading in zip(made.add_row().cells, HEADINGS, strict=True):
            cell.text = heading
        for row in rows:
            for cell, value in zip(made.add_row().cells, row, strict=True):
                fill(cell, as_list(value))
        document.add_paragraph()

    return table


def no_axis_heading(document, text, level):
    if level == 1:
        document.add_heading(text, 1)


def bullets(document, rows):
    table = add_table(document, HEADINGS, [(row[0], row[1], "", row[3]) for row in rows])
    for made, row in zip(table.rows[1:], rows, strict=True):
        fill(made.cells[2], row[2], "List Bullet")


def typed_bullets(document, rows):
    add_table(
        document,
        HEADINGS,
        [(row[0], row[1], [f"- {text}" for text in row[2]], [f"• {t}" for t in row[3]]) for row in rows],
    )


def nested(document, rows):
    """The indicators in a table inside their cell."""
    table = add_table(document, HEADINGS, [(row[0], row[1], "", row[3]) for row in rows])
    for made, row in zip(table.rows[1:], rows, strict=True):
        inside = made.cells[2].add_table(rows=len(row[2]), cols=1)
        for line, text in zip(inside.rows, row[2], strict=True):
            line.cells[0].text = text


def states(**words):
    """The state of each action in other words."""
    return {
        label: [(row[0], words.get(row[1], row[1]), *row[2:]) for row in rows] for label, rows in AXES.items()
    }


def other_titles(document, text, level):
    text = text.replace("Axe 1 :", "AXE N° 1 –").replace("Axe 2 :", "Axe II.")
    text = text.replace("1 Bilan", "I. Bilan").replace("2 Dyn", "II – Dyn")
    document.add_heading(text, level)


def all_heading_1(document, text, level):
    document.add_heading(text, 1)


def contents(document):
    document.add_paragraph("Sommaire")
    for text in ("Préambule 2", "1 Bilan des chantiers 3"):
        paragraph = document.add_paragraph(text)
        paragraph.paragraph_format.element.get_or_add_pPr().insert(
            0, parse_xml(f'<w:pStyle {nsdecls("w")} w:val="TOC1"/>')
        )


def axes_announced(document):
    """The list of the axes in the title page's wake, without bullets."""
    document.add_page_break()
    document.add_heading("Préambule", 1)
    for label in AXES:
        document.add_paragraph(label)


def inserted(raw):
    """A sentence added and another taken away with the revision marks on."""
    ins = '<w:ins w:id="900" w:author="A"><w:r><w:t xml:space="preserve"> des besoins</w:t></w:r></w:ins>'
    gone = '<w:del w:id="901" w:author="A"><w:r><w:delText>supprimés</w:delText></w:r></w:del>'
    run = "<w:t>Enquête de nuit</w:t></w:r>"
    return changed(raw, document=lambda xml: xml.replace(run, f"{run}{ins}{gone}", 1))


def in_controls(raw):
    """The rows of the tables inside content controls."""
    return changed(
        raw,
        document=lambda xml: xml.replace("<w:tr>", "<w:sdt><w:sdtContent><w:tr>").replace(
            "</w:tr>", "</w:tr></w:sdtContent></w:sdt>"
        ),
    )


def bold_titles(document, rows):
    table = add_table(document, HEADINGS, rows)
    for row in table.rows[1:]:
        for run in row.cells[0].paragraphs[0].runs:
            run.bold = True


def empty_rows(document, rows):
    add_table(document, HEADINGS, [value for row in rows for value in (row, ("", "", "", ""))])


def without_parts():
    document = blank()
    for label, rows in AXES.items():
        document.add_heading(label, 1)
        add_table(document, HEADINGS, rows)
    return saved(document)


RENAMED = ("Intitulé du projet", "Où en est-on ?", "Résultats chiffrés", "Commentaires")
#: {what is done to the report: (its bytes, what is understood otherwise)}: `titles`, `states`, `roles`, `left`: the
#: roles whose texts the report no longer has, `unsure`: a person has something to look at.
VARIANTS = {
    "as it is": lambda: (report(), {}),
    "another order of columns": lambda: (report(table=columns(1, 0, 3, 2)), {}),
    "columns renamed": lambda: (report(table=under(*RENAMED)), {}),
    "headings in capitals": lambda: (report(table=under(*[h.upper() for h in HEADINGS])), {}),
    "headings not marked": lambda: (report(table=columns(0, 1, 2, 3, marked=False)), {}),
    "headings that say little": lambda: (
        report(table=under("Quoi", "Où", "Combien", "Divers")),
        {"roles": ["title", "state", "other", "other"], "unsure": True},
    ),
    "no headings": lambda: (report(table=columns(0, 1, 2, 3, headings=None)), {"unsure": True}),
    "a column of observations removed": lambda: (report(table=columns(0, 1, 2)), {"left": {"observations"}}),
    "a column of states removed": lambda: (
        report(table=columns(0, 2, 3)),
        {"left": {"state"}, "unsure": True},
    ),
    "two columns": lambda: (report(table=columns(0, 1)), {"left": {"indicators", "observations"}}),
    "a column added at the end": lambda: (
        report(table=with_column("Financeurs", 4, "DDETS")),
        {"more": "other"},
    ),
    "a column added in the middle": lambda: (
        report(table=with_column("Pilote", 1, "Métropole")),
        {"more": "other"},
    ),
    "a column without a heading": lambda: (
        report(table=with_column("", 4, "À voir")),
        {"more": "other", "unsure": True},
    ),
    "headings typed again": lambda: (report(table=heading_again), {}),
    "two rows of headings": lambda: (report(table=two_header_rows), {}),
    "tables split, headings again": lambda: (report(table=split()), {}),
    "tables split, no headings": lambda: (report(table=split(again=False)), {}),
    "tables split, announced": lambda: (report(table=split(between="(suite)")), {}),
    "a row cut, without a title": lambda: (report(table=cut_row("")), {}),
    "a row cut, its title again": lambda: (report(table=cut_row("(suite)")), {}),
    "a row cut over two tables": lambda: (report(table=cut_table), {}),
    "titles merged over two rows": lambda: (report(table=merged_titles), {}),
    "the title of the axis inside the table": lambda: (
        report(table=caption_inside(), heading=no_axis_heading),
        {},
    ),
    "empty rows": lambda: (report(table=empty_rows), {}),
    "titles without styles": lambda: (report(heading=plain_heading), {}),
    "titles all of one level": lambda: (report(heading=all_heading_1), {}),
    "titles numbered otherwise": lambda: (report(heading=other_titles), {}),
    "bold titles of actions": lambda: (report(table=bold_titles), {}),
    "lists of Word": lambda: (report(table=bullets), {}),
    "lists typed by hand": lambda: (report(table=typed_bullets), {}),
    "tables in cells": lambda: (report(table=nested), {}),
    "a table of contents": lambda: (report(before=contents), {}),
    "axes announced in the preamble": lambda: (report(before=axes_announced), {}),
    "states in other words": lambda: (
        report(tables=states(Réalisée="Faite", Réalisé="Terminé", **{"En cours": "Engagée"})),
        {"states": ["Faite", "Terminé", "Engagée"]},
    ),
    "states in capitals": lambda: (
        report(tables=states(Réalisée="RÉALISÉE")),
        {"states": ["RÉALISÉE", "Réalisé", "En cours"]},
    ),
    "an unknown state": lambda: (
        report(tables=states(Réalisée="Vert")),
        {"states": ["Vert", "Réalisé", "En cours"], "unsure": True},
    ),
    "revision marks": lambda: (
        inserted(report()),
        {"titles": ["Enquête de nuit des besoins", "Atelier de restitution", "Captation de logements"]},
    ),
    "rows in content controls": lambda: (in_controls(report()), {}),
    "only the tables": lambda: (without_parts(), {"unsure": True, "parts": 1}),
}
