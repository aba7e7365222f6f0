"""Indicators, their targets, and their values: append-only, a correction is a new row with who, when and why."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from axes import figures
from axes.models.plan import Action, Year
from axes.models.quantity import (
    ONE_OF,
    ONE_OF_WORDS,
    POSITIVE_DENOMINATOR,
    POSITIVE_DENOMINATOR_WORDS,
    Quantity,
)
from logement.models import Organisation, Territory
from logement.roles import Permission


class IndicatorQuerySet(models.QuerySet):
    def visible_to(self, user):
        """All the indicators of the territory, or those that one's organisation supplies."""
        own = Q()
        for territory, organisation in user.organisations_with(Permission.VIEW_OWN_FIGURES):
            own |= Q(territory=territory, supplier=organisation)
        visible = Q(territory__in=user.territories_with(Permission.VIEW_FIGURES))
        return self.filter(visible | own if own else visible)


class Indicator(models.Model):
    """What is counted, on what, when, by whom. Its code never holds a year."""

    class Kind(models.TextChoices):
        HEADCOUNT = "headcount", "Effectif"
        AMOUNT = "amount", "Montant"
        DURATION = "duration", "Durée"
        RATE = "rate", "Taux"
        EVENT = "event", "Événement"
        DELIVERABLE = "deliverable", "Livrable"
        CAPACITY = "capacity", "Capacité"
        CONTEXT = "context", "Contexte"

    class Temporality(models.TextChoices):
        FLOW = "flow", "Flux de l'année"
        CUMULATIVE = "cumulative", "Cumul depuis une date"
        STOCK = "stock", "Stock à une date"
        DATED = "dated", "Daté"
        CONTRACTED = "contracted", "Fixé par la convention"

    class Source(models.TextChoices):
        TYPED = "typed", "Saisie"
        SUBMITTED = "submitted", "Transmis par les partenaires"
        REGISTER = "register", "Calculé d'après un registre"

    territory = models.ForeignKey(
        Territory, models.PROTECT, verbose_name="territoire", related_name="indicators"
    )
    action = models.ForeignKey(
        Action, models.PROTECT, verbose_name="action", related_name="indicators", null=True, blank=True
    )
    code = models.CharField("code", max_length=30)
    label = models.CharField("libellé", max_length=300)
    definition = models.TextField("définition", blank=True)
    unit = models.CharField("unité", max_length=60)
    kind = models.CharField("type", max_length=12, choices=Kind)
    temporality = models.CharField("temporalité", max_length=12, choices=Temporality)
    since = models.DateField("compté depuis le", null=True, blank=True)
    base = models.CharField("base", max_length=300, blank=True, help_text="Sur quoi porte le chiffre.")
    perimeter = models.CharField("périmètre", max_length=200, blank=True)
    source = models.CharField("mode d'obtention", max_length=10, choices=Source, default=Source.TYPED)
    figure_key = models.CharField("chiffre du registre", max_length=80, choices=figures.choices, blank=True)
    gathering_kind = models.ForeignKey(
        "axes.GatheringKind",
        models.PROTECT,
        verbose_name="type d'événement compté",
        related_name="indicators",
        null=True,
        blank=True,
    )
    is_about_people = models.BooleanField(
        "petits effectifs protégés",
        default=True,
        help_text="Un nombre de personnes ou de ménages inférieur au seuil est masqué dans les versions publiques.",
    )
    source_detail = models.CharField(
        "source", max_length=300, blank=True, help_text="Document ou organisme, avec le millésime."
    )
    supplier = models.ForeignKey(
        Organisation,
        models.PROTECT,
        verbose_name="fournisseur",
        related_name="supplied_indicators",
        null=True,
        blank=True,
    )
    whole = models.ForeignKey(
        "self", models.PROTECT, verbose_name="partie de", related_name="parts", null=True, blank=True
    )
    flow = models.ForeignKey(
        "self",
        models.PROTECT,
        verbose_name="cumul de",
        related_name="cumuls",
        null=True,
        blank=True,
        help_text="L'indicateur de l'année que celui-ci cumule depuis sa date de départ.",
    )
    has_multiple_answers = models.BooleanField(
        "réponses multiples", default=False, help_text="La somme des parts peut dépasser 100 %."
    )
    position = models.PositiveSmallIntegerField("rang", default=0)

    history = HistoricalRecords()
    objects = IndicatorQuerySet.as_manager()

    class Meta:
        verbose_name = "indicateur"
        ordering = ["position", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["territory", "code"],
                name="indicator_code_once_per_territory",
                violation_error_message="Ce territoire a déjà un indicateur de ce code.",
            ),
            models.CheckConstraint(
                condition=Q(temporality="cumulative", since__isnull=False)
                | (~Q(temporality="cumulative") & Q(since__isnull=True)),
                name="indicator_cumulative_has_a_start",
                violation_error_message="Un cumul, et lui seul, porte la date depuis laquelle on compte.",
            ),
            models.CheckConstraint(
                condition=Q(whole__isnull=True) | ~Q(whole=F("pk")),
                name="indicator_not_part_of_itself",
                violation_error_message="Un indicateur ne peut pas être une partie de lui-même.",
            ),
            models.CheckConstraint(
                condition=Q(flow__isnull=True) | (Q(temporality="cumulative") & ~Q(flow=F("pk"))),
                name="indicator_only_a_cumul_has_a_flow",
                violation_error_message="Seul un cumul cumule un autre indicateur.",
            ),
            models.CheckConstraint(
                condition=(Q(source="register") & ~Q(figure_key=""))
                | (~Q(source="register") & Q(figure_key="")),
                name="indicator_register_names_its_figure",
                violation_error_message="Un indicateur calculé d'après un registre, et lui seul, "
                "dit quel chiffre du registre il reprend.",
            ),
            models.CheckConstraint(
                condition=(
                    Q(figure_key__startswith="axes.") & Q(gathering_kind__isnull=False, action__isnull=False)
                )
                | (~Q(figure_key__startswith="axes.") & Q(gathering_kind__isnull=True)),
                name="indicator_of_gatherings_names_their_kind",
                violation_error_message="Un indicateur qui compte des événements, et lui seul, "
                "dit leur type ; il appartient à une action.",
            ),
        ]

    def __str__(self):
        return f"{self.code} {self.label}"


