"""The chart of an indicator: what it draws, what it says, who finds it."""

import pytest
from django.urls import reverse

from axes.charts import chart_of, description_of, has_chart, points_of
from axes.tables import series_of
from tests.factories import (
    EntryFactory,
    IndicatorFactory,
    MembershipFactory,
    SeriesBreakFactory,
    TargetFactory,
    YearFactory,
)


@pytest.fixture
def year(db):
    return YearFactory(number=2023, state="writing")


@pytest.fixture
def indicator(year):
    indicator = IndicatorFactory(territory=year.territory, code="A1", unit="ménages", label="Ménages entrés")
    EntryFactory(indicator=indicator, year=YearFactory(agreement=year.agreement, number=2022), number=107)
    EntryFactory(indicator=indicator, year=year, number=142, qualifier="around")
    return indicator


def series(indicator, year):
    return series_of(indicator, list(year.territory.years.all()))


def test_the_description_says_all_that_is_drawn(indicator, year):
    SeriesBreakFactory(indicator=indicator, number=2023, is_redefined=True, source_after="typed")
    target = TargetFactory(indicator=indicator, year=year, number=150)
    held = list(indicator.breaks.all())

    said = description_of(indicator, series(indicator, year), held, target).replace("\u00a0", " ")
    assert said == (
        "107 ménages en 2022 ; environ 142 ménages en 2023 ; rupture de série en 2023 ; cible : 150 ménages"
    )
    assert [(p.label, p.number, p.begins, p.is_rough) for p in points_of(series(indicator, year), held)] == [
        ("2022", 107, False, False),
        ("2023", 142, True, True),
    ]
    assert "rupture" in chart_of(indicator, series(indicator, year), held, target)


def test_one_year_alone_makes_no_picture(client, year):
    indicator = IndicatorFactory(territory=year.territory, code="A1")
    EntryFactory(indicator=indicator, year=year)
    client.force_login(MembershipFactory(lead=True, territory=year.territory).user)

    assert not has_chart(series(indicator, year))
    assert "serie.svg" not in client.get(address(year, "indicator")).content.decode()
    assert client.get(address(year)).status_code == 404


def address(year, name="series_chart"):
    return reverse(f"axes:{name}", args=[year.territory.code, year.number, "A1"])


def test_the_page_shows_the_picture_beside_its_table(client, year, indicator):
    client.force_login(MembershipFactory(lead=True, territory=year.territory).user)
    page = client.get(address(year, "indicator")).content.decode()
    answer = client.get(address(year))

    assert f'src="{address(year)}"' in page
    assert 'alt="107\u00a0ménages en 2022 ; environ 142\u00a0ménages en 2023"' in page
    assert answer["Content-Type"] == "image/svg+xml"
    assert "Ménages entrés" in answer.content.decode()
