"""The random code of a household: short, unguessable, and its typing mistakes are seen."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logement import codes
from logement.codes import ALPHABET, DRAWN, DRAWS, LENGTH, free_code, new_code, read_code, show_code

drawn = st.builds(
    lambda characters: characters + codes._check(characters), st.text(ALPHABET, min_size=7, max_size=7)
)


def test_codes_are_short_and_all_different():
    made = {new_code() for _ in range(2000)}

    assert len(made) == 2000
    assert {len(code) for code in made} == {LENGTH}
    assert {character for code in made for character in code} == set(ALPHABET)


def test_codes_come_from_the_generator_of_secrets(monkeypatch):
    monkeypatch.setattr(codes.secrets, "choice", lambda alphabet: alphabet[3])

    assert new_code()[:DRAWN] == ALPHABET[3] * DRAWN


def test_a_code_that_is_taken_is_drawn_again_but_not_for_ever():
    taken = []

    def is_taken(code, until):
        taken.append(code)
        return len(taken) <= until

    assert free_code(lambda code: is_taken(code, 2)) == taken[2]
    taken.clear()
    assert free_code(lambda code: is_taken(code, DRAWS)) == taken[-1]
    assert len(taken) == DRAWS


@given(drawn)
def test_a_code_shown_reads_back(code):
    assert read_code(show_code(code)) == code
    assert read_code(f" {show_code(code).lower().replace('-', ' ')} ") == code


@given(drawn)
def test_a_character_that_handwriting_confuses_reads_as_the_one_meant(code):
    assert read_code(code.translate(str.maketrans("2568", "ZSGB"))) == code


@given(drawn, st.integers(0, LENGTH - 1), st.sampled_from(ALPHABET))
def test_any_wrong_character_is_seen(code, rank, other):
    mistaken = code[:rank] + other + code[rank + 1 :]
    if mistaken == code:
        return

    with pytest.raises(ValueError, match="faute de frappe"):
        read_code(mistaken)


@given(drawn)
def test_any_exchange_of_two_characters_is_seen(code):
    for first, second in combinations(range(LENGTH), 2):
        mistaken = list(code)
        mistaken[first], mistaken[second] = code[second], code[first]
        if code[first] != code[second]:
            with pytest.raises(ValueError, match="faute de frappe"):
                read_code("".join(mistaken))


@pytest.mark.parametrize("text", ["", "K7MP", "K7MP-3XWD-9", "K7MP-3XW0", "Dupont", "K7MP-3XWé"])
def test_what_is_no_code_is_refused_with_an_example(text):
    with pytest.raises(
        ValueError, match="n'est pas un code de ménage : il a 8 lettres et chiffres, par exemple"
    ):
        read_code(text)


def test_no_code_shows_as_nothing():
    assert show_code("") == show_code(None) == ""
