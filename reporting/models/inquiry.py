"""What the State asks about a row or a figure of a report, and what the lead answers (« demandes de complément »)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from axes.models import Year
from logement.roles import Permission
from reporting.models.version import Version


class InquiryQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(year__territory__in=user.territories_with(Permission.VIEW_INQUIRIES))

    def waiting(self):
        """Those that the lead has still to answer."""
        return self.filter(answered_at__isnull=True, withdrawn_at__isnull=True)

    def unsettled(self):
        """Those to which a version to come may bring the answer: waiting, or answered in words alone."""
        return self.filter(withdrawn_at__isnull=True, settled_by__isnull=True)


class Inquiry(models.Model):
    """A question about one place of a report. No version changes for it: a later one may settle it.

    `anchor` is the place as every version of the exercise names it (`action-12`, `chiffre-7`), `about` its words on
    that day. It is no foreign key: a row may be removed from the plan, what was asked about it stays. `version` is the
    one that was read; none: the draft, shared in review.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "En attente de réponse"
        ANSWERED = "answered", "Répondue"
        SETTLED = "settled", "Corrigée par une version"
        WITHDRAWN = "withdrawn", "Retirée"

    MAX_QUESTION, MAX_ANSWER = 1000, 2000

    year = models.ForeignKey(Year, models.PROTECT, verbose_name="exercice", related_name="inquiries")
    version = models.ForeignKey(
        Version, models.PROTECT, verbose_name="version lue", related_name="inquiries", null=True
    )
    anchor = models.CharField("endroit", max_length=40)
    about = models.CharField("sur", max_length=400)
    question = models.CharField("demande", max_length=MAX_QUESTION)
    asked_at = models.DateTimeField("demandé le", default=timezone.now)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    answer = models.CharField("réponse", max_length=MAX_ANSWER, blank=True)
    answered_at = models.DateTimeField("répondu le", null=True, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    settled_by = models.ForeignKey(
        Version, models.PROTECT, verbose_name="corrigée par", related_name="settled", null=True
    )
    withdrawn_at = models.DateTimeField("retirée le", null=True, blank=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)

    objects = InquiryQuerySet.as_manager()

    class Meta:
        verbose_name = "demande de complément"
        verbose_name_plural = "demandes de complément"
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["year", "anchor", "question"],
                condition=Q(answered_at__isnull=True, withdrawn_at__isnull=True),
                name="inquiry_asked_once",
                violation_error_message="Cette demande est déjà faite, et attend sa réponse.",
            ),
            models.CheckConstraint(
                condition=Q(anchor__startswith="action-") | Q(anchor__startswith="chiffre-"),
                name="inquiry_is_about_a_row_or_a_figure",
                violation_error_message="Une demande porte sur une ligne ou sur un chiffre du rapport.",
            ),
            models.CheckConstraint(
                condition=~Q(question=""),
                name="inquiry_asks_something",
                violation_error_message="Écrivez ce que vous demandez.",
            ),
            models.CheckConstraint(
                condition=Q(
                    answered_at__isnull=True, answered_by__isnull=True, answer="", settled_by__isnull=True
                )
                | Q(answered_at__isnull=False, answered_by__isnull=False)
                & (~Q(answer="") | Q(settled_by__isnull=False)),
                name="inquiry_answered_by_somebody_in_words_or_by_a_version",
                violation_error_message="Une réponse a ses mots, ou la version qui corrige.",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False, answered_at__isnull=True),
                name="inquiry_withdrawn_by_somebody_before_its_answer",
                violation_error_message="Une demande qui a sa réponse ne se retire plus.",
            ),
        ]

    def __str__(self):
        return f"Sur « {self.about} » : {self.question}"

    @property
    def place(self):
        """Where it is read: in the version that was asked about, or in the report."""
        return place_of(self.year, self.version, self.anchor)

    @property
    def is_waiting(self):
        return self.state == self.State.WAITING

    @property
    def state(self):
        if self.withdrawn_at:
            return self.State.WITHDRAWN
        if self.settled_by_id:
            return self.State.SETTLED
        return self.State.ANSWERED if self.answered_at else self.State.WAITING


def place_of(year, version, anchor):
    """The address of a row or of a figure in a version, or (None) in the report of the exercise."""
    place = [year.territory.code, year.number]
    if version is None:
        return reverse("reporting:report", args=place) + f"#{anchor}"
    name = "reporting:version" if anchor.startswith("action-") else "reporting:version_figures"
    return reverse(name, args=[*place, version.number]) + f"#{anchor}"
