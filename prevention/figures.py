"""The numbers of the register: reinforced support, the ADLH platform, rehousings out of shanty towns.

Every one counts days as the days of Paris, both ends of a period included. A support counts from the day of entry to
the day of exit, both included; its length is the difference of the two, so a support of one day lasts zero.
"""

from datetime import date
from decimal import Decimal

from django.db.models import (
    Count,
    DateField,
    DurationField,
    ExpressionWrapper,
    F,
    Max,
    OuterRef,
    Q,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Coalesce, Greatest, Least

from axes.figures import figure
from logement.numbers import round_half_up
from prevention.models import (
    BEFORE_SUMMONS,
    NOT_KNOWN,
    STABLE,
    Channel,
    Contact,
    FoldedDays,
    FollowUp,
    Places,
    PlatformOutcome,
    Reason,
    Rehousing,
    Subject,
    Support,
)

#: A mean month, of a year of 365.25 days: Decimal would round 30.4375 as it is, but two whole numbers divide once.
MONTHS, DAYS = 12 * 4, 1461


def distinct(field):
    """The measure that counts the different values of a field."""
    return lambda rows, period: rows.aggregate(n=Count(field, distinct=True))["n"]


def with_folded(rows, first, last, field):
    """`folded`: what the anonymised supports of these years add to `field`, the same on every row of a register."""
    sums = FoldedDays.objects.filter(register=OuterRef("register"), year__range=(first, last)).order_by()
    total = sums.values("register").annotate(total=Sum(field)).values("total")
    return rows.annotate(folded=Coalesce(Subquery(total), 0))


def days_of(rows, first, last):
    """(days from one to the other with those folded, rows not anonymised, rows), in one query."""
    exact = Q(anonymised_on__isnull=True)
    length = ExpressionWrapper(last - first, output_field=DurationField())
    registers = list(
        rows.order_by()
        .values("register")
        .annotate(
            days=Sum(length, filter=exact),
            exact=Count("pk", filter=exact),
            kept=Max("folded"),
            rows=Count("pk"),
        )
    )
    days = sum(found["days"].days for found in registers if found["days"])
    return (
        days + sum(found["kept"] for found in registers),
        sum(found["exact"] for found in registers),
        sum(found["rows"] for found in registers),
    )


# --- What the rows behind a figure show: French title -> attribute or getter ---


def day(name, owner=""):
    """A getter of a day; of an anonymised row, its year, all that is left of it."""

    def get(row):
        found = getattr(row, name)
        kept = getattr(row, owner) if owner else row
        return found.year if found and kept.anonymised_on else found

    return get


def code(row):
    return row.shown_code or "anonymisé"


SUPPORTS = (
    ("Code", code),
    ("Bailleur", "landlord"),
    ("Signalé le", day("referred_on")),
    ("Stade", "get_stage_display"),
    ("Motif", "get_reason_display"),
    ("Entré le", day("entered_on")),
    ("Sorti le", day("exited_on")),
    ("Issue", "get_outcome_display"),
)
CONTACTS = (
    ("Code", lambda contact: code(contact.household)),
    ("Contact du", day("contacted_on", owner="household")),
)
FOLLOW_UPS = (
    ("Code", lambda follow_up: code(follow_up.household)),
    ("Commencé le", day("started_on", owner="household")),
    ("Achevé le", day("ended_on", owner="household")),
    ("Issue", "get_outcome_display"),
)
REHOUSINGS = (
    ("Code", code),
    ("Attribué le", day("allocated_on")),
    ("Bail glissé le", day("lease_transferred_on")),
)
PLACES = (("Année", "year"), ("Mesures financées", "number"))


# --- Reinforced support, on a landlord's warning ---


def supports_of(territory):
    return Support.objects.of(territory).select_related("landlord")


@figure(
    "prevention.referrals",
    label="Signalements reçus des bailleurs",
    unit="signalements",
    formula="Nombre de signalements reçus dans la période",
    columns=SUPPORTS,
)
def referrals(territory, period):
    return supports_of(territory).within("referred_on", period)


@figure(
    "prevention.referring_landlords",
    label="Bailleurs orienteurs",
    unit="bailleurs",
    formula="Nombre de bailleurs distincts parmi les signalements reçus dans la période",
    measure=distinct("landlord"),
    columns=SUPPORTS,
    is_about_people=False,
    at_most="prevention.referrals",
)
def referring_landlords(territory, period):
    return referrals(territory, period)


@figure(
    "prevention.before_summons",
    label="Part des situations signalées avant l'assignation",
    unit="%",
    formula="Signalements au stade premier impayé, impayés ou commandement de payer, sur les signalements reçus",
    over="prevention.referrals",
    breakdown="stage",
    columns=SUPPORTS,
)
def before_summons(territory, period):
    return referrals(territory, period).filter(stage__in=BEFORE_SUMMONS)


@figure(
    "prevention.arrears",
    label="Part des situations signalées pour impayé de loyer",
    unit="%",
    formula="Signalements dont le motif est l'impayé de loyer, sur les signalements reçus dans la période",
    over="prevention.referrals",
    columns=SUPPORTS,
)
def arrears(territory, period):
    return referrals(territory, period).filter(reason=Reason.ARREARS)


@figure(
    "prevention.supports",
    label="Ménages en accompagnement renforcé",
    unit="ménages",
    formula="Nombre de suivis qui couvrent au moins un jour de la période ; à une date, ceux qui durent au soir "
    "de ce jour",
    breakdown="reason",
    columns=SUPPORTS,
)
def supports(territory, period):
    return supports_of(territory).overlapping("entered_on", "exited_on", period)


@figure(
    "prevention.support_exits",
    label="Ménages sortis de l'accompagnement renforcé",
    unit="ménages",
    formula="Nombre de suivis dont la sortie tombe dans la période",
    breakdown="outcome",
    columns=SUPPORTS,
    at_most="prevention.supports",
)
def support_exits(territory, period):
    return supports_of(territory).within("exited_on", period)


@figure(
    "prevention.stable_exits",
    label="Part des sorties avec une situation stabilisée ou rétablie",
    unit="%",
    formula="Sorties dont l'issue est stabilisée ou rétablie, sur les sorties de la période",
    over="prevention.support_exits",
    breakdown="outcome",
    columns=SUPPORTS,
)
def stable_exits(territory, period):
    return support_exits(territory, period).filter(outcome__in=STABLE)


def mean_months(rows, period):
    """The mean length, in months and tenths; None when nobody left."""
    days, _, count = days_of(rows, F("entered_on"), F("exited_on"))
    return round_half_up(Decimal(days * MONTHS) / (DAYS * count), 1) if count else None


@figure(
    "prevention.support_length",
    label="Durée moyenne de l'accompagnement renforcé",
    unit="mois",
    formula="Moyenne, sur les sorties de la période, des jours entre l'entrée et la sortie, en mois de 30,4375 jours "
    "(365,25 ÷ 12), au dixième",
    measure=mean_months,
    columns=SUPPORTS,
)
def support_length(territory, period):
    rows = support_exits(territory, period)
    # Until its day for a stock, as the exits themselves: all the years before count.
    return with_folded(rows, (period.start or date.min).year, period.end.year, "of_exits")


def years_of(period):
    return (period.start or period.end).year, period.end.year


def followed_days(rows, period):
    """The days of support that fall in the period, the first and the last included."""
    start = period.start or period.end
    first = Greatest("entered_on", _day(start))
    last = Least(Coalesce("exited_on", _day(period.end)), _day(period.end))
    days, count, _ = days_of(rows, first, last)
    return days + count


def _day(day):
    return Value(day, output_field=DateField())


@figure(
    "prevention.occupancy",
    label="Taux d'occupation de l'accompagnement renforcé",
    unit="%",
    formula="Jours de suivi de la période, jours d'entrée et de sortie compris, sur les jours que permet la file "
    "active financée",
    measure=followed_days,
    over="prevention.capacity_days",
    columns=SUPPORTS,
)
def occupancy(territory, period):
    return with_folded(supports(territory, period), *years_of(period), "followed")


def capacity(rows, period):
    """Places by days, each year's places over its own days of the period."""
    places = rows.values_list("year").annotate(total=Sum("number")).order_by()
    return sum(total * _days_of_year(year, period) for year, total in places)


def _days_of_year(year, period):
    first = max(date(year, 1, 1), period.start or period.end)
    return (min(date(year, 12, 31), period.end) - first).days + 1


@figure(
    "prevention.capacity_days",
    label="Jours que permet la file active financée",
    unit="jours",
    formula="Mesures financées × jours de la période, année par année",
    measure=capacity,
    columns=PLACES,
    is_about_people=False,
)
def capacity_days(territory, period):
    return Places.objects.of(territory).filter(year__range=years_of(period))


@figure(
    "prevention.places",
    label="File active financée pour l'accompagnement renforcé",
    unit="ménages",
    formula="Somme des mesures financées, l'année où finit la période",
    measure=lambda rows, period: rows.aggregate(n=Sum("number"))["n"],
    columns=PLACES,
    is_about_people=False,
)
def places(territory, period):
    return Places.objects.of(territory).filter(year=period.end.year)


# --- The ADLH platform ---


def contacts(territory, period):
    return Contact.objects.of(territory).select_related("household").within("contacted_on", period)


HOUSEHOLDS = distinct("household")


@figure(
    "prevention.platform_households",
    label="Ménages ayant sollicité la plateforme ADLH",
    unit="ménages",
    formula="Nombre de ménages distincts parmi les contacts de la période",
    measure=HOUSEHOLDS,
    breakdown="channels__channel",
    columns=CONTACTS,
)
def platform_households(territory, period):
    return contacts(territory, period)


@figure(
    "prevention.platform_by_phone",
    label="Part des ménages accompagnés par téléphone",
    unit="%",
    formula="Ménages ayant eu au moins un contact par téléphone, sur les ménages ayant sollicité la plateforme "
    "(plusieurs canaux possibles)",
    measure=HOUSEHOLDS,
    over="prevention.platform_households",
    columns=CONTACTS,
)
def platform_by_phone(territory, period):
    return contacts(territory, period).filter(channels__channel=Channel.PHONE)


@figure(
    "prevention.platform_in_person",
    label="Part des ménages accompagnés physiquement",
    unit="%",
    formula="Ménages rencontrés au moins une fois, sur les ménages ayant sollicité la plateforme (plusieurs canaux "
    "possibles)",
    measure=HOUSEHOLDS,
    over="prevention.platform_households",
    columns=CONTACTS,
)
def platform_in_person(territory, period):
    return contacts(territory, period).filter(channels__channel=Channel.IN_PERSON)


@figure(
    "prevention.platform_evictions",
    label="Part des sollicitations liées à l'expulsion",
    unit="%",
    formula="Ménages ayant eu au moins un contact au sujet d'une expulsion, sur les ménages ayant sollicité la "
    "plateforme",
    measure=HOUSEHOLDS,
    over="prevention.platform_households",
    columns=CONTACTS,
)
def platform_evictions(territory, period):
    return contacts(territory, period).filter(subjects__subject=Subject.EVICTION)


@figure(
    "prevention.platform_evictions_in_person",
    label="Part des sollicitations pour expulsion suivies physiquement",
    unit="ratio",
    formula="Ménages rencontrés au moins une fois au sujet d'une expulsion, sur les ménages ayant eu un contact à ce "
    "sujet",
    measure=HOUSEHOLDS,
    over="prevention.platform_evictions",
    columns=CONTACTS,
    at_most="prevention.platform_in_person",
)
def platform_evictions_in_person(territory, period):
    return platform_evictions(territory, period).filter(channels__channel=Channel.IN_PERSON)


@figure(
    "prevention.platform_supports",
    label="Ménages accompagnés pour une expulsion locative",
    unit="ménages",
    formula="Nombre d'accompagnements au sujet d'une expulsion qui couvrent au moins un jour de la période",
    columns=FOLLOW_UPS,
)
def platform_supports(territory, period):
    rows = FollowUp.objects.of(territory).select_related("household").filter(subject=Subject.EVICTION)
    return rows.overlapping("started_on", "ended_on", period).with_outcome_on(period.end)


def declare_outcome(key, label, *outcomes):
    """Declares the figure of the supports that had one of these outcomes at the end of the period."""
    words = " ou ".join(f"« {outcome.label.lower()} »" for outcome in outcomes)

    @figure(
        key,
        label=label,
        unit="ménages",
        formula=f"Accompagnements au sujet d'une expulsion dont l'issue est {words} à la fin de la période",
        columns=FOLLOW_UPS,
    )
    def rows(territory, period):
        return platform_supports(territory, period).filter(outcome_then__in=outcomes)


declare_outcome("prevention.platform_rehoused", "Ménages relogés", PlatformOutcome.REHOUSED)
declare_outcome("prevention.platform_sheltered", "Ménages entrés en hébergement", PlatformOutcome.SHELTERED)
declare_outcome(
    "prevention.platform_redirected",
    "Ménages orientés vers une mesure adaptée",
    PlatformOutcome.REDIRECTED,
)
declare_outcome("prevention.platform_kept", "Ménages maintenus dans leur logement", PlatformOutcome.KEPT)
declare_outcome(
    "prevention.platform_not_known",
    "Ménages dont l'issue est en cours ou inconnue",
    *NOT_KNOWN,
)


# --- Rehousings out of shanty towns ---


@figure(
    "prevention.rehousings",
    label="Attributions aux ménages issus des bidonvilles",
    unit="attributions",
    formula="Nombre de logements attribués dans la période",
    columns=REHOUSINGS,
)
def rehousings(territory, period):
    return Rehousing.objects.of(territory).within("allocated_on", period)


@figure(
    "prevention.leases_transferred",
    label="Baux glissés parmi les attributions",
    unit="baux",
    formula="Nombre de logements attribués dans la période dont le bail a glissé au plus tard le dernier jour",
    columns=REHOUSINGS,
)
def leases_transferred(territory, period):
    return rehousings(territory, period).filter(lease_transferred_on__lte=period.end)


@figure(
    "prevention.rehousing_associations",
    label="Associations qui accompagnent les ménages relogés",
    unit="associations",
    formula="Nombre d'associations distinctes parmi les attributions de la période",
    measure=distinct("register"),
    columns=REHOUSINGS,
    is_about_people=False,
    at_most="prevention.rehousings",
)
def rehousing_associations(territory, period):
    return rehousings(territory, period)
