"""A sentence that says one year with the figure of another: last year's words, this year's number. Pure."""

from bisect import bisect_right

from axes.checks.finding import Level, finding
from axes.checks.prose.bases import year_at

CODE = "exercice"
MEND = "Corrigez l'année dans la phrase, ou reprenez le chiffre de cette année-là."


def references(dossier):
    """The year written beside the words that stand for a flow, against the exercise of their figure."""
    for passage in dossier.texts:
        sentences = passage.reading.sentences
        starts = [sentence.start for sentence in sentences]
        for reference in passage.references:
            figure = dossier.by_code.get(reference.code)
            rank = bisect_right(starts, reference.start) - 1
            if figure is None or figure.temporality != "flow" or rank < 0:
                continue
            year = year_at(sentences[rank], reference.start, reference.end)
            if year not in {None, reference.year}:
                yield _other_year(passage, sentences[rank], reference, figure, year)


def _other_year(passage, sentence, reference, figure, year):
    words = passage.text[reference.start : reference.end]
    return finding(
        CODE,
        Level.ALERT,
        [passage.place],
        f"La phrase dit {year}, mais « {words} » est la valeur de {reference.year} de « {figure.label} ».",
        MEND,
        numbers=[reference.code, reference.year, year],
        excerpt=sentence.text,
    )
