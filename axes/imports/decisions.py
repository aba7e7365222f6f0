"""What people decide of an imported report, item by item: saved as they go, and never over somebody else's decision."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from axes.imports import keeping
from axes.models import ImportDecision, ReportImport
from logement.locking import swap_version

Verdict = ImportDecision.Verdict


def check_pending(report):
    """Locks a report against its saving, and refuses to decide of one that is in the plan already."""
    if ReportImport.objects.select_for_update(of=("self",)).get(pk=report.pk).is_saved:
        raise ValidationError(
            f"« {report} » est déjà enregistré dans un exercice : corrigez-le maintenant dans ses tableaux."
        )


@transaction.atomic
def decide(*, report, item, version, by, **changes):
    """Writes the `verdict` or the `fields` of an item, read at `version` (0: nobody had decided). Raises Conflict.

    What is not given stays as it is. The same decision sent twice is one, whatever the version.
    """
    check_pending(report)
    current = ImportDecision.objects.filter(report=report, item=item).first()
    if current and all(getattr(current, name) == value for name, value in changes.items()):
        return current
    signed = {"decided_at": timezone.now(), "decided_by": by}
    if current:
        return swap_version(current, version=version, **changes, **signed)
    return ImportDecision.objects.create(report=report, item=item, **changes, **signed)


@transaction.atomic
def choose_column(*, report, item, version, by, **changes):
    """Decides what a column holds, and reads the rows again with it: their keys, and what was decided, stay."""
    decision = decide(report=report, item=item, version=version, by=by, **changes)
    said = {one.item: one.fields for one in report.decisions.filter(fields__has_key="role")}
    keeping.understand_with(report, {key: fields["role"] for key, fields in said.items()})
    return decision


@transaction.atomic
def accept(*, report, items, by):
    """Accepts those of these items (keys) that nobody decided of. Gives how many."""
    check_pending(report)
    signed = {"verdict": Verdict.ACCEPTED, "decided_at": timezone.now(), "decided_by": by}
    held = ImportDecision.objects.filter(report=report, item__in=items)
    known = set(held.values_list("item", flat=True))
    opened = held.filter(verdict=Verdict.OPEN).update(version=F("version") + 1, **signed)
    new = [ImportDecision(report=report, item=item, **signed) for item in items if item not in known]
    ImportDecision.objects.bulk_create(new)
    return opened + len(new)
