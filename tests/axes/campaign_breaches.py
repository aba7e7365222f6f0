"""Rows of a campaign that the database refuses: constraint -> rows that break it, and it alone."""

from datetime import date
from decimal import Decimal

from django.utils import timezone

from axes.models import Accepted, Answer, Campaign, GuestLink, Proposal, Question, Sending, Submission
from axes.submissions import moves
from tests.factories import ActionFactory, OrganisationFactory, UserFactory, YearFactory
from tests.factories.campaigns import (
    CampaignFactory,
    GuestLinkFactory,
    QuestionFactory,
    SubmissionFactory,
    submission_in,
)

ONE, DAY = Decimal(1), date(2023, 5, 24)


def campaign(**fields):
    days = {"opens_on": date(2024, 1, 15), "closes_on": date(2024, 3, 15)}
    return Campaign(year=YearFactory(), **days | fields)


def submission(**fields):
    return Submission(campaign=CampaignFactory(), organisation=OrganisationFactory(), **fields)


def a_submission_twice():
    first = SubmissionFactory()
    return Submission(campaign=first.campaign, organisation=first.organisation)


def question(**fields):
    return Question(submission=SubmissionFactory(), **fields)


def an_indicator_asked_twice():
    first = QuestionFactory()
    return Question(submission=first.submission, indicator=first.indicator)


def a_text_asked_twice(action):
    first = QuestionFactory(indicator=None, kind="highlights", action=action())
    return Question(submission=first.submission, kind="highlights", action=first.action)


def a_link_revoked_by_nobody():
    link = GuestLinkFactory()
    return GuestLink(
        submission=link.submission,
        user=link.user,
        created_by=link.created_by,
        expires_at=link.expires_at,
        revoked_at=timezone.now(),
    )


def answer(**fields):
    return Answer(question=QuestionFactory(), updated_by=UserFactory(), **fields)


def sent():
    """(a question that was sent, its sending)."""
    held = submission_in("sent")
    return held.questions.get(), moves.last_sending(held)


def sending(**fields):
    first = sent()[1]
    return Sending(
        submission=first.submission,
        content="{}",
        fingerprint="0",
        sent_by=first.sent_by,
        **{"rank": 2} | fields,
    )


def proposal(**fields):
    asked, held = sent()
    given = {"number": ONE, "reason": "Doublon", "source": "Tableau"} | fields
    return Proposal(question=asked, sending=held, created_by=UserFactory(), **given)


def a_second_pending_proposal():
    first = proposal()
    first.save()
    return Proposal(
        question=first.question,
        sending=first.sending,
        created_by=first.created_by,
        number=ONE,
        reason="Doublon",
        source="Tableau",
    )


def accepted(**fields):
    asked, held = sent()
    return Accepted(question=asked, sending=held, accepted_by=UserFactory(), **fields)


def a_second_first_acceptance():
    first = accepted(number=ONE)
    first.save()
    return Accepted(question=first.question, sending=first.sending, accepted_by=first.accepted_by, number=ONE)


BREACHES = {
    "campaign_dates_in_order": [lambda: campaign(closes_on=date(2024, 1, 14))],
    "campaign_opened_at_with_by": [
        lambda: campaign(opened_at=timezone.now()),
        lambda: campaign(opened_by=UserFactory()),
    ],
    "campaign_closed_at_with_by": [
        lambda: campaign(opened_at=timezone.now(), opened_by=UserFactory(), closed_at=timezone.now())
    ],
    "campaign_closed_was_open": [lambda: campaign(closed_at=timezone.now(), closed_by=UserFactory())],
    "submission_once_per_partner_and_campaign": [a_submission_twice],
    "submission_state_is_known": [lambda: submission(state="perdu")],
    "submission_prepared_at_with_by": [lambda: submission(prepared_by=UserFactory())],
    "question_of_a_figure_names_its_indicator": [
        question,
        lambda: question(kind="outlook", indicator=QuestionFactory().indicator),
    ],
    "question_kind_is_known": [lambda: question(kind="rumeur")],
    "question_once_per_indicator": [an_indicator_asked_twice],
    "question_once_per_text": [lambda: a_text_asked_twice(ActionFactory)],
    "question_once_per_text_of_no_action": [lambda: a_text_asked_twice(lambda: None)],
    "guest_link_revoked_at_with_by": [a_link_revoked_by_nobody],
    "answer_is_at_most_one_of_number_rate_day_blank": [
        lambda: answer(number=ONE, numerator=ONE),
        lambda: answer(number=ONE, day=DAY),
        lambda: answer(number=ONE, blank="unavailable"),
        lambda: answer(day=DAY, blank="unavailable"),
    ],
    "answer_denominator_is_positive": [lambda: answer(numerator=ONE, denominator=Decimal(0))],
    "sending_once_per_rank": [lambda: sending(rank=1)],
    "sending_on_behalf_has_its_source": [
        lambda: sending(is_on_behalf=True),
        lambda: sending(source="tableau.xlsx"),
    ],
    "proposal_is_one_of": [lambda: proposal(number=None), lambda: proposal(blank="unavailable")],
    "proposal_denominator_is_positive": [
        lambda: proposal(number=None, numerator=ONE, denominator=Decimal(0))
    ],
    "proposal_has_reason_and_source": [lambda: proposal(reason=""), lambda: proposal(source="")],
    "proposal_one_pending_per_question": [a_second_pending_proposal],
    "proposal_replied_at_with_by": [
        lambda: proposal(outcome="accepted", replied_at=timezone.now()),
        lambda: proposal(replied_by=UserFactory()),
    ],
    "proposal_answered_has_a_reply": [
        lambda: proposal(outcome="refused"),
        lambda: proposal(replied_at=timezone.now(), replied_by=UserFactory()),
    ],
    "accepted_is_one_of": [accepted, lambda: accepted(number=ONE, day=DAY)],
    "accepted_first_once_per_question": [a_second_first_acceptance],
}
