"""The yearly campaign: what each partner is asked, how far it is, and who may come in without an account."""

import uuid
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Count, F, Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from axes.models.indicator import Indicator
from axes.models.plan import Action, Year
from logement.models import Organisation, together
from logement.roles import Permission

LATE_REMINDER = 3  # days after the closing day
EARLY_REMINDERS = (15, 5)  # days before it


class CampaignQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(year__territory__in=user.territories_with(Permission.RUN_CAMPAIGN))

    def running(self, on):
        """Those that are open to answers on that day."""
        return self.filter(opened_at__isnull=False, closed_at__isnull=True, opens_on__lte=on)


class Campaign(models.Model):
    """The collection of an exercise's figures. Days are whole days in Paris, the last one included.

    Opened by an act; partners answer from `opens_on` on. After `closes_on` an answer is late, until the lead closes.
    """

    year = models.OneToOneField(Year, models.PROTECT, verbose_name="exercice", related_name="campaign")
    opens_on = models.DateField("ouverture")
    closes_on = models.DateField("date limite")
    instructions = models.TextField("consignes", blank=True)
    opened_at = models.DateTimeField("ouverte le", null=True, editable=False)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, editable=False
    )
    closed_at = models.DateTimeField("close le", null=True, editable=False)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, editable=False
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    history = HistoricalRecords()
    objects = CampaignQuerySet.as_manager()

    class Meta:
        verbose_name = "campagne"
        ordering = ["-closes_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(opens_on__lte=F("closes_on")),
                name="campaign_dates_in_order",
                violation_error_message="La date limite précède l'ouverture : corrigez l'une des deux.",
            ),
            models.CheckConstraint(
                condition=together("opened_at", "opened_by"), name="campaign_opened_at_with_by"
            ),
            models.CheckConstraint(
                condition=together("closed_at", "closed_by"), name="campaign_closed_at_with_by"
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(opened_at__isnull=False),
                name="campaign_closed_was_open",
            ),
        ]

    def __str__(self):
        return f"Campagne {self.year.number}"

    def is_running(self, on: date):
        return bool(self.opened_at and not self.closed_at and self.opens_on <= on)

    def is_past_due(self, on: date):
        return on > self.closes_on


class SubmissionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those of one's own organisation once the campaign is open; all of them for the lead."""
        own = Q()
        for territory, organisation in user.organisations_with(Permission.ANSWER_CAMPAIGN):
            own |= Q(campaign__year__territory=territory, organisation=organisation)
        visible = Q(campaign__year__territory__in=user.territories_with(Permission.RUN_CAMPAIGN))
        if own:
            visible |= own & Q(
                campaign__opened_at__isnull=False, campaign__opens_on__lte=timezone.localdate()
            )
        return self.filter(visible)

    def expected(self):
        """Those that the partner has still to send."""
        return self.filter(state__in=Submission.WITH_PARTNER)

    def with_progress(self):
        """With `asked` and `answered`: the figures asked for, and those that have an answer in the draft."""
        figures = Q(questions__kind="figure")
        answered = figures & (
            Q(questions__answer__number__isnull=False)
            | Q(questions__answer__numerator__isnull=False, questions__answer__denominator__isnull=False)
            | Q(questions__answer__day__isnull=False)
            | Q(questions__answer__blank__in=["unavailable", "not_applicable"])
        )
        return self.annotate(
            asked=Count("questions", filter=figures), answered=Count("questions", filter=answered)
        )


class Submission(models.Model):
    """What one partner is asked in a campaign, and how far it is: one per partner. See axes/submissions/moves.py."""

    class State(models.TextChoices):
        """As the partner reads it; `LEAD_WORDS` as the lead does."""

        TO_FILL = "to_fill", "À saisir"
        DRAFT = "draft", "Brouillon"
        SENT = "sent", "Transmis"
        RETURNED = "returned", "Correction demandée"
        VALIDATED = "validated", "Validé"

    LEAD_WORDS = {
        State.TO_FILL: "Pas commencé",
        State.DRAFT: "En cours de saisie",
        State.SENT: "À examiner",
        State.RETURNED: "Correction attendue",
        State.VALIDATED: "Validé",
    }
    NEVER_SENT = (State.TO_FILL, State.DRAFT)
    WITH_PARTNER = (*NEVER_SENT, State.RETURNED)
    WITH_LEAD = (State.SENT, State.VALIDATED)

    campaign = models.ForeignKey(
        Campaign, models.PROTECT, verbose_name="campagne", related_name="submissions"
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, verbose_name="partenaire", related_name="submissions"
    )
    state = models.CharField("état", max_length=10, choices=State, default=State.TO_FILL)
    needs_signature = models.BooleanField(
        "envoi par la direction",
        default=False,
        help_text="La personne qui rédige prépare ; une personne habilitée à transmettre envoie.",
    )
    prepared_at = models.DateTimeField("préparé le", null=True, editable=False)
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, editable=False
    )
    is_on_behalf = models.BooleanField("saisi pour le compte du partenaire", default=False, editable=False)
    active_at = models.DateTimeField("dernière activité", null=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    history = HistoricalRecords()
    objects = SubmissionQuerySet.as_manager()

    class Meta:
        verbose_name = "bilan"
        ordering = ["organisation__name"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "organisation"],
                name="submission_once_per_partner_and_campaign",
                violation_error_message="Ce partenaire a déjà un questionnaire dans cette campagne.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["to_fill", "draft", "sent", "returned", "validated"]),
                name="submission_state_is_known",
            ),
            models.CheckConstraint(
                condition=together("prepared_at", "prepared_by"), name="submission_prepared_at_with_by"
            ),
        ]

    def __str__(self):
        return f"{self.organisation}, {self.campaign}"

    @property
    def address(self):
        """What the addresses of its pages begin with, for `reverse`."""
        year = self.campaign.year
        return year.territory.code, year.number, self.pk

    @property
    def lead_state(self):
        """The state as the lead reads it."""
        return self.LEAD_WORDS[self.state]

    @property
    def is_with_partner(self):
        return self.state in self.WITH_PARTNER

    @property
    def is_with_lead(self):
        return self.state in self.WITH_LEAD

    @property
    def was_sent(self):
        return self.state not in self.NEVER_SENT


