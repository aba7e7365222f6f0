"""What the accepted answers of several partners give as the value of an indicator."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from axes.collection import answers_over
from axes.models import Accepted, Campaign, Line
from axes.values import values_of
from tests.factories import IndicatorFactory, LineFactory, MembershipFactory, UserFactory
from tests.factories.campaigns import CampaignFactory, QuestionFactory, SubmissionFactory, submission_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign():
    return CampaignFactory(opened=True)


def value_with(campaign, answers, **fields):
    """The value of an indicator asked of as many partners as there are answers; None is not accepted yet."""
    place = campaign.year.territory
    indicator = IndicatorFactory(territory=place, source="submitted", **fields)
    by = UserFactory()
    for given in answers:
        question = QuestionFactory(submission=SubmissionFactory(campaign=campaign), indicator=indicator)
        if given is not None:
            sent = submission_in("sent", submission=SubmissionFactory(campaign=campaign)).sendings.get()
            Accepted.objects.create(question=question, sending=sent, accepted_by=by, **given)
    return values_of([indicator], campaign.year)[indicator.pk]


@pytest.mark.parametrize(
    ("answers", "display"),
    [
        ([None, None], "pas encore reçu"),
        ([{"number": 12}, {"number": 30}], "42\u00a0ménages"),
        ([{"number": 0}, {"number": 0}], "0\u00a0ménage"),
        ([{"number": 12}, None], "12\u00a0ménages (total partiel : 1 association sur 2 a répondu)"),
        ([{"number": 12}, {"blank": "unavailable"}], "au moins 12\u00a0ménages"),
        ([{"number": 12}, {"blank": "not_applicable"}], "12\u00a0ménages"),
        ([{"blank": "not_applicable"}] * 2, "sans objet"),
        ([{"blank": "not_applicable"}, {"blank": "unavailable"}], "non disponible"),
        ([{"number": 12, "qualifier": "around"}, {"number": 30}], "environ 42\u00a0ménages"),
        ([{"number": 12, "qualifier": "more_than"}], "plus de 12\u00a0ménages"),
        ([{"number": 12, "qualifier": "more_than"}, {"number": 1}], "au moins 13\u00a0ménages"),
    ],
)
def test_numbers_add_up(campaign, answers, display):
    assert value_with(campaign, answers, unit="ménages").display == display


def test_rates_add_up_by_their_terms(campaign):
    answers = [{"numerator": 1, "denominator": 2}, {"numerator": 3, "denominator": 10}]
    value = value_with(campaign, answers, unit="%", kind="rate")
    assert (value.numerator, value.denominator, value.display) == (Decimal(4), Decimal(12), "33\u00a0%")


def test_what_a_campaign_not_opened_asks_is_not_counted():
    campaign = CampaignFactory()
    question = QuestionFactory(submission__campaign=campaign)
    assert answers_over({(question.indicator_id, campaign.year.number)}) == {}


@pytest.mark.parametrize("partners", [1, 3])
def test_queries_do_not_grow_with_the_partners(campaign, partners):
    indicator = IndicatorFactory(territory=campaign.year.territory, source="submitted")
    for _ in range(partners):
        QuestionFactory(submission=SubmissionFactory(campaign=campaign), indicator=indicator)
    with CaptureQueriesContext(connection) as queries:
        answers_over({(indicator.pk, campaign.year.number)})
    assert len(queries) == 2


def test_a_partner_reads_the_lines_where_its_figures_appear_once_the_campaign_is_open(campaign):
    line, _ = LineFactory.create_batch(2, year=campaign.year)
    submission = SubmissionFactory(campaign=campaign)
    indicator = IndicatorFactory(territory=campaign.year.territory, action=line.action, source="submitted")
    QuestionFactory(submission=submission, indicator=indicator)
    members = [
        MembershipFactory(partner=True, territory=campaign.year.territory, organisation=organisation).user
        for organisation in (submission.organisation, SubmissionFactory(campaign=campaign).organisation)
    ]

    assert [list(Line.objects.visible_to(member)) for member in members] == [[line], []]
    Campaign.objects.update(opened_at=None, opened_by=None)
    assert list(Line.objects.visible_to(members[0])) == []
