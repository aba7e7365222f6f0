"""What a figure is made of, wherever it is written: typed by the lead, answered, sent, accepted or proposed."""

from django.db import models
from django.db.models import Q


class Qualifier(models.TextChoices):
    EXACT = "exact", "exact"
    AROUND = "around", "environ"
    NEARLY = "nearly", "près de"
    AT_LEAST = "at_least", "au moins"
    MORE_THAN = "more_than", "plus de"


class Blank(models.TextChoices):
    """Why there is no number. Zero is a number. « Pas encore reçu » is the absence of any entry, never stored."""

    UNAVAILABLE = "unavailable", "non disponible"
    NOT_APPLICABLE = "not_applicable", "sans objet"


NO_AMOUNT = Q(number__isnull=True, numerator__isnull=True, denominator__isnull=True)
#: Nothing at all: a draft that was emptied.
NOTHING = NO_AMOUNT & Q(day__isnull=True, blank="")
ONE_OF = (
    (
        Q(number__isnull=False, numerator__isnull=True, denominator__isnull=True)
        & Q(day__isnull=True, blank="")
    )
    | (
        Q(number__isnull=True, numerator__isnull=False, denominator__isnull=False)
        & Q(day__isnull=True, blank="")
    )
    | (NO_AMOUNT & Q(day__isnull=False, blank=""))
    | (NO_AMOUNT & Q(day__isnull=True, blank__in=["unavailable", "not_applicable"]))
)
POSITIVE_DENOMINATOR = Q(denominator__isnull=True) | Q(denominator__gt=0)
ONE_OF_WORDS = (
    "Indiquez un nombre, ou un numérateur et un dénominateur, ou une date, ou la raison de l'absence : "
    "un seul des quatre."
)
POSITIVE_DENOMINATOR_WORDS = "Le dénominateur doit être supérieur à zéro."


class Quantity(models.Model):
    """One of: `number` (in the indicator's unit), `numerator` with `denominator` (a rate keeps both), `day`, `blank`.

    Each model says by a constraint that it holds exactly one of them (`ONE_OF`).
    """

    FIELDS = ("number", "numerator", "denominator", "day", "qualifier", "blank", "note")

    number = models.DecimalField("valeur", max_digits=18, decimal_places=4, null=True, blank=True)
    numerator = models.DecimalField("numérateur", max_digits=18, decimal_places=4, null=True, blank=True)
    denominator = models.DecimalField("dénominateur", max_digits=18, decimal_places=4, null=True, blank=True)
    day = models.DateField("date", null=True, blank=True)
    qualifier = models.CharField("précision", max_length=10, choices=Qualifier, default=Qualifier.EXACT)
    blank = models.CharField("absence", max_length=15, choices=Blank, blank=True)
    note = models.CharField("remarque", max_length=500, blank=True)

    class Meta:
        abstract = True

    @property
    def quantity(self):
        """{field: value}: what another Quantity takes."""
        return {name: getattr(self, name) for name in self.FIELDS}
