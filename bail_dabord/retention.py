"""What becomes of a household two years after its last contact, or when it asks to be erased: one code for both.

Its facts part from one another and join those of the same year: who entered and from where, from which year to which
the support went, which leases slid or ended. No row tells any more that two facts were of one household.
"""

from collections import Counter
from datetime import date

from django.db import transaction
from django.db.models import F

from bail_dabord.models import Fact, Household, Register, Tenancy
from logement.retention import KEPT_YEARS, Kept, keep, years_before


@transaction.atomic
def anonymise_households(rows):
    """Folds the households of `rows` into the yearly rows of their register, then deletes them; gives how many.

    Those who never entered are deleted: no figure counts them. No figure over whole years moves.
    """
    households = list(rows.filter(fact=Fact.HOUSEHOLD).select_related("tenancy").order_by())
    list(Register.objects.select_for_update().filter(pk__in={row.register_id for row in households}))
    folded = Counter()
    for household in households:
        if hasattr(household, "tenancy"):
            folded.update(facts_of(household, household.tenancy))
    for (register, fact, origin, days), amounts in grouped(folded).items():
        add_to_year(register, fact, origin, dict(days), **amounts)
    Household.objects.filter(pk__in=[household.pk for household in households]).delete()
    return len(households)


def facts_of(household, tenancy):
    """{(register, fact, origin, days, what is counted): how many} of one household, by years."""
    entered, ended = year_end(tenancy.entered_on), year_end(tenancy.support_ended_on)
    register, days = household.register_id, (("entered_on", entered),)
    entry = (register, Fact.ENTRIES, household.origin, (*days, ("support_ended_on", entered)))
    facts = {
        (*entry, "households"): 1,
        (*entry, "adults"): household.adults,
        (*entry, "children"): household.children,
        (register, Fact.STAYS, "", (*days, ("support_ended_on", ended)), "households"): 1,
    }
    for fact, field in ((Fact.TRANSFERS, "transferred_on"), (Fact.LEASE_ENDS, "lease_ended_on")):
        if day := year_end(getattr(tenancy, field)):
            alone = tuple((name, day) for name in ("entered_on", field, "support_ended_on"))
            facts[register, fact, "", alone, "households"] = 1
    return facts


def grouped(facts):
    """{(register, fact, origin, days): {what is counted: how many}}."""
    groups = {}
    for (*key, counted), number in facts.items():
        groups.setdefault(tuple(key), {})[counted] = number
    return groups


def add_to_year(register, fact, origin, days, *, households, adults=0, children=0):
    """Adds to the folded row of these years, or makes it."""
    row = Tenancy.objects.filter(
        household__register=register, household__fact=fact, household__origin=origin, **days
    ).first()
    if row:
        Household.objects.filter(pk=row.household_id).update(
            households=F("households") + households,
            adults=F("adults") + adults,
            children=F("children") + children,
        )
        return
    household = Household.objects.create(
        register_id=register,
        fact=fact,
        origin=origin,
        households=households,
        adults=adults,
        children=children,
    )
    Tenancy.objects.create(household=household, **days)


def year_end(day):
    """The day that stands for the year of `day`: 31 December, on which cumuls and stocks are counted."""
    return day and date(day.year, 12, 31)


HOUSEHOLDS = Kept(
    key="bail_dabord.households",
    label="Ménages du Bail d'abord",
    owner="register__",
    expiring=lambda on: Household.objects.without_contact_since(years_before(on, KEPT_YEARS)),
    anonymise=anonymise_households,
)
keep(HOUSEHOLDS)
