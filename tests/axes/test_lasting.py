"""The page of a lasting action: its lines, its states and its figures over the exercises."""

from datetime import date

import pytest
from django.urls import reverse

from axes.lasting import life_of
from axes.models import Indicator, Line
from tests.factories import (
    ActionFactory,
    AxisFactory,
    BlockFactory,
    ChapterFactory,
    EntryFactory,
    IndicatorFactory,
    LineFactory,
    MembershipFactory,
    SeriesBreakFactory,
    StateFactory,
    YearFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def years():
    """2023, 2024 and 2025 of one convention; 2023 was imported without any line of the action."""
    first = YearFactory(number=2023, state="closed")
    rest = [YearFactory(agreement=first.agreement, number=number) for number in (2024, 2025)]
    return [first, *rest]


@pytest.fixture
def action(years):
    axis = AxisFactory(agreement=years[0].agreement)
    BlockFactory(chapter=ChapterFactory(year=years[2]), actions=True, axis=axis)
    action = ActionFactory(axis=axis, label="Capter")
    state = StateFactory(agreement=years[0].agreement, outcome="ongoing", fs="En cours", ms="En cours")
    for year in years[1:]:
        LineFactory(
            action=action, year=year, title=f"Capter en {year.number}", state=state, state_reason="Suite"
        )
    return action


@pytest.fixture
def lead(client, years):
    user = MembershipFactory(lead=True, territory=years[0].territory).user
    client.force_login(user)
    return user


def counted(action, years, code="CAPT", numbers=(10, 12, 15), **fields):
    indicator = IndicatorFactory(
        territory=years[0].territory, action=action, code=code, unit="logements", **fields
    )
    for year, number in zip(years, numbers, strict=True):
        EntryFactory(indicator=indicator, year=year, number=number, ends_on=date(year.number, 12, 31))
    return indicator


def page(client, action, year):
    return client.get(reverse("axes:action", args=[year.territory.code, year.number, action.pk]))


def test_the_life_of_an_action_holds_the_imported_year_and_the_breaks(action, years, lead):
    indicator = counted(action, years)
    broken = SeriesBreakFactory(indicator=indicator, number=2025, is_redefined=True, reason="Autre périmètre")

    life = life_of(
        action, lines=Line.objects.all(), indicators=Indicator.objects.all(), territory=years[0].territory
    )

    assert [year.number for year in life.years] == [2023, 2024, 2025]
    assert [line.title for line in life.lines] == ["Capter en 2024", "Capter en 2025"]
    [series] = life.series
    assert [(m.year.number, m.value.number, m.origin, m.breaks) for m in series.moments] == [
        (2023, 10, "saisie", ()),
        (2024, 12, "saisie", ()),
        (2025, 15, "saisie", (broken,)),
    ]
    assert "rupture de série en 2025" in series.picture


def test_an_exercise_that_knows_nothing_of_it_is_left_out(action, years, lead):
    life = life_of(
        action, lines=Line.objects.all(), indicators=Indicator.objects.all(), territory=years[0].territory
    )
    assert [year.number for year in life.years] == [2024, 2025]


def test_the_page_shows_states_figures_source_and_rupture(client, action, years, lead):
    indicator = counted(action, years, source_detail="Registre du bailleur")
    SeriesBreakFactory(indicator=indicator, number=2025, reason="Autre périmètre")
    content = page(client, action, years[2]).content.decode()

    for words in ("Capter en 2024", "En cours", "Suite", "Registre du bailleur", "Motif : Autre périmètre"):
        assert words in content
    assert reverse("axes:series_chart", args=[years[2].territory.code, 2025, "CAPT"]) in content


def test_an_action_without_indicator_says_so(client, action, years, lead):
    assert "Aucun indicateur ne suit cette action" in page(client, action, years[2]).content.decode()


def test_a_partner_sees_the_actions_and_the_figures_that_are_its_own(client, action, years):
    partner = MembershipFactory(partner=True, territory=years[0].territory)
    client.force_login(partner.user)
    assert page(client, action, years[2]).status_code == 404

    action.lines.get(year=years[2]).partners.add(partner.organisation)
    counted(action, years, code="MIEN", supplier=partner.organisation, label="Le mien")
    counted(action, years, code="AUTRE", label="Celui d'un autre")
    content = page(client, action, years[2]).content.decode()

    assert "Capter en 2025" in content
    assert "Capter en 2024" not in content
    assert "Le mien" in content
    assert "Celui d" not in content


def test_the_table_of_the_axis_and_the_indicator_lead_there(client, action, years, lead):
    indicator = counted(action, years)
    address = reverse("axes:action", args=[years[2].territory.code, 2025, action.pk])

    axis = client.get(reverse("axes:axis", args=[years[2].territory.code, 2025, action.axis_id]))
    figure = client.get(reverse("axes:indicator", args=[years[2].territory.code, 2025, indicator.code]))
    assert address in axis.content.decode()
    assert address in figure.content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_costs_the_same_whatever_the_indicators(
    client, django_assert_num_queries, action, years, lead, rows
):
    for rank in range(rows):
        SeriesBreakFactory(indicator=counted(action, years, code=f"I{rank}"), number=2024)
    with django_assert_num_queries(12):
        page(client, action, years[2])
