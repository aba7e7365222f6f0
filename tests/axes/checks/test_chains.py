import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from axes.checks import Level
from axes.checks import chains as module
from axes.checks.chains import chains
from logement.numbers import share
from tests.axes.checks.dossiers import figure, texts

CALLS = "La plateforme a reçu des sollicitations de 355 ménages en 2023."
SHARE = (
    "Sur les sollicitations de la plateforme, 30 % touchent aux expulsions, "
    "dont 1 personne sur 2 accompagnée chez elle"
)
RATE = figure("R", unit="%", kind="rate", numerator=106, denominator=355)


def told(*written, figures=()):
    return [(finding.level, finding.sentence) for finding in chains(texts(*written, figures=figures))]


def test_a_share_of_a_share_is_set_against_its_count():
    ((level, sentence),) = told(f"{CALLS}\n{SHARE}\nLes 48 ménages accompagnés pour une expulsion locative")

    assert level is Level.ALERT
    assert sentence == (
        "30\u00a0% de 355 font 106,5, et 1 sur 2 de 106,5 font 53,3, alors que le texte compte 48\u00a0ménages."
    )


def test_the_numerator_of_the_rate_is_taken_where_it_is_known():
    ((_, sentence),) = told(SHARE, "Les 48 ménages accompagnés pour une expulsion", figures=[RATE])

    assert (
        sentence
        == "30\u00a0% de 355 font 106, et 1 sur 2 de 106 font 53, alors que le texte compte 48\u00a0ménages."
    )


@pytest.mark.parametrize("count", [52, 53, 54])
def test_a_count_within_the_rounding_raises_nothing(count):
    assert told(CALLS, SHARE, f"Les {count} ménages accompagnés pour une expulsion locative") == []


@pytest.mark.parametrize(
    "other",
    [
        "Les 48 ménages accompagnés pour un relogement",
        "Les 48 ménages menacés d'expulsion",
        "Près de 48 ménages accompagnés pour une expulsion",
    ],
)
def test_a_count_of_something_else_raises_nothing(other):
    assert told(CALLS, SHARE, other) == []


@pytest.mark.parametrize(
    ("words", "expected"), [("la moitié", "50"), ("un tiers", "33,3"), ("trois quarts", "75")]
)
def test_fractions_in_words_are_ratios(words, expected):
    text = f"Sur les 200 dossiers, 50 % touchent aux expulsions, dont {words} sont accompagnés chez eux"

    ((_, sentence),) = told(text, "Les 12 ménages accompagnés pour une expulsion")

    assert f"font {expected}, alors que" in sentence


def test_a_long_text_is_not_compared_with_the_whole_of_itself(monkeypatch):
    looked, base = [], module._base_in_words
    monkeypatch.setattr(
        module, "_base_in_words", lambda s, p, others: looked.append(len(others)) or base(s, p, others)
    )

    told("5 ménages suivis. 30 % dont la moitié.\n" * 200)

    assert looked == [module.MAX_SENTENCES] * 200


@settings(max_examples=50, deadline=None)
@given(st.integers(2, 2_000), st.data())
def test_the_half_of_a_share_is_found_wrong_exactly_when_it_is(half, data):
    """2 x half callers of an expulsion, of whom one in two is accompanied, whatever the percentage rounds to."""
    base = 2 * half + data.draw(st.integers(1, 3 * half))
    percent = share(2 * half, base)
    slack = base // 100 + 2  # what half a point of the base may be
    call = f"La plateforme a reçu des sollicitations de {base} ménages en 2023."
    part = f"Sur les sollicitations de la plateforme, {percent} % touchent aux expulsions, "

    def told_of(count):
        counted = f"Les {count} ménages accompagnés pour une expulsion locative"
        return told(call, f"{part}dont 1 personne sur 2 accompagnée chez elle", counted)

    assert told_of(half) == []
    assert [level for level, _ in told_of(half + slack)] == [Level.ALERT]
