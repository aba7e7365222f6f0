"""The file, checked from end to end before anything is written, as plain objects. Pure: imports no Django."""

from dataclasses import dataclass

from axes.imports import headings as heads
from axes.imports.errors import Place, ReportFileError
from axes.imports.fields import check_title, kind_of, list_at, number_at, object_at, text_at, title_at
from axes.imports.texts import Notes, flat, rich
from logement.richtext import normal, to_html
from logement.text import MAX_RICH, clean_text

MAX_TITLE, MAX_HEADING, MAX_STATE = 300, 200, 60  # characters, as the columns of the database
#: Key of a row -> role of the column that prints it.
KEYS = {"etat": heads.STATE, "indicateurs": heads.INDICATORS, "observations": heads.OBSERVATIONS}


@dataclass(frozen=True, slots=True)
class ReportFile:
    """A whole report. Texts are the stored HTML; a cover or a preamble of several texts was cut at a paragraph."""

    cover: tuple[str, ...]
    cover_lines: tuple[str, ...]
    preamble: tuple[str, ...]
    sections: "tuple[SectionFile, ...]"

    @property
    def tables(self):
        return [part for section in self.sections for part in section.parts if isinstance(part, TableFile)]


@dataclass(frozen=True, slots=True)
class SectionFile:
    """A part of the report: texts (HTML) and tables, in their order."""

    number: int | None
    title: str
    parts: "tuple[str | TableFile, ...]"


@dataclass(frozen=True, slots=True)
class TableFile:
    """The table of an axis; `columns` are (role, heading)."""

    place: str
    number: int | None
    label: str
    columns: tuple[tuple[str, str], ...]
    rows: "tuple[RowFile, ...]"


@dataclass(frozen=True, slots=True)
class RowFile:
    """An action; `texts` has one HTML text per column that holds texts, in their order."""

    title: str
    state: str
    texts: tuple[str, ...]


def read_report(data):
    """Checks the data of a file and gives its ReportFile. Raises ReportFileError with every error found."""
    file = Place([])
    report = object_at(data, file, required=("page_de_titre", "preambule", "sections"), optional=("notes",))
    notes = Notes(_notes(report.get("notes", []), file.at("notes")))
    cover_lines, cover = _texts(report.get("page_de_titre", []), file.at("page_de_titre"), notes)
    _, preamble = _texts(report.get("preambule", []), file.at("preambule"), notes)
    place = file.at("sections")
    sections = tuple(
        _section(section, place.item(rank), notes)
        for rank, section in enumerate(list_at(report.get("sections", []), place), start=1)
    )
    read = ReportFile(cover, tuple(flat(line) for line in cover_lines), preamble, sections)
    _refuse_repeats(read, file)
    for number in sorted(set(notes.contents) - notes.called):
        file.at("notes").refuse(f"la note {number} n'est appelée nulle part dans le rapport.")
    if file.errors:
        raise ReportFileError(*file.errors)
    return read


def _refuse_repeats(report, file):
    """One axis, one table: neither a title nor a number twice."""
    for what, key in (("titre", lambda t: heads.folded(t.label)), ("numéro", lambda t: t.number)):
        first = {}
        for table in report.tables:
            earlier = first.setdefault(key(table), table)
            if earlier is not table and key(table) not in {None, ""}:
                file.at(table.place).refuse(f"ce {what} de tableau est déjà celui de {earlier.place}.")


def _notes(value, place):
    """{number: text}"""
    texts = {}
    for rank, item in enumerate(list_at(value, place), start=1):
        at = place.item(rank)
        note = object_at(item, at, required=("numero", "texte"))
        number = number_at(note.get("numero"), at.at("numero"))
        text = text_at(note.get("texte", ""), at.at("texte")).strip()
        if "texte" in note and not text:
            at.at("texte").refuse("le texte de la note est vide.")
        if number in texts:
            at.at("numero").refuse(f"la note {number} est écrite deux fois.")
        elif note.get("numero", 0) is None:
            at.at("numero").refuse("attendu un nombre entier.")
        texts[number] = text
    texts.pop(None, None)
    return texts


def _section(value, place, notes):
    section = object_at(value, place, required=("titre", "blocs"), optional=("numero",))
    title = title_at(section, "titre", place, notes, MAX_TITLE)
    number = number_at(section.get("numero"), place.at("numero"))
    parts, paragraphs = [], []
    at = place.at("blocs")
    for rank, block in enumerate(list_at(section.get("blocs", []), at), start=1):
        if isinstance(block, dict):
            parts += _cut(paragraphs, at, notes)
            paragraphs = []
            parts.append(_table(block, at.item(rank, _name_of(block)), notes))
        else:
            paragraphs.append((text_at(block, at.item(rank)), at.item(rank)))
    return SectionFile(number, title, (*parts, *_cut(paragraphs, at, notes)))


def _name_of(block):
    """« Axe 3 », or the beginning of the title: what a person looks for in the file."""
    number, title = block.get("numero"), block.get("titre")
    if isinstance(number, int):
        return f"Axe {number}"
    return clean_text(title)[:40] if isinstance(title, str) else ""


