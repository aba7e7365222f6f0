"""Rows of the ground floor."""

from datetime import date, timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory, Password

from logement.models import Assistance, Attachment, Invitation, Membership, Organisation, Territory, User
from logement.roles import Role


class TerritoryFactory(DjangoModelFactory):
    class Meta:
        model = Territory

    code = factory.Sequence(lambda n: f"territoire-{n}")
    name = factory.Sequence(lambda n: f"Territoire {n}")


class OrganisationFactory(DjangoModelFactory):
    class Meta:
        model = Organisation

    name = factory.Sequence(lambda n: f"Organisme {n}")


class UserFactory(DjangoModelFactory):
    """Without a usable password (use `client.force_login`); `password="…"` gives one, hashed."""

    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"personne-{n}@organisme.example")
    full_name = factory.Sequence(lambda n: f"Personne {n}")
    password = Password(None)


class MembershipFactory(DjangoModelFactory):
    """`MembershipFactory(partner=True, territory=…).user` is somebody with that role, today."""

    class Meta:
        model = Membership

    class Params:
        lead = factory.Trait(role=Role.LEAD, organisation__kind=Organisation.Kind.AUTHORITY)
        reader = factory.Trait(role=Role.READER, organisation__kind=Organisation.Kind.AUTHORITY)
        partner = factory.Trait(role=Role.PARTNER, organisation__kind=Organisation.Kind.ASSOCIATION)
        ddets = factory.Trait(role=Role.DDETS, organisation__kind=Organisation.Kind.STATE)
        dihal = factory.Trait(role=Role.DIHAL, organisation__kind=Organisation.Kind.STATE)
        administrator = factory.Trait(role=Role.ADMINISTRATOR, user__is_staff=True)
        over = factory.Trait(ends_on=date(2020, 12, 31))

    user = factory.SubFactory(UserFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    territory = factory.SubFactory(TerritoryFactory)
    role = Role.READER
    starts_on = date(2020, 1, 1)


class InvitationFactory(DjangoModelFactory):
    """Pending, of an active organisation of its territory."""

    class Meta:
        model = Invitation

    class Params:
        expired = factory.Trait(
            created_at=factory.LazyFunction(lambda: timezone.now() - timedelta(days=15)),
            expires_at=factory.LazyFunction(lambda: timezone.now() - timedelta(days=1)),
        )

    email = factory.Sequence(lambda n: f"invitee-{n}@organisme.example")
    organisation = factory.SubFactory(OrganisationFactory)
    territory = factory.SubFactory(TerritoryFactory)
    role = Role.READER
    created_by = factory.SubFactory(UserFactory)
    expires_at = factory.LazyFunction(lambda: timezone.now() + Invitation.KEPT)


class AttachmentFactory(DjangoModelFactory):
    class Meta:
        model = Attachment

    user = factory.SubFactory(UserFactory)
    siret = "13002526500013"
    organisation = factory.SubFactory(OrganisationFactory, siret="13002526500013")


class AssistanceFactory(DjangoModelFactory):
    """A session that runs; `over=True` has ended by itself."""

    class Meta:
        model = Assistance

    class Params:
        over = factory.Trait(opened_at=factory.LazyFunction(lambda: timezone.now() - 2 * Assistance.LASTS))

    user = factory.SubFactory(UserFactory)
    territory = factory.SubFactory(TerritoryFactory)
    reason = "Aider"
    opened_at = factory.LazyFunction(timezone.now)
    ends_at = factory.LazyAttribute(lambda session: session.opened_at + Assistance.LASTS)
