"""The rehearsal of an exercise: each part of the list from what it reads."""

from axes.computation import one_reading
from axes.dossier import dossier_of
from axes.justifications import verdict_of
from axes.linking import unlinked
from axes.models import Line
from axes.staleness import uses_of
from axes.table import tables_of
from reporting import snapshot
from reporting.assembly import assemble
from reporting.rehearsal import checked, layout, plan
from reporting.rehearsal.flaws import Rehearsal


@one_reading()
def rehearse(year):
    """The Rehearsal of an exercise, in a number of queries that does not grow with its rows."""
    tables = tables_of(year, lines=Line.objects.all())
    dossier = dossier_of(year)
    verdict = verdict_of(year, dossier)
    document = assemble(snapshot.take(year.pk))
    groups = (
        plan.states(year, tables),
        checked.changes(year, uses_of(year)),
        checked.findings(year, verdict),
        plan.figures(year, dossier),
        plan.partners(year),
        plan.inquiries(year),
        plan.blanks(year, tables),
        plan.rereads(year),
        checked.typed_numbers(year, unlinked(year)),
        checked.acronyms(year, verdict),
        layout.rows(year, document, tables),
        layout.pictures(year, document),
    )
    return Rehearsal(groups, verdict.justified, verdict.lapsed)
