"""The figures of the Bail d'abord. A period that starts on a day cumulates from it; one without start, from ever.

Rows that were anonymised stand among the others and count several households at once: figures sum, they do not count
rows. The day counted is the day in Paris, as the rows hold it.
"""

from django.db.models import Sum

from axes.figures import figure
from bail_dabord.models import Claim, Commission, ContractedPlaces, Origin, Referral, Tenancy


def total(*fields):
    """A measure: the sum of these fields over the rows; zero when there is no row."""

    def measure(rows, period):
        sums = rows.order_by().aggregate(**{f"sum_{rank}": Sum(field) for rank, field in enumerate(fields)})
        return sum(value or 0 for value in sums.values())

    return measure


def contracted(field):
    """A measure of what conventions say: None, not zero, when none was entered for the year."""

    def measure(rows, period):
        return rows.order_by().aggregate(total=Sum(field))["total"]

    return measure


def distinct(field):
    """A measure: how many different values the rows have in this field."""

    def measure(rows, period):
        return rows.order_by().values(field).distinct().count()

    return measure


def places_left(rows, period):
    """Places less households followed: below zero when more are followed than the conventions pay for."""
    rows = list(rows)
    return sum(row.places for row in rows) - rows[0].caseload if rows else None


HOUSEHOLDS = total("household__households")
PERSONS = total("household__adults", "household__children")


# --- Entries ---


@figure(
    "bail_dabord.households_entered",
    label="Bail d'abord : ménages entrés dans un logement",
    unit="ménages",
    formula="Nombre de ménages dont l'entrée dans le logement tombe dans la période, premier et dernier jours compris",
    measure=HOUSEHOLDS,
    breakdown="household__origin",
)
def households_entered(territory, period):
    return Tenancy.objects.of(territory).entered(period)


@figure(
    "bail_dabord.persons_entered",
    label="Bail d'abord : personnes entrées dans un logement",
    unit="personnes",
    formula="Somme des adultes et des enfants, à l'entrée, des ménages entrés dans la période",
    measure=PERSONS,
    breakdown="household__origin",
)
def persons_entered(territory, period):
    return households_entered(territory, period)


@figure(
    "bail_dabord.adults_entered",
    label="Bail d'abord : adultes entrés dans un logement",
    unit="personnes",
    formula="Somme des adultes, à l'entrée, des ménages entrés dans la période",
    measure=total("household__adults"),
)
def adults_entered(territory, period):
    return households_entered(territory, period)


@figure(
    "bail_dabord.children_entered",
    label="Bail d'abord : enfants entrés dans un logement",
    unit="personnes",
    formula="Somme des enfants, à l'entrée, des ménages entrés dans la période",
    measure=total("household__children"),
)
def children_entered(territory, period):
    return households_entered(territory, period)


def declare_share_of(origin):
    """The share, among the persons entered, of those who come from `origin`: shares are of persons, not households."""

    @figure(
        f"bail_dabord.persons_from_{origin.value}",
        label=f"Bail d'abord : part des personnes entrées, provenance « {origin.label} »",
        unit="%",
        formula=f"Personnes entrées dans la période dont la provenance est « {origin.label} », "
        "sur l'ensemble des personnes entrées dans la période",
        measure=PERSONS,
        over="bail_dabord.persons_entered",
    )
    def persons_from(territory, period):
        return households_entered(territory, period).filter(household__origin=origin)


for origin in Origin:
    declare_share_of(origin)


# --- Places and caseload ---


@figure(
    "bail_dabord.contracted_places",
    label="Bail d'abord : mesures conventionnées",
    unit="mesures",
    formula="Somme des places conventionnées pour l'année du dernier jour de la période",
    measure=contracted("places"),
)
def contracted_places(territory, period):
    return ContractedPlaces.objects.of(territory).filter(year=period.end.year)


@figure(
    "bail_dabord.contracted_staff",
    label="Bail d'abord : équivalents temps plein conventionnés",
    unit="ETP",
    formula="Somme des ETP conventionnés pour l'année du dernier jour de la période",
    measure=contracted("staff"),
)
def contracted_staff(territory, period):
    return contracted_places(territory, period)


