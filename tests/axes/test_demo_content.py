"""The demonstration's own text and figures: read as plain files, so these tests need neither Django nor a database."""

import csv
import json
import re
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest

pytestmark = pytest.mark.once

DEMO = Path(__file__).resolve().parents[2] / "axes" / "demo"
REPORT = json.loads((DEMO / "rapport-2023.json").read_text(encoding="utf-8"))
with (DEMO / "chiffres.csv").open(encoding="utf-8", newline="") as handle:
    READER = csv.DictReader(handle, delimiter=";", strict=True)
    FIGURES = list(READER)
BY_CODE = {figure["code"]: figure for figure in FIGURES}

COLUMNS = (
    "code;axe;action;libelle;definition;unite;type;temporalite;depuis;date;valeur;numerateur;denominateur;"
    "date_valeur;qualificatif;blanc;base;perimetre;source;fournisseur;partie_de;cumul_de;reponses_multiples;cible;"
    "valeur_2022;remarque"
).split(";")
TYPES = {"effectif", "montant", "duree", "taux", "evenement", "livrable", "capacite", "contexte"}
TEMPORALITIES = {"flux", "cumul", "stock", "date", "contracte"}
QUALIFIERS = {"exact", "environ", "pres_de", "au_moins", "plus_de"}
SUPPLIERS = {
    "Montpellier Méditerranée Métropole",
    "SIAO de l'Hérault",
    "Plateforme Logement d'abord",
    "Plateforme ADLH",
    "AIVS Habitat et Humanisme Gestion Occitanie",
    "Association A",
    "Association B",
    "Association C",
    "Association D",
    "Association E",
    "Association de prévention des expulsions",
    "Adages",
    "Département de l'Hérault",
    "DDETS de l'Hérault",
    "DIHAL",
    "Insee",
    "SNE",
}
EXPECTED = {
    "P01": Decimal("19"),
    "P02": Decimal("26"),
    "P03": Decimal("3"),
    "P04": Decimal("2794"),
    "P05": Decimal("500"),
    "P06": Decimal("80"),
    "P07": Decimal("34500"),
    "P08": (1, 10),
    "P09": Decimal("5"),
    "A1-01": Decimal("1"),
    "A1-02": Decimal("3"),
    "A1-03": date(2023, 5, 24),
    "A1-04": Decimal("7"),
    "A1-05": Decimal("194"),
    "A1-06": Decimal("2794"),
    "A1-07": Decimal("11"),
    "A1-08": Decimal("1"),
    "A1-09": Decimal("1"),
    "A1-10": Decimal("1"),
    "A1-11": Decimal("1"),
    "A1-12": Decimal("1"),
    "A2-01": Decimal("1"),
    "A2-02": Decimal("1"),
    "A2-03": Decimal("3"),
    "A2-04": Decimal("1"),
    "A2-05": Decimal("70"),
    "A2-06": Decimal("1"),
    "A3-01": Decimal("1"),
    "A3-02": Decimal("90"),
    "A3-03": Decimal("3"),
    "A3-04": Decimal("83"),
    "A3-05": Decimal("25"),
    "A3-05b": Decimal("10"),
    "A3-06": Decimal("142"),
    "A3-07": Decimal("35"),
    "A3-08": Decimal("273"),
    "A3-09": Decimal("177"),
    "A3-10": Decimal("96"),
    "A3-11": Decimal("56"),
    "A3-12": Decimal("45"),
    "A3-13": Decimal("11"),
    "A3-14": Decimal("60"),
    "A3-15": Decimal("6"),
    "A3-16": Decimal("18"),
    "A3-17": (40, 56),
    "A3-18": (9, 56),
    "A3-19": (7, 56),
    "A3-20": Decimal("5"),
    "A3-21": Decimal("1.5"),
    "A3-22": Decimal("12"),
    "A3-23": Decimal("5"),
    "A3-24": Decimal("2770"),
    "A3-25": Decimal("3"),
    "A3-26": Decimal("4"),
    "A3-27": Decimal("251"),
    "A3-28": Decimal("26"),
    "A3-29": Decimal("12"),
    "A3-30": Decimal("9"),
    "A3-31": Decimal("5"),
    "A3-33": Decimal("10"),
    "A3-35": Decimal("94"),
    "A3-36": Decimal("36"),
    "A3-34": Decimal("5"),
    "A3-40": Decimal("4"),
    "A3-41": Decimal("45"),
    "A3-42": Decimal("5"),
    "A3-43": Decimal("15"),
    "A3-44": Decimal("9"),
    "A3-45": Decimal("3"),
    "A3-46": Decimal("3"),
    "A3-47": Decimal("5"),
    "A3-48": Decimal("2"),
    "A3-49": Decimal("2"),
    "A3-50": Decimal("28"),
    "A3-51": Decimal("2"),
    "A3-52": Decimal("14"),
    "A3-53": Decimal("18"),
    "A3-54": Decimal("1"),
    "A3-55": Decimal("1"),
    "A4-01": Decimal("12"),
    "A4-02": Decimal("111"),
    "A4-03": (14717, 15330),
    "A4-04": (108, 111),
    "A4-05": (83, 111),
    "A4-06": Decimal("77"),
    "A4-07": Decimal("5.8"),
    "A4-08": (58, 77),
    "A4-09": Decimal("42"),
    "A4-10": Decimal("355"),
    "A4-11": (252, 355),
    "A4-12": (106, 355),
    "A4-13": (106, 355),
    "A4-14": (1, 2),
    "A4-15": Decimal("48"),
    "A4-16": Decimal("17"),
    "A4-17": Decimal("3"),
    "A4-18": Decimal("12"),
    "A4-19": Decimal("8"),
    "A4-20": Decimal("16"),
    "A4-21": Decimal("40"),
    "A4-22": Decimal("11"),
    "A4-23": Decimal("4"),
    "A4-24": date(2024, 4, 24),
    "A5-01": Decimal("2"),
    "A5-02": Decimal("1"),
    "A5-03": Decimal("3"),
    "A5-04": Decimal("1"),
    "A5-05": Decimal("3"),
    "A5-06": Decimal("7"),
    "X-01": Decimal("1"),
    "X-02": Decimal("5"),
    "X-03": Decimal("13"),
    "X-04": Decimal("100000000"),
    "X-05": Decimal("11"),
    "X-06": Decimal("5"),
    "X-07": Decimal("8"),
    "X-08": Decimal("4"),
    "X-09": Decimal("4"),
    "X-10": Decimal("425000"),
    "X-11": Decimal("5"),
    "X-12": Decimal("3"),
    "X-13": Decimal("10"),
    "X-14": Decimal("1"),
    "X-15": Decimal("5"),
    "S2-01": date(2023, 5, 30),
    "S2-02": Decimal("5"),
    "S3-01": Decimal("5"),
    "S3-02": Decimal("44"),
}
PUBLISHED_PERCENTAGES = {
    "A3-17": 71,
    "A3-18": 16,
    "A3-19": 13,
    "A4-03": 96,
    "A4-04": 97,
    "A4-05": 75,
    "A4-08": 75,
    "A4-11": 71,
    "A4-12": 30,
    "A4-13": 30,
}
PARTS = {
    "A3-07": "A3-06",
    "A3-09": "A3-08",
    "A3-10": "A3-08",
    "A3-11": "A3-08",
    "A3-12": "A3-11",
    "A3-13": "A3-11",
    "A3-15": "A3-14",
    "A3-36": "A3-35",
    "A4-06": "A4-02",
    "A4-15": "A4-10",
    "A4-16": "A4-15",
    "A4-17": "A4-15",
    "A4-18": "A4-15",
    "A4-19": "A4-15",
    "A4-20": "A4-21",
    "A4-22": "A4-21",
    "X-08": "X-07",
    "X-09": "X-07",
    "X-11": "X-07",
    "X-12": "X-07",
}
PHRASES = {  # figures spelled in words, or whose number occurs twice in the same place
    "P08": "une attribution pour dix demandes",
    "P09": "cinq axes",
    "A1-01": "Un rapport d'enquête",
    "A1-03": "le 24 mai",
    "A1-08": "Une soirée conviviale",
    "A1-09": "Une soirée de restitution",
    "A1-10": "Un atelier de travail",
    "A1-11": "Un questionnaire",
    "A1-12": "Un rapport de préfiguration",
    "A2-01": "Une page",
    "A2-02": "Un numéro d'information",
    "A2-03": "3 réunions",
    "A2-04": "Un guide de conversation",
    "A2-06": "1 logement",
    "A3-01": "1 journée de prévention",
    "A3-11": "56 sont entrées en 2023",
    "A3-20": "5 associations",
    "A3-23": "5 demandes",
    "A3-25": "trois natures de dépense",
    "A3-26": "4 réunions",
    "A3-31": "5 petits déjeuners",
    "A3-34": "cinq associations",
    "A3-40": "4 réunions",
    "A3-42": "5 comités",
    "A3-44": "9 associations",
    "A3-45": "3 heures",
    "A3-46": "3 sessions",
    "A3-47": "5 rencontres",
    "A3-48": "deux temps d'échange",
    "A3-49": "2 sessions",
    "A3-51": "2 rendez-vous",
    "A3-54": "un atelier participatif",
    "A3-55": "Un rapport consacré aux enfants",
    "A4-05": "75 % ont pour motif un impayé",
    "A4-08": "75 % de ces ménages",
    "A4-12": "30 % lors de rencontres physiques",
    "A4-13": "30 % des sollicitations",
    "A4-14": "un ménage sur deux",
    "A4-17": "3 ont rejoint",
    "A4-19": "8 sont restés",
    "A4-24": "24 avril 2024",
    "A5-01": "2 délibérations",
    "A5-02": "1 réunion",
    "A5-03": "3 réunions",
    "A5-04": "première réunion",
    "A5-05": "trois orientations",
    "X-01": "1 délibération cadre",
    "X-02": "5 délibérations d'application",
    "X-04": "100 millions d'euros",
    "X-06": "multipliées par cinq",
    "X-07": "8 logements à loyer maîtrisé",
    "X-08": "4 aux plafonds Anah Loc 3",
    "X-09": "4 aux plafonds PLAI",
    "X-11": "5 logements",
    "X-12": "3 autres",
    "X-14": "1 résidence sociale",
    "X-15": "5 résidences sociales",
    "S2-01": "30 mai 2023",
    "S2-02": "cinq associations",
    "S3-01": "cinq années",
}


