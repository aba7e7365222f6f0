"""What the Document itself shows: rows taller than a page, pictures without words."""

from django.urls import reverse

from axes.dossier import place_of_line
from logement.richtext import plain
from reporting.document import Table
from reporting.rehearsal.flaws import Flaw, Group, Spot, Weight
from reporting.rehearsal.spots import spot_of
from reporting.renderers.reading import heights_of

#: Lines of a row that fill a landscape page under the headings of the table: static/css/report-print.css.
PAGE = 40


def rows(year, document, tables):
    """The rows that no page holds whole, each opened in its table (`tables`: ActionTables) or in the report."""
    lines = {
        f"action-{row[0].line.pk}": spot_of(place_of_line(row[0].line, table.axis), year)
        for table in tables
        for row in table.rows
    }
    report = reverse("reporting:report", args=[year.territory.code, year.number])
    flaws = []
    for section, table in tables_of(document.sections):
        for row in table.rows:
            if max(heights_of(row, table.columns), default=0) > PAGE:
                title = title_of(row)
                sentence = f"La ligne « {title} » tient sur plus d'une page."
                mend = "Resserrez sa cellule la plus longue, ou déplacez une partie du texte dans une partie."
                spot = lines.get(row.anchor) or Spot(section.label, f"{report}#{row.anchor}")
                flaws.append(Flaw(Weight.KNOW, sentence, (spot,), mend))
    why = "Elles s'impriment coupées, leur intitulé repris avec « (suite) »."
    return Group("pages", "Lignes de plus d'une page", why, tuple(flaws))


def tables_of(sections):
    """(Section, Table) of every table, in order."""
    for section in sections:
        for node in section.content:
            if isinstance(node, Table):
                yield section, node
        yield from tables_of(section.sections)


def title_of(row):
    return next((plain(cell.blocks) for cell in row.cells if cell.is_header), row.anchor)
