"""Database -> Dossier: the figures and the texts of an exercise as the checks read them, each with its place.

The key of a place says where it is opened (`url_of`): the object of the page, then what stands in it.
"""

from django.urls import reverse

from axes import citations
from axes.checks.dossier import Dossier, Figure, Passage, Reference
from axes.checks.finding import Place
from axes.checks.wording import words_of
from axes.models import Block, Chapter, Column, Indicator, Line, SeriesBreak, TextBlock, Year
from axes.progress import indicators_of
from axes.table import ActionCell, tables_of
from axes.values import targets_of, values_over
from logement.richtext import parse

#: The page that opens each kind of place.
PAGES = {
    "axis": "axes:axis",
    "title": "axes:axis",
    "cell": "axes:axis",
    "chapter": "axes:chapter",
    "text": "axes:chapter",
    "figure": "axes:indicator",
    "chart": "axes:key_figures",
}


def url_of(place, year):
    """The address of a place of an exercise, which leads to the very cell or text."""
    key, _, anchor = place.key.partition("#")
    url = reverse(PAGES[place.kind], args=[year.territory.code, year.number, *([key] if key else [])])
    return f"{url}#{anchor}" if anchor else url


def dossier_of(year):
    """The Dossier of an exercise, in a number of queries that does not grow with its rows."""
    return Dossier(year.number, figures=tuple(figures_of(year)), passages=tuple(passages_of(year)))


def figures_of(year):
    """The figures of an exercise, each with that of the exercise before."""
    indicators = list(
        Indicator.objects.filter(indicators_of(year)).select_related("whole", "flow", "territory").distinct()
    )
    before = Year.objects.filter(territory=year.territory_id, number=year.number - 1).first()
    values = values_over(indicators, [year, *([before] if before else [])])
    targets = targets_of(indicators, year)
    broken = SeriesBreak.objects.filter(number=year.number, indicator__in=[i.pk for i in indicators])
    broken = set(broken.values_list("indicator", flat=True))
    for indicator in indicators:
        target = targets.get(indicator.pk)
        yield figure_of(
            indicator,
            values[indicator.pk, year.number],
            previous=figure_of(indicator, values[indicator.pk, before.number]) if before else None,
            target=target and target.number,
            is_new_series=indicator.pk in broken,
        )


def figure_of(indicator, value, **fields):
    """A checks' Figure, of an indicator and its Value."""
    return Figure(
        code=indicator.code,
        label=indicator.label,
        place=place_of_figure(indicator),
        unit=indicator.unit,
        action=str(indicator.action_id or ""),
        kind=indicator.kind,
        temporality=indicator.temporality,
        number=value.number,
        numerator=value.numerator,
        denominator=value.denominator,
        day=value.day,
        blank=str(value.blank),
        qualifier=str(value.qualifier),
        whole=indicator.whole.code if indicator.whole else "",
        flow=indicator.flow.code if indicator.flow else "",
        has_multiple_answers=indicator.has_multiple_answers,
        is_partial=bool(value.partial_words),
        base=indicator.base,
        since=indicator.since,
        **fields,
    )


def place_of_figure(indicator):
    return Place("figure", f"Indicateur {indicator.code}, {indicator.label}", indicator.code)


def passages_of(year):
    """Every title and text of the report of an exercise, in its order."""
    tables = {table.block.pk: table for table in tables_of(year, lines=Line.objects.all())}
    texts = dict(TextBlock.objects.filter(year=year, block__isnull=False).values_list("block", "content"))
    for chapter in Chapter.objects.filter(year=year).prefetch_related("blocks"):
        yield Passage(place_of_chapter(chapter), str(chapter), is_title=True)
        for block in chapter.blocks.all():
            if block.kind == Block.Kind.ACTIONS:
                yield from passages_of_table(tables[block.pk], year)
            elif texts.get(block.pk):
                yield passage(place_of_text(block, chapter), texts[block.pk], year)


def passages_of_table(table, year):
    axis = table.axis
    yield Passage(Place("axis", axis.full_label, str(axis.pk)), axis.full_label, is_title=True)
    for row in table.rows:
        line = row[0].line
        yield Passage(place_of_line(line, axis), line.title, action=str(line.action_id), is_title=True)
        for cell in row:
            if cell.column.role in Column.TEXT_ROLES and not cell.is_empty:
                place = place_of_cell(cell, axis, year)
                yield passage(place, cell.text.content, year, action=str(line.action_id))


def place_of_line(line, axis):
    return Place("title", line.title, f"{axis.pk}#action-{line.pk}")


def place_of_cell(cell, axis, year):
    """« Axe 3, Consolidation du Bail d'abord, Indicateurs de suivi et résultats »."""
    numbered = [] if axis.number is None else [f"Axe {axis.number}"]
    label = ", ".join([*numbered, cell.line.title, cell.column.heading_for(year.number)])
    return Place("cell", label, f"{axis.pk}#{cell.key}")


def place_of(text, year):
    """The place of a TextBlock, which comes with its line, axis and column, or with its block and chapter."""
    if text.line_id is None:
        return place_of_text(text.block, text.block.chapter)
    return place_of_cell(ActionCell(text.line, text.column, text), text.line.axis, year)


def place_of_use(citation, year):
    """The place of a Citation, which comes with its text, its entry and indicator, or its key figure."""
    if citation.text_id:
        return place_of(citation.text, year)
    if citation.entry_id:
        return place_of_figure(citation.entry.indicator)
    return place_of_chart(citation.key_figure)


def place_of_chart(key_figure):
    indicator = key_figure.indicator
    name = f"Graphique de {indicator.code}, {indicator.label} ({key_figure.get_shape_display()})"
    return Place("chart", name, f"#graphique-{indicator.pk}-{key_figure.shape}")


def place_of_chapter(chapter):
    return Place("chapter", str(chapter), str(chapter.pk))


def place_of_text(block, chapter):
    return Place("text", str(chapter), f"{chapter.pk}#bloc-{block.pk}")


def passage(place, html, year, action=""):
    words, spans = words_of(parse(html))
    references = ((start, end, citations.Reference.read(ref)) for start, end, ref in spans)
    return Passage(
        place,
        words,
        action,
        references=tuple(
            Reference(start, end, reference.code, reference.exercise(year))
            for start, end, reference in references
        ),
    )