def blocks(section):
    return [block for block in section["blocs"] if isinstance(block, dict)]


TABLES = [block for section in REPORT["sections"] for block in blocks(section)]
LINES = [line for table in TABLES for line in table["tableau"]["lignes"]]


def strings(node):
    if isinstance(node, str):
        return [node]
    children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else []
    return [text for child in children for text in strings(child)]


def place_of(figure):
    """The part of the report where a figure must be found: a table's line, the preamble or a chapter."""
    if figure["action"]:
        return next(
            line["indicateurs"] + line["observations"] for line in LINES if line["action"] == figure["action"]
        )
    return (
        REPORT["preambule"]
        if figure["code"][0] == "P"
        else REPORT["sections"][int(figure["code"][1]) - 1]["blocs"]
    )


def value(figure):
    if figure["numerateur"]:
        return int(figure["numerateur"]), int(figure["denominateur"])
    return date.fromisoformat(figure["date_valeur"]) if figure["date_valeur"] else Decimal(figure["valeur"])


def percentage(part, whole):
    return int((Decimal(100) * part / whole).quantize(Decimal(1), ROUND_HALF_UP))


def as_typed(figure):
    """A pattern for the figure as a person types it: « 2 770 », « 5,8 », « 96 % », « cinq axes »."""
    if figure["code"] in PHRASES:
        return rf"(?<![\w,]){re.escape(PHRASES[figure['code']])}"
    if figure["code"] in PUBLISHED_PERCENTAGES:
        return rf"(?<!\d){PUBLISHED_PERCENTAGES[figure['code']]} %"
    number = Decimal(figure["valeur"])
    digits = re.escape(f"{number:,}".replace(",", " ").replace(".", ","))
    if figure["unite"] == "%":
        return rf"(?<![\d,]){digits} %"
    if figure["unite"] == "rang":
        return rf"(?<!\d){digits}\^\{{e\}}"
    return rf"(?<![\w,-]){digits}(?! ?\d|,\d|\w| %)"


