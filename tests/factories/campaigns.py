"""Rows of a campaign: give the submission or the campaign, the rest follows in one territory."""

from datetime import date

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from axes.models import Answer, Campaign, Indicator, Question, Submission
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
