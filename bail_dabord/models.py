"""The register of the Bail d'abord: who keeps it, the places, the households without identity, and what is asked.

A household has no name, birth date, nationality, address, health line nor free text. Two years after its last contact
it is anonymised (retention.py): what the figures need is added to *folded* rows of the same tables, which count
`households` at once, say what they count (`fact`) and know years only, written as their 31 December. The figures
therefore read the rows that remain and those that were folded in the same query.
"""

from django.db import models
from django.db.models import F, IntegerField, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from logement.codes import show_code
from logement.models import Organisation, Territory
from logement.roles import Permission

ZERO = models.Value(0, output_field=IntegerField())


def during(field, period):
    """The rows whose day `field` falls in the period; without a start, whatever came before its end."""
    day = Q(**{f"{field}__lte": period.end})
    return day & Q(**{f"{field}__gte": period.start}) if period.start else day


class RegisterQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The open registers that `user` keeps for an association."""
        own = Q(pk__in=())
        for territory, organisation in user.organisations_with(Permission.VIEW_OWN_REGISTERS):
            own |= Q(territory=territory, organisation=organisation)
        return self.filter(own, is_open=True)


class Register(models.Model):
    """An organisation keeps this register in a territory. Without this row it sees nothing of the scheme."""

    territory = models.ForeignKey(Territory, models.PROTECT, verbose_name="territoire", related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, verbose_name="organisme", related_name="+")
    since = models.DateField("compté depuis le", help_text="Aucune entrée en logement ne précède ce jour.")
    is_open = models.BooleanField("tenu ici", default=True)

    objects = RegisterQuerySet.as_manager()

    class Meta:
        verbose_name = "registre du Bail d'abord"
        verbose_name_plural = "registres du Bail d'abord"
        ordering = ["territory", "organisation"]
        constraints = [
            models.UniqueConstraint(
                fields=["territory", "organisation"],
                name="bail_dabord_register_once",
                violation_error_message="Cet organisme tient déjà ce registre dans ce territoire.",
            )
        ]

    def __str__(self):
        return f"{self.organisation}, {self.territory}"


class RowQuerySet(models.QuerySet):
    """Rows that belong to a register, directly or (`path`) through the household."""

    path = "register"

    def of(self, territory):
        return self.filter(**{f"{self.path}__territory": territory})

    def visible_to(self, user):
        """The rows of the associations for which `user` keeps an open register."""
        return self.filter(**{f"{self.path}__in": Register.objects.visible_to(user)})

    def during(self, field, period):
        return self.filter(during(field, period))


class Row(models.Model):
    """What every row of the register has: the association that keeps it, in its territory."""

    register = models.ForeignKey(Register, models.PROTECT, verbose_name="registre", related_name="+")

    objects = RowQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def organisation(self):
        return self.register.organisation


class ContractedPlacesQuerySet(RowQuerySet):
    def with_caseload_on(self, day, territory):
        """Each with `caseload`, the number of households that the whole territory follows that day."""
        followed = (
            Tenancy.objects.of(territory).followed_on(day).order_by().values("household__register__territory")
        )
        total = followed.annotate(total=Sum("household__households")).values("total")
        return self.annotate(caseload=Coalesce(Subquery(total), ZERO))


class ContractedPlaces(Row):
    """What an association's convention pays for a year: so many places, so much staff."""

    year = models.PositiveSmallIntegerField("année")
    staff = models.DecimalField("équivalents temps plein (ETP)", max_digits=5, decimal_places=2)
    places = models.PositiveSmallIntegerField("places")

    objects = ContractedPlacesQuerySet.as_manager()

    class Meta:
        verbose_name = "places conventionnées"
        verbose_name_plural = "places conventionnées"
        ordering = ["-year", "register"]
        constraints = [
            models.UniqueConstraint(
                fields=["register", "year"],
                name="bail_dabord_places_once_per_year",
                violation_error_message="Les places de cette année sont déjà saisies : corrigez-les.",
            ),
            models.CheckConstraint(
                condition=Q(year__range=(2000, 2100)),
                name="bail_dabord_places_year_is_plausible",
                violation_error_message="L'année doit être comprise entre 2000 et 2100.",
            ),
            models.CheckConstraint(
                condition=Q(staff__gte=0),
                name="bail_dabord_staff_is_not_negative",
                violation_error_message="Un nombre d'ETP ne peut pas être négatif.",
            ),
        ]

    def __str__(self):
        return f"{self.places} places, {self.year}"


class Origin(models.TextChoices):
    """Where a household lived before it entered its home."""

    EMERGENCY = "emergency", "Hébergement d'urgence"
    STREET = "street", "Rue"
    SHANTYTOWN = "shantytown", "Bidonville"
    CHRS = "chrs", "CHRS"
    THIRD_PARTY = "third_party", "Chez un tiers"
    INSTITUTION = "institution", "Sortie d'institution"
    OTHER = "other", "Autre"


