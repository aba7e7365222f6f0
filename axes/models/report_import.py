"""A report written elsewhere, given to be taken into the plan: its file, what was read and decided of it."""

import uuid

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from axes.models.plan import Year
from logement.models import Territory


class ReportImportQuerySet(models.QuerySet):
    def light(self):
        """Without what was read: for lists."""
        return self.defer("document", "understanding")

    def left_since(self, moment):
        """The reviews that nobody finished, nor touched since then."""
        touched = ImportDecision.objects.filter(report=OuterRef("pk"), decided_at__gt=moment)
        return self.filter(~Exists(touched), year=None, given_at__lte=moment)


class ReportImport(models.Model):
    """A Word or ODT file, reviewed item by item; nothing of it is in the plan before it is saved there, at once.

    `document` is what was read, `understanding` what was understood of it (axes/imports/keeping.py writes both); the
    latter is empty until its job is done. With `compared_to`, the file is an export of that exercise, amended: what is
    reviewed are its differences. The file is kept once saved: it is the evidence of the entries that come from it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    territory = models.ForeignKey(
        Territory, models.PROTECT, verbose_name="territoire", related_name="report_imports"
    )
    file = models.FileField("fichier", upload_to="reprises/%Y/%m", max_length=200)
    name = models.CharField("nom", max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField("taille")
    digest = models.CharField("empreinte", max_length=64)
    given_at = models.DateTimeField("donné le", default=timezone.now)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="donné par", related_name="+"
    )
    document = models.TextField("ce qui a été lu")
    understanding = models.TextField("ce qui en a été compris", blank=True)
    compared_to = models.ForeignKey(
        Year, models.PROTECT, verbose_name="export de l'exercice", related_name="+", null=True
    )
    year = models.ForeignKey(
        Year, models.PROTECT, verbose_name="enregistré dans", related_name="imports", null=True
    )
    saved_at = models.DateTimeField("enregistré le", null=True)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="enregistré par", related_name="+", null=True
    )

    objects = ReportImportQuerySet.as_manager()

    class Meta:
        verbose_name = "reprise d'un rapport"
        verbose_name_plural = "reprises de rapports"
        ordering = ["-given_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(year__isnull=True, saved_at__isnull=True, saved_by__isnull=True)
                | (
                    Q(year__isnull=False, saved_at__isnull=False, saved_by__isnull=False)
                    & ~Q(understanding="")
                ),
                name="report_import_saved_where_when_and_by",
                violation_error_message="Une reprise enregistrée dit dans quel exercice, quand et par qui.",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def is_understood(self):
        return bool(self.understanding)

    @property
    def is_saved(self):
        return self.year_id is not None


class ImportDecision(models.Model):
    """What somebody decided of one thing of an imported report: an action, a state, a text, a figure, a difference.

    `item` is its key in the document (« t2.r3.state »), `fields` what was written in place of what was understood. A
    decision taken back is « à décider » again and keeps its fields: nothing typed is lost.
    """

    class Verdict(models.TextChoices):
        OPEN = "open", "À décider"
        ACCEPTED = "accepted", "Accepté"
        LEFT = "left", "Laissé de côté"

    report = models.ForeignKey(ReportImport, models.CASCADE, related_name="decisions")
    item = models.CharField("élément", max_length=60)
    verdict = models.CharField("décision", max_length=10, choices=Verdict, default=Verdict.OPEN)
    fields = models.JSONField("correction", default=dict, blank=True, encoder=DjangoJSONEncoder)
    version = models.PositiveIntegerField(default=1, editable=False)
    decided_at = models.DateTimeField("décidé le", default=timezone.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="décidé par", related_name="+"
    )

    class Meta:
        verbose_name = "décision d'une reprise"
        verbose_name_plural = "décisions d'une reprise"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "item"],
                name="import_decision_once_per_item",
                violation_error_message="Cet élément a déjà sa décision.",
            ),
            models.CheckConstraint(
                condition=Q(verdict__in=["open", "accepted", "left"]), name="import_decision_is_known"
            ),
        ]

    def __str__(self):
        return f"{self.item} : {self.get_verdict_display()}"
