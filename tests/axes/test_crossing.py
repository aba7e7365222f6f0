"""From a convention to the next one: the first exercise of the second is opened from the last of the first."""

from datetime import date

import pytest
from django.urls import reverse

from axes import carried, opening
from axes.agreements import acts
from axes.crossing import previous_of
from axes.imports import load_report
from axes.lasting import life_of
from axes.models import Column, Indicator, Line, TextBlock, Year
from axes.progress import progress_of
from axes.table import tables_of
from reporting import snapshot
from tests.factories import (
    ActionFactory,
    AxisFactory,
    BlockFactory,
    ChapterFactory,
    ColumnFactory,
    EntryFactory,
    IndicatorFactory,
    LineFactory,
    MembershipFactory,
    TextBlockFactory,
    YearFactory,
)

pytestmark = pytest.mark.django_db
SENTENCE = '<p><span data-ref="LOG">12</span> ménages.</p>'


@pytest.fixture
def year():
    """2023, the last exercise of its convention: an action of « Loger » that is counted, one of « Prévenir »."""
    year = YearFactory(number=2023, state="writing", agreement__ends_on=date(2023, 12, 31))
    chapter = ChapterFactory(year=year, number=1)
    for number, label in enumerate(("Loger", "Prévenir"), start=1):
        axis = AxisFactory(agreement=year.agreement, number=number, label=label)
        table = BlockFactory(chapter=chapter, actions=True, axis=axis, position=number)
        line = LineFactory(year=year, action=ActionFactory(axis=axis, label=f"{label} mieux"))
        column = table.layout.columns.get(role=Column.Role.INDICATORS)
        TextBlockFactory(cell=True, line=line, column=column, content=SENTENCE)
    loger = year.lines.get(title="Loger mieux")
    counted = IndicatorFactory(territory=year.territory, action=loger.action, code="LOG", unit="ménages")
    EntryFactory(indicator=counted, year=year, number=12)
    return year


@pytest.fixture
def lead(client, year):
    user = MembershipFactory(lead=True, territory=year.territory).user
    client.force_login(user)
    return user


@pytest.fixture
def following(year, lead):
    return acts.create_agreement(
        territory=year.territory,
        title="Convention suivante",
        starts_on=date(2024, 1, 1),
        ends_on=date(2028, 12, 31),
        like=year.agreement,
        by=lead,
    )


def opened(year, lead, **options):
    return opening.open_year(previous=year, lines=carried.lines_of(year), by=lead, **options)


def test_an_action_goes_on_in_the_next_convention_with_its_indicators(year, lead, following):
    before = year.lines.get(title="Loger mieux")
    second = opened(year, lead)

    line = second.lines.get(title="Loger mieux")
    assert (second.agreement, line.action_id) == (following, before.action_id)
    assert (before.axis.agreement, line.axis.agreement) == (year.agreement, following)
    assert line.action.axis == line.axis
    life = life_of(
        line.action, lines=Line.objects.all(), indicators=Indicator.objects.all(), territory=year.territory
    )
    assert [held.number for held in life.years] == [2023, 2024]
    assert [series.indicator.code for series in life.series] == ["LOG"]


def test_each_exercise_keeps_its_tables(year, lead, following):
    second = opened(year, lead)

    def tables(held):
        return [
            (table.axis.label, table.axis.agreement, [row[0].line.title for row in table.rows])
            for table in tables_of(held, lines=Line.objects.all())
        ]

    expected = [("Loger", ["Loger mieux"]), ("Prévenir", ["Prévenir mieux"])]
    for held in (year, second):
        assert tables(held) == [(label, held.agreement, titles) for label, titles in expected]
        assert [item.total for item in progress_of(held) if item.title.startswith("Axe")] == [3, 3]


def test_the_report_that_is_still_open_keeps_its_axes(year, lead, following):
    """The year that ends is still being written: its figures and charts stay under its own axes."""
    indicator = Indicator.objects.get(code="LOG")
    EntryFactory(indicator=indicator, year=YearFactory(number=2022, agreement=year.agreement), number=10)
    opened(year, lead)
    taken = snapshot.take(year.pk)

    loger = year.agreement.axes.get(label="Loger")
    assert [held.axis_key for held in taken.charts] == [loger.pk]