def test_report_has_the_shape_of_the_source():
    assert list(REPORT) == ["page_de_titre", "preambule", "sections", "notes"]
    assert [section["numero"] for section in REPORT["sections"]] == [1, 2, 3]
    assert [table["numero"] for table in TABLES] == [1, 2, 3, 4, 5, None]
    assert [len(table["tableau"]["lignes"]) for table in TABLES] == [3, 2, 5, 3, 3, 3]
    assert [note["numero"] for note in REPORT["notes"]] == [1]


def test_report_tables_have_the_four_columns():
    columns = [
        "Les actions réalisées en 2023",
        "État de la réalisation",
        "Indicateurs de suivi et résultats",
        "Observations",
    ]
    assert [table["tableau"]["entetes"] for table in TABLES] == [columns] * 6


def test_report_states_agree_with_their_titles():
    assert [(line["action"].split()[0], line["etat"]) for line in LINES] == [
        ("Réalisation", "Réalisée"),
        ("Réalisation", "Réalisée"),
        ("Production", "Réalisée"),
        ("Développement", "Réalisés"),
        ("Mise", "Réalisée"),
        ("Organisation", "Réalisée"),
        ("Consolidation", "Réalisée"),
        ("Mise", "Réalisée"),
        ("Consolidation", "Réalisée"),
        ("Renforcement", "Réalisé"),
        ("Réalisation", "Réalisée"),
        ("Plateforme", "Réalisée"),
        ("Relogement", "Réalisé"),
        ("Animation", "Réalisés"),
        ("Promotion", "Réalisée"),
        ("Mise", "Réalisée"),
        ("Adoption", "Réalisées"),
        ("Réhabilitation", "Réalisée"),
        ("Développement", "Réalisé"),
    ]


