"""The register of evictions prevented: reinforced supports, the ADLH platform, rehousings out of shanty towns.

No identity, no free text: codes, dates and choices. A row belongs to the association that keeps it.
Every day is a day in Paris. Years after the last contact a row loses its code and its dates become the first day of
their year (see `prevention/retention.py`): yearly counts read the same; the days are kept as sums, in `FoldedDays`.
"""

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce, Greatest

from logement.codes import LENGTH, new_code, show_code
from logement.models import Organisation, Territory
from logement.roles import Permission


class Scheme(models.TextChoices):
    SUPPORT = "support", "Accompagnement renforcé"
    PLATFORM = "platform", "Plateforme ADLH"
    REHOUSING = "rehousing", "Relogements"


class RegisterQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The open registers of one's own association."""
        own = Q(pk__in=())
        for territory, organisation in user.organisations_with(Permission.VIEW_OWN_REGISTERS):
            own |= Q(territory=territory, organisation=organisation)
        return self.filter(own, is_open=True)


class Register(models.Model):
    """An association keeps one of the three registers in a territory. Without this row it sees nothing of it."""

    territory = models.ForeignKey(Territory, models.PROTECT, verbose_name="territoire", related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, verbose_name="organisme", related_name="+")
    scheme = models.CharField("registre", max_length=10, choices=Scheme)
    is_open = models.BooleanField("tenu ici", default=True)

    objects = RegisterQuerySet.as_manager()

    class Meta:
        verbose_name = "registre de prévention"
        verbose_name_plural = "registres de prévention"
        ordering = ["territory", "scheme", "organisation"]
        constraints = [
            models.UniqueConstraint(
                fields=["territory", "organisation", "scheme"],
                name="prevention_register_once",
                violation_error_message="Cet organisme tient déjà ce registre dans ce territoire.",
            ),
            models.CheckConstraint(
                condition=Q(scheme__in=Scheme.values),
                name="prevention_register_scheme_known",
                violation_error_message="Ce registre n'existe pas.",
            ),
        ]

    def __str__(self):
        return f"{self.get_scheme_display()}, {self.organisation}"


class RowQuerySet(models.QuerySet):
    """Rows that belong to a register, directly or (`path`) through the household."""

    path = "register"

    def visible_to(self, user):
        """The rows of the registers that one's own association keeps: nobody else reads a row."""
        return self.filter(**{f"{self.path}__in": Register.objects.visible_to(user)})

    def living(self):
        """Those that still have their code."""
        return self.filter(anonymised_on__isnull=True)

    def without_contact_since(self, day):
        return self.living().with_last_contact().filter(last_contact__lte=day)

    def of(self, territory):
        return self.filter(**{f"{self.path}__territory": territory})

    def within(self, field, period):
        """Those whose day falls in the period; for a stock, until its day."""
        rows = self.filter(**{f"{field}__lte": period.end})
        return rows.filter(**{f"{field}__gte": period.start}) if period.start else rows

    def overlapping(self, first, last, period):
        """Those that cover at least one day of the period, both ends included; no last day: still going on.

        For a stock, those that are there at the end of its day: who leaves that day is no longer counted.
        """
        left = {f"{last}__gte": period.start} if period.start else {f"{last}__gt": period.end}
        return self.filter(Q(**{f"{last}__isnull": True}) | Q(**left), **{f"{first}__lte": period.end})


class Row(models.Model):
    """What an association keeps of a household: a random code, and whose it is stays with the association."""

    register = models.ForeignKey(Register, models.PROTECT, verbose_name="registre", related_name="+")
    code = models.CharField(
        "code", max_length=LENGTH, unique=True, null=True, default=new_code, editable=False
    )
    anonymised_on = models.DateField("anonymisé le", null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(code__isnull=False, anonymised_on__isnull=True)
                | Q(code__isnull=True, anonymised_on__isnull=False),
                name="%(app_label)s_%(class)s_loses_its_code_when_anonymised",
                violation_error_message="Une ligne anonymisée n'a plus de code ; les autres en ont un.",
            )
        ]

    def __str__(self):
        return self.shown_code or "ligne anonymisée"

    @property
    def shown_code(self):
        return show_code(self.code)


