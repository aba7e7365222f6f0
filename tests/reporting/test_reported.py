"""The figures of the report as data: every shape of value, and none of what the public version masks."""

from dataclasses import astuple
from datetime import date
from decimal import Decimal

import pytest

from axes.models import Block
from logement.richtext import plain
from reporting import snapshot
from reporting.assembly import assemble
from tests.factories import (
    BlockFactory,
    ChapterFactory,
    EntryFactory,
    IndicatorFactory,
    LineFactory,
    YearFactory,
)
from tests.factories.bail_dabord import RegisterFactory, TenancyFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def year():
    year = YearFactory(number=2031)
    BlockFactory(chapter=ChapterFactory(year=year, title="Nos chiffres"), kind=Block.Kind.FIGURES)
    return year


def typed(year, value=None, **fields):
    """The figure of an indicator for which `value` was entered, as data."""
    indicator = IndicatorFactory(territory=year.territory, **fields)
    if value is not None:
        EntryFactory(indicator=indicator, year=year, **{"number": None, **value})
    (figure,) = assemble(snapshot.take(year.pk)).figures
    return figure


@pytest.mark.parametrize(
    ("fields", "value", "expected"),
    [
        (
            {"unit": "heures"},
            {"number": Decimal("1234.50"), "qualifier": "around"},
            {"number": Decimal("1234.5"), "qualifier": "around", "value": "environ 1\u202f234,5\u00a0heures"},
        ),
        ({"unit": "€"}, {"number": 0}, {"number": Decimal(0), "value": "0\u00a0€"}),
        (
            {"unit": "%", "kind": "rate"},
            {"numerator": 40, "denominator": 56},
            {
                "number": Decimal(71),
                "numerator": Decimal(40),
                "denominator": Decimal(56),
                "value": "71\u00a0%",
                "base": "40 sur 56",
            },
        ),
        (
            {"unit": "ratio", "kind": "rate"},
            {"numerator": 53, "denominator": 106},
            {"numerator": Decimal(53), "denominator": Decimal(106), "value": "53 sur 106"},
        ),
        (
            {"unit": "date", "temporality": "dated"},
            {"day": date(2031, 5, 24)},
            {"day": date(2031, 5, 24), "value": "24 mai 2031"},
        ),
        ({}, {"blank": "unavailable"}, {"blank": "unavailable", "value": "non disponible"}),
        ({}, None, {"blank": "pending", "value": "pas encore reçu"}),
        ({}, {"number": 3, "is_fictive": True}, {"number": Decimal(3), "is_fictive": True}),
    ],
)
def test_a_value_keeps_its_shape(year, fields, value, expected):
    figure = typed(year, value, **fields)
    empty = dict.fromkeys(("number", "numerator", "denominator", "day"))
    expected = {**empty, "blank": "", "qualifier": "exact", "is_fictive": False, **expected}

    assert {name: getattr(figure, name) for name in expected} == expected
    assert str(figure.number) in {str(expected["number"]), "None"}  # no useless zeros, on any database


def test_a_figure_says_when_and_in_whose_words(year):
    figure = typed(
        year,
        {"number": 142, "starts_on": date(2029, 11, 1)},
        cumulative=True,
        since=date(2029, 11, 1),
        code="A-1",
        definition="Les ménages entrés.",
        source_detail="Tableau de suivi",
    )

    assert (figure.code, figure.heading, figure.action) == ("A-1", "Le territoire", "")
    assert (figure.starts_on, figure.ends_on) == (date(2029, 11, 1), date(2031, 12, 31))
    assert (figure.definition, figure.source_detail) == ("Les ménages entrés.", "Tableau de suivi")