def test_report_leaves_no_text_empty():
    assert [text for text in strings(REPORT) if not text.strip() or text != text.strip()] == []
    assert all(line["indicateurs"] and line["observations"] for line in LINES)


def test_report_calls_its_note_once():
    calls = [text for text in strings(REPORT["sections"]) if "¹" in text]
    assert len(calls) == 1
    assert calls[0].count("¹") == 1


@pytest.mark.parametrize("name", ["rapport-2023.json", "chiffres.csv"])
def test_text_is_stored_as_a_person_types_it(name):
    text = (DEMO / name).read_text(encoding="utf-8")
    assert re.findall('[\u00a0\u2009\u202f\u2019\u201c\u201d]|  +[^ \\[\\]{}"]', text) == []
    assert text.count("«") == text.count("»") == text.count("« ") == text.count(" »") > 0


@pytest.mark.parametrize(
    "slip", [r"\bfond\b", "ALDH", "23 juillet", r"\bClapier\b", r"\bEtat\b", r"\bElément", r"\bA l'"]
)
def test_slips_of_the_source_are_mended(slip):
    assert [
        text for text in strings(REPORT) + [str(figure) for figure in FIGURES] if re.search(slip, text)
    ] == []


@pytest.mark.parametrize(
    ("place", "sentence"),
    [
        (6, "60 mesures conventionnées dont 6 libres, soit 54 ménages accompagnés"),
        (6, "Sur les 56 personnes entrées en 2023, 71 % venaient de l'hébergement d'urgence (40 personnes)"),
        (6, "16 % de la rue (9 personnes) et 13 % de bidonvilles (7 personnes)"),
        (11, "L'issue est connue pour 40 d'entre eux"),
        (11, "Pour les 8 autres ménages, l'issue est en cours ou inconnue"),
        (11, "loi du 27 juillet 2023"),
        (18, "Montpellier (3), Clapiers (1) et Saint-Jean-de-Védas (1)"),
    ],
)
def test_ambiguities_of_the_source_are_settled(place, sentence):
    assert sentence in "\n".join(strings(LINES[place]))


