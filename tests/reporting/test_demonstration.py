"""The report of the demonstration, whole: its tree, its words in every format, what its registers count.

When a change is meant: `REGOLD=1 pytest tests/reporting/test_demonstration.py`, then read the diff of tests/golden.
"""

import json
import os
import re
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from axes.models import Gathering, Year
from bail_dabord.models import Claim, Household
from reporting import renderers, snapshot
from reporting.assembly import assemble
from reporting.renderers import docx, ods, odt
from tests.factories.bail_dabord import TenancyFactory
from tests.reporting.office import check_docx, check_odf
from tests.reporting.test_figures_annex import annex_of, said
from tests.reporting.test_formats import READERS, check_figures
from tests.reporting.test_golden import check_words, texts_of, word_list, words

pytestmark = [pytest.mark.django_db, pytest.mark.once]

GOLDEN = Path(__file__).resolve().parents[1] / "golden"
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


@pytest.fixture
def year(demonstration):
    return Year.objects.get(number=2023)


@pytest.fixture
def report(year):
    return assemble(snapshot.take(year.pk))


def compare(name, content):
    """With REGOLD=1 writes the golden file; else compares with it."""
    path = GOLDEN / name
    if os.environ.get("REGOLD"):
        path.write_text(content, encoding="utf-8")
    assert content == path.read_text(encoding="utf-8")


def test_its_tree_is_the_golden_one(report):
    tree = json.loads(renderers.by_name("json").render(report))

    compare(
        "rapport-2023.json",
        json.dumps(without_keys(tree), ensure_ascii=False, indent=1, sort_keys=True) + "\n",
    )


def without_keys(node):
    """The tree without its anchors and keys, which come from the database; of what leads to an anchor, its kind."""
    if isinstance(node, dict):
        kept = {name: child for name, child in node.items() if name not in {"anchor", "key"}}
        return {
            name: re.sub(r"\d+", "n", child) if name == "ref" else without_keys(child)
            for name, child in kept.items()
        }
    return [without_keys(child) for child in node] if isinstance(node, list) else node


def test_its_words_are_the_golden_ones(report):
    ranked = (f"{rank}. {text}" for rank, text in enumerate(texts_of(report), start=1))

    compare("rapport-2023.txt", "\n".join(ranked) + "\n")


def test_its_pdf_has_every_word_and_only_those(report):
    check_words(report, sum(map(words, texts_of(report)), Counter()))


def test_every_format_says_the_same(year, report):
    """The PDF's words are held to the same list above."""
    document = replace(report, notice="")
    expected = word_list("\n".join(texts_of(document)))

    assert len(expected) > 8000
    assert {name: word_list(read(document)) == expected for name, read in READERS.items()} == dict.fromkeys(
        READERS, True
    )
    check_docx(docx.render(document))
    check_odf(odt.render(document))
    check_odf(ods.render(document))
    check_figures(document)
    check_figures(assemble(snapshot.take(year.pk, public=True), public=True))


def test_it_prints_what_its_registers_count(year):
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
