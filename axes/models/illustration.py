"""What the report of an exercise draws: the key figures that its lead chose, and the page that gathers them."""

from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from axes.models.indicator import Indicator
from axes.models.plan import Year


class Illustration(models.Model):
    """The choice of an exercise. Without one, the report draws what `axes/key_figures.py` proposes."""

    year = models.OneToOneField(Year, models.CASCADE, verbose_name="exercice", related_name="illustration")
    has_synthesis = models.BooleanField(
        "« L'année en chiffres » en tête du rapport",
        default=False,
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "choix des graphiques"
        verbose_name_plural = "choix des graphiques"

    def __str__(self):
        return f"Graphiques de {self.year}"


class KeyFigure(models.Model):
    """A figure that the report draws, and what the lead makes of it."""

    class Shape(models.TextChoices):
        SERIES = "series", "d'une année à l'autre"
        PARTS = "parts", "répartition"

    illustration = models.ForeignKey(Illustration, models.CASCADE, related_name="key_figures")
    indicator = models.ForeignKey(
        Indicator, models.PROTECT, verbose_name="indicateur", related_name="key_figures"
    )
    shape = models.CharField("forme", max_length=6, choices=Shape, default=Shape.SERIES)
    is_in_synthesis = models.BooleanField("dans « L'année en chiffres »", default=True)
    description = models.CharField("description", max_length=300, blank=True)

    class Meta:
        verbose_name = "chiffre clé"
        verbose_name_plural = "chiffres clés"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["illustration", "indicator", "shape"],
                name="key_figure_once_per_shape",
                violation_error_message="Ce chiffre a déjà ce graphique.",
            ),
            models.CheckConstraint(
                condition=Q(shape__in=["series", "parts"]),
                name="key_figure_shape_is_known",
                violation_error_message="Un graphique montre une série ou une répartition.",
            ),
        ]

    def __str__(self):
        return f"{self.indicator} ({self.get_shape_display()})"
