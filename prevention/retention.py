"""What becomes of the rows two years after the last contact, or when a household asks to be erased: one code for both.

A row loses its code and its days: each becomes the first day of its year, so that everything counted by whole years
reads the same. The lengths and the days of support, which years no longer tell, join the sums of the register.
"""

from collections import Counter
from datetime import date

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from logement.retention import KEPT_YEARS, Kept, keep, years_before
from prevention.models import Contact, FoldedDays, FollowUp, Household, Register, Rehousing, Support


def year_start(day):
    """The day that stands for the year of `day`."""
    return day and date(day.year, 1, 1)


@transaction.atomic
def anonymise_supports(rows):
    """Anonymises the warnings and the supports that are over; gives how many."""
    supports = list(rows.living().order_by())
    list(Register.objects.select_for_update().filter(pk__in={support.register_id for support in supports}))
    folded = Counter()
    for support in supports:
        if support.exited_on:
            folded.update(days_by_year(support))
    for (register, year, field), days in sorted(folded.items()):
        sums, _ = FoldedDays.objects.get_or_create(register_id=register, year=year)
        FoldedDays.objects.filter(pk=sums.pk).update(**{field: F(field) + days})
    return _empty(supports, "referred_on", "entered_on", "exited_on", "declined_on")


def days_by_year(support):
    """{(register, year, field of FoldedDays): days} of a support that is over."""
    first, last = support.entered_on, support.exited_on
    days = {(support.register_id, last.year, "of_exits"): (last - first).days}
    for year in range(first.year, last.year + 1):
        start, end = max(first, date(year, 1, 1)), min(last, date(year, 12, 31))
        days[support.register_id, year, "followed"] = (end - start).days + 1
    return days


@transaction.atomic
def anonymise_households(rows):
    """Anonymises households of the platform with their contacts and supports; gives how many."""
    households = list(rows.living().order_by())
    of_them = {"household__in": [household.pk for household in households]}
    _roughen(Contact.objects.filter(**of_them), "contacted_on")
    _roughen(FollowUp.objects.filter(**of_them), "started_on", "ended_on")
    return _empty(households)


@transaction.atomic
def anonymise_rehousings(rows):
    """Anonymises rehousings; gives how many."""
    fields = ("allocated_on", "lease_transferred_on", "ended_on")
    return _empty(list(rows.living().order_by()), *fields)


def _roughen(rows, *fields):
    rows = list(rows)
    for row in rows:
        for field in fields:
            setattr(row, field, year_start(getattr(row, field)))
    if rows:
        type(rows[0]).objects.bulk_update(rows, fields, batch_size=500)


def _empty(rows, *fields):
    """Takes the codes away and leaves the years."""
    for row in rows:
        row.code, row.anonymised_on = None, timezone.localdate()
        for field in fields:
            setattr(row, field, year_start(getattr(row, field)))
    if rows:
        type(rows[0]).objects.bulk_update(rows, ["code", "anonymised_on", *fields], batch_size=500)
    return len(rows)


def _declare(key, label, model, anonymise):
    kept = Kept(
        key=key,
        label=label,
        owner="register__",
        expiring=lambda on: model.objects.without_contact_since(years_before(on, KEPT_YEARS)),
        anonymise=anonymise,
    )
    keep(kept)
    return kept


SUPPORTS = _declare("prevention.supports", "Accompagnements renforcés", Support, anonymise_supports)
HOUSEHOLDS = _declare("prevention.households", "Ménages de la plateforme", Household, anonymise_households)
REHOUSINGS = _declare("prevention.rehousings", "Relogements", Rehousing, anonymise_rehousings)
