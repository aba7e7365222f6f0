"""What looks like a person is seen; a whole report, and what resembles it without being it, raise no alarm."""

import time
from pathlib import Path

import pytest

from logement.personal_data import PATTERNS, looks_like_a_person, warning_about

REPORT = Path(__file__).parents[2] / "axes/demo/rapport-2023.json"
SEEN = {
    "adresse e-mail": ["jeanne.dupont@exemple.fr", "écrire à j_d+1@sous.exemple.org demain"],
    "numéro de téléphone": [
        "06 12 34 56 78",
        "0612345678",
        "06.12.34.56.78",
        "06-12-34-56-78",
        "tél. +33 6 12 34 56 78",
        "+33 (0)6 12 34 56 78",
        "0033612345678",
        "04\u00a067\u202f12 34 56",
    ],
    "numéro de sécurité sociale": [
        "1 85 03 34 172 123 45",
        "185033417212345",
        "2850334172123",
        "2 85 03 2A 172 123 45",
    ],
    "date de naissance": [
        "né le 3 mars 1985",
        "Née le 12/03/1985",
        "né(e) le 1/1/80",
        "née en 1985",
        "date de naissance",
    ],
    "nom de personne": [
        "Mme X",
        "Mme Dupont",
        "mme dupont",
        "Mlle Ésaïe",
        "M. Dupont",
        "M. D.",
        "M\u00a0Dupont",
        "Mr O'Neil",
        "Monsieur Durand",
        "MADAME DURAND",
        "avec madame Durand",
    ],
    "adresse postale": [
        "12 rue des Lilas",
        "12, rue des lilas",
        "3 bis avenue de Toulouse",
        "4 av. Foch",
        "2 place de la Comédie",
        "5 cours Gambetta",
        "7 résidence Les Pins",
        "1 impasse d'Alger",
    ],
}
NOBODY = [
    "M. le Maire et Mme la Préfète",
    "Madame la présidente, monsieur le directeur",
    "Mesdames, Messieurs",
    "Mme et M.",
    "3 places de stationnement, 42 places, 1 place libre",
    "18 glissements, 12 rue, 5 CHRS et 12 rue et 4 bidonville",
    "1 résidence sociale, 2 passages en commission, 5 cours de français",
    "34 500 €, 2 770 €, 5,8 mois, 96 %, 01/01/2023, le 31 décembre 2023",
    "SIRET 26340001000012, loi n° 2023-668 du 27 juillet 2023",
    "article L. 345-2-2, circulaire DIHAL 2018/1, 0 612",
    "des enfants nés en France, une demande née d'un impayé, né de la rue",
    "@montpellier, 2023@, numéro vert 115",
    "1,5 ETP pour 12 places ; 3,5 M € ; axe 3 : M. et Mme",
]


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in SEEN.items() for text in texts])
def test_what_names_or_reaches_a_person_is_seen(kind, text):
    assert [finding.kind for finding in looks_like_a_person(f"Vu {text}, à revoir")] == [kind]


def test_every_pattern_has_its_examples():
    assert set(SEEN) == set(PATTERNS)


@pytest.mark.parametrize("text", NOBODY)
def test_what_names_nobody_raises_no_alarm(text):
    assert looks_like_a_person(text) == []


def test_a_whole_report_raises_no_alarm():
    text = REPORT.read_text(encoding="utf-8")

    assert len(text) > 20_000
    assert looks_like_a_person(text) == []
    assert len(looks_like_a_person(text + "\nMme Dupont")) == 1


def test_a_finding_says_where_it_is():
    text = "Appeler Mme Dupont au 06 12 34 56 78."

    assert [text[found.start : found.end] for found in looks_like_a_person(text)] == [
        "Mme Dupont",
        "06 12 34 56 78",
    ]


def test_the_warning_quotes_what_it_saw():
    assert warning_about("Le service a répondu.") == ""
    assert warning_about("Mme Dupont") == (
        "Ce texte semble désigner une personne : « Mme Dupont » (nom de personne). "
        "Retirez ce passage, ou enregistrez de nouveau tel quel."
    )


@pytest.mark.parametrize(
    "text", ["1 " * 20_000, "0" * 40_000, "a@" * 20_000, "Mme " * 10_000, "12 rue " * 6_000]
)
def test_a_long_text_takes_no_time(text):
    start = time.perf_counter()
    looks_like_a_person(text)

    assert time.perf_counter() - start < 2
