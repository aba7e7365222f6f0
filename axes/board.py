"""The board of a campaign: each partner's state, progress, last activity and lateness. Never what a draft holds."""

from dataclasses import dataclass

import django_tables2 as tables
from django.utils import timezone

from axes.filters import folded
from axes.models import GuestLink, Submission
from axes.submissions.campaigns import can_answer, can_take_over
from axes.tables import NUMBERS, PartialColumn
from logement.models import Membership
from logement.roles import Permission, roles_with

State = Submission.State
#: What waits for the lead comes before what waits for a partner; what is done comes last.
ORDER = (State.SENT, State.RETURNED, State.DRAFT, State.TO_FILL, State.VALIDATED)


@dataclass(frozen=True, slots=True)
class BoardRow:
    """A partner in the campaign. `days_late` is 0 before the deadline, and once it has sent."""

    submission: Submission
    days_late: int
    has_readers: bool
    can_be_reminded: bool
    can_be_taken_over: bool

    @property
    def pk(self):
        return self.submission.pk

    @property
    def name(self):
        return folded(str(self.submission.organisation))

    @property
    def state(self):
        return ORDER.index(self.submission.state)

    @property
    def percent(self):
        """Of the figures asked, those that have an answer; None where only texts are asked."""
        asked = self.submission.asked
        if not self.submission.is_with_partner:
            return 100
        return self.submission.answered * 100 // asked if asked else None

    @property
    def progress(self):
        return -1 if self.percent is None else self.percent

    @property
    def activity(self):
        """A key to sort by: those of no activity first."""
        at = self.submission.active_at
        return (at is not None, at.timestamp() if at else 0)

    @property
    def urgency(self):
        return (-self.days_late, self.state, self.name)


class Board:
    """The rows of a campaign, the late first, and their counts; a number of queries that does not grow."""

    def __init__(self, campaign, submissions, today=None):
        today = today or timezone.localdate()
        self.campaign, self.is_running = campaign, campaign.is_running(today)
        self.is_past_due = campaign.is_past_due(today)
        self.days_left = (campaign.closes_on - today).days
        late = max(0, -self.days_left) if campaign.opened_at else 0
        written_to = organisations_written_to(campaign)
        guested = set(
            GuestLink.objects.usable()
            .filter(submission__campaign=campaign)
            .values_list("submission", flat=True)
        )
        rows = [
            BoardRow(
                submission,
                days_late=late if submission.is_with_partner else 0,
                has_readers=submission.organisation_id in written_to or submission.pk in guested,
                can_be_reminded=can_answer(submission),
                can_be_taken_over=can_take_over(submission),
            )
            for submission in with_campaign(
                submissions.with_progress().select_related("organisation"), campaign
            )
        ]
        self.rows = sorted(rows, key=lambda row: row.urgency)
        self.late = [row for row in self.rows if row.days_late]
        self.to_remind = [row for row in self.rows if row.can_be_reminded]

    def count(self, *states):
        return sum(row.submission.state in states for row in self.rows)

    @property
    def to_examine(self):
        return self.count(State.SENT)

    @property
    def validated(self):
        return self.count(State.VALIDATED)

    @property
    def awaited(self):
        return self.count(*Submission.WITH_PARTNER)


def with_campaign(submissions, campaign):
    """The submissions, each knowing its campaign without asking for it."""
    for submission in submissions:
        submission.campaign = campaign
        yield submission


def organisations_written_to(campaign):
    """The keys of the organisations where somebody receives the e-mails of the campaign."""
    memberships = Membership.objects.in_force().filter(
        territory=campaign.year.territory_id,
        role__in=roles_with(Permission.ANSWER_CAMPAIGN),
        user__is_active=True,
    )
    return set(memberships.values_list("organisation", flat=True))


class BoardTable(tables.Table):
    """The late first; then what waits for the lead."""

    name = PartialColumn("axes/_campaign_partner.html", verbose_name="Partenaire")
    state = PartialColumn("axes/_campaign_state.html", verbose_name="État")
    progress = PartialColumn("axes/_campaign_progress.html", verbose_name="Avancement", attrs=NUMBERS)
    activity = PartialColumn("axes/_campaign_activity.html", verbose_name="Dernière activité")
    days_late = PartialColumn("axes/_campaign_late.html", verbose_name="Délai")
    act = PartialColumn("axes/_campaign_acts.html", verbose_name="Actes", accessor="pk", orderable=False)

    class Meta:
        attrs = {"class": "table table-dense table-stack"}
        row_attrs = {"id": lambda record: f"bilan-{record.pk}"}

    def __init__(self, data, *, board, **kwargs):
        self.year, self.may_enter = board.campaign.year, board.campaign.year.is_open
        super().__init__(data, **kwargs)
        self.caption = f"Bilans de la campagne {self.year.number}"