class SeriesBreak(models.Model):
    """From the exercise `number` on, an indicator is obtained or defined otherwise: its values do not compare.

    `is_redefined` where what is counted changed, and not only how it is obtained: then no change is computed across it.
    Never changed: the database refuses it (see the triggers). What was in force before is kept whole, so that the
    values of the earlier exercises are still obtained as they were.
    """

    indicator = models.ForeignKey(Indicator, models.PROTECT, verbose_name="indicateur", related_name="breaks")
    number = models.PositiveSmallIntegerField("à partir de l'exercice")
    source_before = models.CharField("avant", max_length=10, choices=Indicator.Source)
    figure_key_before = models.CharField("chiffre du registre avant", max_length=80, blank=True)
    gathering_kind_before = models.ForeignKey(
        "axes.GatheringKind", models.PROTECT, related_name="+", null=True, blank=True
    )
    source_after = models.CharField("après", max_length=10, choices=Indicator.Source)
    is_redefined = models.BooleanField(
        "autre mesure",
        default=False,
        help_text="La définition ou le périmètre a changé : l'évolution ne se calcule plus.",
    )
    definition_before = models.TextField("définition avant", blank=True)
    perimeter_before = models.CharField("périmètre avant", max_length=200, blank=True)
    reason = models.CharField("motif", max_length=500)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField("le", default=timezone.now)

    class Meta:
        verbose_name = "rupture de série"
        verbose_name_plural = "ruptures de série"
        ordering = ["number", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="series_break_has_a_reason",
                violation_error_message="Changer le mode d'obtention demande un motif.",
            ),
        ]

    def __str__(self):
        return f"{self.indicator} : rupture en {self.number}"


