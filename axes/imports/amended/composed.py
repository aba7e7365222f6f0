"""What an amended export cannot change (figures, annexes, titles), told in sentences: nothing is dropped in silence."""

from axes.imports.amended.pieces import bare, quoted, typed
from axes.imports.documents.exported import COMPOSED, kind_of
from axes.imports.documents.rich import flat
from axes.models import Indicator
from axes.printed import CHARTS_HEADING, CONTEXT_HEADINGS, FIGURE_HEADINGS
from axes.values import values_of

NO_MARKS = (
    "Ce document n'a pas les repères d'un export de l'application : ses parties et ses actions sont retrouvées par "
    "leurs titres."
)


def told_of_document(understanding, year):
    if not understanding.is_export:
        yield NO_MARKS
    if understanding.year not in {None, year.number}:
        yield f"Ce document dit être celui de {understanding.year} : il est comparé à l'exercice {year.number}."


def told_of_title(printed, written):
    """The sentence on the title of a part or of a table, where the document says it otherwise."""
    if bare(written) != bare(printed):
        yield f"{quoted(typed(written))} : le titre « {printed} » n'est pas repris de ce document."


def told_of_figures(document, year):
    """A sentence per figure that a table of figures says otherwise: it is corrected where it comes from."""
    rows = [row for table in document.tables for row in figure_rows(table)]
    if not rows:
        return
    indicators = list(Indicator.objects.filter(territory=year.territory_id))
    by_label = {}
    for indicator in indicators:
        by_label.setdefault(bare(indicator.label), []).append(indicator)
    named = [indicator for label, _ in rows for indicator in by_label.get(bare(label), ())]
    values = values_of(list(dict.fromkeys(named)), year)
    for label, said in dict.fromkeys(rows):
        found = [values[indicator.pk].display for indicator in by_label.get(bare(label), ())]
        if not found:
            yield f"{quoted(label)} n'est le libellé d'aucun indicateur : ce chiffre n'est pas repris."
        elif bare(said) not in map(bare, found):
            yield (
                f"{quoted(label)} : « {said} » dans le document, « {found[0]} » dans l'application. "
                "Un chiffre se corrige sur la page de son indicateur."
            )


def figure_rows(table):
    """(label, value) of each row of a table of figures."""
    heads = kind_of(table)
    if heads in {CONTEXT_HEADINGS, FIGURE_HEADINGS, FIGURE_HEADINGS[1:]}:
        rank = heads.index("Valeur")
        for row in table.rows[1:]:
            label, value = (row.at(column) for column in (rank - 1, rank))
            if label and value:
                yield typed(flat(label.text)), typed(flat(value.text))


def told_of_annexes(document, understanding):
    """One sentence that names what the application composes: nothing of it is compared."""
    left = {item.places[0] for item in understanding.left if item.reason == COMPOSED}
    titles = [
        typed(flat(paragraph.text))
        for paragraph in document.paragraphs
        if paragraph.place in left and paragraph.heading == 1
    ]
    names = [f"« {title} »" for title in titles]
    if any(kind_of(table) == (CHARTS_HEADING,) for table in document.tables):
        names.append("les graphiques")
    if names:
        yield (
            f"Composés par l'application d'après ses chiffres, ne sont pas comparés : {', '.join(names)}. "
            "Ce que le document y change n'est pas repris."
        )
