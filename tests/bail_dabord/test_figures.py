"""Each figure against a naive recount in Python, on days drawn where calendars go wrong."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from axes.figures import FIGURES
from axes.periods import Period
from axes.values import value_of
from bail_dabord import figures  # noqa: F401 - declares the figures
from bail_dabord.models import Claim, Origin, Referral, Tenancy
from tests.factories import IndicatorFactory, TerritoryFactory, YearFactory
from tests.factories.bail_dabord import (
    ClaimFactory,
    CommissionFactory,
    ContractedPlacesFactory,
    HouseholdFactory,
    ReferralFactory,
    RegisterFactory,
    TenancyFactory,
)

EDGES = [date(2020, 2, 29), date(2019, 12, 31), date(2020, 1, 1), date(2020, 12, 31), date(2021, 1, 1)]
DAYS = st.one_of(st.sampled_from(EDGES), st.dates(date(2019, 11, 1), date(2021, 12, 31)))
KEYS = sorted(key for key in FIGURES if key.startswith("bail_dabord."))


@st.composite
def lives(draw):
    """Tenancies whose dates are in order: same day, never, or years later."""
    entered = draw(DAYS)
    later = st.one_of(st.none(), st.just(entered), st.integers(0, 800).map(lambda n: entered + timedelta(n)))
    transferred, lease_ended, ended = draw(later), draw(later), draw(later)
    if transferred and lease_ended and transferred > lease_ended:
        transferred, lease_ended = lease_ended, transferred
    return {
        "entered_on": entered,
        "transferred_on": transferred,
        "lease_ended_on": lease_ended,
        "support_ended_on": ended,
        "adults": draw(st.integers(1, 3)),
        "children": draw(st.integers(0, 4)),
        "origin": draw(st.sampled_from(Origin.values)),
    }


@st.composite
def periods(draw):
    first, last = sorted([draw(DAYS), draw(DAYS)])
    return draw(st.sampled_from([Period(first, last), Period.on(last), Period.of_year(last.year)]))


def falls_in(day, period):
    return day is not None and day <= period.end and (period.start is None or day >= period.start)


def recount(world, period):
    """What each figure must be, by loops over plain dictionaries."""
    homes, places = world["lives"], [row for row in world["places"] if row["year"] == period.end.year]
    entered = [home for home in homes if falls_in(home["entered_on"], period)]
    followed = 0
    for home in homes:
        if home["entered_on"] <= period.end and not falls_in(home["support_ended_on"], Period.on(period.end)):
            followed += 1
    referrals = [row for row in world["referrals"] if falls_in(row["received_on"], period)]
    claims = [row for row in world["claims"] if falls_in(row["claimed_on"], period)]
    persons = sum(home["adults"] + home["children"] for home in entered)
    total = sum(row["places"] for row in places) if places else None
    return {
        "households_entered": len(entered),
        "persons_entered": persons,
        "adults_entered": sum(home["adults"] for home in entered),
        "children_entered": sum(home["children"] for home in entered),
        "contracted_places": total,
        "contracted_staff": sum(row["staff"] for row in places) if places else None,
        "contracted_associations": sum(row["places"] > 0 for row in places),
        "caseload": followed,
        "free_places": None if total is None else total - followed,
        "lease_transfers": sum(falls_in(home["transferred_on"], period) for home in homes),
        "lease_ends": sum(falls_in(home["lease_ended_on"], period) for home in homes),
        "support_ends": sum(falls_in(home["support_ended_on"], period) for home in homes),
        "referrals": len(referrals),
        "referring_services": len({row["service"].lower() for row in referrals}),
        "claims": len(claims),
        "amount_granted": sum(row["granted"] or 0 for row in claims),
        "claim_natures": len({row["nature"] for row in claims}),
        "commissions": sum(falls_in(day, period) for day in world["commissions"]),
        **{
            f"persons_from_{origin}": sum(
                home["adults"] + home["children"] for home in entered if home["origin"] == origin
            )
            for origin in Origin.values
        },
    }


WORLDS = st.fixed_dictionaries(
    {
        "lives": st.lists(lives(), max_size=6),
        "places": st.lists(
            st.fixed_dictionaries(
                {
                    "year": st.integers(2019, 2021),
                    "staff": st.integers(0, 8).map(lambda n: n / 4),
                    "places": st.integers(0, 12),
                }
            ),
            max_size=3,
        ),
        "referrals": st.lists(
            st.fixed_dictionaries(
                {"received_on": DAYS, "service": st.sampled_from(["CHU", "chu", "Rue", "Samu"])}
            ),
            max_size=5,
        ),
        "claims": st.lists(
            st.fixed_dictionaries(
                {
                    "claimed_on": DAYS,
                    "nature": st.sampled_from(Claim.Nature.values),
                    "granted": st.one_of(st.none(), st.integers(0, 500)),
                }
            ),
            max_size=4,
        ),
        "commissions": st.sets(DAYS, max_size=4),
    }
)


def build(world):
    """The rows, shared between two associations; a neighbour territory holds the same, which must not count."""
    territory = TerritoryFactory()
    mine = [RegisterFactory(territory=territory), RegisterFactory(territory=territory)]
    neighbour = [RegisterFactory()] * 2
    for registers in (mine, neighbour):
        for rank, home in enumerate(world["lives"]):
            people = {name: home[name] for name in ("adults", "children", "origin")}
            dates = {name: day for name, day in home.items() if name.endswith("_on")}
            household = HouseholdFactory(register=registers[rank % 2], **people)
            TenancyFactory(household=household, **dates)
        for row in world["referrals"]:
            ReferralFactory(register=registers[0], **row)
        for rank, row in enumerate(world["claims"]):
            ClaimFactory(register=registers[rank % 2], **row)
        for day in world["commissions"]:
            CommissionFactory(register=registers[1], held_on=day)
    for row in world["places"]:
        ContractedPlacesFactory(register=RegisterFactory(territory=territory), **row)
    return territory


@pytest.mark.django_db
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(WORLDS, periods())
def test_every_figure_agrees_with_a_naive_recount(world, period):
    with transaction.atomic():
        territory = build(world)
        found = {key.removeprefix("bail_dabord."): FIGURES[key].number(territory, period) for key in KEYS}
        bases = {key.removeprefix("bail_dabord."): FIGURES[key].base(territory, period) for key in KEYS}
        transaction.set_rollback(True)

    expected = recount(world, period)
    assert found == expected
    assert bases == {
        key: expected["persons_entered"] if key.startswith("persons_from_") else None for key in expected
    }


def number(key, territory, period):
    return FIGURES[f"bail_dabord.{key}"].number(territory, period)


@pytest.fixture
def register(db):
    return RegisterFactory()


@pytest.mark.parametrize(
    ("entered", "ended", "day", "followed"),
    [
        (date(2020, 2, 29), None, date(2020, 2, 29), 1),
        (date(2020, 2, 29), date(2020, 2, 29), date(2020, 2, 29), 0),  # in and out the same day
        (date(2023, 12, 31), None, date(2023, 12, 31), 1),
        (date(2024, 1, 1), None, date(2023, 12, 31), 0),
        (date(2023, 1, 1), date(2023, 12, 31), date(2023, 12, 31), 0),  # gone in the evening
        (date(2023, 1, 1), date(2024, 1, 1), date(2023, 12, 31), 1),
    ],
)
def test_caseload_on_the_edges(register, entered, ended, day, followed):
    TenancyFactory(household__register=register, entered_on=entered, support_ended_on=ended)

    assert number("caseload", register.territory, Period.on(day)) == followed


def test_a_household_in_and_out_the_same_day_entered_and_left(register):
    day = date(2020, 2, 29)
    TenancyFactory(household__register=register, entered_on=day, support_ended_on=day)

    found = {
        key: number(key, register.territory, Period.of_year(2020))
        for key in ("households_entered", "support_ends", "caseload")
    }

    assert found == {"households_entered": 1, "support_ends": 1, "caseload": 0}


@pytest.mark.parametrize(
    ("now", "year"),
    [
        (datetime(2023, 12, 31, 22, 59, 59, tzinfo=UTC), 2023),  # 31 December, 23:59:59 in Paris
        (datetime(2023, 12, 31, 23, 0, tzinfo=UTC), 2024),  # 1 January, midnight in Paris
    ],
)
def test_an_entry_of_today_belongs_to_the_year_of_paris(register, time_machine, now, year):
    time_machine.move_to(now, tick=False)
    TenancyFactory(household__register=register, entered_on=timezone.localdate())

    found = {y: number("households_entered", register.territory, Period.of_year(y)) for y in (2023, 2024)}

    assert found == {2023: int(year == 2023), 2024: int(year == 2024)}


@pytest.mark.parametrize(("persons", "expected"), [(8, "13 %"), (40, "3 %"), (200, "1 %"), (201, "0 %")])
def test_a_share_is_rounded_half_up(register, persons, expected):
    """One person of 8 is 12.5 %, of 40 2.5 %, of 200 0.5 %: the half goes up, never to the even."""
    TenancyFactory(household__register=register, household__origin=Origin.STREET, household__adults=1)
    left = persons - 1
    while left:
        adults = min(left, 20)
        TenancyFactory(household__register=register, household__origin=Origin.CHRS, household__adults=adults)
        left -= adults
    indicator = IndicatorFactory(
        territory=register.territory,
        source="register",
        figure_key="bail_dabord.persons_from_street",
        kind="rate",
        unit="%",
    )
    year = YearFactory(agreement__territory=register.territory, number=2023)

    value = value_of(indicator, year)

    assert (value.numerator, value.denominator) == (1, persons)
    assert value.figure.replace("\u00a0", " ") == expected


def test_without_contracted_places_nothing_is_said_of_them(register):
    TenancyFactory(household__register=register)

    assert number("contracted_places", register.territory, Period.of_year(2023)) is None
    assert number("free_places", register.territory, Period.of_year(2023)) is None


def test_more_households_than_places_leave_less_than_nothing(register):
    ContractedPlacesFactory(register=register, places=1)
    for _ in range(3):
        TenancyFactory(household__register=register)

    assert number("free_places", register.territory, Period.of_year(2023)) == -2


def test_origins_break_down_persons_and_add_up(register):
    for origin, adults in ((Origin.STREET, 2), (Origin.STREET, 1), (Origin.CHRS, 4)):
        TenancyFactory(household__register=register, household__origin=origin, household__adults=adults)
    figure, year = FIGURES["bail_dabord.persons_entered"], Period.of_year(2023)
    rows = figure.rows(register.territory, year)

    parts = {
        origin: figure.measure(rows.filter(**{figure.breakdown: origin}), year)
        for origin in rows.order_by().values_list(figure.breakdown, flat=True).distinct()
    }

    assert parts == {"street": 3, "chrs": 4}


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("key", KEYS)
def test_figures_take_one_query_whatever_the_rows(register, key, count, django_assert_num_queries):
    for _ in range(count):
        household = HouseholdFactory(register=register)
        TenancyFactory(household=household, transferred_on=date(2023, 5, 1))
        ReferralFactory(register=register, status=Referral.Status.ACCEPTED)
        ClaimFactory(register=register, granted=100)
        CommissionFactory(register=register)
        ContractedPlacesFactory(register=RegisterFactory(territory=register.territory))
    figure = FIGURES[key]

    with django_assert_num_queries(2 if figure.over else 1):
        figure.number(register.territory, Period.of_year(2023))
        figure.base(register.territory, Period.of_year(2023))


def test_the_rows_of_a_figure_are_those_it_counts(register):
    inside = TenancyFactory(household__register=register)
    TenancyFactory(household__register=register, entered_on=date(2022, 12, 31))

    rows = FIGURES["bail_dabord.households_entered"].rows(register.territory, Period.of_year(2023))

    assert list(rows) == [inside]
    assert rows.model is Tenancy