class Question(models.Model):
    """One thing asked of a partner: an indicator, a text, or documents. Contested: reopened by a request to correct."""

    class Kind(models.TextChoices):
        FIGURE = "figure", "Chiffre"
        HIGHLIGHTS = "highlights", "Faits marquants"
        DIFFICULTIES = "difficulties", "Difficultés rencontrées"
        OUTLOOK = "outlook", "Perspectives"
        DOCUMENTS = "documents", "Pièces jointes"

    TEXTS = (Kind.HIGHLIGHTS, Kind.DIFFICULTIES, Kind.OUTLOOK)

    submission = models.ForeignKey(Submission, models.CASCADE, verbose_name="bilan", related_name="questions")
    action = models.ForeignKey(
        Action, models.PROTECT, verbose_name="action", related_name="questions", null=True, blank=True
    )
    kind = models.CharField("nature", max_length=12, choices=Kind, default=Kind.FIGURE)
    indicator = models.ForeignKey(
        Indicator, models.PROTECT, verbose_name="indicateur", related_name="questions", null=True, blank=True
    )
    example = models.CharField("exemple", max_length=200, blank=True)
    position = models.PositiveSmallIntegerField("rang", default=0)
    is_contested = models.BooleanField("à corriger", default=False, editable=False)
    remark = models.CharField("remarque de la métropole", max_length=500, blank=True, editable=False)

    class Meta:
        verbose_name = "question"
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="figure", indicator__isnull=False)
                | (~Q(kind="figure") & Q(indicator__isnull=True)),
                name="question_of_a_figure_names_its_indicator",
                violation_error_message="Une question de chiffre, et elle seule, nomme un indicateur.",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["figure", "highlights", "difficulties", "outlook", "documents"]),
                name="question_kind_is_known",
            ),
            models.UniqueConstraint(
                fields=["submission", "indicator"],
                name="question_once_per_indicator",
                violation_error_message="Cet indicateur est déjà demandé à ce partenaire.",
            ),
            models.UniqueConstraint(
                fields=["submission", "action", "kind"],
                condition=~Q(kind="figure"),
                name="question_once_per_text",
                violation_error_message="Ce texte est déjà demandé à ce partenaire pour cette action.",
            ),
            models.UniqueConstraint(
                fields=["submission", "kind"],
                condition=~Q(kind="figure") & Q(action__isnull=True),
                name="question_once_per_text_of_no_action",
                violation_error_message="Ce texte est déjà demandé à ce partenaire, hors action.",
            ),
        ]

    def __str__(self):
        return self.label

    @property
    def is_figure(self):
        return self.kind == self.Kind.FIGURE

    @property
    def is_text(self):
        return self.kind in self.TEXTS

    @property
    def is_documents(self):
        return self.kind == self.Kind.DOCUMENTS

    @property
    def draft(self):
        """The Answer as its partner writes it, or None while there is none."""
        return getattr(self, "answer", None)

    @property
    def is_missing(self):
        """Whether a figure has no answer yet: « non disponible » is one. A text may stay empty."""
        return self.is_figure and not (self.draft and self.draft.is_given)

    @property
    def label(self):
        return self.indicator.label if self.is_figure else self.get_kind_display()


class GuestLinkQuerySet(models.QuerySet):
    def usable(self, at=None):
        return self.filter(revoked_at__isnull=True, expires_at__gt=at or timezone.now())


class GuestLink(models.Model):
    """Opens one partner's questionnaire in one campaign to whoever holds the link, which is this key, signed.

    `user` is the person it was sent to: an account without password or membership, so that acts have a name.
    """

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="guest_links")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="destinataire", related_name="guest_links"
    )
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    expires_at = models.DateTimeField("expire le")
    created_at = models.DateTimeField("envoyé le", default=timezone.now)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    used_at = models.DateTimeField("dernière ouverture", null=True, editable=False)
    revoked_at = models.DateTimeField("retiré le", null=True, editable=False)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, editable=False
    )

    objects = GuestLinkQuerySet.as_manager()

    class Meta:
        verbose_name = "lien invité"
        verbose_name_plural = "liens invités"
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=together("revoked_at", "revoked_by"), name="guest_link_revoked_at_with_by"
            ),
        ]

    def __str__(self):
        return f"{self.user.email} : {self.submission}"

    @property
    def is_usable(self):
        return self.revoked_at is None and self.expires_at > timezone.now()
