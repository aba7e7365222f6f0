import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from axes.checks import Level
from axes.checks.shares import sum_of_shares
from logement.numbers import share
from tests.axes.checks.dossiers import figure, texts, values


def told(*written, figures=()):
    return [(finding.level, finding.sentence) for finding in sum_of_shares(texts(*written, figures=figures))]


@pytest.mark.parametrize(
    "text",
    [
        "Sur les 56 personnes, 71 % viennent d'un hébergement, 16 % de la rue et 13 % de bidonvilles",
        "97 % des situations sont signalées tôt et 75 % concernent des impayés",
        "19 % dans la Métropole et 26 % dans la Ville",
        "355 ménages, dont 71 % par téléphone et 30 % sur place, un même ménage pouvant connaître les deux",
        "34 % par téléphone, 34 % par courriel et 33 % sur place",
        "60 % des bénéficiaires sont au RSA et 45 % n'ont pas de mutuelle",
        "71 % des appels ; 30 % des visites",
        "71 % par téléphone. 30 % sur place.",
        "près de 71 % par téléphone et 30 % sur place",
    ],
)
def test_shares_that_hold_or_answer_other_questions_raise_nothing(text):
    assert told(text) == []


def test_shares_beyond_100_are_an_alerte_that_speaks_of_several_answers():
    ((level, sentence),) = told("355 ménages, dont 71 % par téléphone et 30 % sur place")

    assert level is Level.ALERT
    assert sentence == (
        "71\u00a0% + 30\u00a0% = 101\u00a0% de 355\u00a0ménages : sur cette base, l'arrondi n'y suffit pas."
    )


def test_shares_of_figures_with_several_answers_are_an_information():
    rates = [
        figure("A", unit="%", kind="rate", numerator=n, denominator=355, has_multiple_answers=True)
        for n in (252, 106)
    ]

    ((level, _),) = told("355 ménages, dont 71 % par téléphone et 30 % sur place", figures=rates)

    assert level is Level.INFORMATION


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("Sur les 56 personnes, 71 % viennent de A, 16 % de B et 18 % de C", Level.ALERT),
        ("50 % par téléphone, 30 % par courriel et 30 % sur place", Level.ALERT),
        ("50 % par téléphone, 30 % par courriel et 12 % sur place", Level.INFORMATION),
    ],
)
def test_shares_that_do_not_make_100_are_found(text, level):
    assert [found for found, _ in told(text)] == [level]


@settings(deadline=None)
@given(st.lists(st.integers(1, 200), min_size=3, max_size=6))
def test_the_shares_of_a_whole_never_alarm_however_they_round(counts):
    base = sum(counts)
    shares = ", ".join(
        f"{share(count, base)} % en {letter}" for count, letter in zip(counts, "abcdef", strict=False)
    )

    assert told(f"Sur les {base} ménages, {shares}.") == []


@settings(deadline=None)
@given(st.lists(st.integers(1, 200), min_size=3, max_size=5), st.integers(4, 15))
def test_an_error_planted_in_shares_is_found(counts, error):
    base = sum(counts)
    percents = [share(count, base) for count in counts]
    percents[0] += error
    assume(100 + len(percents) / 2 < sum(percents) <= 120)  # beyond what rounding makes

    assert [
        level for level, _ in told(f"Sur les {base} ménages, " + ", ".join(f"{p} % ici" for p in percents))
    ] == [Level.ALERT]


def rates(numerators, base=56, **fields):
    return values(
        *(
            figure(
                f"R{rank}",
                unit="%",
                kind="rate",
                numerator=n,
                denominator=base,
                base="Personnes entrées",
                **fields,
            )
            for rank, n in enumerate(numerators)
        )
    )


def test_rates_of_one_base_make_it():
    assert list(sum_of_shares(rates([40, 9, 7]))) == []
    assert list(sum_of_shares(rates([40, 9, 8], has_multiple_answers=True))) == []
    assert list(sum_of_shares(rates([50, 40, 30]))) == []
    (finding,) = sum_of_shares(rates([40, 9, 8]))
    assert finding.level is Level.ALERT
    assert finding.sentence == "Les parts de « Personnes entrées » (56) font 40 + 9 + 8 = 57 sur 56."
