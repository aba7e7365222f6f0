"""A report still in its file as a Dossier: what `manage.py controler --fichier` checks. Pure."""

from axes.checks.dossier import Dossier, Passage
from axes.checks.finding import Place
from axes.checks.wording import words_of
from logement.richtext import parse


def dossier_of(report, *, year=None, figures=()):
    """The Dossier of an axes.imports.reading.ReportFile; without a year, the one that its first titles name.

    Raises ValueError with a French sentence when no year is given nor found.
    """
    passages = tuple(_passages(report))
    found = year or _year_of(passages)
    if found is None:
        raise ValueError("Le rapport ne dit pas son année : donnez-la.")
    return Dossier(found, tuple(figures), passages)


def _year_of(passages):
    """The last year of the first title that names one."""
    for passage in passages:
        years = [date.year for date in passage.reading.dates if date.year]
        if passage.is_title and years:
            return years[-1]
    return None


def _passages(report):
    yield from (_title("Page de titre", "titre", rank, line) for rank, line in enumerate(report.cover_lines))
    yield from _texts("Préambule", "preambule", report.preamble)
    for rank, section in enumerate(report.sections, start=1):
        label = f"Partie {section.number or rank}"
        yield _title(label, f"partie-{rank}", 0, section.title)
        for place, part in enumerate(section.parts, start=1):
            key = f"partie-{rank}-{place}"
            if isinstance(part, str):
                yield from _texts(label, key, [part])
            else:
                yield from _table(part, key)


def _title(label, key, rank, text):
    return Passage(Place("titre", label, f"{key}-titre-{rank}"), text, is_title=True)


def _texts(label, key, texts):
    for rank, html in enumerate(texts, start=1):
        text, _ = words_of(parse(html))
        yield Passage(Place("texte", label, f"{key}-{rank}"), text)


def _table(table, key):
    label = f"Axe {table.number}" if table.number else table.label
    yield _title(label, key, 0, table.label)
    headings = [heading for _, heading in table.columns]
    for rank, heading in enumerate(headings, start=1):
        yield _title(label, key, rank, heading)
    columns = [heading for role, heading in table.columns if role not in {"title", "state"}]
    for rank, row in enumerate(table.rows, start=1):
        where = f"{label}, {row.title}"
        yield Passage(Place("titre", where, f"{key}-{rank}"), row.title, action=row.title, is_title=True)
        for place, (heading, html) in enumerate(zip(columns, row.texts, strict=True), start=1):
            text, _ = words_of(parse(html))
            yield Passage(
                Place("cellule", f"{where}, {heading}", f"{key}-{rank}-{place}"), text, action=row.title
            )
