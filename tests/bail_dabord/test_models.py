"""What the database refuses, and which fields exist: no identity, no free text about a household."""

from datetime import date

import pytest
from django.apps import apps
from django.db import IntegrityError, models

from bail_dabord.models import Fact, Household, Tenancy
from tests.factories.bail_dabord import (
    ClaimFactory,
    CommissionFactory,
    ContractedPlacesFactory,
    HouseholdFactory,
    ReferralFactory,
    RegisterFactory,
    TenancyFactory,
)

ALLOWED = {
    "Register": {"id", "territory", "organisation", "since", "is_open"},
    "ContractedPlaces": {"id", "register", "year", "staff", "places"},
    "Household": {
        *("id", "register", "fact", "households", "code", "known_since"),
        *("adults", "children", "origin", "version"),
    },
    "Tenancy": {
        *("id", "household", "entered_on", "lease", "stock"),
        *("transferred_on", "lease_ended_on", "support_ended_on"),
    },
    "Referral": {"id", "register", "received_on", "service", "service_key", "status"},
    "Claim": {"id", "register", "claimed_on", "nature", "asked", "granted"},
    "Commission": {"id", "register", "held_on"},
}


def test_models_have_no_field_but_these():
    found = {
        model.__name__: {field.name for field in model._meta.concrete_fields}
        for model in apps.get_app_config("bail_dabord").get_models()
    }

    assert found == ALLOWED


def test_texts_of_a_household_are_codes_and_choices():
    texts = [
        field.name
        for model in (Household, Tenancy)
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField | models.TextField) and not field.choices
    ]

    assert texts == ["code"]


DAY, BEFORE = date(2023, 3, 1), date(2023, 2, 28)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("make", "name"),
    [
        (lambda: TenancyFactory(entered_on=DAY, transferred_on=BEFORE), "transfer_after_entry"),
        (lambda: TenancyFactory(entered_on=DAY, lease_ended_on=BEFORE), "lease_end_after_entry"),
        (lambda: TenancyFactory(entered_on=DAY, support_ended_on=BEFORE), "support_end_after_entry"),
        (
            lambda: TenancyFactory(entered_on=BEFORE, transferred_on=date(2023, 5, 1), lease_ended_on=DAY),
            "transfer_before_lease_end",
        ),
        (lambda: TenancyFactory(lease="direct", transferred_on=DAY), "direct_lease_does_not_transfer"),
        (lambda: HouseholdFactory(adults=0, children=0), "household_has_people"),
        (lambda: HouseholdFactory(adults=21), "household_has_people"),
        (lambda: HouseholdFactory(code=None), "household_or_folded"),
        (lambda: HouseholdFactory(households=2), "household_or_folded"),
        (lambda: HouseholdFactory(fact=Fact.ENTRIES), "household_or_folded"),
        (lambda: HouseholdFactory(fact="x", code=None, known_since=None), "fact_is_known"),
        (lambda: HouseholdFactory(known_since=date(2023, 5, 2)), "known_since_a_month"),
        (lambda: HouseholdFactory(origin="moon"), "origin_is_known"),
        (lambda: HouseholdFactory(origin=""), "origin_is_known"),
        (lambda: ReferralFactory(service_key=""), "referral_has_a_service"),
        (lambda: ClaimFactory(asked=0), "claim_asks_something"),
        (lambda: ClaimFactory(asked=100, granted=101), "claim_granted_at_most_asked"),
        (lambda: ClaimFactory(asked=100, granted=-1), "claim_granted_at_most_asked"),
        (lambda: ContractedPlacesFactory(staff=-1), "staff_is_not_negative"),
        (lambda: ContractedPlacesFactory(year=1999), "places_year_is_plausible"),
    ],
)
def test_the_database_refuses(make, name):
    with pytest.raises(IntegrityError, match=f"bail_dabord_{name}"):
        make()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "twice",
    [
        lambda: [
            RegisterFactory(territory=r.territory, organisation=r.organisation) for r in [RegisterFactory()]
        ],
        lambda: [ContractedPlacesFactory(register=row.register) for row in [ContractedPlacesFactory()]],
        lambda: [CommissionFactory(register=c.register, held_on=c.held_on) for c in [CommissionFactory()]],
        lambda: [HouseholdFactory(code=row.code) for row in [HouseholdFactory()]],
        lambda: [TenancyFactory(household=row.household) for row in [TenancyFactory()]],
    ],
)
def test_the_database_refuses_twice_the_same(twice):
    with pytest.raises(IntegrityError):
        twice()


@pytest.mark.django_db
def test_all_the_dates_may_be_one_day():
    tenancy = TenancyFactory(entered_on=DAY, transferred_on=DAY, lease_ended_on=DAY, support_ended_on=DAY)

    assert Tenancy.objects.get() == tenancy