def test_the_sentences_follow_into_the_columns_of_the_next_convention(year, lead, following):
    second = opened(year, lead)

    texts = TextBlock.objects.filter(year=second).select_related("column__layout")
    assert {text.column.layout.agreement_id for text in texts} == {following.pk}
    assert {text.content for text in texts} == {SENTENCE.replace("12", "pas encore reçu")}


def test_an_axis_that_goes_no_further_leaves_its_actions_behind(year, lead, following):
    loger, prevenir = year.agreement.axes.all()
    second = opened(year, lead, axes={loger.pk: following.axes.get(label="Loger"), prevenir.pk: None})

    assert [line.title for line in second.lines.all()] == ["Loger mieux"]
    assert year.lines.get(title="Prévenir mieux").action.axis == prevenir
    assert {table.axis.label for table in tables_of(second, lines=Line.objects.all())} == {
        "Loger",
        "Prévenir",
    }


def test_two_axes_may_become_one(year, lead, following):
    only = following.axes.get(label="Loger")
    second = opened(year, lead, axes=dict.fromkeys(year.agreement.axes.values_list("pk", flat=True), only))

    assert {line.axis for line in second.lines.all()} == {only}


def test_the_page_asks_which_axis_takes_the_place_of_which(client, year, lead, following):
    layout = year.agreement.layouts.first()
    ColumnFactory(layout=layout, role=Column.Role.OTHER, heading="Suites de {annee}", position=9)
    following.axes.filter(label="Prévenir").update(label="Maintenir", number=9)
    address = reverse("axes:open_next", args=[year.territory.code, 2023])
    loger, prevenir = year.agreement.axes.all()
    page = client.get(address)

    form = page.context["form"]
    assert form[f"axis_{loger.pk}"].value() == following.axes.get(label="Loger").pk
    assert form[f"axis_{prevenir.pk}"].value() is None
    assert "Suites de 2023 ne suit pas" in page.content.decode()
    places = {f"axis_{axis.pk}": following.axes.get(number=n).pk for axis, n in ((loger, 1), (prevenir, 9))}
    client.post(address, {"lines": [line.pk for line in year.lines.all()]} | places)

    second = Year.objects.get(number=2024)
    assert [(line.title, line.axis.label) for line in second.lines.order_by("pk")] == [
        ("Loger mieux", "Loger"),
        ("Prévenir mieux", "Maintenir"),
    ]


def test_a_convention_without_axes_yet_is_told(client, year, lead, following):
    following.axes.all().delete()

    assert "Donnez d'abord ses axes et ses colonnes" in opening.obstacle(year)


def test_the_first_exercise_of_the_next_convention_leads_to_the_last_of_this_one(
    client, year, lead, following
):
    address = reverse("axes:first_year", args=[year.territory.code, following.pk])

    assert previous_of(following) == year
    assert reverse("axes:open_next", args=[year.territory.code, 2023]) in client.get(address).content.decode()
    opened(year, lead)
    assert previous_of(following) is None


def test_a_year_imported_before_joins_the_actions_of_the_convention_of_today(year, lead):
    """Last year's report was of another convention: its actions are those of today, and stay where they are."""
    now = year.lines.get(title="Loger mieux")
    row = {"action": "Loger mieux", "etat": "Réalisée", "indicateurs": ["Dix."]}
    table = {"numero": 1, "titre": "Loger", "tableau": {"entetes": ["Action", "État", "Indicateurs"]}}
    table["tableau"]["lignes"] = [row]
    section = {"numero": 1, "titre": "Bilan", "blocs": [table]}
    data = {"page_de_titre": ["Une convention de 2015"], "preambule": [], "sections": [section]}

    earlier = load_report(data, territory=year.territory, number=2015, by=lead)

    then = earlier.lines.get()
    assert (earlier.agreement == year.agreement, then.action) == (False, now.action)
    assert (then.axis.agreement, then.action.axis) == (earlier.agreement, now.axis)
