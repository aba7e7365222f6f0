"""What the checks are given to read: the figures and the texts of an exercise, each with the place that opens it."""

from datetime import date
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from axes.checks import Place, Reference
from axes.dossier import dossier_of, url_of
from axes.models import Column, TextBlock
from axes.workflow import save_text
from tests.factories import (
    ActionFactory,
    BlockFactory,
    ChapterFactory,
    EntryFactory,
    IndicatorFactory,
    LineFactory,
    MembershipFactory,
    SeriesBreakFactory,
    TargetFactory,
    TextBlockFactory,
    UserFactory,
    YearFactory,
)


@pytest.fixture
def year(db):
    return YearFactory(number=2023, state="writing", agreement__territory__code="ici")


@pytest.fixture
def before(year):
    return YearFactory(number=2022, agreement=year.agreement)


@pytest.fixture
def table(year):
    chapter = ChapterFactory(year=year, number=1, title="Bilan", position=2)
    return BlockFactory(chapter=chapter, actions=True, axis__number=3, axis__label="Accompagner")


@pytest.fixture
def line(year, table):
    action = ActionFactory(axis=table.axis, label="Ouvrir des places")
    return LineFactory(year=year, action=action)


def fill(year, rows):
    """So many chapters with a text, tables, lines with their cells, figures with their values and targets."""
    for rank in range(rows):
        chapter = ChapterFactory(year=year, position=rank)
        TextBlockFactory(block=BlockFactory(chapter=chapter))
        table = BlockFactory(chapter=chapter, actions=True)
        for _ in range(rows):
            line = LineFactory(year=year, action=ActionFactory(axis=table.axis))
            for column in table.layout.columns.filter(role__in=Column.TEXT_ROLES):
                TextBlockFactory(cell=True, line=line, column=column)
            indicator = IndicatorFactory(territory=year.territory, action=line.action)
            EntryFactory(indicator=indicator, year=year)
            TargetFactory(indicator=indicator, year=year)


@pytest.mark.parametrize("rows", [1, 3])
def test_a_dossier_takes_the_same_queries_whatever_its_rows(year, before, rows, django_assert_num_queries):
    fill(year, rows)

    with django_assert_num_queries(14):
        dossier = dossier_of(year)

    assert (len(dossier.figures), len(dossier.texts)) == (rows**2, rows + 2 * rows**2)


def test_a_figure_comes_with_its_value_its_relatives_its_target_and_the_year_before(year, before, line):
    own = {"territory": year.territory, "action": line.action}
    flow = IndicatorFactory(code="FLUX", **own)
    cumul = IndicatorFactory(code="CUMUL", cumulative=True, flow=flow, base="sur dossier", **own)
    EntryFactory(indicator=cumul, year=year, number=142, qualifier="around")
    EntryFactory(indicator=cumul, year=before, number=107)
    TargetFactory(indicator=cumul, year=year, number=150)

    figure = dossier_of(year).by_code["CUMUL"]

    assert (figure.number, figure.qualifier, figure.flow, figure.target) == (142, "around", "FLUX", 150)
    assert (figure.previous.number, figure.previous.target) == (107, None)
    assert (figure.since, figure.base, figure.action) == (
        date(2019, 11, 1),
        "sur dossier",
        str(line.action_id),
    )
    assert figure.place == Place("figure", f"Indicateur CUMUL, {cumul.label}", "CUMUL")


def test_a_figure_is_one_of_number_rate_day_or_blank(year, line):
    own = {"territory": year.territory, "action": line.action}
    whole = IndicatorFactory(code="TOUT", **own)
    rate = IndicatorFactory(code="TAUX", kind="rate", unit="%", whole=whole, **own)
    EntryFactory(indicator=rate, year=year, number=None, numerator=40, denominator=56)
    EntryFactory(indicator=IndicatorFactory(code="JOUR", unit="date", **own), year=year, dated=True)
    EntryFactory(indicator=IndicatorFactory(code="RIEN", **own), year=year, unavailable=True)

    found = {figure.code: figure for figure in dossier_of(year).figures}

    assert (found["TAUX"].percent, found["TAUX"].whole) == (Decimal(71), "TOUT")
    assert found["JOUR"].day == date(2023, 12, 31)
    assert (found["RIEN"].blank, found["TOUT"].blank) == ("unavailable", "pending")
    assert found["TAUX"].previous is None


