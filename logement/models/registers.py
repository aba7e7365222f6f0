"""What the registers have in common: who read them, how files are read into them, what is about to be anonymised.

A register is known by its key, a word of its app (« bail_dabord.households »): the ground floor knows none of them.
"""

import uuid
from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone

from logement.models.people import Organisation, Territory, User
from logement.roles import Permission


class AccessLogQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The whole journal of a territory for its administrator; for an association, what concerns its own rows."""
        seen = Q(territory__in=user.territories_with(Permission.ADMINISTER))
        for territory, organisation in user.organisations_with(Permission.VIEW_OWN_REGISTERS):
            seen |= Q(territory=territory, organisation=organisation)
        return self.filter(seen)


class AccessLog(models.Model):
    """Somebody read or exported rows of a register. Kept twelve months, never changed: the database refuses it.

    It names who acted; of the rows it says how many and whose, never which household.
    """

    class Act(models.TextChoices):
        LIST = "list", "Lecture de la liste"
        ROW = "row", "Lecture d'une fiche"
        FIGURE = "figure", "Lecture des lignes d'un chiffre"
        EXPORT = "export", "Export"

    at = models.DateTimeField("le", default=timezone.now, db_index=True)
    actor = models.CharField("personne", max_length=254)
    email = models.EmailField("adresse e-mail")
    territory = models.ForeignKey(Territory, models.PROTECT, verbose_name="territoire", related_name="+")
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        verbose_name="association dont ce sont les lignes",
        related_name="+",
    )
    act = models.CharField("acte", max_length=10, choices=Act)
    register = models.CharField("registre", max_length=100)
    rows = models.PositiveIntegerField("nombre de lignes", default=0)
    detail = models.CharField("précision", max_length=300, blank=True)
    reason = models.CharField("motif", max_length=300, blank=True)

    objects = AccessLogQuerySet.as_manager()

    class Meta:
        verbose_name = "accès aux registres"
        verbose_name_plural = "accès aux registres"
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["territory", "organisation", "-at"], name="access_log_of_whom")]
        constraints = [
            models.CheckConstraint(
                condition=Q(act__in=["list", "row", "figure", "export"]),
                name="access_log_act_is_known",
                violation_error_message="Cet acte n'existe pas.",
            ),
            models.CheckConstraint(
                condition=~Q(act="export", reason=""),
                name="access_log_export_has_a_reason",
                violation_error_message="Un export demande un motif.",
            ),
        ]

    def __str__(self):
        return f"{self.get_act_display()} : {self.register}"


class ColumnMapping(models.Model):
    """What an association's own heading means: proposed the first time, remembered the next ones."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="column_mappings")
    register = models.CharField(max_length=100)
    heading = models.CharField("titre de la colonne", max_length=200, help_text="Sans casse ni accents.")
    field = models.CharField(
        "champ du registre", max_length=60, blank=True, help_text="Vide : colonne laissée de côté."
    )

    class Meta:
        verbose_name = "colonne reconnue"
        verbose_name_plural = "colonnes reconnues"
        ordering = ["organisation", "register", "heading"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "register", "heading"],
                name="column_mapping_once",
                violation_error_message="Cette colonne est déjà reconnue.",
            )
        ]

    def __str__(self):
        return f"{self.heading} → {self.field or '(laissée de côté)'}"


class PendingImportQuerySet(models.QuerySet):
    def alive(self):
        return self.filter(created_at__gt=timezone.now() - PendingImport.LIFE)

    def expired(self):
        return self.filter(created_at__lte=timezone.now() - PendingImport.LIFE)


class PendingImport(models.Model):
    """A file read and not yet confirmed: a private row of whoever gave it, gone once confirmed, given up or expired.

    Columns that seem to hold identities never get here (logement/imports.py).
    """

    LIFE = timedelta(hours=2)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    register = models.CharField(max_length=100)
    territory = models.ForeignKey(Territory, models.CASCADE, related_name="+")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    created_by = models.ForeignKey(User, models.CASCADE, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, db_index=True)
    content = models.TextField(help_text="La table, comme logement.spreadsheets.dump l'écrit.")
    dropped = models.JSONField("colonnes écartées", default=list)

    objects = PendingImportQuerySet.as_manager()

    class Meta:
        verbose_name = "import en attente"
        verbose_name_plural = "imports en attente"
        ordering = ["-created_at"]

    def __str__(self):
        return f"{self.register} ({self.organisation})"


class RetentionNotice(models.Model):
    """A row of a register that is announced: on `due_on` it is anonymised, unless a contact happened meanwhile.

    `row` is the row's key in its own table, nothing of what it says; the notice goes when the row does.
    """

    register = models.CharField(max_length=100)
    row = models.BigIntegerField()
    territory = models.ForeignKey(Territory, models.CASCADE, related_name="+")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    announced_on = models.DateField("annoncé le")
    due_on = models.DateField("anonymisé à partir du", db_index=True)

    class Meta:
        verbose_name = "anonymisation annoncée"
        verbose_name_plural = "anonymisations annoncées"
        ordering = ["due_on", "register", "row"]
        constraints = [
            models.UniqueConstraint(
                fields=["register", "row"],
                name="retention_notice_once",
                violation_error_message="Cette ligne est déjà annoncée.",
            ),
            models.CheckConstraint(
                condition=Q(due_on__gt=models.F("announced_on")),
                name="retention_notice_before_its_day",
                violation_error_message="L'annonce précède l'anonymisation.",
            ),
        ]

    def __str__(self):
        return f"{self.register} : {self.due_on:%d/%m/%Y}"
