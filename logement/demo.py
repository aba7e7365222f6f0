"""The people of the demonstration: two territories, organisations, one account per role. Every person is invented.

The second territory is invented too, and made by the function that the page of the technical administrator calls.
"""

from dataclasses import dataclass
from datetime import date

from logement.models import Membership, Organisation, Territory, User
from logement.roles import Role
from logement.territories import create_territory
from logement.territories import organisation_named as named

CODE = "montpellier"
METROPOLE = "Montpellier Méditerranée Métropole"
#: The second territory: its code, its name, and the body that carries its plan.
OTHER_CODE = "ville-exemple"
OTHER = "Agglomération de Ville-Exemple (territoire fictif)"
OTHER_BODY = "Agglomération de Ville-Exemple"
PASSWORD = "toit-dabord-2023"
Kind = Organisation.Kind


@dataclass(frozen=True, slots=True)
class Account:
    email: str
    full_name: str
    role: Role
    organisation: str
    kind: Kind
    territory: str = CODE


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
    Account("cheffe@ville.example", "Odile Fontanel", Role.LEAD, OTHER_BODY, Kind.AUTHORITY, OTHER_CODE),
)
#: Who reads the reports of both territories.
NATIONAL = "dihal@etat.example"


def load():
    """Creates what is missing; what is there stays as it is, passwords included."""
    territory, _ = Territory.objects.get_or_create(code=CODE, defaults={"name": METROPOLE})
    for account in ACCOUNTS:
        known = User.objects.filter(email__iexact=account.email).exists()
        if account.territory == CODE and not known:
            _create(account, territory)
    if not Territory.objects.filter(code=OTHER_CODE).exists():
        _create_other()


def _create(account, territory):
    is_administrator = account.role == Role.ADMINISTRATOR
    user = User.objects.create_user(
        account.email,
        PASSWORD,
        full_name=account.full_name,
        is_staff=is_administrator,
        is_superuser=is_administrator,
    )
    _join(user, territory, account.organisation, account.kind, account.role)


def _create_other():
    """The second territory, by the technical administrator; its lead, and the DIHAL that reads it too."""
    lead = next(account for account in ACCOUNTS if account.territory == OTHER_CODE)
    administrator = next(account for account in ACCOUNTS if account.role == Role.ADMINISTRATOR)
    territory, _ = create_territory(
        name=OTHER,
        code=OTHER_CODE,
        organisation=lead.organisation,
        by=User.objects.get_by_natural_key(administrator.email),
    )
    _create(lead, territory)
    national = next(account for account in ACCOUNTS if account.email == NATIONAL)
    reader = User.objects.get_by_natural_key(NATIONAL)
    _join(reader, territory, national.organisation, national.kind, national.role)


def _join(user, territory, organisation, kind, role):
    Membership.objects.create(
        user=user,
        organisation=organisation_named(organisation, kind, territory),
        territory=territory,
        role=role,
        starts_on=date(2023, 1, 1),
    )


def organisation_named(name, kind, territory):
    """The organisation of this name, active in the territory."""
    return named(name, territory=territory, kind=kind)
