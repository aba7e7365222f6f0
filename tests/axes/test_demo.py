"""The demonstration as rows: the report of 2023, its 128 figures, the fictive ones of 2022, who sees what."""

import csv
import json
from datetime import date
from decimal import Decimal

import pytest

from axes import demo, linking, staleness
from axes.demo import figures, gatherings
from axes.models import Agreement, Block, Citation, Entry, Gathering, Indicator, Line, Target, TextBlock, Year
from axes.periods import Period
from axes.values import value_of, values_of
from logement import demo as people
from logement.models import Event, Organisation, User
from tests.conftest import rows_kept
from tests.factories import TerritoryFactory

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker):
    with rows_kept(django_db_blocker):
        people.load()
        demo.load()
        yield


@pytest.fixture
def year(loaded):
    return Year.objects.get(number=2023)


def indicator(code):
    return Indicator.objects.get(code=code)


def test_a_second_load_changes_nothing(year):
    models = (Year, Agreement, Line, TextBlock, Indicator, Entry, Gathering, Target, Organisation, Event)
    before = [model.objects.count() for model in models]

    people.load()
    demo.load()

    assert [model.objects.count() for model in models] == before


def test_report_is_the_file(year):
    data = json.loads(demo.REPORT.read_text(encoding="utf-8"))
    tables = [block for block in data["sections"][0]["blocs"] if isinstance(block, dict)]

    assert [
        (held["numero"], held["titre"], [line["action"] for line in held["tableau"]["lignes"]])
        for held in tables
    ] == [
        (axis.number, axis.label, [line.title for line in year.lines.filter(action__axis=axis)])
        for axis in year.agreement.axes.all()
    ]
    assert [line.state_word for line in year.lines.order_by("pk")] == [
        line["etat"] for held in tables for line in held["tableau"]["lignes"]
    ]


def test_preamble_ends_with_the_axes_and_the_context(year):
    preamble = year.chapters.get(kind="preamble")

    assert [block.kind for block in preamble.blocks.all()] == [
        Block.Kind.TEXT,
        Block.Kind.AXES,
        Block.Kind.CONTEXT,
    ]


def test_exercises_and_conventions(year):
    assert [
        (other.number, other.state, other.agreement.starts_on.year, other.agreement.ends_on.year)
        for other in Year.objects.all()
    ] == [(2023, "review", 2023, 2027), (2022, "closed", 2018, 2022)]
    assert [str(signatory) for signatory in year.agreement.signatories.all()] == [
        "Montpellier Méditerranée Métropole",
        "DDETS de l'Hérault",
    ]
    assert not Year.objects.get(number=2022).chapters.exists()


def test_each_row_of_the_figures_is_an_indicator_with_its_value(year):
    with figures.FILE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))

    reported = Indicator.objects.exclude(code__startswith="D-")  # those are invented, and say so
    indicators = list(reported.select_related("action", "whole", "supplier", "territory"))
    values = values_of(indicators, year)

    assert [held.code for held in indicators] == [row["code"] for row in rows]
    assert len(rows) == 128
    for row, held in zip(rows, indicators, strict=True):
        value = values[held.pk]
        assert (held.label, held.unit, held.base, held.perimeter, held.source_detail, str(held.supplier)) == (
            row["libelle"],
            row["unite"],
            row["base"],
            row["perimetre"],
            row["source"],
            row["fournisseur"],
        )
        assert (held.action.label if held.action else "", held.whole.code if held.whole else "") == (
            row["action"],
            row["partie_de"],
        )
        assert value.comparable == expected(row), row["code"]
        assert str(value.day or "") == row["date_valeur"]
        assert not value.is_fictive


def expected(row):
    """The number that a row gives, or the quotient of the two; None for a date or a blank."""
    if row["numerateur"]:
        return Decimal(row["numerateur"]) / Decimal(row["denominateur"])
    return Decimal(row["valeur"]) if row["valeur"] else None


def test_most_counts_of_events_come_from_the_gatherings(year):
    computed = Indicator.objects.filter(source="register")

    assert {held.code for held in computed} == {*gatherings.KINDS, *gatherings.PARTICIPANTS}
    assert not Entry.objects.filter(indicator__in=computed, year=year).exists()
    assert Gathering.objects.count() == 79


def test_the_values_of_2022_stay_typed_across_the_break(year):
    before = Year.objects.get(number=2022)
    held = indicator("A3-30")

    assert [(broken.number, broken.source_before) for broken in held.breaks.all()] == [(2023, "typed")]
    assert (value_of(held, before).figure, value_of(held, before).provenance) == ("8", None)
    assert value_of(held, year).provenance.figure.key == "axes.gatherings"


