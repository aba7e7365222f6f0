"""Rows of the registers of prevention. What hangs together stands in one register: give it, the rest follows."""

from datetime import date

import factory
from factory.django import DjangoModelFactory

from prevention.models import (
    Channel,
    Contact,
    ContactChannel,
    ContactSubject,
    FollowUp,
    Household,
    Outcome,
    Places,
    PlatformOutcome,
    Reason,
    Register,
    Rehousing,
    Scheme,
    Stage,
    Subject,
    Support,
)
from tests.factories.logement import OrganisationFactory, TerritoryFactory


class RegisterFactory(DjangoModelFactory):
    """An association keeps the reinforced supports; `platform`, `rehousing`: another scheme."""

    class Meta:
        model = Register

    class Params:
        platform = factory.Trait(scheme=Scheme.PLATFORM)
        rehousing = factory.Trait(scheme=Scheme.REHOUSING)
        closed = factory.Trait(is_open=False)

    territory = factory.SubFactory(TerritoryFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    scheme = Scheme.SUPPORT


class PlacesFactory(DjangoModelFactory):
    class Meta:
        model = Places

    register = factory.SubFactory(RegisterFactory)
    year = 2023
    number = 42


class SupportFactory(DjangoModelFactory):
    """A warning that waits; `ongoing`, `closed` and `declined` say what became of it."""

    class Meta:
        model = Support

    class Params:
        ongoing = factory.Trait(entered_on=date(2023, 3, 1))
        closed = factory.Trait(
            entered_on=date(2023, 3, 1), exited_on=date(2023, 6, 1), outcome=Outcome.STABILISED
        )
        declined = factory.Trait(declined_on=date(2023, 3, 1))

    register = factory.SubFactory(RegisterFactory)
    landlord = factory.SubFactory(OrganisationFactory)
    referred_on = date(2023, 2, 1)
    stage = Stage.FIRST_ARREARS
    reason = Reason.ARREARS


class HouseholdFactory(DjangoModelFactory):
    class Meta:
        model = Household

    register = factory.SubFactory(RegisterFactory, platform=True)


class ContactFactory(DjangoModelFactory):
    """By phone, about an eviction; `subjects=[…]` and `channels=[…]` give others."""

    class Meta:
        model = Contact
        skip_postgeneration_save = True

    household = factory.SubFactory(HouseholdFactory)
    contacted_on = date(2023, 2, 1)

    @factory.post_generation
    def subjects(contact, create, wanted, **kwargs):
        for subject in [Subject.EVICTION] if wanted is None else wanted:
            ContactSubject.objects.create(contact=contact, subject=subject)

    @factory.post_generation
    def channels(contact, create, wanted, **kwargs):
        for channel in [Channel.PHONE] if wanted is None else wanted:
            ContactChannel.objects.create(contact=contact, channel=channel)


class FollowUpFactory(DjangoModelFactory):
    """Still going on; `closed` ended with a rehousing."""

    class Meta:
        model = FollowUp

    class Params:
        closed = factory.Trait(ended_on=date(2023, 6, 1), outcome=PlatformOutcome.REHOUSED)

    household = factory.SubFactory(HouseholdFactory)
    subject = Subject.EVICTION
    started_on = date(2023, 2, 1)


class RehousingFactory(DjangoModelFactory):
    """With the association's lease; `transferred` has the household's own."""

    class Meta:
        model = Rehousing

    class Params:
        transferred = factory.Trait(lease_transferred_on=date(2023, 9, 1))

    register = factory.SubFactory(RegisterFactory, rehousing=True)
    allocated_on = date(2023, 2, 1)