def _table(block, place, notes):
    object_at(block, place, required=("titre", "tableau"), optional=("numero",))
    number = number_at(block.get("numero"), place.at("numero"))
    label = title_at(block, "titre", place, notes, MAX_TITLE)
    table = object_at(block.get("tableau", {}), place.at("tableau"), required=("entetes", "lignes"))
    headings = _headings(table.get("entetes", []), place.at("entetes"), notes)
    at = place.at("lignes")
    rows = [
        (_row(row, at.item(rank), notes), at.item(rank))
        for rank, row in enumerate(list_at(table.get("lignes", []), at), start=1)
    ]
    columns = _columns(headings, [row for row, _ in rows], place)
    read = tuple(_arranged(row, columns, at, notes) for row, at in rows)
    return TableFile(str(place), number, label, columns, read)


def _headings(value, place, notes):
    found = []
    for rank, item in enumerate(list_at(value, place), start=1):
        at = place.item(rank)
        heading = flat(text_at(item, at))
        check_title(heading, item, at, notes, MAX_HEADING)
        if heads.folded(heading) in map(heads.folded, found):
            at.refuse(f"la colonne « {heading} » est écrite deux fois.")
        found.append(heading)
    if len(found) > heads.MAX_COLUMNS:
        place.refuse(
            f"{len(found)} colonnes, c'est plus que les {heads.MAX_COLUMNS} qu'un tableau peut imprimer."
        )
    return found[: heads.MAX_COLUMNS]


def _row(value, place, notes):
    """The checked row: {"action": str, "etat": str, "indicateurs": paragraphs, …, "autres": {heading: paragraphs}}."""
    row = object_at(value, place, required=("action",), optional=(*KEYS, "autres", "coupures_de_page"))
    state = flat(text_at(row.get("etat", ""), place.at("etat")))
    if state:
        check_title(state, row["etat"], place.at("etat"), notes, MAX_STATE)
    return {
        "action": title_at(row, "action", place, notes, MAX_TITLE),
        "etat": state,
        "indicateurs": _paragraphs(row.get("indicateurs", []), place.at("indicateurs")),
        "observations": _paragraphs(row.get("observations", []), place.at("observations")),
        "autres": _others(row.get("autres", {}), place.at("autres")),
    }


def _others(value, place):
    """{heading: paragraphs} of the columns that only this convention has."""
    if not isinstance(value, dict):
        place.refuse(f"attendu un objet, trouvé {kind_of(value)}.")
        return {}
    found = {}
    for raw, paragraphs in value.items():
        heading = flat(clean_text(raw))
        if heading in found:
            place.refuse(f"la colonne « {heading} » est écrite deux fois.")
        found[heading] = _paragraphs(paragraphs, place.at(f"« {heading} »"))
    return found


def _columns(headings, rows, place):
    others = {heads.folded(heading) for row in rows for heading in row["autres"]}
    needed = {role for key, role in KEYS.items() if any(row[key] for row in rows)}
    roles = heads.roles_of(headings, others=others, needed=needed)
    if heads.TITLE not in roles:
        place.at("entetes").refuse("aucune colonne ne peut porter l'intitulé des actions.")
    return tuple(zip(roles, headings, strict=True))


def _arranged(row, columns, place, notes):
    """The row's texts in the order of the columns; a text that no column prints is refused."""
    others = {heads.folded(heading): paragraphs for heading, paragraphs in row["autres"].items()}
    roles = [role for role, _ in columns]
    for key, role in KEYS.items():
        if row[key] and role not in roles:
            place.at(key).refuse("aucune colonne de « entetes » ne correspond à ce texte.")
    for heading in row["autres"]:
        if heads.folded(heading) not in {heads.folded(name) for _, name in columns}:
            place.at("autres").at(f"« {heading} »").refuse("cette colonne n'est pas dans « entetes ».")
    texts = []
    for role, heading in columns:
        if role == heads.OTHER:
            at = place.at("autres").at(f"« {heading} »")
            texts.append(_cell(others.get(heads.folded(heading), []), at, notes))
        elif role in {heads.INDICATORS, heads.OBSERVATIONS}:
            key = next(key for key, of in KEYS.items() if of == role)
            texts.append(_cell(row[key], place.at(key), notes))
    return RowFile(row["action"], row["etat"], tuple(texts))


# --- Texts ---


def _texts(value, place, notes):
    """The paragraphs, and their HTML texts."""
    paragraphs = _paragraphs(value, place)
    return [text for text, _ in paragraphs], tuple(_cut(paragraphs, place, notes))


def _paragraphs(value, place):
    """[(cleaned paragraph, its place)], the blank ones left out."""
    items = [
        (text_at(item, place.item(rank)), place.item(rank))
        for rank, item in enumerate(list_at(value, place), 1)
    ]
    return [(text, at) for text, at in items if text.strip()]


def _blocks(paragraphs, notes):
    blocks = []
    for text, at in paragraphs:
        blocks += rich(text, notes)
        for number in sorted(notes.missing):
            at.refuse(f"la note {number} est appelée ici, mais « notes » ne la contient pas.")
        notes.missing.clear()
    return normal(blocks)


def _cell(paragraphs, place, notes):
    """One HTML text."""
    html = to_html(_blocks(paragraphs, notes))
    if len(html) > MAX_RICH:
        place.refuse(f"le texte dépasse {MAX_RICH} caractères : répartissez-le.")
    return html


def _cut(paragraphs, place, notes):
    """HTML texts, as few as their length allows."""
    texts = []
    for block in _blocks(paragraphs, notes):
        html = to_html([block])
        if len(html) > MAX_RICH:
            place.refuse(f"un paragraphe ou une liste dépasse {MAX_RICH} caractères : coupez-le en deux.")
        if texts and len(texts[-1]) + len(html) <= MAX_RICH:
            texts[-1] += html
        else:
            texts.append(html)
    return texts