def test_figures_are_the_128_expected():
    assert READER.fieldnames == COLUMNS
    assert [figure["code"] for figure in FIGURES] == list(EXPECTED)
    assert len(FIGURES) == len(EXPECTED) == 128


@pytest.mark.parametrize("code", EXPECTED)
def test_figure_has_its_published_value(code):
    assert value(BY_CODE[code]) == EXPECTED[code]


@pytest.mark.parametrize("code", EXPECTED)
def test_figure_is_in_the_text_of_its_place(code):
    figure = BY_CODE[code]
    assert re.search(as_typed(figure), "\n".join(strings(place_of(figure))))


@pytest.mark.parametrize("code", EXPECTED)
def test_figure_uses_the_legal_codes(code):
    figure = BY_CODE[code]
    assert figure["type"] in TYPES
    assert figure["temporalite"] in TEMPORALITIES
    assert figure["qualificatif"] in QUALIFIERS
    assert figure["blanc"] in {"", "non_disponible", "sans_objet"}
    assert figure["reponses_multiples"] in {"", "oui"}
    assert figure["fournisseur"] in SUPPLIERS


@pytest.mark.parametrize("code", EXPECTED)
def test_figure_stands_alone(code):
    figure = BY_CODE[code]
    assert all(figure[column] for column in ("libelle", "definition", "unite", "base", "perimetre", "source"))
    assert figure["definition"].endswith(".")


@pytest.mark.parametrize("code", EXPECTED)
def test_figure_has_one_kind_of_value(code):
    figure = BY_CODE[code]
    assert bool(figure["numerateur"]) == bool(figure["denominateur"]) == (figure["type"] == "taux")
    kinds = [figure["valeur"], figure["numerateur"], figure["date_valeur"], figure["blanc"]]
    assert len([kind for kind in kinds if kind]) == 1


def test_labels_and_definitions_are_not_shared():
    labels = [figure["libelle"] for figure in FIGURES]
    definitions = [figure["definition"] for figure in FIGURES]
    assert sorted(set(labels)) == sorted(labels)
    assert sorted(set(definitions)) == sorted(definitions)


def test_a_cumul_has_its_start_and_only_a_cumul():
    starts = {figure["code"]: figure["depuis"] for figure in FIGURES if figure["depuis"]}
    assert set(starts) == {figure["code"] for figure in FIGURES if figure["temporalite"] == "cumul"}
    assert set(starts.values()) == {"2019-11-01", "2018-01-01"}
    assert starts["A3-27"] == starts["A3-28"] == starts["A3-06"] == "2019-11-01"
    assert starts["A4-21"] == "2018-01-01"


def test_only_stocks_and_dated_figures_have_a_day():
    dated = [figure for figure in FIGURES if figure["date"]]
    assert {figure["temporalite"] for figure in dated} == {"stock", "date"}
    assert {date.fromisoformat(figure["date"]) for figure in dated} == {
        date(2023, 5, 24),
        date(2023, 5, 30),
        date(2023, 12, 31),
        date(2024, 4, 24),
    }
    undated = {f["code"] for f in FIGURES if f["temporalite"] in {"stock", "date"} and not f["date"]}
    assert undated == {"P01", "P02", "A5-05", "A5-06"}  # the source gives no day


def test_figures_name_the_actions_of_the_report():
    axis_of = {
        line["action"]: str(table["numero"] or "autres")
        for table in TABLES
        for line in table["tableau"]["lignes"]
    }
    assert len(axis_of) == 19
    assert {figure["action"] for figure in FIGURES if figure["action"]} == set(axis_of)
    assert [figure["axe"] for figure in FIGURES] == [axis_of.get(figure["action"], "") for figure in FIGURES]


