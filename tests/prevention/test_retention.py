"""Two years after the last contact, or on request: the code and the days go, no figure over whole years moves."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import time_machine
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, given, settings

from axes.figures import FIGURES
from axes.periods import Period
from logement import retention
from logement.models import Event
from prevention import workflow
from prevention.models import Contact, FoldedDays, FollowUp, Household, Rehousing, Support
from prevention.retention import HOUSEHOLDS, REHOUSINGS, SUPPORTS, anonymise_supports
from tests.factories import UserFactory
from tests.factories.prevention import (
    ContactFactory,
    FollowUpFactory,
    RegisterFactory,
    RehousingFactory,
    SupportFactory,
)
from tests.prevention.test_figures import computed, undone
from tests.prevention.worlds import WORLDS, write

PERIODS = [
    *(Period.of_year(year) for year in (2019, 2020, 2021)),
    Period(date(2018, 1, 1), date(2020, 12, 31)),
    Period(date(2018, 1, 1), date(2023, 12, 31)),
    Period.on(date(2020, 12, 31)),
]
#: What a stock at a date asks of days, not of years.
OF_DAYS = {"occupancy"}


def yearly(territory):
    return [
        {
            name: value
            for name, value in computed(territory, period).items()
            if period.start or name not in OF_DAYS
        }
        for period in PERIODS
    ]


@pytest.mark.django_db
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(world=WORLDS)
def test_no_yearly_figure_moves_when_everything_that_is_over_is_anonymised(world):
    with undone():
        territory = write(world)
        before = yearly(territory)
        for kept in (SUPPORTS, HOUSEHOLDS, REHOUSINGS):
            kept.anonymise(kept.expiring(date(2030, 1, 1)))
        assert yearly(territory) == before


def test_a_mean_until_a_day_keeps_the_exits_of_all_the_years_before(db):
    territory = RegisterFactory().territory
    for first, last in ((date(2019, 8, 1), date(2019, 10, 1)), (date(2020, 2, 8), date(2020, 2, 8))):
        SupportFactory(
            closed=True,
            register__territory=territory,
            referred_on=first,
            entered_on=first,
            exited_on=last,
        )
    figure = FIGURES["prevention.support_length"]
    before = figure.number(territory, Period.on(date(2020, 12, 31)))

    SUPPORTS.anonymise(SUPPORTS.expiring(date(2030, 1, 1)))

    assert figure.number(territory, Period.on(date(2020, 12, 31))) == before == Decimal("1")


def test_the_term_is_two_years_after_the_last_contact(db):
    over = SupportFactory(closed=True)
    ongoing = SupportFactory(ongoing=True)
    waiting = SupportFactory()
    due = [
        {row.pk for row in SUPPORTS.expiring(day)}
        for day in (
            date(2025, 1, 31),
            date(2025, 2, 1),
            date(2025, 5, 31),
            date(2025, 6, 1),
            date(2099, 1, 1),
        )
    ]

    assert due == [set(), {waiting.pk}, {waiting.pk}, {waiting.pk, over.pk}, {waiting.pk, over.pk}]
    assert ongoing.pk not in due[-1]


def test_a_household_of_the_platform_is_due_after_its_last_contact_or_support(db):
    contact = ContactFactory(contacted_on=date(2023, 2, 1))
    ended = FollowUpFactory(household=contact.household, closed=True)
    ongoing = FollowUpFactory(household=ContactFactory().household)

    assert list(HOUSEHOLDS.expiring(date(2025, 5, 31))) == []
    assert list(HOUSEHOLDS.expiring(date(2025, 6, 1))) == [contact.household]
    assert (ended.household, ongoing.ended_on) == (contact.household, None)


def test_a_rehousing_is_due_after_its_end_or_its_lease(db):
    RehousingFactory()
    done = RehousingFactory(transferred=True)
    ended = RehousingFactory(transferred=True, ended_on=date(2024, 1, 1))

    assert set(REHOUSINGS.expiring(date(2025, 9, 1))) == {done}
    assert set(REHOUSINGS.expiring(date(2026, 1, 1))) == {done, ended}


def test_announced_then_anonymised_thirty_days_later(db):
    support = SupportFactory(closed=True)
    territory = support.register.territory
    before = yearly(territory)
    with time_machine.travel(datetime(2025, 5, 2, 12, tzinfo=UTC), tick=False):
        assert (retention.announce(), retention.anonymise_due()) == (1, 0)
    with time_machine.travel(datetime(2025, 6, 2, 12, tzinfo=UTC), tick=False):
        assert (retention.anonymise_due(), retention.anonymise_due()) == (1, 0)

    row = Support.objects.get()
    assert (row.code, row.anonymised_on) == (None, date(2025, 6, 2))
    assert (row.referred_on, row.entered_on, row.exited_on) == (date(2023, 1, 1),) * 3
    assert yearly(territory) == before
    assert support.code not in str(list(Event.objects.values()))


def test_days_of_support_join_the_sums_of_their_register(db):
    first = SupportFactory(
        referred_on=date(2019, 12, 1),
        entered_on=date(2019, 12, 30),
        exited_on=date(2020, 1, 2),
        outcome="restored",
    )
    SupportFactory(
        register=first.register,
        referred_on=date(2020, 1, 1),
        entered_on=date(2020, 1, 1),
        exited_on=date(2020, 1, 1),
        outcome="unknown",
    )

    assert anonymise_supports(Support.objects.all()) == 2
    assert anonymise_supports(Support.objects.all()) == 0

    sums = FoldedDays.objects.order_by("year").values_list("register", "year", "followed", "of_exits")
    assert list(sums) == [(first.register_id, 2019, 2, 0), (first.register_id, 2020, 3, 3)]


def test_a_household_leaves_neither_code_nor_day(db):
    contact = ContactFactory(contacted_on=date(2023, 5, 17))
    FollowUpFactory(
        household=contact.household, started_on=date(2023, 5, 18), ended_on=date(2023, 8, 9), outcome="kept"
    )

    HOUSEHOLDS.anonymise(Household.objects.all())

    assert Household.objects.get().code is None
    assert Contact.objects.get().contacted_on == date(2023, 1, 1)
    assert FollowUp.objects.values_list("started_on", "ended_on").get() == (date(2023, 1, 1),) * 2


def test_erasing_asks_that_the_support_be_over(db):
    support = SupportFactory(ongoing=True)

    with pytest.raises(ValidationError, match="encore accompagné"):
        workflow.erase(row=support, kept=SUPPORTS, by=UserFactory())

    assert Support.objects.get().code == support.code


def test_erasing_says_in_the_journal_how_many_and_not_who(db):
    rehousing = RehousingFactory(transferred=True)

    workflow.erase(row=rehousing, kept=REHOUSINGS, by=UserFactory(full_name="Nadia"))

    event = Event.objects.get()
    assert Rehousing.objects.get().code is None
    assert (event.actor, event.act) == ("Nadia", "Effacement sur demande")
    assert rehousing.code not in f"{event.object_label} {event.detail}"
