from datetime import date
from decimal import Decimal

import pytest

from axes.models import Indicator
from axes.periods import Period
from axes.values import (
    PENDING,
    Change,
    Shape,
    Value,
    change_between,
    doubts,
    period_of,
    quantity,
    refusals,
    shape_of,
    targets_of,
    value_of,
    values_of,
    values_over,
)
from tests.factories import EntryFactory, IndicatorFactory, TargetFactory, YearFactory

Kind, Temporality = Indicator.Kind, Indicator.Temporality
YEAR = Period.of_year(2023)


def number(amount, unit="ménages", **fields):
    return Value(unit=unit, period=YEAR, number=Decimal(amount), **fields)


def rate(numerator, denominator, unit="%", **fields):
    return Value(
        unit=unit, period=YEAR, numerator=Decimal(numerator), denominator=Decimal(denominator), **fields
    )


BLANK = Value(unit="ménages", period=YEAR, blank=PENDING)


@pytest.mark.parametrize(
    ("value", "display", "figure"),
    [
        (number(142), "142\u00a0ménages", "142"),
        (number(1), "1\u00a0ménage", "1"),
        (number(0), "0\u00a0ménage", "0"),
        (
            number(500, "appels par jour", qualifier="around"),
            "environ 500\u00a0appels par jour",
            "environ 500",
        ),
        (number(2770, "€"), "2\u202f770\u00a0€", "2\u202f770\u00a0€"),
        (number("19.5", "%"), "19,5\u00a0%", "19,5\u00a0%"),
        (number(3, "rang"), "rang\u00a03", "3"),
        (rate(40, 56), "71\u00a0%", "71\u00a0%"),
        (rate(1, 8), "13\u00a0%", "13\u00a0%"),
        (rate(14717, 15330, qualifier="nearly"), "près de 96\u00a0%", "près de 96\u00a0%"),
        (rate(1, 10, unit="ratio"), "1 sur 10", "1 sur 10"),
        (Value(unit="date", period=YEAR, day=date(2023, 3, 1)), "1er mars 2023", "1er mars 2023"),
        (BLANK, "pas encore reçu", "pas encore reçu"),
        (Value(unit="%", period=YEAR, blank="unavailable"), "non disponible", "non disponible"),
        (Value(unit="%", period=YEAR, blank="not_applicable"), "sans objet", "sans objet"),
    ],
)
def test_a_value_reads_in_french(value, display, figure):
    assert (value.display, value.figure) == (display, figure)


def test_quantity_without_unit_is_the_number_alone():
    assert quantity(Decimal(12), "") == "12"


def test_the_base_of_a_rate_is_kept_and_the_share_rounded_half_up():
    value = rate(5, 40)
    assert (value.figure, value.base_display, value.comparable) == ("13\u00a0%", "5 sur 40", Decimal("0.125"))


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (number(107), number(142), Change(Decimal(35), Decimal(33))),
        (number(142), number(107), Change(Decimal(-35), Decimal(-25))),
        (number(0), number(4), Change(Decimal(4), None)),
        (number(2, "rang"), number(3, "rang"), Change(Decimal(1), None)),
        (number(5, qualifier="around"), number(10), Change(Decimal(5), Decimal(100), is_rough=True)),
        (number(5, is_fictive=True), number(10), Change(Decimal(5), Decimal(100), is_fictive=True)),
        (rate(40, 56), rate(9, 56), Change(Decimal(-55), is_in_points=True)),
        (number(19, "%"), rate(40, 56), Change(Decimal(52), is_in_points=True)),
        (rate(1, 10, unit="ratio"), rate(2, 10, unit="ratio"), Change(Decimal(10), is_in_points=True)),
        (rate(1, 10, unit="ratio"), number(2, unit="ratio"), None),
        (BLANK, number(4), None),
        (number(4), BLANK, None),
    ],
)
def test_change_between(before, after, expected):
    assert change_between(before, after) == expected


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (Change(Decimal(35), Decimal(33)), "+35\u00a0(+33\u00a0%)"),
        (Change(Decimal(-2), is_in_points=True), "−2\u00a0points"),
        (Change(Decimal(1), is_in_points=True), "+1\u00a0point"),
        (Change(Decimal(1), Decimal(0)), "+1"),
        (Change(Decimal(0), Decimal(0)), "stable"),
        (Change(Decimal(5), None, is_rough=True), "environ\u00a0+5"),
    ],
)
def test_a_change_reads_in_french(change, expected):
    assert change.display == expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, Shape.NUMBER),
        ({"unit": "date"}, Shape.DAY),
        ({"kind": Kind.RATE, "unit": "%"}, Shape.RATE),
        ({"kind": Kind.RATE, "unit": "ratio"}, Shape.RATE),
        ({"kind": Kind.CONTEXT, "unit": "%"}, Shape.SHARE),
    ],
)
def test_shape_of(fields, expected):
    assert shape_of(IndicatorFactory.build(territory=None, **fields)) == expected


