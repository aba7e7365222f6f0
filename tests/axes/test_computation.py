"""Register figures computed once for a whole reading, and anew for the next one."""

import pytest

from axes.computation import one_reading
from axes.values import value_of
from tests.factories import GatheringFactory, IndicatorFactory, YearFactory


@pytest.fixture
def counted(db):
    return IndicatorFactory(gatherings=True)


@pytest.fixture
def year(counted):
    return YearFactory(number=2023, agreement=counted.action.axis.agreement)


def meet(counted):
    GatheringFactory(action=counted.action, kind=counted.gathering_kind, held_on="2023-03-01")


def test_a_reading_asks_the_register_once(counted, year, django_assert_num_queries):
    meet(counted)
    with one_reading():
        with django_assert_num_queries(3):
            assert value_of(counted, year).number == 1
        with django_assert_num_queries(2):
            assert value_of(counted, year).number == 1


def test_the_next_reading_sees_what_was_written_since(counted, year):
    for expected in (1, 2):
        meet(counted)
        with one_reading():
            assert value_of(counted, year).number == expected


def test_without_a_reading_each_value_is_that_of_now(counted, year):
    with pytest.raises(RuntimeError), one_reading():
        raise RuntimeError
    for expected in (1, 2):
        meet(counted)
        assert value_of(counted, year).number == expected
