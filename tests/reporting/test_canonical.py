"""Canonical JSON: one text for one content, and back."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from axes.masking import Cell, Sum
from axes.public import PublicFigures, PublicLine
from reporting import canonical
from reporting.act import Act
from reporting.document import Chart, ChartPoint, ReportedFigure
from reporting.snapshot import (
    BlockData,
    ChapterData,
    ChartData,
    ColumnData,
    FigureTableData,
    RowData,
    Snapshot,
)
from reporting.sources import (
    AnswerData,
    CitedData,
    JustifiedData,
    KeptData,
    ReplacedData,
    SourceData,
    Sources,
)

TEXT = st.text(st.characters(codec="utf-8"), max_size=8)
NUMBER = st.integers(0, 10**6)
MAYBE = st.none() | st.decimals(allow_nan=False, allow_infinity=False, places=4)
CELL = st.builds(Cell, NUMBER)
TYPES = {str: TEXT, int: NUMBER, bool: st.booleans(), Decimal | None: MAYBE, int | None: st.none() | NUMBER}
TYPES |= {date: st.dates(), date | None: st.none() | st.dates()}


def built(kind, **fields):
    """Any instance of a dataclass, its scalar fields drawn by their annotation."""
    known = {name: TYPES[hint] for name, hint in canonical.kinds_of(kind).items() if hint in TYPES}
    return st.builds(kind, **known | fields)


def tuples(strategy):
    return st.lists(strategy, max_size=2).map(tuple)


ROWS = tuples(built(RowData, cells=tuples(TEXT)))
FIGURE_TABLES = tuples(built(FigureTableData, figures=tuples(NUMBER)))
BLOCKS = built(
    BlockData,
    columns=tuples(built(ColumnData)),
    rows=ROWS,
    figures=tuples(NUMBER),
    axes=tuples(TEXT),
    figure_tables=FIGURE_TABLES,
)
PUBLIC = built(
    PublicFigures,
    lines=tuples(built(PublicLine, cells=tuples(TEXT))),
    cells=tuples(st.tuples(TEXT, CELL)),
    sums=tuples(built(Sum, parts=tuples(TEXT))),
)
DAY = date(2024, 3, 12)
ANSWERS = st.sampled_from([(), (AnswerData("Le Toit", "12", 1, DAY, "Camille", DAY),)])
REPLACED = st.sampled_from([(), (ReplacedData("34", "Camille", DAY, "Relu"),)])
SOURCES = built(
    Sources,
    cited=tuples(built(CitedData)),
    figures=tuples(
        st.builds(SourceData, TEXT, NUMBER, built(ReportedFigure), TEXT, answers=ANSWERS, replaced=REPLACED)
    ),
    kept=tuples(built(KeptData)),
    justified=tuples(built(JustifiedData)),
)
CHARTS = built(ChartData, chart=built(Chart, points=st.tuples(built(ChartPoint))))
SNAPSHOTS = built(
    Snapshot,
    chapters=tuples(built(ChapterData, blocks=tuples(BLOCKS))),
    figures=tuples(built(ReportedFigure)),
    public=st.none() | PUBLIC,
    sources=SOURCES,
    charts=st.tuples() | st.tuples(CHARTS),
)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(SNAPSHOTS)
def test_any_snapshot_comes_back_as_it_was_and_is_written_again_the_same(snapshot):
    text = canonical.write(snapshot)

    again = canonical.read(Snapshot, text)

    assert again == snapshot
    assert canonical.write(again) == text


ACT = Act(
    territory="Ici",
    territory_code="ici",
    year=2023,
    number=2,
    rank=7,
    previous="ab",
    title="Rapport « é »",
    frozen_at=datetime(2024, 3, 1, 12, 0, 5, 678, tzinfo=UTC),
    frozen_by="Camille",
    correction="",
    address="https://ici.example/verifier/",
)


def test_the_text_has_one_form():
    assert canonical.write(ACT) == (
        '{"address":"https://ici.example/verifier/","correction":"","frozen_at":"2024-03-01T12:00:05.000678+00:00",'
        '"frozen_by":"Camille","number":2,"previous":"ab","rank":7,"territory":"Ici","territory_code":"ici",'
        '"title":"Rapport « é »","year":2023}'
    )
    assert canonical.read(Act, canonical.write(ACT)) == ACT


@dataclass(frozen=True)
class Grown:
    """What a dataclass becomes when a field is added to it."""

    name: str
    amount: Decimal | None = None
    unit: str = "ménages"


@pytest.mark.parametrize(("text", "value"), [("1.50", "1.5"), ("1E+3", "1000"), ("-0.0", "0"), ("10", "10")])
def test_a_decimal_has_one_text_and_no_exponent(text, value):
    assert canonical.write(Grown("a", Decimal(text))) == f'{{"amount":"{value}","name":"a","unit":"ménages"}}'


def test_a_field_added_since_takes_its_default():
    assert canonical.read(Grown, '{"name":"a"}') == Grown("a")


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        '{"name":"a","gone":1}',
        '{"name":1}',
        '{"name":null}',
        '{"name":"a","unit":true}',
        '["a"]',
        "3",
    ],
)
def test_what_cannot_be_read_whole_is_refused(text):
    with pytest.raises(ValueError, match=r"Grown|str"):
        canonical.read(Grown, text)


def test_a_float_has_no_canonical_form():
    with pytest.raises(TypeError, match="float"):
        canonical.write(Grown("a", 1.5))
