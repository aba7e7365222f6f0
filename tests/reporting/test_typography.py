import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reporting.typography import french

alphabet = st.one_of(
    st.sampled_from(" \n\u00a0\u202f«»:;!?%€'’…\"()[]-/.,_@=0123456789aé"),
    st.sampled_from(
        [
            " ETP",
            " mai",
            "34 500",
            "https://x.fr/?a;b",
            "14:30",
            "1:2",
            "a@b.fr",
            "...",
            "www.x.fr",
            " n° ",
            "k€",
        ]
    ),
    st.characters(exclude_categories=["Cs"]),
)
texts = st.lists(alphabet, max_size=12).map("".join)


def words(text):
    return re.sub(r"\s", "", text).replace("’", "'")


def shown(text):
    """No-break spaces made visible: ~ is U+00A0, _ is U+202F."""
    return text.replace("\u00a0", "~").replace("\u202f", "_")


@given(texts, texts, texts)
@example("a! !", "", "")
@example("«»", "", "")
def test_french_changes_spaces_and_apostrophes_only(text, before, after):
    assert words(french(text, before, after)) == words(text)


@given(texts, texts, texts)
@example("a:»", "", "")
@example("34 500:", "", "")
def test_french_once_is_enough(text, before, after):
    once = french(text, before, after)
    assert french(once, before, after) == once


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("34 500 demandeurs et 1 234 567 euros", "34_500 demandeurs et 1_234_567 euros"),
        ("empreinte 9832 55b8 c392 208d", "empreinte 9832 55b8 c392 208d"),
        ("en 2023 500 ménages", "en 2023 500 ménages"),
        ("04 67 13 60 00", "04 67 13 60 00"),
        ("le 24 mai, le 1er juin", "le 24~mai, le 1er~juin"),
        ("Attention! Vraiment ? Oui ; non;", "Attention_! Vraiment_? Oui_; non_;"),
        ("Quoi?! (non?)", "Quoi_?! (non_?)"),
        ("Axe 2 : produire, axe 3: suivre", "Axe 2~: produire, axe 3~: suivre"),
        ("«Louer solidaire» ou « Louer solidaire »", "«~Louer solidaire~» ou «~Louer solidaire~»"),
        ("19% puis 26 % et 2 770€, 5 k€", "19~% puis 26~% et 2_770~€, 5~k€"),
        ("1,5 ETP pour 12 ménages, 5,8 mois", "1,5~ETP pour 12 ménages, 5,8~mois"),
        ("l'année d'Emma, l’an, 'mot'", "l’année d’Emma, l’an, 'mot'"),
        ("à 14:30, ratio 1:2, 3h30", "à 14:30, ratio 1:2, 3h30"),
        (
            "https://exemple.fr/a?b=1;c!d voir : www.exemple.fr;",
            "https://exemple.fr/a?b=1;c!d voir~: www.exemple.fr;",
        ),
        ("d'abord@exemple.fr l'a_b x=1; C:\\temp", "d'abord@exemple.fr l'a_b x=1; C:\\temp"),
        ("n° 5 et n°12", "n°~5 et n°~12"),
        ("etc. ... …", "etc. ... …"),
        (": début", ": début"),
        ("(!) a!=b foo;bar 100%coton", "(!) a!=b foo;bar 100%coton"),
        ("ligne :\nautre", "ligne~:\nautre"),
    ],
)
def test_french(typed, printed):
    assert shown(french(typed)) == printed


@pytest.mark.parametrize(
    ("nodes", "printed"),
    [
        (["dit « ", "mot", " » fin"], ["dit «~", "mot", "~» fin"]),
        (["dit «", "mot", "» fin"], ["dit «~", "mot", "~» fin"]),
        (["dit « ", "mot ", "»"], ["dit «~", "mot~", "»"]),
        (["Axe 1", " : a"], ["Axe 1", "~: a"]),
        (["Axe 1 ", ": a"], ["Axe 1~", ": a"]),
        (["Axe 1", ": a"], ["Axe 1", "~: a"]),
        (["l'", "eau"], ["l’", "eau"]),
        (["14:", "30"], ["14:", "30"]),
    ],
)
def test_french_at_the_edges_of_nodes(nodes, printed):
    edges = ["", *nodes, ""]
    assert [shown(french(edges[i], edges[i - 1], edges[i + 1])) for i in range(1, len(nodes) + 1)] == printed


@pytest.mark.parametrize("piece", ["x", "\u00a0", "1 234 ", "!", "«", "»", "://", "www.", "a ;"])
def test_a_long_run_keeps_its_characters(piece):
    """The longest text that is stored; read twice over for each character, it would take minutes, and fail by that."""
    text = piece * (60_000 // len(piece))

    assert "".join(french(text).split()) == "".join(text.split())