class Places(models.Model):
    """How many households an association is funded to follow at once in reinforced support, in a year."""

    register = models.ForeignKey(Register, models.PROTECT, verbose_name="registre", related_name="places")
    year = models.PositiveSmallIntegerField("année")
    number = models.PositiveSmallIntegerField("mesures financées")

    objects = RowQuerySet.as_manager()

    class Meta:
        verbose_name = "file active financée"
        verbose_name_plural = "files actives financées"
        ordering = ["-year", "register"]
        constraints = [
            models.UniqueConstraint(
                fields=["register", "year"],
                name="prevention_places_once_a_year",
                violation_error_message="Ce registre a déjà une file active financée pour cette année.",
            ),
            models.CheckConstraint(
                condition=Q(number__gt=0),
                name="prevention_places_more_than_none",
                violation_error_message="Le nombre de mesures doit être supérieur à zéro.",
            ),
        ]

    def __str__(self):
        return f"{self.register}, {self.year} : {self.number}"


class Stage(models.TextChoices):
    """Where the procedure is on the day of the warning, in its order."""

    FIRST_ARREARS = "first_arrears", "Premier impayé"
    ARREARS = "arrears", "Impayés"
    DEMAND = "demand", "Commandement de payer"
    SUMMONS = "summons", "Assignation"
    HEARING = "hearing", "Audience"
    JUDGMENT = "judgment", "Jugement"
    NOTICE = "notice", "Commandement de quitter"
    FORCE = "force", "Concours de la force publique"


class Reason(models.TextChoices):
    ARREARS = "arrears", "Impayé de loyer"
    NUISANCE = "nuisance", "Troubles du voisinage"
    UPKEEP = "upkeep", "Entretien du logement"
    INSURANCE = "insurance", "Défaut d'assurance"
    OTHER = "other", "Autre motif"


class Outcome(models.TextChoices):
    STABILISED = "stabilised", "Situation stabilisée"
    RESTORED = "restored", "Situation rétablie"
    REHOUSED = "rehoused", "Relogement"
    WORSENED = "worsened", "Situation dégradée"
    INTERRUPTED = "interrupted", "Accompagnement interrompu"
    UNKNOWN = "unknown", "Inconnue"


BEFORE_SUMMONS = (Stage.FIRST_ARREARS, Stage.ARREARS, Stage.DEMAND)
STABLE = (Outcome.STABILISED, Outcome.RESTORED)


class SupportQuerySet(RowQuerySet):
    def waiting(self):
        return self.filter(entered_on__isnull=True, declined_on__isnull=True)

    def ongoing(self):
        return self.filter(entered_on__isnull=False, exited_on__isnull=True)

    def over(self):
        return self.filter(exited_on__isnull=False)

    def declined(self):
        return self.filter(declined_on__isnull=False)

    def with_last_contact(self):
        """`last_contact`: the last day known, None while the household is followed."""
        last = Coalesce("exited_on", "declined_on", "referred_on")
        ongoing = models.When(entered_on__isnull=False, exited_on__isnull=True, then=None)
        return self.annotate(last_contact=models.Case(ongoing, default=last, output_field=models.DateField()))


