"""A figure that moves, whatever moves it: its sentence is marked on the reader page, its words untouched."""

from datetime import date
from decimal import Decimal

import pytest

from axes import staleness
from axes.workflow import record_entry, save_text
from tests.factories import (
    BlockFactory,
    ChapterFactory,
    IndicatorFactory,
    MembershipFactory,
    TextBlockFactory,
    YearFactory,
    bail_dabord,
)
from tests.factories.campaigns import CampaignFactory, QuestionFactory, SubmissionFactory, submission_in

pytestmark = pytest.mark.django_db

PERIOD = {"starts_on": date(2023, 1, 1), "ends_on": date(2023, 12, 31)}


class Exercise:
    def __init__(self, client):
        self.year = YearFactory(number=2023, state="writing", agreement__territory__code="ici")
        self.lead = MembershipFactory(lead=True, territory=self.year.territory).user
        self.client = client
        client.force_login(self.lead)

    def indicator(self, **fields):
        return IndicatorFactory(territory=self.year.territory, code="A3-06", unit="ménages", **fields)

    def cite(self):
        chapter = ChapterFactory(year=self.year, preamble=True)
        text = TextBlockFactory(block=BlockFactory(chapter=chapter))
        content = '<p>Soit <span data-ref="A3-06"></span> ménages.</p>'
        return save_text(text=text, version=text.version, content=content, by=self.lead)

    @property
    def sentence(self):
        """The sentence as the reader page shows it."""
        page = self.client.get("/ici/2023/rapport/").content.decode()
        link = '<a class="cited" href="/ici/2023/chiffres-expliques/A3-06/2023/">'
        return page.partition("<p>Soit ")[2].partition("</p>")[0].replace(link, "").replace("</a>", "")

    def changes(self):
        return [(use.citation.words, use.words) for use in staleness.stale_of(self.year)]


@pytest.fixture
def exercise(client):
    return Exercise(client)


def record(exercise, indicator, number, **fields):
    return record_entry(
        indicator=indicator, year=exercise.year, number=Decimal(number), by=exercise.lead, **PERIOD | fields
    )


def validate(exercise, indicator, campaign):
    submission = SubmissionFactory(campaign=campaign)
    QuestionFactory(submission=submission, indicator=indicator)
    submission_in("validated", figures=0, submission=submission, by=exercise.lead)


def check(exercise, text, *, words, now):
    assert exercise.sentence == f"{words} [à revoir\u00a0: {now}] ménages."
    assert exercise.changes() == [(words, now)]
    text.refresh_from_db()
    assert f">{words}</span>" in text.content


def test_the_correction_of_an_entry(exercise):
    indicator = exercise.indicator()
    entry = record(exercise, indicator, 35)
    text = exercise.cite()
    assert (exercise.sentence, exercise.changes()) == ("35 ménages.", [])

    record(exercise, indicator, 36, corrects=entry, reason="Relu")

    check(exercise, text, words="35", now="36")


def test_another_answer_that_is_accepted(exercise):
    indicator = exercise.indicator(source="submitted", supplier=None)
    campaign = CampaignFactory(year=exercise.year, opened=True)
    validate(exercise, indicator, campaign)
    text = exercise.cite()
    assert (exercise.sentence, exercise.changes()) == ("12 ménages.", [])

    validate(exercise, indicator, campaign)

    check(exercise, text, words="12", now="24")


def test_another_row_in_a_register(exercise):
    register = bail_dabord.RegisterFactory(territory=exercise.year.territory)
    bail_dabord.TenancyFactory(household__register=register, entered_on=date(2023, 5, 1))
    exercise.indicator(source="register", figure_key="bail_dabord.households_entered")
    text = exercise.cite()
    assert (exercise.sentence, exercise.changes()) == ("1 ménages.", [])

    bail_dabord.TenancyFactory(household__register=register, entered_on=date(2023, 6, 1))

    check(exercise, text, words="1", now="2")


def test_a_row_of_another_year_moves_nothing(exercise):
    register = bail_dabord.RegisterFactory(territory=exercise.year.territory)
    exercise.indicator(source="register", figure_key="bail_dabord.households_entered")
    exercise.cite()

    bail_dabord.TenancyFactory(household__register=register, entered_on=date(2022, 6, 1))

    assert (exercise.sentence, exercise.changes()) == ("0 ménages.", [])
