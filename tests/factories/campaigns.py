"""Rows of a campaign: give the submission or the campaign, the rest follows in one territory."""

from datetime import UTC, date, datetime

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from axes.models import Answer, Campaign, GuestLink, Indicator, Question, Submission
from axes.submissions import moves
from axes.submissions.answers import save_answer
from tests.factories.axes import IndicatorFactory, YearFactory
from tests.factories.logement import OrganisationFactory, UserFactory


class CampaignFactory(DjangoModelFactory):
    """Being prepared; `opened=True` opens it to answers today."""

    class Meta:
        model = Campaign

    class Params:
        opened = factory.Trait(
            opened_at=factory.LazyFunction(timezone.now), opened_by=factory.SubFactory(UserFactory)
        )

    year = factory.SubFactory(YearFactory)
    opens_on = date(2020, 1, 1)
    closes_on = date(2100, 12, 31)


class SubmissionFactory(DjangoModelFactory):
    """Of an open campaign, nothing written yet."""

    class Meta:
        model = Submission
        skip_postgeneration_save = True

    campaign = factory.SubFactory(CampaignFactory, opened=True)
    organisation = factory.SubFactory(OrganisationFactory)

    @factory.post_generation
    def belongs(submission, create, extracted, **kwargs):
        submission.organisation.territories.add(submission.campaign.year.territory)


class QuestionFactory(DjangoModelFactory):
    """A figure, of an indicator of the same territory that the partners supply."""

    class Meta:
        model = Question

    submission = factory.SubFactory(SubmissionFactory)
    indicator = factory.SubFactory(
        IndicatorFactory,
        territory=factory.SelfAttribute("..submission.campaign.year.territory"),
        source=Indicator.Source.SUBMITTED,
    )
    action = factory.SelfAttribute("indicator.action")
    position = factory.Sequence(lambda n: n + 1)


class AnswerFactory(DjangoModelFactory):
    class Meta:
        model = Answer

    question = factory.SubFactory(QuestionFactory)
    number = 12
    updated_by = factory.SubFactory(UserFactory)


class GuestLinkFactory(DjangoModelFactory):
    class Meta:
        model = GuestLink

    submission = factory.SubFactory(SubmissionFactory)
    user = factory.SubFactory(UserFactory)
    expires_at = datetime(2100, 1, 1, tzinfo=UTC)
    created_by = factory.SubFactory(UserFactory)


def submission_in(state, *, figures=1, number=12, submission=None, office=None, by=None):
    """A submission in this state, reached by the acts that lead there; each of its figures is answered by `number`."""
    submission = submission or SubmissionFactory()
    QuestionFactory.create_batch(figures, submission=submission)
    by, office = by or UserFactory(), office or OrganisationFactory()
    acting = {"submission": submission, "by": by}
    if state != Submission.State.TO_FILL:
        for question in submission.questions.filter(kind="figure"):
            save_answer(question=question, version=0, by=by, number=number)
    if state not in {Submission.State.TO_FILL, Submission.State.DRAFT}:
        moves.send(organisation=submission.organisation, **acting)
    if state == Submission.State.RETURNED:
        moves.request_correction(comment="Vérifiez.", remarks={}, organisation=office, **acting)
    if state == Submission.State.VALIDATED:
        moves.validate(organisation=office, **acting)
    return Submission.objects.get(pk=submission.pk)
