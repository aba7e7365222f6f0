import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from axes.checks import Level
from axes.checks.partition import can_be_grouped, partition
from tests.axes.checks.dossiers import figure, texts, values

PARTS = st.lists(st.integers(1, 400), min_size=3, max_size=6)


def told(*written):
    return [(finding.level, finding.sentence) for finding in partition(texts(*written))]


def outcomes(whole, numbers):
    return f"Sur les {whole} ménages suivis, " + ", ".join(f"{n} ont une issue" for n in numbers) + "."


@pytest.mark.parametrize(
    "text",
    [
        "8 logements à loyer maîtrisé : 4 selon les plafonds Loc 3 et 4 selon les plafonds PLAI",
        "5 résidences livrées : Montpellier (3), Clapiers (1) et Lattes (1)",
        "48 ménages suivis. L'issue est connue pour 40 d'entre eux :\n- 17 relogés\n- 3 hébergés\n- 20 maintenus",
        "Sur les 48 ménages, 40 travaillent et 20 sont locataires.",
        "Sur les 48 ménages, 4 travaillent, 5 sont malades et 6 se forment.",
        "Sur les 48 ménages, 40 travaillent, 45 sont locataires et 30 se forment.",
        "14 aides pour 8 350 euros : 9 pour l'énergie, 5 pour le loyer.",
        "3 stages, avec 83 stagiaires (journée 1) puis 25 stagiaires (journée 2)",
        "Sur l'année, 4 réunions, 9 groupes de travail et 12 commissions",
        "1 personne sur 2 bénéficie d'un suivi, 12 ont une mesure et 8 un relais",
        "Sur les 56 personnes, 40 viennent de la rue, environ 10 d'un bidonville et 7 d'un tiers",
        "Organisation de 3 réunions :\n- 12 participants en mars\n- 15 participants en mai",
        "13 mesures : 4 réunions et 5 ateliers par an",
        "Un budget de 150 000 euros : 100 000 € de l'État et 50 k€ de la Métropole",
    ],
)
def test_wholes_that_are_divided_right_raise_nothing(text):
    assert told(text) == []


def test_outcomes_that_leave_some_out_are_an_alerte():
    text = (
        "Sur les 48 ménages reçus, 17 vivent ailleurs (chez un bailleur ou non), 3 dans un foyer, "
        "12 relèvent d'un autre service et 8 n'ont pas bougé."
    )

    assert told(text) == [(Level.ALERT, "17 + 3 + 12 + 8 = 40 sur 48\u00a0ménages : il en manque 8.")]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("8 logements : 4 en Loc 3 et 5 en PLAI", "4 + 5 = 9 sur 8\u00a0logements : c'est trop de 1."),
        (
            "5 résidences livrées : Montpellier (3) et Lattes (1)",
            "3 + 1 = 4 sur 5\u00a0résidences : il en manque 1.",
        ),
        (
            "Issue connue pour 40 d'entre eux :\n- 17 relogés\n- 3 hébergés",
            "17 + 3 = 20 sur 40 : il en manque 20.",
        ),
        (
            "Les 90 places se partagent entre 3 sites : 40 à Lattes, 30 à Pérols et 30 à Juvignac.",
            "40 + 30 + 30 = 100 sur 90\u00a0places : c'est trop de 10.",
        ),
        (
            "Sur les 48 ménages, 40 sont relogés, 6 hébergés et 3 orientés.",
            "40 + 6 + 3 = 49 sur 48\u00a0ménages : c'est trop de 1.",
        ),
    ],
)
def test_wholes_that_are_divided_wrong_are_found(text, sentence):
    assert told(text) == [(Level.ALERT, sentence)]


@settings(deadline=None)
@given(PARTS)
def test_parts_that_make_their_whole_raise_nothing(numbers):
    dossier = values(
        figure("T", sum(numbers)), *(figure(f"P{rank}", n, whole="T") for rank, n in enumerate(numbers))
    )

    assert list(partition(dossier)) == []
    assert told(outcomes(sum(numbers), numbers)) == []


@settings(deadline=None)
@given(PARTS, st.integers(1, 50))
def test_an_error_planted_in_a_partition_is_found(numbers, error):
    whole = sum(numbers) + error
    dossier = values(
        figure("T", whole), *(figure(f"P{rank}", n, whole="T") for rank, n in enumerate(numbers))
    )

    (finding,) = partition(dossier)
    assert finding.level is Level.ALERT
    if sum(numbers) >= 0.6 * whole:
        assert len(told(outcomes(whole, numbers))) == 1


def test_a_whole_may_be_divided_in_two_ways():
    assert can_be_grouped([4, 4, 5, 3], 8)
    assert not can_be_grouped([4, 4, 5, 2], 8)
    assert not can_be_grouped([6, 6, 4], 8)


@pytest.mark.parametrize(
    "fields", [{"has_multiple_answers": True}, {"temporality": "cumulative"}, {"qualifier": "around"}]
)
def test_parts_that_divide_nothing_are_left_alone(fields):
    parts = [figure(f"P{rank}", 5, whole="T", **fields) for rank in range(3)]

    assert list(partition(values(figure("T", 100), *parts))) == []


def test_a_part_that_is_not_known_stops_the_sum():
    parts = [
        figure("P1", 5, whole="T"),
        figure("P2", 5, whole="T"),
        figure("P3", whole="T", blank="unavailable"),
    ]

    assert list(partition(values(figure("T", 100), *parts))) == []
