"""The versions of a report: frozen, chained, never changed. The database refuses to (migration 0001).

A version has no state of its own. While an exercise is open its report is a draft, and no version is made; a version
is made by the act that sends the exercise, and reopening the exercise writes why. So what a version is today
(« transmise », « définitive », « remplacée ») is read from what follows it, and nothing can contradict it: ADR 0018.
"""

from functools import cached_property

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from axes.models import Year
from logement.models import Territory
from logement.roles import Permission
from reporting import canonical
from reporting.act import Act

READERS = (Permission.VIEW_DRAFT_REPORT, Permission.VIEW_SHARED_REPORT, Permission.VIEW_SENT_REPORT)


class VersionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those of the territories whose reports `user` may read once sent: a version was sent, by its very making."""
        places = set().union(*(user.territories_with(permission) for permission in READERS))
        return self.filter(territory__in=places)

    def of(self, year):
        """Those of an exercise, first to last, with what lists need; the report itself is left in the database."""
        return (
            self.filter(year=year)
            .select_related("year__territory", "year__agreement", "reopening")
            .defer("report")
            .order_by("number")
        )


class Version(models.Model):
    """A report as it was sent. `rank` is its place in the chain of its territory, `number` that in its exercise.

    `act` and `report` are canonical JSON (an `Act`, a `Snapshot`): the fingerprint is that of `content`, which holds
    both, and the act holds the fingerprint of the version before.
    """

    SCHEMA = 1  # of what `report` holds: a new number where an old text no longer reads as it stands

    class State(models.TextChoices):
        SENT = "sent", "Transmise"
        FINAL = "final", "Définitive"
        REOPENED = "reopened", "Transmise, correction en cours"
        REPLACED = "replaced", "Remplacée"

    territory = models.ForeignKey(
        Territory, models.PROTECT, verbose_name="territoire", related_name="versions"
    )
    year = models.ForeignKey(Year, models.PROTECT, verbose_name="exercice", related_name="versions")
    rank = models.PositiveIntegerField("rang dans la chaîne")
    number = models.PositiveSmallIntegerField("numéro")
    act = models.TextField("acte")
    report = models.TextField("rapport")
    fingerprint = models.CharField("empreinte", max_length=64, unique=True)
    frozen_at = models.DateTimeField("figée le", default=timezone.now)
    frozen_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = VersionQuerySet.as_manager()

    class Meta:
        verbose_name = "version"
        ordering = ["territory", "rank"]
        constraints = [
            models.UniqueConstraint(
                fields=["territory", "rank"],
                name="version_one_chain_per_territory",
                violation_error_message="Une autre version vient d'être figée : rechargez la page.",
            ),
            models.UniqueConstraint(
                fields=["year", "number"],
                name="version_number_once_per_year",
                violation_error_message="Cette version existe déjà : rechargez la page.",
            ),
            models.CheckConstraint(
                condition=Q(rank__gte=1, number__gte=1),
                name="version_counts_from_one",
                violation_error_message="Le rang et le numéro d'une version commencent à 1.",
            ),
        ]

    def __str__(self):
        return f"Rapport {self.year.number}, version {self.number}"

    def get_absolute_url(self):
        return reverse("reporting:version", args=[*self.place, self.number])

    @property
    def place(self):
        """What its addresses begin with."""
        return [self.year.territory.code, self.year.number]

    @property
    def content(self):
        """The canonical text whose SHA-256 is the fingerprint."""
        return f'{{"act":{self.act},"report":{self.report},"schema":{self.SCHEMA}}}'

    @cached_property
    def facts(self) -> Act:
        """What was written of the act on that day: who, when, why, under which names."""
        return canonical.read(Act, self.act)

    @property
    def short_fingerprint(self):
        return short(self.fingerprint)

    @property
    def is_reopened(self):
        return hasattr(self, "reopening")

    def state_before(self, following):
        """What this version is today, knowing the one that follows it in its exercise, or None."""
        if following is not None:
            return self.State.REPLACED
        if self.is_reopened:
            return self.State.REOPENED
        return self.State.FINAL if self.year.state == Year.State.CLOSED else self.State.SENT


SHORT = 16  # signs of a fingerprint that print: 64 bits


def short(fingerprint):
    """« 3f2a 9c41 07be d215 »: what the foot of each page shows."""
    return " ".join(fingerprint[start : start + 4] for start in range(0, SHORT, 4))


class KeptFile(models.Model):
    """A file whose bytes are in the database, which refuses to change them, gives them back with its backups, and never
    holds half."""

    format = models.CharField("format", max_length=20)
    label = models.CharField("libellé", max_length=60)
    name = models.CharField("nom du fichier", max_length=120)
    content = models.BinaryField("contenu")
    size = models.PositiveIntegerField("taille (octets)")
    digest = models.CharField("empreinte du fichier", max_length=64, db_index=True)
    made_at = models.DateTimeField("produit le", default=timezone.now)

    class Meta:
        abstract = True

    def __str__(self):
        return self.name


class VersionFile(KeptFile):
    """A file of a version: all its formats are written in one transaction, or none."""

    version = models.ForeignKey(Version, models.PROTECT, related_name="files")

    class Meta:
        verbose_name = "fichier d'une version"
        verbose_name_plural = "fichiers des versions"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "format"],
                name="version_file_once_per_format",
                violation_error_message="Ce format est déjà produit pour cette version.",
            )
        ]


class Reopening(models.Model):
    """Why the exercise of a version was reopened: the correction that the next version will bring."""

    version = models.OneToOneField(Version, models.PROTECT, related_name="reopening")
    reason = models.CharField("motif", max_length=500)
    reopened_at = models.DateTimeField("rouvert le", default=timezone.now)
    reopened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "réouverture"
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="reopening_has_a_reason",
                violation_error_message="Rouvrir un exercice transmis demande un motif.",
            )
        ]

    def __str__(self):
        return f"{self.version} : rouverte"