def test_figures_are_in_the_order_of_the_annex_under_the_titles_of_the_exercise(year):
    lines = [
        LineFactory(
            year=year,
            title=title,
            position=rank,
            action__axis__agreement=year.agreement,
            action__axis__number=rank,
        )
        for rank, title in ((2, "Deux"), (1, "Une"))
    ]
    for line in lines:
        BlockFactory(chapter=ChapterFactory(year=year), actions=True, axis=line.action.axis)
        IndicatorFactory(territory=year.territory, action=line.action, label=f"De {line.title}")
    IndicatorFactory(territory=year.territory, label="De personne")

    document = assemble(snapshot.take(year.pk))
    printed = [
        row.anchor for held in document.sections for part in held.sections for row in part.content[0].rows
    ]

    figures = [figure for figure in document.figures if figure.action]
    assert [(figure.action, figure.heading) for figure in figures] == [
        (line.title, line.action.axis.full_label)
        for line in sorted(lines, key=lambda line: line.action.axis_id)
    ]
    assert [f"chiffre-{figure.key}" for figure in document.figures] == [
        anchor for anchor in printed if anchor.startswith("chiffre-")
    ]


def test_without_the_annex_only_the_context_that_prints_is_given():
    year = YearFactory()
    BlockFactory(chapter=ChapterFactory(year=year), context=True)
    for fields in ({"kind": "context", "label": "Reçu"}, {"kind": "headcount"}):
        EntryFactory(indicator=IndicatorFactory(territory=year.territory, **fields), year=year)
    IndicatorFactory(territory=year.territory, kind="context", label="Attendu")

    assert [figure.label for figure in assemble(snapshot.take(year.pk)).figures] == ["Reçu"]


# --- The public version ---


def public_of(year):
    return assemble(snapshot.take(year.pk, public=True), public=True)


def said(document):
    """Everything that the document holds, as one text."""
    return repr(astuple(document))


def test_the_public_figures_are_those_that_print_masked_alike(year):
    common = {
        "territory": year.territory,
        "definition": "Définition secrète",
        "source_detail": "Tableau secret",
    }
    many = IndicatorFactory(label="Beaucoup", **common)
    EntryFactory(indicator=many, year=year, number=7040)
    few = IndicatorFactory(label="Peu", **common)
    EntryFactory(indicator=few, year=year, number=3)
    part = IndicatorFactory(label="Dont seuls", whole=many, **common)
    EntryFactory(indicator=part, year=year, number=7037)  # three others: masked as well
    rate = IndicatorFactory(label="Taux", unit="%", kind="rate", **common)
    EntryFactory(indicator=rate, year=year, number=None, numerator=2, denominator=8111)

    document = public_of(year)
    (section,) = document.sections
    printed = [
        tuple(plain(cell.blocks) for cell in row.cells)
        for axis in section.sections
        for table in axis.content
        for row in table.rows
    ]

    assert [(figure.label, figure.value) for figure in document.figures] == printed
    assert {figure.base for figure in document.figures} == {""}  # so the table has no column for them
    assert {figure.label: (figure.number, figure.blank) for figure in document.figures} == {
        "Beaucoup": (Decimal(7040), ""),
        "Peu": (None, "masked"),
        "Dont seuls": (None, "masked"),
        "Taux": (None, "masked"),
    }
    assert said(assemble(snapshot.take(year.pk))).count("7037") > 0  # there was something to leak
    for secret in ("7037", "7\u202f037", "Decimal('3')", "8111", "Decimal('2')", "secret"):
        assert secret not in said(document), secret


def test_the_public_parts_of_a_figure_are_data_too(year):
    line = LineFactory(year=year, action__axis__agreement=year.agreement)
    register = RegisterFactory(territory=year.territory)
    for origin, count in (("emergency", 7), ("street", 8), ("shantytown", 3), ("other", 4)):
        TenancyFactory.create_batch(
            count, household__register=register, household__origin=origin, entered_on=date(2031, 6, 1)
        )
    IndicatorFactory(
        territory=year.territory,
        action=line.action,
        source="register",
        figure_key="bail_dabord.households_entered",
        unit="ménages",
    )

    (figure, *parts) = public_of(year).figures

    assert (figure.number, figure.unit, figure.source, figure.action) == (Decimal(22), "ménages", "", "")
    assert {part.value: (part.number, part.blank, part.unit) for part in parts} == {
        "masqué": (None, "masked", "ménages"),
        "8": (Decimal(8), "", "ménages"),
        "< 5": (None, "masked", "ménages"),
    }
