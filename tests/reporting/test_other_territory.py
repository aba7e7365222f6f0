"""The second territory of the demonstration: three axes, three signatories, two years, and nothing of the first."""

import pytest
from django.test import Client
from django.urls import reverse

from axes import lasting
from axes.models import Indicator, Line, Year
from axes.values import values_of
from logement import demo as people
from logement.models import Membership, User
from reporting import demo
from reporting.models import Version
from tests.conftest import rows_kept

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture(scope="module", autouse=True)
def _loaded(django_db_setup, django_db_blocker):
    with rows_kept(django_db_blocker):
        people.load()
        demo.load()
        yield


@pytest.fixture
def years():
    return list(Year.objects.order_by("number"))


def test_the_convention_is_of_another_shape(years):
    agreement = years[0].agreement

    assert [(axis.number, axis.label) for axis in agreement.axes.all()] == [
        (1, "Trouver des logements"),
        (2, "Accompagner les personnes"),
        (3, "Observer et animer le réseau"),
    ]
    assert agreement.signatories.count() == 3
    assert [column.role for column in agreement.layouts.get().columns.all()] == [
        "title",
        "state",
        "indicators",
        "observations",
        "other",
    ]
    assert [(year.number, year.state) for year in years] == [(2024, "sent"), (2025, "writing")]


def test_the_first_year_is_a_frozen_version_that_says_nothing_of_the_first_territory(years):
    version = Version.objects.get()

    assert (version.year, version.number, version.rank) == (years[0], 1, 1)
    content = version.report if isinstance(version.report, str) else str(version.report)
    assert "Ville-Exemple" in content
    assert "Montpellier" not in content


def test_the_second_year_carries_the_actions_that_go_on(years):
    titles = {year.number: set(year.lines.values_list("title", flat=True)) for year in years}

    assert titles[2024] - titles[2025] == {
        "Mandat de gestion avec un bailleur",
        "Comptage annuel des besoins",
        "Échange de meubles entre partenaires",
    }
    assert titles[2025] < titles[2024]
    assert not years[1].lines.filter(state__isnull=False).exists()
    assert years[1].texts.filter(is_to_reread=True).exists()


def test_the_cumul_of_the_second_year_follows_and_a_redefined_series_breaks(years):
    indicators = {indicator.code: indicator for indicator in Indicator.objects.all()}
    values = values_of(list(indicators.values()), years[1])

    assert values[indicators["A1-02"].pk].number == 14 + 19
    action = indicators["A2-01"].action
    life = lasting.life_of(
        action, lines=Line.objects.all(), indicators=Indicator.objects.all(), territory=years[0].territory
    )
    assert [year.number for year in life.years] == [2024, 2025]
    assert [len(series.breaks) for series in life.series] == [1, 0]


def test_a_second_load_changes_nothing(years):
    before = [model.objects.count() for model in (Year, Line, Indicator, Version, Membership)]
    people.load()
    demo.load()
    assert [model.objects.count() for model in (Year, Line, Indicator, Version, Membership)] == before


def test_its_lead_sees_it_alone_and_the_dihal_sees_both(years):
    lead, national = (User.objects.get(email=email) for email in ("cheffe@ville.example", people.NATIONAL))

    assert {held.territory.code for held in lead.memberships_today} == {people.OTHER_CODE}
    assert {held.territory.code for held in national.memberships_today} == {people.CODE, people.OTHER_CODE}
    client = Client()
    client.force_login(national)
    assert "Ville-Exemple" in client.get("/").content.decode()
    assert client.get(reverse("reporting:report", args=[people.OTHER_CODE, 2024])).status_code == 200
    assert client.get(reverse("reporting:report", args=[people.OTHER_CODE, 2025])).status_code == 404
