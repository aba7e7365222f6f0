"""The annex of figures: what the registers count, beside what was typed, as the report prints it."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command

from axes.models import Block, Gathering, Year
from bail_dabord.models import Claim, Household
from logement.richtext import plain
from reporting import snapshot
from reporting.annexes import SOURCES_TITLE
from reporting.assembly import SYNTHESIS, assemble
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
from tests.factories.bail_dabord import TenancyFactory

pytestmark = pytest.mark.django_db
NARROW, WIDE = "\u202f", "\u00a0"

#: What the report of 2023 prints of its two registers: indicator -> value, and base for a share.
COUNTED = {
    "Associations mobilisées pour le Bail d'abord": "5 associations",
    "Ménages entrés dans un logement depuis novembre 2019": "142 ménages",
    "Ménages entrés dans un logement dans l'année": "35 ménages",
    "Personnes entrées dans un logement depuis novembre 2019": "273 personnes",
    "Adultes entrés dans un logement depuis novembre 2019": "177 personnes",
    "Enfants entrés dans un logement depuis novembre 2019": "96 personnes",
    "Personnes entrées dans un logement dans l'année": "56 personnes",
    "Adultes entrés dans un logement dans l'année": "45 personnes",
    "Enfants entrés dans un logement dans l'année": "11 personnes",
    "Mesures conventionnées du Bail d'abord en fin d'année": "60 mesures",
    "Mesures libres du Bail d'abord en fin d'année": "6 mesures",
    "Glissements de bail dans l'année": "18 ménages",
    "Part des personnes venant de l'hébergement d'urgence": "71 %, 40 sur 56",
    "Part des personnes venant de la rue": "16 %, 9 sur 56",
    "Part des personnes venant de bidonvilles": "13 %, 7 sur 56",
    "Associations conventionnées pour le Bail d'abord": "5 associations",
    "Demandes adressées au fonds de sécurisation": "5 demandes",
    "Montant mobilisé par le fonds de sécurisation": "2 770 €",
    "Natures de dépense prises en charge par le fonds": "3 natures",
    "Candidatures transmises à la Plateforme": "251 candidatures",
    "Services orienteurs ayant transmis une candidature": "26 services",
    "Commissions de suivi du Bail d'abord": "12 commissions",
    "Associations accompagnantes du Bail d'abord": "5 associations",
    "Bailleurs orienteurs": "12 bailleurs",
    "Ménages en accompagnement renforcé dans l'année": "111 ménages",
    "Taux d'occupation de l'accompagnement renforcé": "96 %, 14 717 sur 15 330",
    "Part des situations signalées avant l'assignation": "97 %, 108 sur 111",
    "Part des situations signalées pour impayé de loyer": "75 %, 83 sur 111",
    "Ménages sortis de l'accompagnement renforcé": "77 ménages",
    "Durée moyenne de l'accompagnement renforcé": "5,8 mois",
    "Part des sorties avec une situation stabilisée ou rétablie": "75 %, 58 sur 77",
    "File active financée pour l'accompagnement renforcé": "42 ménages",
    "Ménages ayant sollicité la plateforme ADLH": "355 ménages",
    "Part des ménages accompagnés par téléphone": "71 %, 252 sur 355",
    "Part des ménages accompagnés physiquement": "30 %, 106 sur 355",
    "Part des sollicitations liées à l'expulsion": "30 %, 106 sur 355",
    "Part des sollicitations pour expulsion suivies physiquement": "53 sur 106",
    "Ménages accompagnés pour une expulsion locative": "48 ménages",
    "Ménages relogés": "17 ménages",
    "Ménages entrés en hébergement": "3 ménages",
    "Ménages orientés vers une mesure adaptée": "12 ménages",
    "Ménages maintenus dans leur logement": "8 ménages",
    "Attributions de l'année aux ménages issus des bidonvilles": "16 attributions",
    "Attributions aux ménages issus des bidonvilles depuis 2018": "40 attributions",
    "Baux glissés parmi les attributions depuis 2018": "11 baux",
}


def annex_of(year):
    """[(heading, [{column: text}])] of the tables of figures, as the document holds them."""
    sections = assemble(snapshot.take(year.pk)).sections
    (section,) = [
        held for held in sections if "chiffres" in held.label and held.label not in {SOURCES_TITLE, SYNTHESIS}
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
def year():
    call_command("demo", stdout=StringIO())
    return Year.objects.get(number=2023)


def test_the_report_of_the_demonstration_prints_what_its_registers_count(year):
    tables = annex_of(year)
    rows = [row for _, held in tables for row in held]
    before = {row["label"]: said(row) for row in rows if row["source"].startswith("Registre ")}
    events = {row["label"]: said(row) for row in rows if row["source"] == "Événements"}

    assert [heading for heading, _ in tables] == [
        "Le territoire",
        *(axis.full_label for axis in year.agreement.axes.all()),
    ]
    invented = [row for row in rows if "inventée pour la démonstration" in row["label"]]
    assert (len(rows) - len(invented), len(invented)) == (128, 3)
    assert before == COUNTED
    assert (len(events), events["Comités de coordination"]) == (24, "5 comités")

    register = Household.objects.first().register
    TenancyFactory(
        household__register=register,
        household__adults=2,
        household__children=3,
        household__origin="street",
        entered_on=date(2023, 6, 1),
    )
    Claim.objects.get(claimed_on__year=2023, granted=900).delete()
    Gathering.objects.filter(kind__label="Comité de coordination").first().delete()
    after = {row["label"]: said(row) for _, held in annex_of(year) for row in held}

    assert {
        label: value for label, value in after.items() if value != {**before, **events}.get(label, value)
    } == {
        "Ménages entrés dans un logement depuis novembre 2019": "143 ménages",
        "Ménages entrés dans un logement dans l'année": "36 ménages",
        "Personnes entrées dans un logement depuis novembre 2019": "278 personnes",
        "Adultes entrés dans un logement depuis novembre 2019": "179 personnes",
        "Enfants entrés dans un logement depuis novembre 2019": "99 personnes",
        "Personnes entrées dans un logement dans l'année": "61 personnes",
        "Adultes entrés dans un logement dans l'année": "47 personnes",
        "Enfants entrés dans un logement dans l'année": "14 personnes",
        "Mesures libres du Bail d'abord en fin d'année": "5 mesures",
        "Part des personnes venant de l'hébergement d'urgence": "66 %, 40 sur 61",
        "Part des personnes venant de la rue": "23 %, 14 sur 61",
        "Part des personnes venant de bidonvilles": "11 %, 7 sur 61",
        "Demandes adressées au fonds de sécurisation": "4 demandes",
        "Montant mobilisé par le fonds de sécurisation": "1 870 €",
        "Comités de coordination": "4 comités",
    }


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
