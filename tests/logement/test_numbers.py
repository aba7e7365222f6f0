from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logement.numbers import agree, format_change, format_number, parse_number, round_half_up, share

DECIMALS = st.decimals(min_value=-(10**14), max_value=10**14, places=4)


@given(DECIMALS)
def test_a_formatted_number_is_read_back(value):
    assert parse_number(format_number(value)) == value


@given(DECIMALS, st.sampled_from(" \u00a0\u202f\u2009"))
def test_a_number_is_read_whatever_its_spaces(value, space):
    assert parse_number(f"{space}{format_number(value).replace(chr(0x202F), space)}{space}") == value


@given(st.text(max_size=20))
def test_any_text_is_a_finite_number_or_refused_in_a_sentence(text):
    try:
        value = parse_number(text)
    except ValueError as error:
        value, sentence = Decimal(0), str(error)
    else:
        sentence = "1 234,5."
    assert (value.is_finite(), sentence[-8:]) == (True, "1 234,5.")


@given(st.integers(min_value=0, max_value=10**6), st.integers(min_value=1, max_value=10**6))
def test_a_share_is_never_further_than_half_a_point(numerator, denominator):
    assert abs(share(numerator, denominator) - Decimal(numerator) * 100 / denominator) <= Decimal("0.5")


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("1 234,5", Decimal("1234.5")),
        ("34\u202f500", Decimal(34500)),
        ("34\u00a0500", Decimal(34500)),
        ("5.8", Decimal("5.8")),
        ("−3", Decimal(-3)),
        ("-0", Decimal(0)),
        ("0", Decimal(0)),
    ],
)
def test_parse_number_reads_what_the_french_type(typed, expected):
    assert parse_number(typed) == expected


@pytest.mark.parametrize(
    "typed", ["", " ", "douze", "1e5", "NaN", "Infinity", "1_000", "1.234,5", "12 €", "--1", "1\0"]
)
def test_parse_number_refuses_the_rest(typed):
    with pytest.raises(ValueError, match="écrivez les chiffres seuls"):
        parse_number(typed)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (34500, "34\u202f500"),
        (Decimal("5.8000"), "5,8"),
        (Decimal("100000000.0000"), "100\u202f000\u202f000"),
        (Decimal("-1234.5"), "−1\u202f234,5"),
        (Decimal("0E+3"), "0"),
        (0, "0"),
    ],
)
def test_format_number(value, expected):
    assert format_number(value) == expected


def test_format_number_with_its_decimals():
    assert format_number(Decimal("2.5"), 2) == "2,50"


@pytest.mark.parametrize(("value", "expected"), [("12.5", 13), ("13.5", 14), ("-12.5", -13), ("12.4999", 12)])
def test_round_half_up(value, expected):
    assert round_half_up(Decimal(value)) == expected


def test_shares_of_the_households_by_origin():
    assert [share(n, 56) for n in (40, 9, 7)] == [71, 16, 13]


@pytest.mark.parametrize(("value", "expected"), [(35, "+35"), (Decimal("-2.5"), "−2,5"), (0, "0")])
def test_format_change(value, expected):
    assert format_change(value) == expected


@pytest.mark.parametrize(
    ("unit", "number", "expected"),
    [
        ("ménages", 2, "ménages"),
        ("ménages", 1, "ménage"),
        ("ménages", 0, "ménage"),
        ("appels par jour", 1, "appel par jour"),
        ("mois", 1, "mois"),
        ("mois", Decimal("1.5"), "mois"),
        ("baux", 1, "bail"),
        ("ETP", 1, "ETP"),
        ("€", 1, "€"),
        ("", 1, ""),
    ],
)
def test_a_unit_agrees_with_its_number(unit, number, expected):
    assert agree(unit, number) == expected
