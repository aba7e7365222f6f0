"""Who changed what: the history of a line or of a chapter, with the words that changed."""

from dataclasses import dataclass
from datetime import datetime

from axes.diff import changed_words
from axes.models import Column, Line, TextBlock
from logement import richtext


@dataclass(frozen=True, slots=True)
class Change:
    """One change: when, by whom, of what (a column, the state…), why, and the words (see `changed_words`)."""

    at: datetime
    by: str
    what: str
    words: list
    reason: str = ""


def line_changes(line):
    """All the changes of a line and of its cells, newest first."""
    columns = {
        column.pk: column.heading_for(line.year.number) for column in Column.objects.filter(texts__line=line)
    }
    texts = TextBlock.history.filter(line_id=line.pk).select_related("history_user")
    changes = text_changes(texts, what=lambda record: columns.get(record.column_id, "Texte"))
    records = Line.history.filter(id=line.pk).select_related("history_user", "state", "lead")
    for before, after in pairs(records):
        changes += line_record_changes(before, after)
    return newest_first(changes)


def chapter_changes(chapter):
    """All the changes of the texts of a chapter, newest first."""
    texts = TextBlock.history.filter(block__chapter=chapter).select_related("history_user")
    return newest_first(text_changes(texts, what=lambda record: chapter.title))


def line_record_changes(before, after):
    """What differs between two records of a line; the first record is its creation."""
    if before is None:
        return [change(after, "Action ajoutée", "", after.title)]
    fields = [
        ("Intitulé", lambda record: record.title),
        ("État", lambda record: record.state.word(record.inflection) if record.state else ""),
        ("Motif", lambda record: record.state_reason),
        ("Pilote", lambda record: str(record.lead or "")),
        ("Rang", lambda record: str(record.position)),
    ]
    return [
        change(after, what, read(before), read(after)) for what, read in fields if read(before) != read(after)
    ]


def text_changes(records, *, what):
    by_text = {}
    for record in records:
        by_text.setdefault(record.id, []).append(record)
    changes = []
    for versions in by_text.values():
        for before, after in pairs(versions):
            old, new = (plain(before.content) if before else "", plain(after.content))
            if old != new:
                changes.append(change(after, what(after), old, new))
    return changes


def change(record, what, old, new):
    by = str(record.history_user or "Import")
    return Change(record.history_date, by, what, changed_words(old, new), record.history_change_reason or "")


def pairs(records):
    """(before, after) for each record, oldest first; the first has no before. Deletions are left to the audit trail."""
    kept = sorted((r for r in records if r.history_type != "-"), key=lambda r: (r.history_date, r.history_id))
    return zip([None, *kept], kept, strict=False)


def plain(content):
    return richtext.plain(richtext.parse(content))


def newest_first(changes):
    return sorted(changes, key=lambda change: change.at, reverse=True)
