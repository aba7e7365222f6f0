"""All the checks together: the facts of the report of 2023, the demonstration, any text at all."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from axes.checks import ALL, Dossier, Level, Passage, Reference, run
from axes.checks.finding import finding
from axes.checks.report_file import dossier_of
from axes.checks.wording import words_of
from axes.imports.reading import ReportFile, SectionFile
from logement.richtext import from_markup, parse
from tests.axes.checks.dossiers import demo_dossier, demo_figures, figure, place, texts

#: The facts of the report of 2023 that do not hold, in sentences of our own, each with what it raises.
FACTS = {
    "repartition": "Sur les 48 ménages suivis, 17 sont partis, 3 vivent en foyer, 12 ont un relais et 8 restent.",
    "pourcentage": (
        "On compte 142 ménages entrés depuis 2019, dont 35 en 2023. Les ménages entrés en 2023 quittaient un abri "
        "(71%), la rue (16%) ou un bidonville (13%)."
    ),
    "parts": "L'équipe a répondu à 355 ménages, dont 71% au téléphone et 30% en personne.",
    "capacite": "60 ménages sont suivis (dont 6 places libres). 5 équipes, 12 ménages chacune.",
    "part_de_part": (
        "Les demandes à la permanence viennent de 355 ménages. Sur les demandes à la permanence, 30% visent une "
        "expulsion, dont 1 personne sur 2 reçue au bureau. 48 ménages visés par une expulsion et reçus."
    ),
    "sigle_double": "L'ADLH tient la permanence ; l'ALDH la finance.",
    "orthographe": "Un fond de garantie existe, et le fonds de garantie est vide.",
    "libelle": "- Tenir une permanence ancrée dans le quartier\n- Tenir une permanence ancrée sur le quartier",
    "loi": "La loi du 23 juillet 2023 rend l'expulsion plus rapide.",
    "depart": "251 candidatures reçues au 31/12/2023 de 26 services.",
}
SOUND = (
    "Ces ménages forment 273 personnes (96 enfants et 177 adultes) ; 56 sont arrivées en 2023, "
    "soit 11 enfants et 45 adultes. "
    "Sur les 56 personnes, 71 % viennent d'un abri, 16 % de la rue et 13 % de bidonvilles. "
    "8 logements : 4 selon un plafond, 4 selon l'autre. En 2023, 16 attributions. De 2018 à 2023, 40 attributions, "
    "dont 11 dont le bail a glissé. 60 mesures dont 6 libres, soit 54 ménages."
)
HERE = Path(__file__).parent
SENTENCES = (HERE / "sound_sentences.txt").read_text(encoding="utf-8").splitlines()
#: « code | sentence »: one error in each.
PLANTED = (HERE / "planted_sentences.txt").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("code", FACTS)
def test_each_fact_that_does_not_hold_is_found_and_nothing_else(code):
    found = [one for one in run(texts(FACTS[code])) if one.code != "sigle"]

    assert [one.code for one in found] == [code]
    assert all(one.sentence.endswith((".", "?")) and one.mend.endswith(".") and one.places for one in found)


def test_sums_that_hold_raise_nothing():
    assert run(texts(SOUND)) == []


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_sentence_whose_numbers_hold_raises_nothing(sentence):
    assert [one.sentence for one in run(texts(sentence)) if one.code != "sigle"] == []


@pytest.mark.parametrize("planted", PLANTED)
def test_an_error_planted_in_a_sentence_is_found_and_nothing_else(planted):
    code, _, sentence = planted.partition(" | ")

    assert [one.code for one in run(texts(sentence))] == [code]


def test_the_demonstration_has_the_findings_that_its_facts_have():
    told = [(one.level, one.code) for one in run(demo_dossier()) if one.code != "sigle"]

    assert told == [
        (
            Level.ALERT,
            "repartition",
        ),  # 17 + 3 + 12 + 8 of 48: the text says what the 8 others are, the values do not
        (Level.ALERT, "part_de_part"),  # half of 106 is not 48
        (Level.ALERT, "depart"),  # 251 and 26: since when?
        (Level.INFORMATION, "date"),  # the village closes on 24 April 2024, in the values and in the text
        (Level.INFORMATION, "date"),
    ]
    assert len(demo_figures()) == 128


def test_findings_come_once_and_the_most_serious_first():
    dossier = texts("L'ARS vient. 35 ménages, dont 36 en 2023. 35 ménages, dont 36 en 2023. Le 31 juin 2023.")

    assert [one.code for one in run(dossier)] == ["inclusion", "date_impossible", "sigle"]


def test_a_finding_keeps_its_key_when_the_words_change_and_not_the_numbers():
    keys = [
        run(texts(text))[0].key
        for text in (
            "35 ménages, dont 36 en 2023",
            "35 ménages ont été relogés, dont 36 à Montpellier",
            "35 ménages, dont 37 en 2023",
        )
    ]

    assert keys[0] == keys[1] != keys[2]


def test_a_key_holds_to_its_places():
    one, other = (finding("c", Level.ALERT, [place(key)], "s", "m", numbers=[1]).key for key in "ab")

    assert one != other


def test_a_check_changes_nothing_and_gives_the_same_twice():
    dossier = demo_dossier()

    assert [one.key for one in run(dossier)] == [one.key for one in run(dossier)]


def test_an_empty_dossier_raises_nothing():
    assert run(Dossier(2023)) == []
    assert run(texts("", "\n\n", "- ")) == []


VOCABULARY = """
5 35 0 1 12,5 2023 31 décembre % € ( ) , ; : . – - « » ménages personnes places libres adultes enfants dont soit
sur les des de d'entre eux en depuis au ADLH loi n° du 27 juillet et un deux moitié trois chacune entrées
sorties reçues demandes environ taux chaque 31/12/2023 Axe millions
""".split(" ")
WORDS = st.lists(st.sampled_from([*VOCABULARY, "\n", "\n- "]), max_size=60)


@settings(max_examples=300, deadline=None)
@given(WORDS)
def test_any_text_is_checked_without_an_error(words):
    dossier = texts(
        " ".join(words), " ".join(reversed(words)), figures=[figure("F", 35), figure("P", 5, whole="F")]
    )

    for one in run(dossier):
        assert one.sentence
        assert one.mend


@pytest.mark.parametrize(
    "piece",
    [
        "5 a, ",
        "sur les 5 ménages 3 ",
        "- 5 x :\n",
        "5 ménages suivis. 30 % dont la moitié.\n",
        "13 % des 35 ménages.\n",
        "5 places a chacune dont 3 ménages libres.\n",
        "En 2023, 35 ménages. 13 % en 2023. ",
        "AB (",
    ],
)
def test_all_the_checks_read_a_hostile_text_to_its_end(piece):
    """What it costs is measured by `python -m tests.bench controles`."""
    text = piece * (40_000 // len(piece))

    findings = run(Dossier(2023, (), (Passage(place("p"), text, action="a"),)))

    assert all(finding.sentence and finding.mend for finding in findings)
    assert len({finding.key for finding in findings}) == len(findings)


def test_every_check_is_a_function_of_its_own_file_with_its_own_test_file(request):
    folder = request.path.parent
    for check in ALL:
        module = check.__module__.rpartition(".")[2]
        assert (folder / f"test_{module}.py").exists()


def test_the_words_of_a_rich_text_keep_its_items_and_the_places_of_its_figures():
    item = '<li><span data-ref="A3-07">35 ménages</span> ici</li>'

    text, references = words_of(parse(f"<p>Un <em>début</em></p><ul><li>a</li>{item}</ul>"))

    assert text == "Un début\n- a\n- 35 ménages ici"
    assert [(text[start:end], ref) for start, end, ref in references] == [("35 ménages", "A3-07")]


def test_the_words_of_a_note_stand_in_brackets():
    assert (
        words_of(from_markup("Le groupe[[note: huit membres]] se réunit"))[0]
        == "Le groupe (huit membres) se réunit"
    )


def test_a_report_in_its_file_names_its_year_or_is_given_one():
    report = ReportFile(
        (), ("Rapport 2023",), ("<p>Un texte</p>",), (SectionFile(1, "Bilan", ("<p>Suite</p>",)),)
    )
    nameless = ReportFile((), (), (), ())

    assert dossier_of(report).year == 2023
    assert [passage.text for passage in dossier_of(report).texts] == ["Un texte", "Suite"]
    assert dossier_of(nameless, year=2022).year == 2022
    with pytest.raises(ValueError, match="Le rapport ne dit pas son année"):
        dossier_of(nameless)


def test_a_reference_is_words_of_its_passage():
    passage = Passage(place(), "dont 35 en 2022", references=(Reference(5, 7, "F", 2023),))

    assert [one.code for one in run(Dossier(2023, (figure("F", 35),), (passage,)))] == ["exercice"]
