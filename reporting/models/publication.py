"""What is published of a version, for anyone to read: its figures alone, small counts masked, kept as they were."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from reporting.models.version import KeptFile, Version


class PublicationQuerySet(models.QuerySet):
    def in_force(self):
        """Those that anyone may read."""
        return self.filter(withdrawn_at__isnull=True)

    def at(self, territory, number):
        """Those in force of an exercise, by the code of its territory and its year; the last version comes first."""
        found = self.in_force().filter(version__year__territory__code=territory, version__year__number=number)
        return found.select_related("version__year__territory").order_by("-version__number")


class Publication(models.Model):
    """The lead published this version on that day; withdrawn, it is as if it had never been there.

    What is read is in its files, the page itself among them (`PAGE`): the database refuses to change them.
    """

    MAX_REASON = 500

    version = models.ForeignKey(Version, models.PROTECT, related_name="publications")
    published_at = models.DateTimeField("publiée le", default=timezone.now)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField("retirée le", null=True, blank=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    reason = models.CharField("motif du retrait", max_length=MAX_REASON, blank=True)

    objects = PublicationQuerySet.as_manager()

    class Meta:
        verbose_name = "publication"
        ordering = ["-published_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["version"],
                condition=Q(withdrawn_at__isnull=True),
                name="publication_in_force_once_per_version",
                violation_error_message="Cette version est déjà publiée.",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True, reason="")
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(reason=""),
                name="publication_withdrawn_by_somebody_for_a_reason",
                violation_error_message="Retirer une publication demande un motif.",
            ),
        ]

    def __str__(self):
        return f"{self.version} : publication"

    @property
    def is_whole(self):
        """Whether its files are there, beside its page."""
        return self.files.exclude(format=PublicFile.PAGE).exists()


class PublicFile(KeptFile):
    """A file of a publication. The page comes with it; all the others are written in one transaction, or none."""

    PAGE = "page"  # the format of what the public address shows

    publication = models.ForeignKey(Publication, models.PROTECT, related_name="files")

    class Meta:
        verbose_name = "fichier publié"
        verbose_name_plural = "fichiers publiés"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["publication", "format"],
                name="public_file_once_per_format",
                violation_error_message="Ce format est déjà publié pour cette version.",
            )
        ]