@figure(
    "bail_dabord.contracted_associations",
    label="Bail d'abord : associations conventionnées",
    unit="associations",
    formula="Nombre d'associations qui ont des places conventionnées pour l'année du dernier jour de la période",
    measure=distinct("register__organisation"),
)
def contracted_associations(territory, period):
    return contracted_places(territory, period).filter(places__gt=0)


@figure(
    "bail_dabord.caseload",
    label="Bail d'abord : ménages accompagnés en fin de période",
    unit="ménages",
    formula="Ménages entrés au plus tard le dernier jour de la période, dont l'accompagnement ne finit qu'après",
    measure=HOUSEHOLDS,
)
def caseload(territory, period):
    return Tenancy.objects.of(territory).followed_on(period.end)


@figure(
    "bail_dabord.free_places",
    label="Bail d'abord : mesures libres en fin de période",
    unit="mesures",
    formula="Places conventionnées pour l'année, moins les ménages accompagnés le dernier jour de la période",
    measure=places_left,
)
def free_places(territory, period):
    return contracted_places(territory, period).with_caseload_on(period.end, territory)


# --- What becomes of a lease ---


@figure(
    "bail_dabord.lease_transfers",
    label="Bail d'abord : glissements de bail",
    unit="ménages",
    formula="Nombre de ménages dont le bail a glissé dans la période",
    measure=HOUSEHOLDS,
)
def lease_transfers(territory, period):
    return Tenancy.objects.of(territory).transferred(period)


@figure(
    "bail_dabord.lease_ends",
    label="Bail d'abord : fins de bail",
    unit="ménages",
    formula="Nombre de ménages dont le bail a pris fin dans la période",
    measure=HOUSEHOLDS,
)
def lease_ends(territory, period):
    return Tenancy.objects.of(territory).lease_ended(period)


@figure(
    "bail_dabord.support_ends",
    label="Bail d'abord : fins d'accompagnement",
    unit="ménages",
    formula="Nombre de ménages dont l'accompagnement a pris fin dans la période",
    measure=HOUSEHOLDS,
)
def support_ends(territory, period):
    return Tenancy.objects.of(territory).support_ended(period)


# --- Referrals, risk fund, commissions ---


@figure(
    "bail_dabord.referrals",
    label="Bail d'abord : candidatures reçues",
    unit="candidatures",
    formula="Nombre de candidatures reçues dans la période",
    breakdown="status",
)
def referrals(territory, period):
    return Referral.objects.of(territory).during("received_on", period)


@figure(
    "bail_dabord.referring_services",
    label="Bail d'abord : services orienteurs",
    unit="services",
    formula="Nombre de services différents, sans égard à la casse ni aux accents, parmi les candidatures de la période",
    measure=distinct("service_key"),
)
def referring_services(territory, period):
    return referrals(territory, period)


@figure(
    "bail_dabord.claims",
    label="Bail d'abord : demandes au fonds de sécurisation",
    unit="demandes",
    formula="Nombre de demandes déposées dans la période",
    breakdown="nature",
)
def claims(territory, period):
    return Claim.objects.of(territory).during("claimed_on", period)


@figure(
    "bail_dabord.amount_granted",
    label="Bail d'abord : montant accordé par le fonds de sécurisation",
    unit="€",
    formula="Somme des montants accordés sur les demandes déposées dans la période",
    measure=total("granted"),
    breakdown="nature",
)
def amount_granted(territory, period):
    return claims(territory, period)


@figure(
    "bail_dabord.claim_natures",
    label="Bail d'abord : natures de dépense du fonds de sécurisation",
    unit="natures",
    formula="Nombre de natures différentes parmi les demandes déposées dans la période",
    measure=distinct("nature"),
)
def claim_natures(territory, period):
    return claims(territory, period)


@figure(
    "bail_dabord.commissions",
    label="Bail d'abord : commissions de suivi",
    unit="commissions",
    formula="Nombre de commissions tenues dans la période",
)
def commissions(territory, period):
    return Commission.objects.of(territory).during("held_on", period)
