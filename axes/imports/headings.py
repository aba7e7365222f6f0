"""Which column holds what, found from the words of its heading, whatever their order. Pure: imports no Django."""

import re
import unicodedata
from itertools import permutations

TITLE, STATE, INDICATORS, OBSERVATIONS, OTHER = "title", "state", "indicators", "observations", "other"

#: The beginnings of words that a heading of each kind uses, without accents.
WORDS = {
    TITLE: "action activite chantier dispositif intitule mesure operation projet".split(),
    STATE: "avancement etape etat progression realisation stade statut".split(),
    INDICATORS: "bilan chiffre donnee indicateur livrable produit resultat".split(),
    OBSERVATIONS: "analyse commentaire difficulte observation precision remarque".split(),
}
#: More than anybody prints; the search below grows with the fourth power.
MAX_COLUMNS = 16


def folded(text):
    """Small letters without accents, one space between words: two spellings of the same heading are equal."""
    bare = "".join(
        sign for sign in unicodedata.normalize("NFD", text.casefold()) if not unicodedata.combining(sign)
    )
    return " ".join(bare.replace("’", "'").split())


def roles_of(headings, *, others, needed):
    """One role per heading. `others` are the folded headings that rows fill under their own name; `needed` the roles
    for which rows carry something.

    The best assignment by words comes first; then the roles that are left go, in order, to the headings that are
    left, the needed ones before; a heading too many is one more text. A needed role may find no column.
    """
    roles = [OTHER if folded(heading) in others else None for heading in headings]
    free = [i for i, role in enumerate(roles) if role is None]
    for i, role in _best(headings, free).items():
        roles[i] = role
    left = [role for role in WORDS if role not in roles]
    left.sort(key=lambda role: role != TITLE and role not in needed)
    for i in free:
        if roles[i] is None:
            roles[i] = left.pop(0) if left else OTHER
    return roles


def _best(headings, free):
    """{rank of a heading: role}, with the greatest total of the scores; a score of zero assigns nothing."""
    scores = {i: _scores(headings[i]) for i in free}
    candidates = [i for i in free if any(scores[i].values())] + [None] * len(WORDS)

    def total(chosen):
        return sum(scores[i][role] for role, i in zip(WORDS, chosen, strict=True) if i is not None)

    best = max(permutations(candidates, len(WORDS)), key=total)
    return {i: role for role, i in zip(WORDS, best, strict=True) if i is not None and scores[i][role]}


def _scores(heading):
    """2 for the role of the first telling word of the heading, 1 for the roles of the others."""
    roles = [
        role
        for word in re.findall(r"\w+", folded(heading))
        for role, beginnings in WORDS.items()
        if word.startswith(tuple(beginnings))
    ]
    return {role: 2 if roles[:1] == [role] else int(role in roles) for role in WORDS}
