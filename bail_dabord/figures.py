"""The figures of the Bail d'abord. A period that starts on a day cumulates from it; one without start, from ever.

Rows that were anonymised stand among the others and count several households at once: figures sum, they do not count
rows. The day counted is the day in Paris, as the rows hold it.
"""

from django.db.models import Sum

from axes.figures import figure
from bail_dabord.models import Claim, Commission, ContractedPlaces, Fact, Origin, Referral, Tenancy
from logement.codes import show_code
from logement.numbers import NO_BREAK_SPACE


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


def of_home(name):
    """A getter of a column: a day, or for the rows that were anonymised its year, all that is left of it."""

    def get(tenancy):
        day = getattr(tenancy, name)
        return day if day is None or tenancy.household.fact == Fact.HOUSEHOLD else day.year

    return get


def homes(territory):
    return Tenancy.objects.of(territory).select_related("household")


#: What the rows behind a figure show: French title -> attribute or getter.
HOMES = (
    ("Code", lambda tenancy: show_code(tenancy.household.code) or "anonymisé"),
    ("Ménages", lambda tenancy: tenancy.household.households),
    ("Adultes", lambda tenancy: tenancy.household.adults),
    ("Enfants", lambda tenancy: tenancy.household.children),
    ("Provenance", lambda tenancy: tenancy.household.get_origin_display()),
    ("Entrée", of_home("entered_on")),
    ("Glissement", of_home("transferred_on")),
    ("Fin de bail", of_home("lease_ended_on")),
    ("Fin d'accompagnement", of_home("support_ended_on")),
)
PLACES = (("Année", "year"), ("Places", "places"), ("ETP", "staff"))
REFERRALS = (("Reçue le", "received_on"), ("Service orienteur", "service"), ("Suite", "get_status_display"))
CLAIMS = (
    ("Demandée le", "claimed_on"),
    ("Nature", "get_nature_display"),
    ("Demandé (€)", "asked"),
    ("Accordé (€)", "granted"),
)
COMMISSIONS = (("Tenue le", "held_on"),)
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
    columns=HOMES,
    at_most="bail_dabord.persons_entered",
)
def households_entered(territory, period):
    return homes(territory).entered(period)


@figure(
    "bail_dabord.persons_entered",
    label="Bail d'abord : personnes entrées dans un logement",
    unit="personnes",
    formula="Somme des adultes et des enfants, à l'entrée, des ménages entrés dans la période",
    measure=PERSONS,
    breakdown="household__origin",
    columns=HOMES,
)
def persons_entered(territory, period):
    return households_entered(territory, period)


@figure(
    "bail_dabord.adults_entered",
    label="Bail d'abord : adultes entrés dans un logement",
    unit="personnes",
    formula="Somme des adultes, à l'entrée, des ménages entrés dans la période",
    measure=total("household__adults"),
    columns=HOMES,
)
def adults_entered(territory, period):
    return households_entered(territory, period)


@figure(
    "bail_dabord.children_entered",
    label="Bail d'abord : enfants entrés dans un logement",
    unit="personnes",
    formula="Somme des enfants, à l'entrée, des ménages entrés dans la période",
    measure=total("household__children"),
    columns=HOMES,
)
def children_entered(territory, period):
    return households_entered(territory, period)


def declare_share_of(origin):
    """The share, among the persons entered, of those who come from `origin`: shares are of persons, not households."""

    quoted = f"«{NO_BREAK_SPACE}{origin.label}{NO_BREAK_SPACE}»"

    @figure(
        f"bail_dabord.persons_from_{origin.value}",
        label=f"Bail d'abord : part des personnes entrées, provenance {quoted}",
        unit="%",
        formula=f"Personnes entrées dans la période dont la provenance est {quoted}, "
        "sur l'ensemble des personnes entrées dans la période",
        measure=PERSONS,
        over="bail_dabord.persons_entered",
        columns=HOMES,
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
    columns=PLACES,
    is_about_people=False,
)
def contracted_places(territory, period):
    return ContractedPlaces.objects.of(territory).filter(year=period.end.year)


