"""What was gathered: meetings, committees, trainings, workshops (« Événements » on screen), of any action."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from simple_history.models import HistoricalRecords

from axes.models.plan import Action, Line
from axes.models.quantity import Blank
from logement.models import Organisation, Territory
from logement.roles import Permission


class GatheringKind(models.Model):
    """A kind of gathering, in a territory's own words: « Réunion », « Petit déjeuner », « Formation, 1re journée »."""

    territory = models.ForeignKey(
        Territory, models.PROTECT, verbose_name="territoire", related_name="gathering_kinds"
    )
    label = models.CharField("type d'événement", max_length=100)

    class Meta:
        verbose_name = "type d'événement"
        verbose_name_plural = "types d'événements"
        ordering = ["label"]
        constraints = [
            models.UniqueConstraint(
                "territory",
                Lower("label"),
                name="gathering_kind_once_per_territory",
                violation_error_message="Ce territoire a déjà un type d'événement de ce nom.",
            ),
            models.CheckConstraint(
                condition=~Q(label=""),
                name="gathering_kind_has_a_label",
                violation_error_message="Donnez un nom au type d'événement.",
            ),
        ]

    def __str__(self):
        return self.label


class GatheringQuerySet(models.QuerySet):
    def of(self, territory):
        return self.filter(kind__territory=territory)

    def held(self, period):
        """Those whose day falls in the period, its two ends included."""
        held = self.filter(held_on__lte=period.end)
        return held.filter(held_on__gte=period.start) if period.start else held

    def visible_to(self, user):
        """All those of the territory, or those of the actions in which one's organisation takes part."""
        own = Line.objects.none()
        if user.organisations_with(Permission.VIEW_OWN_LINES):
            own = Line.objects.visible_to(user)
        return self.filter(
            Q(kind__territory__in=user.territories_with(Permission.VIEW_LINES))
            | Q(action__in=own.values("action"))
        )


class Gathering(models.Model):
    """One gathering. `participants` is None when not known: `participants_blank` says why, or nothing is known yet."""

    action = models.ForeignKey(Action, models.PROTECT, verbose_name="action", related_name="gatherings")
    kind = models.ForeignKey(GatheringKind, models.PROTECT, verbose_name="type", related_name="gatherings")
    title = models.CharField("intitulé", max_length=200, blank=True)
    held_on = models.DateField("date")
    participants = models.PositiveIntegerField("participants", null=True, blank=True)
    participants_blank = models.CharField("participants, absence", max_length=15, choices=Blank, blank=True)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, verbose_name="organisateur", related_name="+", null=True, blank=True
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    history = HistoricalRecords()
    objects = GatheringQuerySet.as_manager()

    class Meta:
        verbose_name = "événement"
        ordering = ["-held_on", "-pk"]
        indexes = [models.Index(fields=["kind", "held_on"], name="gathering_by_kind_and_day")]
        constraints = [
            models.CheckConstraint(
                condition=Q(participants__isnull=True) | Q(participants_blank=""),
                name="gathering_participants_or_their_absence",
                violation_error_message="Donnez le nombre de participants, ou la raison de son absence.",
            ),
            models.CheckConstraint(
                condition=Q(participants_blank__in=["", "unavailable", "not_applicable"]),
                name="gathering_absence_is_known",
            ),
        ]

    def __str__(self):
        return self.title or str(self.kind)

    @property
    def participants_display(self):
        """« 45 », « non disponible », « sans objet », « pas encore reçu »."""
        if self.participants is not None:
            return str(self.participants)
        return self.get_participants_blank_display() or "pas encore reçu"
