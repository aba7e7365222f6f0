"""The acts on the register: one plain function each, keyword-only, atomic: check, change."""

import unicodedata

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from bail_dabord.models import Household, Referral, Tenancy
from bail_dabord.retention import HOUSEHOLDS
from logement import retention
from logement.codes import free_code
from logement.locking import Conflict
from logement.text import clean_text

HAPPENED = ("received_on", "claimed_on", "held_on")


def service_key(name):
    """Two spellings of one service give one key: neither case, accents, dots nor spaces tell services apart."""
    letters = unicodedata.normalize("NFKD", clean_text(name)).casefold()
    kept = "".join(letter for letter in letters if letter.isalnum() or letter.isspace())
    return " ".join(kept.split())


@transaction.atomic
def add_household(*, register, adults, children, origin, known_since, entry=None):
    """A new household under a code drawn here; `known_since` is any day of the month, `entry` what its entry takes."""
    household = Household(
        register=register,
        adults=adults,
        children=children,
        origin=origin,
        known_since=known_since.replace(day=1),
    )
    household.code = free_code(lambda code: Household.objects.filter(code=code).exists())
    check(household)
    household.save()
    if entry:
        record_entry(household=household, **entry)
    return household


@transaction.atomic
def record_entry(*, household, entered_on, lease, stock):
    """The household enters its home. Raises Conflict when it already has."""
    check_day(household, entered_on)
    tenancy = Tenancy(household=household, entered_on=entered_on, lease=lease, stock=stock)
    check(tenancy)
    try:
        with transaction.atomic():
            tenancy.save(force_insert=True)
    except IntegrityError as error:
        raise Conflict(household) from error
    bump(household, household.version)
    return tenancy


@transaction.atomic
def save_household(*, household, version, tenancy=None, **fields):
    """Corrects a household read at `version`, and the dates of its tenancy. Raises Conflict, ValidationError."""
    current = bump(household, version)
    for name, value in fields.items():
        setattr(current, name, value)
    current.known_since = current.known_since.replace(day=1)
    check(current)
    current.save(update_fields=[*fields, "known_since"])
    if tenancy:
        save_tenancy(current, tenancy)
    return current


@transaction.atomic
def record_act(*, household, version, field, day):
    """Writes one of the dates of a tenancy (`transferred_on`, `lease_ended_on`, `support_ended_on`), or takes it away.

    Raises Conflict, ValidationError.
    """
    current = bump(household, version)
    save_tenancy(current, {field: day})
    return current


def save_tenancy(household, fields):
    tenancy = Tenancy.objects.select_related("household__register").get(household=household)
    for name, value in fields.items():
        setattr(tenancy, name, value)
    for name in ("entered_on", "transferred_on", "lease_ended_on", "support_ended_on"):
        if fields.get(name):
            check_day(household, fields[name])
    check(tenancy)
    tenancy.save(update_fields=list(fields))


@transaction.atomic
def save_record(*, record, **fields):
    """Writes a referral, a claim, a commission or the places of a year; ValidationError with French sentences."""
    for name, value in fields.items():
        setattr(record, name, value)
    if isinstance(record, Referral):
        record.service_key = service_key(record.service)
    day = next((fields[name] for name in HAPPENED if name in fields), None)
    if day:
        check_past(day)
    check(record)
    record.save()
    return record


@transaction.atomic
def erase(*, household, by):
    """Erases a household on its request, by the code of the retention. Raises ValidationError while it is supported."""
    rows = Household.objects.filter(pk=household.pk)
    if rows.filter(tenancy__isnull=False, tenancy__support_ended_on__isnull=True).exists():
        raise ValidationError(
            "Ce ménage est encore accompagné : notez d'abord la fin de l'accompagnement, puis effacez-le."
        )
    return retention.erase(HOUSEHOLDS, rows, by=by)


def bump(household, version):
    """Compare-and-swap: takes the household as it was read, or raises Conflict with the household as it is."""
    saved = Household.objects.filter(pk=household.pk, version=version).update(version=F("version") + 1)
    current = Household.objects.select_related("register").filter(pk=household.pk).first()
    if not saved:
        raise Conflict(current)
    return current


def check_day(household, day):
    """An act has happened, and not before the register counts."""
    since = household.register.since
    check_past(day)
    if day < since:
        raise ValidationError(
            f"Le registre compte depuis le {since:%d/%m/%Y} : une date antérieure n'y entre pas."
        )


def check_past(day):
    if day > timezone.localdate():
        raise ValidationError(f"Le {day:%d/%m/%Y} n'est pas encore passé : notez l'acte quand il a eu lieu.")


def check(row):
    """What the database would refuse, in French, before it does."""
    row.clean_fields(exclude=[field.name for field in row._meta.fields if field.is_relation])
    row.validate_constraints()
