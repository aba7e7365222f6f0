"""The second territory of the demonstration: three axes, three signatories, two years, all invented.

Everything is written by the functions that the screens call, in the order in which its lead would have: the convention
and its lists, the first exercise, its actions, figures and texts, the report sent, then the second exercise opened from
it. Nothing here is of the territory of the report of 2023.
"""

import re

from axes import carried, justifications, opening, steps, workflow
from axes.agreements import acts, lists, outline
from axes.definitions import change_definition, version_of
from axes.models import Block, Chapter, Column, TextBlock, Year
from axes.new_indicators import add_indicator
from axes.values import period_of
from logement.demo import ACCOUNTS, OTHER_CODE
from logement.models import Territory, User
from logement.territories import organisation_named
from reporting.demo import invented, sent
from reporting.workflow import transmit

CITED, SPAN = re.compile(r"\{([\w-]+)\}"), r'<span data-ref="\1"></span>'


def load():
    """The second territory, then what the State reads of the first: each where it is lacking."""
    load_other_territory()
    sent.load()


def load_other_territory():
    """Creates the whole of it, or nothing where the territory has a convention already."""
    territory = Territory.objects.get(code=OTHER_CODE)
    if territory.agreements.exists():
        return
    lead = next(account for account in ACCOUNTS if account.territory == OTHER_CODE)
    by = User.objects.get_by_natural_key(lead.email)
    agreement = _agreement(territory, by)
    first = outline.open_first(
        agreement=agreement, number=invented.YEARS[0], sections=invented.SECTIONS, by=by
    )
    _actions(first, by)
    indicators = _indicators(first, by)
    _values(first, indicators, by)
    _texts(first, by)
    _send(first, by)
    second = _next(first, by)
    _redefine(second, indicators, by)
    _values(second, indicators, by)


def _agreement(territory, by):
    """The convention with its three signatories, its three axes, its own columns and one state more."""
    agreement = acts.create_agreement(territory=territory, by=by, **invented.AGREEMENT)
    organisations = [
        organisation_named(name, territory=territory, kind=kind) for name, kind in invented.SIGNATORIES
    ]
    lists.save_signatories(
        agreement=agreement,
        organisations=organisations,
        seen=lists.SIGNATORIES.seen(agreement),
        by=by,
    )
    axes = [
        (None, {"number": rank, "label": label, "is_funded": True})
        for rank, label in enumerate(invented.AXES, start=1)
    ]
    lists.save_axes(agreement=agreement, rows=axes, seen=lists.AXES.seen(agreement), by=by)
    layout = agreement.layouts.get()
    held = {column.role: column.pk for column in layout.columns.all()}
    columns = [(held.get(role), {"role": role, "heading": heading}) for role, heading in invented.COLUMNS]
    lists.save_columns(layout=layout, rows=columns, seen=lists.COLUMNS.seen(layout), by=by)
    return agreement


def _actions(year, by):
    axes = {axis.number: axis for axis in year.agreement.axes.all()}
    states = {state.outcome: state for state in year.agreement.states.all()}
    columns = {column.role: column for column in Column.objects.filter(layout__agreement=year.agreement)}
    body = year.agreement.signatories.first().organisation
    for action in invented.ACTIONS:
        line = workflow.add_line(year=year, axis=axes[action.axis], title=action.title, by=by)
        line = workflow.save_state(
            line=line,
            version=line.version,
            state=states[action.outcome],
            inflection=action.inflection,
            reason=action.reason,
            by=by,
        )
        workflow.save_people(line=line, version=line.version, lead=body, partners=[], by=by)
        _write(columns[Column.Role.OBSERVATIONS], year, line, action.observations, by)
        _write(columns[Column.Role.OTHER], year, line, action.following, by)


def _write(column, year, line, words, by):
    text = TextBlock(year=year, line=line, column=column, version=0)
    workflow.save_text(text=text, version=0, content=_cited(words), by=by)


def _cited(words):
    return f"<p>{CITED.sub(SPAN, words)}</p>"


def _indicators(year, by):
    """{code: Indicator}"""
    actions = {line.title: line.action for line in year.lines.select_related("action__axis")}
    supplier = year.agreement.signatories.first().organisation
    made = {}
    for row in invented.INDICATORS:
        fields = row.fields | {"whole": made.get(row.whole), "flow": made.get(row.flow)}
        indicator = add_indicator(
            year=year,
            action=actions.get(row.action),
            target=row.target,
            supplier=supplier,
            source_detail=invented.SOURCE,
            by=by,
            **fields,
        )
        made[indicator.code] = indicator
    return made


def _values(year, indicators, by):
    for code, fields in invented.VALUES[year.number].items():
        indicator = indicators[code]
        period = period_of(indicator, year.number)
        workflow.record_entry(
            indicator=indicator,
            year=year,
            by=by,
            starts_on=period.start,
            ends_on=period.end,
            is_fictive=True,
            **fields,
        )


def _texts(year, by):
    """The sentences, their figures cited, in the cells of the indicators and in the parts of the report."""
    column = Column.objects.get(layout__agreement=year.agreement, role=Column.Role.INDICATORS)
    for line in year.lines.all():
        _write(column, year, line, invented.sentence_of(line.title), by)
    blocks = Block.objects.filter(chapter__year=year, kind=Block.Kind.TEXT).exclude(
        chapter__kind=Chapter.Kind.COVER
    )
    for block, words in zip(blocks.order_by("chapter__position"), invented.NARRATIVE, strict=True):
        text = TextBlock(year=year, block=block, version=0)
        workflow.save_text(text=text, version=0, content=_cited(words), by=by)


def _send(year, by):
    """The report goes to the State: from then on, it is a frozen version."""
    for state in (Year.State.WRITING, Year.State.REVIEW):
        steps.move_year(year=year, to=state, by=by)
    for finding in justifications.verdict_of(year).alerts:
        justifications.justify(year=year, key=finding.key, reason=invented.JUSTIFICATION, by=by)
    transmit(year=year, by=by)


def _next(year, by):
    """The second exercise, with the actions that go on."""
    lines = [line for line in carried.lines_of(year) if carried.is_proposed(line)]
    second = opening.open_year(previous=year, lines=lines, by=by)
    steps.move_year(year=second, to=Year.State.WRITING, by=by)
    return second


def _redefine(year, indicators, by):
    """One series breaks in the second year: what it counts has changed."""
    indicator = indicators[invented.REDEFINED]
    change_definition(
        indicator=indicator,
        year=year,
        version=version_of(indicator),
        is_redefined=True,
        reason=invented.REDEFINITION_REASON,
        definition=invented.REDEFINITION,
        by=by,
    )
