"""What changed from a report to another: Snapshot x Snapshot -> Document, for every renderer. No query."""

from dataclasses import dataclass
from difflib import SequenceMatcher
from re import compile as pattern

from axes.diff import changed_words
from axes.models import Chapter, Outcome
from axes.periods import Period
from axes.values import Coverage, Value, change_between
from logement.richtext import List, Paragraph, Text, parse, plain
from reporting.document import Cell, Column, Document, Row, Section, Table

SENTENCES = pattern(r"[^\n]*?[.!?…](?=\s|$)\s*|[^\n]+\n*|\n+")
MOST = 1_000_000  # sentences, or words, of one side times those of the other: beyond, all of both is taken as changed
KEPT = 12  # words shown on each side of a change
NOTHING = "—"
NO_STATE = "État non renseigné"
BOLD_RULE = "Les mots changés sont en gras."


@dataclass(frozen=True, slots=True)
class Action:
    """An action of one of the reports; `texts` is {heading of the column, without its year: plain text}."""

    axis: str
    title: str
    state: str
    outcome: str
    texts: dict


def compare(before, after, *, names):
    """The Document of what changed; `names` are those of the two reports, in the same order (« 2022, version 1 »)."""
    old, new = actions_of(before), actions_of(after)
    found = [
        *action_sections(old, new, names),
        *figure_section(before, after, names),
        *text_sections(before, after, old, new, names),
    ]
    title = f"Ce qui a changé : de {names[0]} à {names[1]}"
    nothing = Section("rien", "Aucun changement", 1, (paragraph("Les deux rapports disent la même chose."),))
    return Document(
        title=title,
        running_title=f"{after.territory} – {title}",
        language="fr",
        cover=(),
        publisher=after.territory,
        date_label=str(after.year),
        sections=tuple(found) or (nothing,),
    )


# --- Actions ---


def actions_of(snapshot):
    """{key of the lasting action: Action}, in the order of the report."""
    tables = [block for chapter in snapshot.chapters for block in chapter.blocks if block.kind == "actions"]
    return {row.action: action_of(table, row, snapshot.year) for table in tables for row in table.rows}


def action_of(table, row, year):
    cells = dict(zip(table.columns, row.cells, strict=True))
    by_role = {column.role: content for column, content in cells.items()}
    texts = {
        column.heading.replace(str(year), "").strip(): plain(parse(content), with_notes=True)
        for column, content in cells.items()
        if column.role not in {"title", "state"}
    }
    return Action(table.label, by_role.get("title", ""), by_role.get("state", ""), row.outcome, texts)


def action_sections(old, new, names):
    both = [key for key in new if key in old]
    changed = [key for key in both if old[key].outcome != new[key].outcome]
    done = [key for key in changed if new[key].outcome == Outcome.DONE]
    dropped = [key for key in changed if new[key].outcome == Outcome.DROPPED]
    others = [
        key for key in both if key not in {*done, *dropped} and (state_of(old[key]) != state_of(new[key]))
    ]
    yield from titles("nouvelles", "Actions nouvelles", [new[key] for key in new if key not in old])
    yield from titles("absentes", "Actions qui n'y sont plus", [old[key] for key in old if key not in new])
    for anchor, label, keys in (
        ("terminees", "Actions terminées", done),
        ("arretees", "Actions arrêtées", dropped),
        ("etats", "Autres changements d'état", others),
    ):
        rows = [(new[key].title, state_of(old[key]), state_of(new[key])) for key in keys]
        yield from table_section(anchor, label, ("Action", *names), rows)


def state_of(action):
    return action.state or NO_STATE


def titles(anchor, label, actions):
    """A list of actions, each with its axis and its state."""
    items = [f"{action.title} ({action.axis}) : {state_of(action)}" for action in actions]
    if items:
        yield Section(anchor, label, 1, (List(tuple((paragraph(item),) for item in items)),))


# --- Figures ---


def figure_section(before, after, names):
    old = {figure.key: figure for figure in before.figures}
    new = {figure.key: figure for figure in after.figures}
    rows = []
    for key in [*new, *(key for key in old if key not in new)]:
        first, last = old.get(key), new.get(key)
        if first is None or last is None or first.value != last.value:
            shown = last or first
            rows.append((label_of(shown), words_of(first), words_of(last), change_of(first, last)))
    yield from table_section("chiffres", "Chiffres", ("Indicateur", *names, "Écart"), rows)


def label_of(figure):
    return f"{figure.label} ({figure.action})" if figure.action else figure.label


def words_of(figure):
    return figure.value if figure else "ne figure pas"


