"""What the checks find in an exercise, and what the lead says of it: an « alerte » stands with a written reason.

A justification holds for one finding with its numbers: when they change the finding is another, and asks again.
"""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from axes import checks
from axes.checks.finding import Finding, Level
from axes.dossier import dossier_of
from axes.models import Justification
from axes.workflow import check_open
from logement import audit
from logement.text import clean_text

GONE = "Ce constat n'est plus relevé avec ces nombres : la page montre à présent ceux qui le sont."
UNJUSTIFIABLE = "Ce constat bloque la transmission : corrigez-le, aucune justification ne peut le laisser."
NEEDS_NOTHING = "Ce constat est une information : il ne demande aucune justification."
NO_REASON = "Écrivez pourquoi ce constat peut rester."


@dataclass(frozen=True, slots=True)
class Verdict:
    """The findings of an exercise, and its justifications by key; those that `lapsed` are of findings that are gone."""

    findings: tuple[Finding, ...]
    justifications: dict[str, Justification]

    def of(self, level):
        return [finding for finding in self.findings if finding.level is level]

    @property
    def blocking(self):
        return self.of(Level.BLOCKING)

    @property
    def alerts(self):
        """Those that nobody justified."""
        return [finding for finding in self.of(Level.ALERT) if finding.key not in self.justifications]

    @property
    def information(self):
        return self.of(Level.INFORMATION)

    @property
    def justified(self):
        """[(Finding, Justification)], in the order of the findings."""
        return [
            (finding, self.justifications[finding.key])
            for finding in self.of(Level.ALERT)
            if finding.key in self.justifications
        ]

    @property
    def lapsed(self):
        held = {justification.key for _, justification in self.justified}
        return [found for key, found in self.justifications.items() if key not in held]


def verdict_of(year, dossier=None):
    """The Verdict of an exercise; `dossier` where it was already read."""
    rows = Justification.objects.filter(year=year).select_related("created_by")
    return Verdict(tuple(checks.run(dossier or dossier_of(year))), {row.key: row for row in rows})


def in_force(year):
    """The justifications that print: those whose finding is still raised, in the order of the findings."""
    return [justification for _, justification in verdict_of(year).justified]


@transaction.atomic
def justify(*, year, key, reason, by):
    """Lets the « alerte » of this key stand, for a reason that prints. The same form sent twice writes one row.

    Raises ValidationError with a French sentence: on the field `reason`, or on the finding.
    """
    check_open(year)
    reason = clean_text(reason).strip()
    if not reason:
        raise ValidationError({"reason": NO_REASON})
    finding = next((found for found in verdict_of(year).findings if found.key == key), None)
    if finding is None:
        raise ValidationError(GONE)
    if finding.level is not Level.ALERT:
        raise ValidationError(UNJUSTIFIABLE if finding.level is Level.BLOCKING else NEEDS_NOTHING)
    if same := Justification.objects.filter(year=year, key=key, reason=reason).first():
        return same
    written = Justification(
        year=year,
        key=key,
        code=finding.code,
        sentence=finding.sentence,
        reason=reason,
        created_by=by,
        created_at=timezone.now(),
    )
    written.clean_fields(exclude=["year", "created_by"])
    written.validate_constraints()
    written.save(force_insert=True)
    audit.record(by=by, act="Constat justifié", about=written, territory=year.territory, detail=reason)
    return written


@transaction.atomic
def withdraw(*, justification, by):
    """Takes a justification back: its finding asks again for an answer."""
    check_open(justification.year)
    territory, reason = justification.year.territory, justification.reason
    audit.record(by=by, act="Justification retirée", about=justification, territory=territory, detail=reason)
    justification.delete()
