"""Where a figure is used: cited in a sentence, part of a total that was typed, drawn in a chart of the report."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from axes.models.illustration import KeyFigure
from axes.models.indicator import Entry, Indicator
from axes.models.plan import Year
from axes.models.text import TextBlock


class Citation(models.Model):
    """A figure used somewhere in the exercise `year`, with the words of it that were read there.

    Exactly one of: `text` (its sentence holds the words and `ref`), `entry` (a typed total of which the figure is a
    part), `key_figure` (its chart). When the figure no longer reads so, the place is « à revoir » until somebody
    accepts the new words, or keeps these with a reason: `kept_against` is what was refused; another change asks again.
    """

    text = models.ForeignKey(TextBlock, models.CASCADE, related_name="citations", null=True)
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="citations", null=True)
    key_figure = models.ForeignKey(KeyFigure, models.CASCADE, related_name="citations", null=True)
    year = models.ForeignKey(Year, models.CASCADE, verbose_name="exercice", related_name="citations")
    indicator = models.ForeignKey(
        Indicator, models.PROTECT, verbose_name="indicateur", related_name="citations"
    )
    number = models.PositiveSmallIntegerField("valeur de l'exercice")
    ref = models.CharField("chiffre et forme", max_length=200)
    words = models.CharField("lu", max_length=500, blank=True)
    kept_against = models.CharField("gardé contre", max_length=500, blank=True)
    kept_reason = models.CharField("motif", max_length=500, blank=True)
    kept_at = models.DateTimeField("gardé le", null=True)
    kept_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="gardé par", related_name="+", null=True
    )

    class Meta:
        verbose_name = "chiffre cité"
        verbose_name_plural = "chiffres cités"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(text__isnull=False, entry__isnull=True, key_figure__isnull=True)
                | Q(text__isnull=True, entry__isnull=False, key_figure__isnull=True)
                | Q(text__isnull=True, entry__isnull=True, key_figure__isnull=False),
                name="citation_is_in_one_place",
            ),
            models.CheckConstraint(
                condition=Q(kept_at__isnull=True, kept_by__isnull=True, kept_reason="", kept_against="")
                | (Q(kept_at__isnull=False, kept_by__isnull=False) & ~Q(kept_reason="")),
                name="citation_kept_at_by_and_why",
                violation_error_message="Garder un chiffre malgré son changement demande un motif.",
            ),
            *(
                models.UniqueConstraint(
                    fields=[place, "ref", "words"],
                    condition=Q(**{f"{place}__isnull": False}),
                    name=f"citation_once_per_{place}",
                )
                for place in ("text", "entry", "key_figure")
            ),
        ]

    def __str__(self):
        return f"{self.indicator} ({self.number}) : {self.words}"


class Justification(models.Model):
    """Why a finding of the checks stands. It holds for this finding with these numbers (`key`), no other."""

    year = models.ForeignKey(Year, models.CASCADE, verbose_name="exercice", related_name="justifications")
    key = models.CharField("constat", max_length=64)
    code = models.CharField("contrôle", max_length=40)
    sentence = models.TextField("constat justifié")
    reason = models.CharField("justification", max_length=1000)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="justifié par", related_name="+"
    )
    created_at = models.DateTimeField("le")

    class Meta:
        verbose_name = "justification"
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["year", "key"],
                name="justification_once_per_finding",
                violation_error_message="Ce constat est déjà justifié.",
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="justification_has_a_reason",
                violation_error_message="Écrivez pourquoi ce constat peut rester.",
            ),
        ]

    def __str__(self):
        return self.sentence
