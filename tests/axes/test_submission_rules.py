"""What may be asked, answered and judged: refusals in French that write nothing, wherever one could slip."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from axes.models import Accepted, Answer, Indicator, Question, Submission, Year
from axes.submissions import moves
from axes.submissions.answers import save_answer
from axes.submissions.campaigns import (
    close_campaign,
    create_campaign,
    open_campaign,
    remind,
    save_campaign,
    save_questionnaire,
)
from axes.submissions.guests import invite_guest
from axes.values import value_of
from logement.locking import Conflict
from logement.models import Message
from tests.factories import IndicatorFactory, MembershipFactory, OrganisationFactory, UserFactory, YearFactory
from tests.factories.campaigns import CampaignFactory, QuestionFactory, SubmissionFactory, submission_in

State = Submission.State
pytestmark = pytest.mark.django_db


@pytest.fixture
def by():
    return UserFactory()


@pytest.fixture
def office():
    return OrganisationFactory()


# --- What an answer may hold ---


@pytest.mark.parametrize(
    ("kind", "given", "sentence"),
    [
        ({}, {"numerator": 1, "denominator": 2}, "attend un nombre"),
        ({}, {"day": date(2023, 5, 1)}, "attend un nombre"),
        ({}, {"text": "douze"}, "attend un chiffre"),
        ({}, {"number": Decimal(-1)}, "nombre négatif est impossible"),
        ({"kind": "rate", "unit": "%"}, {"number": 12}, "attend un numérateur et un dénominateur"),
        ({"kind": "rate", "unit": "%"}, {"numerator": 1, "denominator": 0}, "supérieur à zéro"),
        ({"unit": "date"}, {"number": 12}, "attend une date"),
    ],
)
def test_an_answer_of_another_shape_is_refused(by, kind, given, sentence):
    submission = SubmissionFactory()
    place = submission.campaign.year.territory
    indicator = IndicatorFactory(territory=place, source="submitted", **kind)
    question = QuestionFactory(submission=submission, indicator=indicator)
    with pytest.raises(ValidationError, match=sentence):
        save_answer(question=question, version=0, by=by, **given)
    assert not Answer.objects.exists()


def test_a_number_is_no_answer_to_a_text(by):
    question = QuestionFactory(indicator=None, action=None, kind="highlights")
    with pytest.raises(ValidationError, match="attend un texte"):
        save_answer(question=question, version=0, by=by, number=Decimal(3))


@pytest.mark.parametrize(
    "given", [{"number": Decimal(0)}, {"blank": "unavailable"}, {"blank": "not_applicable"}]
)
def test_zero_and_both_blanks_are_answers(by, office, given):
    submission = SubmissionFactory()
    question = QuestionFactory(submission=submission)
    save_answer(question=question, version=0, by=by, **given)
    moves.send(submission=submission, by=by, organisation=submission.organisation)
    moves.validate(submission=submission, by=by, organisation=office)
    value = value_of(question.indicator, submission.campaign.year)
    assert (value.number, value.blank) == (given.get("number"), given.get("blank", ""))


def test_a_missing_answer_is_named(by):
    submission = submission_in(State.DRAFT)
    absent = QuestionFactory(submission=submission)
    with pytest.raises(ValidationError, match=f"Il manque 1 réponse : « {absent.label} »"):
        moves.send(submission=submission, by=by, organisation=submission.organisation)


def test_the_second_writer_gets_both_texts_and_a_retry_conflicts_with_nobody(by):
    question = QuestionFactory()
    save_answer(question=question, version=0, by=by, number=Decimal(5))
    again = save_answer(question=question, version=0, by=by, number=Decimal(5))
    assert again.version == 1
    with pytest.raises(Conflict) as conflict:
        save_answer(question=question, version=0, by=by, number=Decimal(6))
    assert conflict.value.current.number == Decimal(5)


# --- Another's rows ---


def test_an_answer_of_another_submission_is_neither_accepted_nor_contested(by, office):
    submission, other = submission_in(State.SENT), submission_in(State.SENT)
    foreign = other.questions.get()
    with pytest.raises(ValidationError, match="n'est pas un chiffre transmis de ce bilan"):
        moves.accept(submission=submission, questions=[foreign], by=by)
    with pytest.raises(ValidationError, match="n'est pas de ce bilan"):
        moves.request_correction(
            submission=submission, comment="Non", remarks={foreign.pk: ""}, by=by, organisation=office
        )
    assert not Accepted.objects.exists()


def test_accepting_some_leaves_a_partial_total(by):
    first = submission_in(State.SENT)
    question = first.questions.get()
    second = SubmissionFactory(campaign=first.campaign)
    QuestionFactory(submission=second, indicator=question.indicator)
    moves.accept(submission=first, questions=[question], by=by)
    value = value_of(question.indicator, first.campaign.year)
    assert (value.number, value.coverage.answered, value.coverage.asked) == (Decimal(12), 1, 2)
    assert "total partiel" in value.display


def test_what_is_too_long_is_refused_and_not_cut(by, office):
    submission = submission_in(State.SENT)
    question = submission.questions.get()
    with pytest.raises(ValidationError, match=r"dépasse 500 caractères \(501\)"):
        moves.request_correction(
            submission=submission, comment="Non", remarks={question.pk: "x" * 501}, by=by, organisation=office
        )
    assert Submission.objects.get().state == State.SENT


# --- Days, and what is over ---


def test_a_campaign_closed_while_somebody_types_keeps_the_draft_and_takes_no_sending(by):
    submission = submission_in(State.DRAFT)
    question = submission.questions.get()
    close_campaign(campaign=submission.campaign, by=by)
    with pytest.raises(ValidationError, match="La campagne n'est pas ouverte"):
        save_answer(question=question, version=1, by=by, number=Decimal(3))
    with pytest.raises(ValidationError, match="votre saisie est gardée"):
        moves.send(submission=submission, by=by, organisation=submission.organisation)
    assert Answer.objects.get().number == Decimal(12)


def test_a_correction_still_comes_in_after_the_closing(by):
    submission = submission_in(State.RETURNED)
    close_campaign(campaign=submission.campaign, by=by)
    question = submission.questions.get()
    save_answer(question=question, version=1, by=by, number=Decimal(3))
    moves.send(submission=submission, by=by, organisation=submission.organisation)
    assert Submission.objects.get().state == State.SENT


@pytest.mark.parametrize(
    ("state", "act"),
    [
        (State.DRAFT, lambda s, **k: moves.send(submission=s, organisation=s.organisation, **k)),
        (State.SENT, lambda s, **k: moves.accept(submission=s, questions=s.questions.all(), **k)),
        (State.SENT, lambda s, **k: moves.validate(submission=s, organisation=s.organisation, **k)),
        (
            State.SENT,
            lambda s, **k: moves.request_correction(
                submission=s, comment="x", remarks={}, organisation=s.organisation, **k
            ),
        ),
        (
            State.VALIDATED,
            lambda s, **k: moves.reopen(
                submission=s, reason="x", remarks={}, organisation=s.organisation, **k
            ),
        ),
        (
            State.SENT,
            lambda s, **k: moves.propose(question=s.questions.get(), number=1, reason="x", source="x", **k),
        ),
        (State.DRAFT, lambda s, **k: save_answer(question=s.questions.get(), version=1, number=1, **k)),
    ],
)
def test_nothing_moves_in_an_exercise_that_was_sent(by, state, act):
    submission = submission_in(state)
    Year.objects.update(state=Year.State.SENT)
    submission = Submission.objects.get()
    with pytest.raises(ValidationError, match="exercice a été transmis"):
        act(submission, by=by)
    assert Submission.objects.get().state == state


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2023-12-31T22:59:00Z", True),  # 23:59 in Paris
        ("2023-12-31T23:00:00Z", False),  # the first of January in Paris
        ("2024-03-30T23:30:00Z", False),  # the night when an hour is lost
        ("2024-03-31T22:30:00Z", False),
    ],
)
def test_days_are_those_of_paris(time_machine, moment, is_open):
    time_machine.move_to(moment)
    campaign = CampaignFactory(opened=True, opens_on=date(2023, 1, 1), closes_on=date(2023, 12, 31))
    assert campaign.is_past_due(timezone.localdate()) is not is_open


# --- The lead's questionnaire ---


def test_a_question_with_an_answer_stays_and_one_of_a_register_is_not_asked(by):
    submission = submission_in(State.DRAFT)
    campaign, partner = submission.campaign, submission.organisation
    register = IndicatorFactory(territory=campaign.year.territory, gatherings=True)
    with pytest.raises(ValidationError, match="a déjà reçu une réponse"):
        save_questionnaire(campaign=campaign, organisation=partner, questions=[], by=by)
    with pytest.raises(ValidationError, match="calculé d'après un registre"):
        save_questionnaire(
            campaign=campaign, organisation=partner, questions=[("figure", None, register, "")], by=by
        )


def test_a_questionnaire_that_served_is_not_removed(by, office):
    submission = submission_in(State.TO_FILL)
    moves.take_over(submission=submission, by=by, organisation=office)
    with pytest.raises(ValidationError, match="a déjà servi"):
        save_questionnaire(
            campaign=submission.campaign, organisation=submission.organisation, questions=[], by=by
        )
    assert Question.objects.count() == 1


def test_what_is_asked_after_the_opening_is_obtained_from_the_partners(by):
    submission = submission_in(State.TO_FILL)
    added = IndicatorFactory(territory=submission.campaign.year.territory, source="typed")
    save_questionnaire(
        campaign=submission.campaign,
        organisation=OrganisationFactory(),
        questions=[("figure", None, added, "")],
        by=by,
    )
    assert Indicator.objects.get(pk=added.pk).source == Indicator.Source.SUBMITTED


def test_what_does_not_add_up_is_asked_of_one_partner(by):
    submission = SubmissionFactory()
    place = submission.campaign.year.territory
    length = IndicatorFactory(territory=place, kind="duration", unit="mois", source="submitted")
    QuestionFactory(submission=submission, indicator=length)
    with pytest.raises(ValidationError, match="ne s'additionne pas entre partenaires"):
        save_questionnaire(
            campaign=submission.campaign,
            organisation=OrganisationFactory(),
            questions=[("figure", None, length, "")],
            by=by,
        )


def test_last_years_questions_are_copied_without_their_answers(by):
    before = submission_in(State.VALIDATED, submission=SubmissionFactory(campaign__year__number=2022))
    year = YearFactory(agreement=before.campaign.year.agreement, number=2023)
    Question.objects.update(action=None)
    campaign = create_campaign(year=year, opens_on=date(2024, 1, 1), closes_on=date(2024, 3, 1), by=by)
    copied = Question.objects.get(submission__campaign=campaign)
    assert copied.indicator == before.questions.get().indicator
    assert not hasattr(copied, "answer")
    assert copied.submission.state == State.TO_FILL


def test_opening_asks_for_a_questionnaire_and_for_a_deadline_to_come(by):
    campaign = CampaignFactory()
    with pytest.raises(ValidationError, match="Composez au moins un questionnaire"):
        open_campaign(campaign=campaign, by=by)
    SubmissionFactory(campaign=campaign)
    type(campaign).objects.update(opens_on=date(2020, 1, 1), closes_on=date(2020, 2, 1))
    with pytest.raises(ValidationError, match="La date limite est déjà passée"):
        open_campaign(campaign=campaign, by=by)


def test_the_days_of_an_open_campaign(by):
    campaign = CampaignFactory(opened=True)
    given = {"campaign": campaign, "version": 1, "instructions": "", "by": by}
    with pytest.raises(ValidationError, match="ne se déplace plus"):
        save_campaign(opens_on=date(2030, 1, 1), closes_on=date(2100, 1, 1), **given)
    saved = save_campaign(opens_on=campaign.opens_on, closes_on=date(2101, 1, 1), **given)
    close_campaign(campaign=campaign, by=by)
    with pytest.raises(ValidationError, match="close"):
        save_campaign(
            opens_on=campaign.opens_on, closes_on=date(2102, 1, 1), **given | {"version": saved.version}
        )


def test_reminding_writes_to_who_can_answer_once_a_day(by, office):
    states = {state: submission_in(state) for state in State}
    taken = submission_in(State.TO_FILL)
    moves.take_over(submission=taken, by=by, organisation=office)
    for submission in [*states.values(), taken]:
        MembershipFactory(
            partner=True, organisation=submission.organisation, territory=submission.campaign.year.territory
        )
    before = Message.objects.count()
    everyone = Submission.objects.select_related("campaign__year__territory", "organisation")
    assert remind(submissions=everyone, by=by) == 3
    assert remind(submissions=everyone, by=by) == 0
    assert Message.objects.count() == before + 3


def test_a_guest_is_not_invited_where_a_link_would_open_nothing(by):
    early = SubmissionFactory(campaign__opens_on=timezone.localdate() + timedelta(days=2))
    with pytest.raises(ValidationError, match="un lien n'ouvrirait rien"):
        invite_guest(submission=early, email="x@y.example", by=by)
