"""Dates that do not exist, that fall outside the exercise, or headings that name another year. Pure."""

from axes.checks.finding import Level, finding
from axes.periods import day_label

CODE, CODE_IMPOSSIBLE, CODE_HEADING = "date", "date_impossible", "annee_du_titre"
#: Before a date that dates a text, not an act of the exercise.
LEGAL = frozenset("loi decret arrete ordonnance circulaire instruction code".split())


def dates(dossier):
    """In the values, the sentences and the titles."""
    for figure in dossier.figures:
        yield from _of_value(dossier.year, figure)
    for passage in dossier.passages:
        for sentence in passage.reading.sentences:
            for date in sentence.dates:
                yield from _of_mention(dossier.year, passage, sentence, date)


def _of_value(year, figure):
    if figure.day is None or figure.day.year == year:
        return
    is_before = figure.day.year < year
    yield finding(
        CODE,
        Level.ALERT if is_before else Level.INFORMATION,
        [figure.place],
        f"« {figure.label} » : le {day_label(figure.day)} est "
        f"{'avant' if is_before else 'après'} l'exercice {year}.",
        "Vérifiez l'année ; si la date est juste, dites pourquoi elle figure dans ce rapport.",
        numbers=[figure.day.isoformat(), year],
    )


def _of_mention(year, passage, sentence, date):
    written = sentence.between(date.start, date.end)
    if not date.exists:
        yield finding(
            CODE_IMPOSSIBLE,
            Level.BLOCKING,
            [passage.place],
            f"« {written} » n'existe pas dans le calendrier.",
            "Corrigez la date.",
            numbers=[written],
            excerpt=sentence.text,
        )
    elif passage.is_title and _is_heading_of_another_year(year, sentence, date):
        yield finding(
            CODE_HEADING,
            Level.ALERT,
            [passage.place],
            f"Le titre « {sentence.text} » porte l'année {date.year} dans le rapport de {year}.",
            f"Remplacez {date.year} par {year}, ou dites que le titre parle bien d'une autre année.",
            numbers=[date.year, year],
            excerpt=sentence.text,
        )
    elif date.is_whole and date.year != year and not date.since and not _is_legal(sentence, date):
        yield finding(
            CODE,
            Level.INFORMATION,
            [passage.place],
            f"Le {written} est {'avant' if date.year < year else 'après'} l'exercice {year}.",
            "Vérifiez l'année ; une date annoncée ou rappelée n'appelle pas de correction.",
            numbers=[written, year],
            excerpt=sentence.text,
        )


def _is_heading_of_another_year(year, sentence, date):
    """« Les actions réalisées en 2022 »: one year, which is not that of the report; « 2023-2027 » names a period."""
    return date.year not in {None, year} and len(sentence.dates) == 1 and not _is_legal(sentence, date)


def _is_legal(sentence, date):
    before = [word for place, word in sentence.words if place < date.start][-8:]
    return bool(LEGAL & set(before))
