import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from axes.checks import Level
from axes.checks import percentages as module
from axes.checks.arithmetic import counts_for
from axes.checks.percentages import percentages
from logement.numbers import share
from tests.axes.checks.dossiers import figure, texts, values

BASES = st.integers(2, 90)


def told(*written):
    return [(finding.level, finding.sentence) for finding in percentages(texts(*written))]


def test_a_half_is_rounded_up():
    """7 of 56 is 12,5 %: 13 %, never 12 %."""
    assert counts_for(13, 56) == (7, 7)
    assert counts_for(12, 56) is None
    assert told("Sur les 56 personnes, 13 % viennent de bidonvilles.") == []
    assert [level for level, _ in told("Sur les 56 personnes, 12 % viennent de bidonvilles.")] == [
        Level.BLOCKING
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Sur les 56 personnes, 71 % viennent d'un hébergement, 16 % de la rue et 13 % de bidonvilles",
        "77 ménages ont quitté l'action après 5,8 mois. Pour 75 % d'entre eux, le bail est sauvé",
        "77 ménages sortis en 2023, après 5,8 mois en moyenne ; 75 % de ces ménages sont stables",
        "355 ménages ont appelé, dont 71 % par téléphone et 30 % sur place",
        "35 ménages accompagnés, avec un taux d'occupation de 96 %",
        "35 ménages : près de 96 % sont stables",
        "97 % des situations sont signalées tôt ; 7 ménages sont suivis",
        "7 ménages suivis, une hausse de 16 % des demandes",
        "Sur les 56 personnes, 71 % (40 personnes) viennent d'un hébergement",
        "16 % de bidonvilles (7 personnes)",
        "12,5 % des 56 personnes",
        "35 ménages sont entrés en 2022. La majorité des ménages entrés en 2023 viennent de la rue (16 %)",
    ],
)
def test_percentages_that_are_possible_raise_nothing(text):
    assert told(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Sur les 35 ménages, 16 % viennent de la rue",
        "35 ménages, dont 16 % viennent de la rue",
        "16 % des 35 ménages viennent de la rue",
        "35 ménages sont sortis. Pour 16 % d'entre eux, la situation est stable",
        "35 ménages : 16 % viennent de la rue",
    ],
)
def test_a_percentage_that_no_count_makes_is_blocking(text):
    ((level, sentence),) = told(text)

    assert level is Level.BLOCKING
    assert sentence == (
        "16\u00a0% de 35\u00a0ménages : impossible, aucun compte entier ne s'y arrondit "
        "(5 sur 35 font 14\u00a0%, 6 sur 35 font 17\u00a0%)."
    )


def test_a_base_found_by_its_noun_and_year_is_an_alerte_and_another_is_proposed():
    text = (
        "Depuis novembre 2019, 142 ménages sont entrés, dont 35 en 2023. Soit 273 personnes, dont 56 en 2023.\n"
        "Les ménages entrés en 2023 viennent d'hébergements (71 %), de la rue (16 %) et de bidonvilles (13 %)."
    )

    ((level, sentence),) = told(text)

    assert level is Level.ALERT
    assert sentence.startswith("16\u00a0% et 13\u00a0% de 35\u00a0ménages : impossible")
    assert sentence.endswith("Sur 56\u00a0personnes, le compte est possible : 40, 9 et 7.")


def test_a_count_beside_its_percentage_is_recomputed():
    ((level, sentence),) = told("Sur les 56 personnes, 71 % (41 personnes) viennent d'un hébergement")

    assert level is Level.BLOCKING
    assert sentence == "41 sur 56 font 73\u00a0%, et non 71\u00a0%."


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Sur les 77 ménages sortis, 58 sont stables (75 %)", []),
        (
            "Sur les 77 ménages sortis, 57 sont stables (75 %)",
            ["57 sur 77 font 74\u00a0%, et non 75\u00a0%."],
        ),
        ("Sur les 77 ménages sortis, 40 sont refusés (75 % faute de pièces)", []),
        ("Sur les 77 ménages sortis, la plupart sont stables (75 %)", []),
    ],
)
def test_a_percentage_beside_its_count_is_recomputed(text, found):
    assert told(text) == [(Level.ALERT, sentence) for sentence in found]


@settings(deadline=None)
@given(BASES, st.data())
def test_any_share_of_a_count_is_possible(base, data):
    count = data.draw(st.integers(0, base))

    least, most = counts_for(share(count, base), base)

    assert least <= count <= most
    assert told(f"Sur les {base} ménages, {share(count, base)} % sont relogés.") == []


@settings(deadline=None)
@given(st.integers(2, 90), st.integers(0, 100))
def test_a_percentage_is_refused_exactly_when_no_count_prints_it(base, percent):
    is_possible = any(share(count, base) == percent for count in range(base + 1))

    assert (counts_for(percent, base) is not None) == is_possible
    assert (told(f"Sur les {base} ménages, {percent} % sont relogés.") == []) == is_possible


def test_a_value_whose_base_is_written_is_checked():
    def found(number, base):
        return list(percentages(values(figure("R", number, unit="%", kind="rate", base=base))))

    assert [finding.level for finding in found(16, "35 ménages entrés dans l'année")] == [Level.ALERT]
    assert found(17, "35 ménages entrés dans l'année") == []
    assert found(16, "Ménages entrés dans l'année") == []


def test_another_base_is_not_sought_in_the_whole_of_a_long_text(monkeypatch):
    looked = []
    monkeypatch.setattr(module, "_elsewhere", lambda shares, sentences: looked.append(len(sentences)) or "")

    told("13 % des 35 ménages.\n" * 200)

    assert looked == [module.MAX_SENTENCES] * 200


@settings(max_examples=50, deadline=None)
@given(st.integers(2, 300), st.data())
def test_the_percentage_of_a_count_on_another_is_recomputed(base, data):
    count = data.draw(st.integers(1, base))
    percent = share(count, base)

    for told_so in ("{} ménages sur {}, soit {} %", "{} ménages sur {} sont relogés ({} %)"):
        assert told(told_so.format(count, base, percent)) == []
        assert len(told(told_so.format(count, base, percent + 1))) == 1
