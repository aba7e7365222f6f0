"""The checks of a report: pure functions, one per file, that give findings and change nothing.

`run(dossier)` gives the findings of all of them, most serious first, each once.
"""

from axes.checks.acronyms import acronyms_never_expanded, acronyms_written_twice
from axes.checks.balance import balance
from axes.checks.capacity import capacity
from axes.checks.chains import chains
from axes.checks.cumuls import cumuls
from axes.checks.dates import dates
from axes.checks.dossier import Dossier, Figure, Passage, Reference
from axes.checks.endings import endings
from axes.checks.enumeration import enumeration
from axes.checks.finding import Finding, Level, Place
from axes.checks.inclusion import inclusion
from axes.checks.jumps import jumps
from axes.checks.labels import labels
from axes.checks.laws import laws
from axes.checks.partition import partition
from axes.checks.percentages import percentages
from axes.checks.quoted import quoted_twice
from axes.checks.references import references
from axes.checks.shares import sum_of_shares
from axes.checks.starts import starts
from axes.checks.sums import sums
from axes.checks.units import units

__all__ = ["ALL", "Dossier", "Figure", "Finding", "Level", "Passage", "Place", "Reference", "run"]

#: In the order in which the findings of a level are shown.
ALL = (
    sums,
    inclusion,
    partition,
    percentages,
    sum_of_shares,
    chains,
    capacity,
    balance,
    cumuls,
    quoted_twice,
    jumps,
    units,
    references,
    starts,
    enumeration,
    dates,
    laws,
    labels,
    endings,
    acronyms_written_twice,
    acronyms_never_expanded,
)


def run(dossier):
    """The findings of every check on a Dossier: the blocking ones first, each key once."""
    found = {}
    for check in ALL:
        for one in check(dossier):
            found.setdefault(one.key, one)
    order = list(Level)
    return sorted(found.values(), key=lambda one: order.index(one.level))
