"""Adding an indicator: its code follows its axis, what cannot be is refused beside its field."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from axes.models import Indicator
from axes.new_indicators import add_indicator, next_code
from tests.factories import (
    ActionFactory,
    AxisFactory,
    IndicatorFactory,
    LineFactory,
    MembershipFactory,
    YearFactory,
)

pytestmark = pytest.mark.django_db
FIELDS = {"label": "Logements captés", "unit": "logements", "kind": "deliverable", "temporality": "flow"}


@pytest.fixture
def year():
    return YearFactory(number=2023, state="writing")


@pytest.fixture
def action(year):
    action = ActionFactory(axis=AxisFactory(agreement=year.agreement, number=3))
    LineFactory(action=action, year=year)
    return action


@pytest.fixture
def lead(client, year):
    user = MembershipFactory(lead=True, territory=year.territory).user
    client.force_login(user)
    return user


def test_codes_follow_the_axis(year, action):
    assert next_code(year.territory, action) == "A3-01"
    IndicatorFactory(territory=year.territory, code="A3-01")
    IndicatorFactory(territory=year.territory, code="A3-03")

    assert next_code(year.territory, action) == "A3-02"
    assert next_code(year.territory, None) == "C-01"
    assert next_code(year.territory, ActionFactory(axis=AxisFactory(number=None))) == "X-01"


def test_an_indicator_has_its_code_its_rank_its_target_and_its_history(year, action, lead):
    IndicatorFactory(territory=year.territory, position=7)
    made = add_indicator(year=year, action=action, target=Decimal(20), by=lead, **FIELDS)

    assert (made.code, made.position, made.targets.get().number) == ("A3-01", 8, 20)
    assert made.history.get().history_user == lead


def test_a_cumul_counts_from_the_beginning_of_the_convention(year, action, lead):
    made = add_indicator(year=year, action=action, by=lead, **FIELDS | {"temporality": "cumulative"})
    assert made.since == date(year.agreement.starts_on.year, 1, 1)


def test_only_a_cumul_has_a_first_day(year, action, lead):
    with pytest.raises(ValidationError, match="Seul un cumul"):
        add_indicator(year=year, action=action, since=date(2020, 1, 1), by=lead, **FIELDS)


def test_a_sent_exercise_takes_no_indicator(year, action, lead):
    year.state = "sent"
    year.save()
    with pytest.raises(ValidationError, match="a été transmis"):
        add_indicator(year=year, action=action, by=lead, **FIELDS)


def test_the_page_adds_it(client, year, action, lead):
    address = reverse("axes:add_indicator", args=[year.territory.code, 2023])
    assert f'value="{action.pk}" selected' in client.get(f"{address}?action={action.pk}").content.decode()

    response = client.post(address, FIELDS | {"action": action.pk, "target": "1 200"})
    made = Indicator.objects.get()
    assert response.url == reverse("axes:indicator", args=[year.territory.code, 2023, "A3-01"])
    assert (made.action, made.targets.get().number) == (action, 1200)


def test_the_page_keeps_what_was_typed(client, year, action, lead):
    address = reverse("axes:add_indicator", args=[year.territory.code, 2023])
    response = client.post(address, FIELDS | {"action": action.pk, "since": "2020-01-01"})

    assert response.status_code == 422
    assert "Seul un cumul" in response.content.decode()
    assert 'value="Logements captés"' in response.content.decode()
    assert not Indicator.objects.exists()
