"""The e-mails of a campaign: one per person and event, on the right day, whatever the scheduler does."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from axes.models import Campaign, Submission
from axes.submissions import guests, messages, moves
from axes.submissions.campaigns import save_campaign
from logement import upkeep
from logement.models import Message
from tests.factories import MembershipFactory, OrganisationFactory, UserFactory
from tests.factories.campaigns import CampaignFactory, QuestionFactory, SubmissionFactory, submission_in
from tests.threads import all_at_once

pytestmark = pytest.mark.django_db
State = Submission.State
OPENING, DEADLINE = date(2024, 3, 1), date(2024, 3, 31)  # the day when an hour is lost


class Partner:
    """A member of an association that is asked one figure in a campaign."""

    def __init__(self, campaign):
        self.submission = SubmissionFactory(campaign=campaign)
        QuestionFactory(submission=self.submission)
        self.member = self.joins()

    def joins(self, **fields):
        place = self.submission.campaign.year.territory
        return MembershipFactory(
            partner=True, organisation=self.submission.organisation, territory=place, **fields
        ).user

    def received(self, user=None):
        """The events that were told, in order, without the key of the submission."""
        found = Message.objects.filter(recipient=user or self.member).order_by("created_at", "occasion")
        return [occasion.split(":", 2)[-1] for occasion in found.values_list("occasion", flat=True)]


@pytest.fixture
def on(time_machine):
    """`on(day)`: what the night of that day wrote."""

    def on(day, hour=3):
        time_machine.move_to(datetime(day.year, day.month, day.day, hour, tzinfo=ZoneInfo("Europe/Paris")))
        return messages.every_day()

    return on


@pytest.fixture
def partner(on):
    on(OPENING)
    return Partner(CampaignFactory(opened=True, opens_on=OPENING, closes_on=DEADLINE))


def test_it_is_asked_every_night():
    assert messages.every_day in upkeep.WORK["daily"]


def test_a_whole_campaign_night_after_night(on, partner):
    for days in range(60):
        on(OPENING + timedelta(days))
    assert partner.received() == [
        "invitation",
        "J-15:2024-03-31",
        "J-5:2024-03-31",
        "J+3:2024-03-31",
    ]
    written = Message.objects.filter(recipient=partner.member).order_by("created_at")
    assert [message.created_at.date() for message in written] == [
        OPENING, date(2024, 3, 16), date(2024, 3, 26), date(2024, 4, 3),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("nights", "told"),
    [
        ([OPENING, date(2024, 3, 20)], ["invitation", "J-15:2024-03-31"]),  # asleep on the day itself
        ([OPENING, date(2024, 3, 27)], ["invitation", "J-5:2024-03-31"]),  # of two missed, the last
        ([OPENING, date(2024, 4, 30)], ["invitation"]),  # asleep for a month: too late to say it
        ([date(2024, 3, 16)], ["invitation"]),  # none beside the invitation
        ([date(2024, 3, 16), date(2024, 3, 17)], ["invitation"]),
        ([date(2024, 4, 1)], []),  # nobody is invited after the deadline
    ],
)
def test_a_scheduler_that_slept(on, partner, nights, told):
    for night in nights:
        on(night)
    assert partner.received() == told


def test_a_campaign_opened_late_sends_no_reminder_that_was_due_before(on):
    on(date(2024, 3, 20))
    late = Partner(CampaignFactory(opened=True, opens_on=OPENING, closes_on=DEADLINE))
    for day in range(20, 32):
        on(date(2024, 3, day))
    assert late.received() == ["invitation", "J-5:2024-03-31"]


def test_a_deadline_of_31_december_keeps_its_days(on):
    on(date(2023, 12, 1))
    last = Partner(CampaignFactory(opened=True, opens_on=date(2023, 12, 1), closes_on=date(2023, 12, 31)))
    told = {day: on(date(2023, 12, 1) + timedelta(day)) for day in range(40)}
    assert [day for day, count in told.items() if count] == [0, 15, 25, 33]
    assert last.received()[-1] == "J+3:2023-12-31"


def test_a_deadline_that_moves_brings_reminders_of_its_own(on, partner):
    campaign = partner.submission.campaign
    for days in range(27):
        on(OPENING + timedelta(days))
    save_campaign(
        campaign=campaign,
        version=1,
        opens_on=OPENING,
        closes_on=date(2024, 4, 10),
        instructions="",
        by=UserFactory(),
    )
    for days in range(27, 60):
        on(OPENING + timedelta(days))
    assert partner.received()[3:] == ["J-5:2024-04-10", "J+3:2024-04-10"]


def test_who_joined_since_is_invited_and_who_left_is_told_nothing(on, partner):
    on(OPENING)
    gone = partner.joins(ends_on=date(2024, 3, 10))
    new = partner.joins(starts_on=date(2024, 3, 15))
    for days in range(10, 40):
        on(OPENING + timedelta(days))
    assert partner.received(gone) == []
    assert partner.received(new) == ["invitation", "J-15:2024-03-31", "J-5:2024-03-31", "J+3:2024-03-31"]


@pytest.mark.parametrize("state", [State.SENT, State.VALIDATED])
def test_who_has_sent_is_neither_invited_nor_reminded(on, partner, state):
    Submission.objects.update(state=state)
    for days in range(60):
        on(OPENING + timedelta(days))
    assert partner.received() == []


def test_the_partner_for_whom_the_lead_writes_is_left_alone(on, partner):
    moves.take_over(submission=partner.submission, by=UserFactory(), organisation=OrganisationFactory())
    for days in range(60):
        on(OPENING + timedelta(days))
    assert partner.received() == []


def test_a_guest_is_invited_once_and_reminded_with_its_own_link(on, partner):
    on(date(2024, 3, 10))
    link = guests.invite_guest(submission=partner.submission, email="invitee@a.example", by=UserFactory())
    for days in range(10, 40):
        on(OPENING + timedelta(days))
    written = Message.objects.filter(recipient=link.user).order_by("created_at")
    assert [message.occasion.partition(":")[0] for message in written] == ["guest-link", *["submission"] * 3]
    assert all(guests.path_of(link) in message.text for message in written)


def test_a_withdrawn_or_expired_link_is_told_nothing(on, partner):
    on(date(2024, 3, 10))
    withdrawn = guests.invite_guest(submission=partner.submission, email="a@a.example", by=UserFactory())
    expired = guests.invite_guest(
        submission=partner.submission,
        email="b@a.example",
        by=UserFactory(),
        until=datetime(2024, 3, 12, tzinfo=ZoneInfo("Europe/Paris")),
    )
    guests.revoke(link=withdrawn, by=UserFactory())
    for days in range(10, 40):
        on(OPENING + timedelta(days))
    for link in (withdrawn, expired):
        assert Message.objects.filter(recipient=link.user).count() == 1


def test_nothing_leaves_for_an_exercise_that_was_sent(on, partner):
    type(partner.submission.campaign.year).objects.update(state="sent")
    assert on(date(2024, 3, 2)) == 0


def test_no_figure_nor_note_is_in_any_message():
    submission = SubmissionFactory()
    place = submission.campaign.year.territory
    MembershipFactory(partner=True, organisation=submission.organisation, territory=place)
    MembershipFactory(lead=True, territory=place)
    submission = submission_in(State.SENT, submission=submission, number=987654)
    by, office = UserFactory(), OrganisationFactory()
    question = submission.questions.get()
    proposal = moves.propose(question=question, number=876543, reason="zqk01kqz", source="zqk02kqz", by=by)
    moves.reply(proposal=proposal, is_accepted=False, comment="zqk03kqz", by=by)
    moves.request_correction(
        submission=submission,
        comment="zqk04kqz",
        remarks={question.pk: "zqk05kqz"},
        by=by,
        organisation=office,
    )
    moves.send(submission=submission, by=by, organisation=submission.organisation)
    moves.validate(submission=submission, by=by, organisation=office, comment="zqk06kqz")
    written = [f"{message.subject} {message.text} {message.html}" for message in Message.objects.all()]
    assert len(written) == 8
    for secret in ("987654", "876543", "zqk", question.label):
        assert not [text for text in written if secret in text]


@pytest.mark.django_db(transaction=True)
def test_two_nights_at_once_write_one_message():
    partner = Partner(CampaignFactory(opened=True, opens_on=date(2020, 1, 1), closes_on=date(2100, 1, 1)))
    assert sum(all_at_once(6, messages.every_day)) == 1
    assert partner.received() == ["invitation"]
    assert Campaign.objects.count() == 1
