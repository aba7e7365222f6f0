"""What happens by itself, on the whole demonstration and with the clock moved: rows go, figures stay."""

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from axes.figures import FIGURES
from axes.models import Indicator, Year
from axes.periods import Period
from axes.values import values_of
from bail_dabord.models import Household as Housed
from bail_dabord.models import Tenancy
from logement import retention
from prevention.models import Household, Rehousing, Support

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
LIVING = (Housed, Support, Household, Rehousing)


def told(year):
    """Every value of the exercise, and every figure of the registers over it."""
    indicators = list(Indicator.objects.filter(territory=year.territory))
    values = values_of(indicators, year)
    period = Period.of_year(year.number)
    return (
        {i.code: (values[i.pk].display, values[i.pk].base_display) for i in indicators},
        {
            key: (found.number(year.territory, period), found.base(year.territory, period))
            for key, found in FIGURES.items()
        },
    )


def every_day():
    """(rows announced, rows anonymised)"""
    return retention.announce(), retention.anonymise_due()


def living():
    return [model.objects.living().count() for model in LIVING]


@pytest.mark.once
@pytest.mark.django_db
def test_the_demonstration_loses_its_old_rows_and_no_figure(time_machine):
    """Loaded years after what it tells: what is past its term goes thirty days later, who is still followed stays."""
    time_machine.move_to(NOW, tick=False)
    call_command("demo", stdout=StringIO())
    year = Year.objects.get(number=2023)
    before, everybody = told(year), living()
    followed = Tenancy.objects.filter(support_ended_on__isnull=True).count()

    announced, gone = every_day()
    assert (gone, living(), told(year)) == (0, everybody, before)

    time_machine.move_to(NOW + timedelta(days=31), tick=False)
    assert every_day() == (0, announced)
    assert sum(everybody) - sum(living()) == announced > 0
    assert told(year) == before
    assert living()[0] == followed
    assert min(living()) > 0  # no list is empty
