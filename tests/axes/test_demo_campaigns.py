"""The campaigns of the demonstration: each state, a partial total that says so, the report's figures as they were."""

from datetime import date
from decimal import Decimal

import pytest

from axes import demo
from axes.demo import campaigns
from axes.models import (
    Accepted,
    Campaign,
    GuestLink,
    Indicator,
    Proposal,
    Question,
    Sending,
    Submission,
    Transition,
    Year,
)
from axes.submissions import messages
from axes.submissions.content import read
from axes.values import value_of
from logement import demo as people
from logement.canonical import fingerprint_of
from logement.models import Message

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def year(demonstration, settings):
    settings.MEDIA_ROOT = demonstration
    return Year.objects.get(number=2023)


def bilans(number):
    found = Submission.objects.filter(campaign__year__number=number).select_related("organisation")
    return {submission.organisation.name: submission for submission in found}


def test_2022_is_closed_and_2023_stands_at_every_step(year):
    assert Campaign.objects.get(year__number=2022).closed_at
    assert {name: bilan.state for name, bilan in bilans(2022).items()} == dict.fromkeys(
        campaigns.ANSWERS, "validated"
    )
    assert {name: bilan.state for name, bilan in bilans(2023).items()} == {
        "Association A": "draft",
        "Association B": "to_fill",
        "Association C": "sent",
        "Association D": "returned",
        "Association E": "validated",
        **dict.fromkeys(campaigns.FIGURES, "validated"),
    }


def test_each_situation_is_shown(year):
    now = bilans(2023)
    assert now["Association A"].needs_signature
    assert GuestLink.objects.usable().get().submission == now["Association B"]
    assert Proposal.objects.get().question.submission == now["Association C"]
    assert Question.objects.get(is_contested=True).submission == now["Association D"]
    on_behalf = Sending.objects.get(is_on_behalf=True)
    assert on_behalf.submission == now[campaigns.ON_BEHALF]
    with on_behalf.source.open() as source:
        assert source.read().startswith(b"De : AIVS")


def test_one_association_of_five_is_a_partial_total(year):
    visits = Indicator.objects.get(code="D-01")
    assert value_of(visits, year).display == (
        "120\u00a0visites (total partiel : 1 association sur 5 a répondu)"
    )
    whole = value_of(visits, Year.objects.get(number=2022))
    assert (whole.number, whole.partial_words) == (Decimal(88 + 102 + 97 + 81 + 115), "")


def test_the_figures_asked_come_from_the_partners(year):
    asked = Indicator.objects.filter(code__in=campaigns.CODES)
    assert set(asked.values_list("source", flat=True)) == {"submitted"}
    assert not year.entries.filter(indicator__in=asked).exists()
    assert all(not value_of(indicator, year).partial_words for indicator in asked)


def test_what_was_sent_is_sealed_on_days_that_never_change(year):
    sendings = Sending.objects.all()
    assert [fingerprint_of(sending.content) for sending in sendings] == [s.fingerprint for s in sendings]
    assert {read(sending)["sent_at"][:4] for sending in sendings} == {"2023", "2024"}
    assert Transition.objects.latest("at").at.date() == date(2024, 3, 18)


def test_no_message_is_written_nor_will_be(year):
    assert messages.every_day() == 0
    written = {message.occasion.partition(":")[0] for message in Message.objects.all()}
    assert written & {"submission", "guest-link"} == set()


def test_a_second_load_adds_nothing(year):
    models = (Campaign, Submission, Question, Sending, Accepted, Proposal, Transition, GuestLink)
    before = [model.objects.count() for model in models]
    people.load()
    demo.load()
    assert [model.objects.count() for model in models] == before
