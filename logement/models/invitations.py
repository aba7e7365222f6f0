"""How people come in: invited by e-mail, or presented by ProConnect and attached by somebody who may."""

import uuid
from datetime import timedelta

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from logement.models.people import Membership, Organisation, PeopleQuerySet, Territory, User, together
from logement.roles import Role


class InvitationQuerySet(PeopleQuerySet):
    def pending(self):
        """Neither accepted nor withdrawn; it may have expired, and be sent again."""
        return self.filter(accepted_at__isnull=True, revoked_at__isnull=True)

    def usable(self):
        return self.pending().filter(expires_at__gt=timezone.now())


class Invitation(models.Model):
    """Opens a role to whoever reads the mail of this address, once. The link is the key, signed.

    Sent again, it gets another key: the link of before opens nothing any more.
    """

    KEPT = timedelta(days=14)

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField("adresse e-mail", help_text="En minuscules.")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, verbose_name="organisme", related_name="invitations"
    )
    territory = models.ForeignKey(
        Territory, models.PROTECT, verbose_name="territoire", related_name="invitations"
    )
    role = models.CharField("rôle", max_length=20, choices=Role)
    ends_on = models.DateField("habilitation jusqu'au (inclus)", null=True, blank=True)
    created_at = models.DateTimeField("invitée le", default=timezone.now)
    created_by = models.ForeignKey(User, models.PROTECT, verbose_name="invitée par", related_name="+")
    sent_count = models.PositiveSmallIntegerField("envois", default=1)
    expires_at = models.DateTimeField("expire le")
    accepted_at = models.DateTimeField("acceptée le", null=True, editable=False)
    accepted_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, editable=False)
    revoked_at = models.DateTimeField("retirée le", null=True, editable=False)
    revoked_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, editable=False)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = "invitation"
        ordering = ["email"]
        constraints = [
            models.UniqueConstraint(
                fields=["email", "organisation", "territory", "role"],
                condition=Q(accepted_at__isnull=True, revoked_at__isnull=True),
                name="invitation_pending_once",
                violation_error_message="Cette personne est déjà invitée à ce titre : renvoyez-lui l'invitation.",
            ),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="invitation_role_is_known"),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")), name="invitation_expires_after_it_is_made"
            ),
            models.CheckConstraint(
                condition=together("accepted_at", "accepted_by"), name="invitation_accepted_at_with_by"
            ),
            models.CheckConstraint(
                condition=together("revoked_at", "revoked_by"), name="invitation_revoked_at_with_by"
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(revoked_at__isnull=True),
                name="invitation_accepted_or_revoked",
            ),
        ]

    def __str__(self):
        return f"{self.email} : {self.get_role_display()}, {self.organisation}"

    @property
    def is_expired(self):
        return self.expires_at <= timezone.now()


class AttachmentQuerySet(models.QuerySet):
    def waiting(self):
        return self.filter(decided_at__isnull=True)

    def of(self, territory):
        """Those of an organisation that is active in the territory."""
        return self.filter(organisation__territories=territory)


class Attachment(models.Model):
    """What ProConnect says of a person: works under this SIRET. Gives no right: somebody who may confirms, or refuses.

    The organisation is the one that has this SIRET here, if any.
    """

    user = models.ForeignKey(User, models.CASCADE, verbose_name="personne", related_name="attachments")
    siret = models.CharField("SIRET", max_length=14)
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, verbose_name="organisme", related_name="attachments", null=True
    )
    asked_at = models.DateTimeField("demandé le", default=timezone.now)
    decided_at = models.DateTimeField("décidé le", null=True, editable=False)
    decided_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, editable=False)
    membership = models.ForeignKey(
        Membership, models.SET_NULL, verbose_name="habilitation donnée", related_name="+", null=True
    )

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = "rattachement"
        ordering = ["asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "siret"],
                name="attachment_once_per_person_and_siret",
                violation_error_message="Ce rattachement est déjà demandé.",
            ),
            models.CheckConstraint(
                condition=together("decided_at", "decided_by"), name="attachment_decided_at_with_by"
            ),
            models.CheckConstraint(
                condition=Q(membership__isnull=True) | Q(decided_at__isnull=False),
                name="attachment_membership_was_decided",
            ),
        ]

    def __str__(self):
        return f"{self.user} : {self.organisation or self.siret}"