@figure(
    "bail_dabord.contracted_staff",
    label="Bail d'abord : équivalents temps plein conventionnés",
    unit="ETP",
    formula="Somme des ETP conventionnés pour l'année du dernier jour de la période",
    measure=contracted("staff"),
    columns=PLACES,
    is_about_people=False,
)
def contracted_staff(territory, period):
    return contracted_places(territory, period)


@figure(
    "bail_dabord.contracted_associations",
    label="Bail d'abord : associations conventionnées",
    unit="associations",
    formula="Nombre d'associations qui ont des places conventionnées pour l'année du dernier jour de la période",
    measure=distinct("register__organisation"),
    columns=PLACES,
    is_about_people=False,
    at_most="bail_dabord.contracted_places",
)
def contracted_associations(territory, period):
    return contracted_places(territory, period).filter(places__gt=0)


@figure(
    "bail_dabord.caseload",
    label="Bail d'abord : ménages accompagnés en fin de période",
    unit="ménages",
    formula="Ménages entrés au plus tard le dernier jour de la période, dont l'accompagnement ne finit qu'après",
    measure=HOUSEHOLDS,
    columns=HOMES,
)
def caseload(territory, period):
    return homes(territory).followed_on(period.end)


@figure(
    "bail_dabord.free_places",
    label="Bail d'abord : mesures libres en fin de période",
    unit="mesures",
    formula="Places conventionnées pour l'année, moins les ménages accompagnés le dernier jour de la période",
    measure=places_left,
    columns=PLACES,
    is_about_people=False,
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
    columns=HOMES,
)
def lease_transfers(territory, period):
    return homes(territory).transferred(period)


@figure(
    "bail_dabord.lease_ends",
    label="Bail d'abord : fins de bail",
    unit="ménages",
    formula="Nombre de ménages dont le bail a pris fin dans la période",
    measure=HOUSEHOLDS,
    columns=HOMES,
)
def lease_ends(territory, period):
    return homes(territory).lease_ended(period)


@figure(
    "bail_dabord.support_ends",
    label="Bail d'abord : fins d'accompagnement",
    unit="ménages",
    formula="Nombre de ménages dont l'accompagnement a pris fin dans la période",
    measure=HOUSEHOLDS,
    columns=HOMES,
)
def support_ends(territory, period):
    return homes(territory).support_ended(period)


# --- Referrals, risk fund, commissions ---


@figure(
    "bail_dabord.referrals",
    label="Bail d'abord : candidatures reçues",
    unit="candidatures",
    formula="Nombre de candidatures reçues dans la période",
    breakdown="status",
    columns=REFERRALS,
)
def referrals(territory, period):
    return Referral.objects.of(territory).during("received_on", period)


@figure(
    "bail_dabord.referring_services",
    label="Bail d'abord : services orienteurs",
    unit="services",
    formula="Nombre de services différents, sans égard à la casse ni aux accents, parmi les candidatures de la période",
    measure=distinct("service_key"),
    columns=REFERRALS,
    is_about_people=False,
    at_most="bail_dabord.referrals",
)
def referring_services(territory, period):
    return referrals(territory, period)


@figure(
    "bail_dabord.claims",
    label="Bail d'abord : demandes au fonds de sécurisation",
    unit="demandes",
    formula="Nombre de demandes déposées dans la période",
    breakdown="nature",
    columns=CLAIMS,
    is_about_people=False,
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
    columns=CLAIMS,
    is_about_people=False,
)
def amount_granted(territory, period):
    return claims(territory, period)


@figure(
    "bail_dabord.claim_natures",
    label="Bail d'abord : natures de dépense du fonds de sécurisation",
    unit="natures",
    formula="Nombre de natures différentes parmi les demandes déposées dans la période",
    measure=distinct("nature"),
    columns=CLAIMS,
    is_about_people=False,
    at_most="bail_dabord.claims",
)
def claim_natures(territory, period):
    return claims(territory, period)


@figure(
    "bail_dabord.commissions",
    label="Bail d'abord : commissions de suivi",
    unit="commissions",
    formula="Nombre de commissions tenues dans la période",
    columns=COMMISSIONS,
    is_about_people=False,
)
def commissions(territory, period):
    return Commission.objects.of(territory).during("held_on", period)
