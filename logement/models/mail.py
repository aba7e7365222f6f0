"""The outbox: one row per person and event, from which e-mails leave. See logement/mail.py."""

import uuid
from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone

from logement.models.people import Territory, User


class MessageQuerySet(models.QuerySet):
    def to_send(self, now):
        """What may be claimed at that moment: due, and claimed by nobody, or by a worker that must have died."""
        unclaimed = Q(claimed_at__isnull=True) | Q(claimed_at__lt=now - Message.CLAIM_LASTS)
        return self.filter(
            unclaimed, sent_at__isnull=True, due_at__lte=now, attempts__lt=Message.MAX_ATTEMPTS
        )

    def given_up(self, now):
        """What was tried so many times that nobody tries any more."""
        unclaimed = Q(claimed_at__isnull=True) | Q(claimed_at__lt=now - Message.CLAIM_LASTS)
        return self.filter(unclaimed, sent_at__isnull=True, attempts__gte=Message.MAX_ATTEMPTS)


class Message(models.Model):
    """An e-mail that was decided. The bodies go once it has left: a link in them may open a questionnaire.

    `occasion` is the event's key, the same whatever the retries: « campaign:12:opened ». `recipient` is empty for
    somebody without an account; `address` is where it goes, in lower case.
    """

    # Far longer than the slowest dialogue with a mail server that keeps within EMAIL_TIMEOUT at each step.
    CLAIM_LASTS = timedelta(minutes=10)
    # With a pause that doubles from one minute: a day and a half.
    MAX_ATTEMPTS = 12

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    recipient = models.ForeignKey(
        User, models.PROTECT, null=True, verbose_name="personne", related_name="messages"
    )
    address = models.EmailField("adresse e-mail")
    occasion = models.CharField("occasion", max_length=120)
    territory = models.ForeignKey(
        Territory, models.PROTECT, null=True, verbose_name="territoire", related_name="+"
    )
    subject = models.CharField("objet", max_length=200)
    text = models.TextField("texte", blank=True)
    html = models.TextField("texte mis en forme", blank=True)
    created_at = models.DateTimeField("écrit le", default=timezone.now)
    due_at = models.DateTimeField("à envoyer à partir du", default=timezone.now)
    claimed_at = models.DateTimeField("pris en charge le", null=True, blank=True)
    sent_at = models.DateTimeField("envoyé le", null=True, blank=True)
    attempts = models.PositiveSmallIntegerField("essais", default=0)
    last_error = models.CharField("dernier refus du serveur d'envoi", max_length=300, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = "message"
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["due_at"], condition=Q(sent_at__isnull=True), name="message_to_send")]
        constraints = [
            models.UniqueConstraint(
                fields=["recipient", "occasion"],
                name="message_once_per_person",
                violation_error_message="Cette personne a déjà reçu ce message.",
            ),
            models.UniqueConstraint(
                fields=["address", "occasion"],
                name="message_once_per_address",
                violation_error_message="Ce message est déjà parti à cette adresse.",
            ),
            models.CheckConstraint(
                condition=Q(sent_at__isnull=False, text="", html="")
                | Q(sent_at__isnull=True) & ~Q(text="") & ~Q(html=""),
                name="message_body_until_sent",
                violation_error_message="Un message garde son texte jusqu'à son envoi, et pas après.",
            ),
        ]

    def __str__(self):
        return f"{self.occasion} ({self.address})"

    @property
    def state(self):
        """In French, for the administration."""
        if self.sent_at:
            return "Envoyé"
        if self.claimed_at and self.claimed_at > timezone.now() - self.CLAIM_LASTS:
            return "En cours d'envoi"
        return "Abandonné" if self.attempts >= self.MAX_ATTEMPTS else "À envoyer"
