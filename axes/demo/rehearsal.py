"""What the lead of the demonstration says of the findings of its report: one « alerte » stands, the others wait."""

from datetime import date

from axes import justifications
from axes.demo import campaigns

WHOLE = "A4-15"  # the households accompanied, whose known outcomes leave eight out
JUSTIFIED_ON = date(2024, 3, 20)
REASON = "Sur les 48 ménages, 40 issues sont connues ; les 8 autres suivis sont en cours ou d'issue inconnue."


def justify(year, *, by):
    """Justifies the outcomes that do not add up to the households: the report says so, and why."""
    for finding in justifications.verdict_of(year).alerts:
        if WHOLE in {place.key for place in finding.places}:
            justifications.justify(year=year, key=finding.key, reason=REASON, by=by)
    year.justifications.update(created_at=campaigns.moment(JUSTIFIED_ON))