class Support(Row):
    """A landlord's warning, and the reinforced support that follows it: warned, entered, exited; or declined."""

    landlord = models.ForeignKey(Organisation, models.PROTECT, verbose_name="bailleur", related_name="+")
    referred_on = models.DateField("signalé le")
    stage = models.CharField("stade au signalement", max_length=15, choices=Stage)
    reason = models.CharField("motif", max_length=10, choices=Reason)
    entered_on = models.DateField("entré le", null=True, blank=True)
    exited_on = models.DateField("sorti le", null=True, blank=True)
    outcome = models.CharField("issue", max_length=12, choices=Outcome, blank=True)
    declined_on = models.DateField("classé sans suite le", null=True, blank=True)

    objects = SupportQuerySet.as_manager()

    class Meta(Row.Meta):
        verbose_name = "accompagnement renforcé"
        verbose_name_plural = "accompagnements renforcés"
        ordering = ["-referred_on", "-pk"]
        indexes = [
            models.Index(fields=["register", "referred_on"], name="prevention_support_referred"),
            models.Index(fields=["register", "entered_on"], name="prevention_support_entered"),
            models.Index(fields=["register", "exited_on"], name="prevention_support_exited"),
        ]
        constraints = [
            *Row.Meta.constraints,
            models.CheckConstraint(
                condition=Q(entered_on__isnull=True) | Q(entered_on__gte=F("referred_on")),
                name="prevention_support_enters_after_warning",
                violation_error_message="L'entrée précède le signalement : corrigez l'une des deux dates.",
            ),
            models.CheckConstraint(
                condition=Q(exited_on__isnull=True) | Q(exited_on__gte=F("entered_on")),
                name="prevention_support_exits_after_entry",
                violation_error_message="La sortie précède l'entrée : corrigez l'une des deux dates.",
            ),
            models.CheckConstraint(
                condition=Q(exited_on__isnull=True) | Q(entered_on__isnull=False),
                name="prevention_support_exits_only_if_entered",
                violation_error_message="Une sortie demande une date d'entrée.",
            ),
            models.CheckConstraint(
                condition=Q(exited_on__isnull=True, outcome="")
                | (Q(exited_on__isnull=False) & ~Q(outcome="")),
                name="prevention_support_outcome_with_exit",
                violation_error_message="La sortie et son issue se donnent ensemble.",
            ),
            models.CheckConstraint(
                condition=Q(declined_on__isnull=True)
                | Q(declined_on__gte=F("referred_on"), entered_on__isnull=True),
                name="prevention_support_declined_before_entry",
                violation_error_message="Un signalement se classe sans suite avant toute entrée, "
                "et pas avant le jour où il a été reçu.",
            ),
            models.CheckConstraint(
                condition=Q(stage__in=Stage.values),
                name="prevention_support_stage_known",
                violation_error_message="Ce stade n'existe pas.",
            ),
            models.CheckConstraint(
                condition=Q(reason__in=Reason.values),
                name="prevention_support_reason_known",
                violation_error_message="Ce motif n'existe pas.",
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=["", *Outcome.values]),
                name="prevention_support_outcome_known",
                violation_error_message="Cette issue n'existe pas.",
            ),
        ]

    @property
    def state(self):
        """(code, French words) of where the warning is."""
        if self.exited_on:
            return "closed", "Sorti"
        if self.entered_on:
            return "ongoing", "En cours"
        return ("dropped", "Sans suite") if self.declined_on else ("to_fill", "En attente")


class HouseholdQuerySet(RowQuerySet):
    def with_last_contact(self):
        """`last_contact`: the last day known, None while a support goes on or when nothing is known."""
        ongoing = Exists(FollowUp.objects.filter(household=OuterRef("pk"), ended_on__isnull=True))
        contact = _latest(Contact, "contacted_on")
        ended = _latest(FollowUp, "ended_on")
        return self.annotate(
            last_contact=models.Case(
                models.When(ongoing, then=None),
                default=Greatest(Coalesce(contact, ended), Coalesce(ended, contact)),
                output_field=models.DateField(),
            )
        )


def _latest(model, field):
    rows = model.objects.filter(household=OuterRef("pk")).order_by(F(field).desc(nulls_last=True))
    return models.Subquery(rows.values(field)[:1], output_field=models.DateField())


class Household(Row):
    """A household that turned to the platform, known by its code through all its contacts."""

    objects = HouseholdQuerySet.as_manager()

    class Meta(Row.Meta):
        verbose_name = "ménage de la plateforme"
        verbose_name_plural = "ménages de la plateforme"
        ordering = ["-pk"]


class Subject(models.TextChoices):
    EVICTION = "eviction", "Expulsion locative"
    UNFIT = "unfit", "Habitat indigne"
    ARREARS = "arrears", "Impayés, charges"
    ACCESS = "access", "Accès au logement"
    OTHER = "other", "Autre sujet"


