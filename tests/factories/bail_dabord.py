"""Rows of the register of the Bail d'abord. What hangs together stands in one register: give it, the rest follows."""

from datetime import date

import factory
from factory.django import DjangoModelFactory

from bail_dabord.models import (
    Claim,
    Commission,
    ContractedPlaces,
    Household,
    Origin,
    Referral,
    Register,
    Tenancy,
)
from bail_dabord.workflow import service_key
from logement.codes import new_code
from tests.factories.logement import OrganisationFactory, TerritoryFactory


class RegisterFactory(DjangoModelFactory):
    class Meta:
        model = Register

    class Params:
        closed = factory.Trait(is_open=False)

    territory = factory.SubFactory(TerritoryFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    since = date(2019, 11, 1)


class ContractedPlacesFactory(DjangoModelFactory):
    class Meta:
        model = ContractedPlaces

    register = factory.SubFactory(RegisterFactory)
    year = 2023
    staff = 1.5
    places = 12


class HouseholdFactory(DjangoModelFactory):
    """A household that has not entered yet."""

    class Meta:
        model = Household

    register = factory.SubFactory(RegisterFactory)
    code = factory.LazyFunction(new_code)
    known_since = date(2019, 11, 1)
    adults = 1
    children = 0
    origin = Origin.EMERGENCY


class TenancyFactory(DjangoModelFactory):
    """A household in its home; `TenancyFactory(household__register=…)`. `ended=True`: its support is over."""

    class Meta:
        model = Tenancy

    class Params:
        ended = factory.Trait(support_ended_on=date(2023, 6, 30), lease_ended_on=date(2023, 6, 30))

    household = factory.SubFactory(HouseholdFactory)
    entered_on = date(2023, 3, 1)
    lease = Tenancy.Lease.SLIDING
    stock = Tenancy.Stock.PUBLIC


class ReferralFactory(DjangoModelFactory):
    class Meta:
        model = Referral

    register = factory.SubFactory(RegisterFactory)
    received_on = date(2023, 2, 1)
    service = "Accueil de jour"
    service_key = factory.LazyAttribute(lambda row: service_key(row.service))


class ClaimFactory(DjangoModelFactory):
    class Meta:
        model = Claim

    register = factory.SubFactory(RegisterFactory)
    claimed_on = date(2023, 4, 1)
    nature = Claim.Nature.ARREARS
    asked = 500


class CommissionFactory(DjangoModelFactory):
    class Meta:
        model = Commission

    register = factory.SubFactory(RegisterFactory)
    held_on = factory.Sequence(lambda n: date(2023, n % 12 + 1, n // 12 % 28 + 1))
