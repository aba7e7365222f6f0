"""Whether a text is a state of realisation, which one, and how it agrees."""

import re

from axes.imports.documents.understood import Confidence, StateFound
from axes.imports.headings import folded
from axes.imports.states import FORMS, USUAL, propose_inflection
from axes.models import Outcome

MAX_WORDS = 5  # « Partiellement réalisée en 2023 »
#: Beginnings of what is written for a state, without accents; the first that fits. The usual words come before them.
OTHER_WORDS = (
    (
        r"non (engage|demarre|commence|lance|debute|realise)|pas (engage|demarre|commence)|a venir|prevu|a engager",
        Outcome.NOT_STARTED,
    ),
    (r"partiel|en partie|realise\w* (partiellement|en partie)", Outcome.PARTIAL),
    (r"en cours|engage|demarre|lance|poursui|continu", Outcome.ONGOING),
    (r"report|decale|differe", Outcome.POSTPONED),
    (r"abandon|annul|supprim", Outcome.DROPPED),
    (r"realise|fait|termine|acheve|effectue|finalise|atteint|oui", Outcome.DONE),
)
#: {folded word: (outcome, forms)}
KNOWN = {folded(form): (outcome, forms) for outcome, forms in USUAL.items() for form in forms}


def is_state(text):
    """Whether the first line of a cell is a state."""
    line = text.strip().split("\n")[0]
    return 0 < len(line.split()) <= MAX_WORDS and outcome_of(line) is not None


def outcome_of(word):
    """The Outcome that a word says, or None."""
    bare = folded(word).strip(" .")
    if bare in KNOWN:
        return KNOWN[bare][0]
    return next((outcome for words, outcome in OTHER_WORDS if re.match(words, bare)), None)


def state_found(word, title, key, places):
    """The StateFound of a word as written, "" where the cell is empty."""
    inflection = propose_inflection(title)
    if not word:
        reason = "Aucun état n'est indiqué pour cette action."
        return StateFound(key, places, "", "", inflection, Confidence.UNSURE, reason)
    outcome = outcome_of(word)
    if outcome is None:
        reason = f"« {word} » n'est pas un état connu : choisissez ce qu'il veut dire."
        return StateFound(key, places, word, Outcome.OTHER, inflection, Confidence.UNSURE, reason)
    forms = USUAL[outcome]
    if word not in forms:
        usual = forms[FORMS.index(inflection)]
        reason = f"« {word} » est compris comme « {usual} »."
        return StateFound(key, places, word, outcome, inflection, Confidence.LIKELY, reason)
    if forms[FORMS.index(inflection)] != word:
        inflection = FORMS[forms.index(word)]
    return StateFound(key, places, word, outcome, inflection)