class Channel(models.TextChoices):
    PHONE = "phone", "Téléphone"
    IN_PERSON = "in_person", "Rencontre"
    WRITTEN = "written", "Courrier, courriel"


class HouseholdRowQuerySet(RowQuerySet):
    path = "household__register"


class Contact(models.Model):
    """A day on which a household turned to the platform: one or several subjects, one or several channels."""

    household = models.ForeignKey(
        Household, models.CASCADE, verbose_name="ménage", related_name="contacts", db_index=False
    )
    contacted_on = models.DateField("contact du")

    objects = HouseholdRowQuerySet.as_manager()

    class Meta:
        verbose_name = "contact avec la plateforme"
        verbose_name_plural = "contacts avec la plateforme"
        ordering = ["-contacted_on", "-pk"]
        indexes = [models.Index(fields=["household", "contacted_on"], name="prevention_contact_household")]

    def __str__(self):
        return f"{self.household}, {self.contacted_on}"


class ContactSubject(models.Model):
    """No index of its own on the contact, here and below: PostgreSQL would take it before the one of the constraint."""

    contact = models.ForeignKey(
        Contact, models.CASCADE, verbose_name="contact", related_name="subjects", db_index=False
    )
    subject = models.CharField("sujet", max_length=10, choices=Subject)

    class Meta:
        verbose_name = "sujet d'un contact"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["contact", "subject"],
                name="prevention_subject_once",
                violation_error_message="Ce contact porte déjà ce sujet.",
            ),
            models.CheckConstraint(
                condition=Q(subject__in=Subject.values),
                name="prevention_subject_known",
                violation_error_message="Ce sujet n'existe pas.",
            ),
        ]

    def __str__(self):
        return self.get_subject_display()


class ContactChannel(models.Model):
    contact = models.ForeignKey(
        Contact, models.CASCADE, verbose_name="contact", related_name="channels", db_index=False
    )
    channel = models.CharField("canal", max_length=10, choices=Channel)

    class Meta:
        verbose_name = "canal d'un contact"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["contact", "channel"],
                name="prevention_channel_once",
                violation_error_message="Ce contact porte déjà ce canal.",
            ),
            models.CheckConstraint(
                condition=Q(channel__in=Channel.values),
                name="prevention_channel_known",
                violation_error_message="Ce canal n'existe pas.",
            ),
        ]

    def __str__(self):
        return self.get_channel_display()


class PlatformOutcome(models.TextChoices):
    ONGOING = "ongoing", "En cours"
    REHOUSED = "rehoused", "Relogé (parc public ou privé)"
    SHELTERED = "sheltered", "Entré en hébergement"
    REDIRECTED = "redirected", "Orienté vers une mesure adaptée"
    KEPT = "kept", "Maintenu dans le logement"
    UNKNOWN = "unknown", "Inconnue"


NOT_KNOWN = (PlatformOutcome.ONGOING, PlatformOutcome.UNKNOWN)


class FollowUpQuerySet(HouseholdRowQuerySet):
    def with_outcome_on(self, day):
        """`outcome_then`: the outcome as it stood that day; what ended later was still going on."""
        ended = models.When(ended_on__lte=day, then=F("outcome"))
        return self.annotate(
            outcome_then=models.Case(
                ended, default=models.Value(PlatformOutcome.ONGOING), output_field=models.CharField()
            )
        )


