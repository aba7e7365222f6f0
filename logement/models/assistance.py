"""The technical administrator's way to the pages of a territory: for a stated reason, for a while, every page noted."""

from datetime import timedelta

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from logement.models.people import Territory, User
from logement.roles import Permission


class AssistanceQuerySet(models.QuerySet):
    def running(self):
        now = timezone.now()
        return self.filter(ended_at__isnull=True, opened_at__lte=now, ends_at__gt=now)

    def visible_to(self, user):
        """Those of the territories whose people one sees: the lead reads what was read there."""
        return self.filter(territory__in=user.territories_with(Permission.VIEW_PEOPLE))


class Assistance(models.Model):
    """A session of assistance: its person reads a territory, and only reads, until it ends by itself or by hand."""

    LASTS = timedelta(minutes=30)

    user = models.ForeignKey(User, models.PROTECT, verbose_name="personne", related_name="assistances")
    territory = models.ForeignKey(
        Territory, models.PROTECT, verbose_name="territoire", related_name="assistances"
    )
    reason = models.CharField("motif", max_length=300)
    opened_at = models.DateTimeField("ouverte le", default=timezone.now)
    ends_at = models.DateTimeField("se termine le")
    ended_at = models.DateTimeField("terminée le", null=True, editable=False)

    objects = AssistanceQuerySet.as_manager()

    class Meta:
        verbose_name = "session d'assistance"
        verbose_name_plural = "sessions d'assistance"
        ordering = ["-opened_at"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="assistance_has_a_reason",
                violation_error_message="Une session d'assistance demande un motif.",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("opened_at")),
                name="assistance_ends_after_it_opens",
            ),
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(ended_at__isnull=True),
                name="assistance_one_at_a_time",
                violation_error_message="Vous avez déjà une session d'assistance ouverte : terminez-la d'abord.",
            ),
        ]

    def __str__(self):
        return f"{self.user}, {self.territory} : {self.reason}"


class AssistanceReading(models.Model):
    """A page opened during a session of assistance. Never changed nor erased: the database refuses it."""

    assistance = models.ForeignKey(Assistance, models.PROTECT, related_name="readings")
    at = models.DateTimeField("le", default=timezone.now)
    path = models.CharField("page", max_length=500)

    class Meta:
        verbose_name = "page lue"
        verbose_name_plural = "pages lues"
        ordering = ["at", "pk"]

    def __str__(self):
        return self.path
