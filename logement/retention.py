"""How long the rows of the registers are kept: two years after the last contact, then they are anonymised.

A register declares, in its `retention.py`, what it keeps; Django's own `autodiscover_modules("retention")` finds it.

    keep(
        Kept(
            key="bail_dabord.households",
            label="Ménages du bail d'abord",
            owner="register__",
            expiring=lambda on: Household.objects.without_contact_since(years_before(on, KEPT_YEARS)),
            anonymise=anonymise_households,
        )
    )

What `anonymise(rows)` does, in the transaction it is called in, for `rows`, a QuerySet of its model:

- erases the random code, and the codes in the histories (`Model.history`) of the same rows;
- turns every day and month into the year, and folds what the figures need into yearly aggregates of the register
  (territory, association, year, the breakdown's value, how many), which its figures add to the rows that remain;
- deletes, or empties for ever, the rows and whatever hangs on them. `expiring` never gives them again;
- moves no figure over whole years: flows, cumuls, stocks on 31 December, means, shares with both their terms;
- gives the number of rows it anonymised.

The same function serves the term and the erasure on request, so there is one code to trust. The ground floor does the
rest: the announcement thirty days before (a page, and an e-mail that names nobody), the day, the journal.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from logement import audit, mail
from logement.models import Membership, Organisation, RetentionNotice, Territory
from logement.roles import Permission, roles_with

KEPT_YEARS = 2
NOTICE = timedelta(days=30)
AUTOMATIC = "Application"  # who anonymises at the term, in the journal

KEPT = {}


@dataclass(frozen=True, slots=True)
class Kept:
    """A table of a register whose rows go two years after the last contact.

    `expiring(on)`: those whose last contact is two years old on that day, or older, and that are not anonymised yet.
    `anonymise(rows)`: see above. `owner`: the way from a row to the one that has `organisation` and `territory`, with
    its two underscores; "" when it is the row itself.
    """

    key: str
    label: str
    expiring: Callable[[date], QuerySet]
    anonymise: Callable[[QuerySet], int]
    owner: str = ""


def keep(kept):
    """Declares a table. A key that is taken is a mistake of ours: ValueError."""
    if kept.key in KEPT:
        raise ValueError(f"The rows {kept.key} are declared twice.")
    KEPT[kept.key] = kept


def years_before(day, years):
    """The same day, so many years before; 29 February is told as the 28th, so nothing goes too early."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


@transaction.atomic
def announce(today=None):
    """Announces the rows whose term comes within thirty days: writes their notices, and mails each association.

    A row that was in contact again loses its notice. A row whose term is past (imported late, or a scheduler that
    slept) gets its thirty days all the same. Asked twice the same day, announces once. Gives how many are new.
    """
    today = today or timezone.localdate()
    new = [notice for kept in KEPT.values() for notice in _announce(kept, today)]
    _mail(new)
    return len(new)


def _announce(kept, today):
    rows = {pk: owner for pk, *owner in _owned(kept, kept.expiring(today + NOTICE))}
    announced = dict(RetentionNotice.objects.filter(register=kept.key).values_list("row", "pk"))
    RetentionNotice.objects.filter(pk__in=[pk for row, pk in announced.items() if row not in rows]).delete()
    return RetentionNotice.objects.bulk_create(
        RetentionNotice(
            register=kept.key,
            row=row,
            territory_id=territory,
            organisation_id=organisation,
            announced_on=today,
            due_on=today + NOTICE,
        )
        for row, (territory, organisation) in rows.items()
        if row not in announced
    )


def _owned(kept, rows):
    """[(row, territory, organisation)], by their keys."""
    return list(rows.order_by().values_list("pk", f"{kept.owner}territory", f"{kept.owner}organisation"))


def _mail(notices):
    """One message per person who keeps rows that are announced: in which registers, from which day."""
    owners = {}
    for notice in notices:
        owners.setdefault((notice.territory_id, notice.organisation_id), []).append(notice)
    keepers = Membership.objects.in_force().filter(
        role__in=roles_with(Permission.EDIT_OWN_REGISTERS), user__is_active=True
    )
    for (territory, organisation), theirs in sorted(owners.items()):
        lists = sorted({(KEPT[notice.register].label, notice.due_on) for notice in theirs})
        for keeper in keepers.filter(territory=territory, organisation=organisation).select_related(
            "user", "territory", "organisation"
        ):
            mail.post(
                to=keeper.user,
                occasion=f"retention:{min(notice.pk for notice in theirs)}",
                template="retention_notice",
                context={
                    "organisation": keeper.organisation,
                    "lists": lists,
                    "url": mail.absolute_url(reverse("announced", args=[keeper.territory.code])),
                },
                territory=keeper.territory,
            )


def announced_to(territory, organisation):
    """[(Kept, [(due_on, row)])]: what an association was told, soonest first."""
    found = []
    for kept in KEPT.values():
        notices = RetentionNotice.objects.filter(
            register=kept.key, territory=territory, organisation=organisation
        )
        days = dict(notices.order_by("due_on", "row").values_list("row", "due_on"))
        rows = kept.expiring(timezone.localdate() + NOTICE).in_bulk(list(days))
        if rows:
            found.append((kept, [(day, rows[row]) for row, day in days.items() if row in rows]))
    return found


def anonymise_due(today=None):
    """Anonymises the rows announced at least thirty days ago and still without contact. Gives how many."""
    today = today or timezone.localdate()
    return sum(_anonymise_due(kept, today) for kept in KEPT.values())


@transaction.atomic
def _anonymise_due(kept, today):
    due = RetentionNotice.objects.filter(register=kept.key, due_on__lte=today)
    rows = kept.expiring(today).filter(pk__in=list(due.values_list("row", flat=True)))
    return _anonymise(kept, rows, by=AUTOMATIC, act=f"Anonymisation au terme de {KEPT_YEARS} ans")


@transaction.atomic
def erase(kept, rows, *, by):
    """Erases on request the rows of a household: the same code as the term, at once. Gives how many."""
    return _anonymise(kept, rows, by=by, act="Effacement sur demande")


def _anonymise(kept, rows, *, by, act):
    """Anonymises, forgets the notices, and writes in the journal how many rows of whom: no key, no code, no date."""
    found = _owned(kept, rows)
    keys = [pk for pk, *_ in found]
    if not keys:
        return 0
    done = kept.anonymise(rows.model._default_manager.filter(pk__in=keys))
    RetentionNotice.objects.filter(register=kept.key, row__in=keys).delete()
    territories = Territory.objects.in_bulk({territory for _, territory, _ in found})
    organisations = Organisation.objects.in_bulk({organisation for *_, organisation in found})
    counts = Counter((territory, organisation) for _, territory, organisation in found)
    for (territory, organisation), count in sorted(counts.items()):
        detail = f"{organisations[organisation]} : {count} ligne{'s' if count > 1 else ''}"
        audit.record(by=by, act=act, about=kept.label, territory=territories[territory], detail=detail)
    return done
