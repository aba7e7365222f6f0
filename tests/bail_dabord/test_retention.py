"""Anonymised or erased, a household is gone and no figure over whole years moves."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from axes.figures import FIGURES
from axes.periods import Period
from bail_dabord import demo, workflow
from bail_dabord import figures as _figures  # noqa: F401 - declares the figures
from bail_dabord.models import Fact, Household, Tenancy
from logement import retention
from logement.models import Event
from tests.factories import TerritoryFactory, UserFactory
from tests.factories.bail_dabord import HouseholdFactory, RegisterFactory, TenancyFactory

YEARS = range(2019, 2027)


def every_figure(territory):
    """Each figure over each year, as a cumul until its end, and on its 31 December."""
    periods = [
        period
        for year in YEARS
        for period in (
            Period.of_year(year),
            Period(demo.SINCE, date(year, 12, 31)),
            Period.on(date(year, 12, 31)),
        )
    ]
    return {
        (key, period): (figure.number(territory, period), figure.base(territory, period))
        for key, figure in FIGURES.items()
        if key.startswith("bail_dabord.")
        for period in periods
    }


@pytest.fixture
def territory(db):
    territory = TerritoryFactory(code=demo.CODE)
    demo.write(territory)
    return territory


def test_the_term_moves_no_figure(territory, time_machine):
    before = every_figure(territory)
    ended = Tenancy.objects.filter(support_ended_on__lte=date(2021, 12, 31)).count()
    time_machine.move_to(date(2023, 12, 31))

    announced = retention.announce()
    time_machine.move_to(date(2024, 1, 30))
    done = retention.anonymise_due()

    assert announced >= done >= ended > 0
    assert every_figure(territory) == before


def test_everybody_may_go_and_no_figure_moves(territory, time_machine):
    before = every_figure(territory)
    time_machine.move_to(date(2026, 11, 22))

    retention.announce()
    time_machine.move_to(date(2026, 12, 31))
    done = retention.anonymise_due()

    assert done == 88
    assert Household.objects.living().count() == 54
    assert every_figure(territory) == before


def test_the_folded_rows_know_no_code_no_day_and_no_link(territory, time_machine):
    time_machine.move_to(date(2026, 11, 22))
    retention.announce()
    time_machine.move_to(date(2026, 12, 31))
    retention.anonymise_due()

    folded = Tenancy.objects.exclude(household__fact=Fact.HOUSEHOLD).select_related("household")
    days = {
        getattr(row, name)
        for row in folded
        for name in ("entered_on", "transferred_on", "lease_ended_on", "support_ended_on")
    }

    assert {row.household.code for row in folded} == {None}
    assert {(day.month, day.day) for day in days if day} == {(12, 31)}
    assert {(row.lease, row.stock) for row in folded} == {("", "")}
    # Who entered, from where, is one row; when the support ended is another, which says neither.
    stays = [row for row in folded if row.household.fact == Fact.STAYS]
    assert {(row.household.adults, row.household.origin) for row in stays} == {(0, "")}
    assert sum(row.household.households for row in stays) == 88


def test_two_households_of_a_year_share_their_rows(db):
    register = RegisterFactory()
    for month in (2, 9):
        TenancyFactory(household__register=register, entered_on=date(2020, month, 3), ended=True)

    retention.erase(retention.KEPT["bail_dabord.households"], Household.objects.all(), by="x")

    rows = Tenancy.objects.order_by("household__fact").values_list("household__fact", "household__households")
    assert list(rows) == [("entries", 2), ("lease_ends", 2), ("stays", 2)]


def test_without_contact_starts_on_the_day_two_years_after(db):
    TenancyFactory(support_ended_on=date(2023, 6, 30))
    kept = retention.KEPT["bail_dabord.households"]

    found = [kept.expiring(day).count() for day in (date(2025, 6, 29), date(2025, 6, 30))]

    assert found == [0, 1]


def test_a_household_still_supported_is_not_anonymised(db):
    TenancyFactory(entered_on=date(2019, 12, 1))

    assert retention.KEPT["bail_dabord.households"].expiring(date(2030, 1, 1)).count() == 0


def test_a_household_that_never_entered_is_deleted(db):
    HouseholdFactory(known_since=date(2020, 1, 1))

    retention.erase(retention.KEPT["bail_dabord.households"], Household.objects.all(), by="x")

    assert Household.objects.count() == 0


def test_erasure_on_request_folds_one_household_and_tells_nothing_of_it(db):
    tenancy = TenancyFactory(ended=True)
    other = TenancyFactory(household__register=tenancy.household.register, ended=True)
    code = tenancy.household.code

    workflow.erase(household=tenancy.household, by=UserFactory(full_name="Ada"))

    event = Event.objects.get()
    assert Household.objects.living().get() == other.household
    assert code not in f"{event.act} {event.object_label} {event.detail}"
    assert event.actor == "Ada"


def test_erasure_is_refused_while_the_support_goes_on(db):
    tenancy = TenancyFactory()

    with pytest.raises(ValidationError, match="encore accompagné"):
        workflow.erase(household=tenancy.household, by=UserFactory())

    assert Household.objects.living().count() == 1
