"""The annex of figures: what the registers count, beside what was typed, as the report prints it."""

from datetime import date

import pytest

from axes.models import Block
from logement.richtext import plain
from reporting import snapshot
from reporting.annexes import SOURCES_TITLE
from reporting.assembly import SYNTHESIS_TITLE, assemble
from reporting.document import Table
from tests.factories import (
    ActionFactory,
    BlockFactory,
    ChapterFactory,
    EntryFactory,
    GatheringFactory,
    GatheringKindFactory,
    IndicatorFactory,
    LineFactory,
    SeriesBreakFactory,
    YearFactory,
)

pytestmark = pytest.mark.django_db
NARROW, WIDE = "\u202f", "\u00a0"


def annex_of(year):
    """[(heading, [{column: text}])] of the tables of figures, as the document holds them."""
    sections = assemble(snapshot.take(year.pk)).sections
    (section,) = [
        held
        for held in sections
        if "chiffres" in held.label and held.label not in {SOURCES_TITLE, SYNTHESIS_TITLE}
    ]
    return [(held.label, rows_of(node)) for held in section.sections for node in held.content]


def rows_of(table):
    assert isinstance(table, Table)
    roles = [column.role for column in table.columns]
    return [dict(zip(roles, (plain(cell.blocks) for cell in row.cells), strict=True)) for row in table.rows]


def said(row):
    shares = row["base"] if row["value"].endswith("%") else ""
    return ", ".join(filter(None, [row["value"], shares])).replace(NARROW, " ").replace(WIDE, " ")


@pytest.fixture
def own_year():
    year = YearFactory(number=2031)
    BlockFactory(chapter=ChapterFactory(year=year, title="Nos chiffres"), kind=Block.Kind.FIGURES)
    return year


def counted(line, gatherings):
    """An indicator of gatherings, with so many of them."""
    kind = GatheringKindFactory(territory=line.year.territory)
    fields = {"action": line.action, "kind": kind}
    GatheringFactory.create_batch(gatherings, held_on=date(line.year.number, 5, 1), **fields)
    return IndicatorFactory(
        territory=line.year.territory,
        action=line.action,
        source="register",
        figure_key="axes.gatherings",
        gathering_kind=kind,
        unit="réunions",
    )


def test_a_row_says_what_is_counted_on_what_and_from_where(own_year):
    line = LineFactory(year=own_year, title="Écouter", action__axis__agreement=own_year.agreement)
    BlockFactory(chapter=ChapterFactory(year=own_year), actions=True, axis=line.action.axis)
    counted(line, 2)
    common = {"territory": own_year.territory, "unit": "ménages"}
    whole = IndicatorFactory(
        label="Suivis", action=line.action, cumulative=True, base="Les suivis", position=1, **common
    )
    part = IndicatorFactory(label="Dont seuls", action=line.action, whole=whole, position=2, **common)
    EntryFactory(indicator=whole, year=own_year, number=20, starts_on=date(2019, 11, 1))
    EntryFactory(indicator=part, year=own_year, number=7, is_fictive=True)
    alone = IndicatorFactory(label="Population", position=3, **common)

    (other, first), (heading, rows) = annex_of(own_year)

    assert (other, [set(row) for row in first]) == ("Le territoire", [{"label", "value", "base", "source"}])
    assert (first[0]["label"], first[0]["value"]) == (alone.label, "pas encore reçu")
    assert heading == line.action.axis.full_label
    assert {row["action"] for row in rows} == {"Écouter"}
    assert [row["source"].split(",")[0] for row in rows] == ["Événements", "Saisie", "Saisie"]
    assert [row["base"] for row in rows][1:] == [
        "Les suivis ; de novembre 2019 à décembre 2031",
        f"sur 20{WIDE}ménages",
    ]
    assert rows[2]["source"].endswith("valeur fictive")


@pytest.mark.parametrize("rows", [1, 3])
def test_the_annex_takes_the_same_queries_whatever_its_rows(own_year, rows, django_assert_num_queries):
    for _ in range(rows):
        line = LineFactory(year=own_year, action=ActionFactory(axis__agreement=own_year.agreement))
        counted(line, rows)
        EntryFactory(
            indicator=IndicatorFactory(territory=own_year.territory, action=line.action), year=own_year
        )

    with django_assert_num_queries(25):
        taken = snapshot.take(own_year.pk)

    (tables,) = [block.figure_tables for chapter in taken.chapters for block in chapter.blocks]
    assert sum(len(table.figures) for table in tables) == 2 * rows == len(taken.figures)


def test_an_exercise_without_any_indicator_says_so(own_year):
    document = assemble(snapshot.take(own_year.pk))

    assert [plain(section.content) for section in document.sections] == [
        "Aucun indicateur n'est défini pour cet exercice."
    ]


def test_a_redefinition_is_said_where_the_value_prints():
    year = YearFactory(number=2023, state="writing")
    BlockFactory(chapter=ChapterFactory(year=year), kind=Block.Kind.FIGURES)
    indicator = IndicatorFactory(territory=year.territory, base="Ménages entrés")
    EntryFactory(indicator=indicator, year=year)
    SeriesBreakFactory(indicator=indicator, number=2023, is_redefined=True, source_after="typed")

    [figure] = snapshot.take(year.pk).figures
    assert figure.base == "Ménages entrés ; rupture de série en 2023 : autre définition qu'avant"


def test_a_later_redefinition_leaves_the_definition_that_was_in_force():
    year = YearFactory(number=2022, state="writing")
    BlockFactory(chapter=ChapterFactory(year=year), kind=Block.Kind.FIGURES)
    indicator = IndicatorFactory(territory=year.territory, definition="Ménages entrés et restés")
    SeriesBreakFactory(
        indicator=indicator,
        number=2023,
        is_redefined=True,
        definition_before="Ménages entrés",
        source_after="typed",
    )

    [figure] = snapshot.take(year.pk).figures
    assert figure.definition == "Ménages entrés"
