"""The chart of an indicator: what it draws, what it says, who finds it."""

import pytest
from django.urls import reverse
from lxml import etree

from axes.charts import chart_of, description_of, has_chart, points_of
from axes.tables import series_of
from logement.charts import Point, series_svg
from tests.factories import (
    EntryFactory,
    IndicatorFactory,
    MembershipFactory,
    SeriesBreakFactory,
    TargetFactory,
    YearFactory,
)

SVG = "{http://www.w3.org/2000/svg}"
POINTS = [Point("2021", 90, "90"), Point("2022", 107, "107", is_rough=True), Point("2023", 142, "142")]


def drawn(points, **options):
    return etree.fromstring(series_svg(points, title="Ménages", description="Trois ans", **options).encode())


def words(svg):
    return [text.text for text in svg.iter(f"{SVG}text")]


def lines(svg):
    """The paths of the series: one per stretch without a break."""
    return [
        path.get("d")
        for group in svg.iter(f"{SVG}g")
        if "mark-line" in group.get("class", "")
        for path in group.iter(f"{SVG}path")
    ]


def test_a_series_is_named_and_labelled_point_by_point():
    svg = drawn(POINTS)

    assert (svg.find(f"{SVG}title").text, svg.find(f"{SVG}desc").text) == ("Ménages", "Trois ans")
    assert set(words(svg)) == {"2021", "2022", "2023", "90", "107", "142"}


def test_a_series_is_one_line_and_a_break_makes_two():
    begun = [*POINTS[:2], Point("2023", 142, "142", begins=True)]

    assert len(lines(drawn(POINTS))) == 1
    assert len(lines(drawn(begun))) == 2
    assert "rupture" in words(drawn(begun))
    assert "rupture" not in words(drawn(POINTS))


def test_a_year_without_a_number_leaves_a_gap():
    svg = drawn([POINTS[0], Point("2022", None, "pas encore reçu"), POINTS[2]])

    assert len(lines(svg)) == 2
    assert "2022" in words(svg)


def test_a_target_is_drawn_and_said():
    assert "cible : 150" in words(drawn(POINTS, target=(150, "cible : 150")))


def test_the_same_series_gives_the_same_bytes_and_nothing_that_the_page_refuses():
    svg = series_svg(POINTS, title="A & <b>", description="d")

    assert svg == series_svg(POINTS, title="A & <b>", description="d")
    assert not any(sign in svg for sign in ("style=", "<script", "<style", "href="))
    assert "<title>A &amp; &lt;b&gt;</title>" in svg


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