@pytest.mark.parametrize(
    ("code", "display", "period"),
    [
        ("P04", "au moins 2\u202f794\u00a0personnes", Period.on(date(2023, 5, 24))),
        ("P05", "environ 500\u00a0appels par jour", Period.of_year(2023)),
        ("A1-03", "24 mai 2023", Period.on(date(2023, 5, 24))),
        ("A3-06", "142\u00a0ménages", Period(date(2019, 11, 1), date(2023, 12, 31))),
        ("A3-14", "60\u00a0mesures", Period.on(date(2023, 12, 31))),
        ("A3-17", "71\u00a0%", Period.of_year(2023)),
        ("A3-21", "1,5\u00a0ETP", Period.of_year(2023)),
        ("A4-24", "24 avril 2024", Period.on(date(2024, 4, 24))),
    ],
)
def test_figure_reads_as_in_the_report(year, code, display, period):
    value = value_of(indicator(code), year)

    assert (value.display, value.period) == (display, period)


def test_values_of_2022_are_all_fictive(year):
    earlier = Entry.objects.filter(year__number=2022)

    assert earlier.count() == 70
    assert set(earlier.values_list("is_fictive", flat=True)) == {True}
    value = value_of(indicator("A3-06"), Year.objects.get(number=2022))
    assert value.period == Period(date(2019, 11, 1), date(2022, 12, 31))
    assert value.is_fictive


def test_targets_are_those_of_the_convention(year):
    assert {target.indicator.code: target.number for target in Target.objects.filter(year=year)} == {
        "A3-14": 60,
        "A3-20": 5,
        "A3-21": Decimal("1.5"),
        "A3-22": 12,
        "A3-29": 12,
        "A4-09": 42,
        "A4-23": 4,
    }


def test_suppliers_take_part_and_the_metropole_leads(year):
    line = year.lines.get(title__startswith="Réhabilitation de logements")

    assert {str(line.lead) for line in year.lines.all()} == {"Montpellier Méditerranée Métropole"}
    assert [str(partner) for partner in line.partners.all()] == ["Adages"]


def test_each_account_sees_its_part(year):
    seen = {
        account.email.partition("@")[0]: (
            Line.objects.visible_to(user).count(),
            Indicator.objects.visible_to(user).count(),
        )
        for account in people.ACCOUNTS
        if account.territory == people.CODE
        for user in [User.objects.get(email=account.email)]
    }

    assert seen == {
        "cheffe": (19, 131),
        "referente": (1, 6),
        "referent": (2, 0),
        "redactrice": (2, 0),
        "ddets": (19, 0),
        "dihal": (19, 0),
        "elue": (19, 131),
        "admin": (0, 0),
    }


def test_history_names_the_lead(year):
    lead = User.objects.get(email="cheffe@metropole.example")

    for model in (Line, TextBlock, Indicator):
        assert set(model.history.values_list("history_user", flat=True)) == {lead.pk}
    assert list(Event.objects.values_list("act", flat=True)) == [
        "Constat justifié",
        "Étape de l'exercice : Rédaction → Relecture",
        "Étape de l'exercice : Préparation → Rédaction",
        "Graphiques du rapport choisis",
        "Import d'un rapport",
        "Création d'un territoire",
    ]


def test_a_part_that_is_its_own_whole_is_refused(year):
    rows = [{**figures.read()[0], "code": "X1", "partie_de": "X1"}]

    with pytest.raises(ValueError, match="tourne en rond"):
        figures.write(rows, year=year, earlier=year, organisations={}, by=None)


def test_another_territory_is_left_alone(year):
    stranger = TerritoryFactory()

    assert not stranger.indicators.exists()
    assert not stranger.organisations.exists()


def test_the_sentences_cite_their_figures_and_none_is_to_review(year):
    cited = Citation.objects.filter(year=year, text__isnull=False)
    demonstrated = Indicator.objects.exclude(code__startswith="D-")

    assert cited.values("indicator").distinct().count() == 106
    assert demonstrated.count() == 128
    assert staleness.stale_of(year) == []
    for citation in cited.select_related("text"):
        assert f'<span data-ref="{citation.ref}">{citation.words}</span>' in citation.text.content
    assert [number for _, numbers in linking.unlinked(year) for number in numbers if number.is_plain] == []