class EntryQuerySet(models.QuerySet):
    def current(self):
        """The entries in force: those that no other corrects."""
        return self.filter(correction__isnull=True)

    def with_origin(self):
        """With who entered them and the document that they come from, whose content stays where it is."""
        return self.select_related("created_by", "imported_from").defer(
            "imported_from__document", "imported_from__understanding"
        )


class Entry(Quantity):
    """A value as it was entered for an exercise. Never changed: the database refuses it (see the triggers).

    Exactly one of: `number` (in the indicator's unit), `numerator` with `denominator` (a rate keeps both),
    `day` (a figure that is a date), `blank` (why there is none).
    The chain of corrections is linear: one first entry per indicator and exercise, at most one correction per entry.
    """

    indicator = models.ForeignKey(
        Indicator, models.PROTECT, verbose_name="indicateur", related_name="entries"
    )
    year = models.ForeignKey(Year, models.PROTECT, verbose_name="exercice", related_name="entries")
    starts_on = models.DateField("du", null=True, blank=True)
    ends_on = models.DateField("au")
    is_fictive = models.BooleanField("valeur fictive (démonstration)", default=False)
    corrects = models.OneToOneField(
        "self", models.PROTECT, verbose_name="corrige", related_name="correction", null=True, blank=True
    )
    reason = models.CharField("motif de la correction", max_length=500, blank=True)
    imported_from = models.ForeignKey(
        "axes.ReportImport",
        models.PROTECT,
        verbose_name="repris du document",
        related_name="entries",
        null=True,
        blank=True,
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="saisi par", related_name="+"
    )
    created_at = models.DateTimeField("saisi le", default=timezone.now)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = "valeur"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=ONE_OF,
                name="entry_is_one_of_number_rate_day_blank",
                violation_error_message=ONE_OF_WORDS,
            ),
            models.CheckConstraint(
                condition=POSITIVE_DENOMINATOR,
                name="entry_denominator_is_positive",
                violation_error_message=POSITIVE_DENOMINATOR_WORDS,
            ),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True) | Q(starts_on__lte=F("ends_on")),
                name="entry_period_in_order",
                violation_error_message="La période finit avant de commencer : corrigez l'une des deux dates.",
            ),
            models.CheckConstraint(
                condition=Q(corrects__isnull=True) | ~Q(reason=""),
                name="entry_correction_has_a_reason",
                violation_error_message="Une correction demande un motif.",
            ),
            models.UniqueConstraint(
                fields=["indicator", "year"],
                condition=Q(corrects__isnull=True),
                name="entry_first_once_per_indicator_and_year",
                violation_error_message="Cet indicateur a déjà une valeur pour cet exercice : corrigez-la.",
            ),
        ]

    def __str__(self):
        return f"{self.indicator} ({self.year.number})"


class Target(models.Model):
    """What the convention aims at, for an exercise or (year empty) for its whole length."""

    indicator = models.ForeignKey(
        Indicator, models.CASCADE, verbose_name="indicateur", related_name="targets"
    )
    year = models.ForeignKey(
        Year, models.CASCADE, verbose_name="exercice", related_name="targets", null=True, blank=True
    )
    number = models.DecimalField("cible", max_digits=18, decimal_places=4)

    class Meta:
        verbose_name = "cible"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "year"],
                name="target_once_per_year",
                violation_error_message="Cet indicateur a déjà une cible pour cet exercice.",
            ),
            models.UniqueConstraint(
                fields=["indicator"],
                condition=Q(year__isnull=True),
                name="target_once_for_the_agreement",
                violation_error_message="Cet indicateur a déjà une cible pour toute la convention.",
            ),
        ]

    def __str__(self):
        return f"{self.indicator} : {self.number}"