class FollowUp(models.Model):
    """The support that the platform gives a household, on one subject, and how it ended."""

    household = models.ForeignKey(Household, models.CASCADE, verbose_name="ménage", related_name="follow_ups")
    subject = models.CharField("sujet", max_length=10, choices=Subject)
    started_on = models.DateField("commencé le")
    ended_on = models.DateField("achevé le", null=True, blank=True)
    outcome = models.CharField(
        "issue", max_length=10, choices=PlatformOutcome, default=PlatformOutcome.ONGOING
    )

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        verbose_name = "accompagnement de la plateforme"
        verbose_name_plural = "accompagnements de la plateforme"
        ordering = ["-started_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("started_on")),
                name="prevention_follow_up_dates_in_order",
                violation_error_message="La fin précède le début : corrigez l'une des deux dates.",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True, outcome="ongoing")
                | (Q(ended_on__isnull=False) & ~Q(outcome="ongoing")),
                name="prevention_follow_up_outcome_with_end",
                violation_error_message="La fin et son issue se donnent ensemble ; sans fin, il est en cours.",
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=PlatformOutcome.values),
                name="prevention_follow_up_outcome_known",
                violation_error_message="Cette issue n'existe pas.",
            ),
            models.CheckConstraint(
                condition=Q(subject__in=Subject.values),
                name="prevention_follow_up_subject_known",
                violation_error_message="Ce sujet n'existe pas.",
            ),
            models.UniqueConstraint(
                fields=["household", "subject"],
                condition=Q(ended_on__isnull=True),
                name="prevention_follow_up_one_at_a_time",
                violation_error_message="Ce ménage est déjà accompagné sur ce sujet : terminez d'abord "
                "l'accompagnement en cours.",
            ),
        ]

    def __str__(self):
        return f"{self.household}, {self.get_subject_display()}"


class RehousingQuerySet(RowQuerySet):
    def with_last_contact(self):
        """`last_contact`: the end of the support, else the lease transfer; None while the household is followed."""
        return self.annotate(last_contact=Coalesce("ended_on", "lease_transferred_on"))


class Rehousing(Row):
    """A dwelling allocated to a household out of a shanty town, whose lease the association holds at first."""

    allocated_on = models.DateField("attribué le")
    lease_transferred_on = models.DateField("bail glissé le", null=True, blank=True)
    ended_on = models.DateField("suivi achevé le", null=True, blank=True)

    objects = RehousingQuerySet.as_manager()

    class Meta(Row.Meta):
        verbose_name = "relogement"
        ordering = ["-allocated_on", "-pk"]
        indexes = [models.Index(fields=["register", "allocated_on"], name="prevention_rehousing_allocated")]
        constraints = [
            *Row.Meta.constraints,
            models.CheckConstraint(
                condition=Q(lease_transferred_on__isnull=True)
                | Q(lease_transferred_on__gte=F("allocated_on")),
                name="prevention_rehousing_transfer_after_allocation",
                violation_error_message="Le glissement du bail précède l'attribution : corrigez l'une des "
                "deux dates.",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True)
                | (
                    Q(ended_on__gte=F("allocated_on"))
                    & (Q(lease_transferred_on__isnull=True) | Q(ended_on__gte=F("lease_transferred_on")))
                ),
                name="prevention_rehousing_ends_last",
                violation_error_message="La fin du suivi précède l'attribution ou le glissement du bail : "
                "corrigez l'une des dates.",
            ),
        ]

    @property
    def state(self):
        """(code, French words) of where the household is."""
        if self.ended_on:
            return "closed", "Suivi achevé"
        return ("done", "Bail glissé") if self.lease_transferred_on else ("ongoing", "En sous-location")


class FoldedDays(models.Model):
    """The days of the supports that were anonymised, summed: what their dates, now rough, no longer tell.

    One row per register and year. `followed`: days of support in the year, both ends included; `of_exits`: lengths,
    in days, of the supports that ended in it.
    """

    register = models.ForeignKey(Register, models.PROTECT, verbose_name="registre", related_name="+")
    year = models.PositiveSmallIntegerField("année")
    followed = models.PositiveIntegerField("jours de suivi", default=0)
    of_exits = models.PositiveIntegerField("jours des suivis achevés", default=0)

    class Meta:
        verbose_name = "jours d'accompagnements anonymisés"
        verbose_name_plural = "jours d'accompagnements anonymisés"
        ordering = ["-year"]
        constraints = [
            models.UniqueConstraint(
                fields=["register", "year"],
                name="prevention_folded_days_once",
                violation_error_message="Ce registre a déjà la somme de cette année.",
            )
        ]

    def __str__(self):
        return f"{self.register}, {self.year}"
