"""The people of the demonstration: a territory, organisations, one account per role. Every person is invented."""

from dataclasses import dataclass
from datetime import date

from logement.models import Membership, Organisation, Territory, User
from logement.roles import Role

CODE = "montpellier"
METROPOLE = "Montpellier Méditerranée Métropole"
PASSWORD = "toit-dabord-2023"
Kind = Organisation.Kind


@dataclass(frozen=True, slots=True)
class Account:
    email: str
    full_name: str
    role: Role
    organisation: str
    kind: Kind


ACCOUNTS = (
    Account("cheffe@metropole.example", "Camille Ferrand", Role.LEAD, METROPOLE, Kind.AUTHORITY),
    Account("referente@adages.example", "Nadia Belkacem", Role.PARTNER, "Adages", Kind.ASSOCIATION),
    Account(
        "referent@association-a.example", "Julien Marty", Role.PARTNER, "Association A", Kind.ASSOCIATION
    ),
    Account(
        "redactrice@association-a.example", "Lucie Ortega", Role.WRITER, "Association A", Kind.ASSOCIATION
    ),
    Account("ddets@etat.example", "Hélène Rouquette", Role.DDETS, "DDETS de l'Hérault", Kind.STATE),
    Account("dihal@etat.example", "Thomas Lenoir", Role.DIHAL, "DIHAL", Kind.STATE),
    Account("elue@metropole.example", "Sylvie Granier", Role.READER, METROPOLE, Kind.AUTHORITY),
    Account("admin@metropole.example", "Karim Sellier", Role.ADMINISTRATOR, METROPOLE, Kind.AUTHORITY),
)


def load():
    """Creates what is missing; what is there stays as it is, passwords included."""
    territory, _ = Territory.objects.get_or_create(code=CODE, defaults={"name": METROPOLE})
    for account in ACCOUNTS:
        if not User.objects.filter(email__iexact=account.email).exists():
            _create(account, territory)


def _create(account, territory):
    is_administrator = account.role == Role.ADMINISTRATOR
    user = User.objects.create_user(
        account.email,
        PASSWORD,
        full_name=account.full_name,
        is_staff=is_administrator,
        is_superuser=is_administrator,
    )
    organisation = organisation_named(account.organisation, account.kind, territory)
    Membership.objects.create(
        user=user,
        organisation=organisation,
        territory=territory,
        role=account.role,
        starts_on=date(2023, 1, 1),
    )


def organisation_named(name, kind, territory):
    """The organisation of this name, active in the territory."""
    organisation, _ = Organisation.objects.get_or_create(name=name, defaults={"kind": kind})
    organisation.territories.add(territory)
    return organisation
