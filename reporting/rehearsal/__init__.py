"""« Répétition générale »: everything that blocks or weakens the report of an exercise, each line with its place.

`rehearse(year)` reads the plan, the checks and the Document that would print; it changes nothing.
"""

from reporting.rehearsal.flaws import Flaw, Group, Rehearsal, Weight
from reporting.rehearsal.reading import rehearse

__all__ = ["Flaw", "Group", "Rehearsal", "Weight", "rehearse"]
