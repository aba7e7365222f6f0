"""Each step of a submission from every state, and what it leaves behind."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from axes.models import Accepted, Submission
from axes.submissions import moves
from axes.submissions.answers import save_answer
from axes.submissions.content import figures_of, fingerprint_of
from axes.values import value_of
from logement.models import Message
from tests.factories import MembershipFactory, OrganisationFactory, UserFactory
from tests.factories.campaigns import AnswerFactory, QuestionFactory, SubmissionFactory

State = Submission.State
pytestmark = pytest.mark.django_db


def made(state, answers=1):
    """A submission in this state, reached by the acts that lead to it."""
    submission = SubmissionFactory()
    QuestionFactory.create_batch(answers, submission=submission)
    by, office = UserFactory(), OrganisationFactory()
    if state == State.TO_FILL:
        return submission
    for question in submission.questions.all():
        save_answer(question=question, version=0, by=by, number=Decimal(12))
    if state == State.DRAFT:
        return Submission.objects.get(pk=submission.pk)
    moves.send(submission=submission, by=by, organisation=submission.organisation)
    if state == State.RETURNED:
        moves.request_correction(
            submission=submission, comment="Vérifiez.", remarks={}, by=by, organisation=office
        )
    if state == State.VALIDATED:
        moves.validate(submission=submission, by=by, organisation=office)
    return Submission.objects.get(pk=submission.pk)


def test_sent_is_frozen_with_its_fingerprint():
    submission = made(State.SENT)
    sending = submission.sendings.get()
    assert sending.fingerprint == fingerprint_of(sending.content)
    assert [figure.number for figure in figures_of(sending).values()] == [Decimal(12)]
    assert [step.act for step in submission.transitions.all()] == ["Début de la saisie", "Transmission"]


def test_validated_becomes_the_value():
    submission = made(State.VALIDATED)
    indicator = submission.questions.get().indicator
    value = value_of(indicator, submission.campaign.year)
    assert (value.number, value.coverage.asked, value.partial_words) == (Decimal(12), 1, "")
