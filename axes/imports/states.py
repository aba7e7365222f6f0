"""The states of realisation: those that every convention starts with, and how a word of the file is one of them."""

import re

from axes.imports.headings import folded
from axes.models import Inflection, Outcome, State

FORMS = ("fs", "ms", "fp", "mp")
#: Outcome -> the four forms, in the order of `FORMS`.
USUAL = {
    Outcome.DONE: ("Réalisée", "Réalisé", "Réalisées", "Réalisés"),
    Outcome.PARTIAL: (
        "Partiellement réalisée",
        "Partiellement réalisé",
        "Partiellement réalisées",
        "Partiellement réalisés",
    ),
    Outcome.ONGOING: ("En cours",) * 4,
    Outcome.POSTPONED: ("Reportée", "Reporté", "Reportées", "Reportés"),
    Outcome.DROPPED: ("Abandonnée", "Abandonné", "Abandonnées", "Abandonnés"),
    Outcome.NOT_STARTED: ("Non engagée", "Non engagé", "Non engagées", "Non engagés"),
}
MASCULINE = ("age", "isme", "ème", "ttre", "ire")


def usual_states(agreement):
    """The six states, not yet saved."""
    return [
        _state(agreement, outcome, forms, position)
        for position, (outcome, forms) in enumerate(USUAL.items(), start=1)
    ]


def states_for(words, states, agreement):
    """({word: its State}, the new States, not yet saved): a new one where none of `states` prints exactly that word.

    A word that differs by its case or accents only keeps its spelling and takes the meaning of the state it is.
    """
    known, found = list(states), {}
    for word in words:
        state = next((state for state in known if word in _forms(state)), None)
        if state is None:
            state = _new_state(word, known, agreement)
            known.append(state)
        found[word] = state
    return found, known[len(states) :]


def inflection_of(word, state, title):
    """The agreement that prints `word`; where several do (« En cours »), or no state is known, the title's own."""
    proposed = propose_inflection(title)
    if state is None or state.word(proposed) == word:
        return proposed
    return next(Inflection(form) for form in FORMS if state.word(form) == word)


def propose_inflection(title):
    """A guess from the ending of the title's first word; a person corrects it."""
    word = next(iter(re.findall(r"[^\W\d_]{4,}", title.lower())), "")
    singular = word.rstrip("sx")
    is_feminine = singular.endswith(("ion", "té", "e")) and not singular.endswith(MASCULINE)
    return Inflection(("f" if is_feminine else "m") + ("p" if word != singular else "s"))


def _forms(state):
    return [state.word(form) for form in FORMS]


def _new_state(word, known, agreement):
    position = max((state.position for state in known), default=0) + 1
    for outcome, forms in USUAL.items():
        if word in forms:
            return _state(agreement, outcome, forms, position)
    meanings = [(state.outcome, _forms(state)) for state in known] + list(USUAL.items())
    outcome = next((of for of, forms in meanings if folded(word) in map(folded, forms)), Outcome.OTHER)
    return _state(agreement, outcome, (word,) * 4, position)


def _state(agreement, outcome, forms, position):
    return State(
        agreement=agreement, outcome=outcome, position=position, **dict(zip(FORMS, forms, strict=True))
    )