def test_a_figure_obtained_otherwise_since_this_exercise_is_a_new_series(year, before, line):
    broken = SeriesBreakFactory(
        indicator__action=line.action, indicator__territory=year.territory, number=2023
    ).indicator
    before_that = SeriesBreakFactory(
        indicator__action=line.action, indicator__territory=year.territory, number=2022
    ).indicator

    found = dossier_of(year).by_code

    assert (found[broken.code].is_new_series, found[before_that.code].is_new_series) == (True, False)


def test_passages_are_in_the_order_of_the_report_with_the_names_of_their_places(year, table, line):
    preamble = ChapterFactory(year=year, preamble=True, position=1)
    told = TextBlockFactory(block=BlockFactory(chapter=preamble), content="<p>Le plan.</p>")
    column = table.layout.columns.get(role="indicators")
    TextBlockFactory(cell=True, line=line, column=column, content="<ul><li><p>Dix places</p></li></ul>")

    passages = dossier_of(year).passages

    assert [(p.place.label, p.text, p.is_title) for p in passages] == [
        ("Préambule", "Préambule", True),
        ("Préambule", "Le plan.", False),
        ("1 Bilan", "1 Bilan", True),
        ("Axe 3 : Accompagner", "Axe 3 : Accompagner", True),
        ("Ouvrir des places", "Ouvrir des places", True),
        ("Axe 3, Ouvrir des places, Indicateurs de suivi et résultats", "- Dix places", False),
    ]
    assert passages[1].place.key == f"{preamble.pk}#bloc-{told.block_id}"
    assert {p.action for p in passages[4:]} == {str(line.action_id)}


def test_a_reference_is_where_its_words_are(year, before):
    indicator = IndicatorFactory(territory=year.territory, code="A3-06", unit="ménages")
    EntryFactory(indicator=indicator, year=year, number=35)
    EntryFactory(indicator=indicator, year=before, number=30)
    block = BlockFactory(chapter__year=year)
    save_text(
        text=TextBlock(year=year, block=block, version=0),
        version=0,
        content='<p>Soit <span data-ref="A3-06, lettres"></span>, contre <span data-ref="A3-06, 2022"></span>.</p>',
        by=UserFactory(),
    )

    [passage] = dossier_of(year).texts

    assert passage.text == "Soit trente-cinq, contre 30."
    assert passage.references == (Reference(5, 16, "A3-06", 2023), Reference(25, 27, "A3-06", 2022))


def test_every_place_opens(year, line, client):
    fill(year, 1)
    lead = MembershipFactory(lead=True, territory=year.territory).user
    client.force_login(lead)
    dossier = dossier_of(year)
    places = {*(figure.place for figure in dossier.figures), *(p.place for p in dossier.passages)}

    opened = {place.kind: client.get(url_of(place, year)) for place in places}

    assert {kind: response.status_code for kind, response in opened.items()} == dict.fromkeys(
        ("figure", "chapter", "text", "axis", "title", "cell"), 200
    )
    anchors = {url_of(place, year).partition("#")[2] for place in places if place.kind == "cell"}
    page = opened["cell"].content.decode()
    assert all(f'id="{anchor}"' in page for anchor in anchors if anchor)


def test_the_command_checks_an_exercise_of_the_database(year, line, table):
    column = table.layout.columns.get(role="indicators")
    TextBlockFactory(
        cell=True, line=line, column=column, content="<p>16 personnes, soit 10 adultes et 5 enfants.</p>"
    )
    output = StringIO()

    call_command("controler", territoire="ici", exercice=2023, stdout=output)

    assert "10 + 5 = 15, et non 16" in output.getvalue()
    assert "Axe 3, Ouvrir des places, Indicateurs de suivi et résultats" in output.getvalue()


@pytest.mark.parametrize("number", [2031, None])
def test_the_command_names_the_exercise_that_does_not_exist(year, number):
    with pytest.raises(CommandError, match="Aucun exercice"):
        call_command("controler", territoire="ici", exercice=number)
