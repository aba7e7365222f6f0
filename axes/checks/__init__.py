"""The checks of a report: pure functions, one per file, that give findings and change nothing.

`run(dossier)` gives the findings of all of them, most serious first, each once.
"""

from axes.checks import (
    acronyms,
    balance,
    capacity,
    chains,
    changes,
    cumuls,
    dates,
    endings,
    enumeration,
    inclusion,
    jumps,
    labels,
    laws,
    partition,
    percentages,
    quoted,
    references,
    shares,
    starts,
    sums,
    units,
)
from axes.checks.dossier import Dossier, Figure, Passage, Reference
from axes.checks.finding import Finding, Level, Place

__all__ = ["ALL", "Dossier", "Figure", "Finding", "Level", "Passage", "Place", "Reference", "run"]

#: In the order in which the findings of a level are shown.
ALL = (
    sums.sums,
    inclusion.inclusion,
    partition.partition,
    percentages.percentages,
    shares.sum_of_shares,
    chains.chains,
    capacity.capacity,
    balance.balance,
    cumuls.cumuls,
    quoted.quoted_twice,
    jumps.jumps,
    changes.changes,
    units.units,
    references.references,
    starts.starts,
    enumeration.enumeration,
    dates.dates,
    laws.laws,
    labels.labels,
    endings.endings,
    acronyms.acronyms_written_twice,
    acronyms.acronyms_never_expanded,
)


def run(dossier):
    """The findings of every check on a Dossier: the blocking ones first, each key once."""
    found = {}
    for check in ALL:
        for one in check(dossier):
            found.setdefault(one.key, one)
    order = list(Level)
    return sorted(found.values(), key=lambda one: order.index(one.level))