def change_of(first, last):
    """« +35 (+33 %) », or a dash where the two do not compare."""
    change = change_between(value_of(first), value_of(last)) if first and last else None
    return change.display if change else NOTHING


def value_of(figure):
    """The Value that a figure of a report says. Of a share, the parts are kept, not the percentage made of them."""
    is_asked = figure.asked is not None
    return Value(
        unit=figure.unit,
        period=Period(figure.starts_on, figure.ends_on),
        number=figure.number if figure.denominator is None else None,
        numerator=figure.numerator,
        denominator=figure.denominator,
        day=figure.day,
        qualifier=figure.qualifier,
        blank=figure.blank,
        is_fictive=figure.is_fictive,
        coverage=Coverage(figure.answered, figure.asked) if is_asked else None,
    )


# --- Texts ---


def text_sections(before, after, old, new, names):
    chapters, former = chapters_of(after), chapters_of(before)
    rows = [row for key in chapters for row in passages(key[1], former.get(key, ""), chapters[key])]
    rows += [row for key in former if key not in chapters for row in passages(key[1], former[key], "")]
    yield from text_section("textes", "Textes des parties", ("Partie", *names), rows)
    rows = []
    for key in [key for key in new if key in old]:
        rows += passages(f"{new[key].title}, intitulé", old[key].title, new[key].title)
        for heading, text in new[key].texts.items():
            rows += passages(f"{new[key].title}, {heading}", old[key].texts.get(heading, ""), text)
    yield from text_section("textes-actions", "Textes des actions", ("Action", *names), rows)


def chapters_of(snapshot):
    """{(kind, title): plain text} of the chapters, which have other keys in another exercise."""
    return {
        (chapter.kind, name_of(chapter, snapshot.year)): "\n".join(
            plain(parse(block.html), with_notes=True) for block in chapter.blocks if block.html
        )
        for chapter in snapshot.chapters
    }


def name_of(chapter, year):
    """The cover has no title of its own."""
    if chapter.kind == Chapter.Kind.COVER:
        return Chapter.Kind.COVER.label
    return chapter.title.replace(str(year), "").strip()


def passages(place, before, after):
    """[(place, Paragraph, Paragraph)], one per run of sentences that changed."""
    if before == after:
        return []
    old, new = SENTENCES.findall(before), SENTENCES.findall(after)
    if len(old) * len(new) > MOST:
        return [(place, *both_sides(before, after))]
    runs = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return [
        (place, *both_sides("".join(old[a:b]), "".join(new[c:d])))
        for kind, a, b, c, d in runs
        if kind != "equal"
    ]


def both_sides(before, after):
    """The two passages, with the words that changed in bold, and long runs of the others shortened.

    One that faces nothing is new or gone as a whole: no word of it is more so than another.
    """
    if not (before.strip() and after.strip()):
        return whole(before), whole(after)
    if len(before.split()) * len(after.split()) > MOST:
        parts = [("del", before), ("ins", after)]
    else:
        parts = changed_words(before, after)
    return side(parts, "del"), side(parts, "ins")


def whole(passage):
    return paragraph(passage.strip() or NOTHING)


def side(parts, own):
    shown = [(kind, text) for kind, text in parts if kind in {"same", own}]
    return Paragraph(
        tuple(Text(shortened(text) if kind == "same" else text, bold=kind == own) for kind, text in shown)
    )


def shortened(text):
    """A run of unchanged words, without its middle where it is long."""
    words = text.split(" ")
    if len(words) <= 2 * KEPT + 1:
        return text
    return " ".join([*words[:KEPT], "[…]", *words[-KEPT:]])


def text_section(anchor, label, headings, rows):
    for section in table_section(anchor, label, headings, rows):
        yield Section(section.anchor, section.label, 1, (paragraph(BOLD_RULE), *section.content), (), True)


# --- Nodes ---


def table_section(anchor, label, headings, rows):
    """One section with one table; none without rows. Cells are words or paragraphs."""
    if not rows:
        return
    width = 100 // len(headings)
    first = 100 - width * (len(headings) - 1)
    columns = tuple(
        Column(heading, "other" if rank else "title", width if rank else first)
        for rank, heading in enumerate(headings)
    )
    lines = tuple(
        Row(
            f"{anchor}-{rank}", tuple(cell(content, is_header=not place) for place, content in enumerate(row))
        )
        for rank, row in enumerate(rows, start=1)
    )
    yield Section(anchor, label, 1, (Table(label, columns, lines),), (), True)


def cell(content, *, is_header):
    return Cell((paragraph(content) if isinstance(content, str) else content,), is_header)


def paragraph(text):
    return Paragraph((Text(text),))
