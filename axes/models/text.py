"""Texts: narrative blocks and cells, in one table, so that one editor, one lock and one history serve all."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from axes.models.plan import Block, Column, Line, Year


class TextBlockQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Cells of the visible lines, narrative of the visible reports."""
        return self.filter(
            Q(line__in=Line.objects.visible_to(user))
            | Q(block__isnull=False, year__in=Year.objects.with_report_visible_to(user))
        )


class TextBlock(models.Model):
    """A rich text (the small HTML of logement/richtext.py): a narrative block, or the cell of a line in a column."""

    year = models.ForeignKey(Year, models.CASCADE, related_name="texts")
    block = models.OneToOneField(Block, models.CASCADE, related_name="text", null=True)
    line = models.ForeignKey(Line, models.CASCADE, related_name="texts", null=True)
    column = models.ForeignKey(Column, models.PROTECT, related_name="texts", null=True)
    content = models.TextField("texte", blank=True)
    is_to_reread = models.BooleanField(
        "à relire", default=False, help_text="Repris de l'exercice précédent et pas encore relu."
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    updated_at = models.DateTimeField("modifié le", null=True)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="modifié par", related_name="+", null=True
    )

    history = HistoricalRecords()
    objects = TextBlockQuerySet.as_manager()

    class Meta:
        verbose_name = "texte"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(block__isnull=False, line__isnull=True, column__isnull=True)
                | Q(block__isnull=True, line__isnull=False, column__isnull=False),
                name="text_is_narrative_or_cell",
            ),
            models.UniqueConstraint(fields=["line", "column"], name="text_one_per_cell"),
            models.CheckConstraint(
                condition=Q(updated_at__isnull=True, updated_by__isnull=True)
                | Q(updated_at__isnull=False, updated_by__isnull=False),
                name="text_updated_at_with_by",
            ),
        ]

    def __str__(self):
        return f"{self.line} : {self.column}" if self.line_id else str(self.block)