class Fact(models.TextChoices):
    """What a row counts: a household that is known here, or one fact of the households that were anonymised."""

    HOUSEHOLD = "household", "Ménage"
    ENTRIES = "entries", "Entrées d'une année"
    STAYS = "stays", "Accompagnements, d'une année d'entrée à une année de fin"
    TRANSFERS = "transfers", "Glissements d'une année"
    LEASE_ENDS = "lease_ends", "Fins de bail d'une année"


class HouseholdQuerySet(RowQuerySet):
    def living(self):
        """The households themselves, without the folded rows."""
        return self.filter(fact=Fact.HOUSEHOLD)

    def without_contact_since(self, day):
        """Those whose support ended by that day, or who never entered and were known by then."""
        never_entered = Q(tenancy__isnull=True, known_since__lte=day)
        return self.living().filter(Q(tenancy__support_ended_on__lte=day) | never_entered)


class Household(Row):
    """A household under its random code: how many it was at entry, and where it came from."""

    fact = models.CharField("nature", max_length=12, choices=Fact, default=Fact.HOUSEHOLD, editable=False)
    households = models.PositiveIntegerField("ménages", default=1, editable=False)
    code = models.CharField("code", max_length=8, null=True, unique=True, editable=False)
    known_since = models.DateField("connu depuis (mois)", null=True)
    adults = models.PositiveIntegerField("adultes à l'entrée")
    children = models.PositiveIntegerField("enfants à l'entrée", default=0)
    origin = models.CharField("provenance", max_length=12, choices=Origin, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = HouseholdQuerySet.as_manager()

    class Meta:
        verbose_name = "ménage"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(fact="household", households=1, code__isnull=False, known_since__isnull=False)
                | Q(~Q(fact="household"), code__isnull=True, known_since__isnull=True),
                name="bail_dabord_household_or_folded",
                violation_error_message="Un ménage a un code et un mois ; une ligne anonymisée n'a ni l'un ni l'autre.",
            ),
            models.CheckConstraint(
                condition=Q(fact__in=Fact.values),
                name="bail_dabord_fact_is_known",
                violation_error_message="Cette nature de ligne n'existe pas.",
            ),
            models.CheckConstraint(
                condition=Q(households__gte=1),
                name="bail_dabord_folded_counts_one_or_more",
                violation_error_message="Une ligne compte au moins un ménage.",
            ),
            models.CheckConstraint(
                condition=~Q(fact="household")
                | (Q(adults__range=(0, 20), children__range=(0, 20)) & ~Q(adults=0, children=0)),
                name="bail_dabord_household_has_people",
                violation_error_message="Un ménage compte au moins une personne, et au plus 20 adultes et 20 enfants.",
            ),
            models.CheckConstraint(
                condition=Q(known_since__isnull=True) | Q(known_since__day=1),
                name="bail_dabord_known_since_a_month",
                violation_error_message="Seul le mois est gardé : la date est le premier jour du mois.",
            ),
            models.CheckConstraint(
                condition=Q(origin__in=Origin.values) | Q(~Q(fact__in=["household", "entries"]), origin=""),
                name="bail_dabord_origin_is_known",
                violation_error_message="Choisissez la provenance dans la liste.",
            ),
        ]

    def __str__(self):
        return f"Ménage {show_code(self.code)}" if self.code else self.get_fact_display()


class TenancyQuerySet(RowQuerySet):
    path = "household__register"

    def living(self):
        return self.filter(household__fact=Fact.HOUSEHOLD)

    def telling(self, fact):
        """The rows that count for a figure: the households, and those folded for this fact."""
        return self.filter(household__fact__in=[Fact.HOUSEHOLD, fact])

    def entered(self, period):
        return self.telling(Fact.ENTRIES).during("entered_on", period)

    def followed_on(self, day):
        """Who is supported at the end of that day: the day of the end of the support no longer counts."""
        still = Q(support_ended_on__isnull=True) | Q(support_ended_on__gt=day)
        return self.telling(Fact.STAYS).filter(still, entered_on__lte=day)

    def transferred(self, period):
        return self.telling(Fact.TRANSFERS).during("transferred_on", period)

    def lease_ended(self, period):
        return self.telling(Fact.LEASE_ENDS).during("lease_ended_on", period)

    def support_ended(self, period):
        return self.telling(Fact.STAYS).during("support_ended_on", period)


