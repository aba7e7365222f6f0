"""Each figure against a naive recount in Python, on days drawn where calendars go wrong."""

from contextlib import contextmanager
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings

from axes.figures import FIGURES
from axes.periods import Period
from prevention import figures  # noqa: F401 - declares the figures
from prevention.models import Register
from tests.factories import TerritoryFactory
from tests.factories.prevention import (
    ContactFactory,
    FollowUpFactory,
    PlacesFactory,
    RegisterFactory,
    RehousingFactory,
    SupportFactory,
)
from tests.prevention import naive
from tests.prevention.worlds import WORLDS, periods, write

KEYS = sorted(key for key in FIGURES if key.startswith("prevention."))


@contextmanager
def undone():
    """The rows of one example, gone before the next one."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def computed(territory, period):
    return {
        key.removeprefix("prevention."): (
            FIGURES[key].number(territory, period),
            FIGURES[key].base(territory, period),
        )
        for key in KEYS
    }


def recounted(world, period):
    return {
        **naive.of_supports(world["supports"], world["places"], period),
        **naive.of_platform(world["contacts"], world["follow_ups"], period),
        **naive.of_rehousings(world["rehousings"], period),
    }


@pytest.mark.django_db
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(world=WORLDS, period=periods())
def test_figures_are_those_of_a_naive_recount(world, period):
    with undone():
        assert computed(write(world), period) == recounted(world, period)


@pytest.mark.parametrize(
    ("entered", "exited", "expected"),
    [
        (date(2020, 5, 4), date(2020, 5, 4), (1, 1, 1, "0.0")),  # one day: of the year, a day, no length
        (date(2020, 2, 28), date(2020, 3, 1), (1, 1, 3, "0.1")),  # 29 February is a day
        (date(2020, 12, 31), None, (1, 0, 1, None)),
        (date(2019, 3, 1), date(2020, 1, 1), (1, 1, 1, "10.1")),
        (date(2019, 3, 1), date(2019, 12, 31), (0, 0, 0, None)),
        (date(2021, 1, 1), None, (0, 0, 0, None)),
        (date(2018, 1, 1), None, (1, 0, 366, None)),
    ],
)
def test_a_support_at_the_edges_of_a_leap_year(db, entered, exited, expected):
    outcome = "stabilised" if exited else ""
    row = SupportFactory(referred_on=date(2018, 1, 1), entered_on=entered, exited_on=exited, outcome=outcome)

    found = computed(row.register.territory, Period.of_year(2020))

    names = ("supports", "support_exits", "occupancy", "support_length")
    numbers = [found[name][0] for name in names]
    assert (*numbers[:3], None if numbers[3] is None else str(numbers[3])) == expected


def test_the_base_of_the_occupancy_counts_the_days_of_each_year(db):
    row = PlacesFactory(year=2020, number=42)
    PlacesFactory(register=row.register, year=2021, number=40)
    territory = row.register.territory

    bases = [
        FIGURES["prevention.occupancy"].base(territory, period)
        for period in (
            Period.of_year(2020),
            Period.of_year(2021),
            Period(date(2020, 12, 31), date(2021, 1, 2)),
        )
    ]

    assert bases == [42 * 366, 40 * 365, 42 + 2 * 40]


def test_nothing_gives_zero_or_no_number(db):
    found = computed(TerritoryFactory(), Period.of_year(2020))

    assert {name for name, (number, _) in found.items() if number is None} == {"support_length", "places"}
    assert {number for number, _ in found.values()} == {0, None}


@pytest.mark.parametrize(
    ("now", "day"),
    [
        (datetime(2023, 12, 31, 22, 59, 59, tzinfo=UTC), date(2023, 12, 31)),
        (datetime(2023, 12, 31, 23, 0, 0, tzinfo=UTC), date(2024, 1, 1)),
    ],
)
def test_the_last_minute_of_the_year_is_that_of_paris(db, now, day):
    with time_machine.travel(now, tick=False):
        row = RehousingFactory(allocated_on=timezone.localdate())

    of_2023 = FIGURES["prevention.rehousings"].number(row.register.territory, Period.of_year(2023))

    assert (row.allocated_on, of_2023) == (day, int(day.year == 2023))


def test_a_contact_has_several_channels_and_counts_once_in_each(db):
    contact = ContactFactory(channels=["phone", "in_person"])
    ContactFactory(household=contact.household, channels=["phone"])
    found = computed(contact.household.register.territory, Period.of_year(2023))

    shares = [found[name] for name in ("platform_by_phone", "platform_in_person")]
    parts = FIGURES["prevention.platform_households"].rows(
        contact.household.register.territory, Period.of_year(2023)
    )

    assert shares == [(1, 1), (1, 1)]
    assert parts.values("channels__channel").distinct().count() == 2


@pytest.mark.parametrize("key", KEYS)
def test_a_figure_takes_as_many_queries_for_one_row_as_for_three(db, key, django_assert_num_queries):
    figure = FIGURES[key]
    for count in (1, 3):
        territory = TerritoryFactory()
        for _ in range(count):
            SupportFactory(register=RegisterFactory(territory=territory), closed=True)
            platform = RegisterFactory(territory=territory, platform=True)
            FollowUpFactory(household=ContactFactory(household__register=platform).household, closed=True)
            RehousingFactory(register=RegisterFactory(territory=territory, rehousing=True), transferred=True)
        for register in Register.objects.filter(territory=territory, scheme="support"):
            PlacesFactory(register=register)
        with django_assert_num_queries(2 if figure.over else 1):
            figure.number(territory, Period.of_year(2023))
            figure.base(territory, Period.of_year(2023))
