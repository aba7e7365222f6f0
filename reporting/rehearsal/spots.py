"""Where a line of the rehearsal leads."""

from axes.dossier import url_of
from reporting.rehearsal.flaws import Spot


def spot_of(place, year):
    """The Spot of a Place of the checks, in an exercise."""
    return Spot(place.label, url_of(place, year))
