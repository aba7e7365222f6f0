"""What the lead of the demonstration says of the findings of its report: one « alerte » stands, the others wait."""

from axes import justifications

WHOLE = "A4-15"  # the households accompanied, whose known outcomes leave eight out
REASON = "Sur les 48 ménages, 40 issues sont connues ; les 8 autres suivis sont en cours ou d'issue inconnue."


def justify(year, *, by):
    """Justifies the outcomes that do not add up to the households: the report says so, and why."""
    for finding in justifications.verdict_of(year).alerts:
        if WHOLE in {place.key for place in finding.places}:
            justifications.justify(year=year, key=finding.key, reason=REASON, by=by)
