"""The random code of a household. Pure: imports no Django.

The application makes the code; whose it is, the association notes at home and never here. A code says nothing of its
household: neither its association, nor its year, nor its rank.
"""

import secrets

#: One of each pair that handwriting confuses: no 0 O Q, 1 I L, Z, S, G, B, U V Y. Twenty-three, a prime number: the
#: check character therefore sees any wrong character and any two that were exchanged.
ALPHABET = "23456789ACDEFHJKMNPRTWX"
CONFUSED = str.maketrans("ZSGB", "2568")
DRAWN = 7  # 3.4 billion codes
LENGTH = DRAWN + 1
DRAWS = 5


def new_code():
    """A code that nobody can guess. A unique constraint keeps it the only one; `free_code` avoids meeting it."""
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(DRAWN))
    return drawn + _check(drawn)


def free_code(is_taken):
    """A code that `is_taken(code)` says nobody has; after DRAWS codes that are taken, the constraint will say it."""
    for _ in range(DRAWS):
        code = new_code()
        if not is_taken(code):
            break
    return code


def show_code(code):
    """« K7MP3XWD » -> « K7MP-3XWD », as it is read aloud and copied. No code -> ""."""
    return f"{code[:4]}-{code[4:]}" if code else ""


def read_code(text):
    """The code typed by somebody, whatever the case, the spaces and the dashes. Raises ValueError with a sentence."""
    code = "".join(character for character in text.upper() if character.isalnum()).translate(CONFUSED)
    if len(code) != LENGTH or not set(code) <= set(ALPHABET):
        raise ValueError(
            f"« {text.strip()} » n'est pas un code de ménage : il a {LENGTH} lettres et chiffres, "
            f"par exemple {show_code(EXAMPLE)}."
        )
    if _check(code[:DRAWN]) != code[DRAWN:]:
        raise ValueError(
            f"Le code « {show_code(code)} » contient une faute de frappe : recopiez-le depuis la liste."
        )
    return code


def _check(drawn):
    weighted = sum(rank * ALPHABET.index(character) for rank, character in enumerate(drawn, start=1))
    return ALPHABET[weighted % len(ALPHABET)]


EXAMPLE = "K7MP3XW" + _check("K7MP3XW")