@pytest.mark.parametrize(("code", "published"), PUBLISHED_PERCENTAGES.items())
def test_rate_rounds_half_up_to_the_published_percentage(code, published):
    assert percentage(*value(BY_CODE[code])) == published


def test_every_rate_is_checked():
    rates = {figure["code"] for figure in FIGURES if figure["type"] == "taux"}
    assert rates == set(PUBLISHED_PERCENTAGES) | {"P08", "A4-14"}


def test_percentages_without_a_base_say_so():
    bare = [figure for figure in FIGURES if figure["unite"] == "%" and not figure["numerateur"]]
    assert [figure["code"] for figure in bare] == ["P01", "P02", "P06"]
    assert all(figure["type"] == "contexte" and "pourcentage publié" in figure["remarque"] for figure in bare)


def test_multiple_answers_are_declared():
    assert [figure["code"] for figure in FIGURES if figure["reponses_multiples"]] == ["A4-11", "A4-12"]


def test_parts_name_their_whole():
    assert {figure["code"]: figure["partie_de"] for figure in FIGURES if figure["partie_de"]} == PARTS


@pytest.mark.parametrize("column", ["valeur", "valeur_2022"])
def test_parts_do_not_exceed_their_whole(column):
    pairs = [(BY_CODE[part], BY_CODE[whole]) for part, whole in PARTS.items()]
    comparable = [(p, w) for p, w in pairs if p["unite"] == w["unite"] and p[column] and w[column]]
    assert len(comparable) >= 10
    assert [p["code"] for p, w in comparable if Decimal(p[column]) > Decimal(w[column])] == []


@pytest.mark.parametrize("column", ["valeur", "valeur_2022"])
@pytest.mark.parametrize(("whole", "parts"), [("A3-08", ("A3-09", "A3-10")), ("A3-11", ("A3-12", "A3-13"))])
def test_adults_and_children_make_the_persons(whole, parts, column):
    assert sum(Decimal(BY_CODE[part][column]) for part in parts) == Decimal(BY_CODE[whole][column])


@pytest.mark.parametrize(
    ("cumulative", "flow"),
    [("A3-06", "A3-07"), ("A3-08", "A3-11"), ("A3-09", "A3-12"), ("A3-10", "A3-13"), ("A4-21", "A4-20")],
)
def test_cumul_of_2022_and_flow_of_2023_make_the_cumul_of_2023(cumulative, flow):
    before, now = BY_CODE[cumulative]["valeur_2022"], BY_CODE[cumulative]["valeur"]
    assert Decimal(before) + Decimal(BY_CODE[flow]["valeur"]) == Decimal(now)
    assert Decimal(BY_CODE[flow]["valeur_2022"]) <= Decimal(before)


def test_values_of_2022_have_the_kind_of_2023():
    earlier = {figure["code"]: figure["valeur_2022"] for figure in FIGURES if figure["valeur_2022"]}
    assert 55 <= len(earlier) <= 75
    assert {code for code, text in earlier.items() if "/" in text} == {
        code for code in earlier if BY_CODE[code]["type"] == "taux"
    }
    rates = [[int(term) for term in text.split("/")] for text in earlier.values() if "/" in text]
    assert all(0 < part <= whole for part, whole in rates)
    assert all(Decimal(text) > 0 for text in earlier.values() if "/" not in text)


def test_targets_stand_only_where_the_convention_fixes_them():
    targets = {figure["code"]: Decimal(figure["cible"]) for figure in FIGURES if figure["cible"]}
    assert targets == {
        "A3-14": Decimal("60"),
        "A3-20": Decimal("5"),
        "A3-21": Decimal("1.5"),
        "A3-22": Decimal("12"),
        "A3-29": Decimal("12"),
        "A4-09": Decimal("42"),
        "A4-23": Decimal("4"),
    }
