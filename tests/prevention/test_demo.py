"""The rows of the demonstration give exactly what the report of 2023 publishes, whatever the seed."""

from datetime import date
from decimal import Decimal

import pytest

from axes import demo as plan
from axes.figures import FIGURES
from axes.models import Indicator, Year
from axes.periods import Period
from axes.values import values_of
from logement import demo as people
from logement.numbers import share
from prevention import demo
from prevention.models import Support
from tests.factories import OrganisationFactory, TerritoryFactory
from tests.factories.prevention import RegisterFactory
from tests.prevention.naive import most_at_once

YEAR = Period.of_year(2023)
SINCE = Period(date(2018, 1, 1), date(2023, 12, 31))

#: Of the year: number, or (numerator, denominator).
PUBLISHED = {
    "referring_landlords": 12,
    "referrals": 111,
    "supports": 111,
    "support_exits": 77,
    "support_length": Decimal("5.8"),
    "occupancy": (14_717, 15_330),
    "places": 42,
    "before_summons": (108, 111),
    "arrears": (83, 111),
    "stable_exits": (58, 77),
    "platform_households": 355,
    "platform_by_phone": (252, 355),
    "platform_in_person": (106, 355),
    "platform_evictions": (106, 355),
    "platform_evictions_in_person": (53, 106),
    "platform_supports": 48,
    "platform_rehoused": 17,
    "platform_sheltered": 3,
    "platform_redirected": 12,
    "platform_kept": 8,
    "platform_not_known": 8,
    "rehousings": 16,
    "rehousing_associations": 4,
}
SHARES = {
    "occupancy": 96,
    "before_summons": 97,
    "arrears": 75,
    "stable_exits": 75,
    "platform_by_phone": 71,
    "platform_in_person": 30,
    "platform_evictions": 30,
    "platform_evictions_in_person": 50,
}


def figure(name, territory, period=YEAR):
    found = FIGURES[f"prevention.{name}"]
    number, base = found.number(territory, period), found.base(territory, period)
    return number if base is None else (number, base)


@pytest.fixture
def territory(db):
    return TerritoryFactory()


def generate(territory, **options):
    demo.generate(
        support=RegisterFactory(territory=territory),
        landlords=OrganisationFactory.create_batch(12),
        platform=RegisterFactory(territory=territory, platform=True),
        housing=RegisterFactory.create_batch(4, territory=territory, rehousing=True),
        **options,
    )


@pytest.mark.parametrize("seed", [demo.SEED, 1, 2, 3])
def test_rows_give_the_figures_of_the_report(territory, seed):
    generate(territory, seed=seed)

    found = {name: figure(name, territory) for name in PUBLISHED}

    assert found == PUBLISHED
    assert {name: share(*found[name]) for name in SHARES} == SHARES


def test_rows_give_the_cumulative_figures(territory):
    generate(territory)

    assert figure("rehousings", territory, SINCE) == 40
    assert figure("leases_transferred", territory, SINCE) == 11
    assert figure("supports", territory, Period.on(date(2023, 12, 31))) == 34


def test_no_day_has_more_supports_than_places(territory):
    generate(territory)

    rows = list(Support.objects.filter(entered_on__isnull=False))

    assert most_at_once(rows, YEAR) == demo.PLACES


def test_the_same_seed_gives_the_same_rows(db):
    def dates(territory):
        generate(territory)
        rows = Support.objects.of(territory).order_by("pk")
        return list(rows.values_list("referred_on", "entered_on", "exited_on", "stage", "reason", "outcome"))

    assert dates(TerritoryFactory()) == dates(TerritoryFactory())


def test_the_report_takes_its_figures_from_the_registers(db):
    people.load()
    plan.load()
    year = Year.objects.get(number=2023)
    indicators = list(Indicator.objects.filter(code__in=demo.INDICATORS).order_by("code"))
    typed = {pk: value.comparable for pk, value in values_of(indicators, year).items()}
    demo.load()

    switched = list(Indicator.objects.filter(code__in=demo.INDICATORS).order_by("code"))
    computed = values_of(switched, year)

    assert len(switched) == 22
    assert {indicator.source for indicator in switched} == {"register"}
    assert {pk: value.comparable for pk, value in computed.items()} == typed
