"""What the Document itself shows: rows taller than a page, pictures without words."""

from django.urls import reverse

from axes.dossier import place_of_line
from logement.richtext import plain
from reporting.document import Charts, Table
from reporting.rehearsal.flaws import Flaw, Group, Spot, Weight
from reporting.rehearsal.spots import spot_of
from reporting.renderers.reading import heights_of

#: Lines of a cell that fill a landscape page under the headings of the table, and what a new paragraph adds to them,
#: counted on printed pages (static/css/report-print.css): 39 lines of one paragraph, 30 paragraphs of one line.
PAGE, GAP = 39, 0.3


DESCRIBE = "Décrivez en une phrase ce qu'il montre."


def rows(year, document, tables):
    """The rows that no page holds whole, each opened in its table (`tables`: ActionTables) or in the report."""
    lines = {
        f"action-{row[0].line.pk}": spot_of(place_of_line(row[0].line, table.axis), year)
        for table in tables
        for row in table.rows
    }
    report, flaws = report_of(year), []
    for section, table in nodes_of(document.sections):
        for row in table.rows if isinstance(table, Table) else ():
            if fills_a_page(row, table.columns):
                title = title_of(row)
                sentence = f"La ligne « {title} » tient sur plus d'une page."
                mend = "Resserrez sa cellule la plus longue, ou déplacez une partie du texte dans une partie."
                spot = lines.get(row.anchor) or Spot(section.label, f"{report}#{row.anchor}")
                flaws.append(Flaw(Weight.KNOW, sentence, (spot,), mend))
    why = "Elles s'impriment coupées, leur intitulé repris avec « (suite) »."
    return Group("pages", "Lignes de plus d'une page", why, tuple(flaws))


def fills_a_page(row, columns):
    gaps = (GAP * plain(cell.blocks, with_notes=True).count("\n") for cell in row.cells)
    return any(lines + gap > PAGE for lines, gap in zip(heights_of(row, columns), gaps, strict=True))


def pictures(year, document):
    """The charts that no words stand for; those that only their values describe, once each."""
    choice = reverse("axes:key_figures", args=[year.territory.code, year.number])
    charts = {
        chart.anchor.removeprefix("synthese-"): chart
        for _, node in nodes_of(document.sections)
        if isinstance(node, Charts)
        for chart in node.charts
    }
    flaws = []
    for anchor, chart in charts.items():
        spot = Spot(f"Graphique « {chart.title} »", f"{choice}#{anchor}")
        if not chart.alt.strip():
            sentence = f"Le graphique « {chart.title} » n'a pas de texte de remplacement."
            flaws.append(Flaw(Weight.COMPLETE, sentence, (spot,), DESCRIBE))
        elif not chart.description.strip():
            sentence = f"Le graphique « {chart.title} » n'est décrit que par ses valeurs."
            flaws.append(Flaw(Weight.KNOW, sentence, (spot,), DESCRIBE))
    why = "Qui ne voit pas l'image en apprend les valeurs ; une phrase dit ce qu'il faut y lire."
    return Group("images", "Descriptions des graphiques", why, tuple(flaws), len(charts))


def report_of(year):
    return reverse("reporting:report", args=[year.territory.code, year.number])


def nodes_of(sections):
    """(Section, node) of everything that the sections hold, in order."""
    for section in sections:
        yield from ((section, node) for node in section.content)
        yield from nodes_of(section.sections)


def title_of(row):
    return next((plain(cell.blocks) for cell in row.cells if cell.is_header), row.anchor)
