"""The rows of the demonstration give exactly the figures of the report of 2023, and those, fictive, of 2022."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command

from axes.figures import FIGURES
from axes.models import Entry, Indicator, Year
from axes.periods import Period
from axes.values import value_from, values_of
from bail_dabord import demo, figures  # noqa: F401 - declares the figures
from bail_dabord.models import Household, Register, Tenancy
from logement.numbers import share
from tests.factories import TerritoryFactory

SINCE = demo.SINCE
EXPECTED = {
    ("households_entered", "cumul"): {2022: 107, 2023: 142},
    ("households_entered", "flux"): {2022: 31, 2023: 35},
    ("persons_entered", "cumul"): {2022: 217, 2023: 273},
    ("adults_entered", "cumul"): {2022: 132, 2023: 177},
    ("children_entered", "cumul"): {2022: 85, 2023: 96},
    ("persons_entered", "flux"): {2022: 62, 2023: 56},
    ("adults_entered", "flux"): {2022: 41, 2023: 45},
    ("children_entered", "flux"): {2022: 21, 2023: 11},
    ("contracted_places", "stock"): {2022: 60, 2023: 60},
    ("contracted_staff", "stock"): {2022: 7.5, 2023: 7.5},
    ("contracted_associations", "flux"): {2022: 5, 2023: 5},
    ("caseload", "stock"): {2022: 56, 2023: 54},
    ("free_places", "stock"): {2022: 4, 2023: 6},
    ("lease_transfers", "flux"): {2022: 14, 2023: 18},
    ("referrals", "cumul"): {2022: 198, 2023: 251},
    ("referring_services", "cumul"): {2022: 22, 2023: 26},
    ("claims", "flux"): {2022: 7, 2023: 5},
    ("amount_granted", "flux"): {2022: 4120, 2023: 2770},
    ("claim_natures", "flux"): {2022: 3, 2023: 3},
    ("commissions", "flux"): {2022: 12, 2023: 12},
    ("persons_from_emergency", "flux"): {2022: 42, 2023: 40},
    ("persons_from_street", "flux"): {2022: 12, 2023: 9},
    ("persons_from_shantytown", "flux"): {2022: 8, 2023: 7},
}


@pytest.fixture
def territory(db):
    territory = TerritoryFactory(code=demo.CODE)
    demo.write(territory)
    return territory


def period(kind, year):
    return {
        "cumul": Period(SINCE, date(year, 12, 31)),
        "flux": Period.of_year(year),
        "stock": Period.on(date(year, 12, 31)),
    }[kind]


def test_rows_give_exactly_the_figures(territory):
    found = {
        (key, kind): {
            year: FIGURES[f"bail_dabord.{key}"].number(territory, period(kind, year)) for year in years
        }
        for (key, kind), years in EXPECTED.items()
    }

    assert found == EXPECTED


def test_shares_print_as_in_the_report(territory):
    printed = {}
    for origin in ("emergency", "street", "shantytown"):
        figure = FIGURES[f"bail_dabord.persons_from_{origin}"]
        year = Period.of_year(2023)
        printed[origin] = share(figure.number(territory, year), figure.base(territory, year))

    assert printed == {"emergency": 71, "street": 16, "shantytown": 13}


def test_no_association_follows_more_than_its_places(territory):
    days = {
        tenancy.entered_on for tenancy in Tenancy.objects.all() if tenancy.entered_on.year in (2022, 2023)
    }
    most = max(
        Tenancy.objects.followed_on(day).filter(household__register=register).count()
        for register in Register.objects.all()
        for day in days
    )

    assert most == demo.PLACES


def test_associations_share_the_households(territory):
    shares = [Household.objects.filter(register=register).count() for register in Register.objects.all()]

    assert min(shares) == 0  # the platform, which keeps referrals and commissions
    assert all(20 <= share <= 40 for share in sorted(shares)[1:])


def test_rows_are_the_same_at_every_load_but_for_the_codes():
    def told():
        people, acts = ("adults", "children", "origin"), ("entered_on", "lease", "support_ended_on")
        return [
            [
                life.association,
                *(getattr(life.household, name) for name in people),
                *(getattr(life.tenancy, name) for name in acts),
            ]
            for life in demo.lives()
        ]

    assert told() == told()


def test_load_twice_changes_nothing(territory):
    demo.load()

    assert Register.objects.count() == 6
    assert Household.objects.count() == 142


def test_the_report_of_2023_takes_its_figures_from_the_register(db):
    call_command("demo", stdout=StringIO())
    year = Year.objects.get(number=2023)
    indicators = {
        indicator.code: indicator for indicator in Indicator.objects.filter(code__in=demo.INDICATORS)
    }
    entered = {
        entry.indicator.code: value_from(entry, indicator=entry.indicator, number=2023)
        for entry in Entry.objects.current().filter(year=year, indicator__code__in=demo.INDICATORS)
    }

    values = values_of(list(indicators.values()), year)
    found = {code: values[indicator.pk] for code, indicator in indicators.items()}

    assert set(found) == set(demo.INDICATORS)
    assert {value.provenance.figure.key for value in found.values()} == {
        f"bail_dabord.{key}" for key in demo.INDICATORS.values()
    }
    # What the report gave as typed is what the rows count.
    assert {code: value.display for code, value in found.items()} == {
        code: value.display for code, value in entered.items()
    }