class Tenancy(models.Model):
    """A household in its home. Three dates of their own: lease transfer, end of the lease, end of the support."""

    class Lease(models.TextChoices):
        SUBLET = "sublet", "Sous-location"
        SLIDING = "sliding", "Bail glissant"
        DIRECT = "direct", "Bail direct"

    class Stock(models.TextChoices):
        PUBLIC = "public", "Parc public"
        PRIVATE = "private", "Parc privé"

    household = models.OneToOneField(Household, models.CASCADE, verbose_name="ménage", related_name="tenancy")
    entered_on = models.DateField("entrée dans le logement le")
    lease = models.CharField("bail", max_length=10, choices=Lease, blank=True)
    stock = models.CharField("parc", max_length=10, choices=Stock, blank=True)
    transferred_on = models.DateField("glissement du bail le", null=True, blank=True)
    lease_ended_on = models.DateField("fin du bail le", null=True, blank=True)
    support_ended_on = models.DateField("fin de l'accompagnement le", null=True, blank=True)

    objects = TenancyQuerySet.as_manager()

    class Meta:
        verbose_name = "logement d'un ménage"
        verbose_name_plural = "logements des ménages"
        ordering = ["-entered_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(transferred_on__isnull=True) | Q(transferred_on__gte=F("entered_on")),
                name="bail_dabord_transfer_after_entry",
                violation_error_message="Le glissement du bail précède l'entrée : corrigez l'une des deux dates.",
            ),
            models.CheckConstraint(
                condition=Q(lease_ended_on__isnull=True) | Q(lease_ended_on__gte=F("entered_on")),
                name="bail_dabord_lease_end_after_entry",
                violation_error_message="La fin du bail précède l'entrée : corrigez l'une des deux dates.",
            ),
            models.CheckConstraint(
                condition=Q(support_ended_on__isnull=True) | Q(support_ended_on__gte=F("entered_on")),
                name="bail_dabord_support_end_after_entry",
                violation_error_message="La fin de l'accompagnement précède l'entrée : corrigez l'une des deux dates.",
            ),
            models.CheckConstraint(
                condition=Q(transferred_on__isnull=True)
                | Q(lease_ended_on__isnull=True)
                | Q(transferred_on__lte=F("lease_ended_on")),
                name="bail_dabord_transfer_before_lease_end",
                violation_error_message="Le bail a glissé après sa fin : corrigez l'une des deux dates.",
            ),
            models.CheckConstraint(
                condition=Q(transferred_on__isnull=True) | ~Q(lease="direct"),
                name="bail_dabord_direct_lease_does_not_transfer",
                violation_error_message="Un bail direct ne glisse pas : corrigez le bail, ou retirez la date.",
            ),
        ]

    def __str__(self):
        return f"{self.household}, entré le {self.entered_on:%d/%m/%Y}"


class Referral(Row):
    """A candidature that a service sent: no household is named, nor told apart."""

    class Status(models.TextChoices):
        RECEIVED = "received", "Reçue"
        WAITING = "waiting", "En attente"
        ACCEPTED = "accepted", "Retenue"
        DECLINED = "declined", "Non retenue"
        DROPPED = "dropped", "Sans suite"

    received_on = models.DateField("reçue le")
    service = models.CharField("service orienteur", max_length=120)
    service_key = models.CharField(
        "service, pour le compter une fois",
        max_length=120,
        editable=False,
        help_text="Sans casse ni accents.",
    )
    status = models.CharField("suite donnée", max_length=10, choices=Status, default=Status.RECEIVED)

    class Meta:
        verbose_name = "candidature"
        ordering = ["-received_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(service_key=""),
                name="bail_dabord_referral_has_a_service",
                violation_error_message="Écrivez le nom du service orienteur.",
            )
        ]

    def __str__(self):
        return f"candidature de {self.service}"


class Claim(Row):
    """A request to the risk fund, by an association: for what, how much asked, how much granted (None: not decided)."""

    class Nature(models.TextChoices):
        ARREARS = "arrears", "Impayés"
        FURNITURE = "furniture", "Ameublement"
        HOTEL = "hotel", "Nuits d'hôtel"
        DAMAGE = "damage", "Dégradations"
        OTHER = "other", "Autre"

    claimed_on = models.DateField("demandée le")
    nature = models.CharField("nature", max_length=10, choices=Nature)
    asked = models.DecimalField("montant demandé (€)", max_digits=10, decimal_places=2)
    granted = models.DecimalField(
        "montant accordé (€)", max_digits=10, decimal_places=2, null=True, blank=True
    )

    class Meta:
        verbose_name = "demande au fonds de sécurisation"
        verbose_name_plural = "demandes au fonds de sécurisation"
        ordering = ["-claimed_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(asked__gt=0),
                name="bail_dabord_claim_asks_something",
                violation_error_message="Le montant demandé doit être supérieur à zéro.",
            ),
            models.CheckConstraint(
                condition=Q(granted__isnull=True) | Q(granted__gte=0, granted__lte=F("asked")),
                name="bail_dabord_claim_granted_at_most_asked",
                violation_error_message="Le montant accordé va de zéro au montant demandé.",
            ),
        ]

    def __str__(self):
        return f"demande au fonds du {self.claimed_on:%d/%m/%Y}"


class Commission(Row):
    """A follow-up commission that was held."""

    held_on = models.DateField("tenue le")

    class Meta:
        verbose_name = "commission de suivi"
        verbose_name_plural = "commissions de suivi"
        ordering = ["-held_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["register", "held_on"],
                name="bail_dabord_commission_once_a_day",
                violation_error_message="Cette commission est déjà saisie.",
            )
        ]

    def __str__(self):
        return f"commission du {self.held_on:%d/%m/%Y}"
