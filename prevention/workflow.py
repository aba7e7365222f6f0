"""The acts on the registers: one plain function each, keyword-only, atomic: check, change."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F

from logement import retention
from logement.codes import free_code
from logement.locking import Conflict
from prevention.models import (
    Contact,
    ContactChannel,
    ContactSubject,
    FollowUp,
    Household,
    PlatformOutcome,
    Row,
)


@transaction.atomic
def add(*, row):
    """Writes a new row; that of a household, under a code that no other has."""
    if isinstance(row, Row):
        row.code = free_code(lambda code: type(row).objects.filter(code=code).exists())
    check(row)
    row.save(force_insert=True)
    return row


@transaction.atomic
def change(*, row, version, fields):
    """Writes these fields of a row read at `version`: an act with its date, or a correction. Raises Conflict."""
    check(row)
    changes = {field: getattr(row, field) for field in fields}
    rows = type(row).objects.living().filter(pk=row.pk, version=version)
    if not rows.update(**changes, version=F("version") + 1):
        raise Conflict(type(row).objects.filter(pk=row.pk).first())
    return row


@transaction.atomic
def add_contact(*, register, household, contacted_on, subjects, channels):
    """A contact of this household, or (None) of a new one, whose code is drawn here."""
    household = household or add(row=Household(register=register))
    contact = Contact.objects.create(household=household, contacted_on=contacted_on)
    ContactSubject.objects.bulk_create(ContactSubject(contact=contact, subject=code) for code in subjects)
    ContactChannel.objects.bulk_create(ContactChannel(contact=contact, channel=code) for code in channels)
    return contact


@transaction.atomic
def start_follow_up(*, household, subject, started_on, ended_on=None, outcome=PlatformOutcome.ONGOING):
    """The platform supports a household; one support at a time on a subject."""
    return add(
        row=FollowUp(
            household=household, subject=subject, started_on=started_on, ended_on=ended_on, outcome=outcome
        )
    )


@transaction.atomic
def end_follow_up(*, follow_up, ended_on, outcome):
    """The end of a support, with how it ended. Raises Conflict when somebody ended it meanwhile."""
    follow_up.ended_on, follow_up.outcome = ended_on, outcome
    check(follow_up)
    going_on = FollowUp.objects.filter(pk=follow_up.pk, ended_on__isnull=True)
    if not going_on.update(ended_on=ended_on, outcome=outcome):
        raise Conflict(FollowUp.objects.filter(pk=follow_up.pk).first())
    return follow_up


@transaction.atomic
def correct_follow_up(*, follow_up, ended_on, outcome):
    """The end and the outcome of a support as they should have been noted."""
    follow_up.ended_on, follow_up.outcome = ended_on, outcome
    check(follow_up)
    follow_up.save(update_fields=["ended_on", "outcome"])
    return follow_up


def erase(*, row, kept, by):
    """Erases a household on its request, by the code of the retention. Raises ValidationError while it is followed."""
    rows = type(row).objects.living().filter(pk=row.pk)
    if not rows.with_last_contact().filter(last_contact__isnull=False).exists():
        raise ValidationError(
            "Ce ménage est encore accompagné : notez d'abord la fin de l'accompagnement, puis effacez-le."
        )
    return retention.erase(kept, rows, by=by)


def check(row):
    """What the database would refuse, in French, before it does."""
    row.clean_fields(exclude=[field.name for field in row._meta.fields if field.is_relation])
    row.validate_constraints()
