"""A checked report as rows. All or nothing, and in as many queries whatever the number of rows."""

from django.db import transaction
from django.utils import timezone
from simple_history.utils import bulk_create_with_history

from axes.imports.frame import axes_for, layouts_for, year_for
from axes.imports.headings import folded
from axes.imports.reading import TableFile, read_report
from axes.imports.states import inflection_of, states_for, usual_states
from axes.models import Action, Block, Chapter, Line, State, TextBlock
from axes.workflow import move_actions
from logement import audit

IMPORT = "Import d'un rapport"


def load_report(data, *, territory, number, by=None):
    """Writes a whole report (the data of its JSON file) as the exercise `number` of a territory; gives the Year.

    `by` is the person whose name the history keeps, None for a command. Raises ReportFileError and writes nothing
    when the file has an error, or when the exercise holds something already.
    """
    return write_report(read_report(data), territory=territory, number=number, by=by)[0]


@transaction.atomic
def write_report(report, *, territory, number, by=None):
    """Writes a ReportFile, whatever it was read from, as `load_report` does; gives (Year, its lines in their order).

    Its texts are stored as they are: whoever put figures in them writes the rows that cite these.
    """
    year = year_for(report, territory, number)
    axes = axes_for(report, year.agreement)
    layouts = layouts_for(report, year)
    _outline(report, year, axes, layouts, by)
    lines = _lines(report, year, axes, by)
    _cells(report, year, lines, layouts, by)
    audit.record(
        by=by or "Commande d'import",
        act=IMPORT,
        about=year,
        territory=territory,
        detail=f"{len(report.tables)} tableaux, {len(lines)} actions",
    )
    return year, lines


def _outline(report, year, axes, layouts, by):
    """The chapters, their blocks, and the texts of those."""
    preamble = Chapter(year=year, kind=Chapter.Kind.PREAMBLE, title="Préambule")
    outline = [
        (Chapter(year=year, kind=Chapter.Kind.COVER, title="Page de titre"), report.cover),
        *([(preamble, report.preamble)] if report.preamble else []),
        *((Chapter(year=year, number=part.number, title=part.title), part.parts) for part in report.sections),
    ]
    for position, (chapter, _) in enumerate(outline, start=1):
        chapter.position = position
    _create([chapter for chapter, _ in outline], Chapter, by)
    blocks = [
        (_block(chapter, part, position, axes, layouts), part)
        for chapter, parts in outline
        for position, part in enumerate(parts, start=1)
    ]
    Block.objects.bulk_create(block for block, _ in blocks)
    texts = [(block, part) for block, part in blocks if block.kind == Block.Kind.TEXT]
    _create(
        [TextBlock(year=year, block=block, content=html, **_signed(by)) for block, html in texts],
        TextBlock,
        by,
    )


def _block(chapter, part, position, axes, layouts):
    if isinstance(part, TableFile):
        layout, _ = layouts[part.columns]
        axis = axes[part.label]
        return Block(chapter=chapter, kind=Block.Kind.ACTIONS, axis=axis, layout=layout, position=position)
    return Block(chapter=chapter, kind=Block.Kind.TEXT, position=position)


def _lines(report, year, axes, by):
    """The lines, in the order of the file."""
    states = _states(report, year.agreement)
    actions = _actions(report, axes, year)
    lines = [
        Line(
            action=action,
            axis=axes[table.label],
            year=year,
            title=row.title,
            position=position,
            state=states.get(row.state),
            inflection=inflection_of(row.state, states.get(row.state), row.title),
        )
        for action, (table, row, position) in zip(actions, _rows(report), strict=True)
    ]
    _create(lines, Line, by)
    move_actions(lines, year)
    return lines


def _rows(report):
    """(table, row, its rank in the table), in the order of the file."""
    return [(table, row, rank) for table in report.tables for rank, row in enumerate(table.rows, start=1)]


def _states(report, agreement):
    states = list(agreement.states.all())
    if not states:
        states = State.objects.bulk_create(usual_states(agreement))
    words = dict.fromkeys(row.state for _, row, _ in _rows(report) if row.state)
    found, new = states_for(words, states, agreement)
    State.objects.bulk_create(new)
    return found


def _actions(report, axes, year):
    """The lasting action of each row: that of another exercise, of this convention or of another one of the territory,
    where the axis of the same title has one of this title; else a new one."""
    known = Action.objects.filter(axis__agreement__territory=year.territory_id).select_related("axis")
    held = {}
    for action in sorted(known, key=lambda one: (one.axis.agreement_id == year.agreement_id, -one.pk)):
        held.setdefault((folded(action.axis.label), action.label), []).append(action)
    actions = []
    for table, row, _ in _rows(report):
        same = held.get((folded(table.label), row.title))
        actions.append(same.pop() if same else Action(axis=axes[table.label], label=row.title))
    Action.objects.bulk_create(action for action in actions if action.pk is None)
    return actions


def _cells(report, year, lines, layouts, by):
    """One text per line and per column that holds texts, empty ones included."""
    columns = [
        [column for column in layouts[table.columns][1] if column.is_text]
        for table in report.tables
        for _ in table.rows
    ]
    cells = [
        TextBlock(year=year, line=line, column=column, content=html, **(_signed(by) if html else {}))
        for line, (_, row, _), texts in zip(lines, _rows(report), columns, strict=True)
        for column, html in zip(texts, row.texts, strict=True)
    ]
    _create(cells, TextBlock, by)


def _create(rows, model, by):
    """Bulk creation with its history, which `bulk_create` alone would omit."""
    bulk_create_with_history(rows, model, default_user=by, default_change_reason=IMPORT)


def _signed(by):
    return {"updated_by": by, "updated_at": timezone.now()} if by else {}