@pytest.mark.parametrize(
    ("temporality", "since", "expected", "label"),
    [
        (Temporality.FLOW, None, YEAR, "2023"),
        (Temporality.STOCK, None, Period.on(date(2023, 12, 31)), "au 31 décembre 2023"),
        (
            Temporality.CUMULATIVE,
            date(2019, 11, 1),
            Period(date(2019, 11, 1), date(2023, 12, 31)),
            "de novembre 2019 à décembre 2023",
        ),
        (Temporality.DATED, None, YEAR, "2023"),
        (Temporality.CONTRACTED, None, YEAR, "2023"),
    ],
)
def test_period_of(temporality, since, expected, label):
    indicator = IndicatorFactory.build(territory=None, temporality=temporality, since=since)
    assert period_of(indicator, 2023) == expected
    assert expected.label == label


@pytest.mark.parametrize(
    ("kind", "amounts", "fields"),
    [
        (Kind.HEADCOUNT, {"number": Decimal(-1)}, {"number"}),
        (Kind.CONTEXT, {"number": Decimal(-1)}, set()),
        (Kind.AMOUNT, {"number": Decimal(0)}, set()),
        (Kind.RATE, {"numerator": Decimal(-1), "denominator": Decimal(0)}, {"numerator", "denominator"}),
        (Kind.RATE, {"numerator": Decimal(0), "denominator": Decimal(4)}, set()),
    ],
)
def test_refusals_name_the_field(kind, amounts, fields):
    assert set(refusals(IndicatorFactory.build(territory=None, kind=kind), **amounts)) == fields


@pytest.fixture
def year(db):
    return YearFactory(number=2023)


def test_values_of_gives_the_entry_in_force(year):
    first = EntryFactory(year=year, number=140)
    second = EntryFactory(indicator=first.indicator, year=year, number=142, corrects=first, reason="Oubli")
    value = value_of(first.indicator, year)
    assert (value.number, value.entry_id, value.by) == (142, second.pk, str(second.created_by))


def test_a_zero_is_a_number_and_nothing_entered_is_pending(year):
    zero = EntryFactory(year=year, number=0).indicator
    pending = IndicatorFactory(territory=year.territory)
    values = values_of([zero, pending], year)
    assert (values[zero.pk].display, values[zero.pk].blank) == ("0\u00a0personne", "")
    assert (values[pending.pk].display, values[pending.pk].is_pending) == ("pas encore reçu", True)


def test_a_value_of_another_exercise_is_not_taken(year):
    entry = EntryFactory(year=YearFactory(agreement=year.agreement, number=2022))
    assert value_of(entry.indicator, year).is_pending


@pytest.mark.parametrize("count", [1, 3])
def test_values_over_two_exercises_take_two_queries(year, count, django_assert_num_queries):
    before = YearFactory(agreement=year.agreement, number=2022)
    indicators = [EntryFactory(year=year).indicator for _ in range(count)]
    with django_assert_num_queries(2):
        values = values_over(indicators, [year, before])
    assert len(values) == 2 * count


def test_the_target_of_the_exercise_comes_before_that_of_the_convention(year):
    first, second, third = (IndicatorFactory(territory=year.territory) for _ in range(3))
    yearly = TargetFactory(indicator=first, year=year)
    TargetFactory(indicator=first, year=None)
    lasting = TargetFactory(indicator=second, year=None)
    TargetFactory(indicator=third, year=YearFactory(agreement=year.agreement, number=2022))
    assert targets_of([first, second, third], year) == {first.pk: yearly, second.pk: lasting}


def test_a_part_greater_than_its_whole_is_doubtful(year):
    whole = EntryFactory(year=year, number=150, indicator__label="Personnes").indicator
    part = EntryFactory(year=year, number=177, indicator__label="Adultes", indicator__whole=whole).indicator
    sentence = (
        "« Adultes » (177\u00a0personnes) dépasse « Personnes » (150\u00a0personnes), "
        "dont il est une partie : vérifiez."
    )
    assert doubts(part, year) == [sentence]
    assert doubts(whole, year) == [sentence]


def test_a_numerator_greater_than_its_denominator_is_doubtful(year):
    entry = EntryFactory(year=year, rate=True, numerator=5)
    assert doubts(entry.indicator, year) == ["Le numérateur dépasse le dénominateur (5 sur 4) : vérifiez."]
    assert doubts(EntryFactory(year=year, rate=True).indicator, year) == []
