"""What the partners answer: drafts that change, then what was sent, accepted, contested: rows that never do."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from axes.models.campaign import Question, Submission
from axes.models.quantity import (
    NOTHING,
    ONE_OF,
    ONE_OF_WORDS,
    POSITIVE_DENOMINATOR,
    POSITIVE_DENOMINATOR_WORDS,
    Quantity,
)
from logement.models import Organisation, together


class Answer(Quantity):
    """The draft of one answer: a figure, or a text. Only its own association reads it."""

    question = models.OneToOneField(Question, models.CASCADE, verbose_name="question", related_name="answer")
    text = models.TextField("texte", blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    updated_at = models.DateTimeField("modifié le", default=timezone.now)
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    history = HistoricalRecords()

    class Meta:
        verbose_name = "réponse"
        constraints = [
            models.CheckConstraint(
                condition=NOTHING
                | ONE_OF
                | Q(number__isnull=True, day__isnull=True, blank=""),  # half a rate, while it is typed
                name="answer_is_at_most_one_of_number_rate_day_blank",
                violation_error_message=ONE_OF_WORDS,
            ),
            models.CheckConstraint(
                condition=POSITIVE_DENOMINATOR,
                name="answer_denominator_is_positive",
                violation_error_message=POSITIVE_DENOMINATOR_WORDS,
            ),
        ]

    def __str__(self):
        return str(self.question)

    @property
    def is_given(self):
        """Whether it answers: a number, a whole rate, a date, a reason of absence, or some text."""
        has_rate = self.numerator is not None and self.denominator is not None
        return bool(self.number is not None or has_rate or self.day or self.blank or self.text.strip())


class Document(models.Model):
    """A file joined by a partner, stored outside the web root and checked by its content."""

    question = models.ForeignKey(Question, models.PROTECT, related_name="documents")
    file = models.FileField(upload_to="bilans/%Y/%m", max_length=200)
    name = models.CharField("nom", max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField("taille")
    digest = models.CharField("empreinte", max_length=64)
    added_at = models.DateTimeField("ajouté le", default=timezone.now)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    removed_at = models.DateTimeField("retiré le", null=True)  # what was sent keeps its documents

    class Meta:
        verbose_name = "pièce jointe"
        verbose_name_plural = "pièces jointes"
        ordering = ["pk"]

    def __str__(self):
        return self.name


class Sending(models.Model):
    """What a partner sent, as it was sent, with its fingerprint. Never changed: the database refuses it.

    `content` is canonical JSON (sorted keys, decimals as strings, labels as they were): axes/submissions/content.py.
    """

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="sendings")
    rank = models.PositiveSmallIntegerField("envoi n°")
    content = models.TextField()
    fingerprint = models.CharField("empreinte", max_length=64)
    sent_at = models.DateTimeField("transmis le", default=timezone.now)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    is_on_behalf = models.BooleanField("saisi par la métropole pour le compte du partenaire", default=False)
    source = models.FileField("document source", upload_to="bilans/%Y/%m", max_length=200, blank=True)
    source_name = models.CharField("nom du document source", max_length=200, blank=True)

    class Meta:
        verbose_name = "transmission"
        ordering = ["submission", "rank"]
        constraints = [
            models.UniqueConstraint(fields=["submission", "rank"], name="sending_once_per_rank"),
            models.CheckConstraint(
                condition=Q(is_on_behalf=False, source="") | (Q(is_on_behalf=True) & ~Q(source="")),
                name="sending_on_behalf_has_its_source",
                violation_error_message="Saisir pour le compte d'un partenaire demande le document source.",
            ),
        ]

    def __str__(self):
        return f"{self.submission}, envoi {self.rank}"


class Proposal(Quantity):
    """Another value that the lead proposes for what was sent: the partner accepts or refuses, both stay visible."""

    class Outcome(models.TextChoices):
        PENDING = "pending", "En attente"
        ACCEPTED = "accepted", "Acceptée"
        REFUSED = "refused", "Refusée"
        WITHDRAWN = "withdrawn", "Retirée"

    question = models.ForeignKey(Question, models.PROTECT, related_name="proposals")
    sending = models.ForeignKey(Sending, models.PROTECT, related_name="proposals")
    reason = models.CharField("motif", max_length=500)
    source = models.CharField("source", max_length=300)
    created_at = models.DateTimeField("proposée le", default=timezone.now)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    outcome = models.CharField("réponse", max_length=10, choices=Outcome, default=Outcome.PENDING)
    reply = models.CharField("commentaire du partenaire", max_length=500, blank=True)
    replied_at = models.DateTimeField("répondu le", null=True)
    replied_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)

    class Meta:
        verbose_name = "contre-proposition"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=ONE_OF, name="proposal_is_one_of", violation_error_message=ONE_OF_WORDS
            ),
            models.CheckConstraint(
                condition=POSITIVE_DENOMINATOR,
                name="proposal_denominator_is_positive",
                violation_error_message=POSITIVE_DENOMINATOR_WORDS,
            ),
            models.CheckConstraint(
                condition=~Q(reason="") & ~Q(source=""),
                name="proposal_has_reason_and_source",
                violation_error_message="Proposer une autre valeur demande un motif et une source.",
            ),
            models.UniqueConstraint(
                fields=["question"],
                condition=Q(outcome="pending"),
                name="proposal_one_pending_per_question",
                violation_error_message="Une contre-proposition attend déjà la réponse du partenaire.",
            ),
            models.CheckConstraint(
                condition=together("replied_at", "replied_by"), name="proposal_replied_at_with_by"
            ),
            models.CheckConstraint(
                condition=Q(outcome="pending", replied_at__isnull=True)
                | (~Q(outcome="pending") & Q(replied_at__isnull=False)),
                name="proposal_answered_has_a_reply",
            ),
        ]

    def __str__(self):
        return f"{self.question} : {self.get_outcome_display()}"


class AcceptedQuerySet(models.QuerySet):
    def current(self):
        """Those in force: that no other replaces."""
        return self.filter(replacement__isnull=True)


class Accepted(Quantity):
    """A figure that the lead accepted: it counts in the indicator. Never changed: a later one replaces it."""

    question = models.ForeignKey(Question, models.PROTECT, related_name="acceptances")
    sending = models.ForeignKey(Sending, models.PROTECT, related_name="acceptances")
    proposal = models.OneToOneField(
        Proposal, models.PROTECT, related_name="acceptance", null=True, blank=True
    )
    replaces = models.OneToOneField("self", models.PROTECT, related_name="replacement", null=True, blank=True)
    accepted_at = models.DateTimeField("validé le", default=timezone.now)
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = AcceptedQuerySet.as_manager()

    class Meta:
        verbose_name = "réponse validée"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=ONE_OF, name="accepted_is_one_of", violation_error_message=ONE_OF_WORDS
            ),
            models.UniqueConstraint(
                fields=["question"],
                condition=Q(replaces__isnull=True),
                name="accepted_first_once_per_question",
            ),
        ]

    def __str__(self):
        return str(self.question)


class Transition(models.Model):
    """One step of a submission: who, for which body, when, why. Never changed: the database refuses it."""

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="transitions")
    act = models.CharField("acte", max_length=60)
    before = models.CharField("avant", max_length=10, choices=Submission.State)
    after = models.CharField("après", max_length=10, choices=Submission.State)
    at = models.DateTimeField("le", default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    comment = models.TextField("motif ou commentaire", blank=True)

    class Meta:
        verbose_name = "étape"
        ordering = ["at", "pk"]

    def __str__(self):
        return f"{self.submission} : {self.act}"
