"""What sentences count: the plural of a unit, and the events and documents told without a number. Pure."""

import re

from axes.checks.prose.tokens import Sort
from axes.checks.prose.vocabulary import fold, unaccented

EVENTS = frozenset(
    """
    reunion atelier soiree journee rencontre seminaire colloque conference formation session seance comite commission
    forum visite webinaire matinee evenement temps dejeuner inauguration festival ceremonie concertation
    """.split()
)
DELIVERABLES = frozenset(
    """
    rapport guide questionnaire page site etude charte plaquette convention cartographie carte outil enquete diagnostic
    fiche film video exposition kit livret newsletter lettre annuaire referentiel protocole module numero ligne
    plateforme observatoire logiciel base application deliberation note synthese bilan affiche brochure support
    """.split()
)
#: « Organisation d'un… »: what is done to the thing that is told.
ACTS = re.compile(
    r"(?:organisation|tenue|animation|creation|elaboration|redaction|production|publication|realisation|diffusion"
    r"|mise en (?:ligne|place|service|oeuvre)|lancement|conception|edition|envoi|signature|vote|adoption|ouverture"
    r"|participation|preparation|finalisation|actualisation|structuration|construction|installation)\s+"
    r"(?:et\s+\w+\s+)?(?:d\s*['’]\s*(?:un|une)\s|de\s+l\s*['’]|de\s+la\s|du\s|d\s*['’]|de\s|a\s+la\s|a\s+l\s*['’]|a\s+(?:un|une)\s|au\s)?",
    re.IGNORECASE,
)
ARTICLE = re.compile(
    r"(?:un|une|le|la|l\s*['’]|premier|premiere|nouveau|nouvelle|seconde|second)\s*", re.IGNORECASE
)


def plural(number):
    """The unit of a number as people write it after several: « ménages », « ETP », « temps »."""
    noun = number.noun
    if noun.isupper() and len(noun) > 1:
        return noun
    noun = "heures" if number.unit == "heure" and len(noun) == 1 else noun.lower()
    if abs(number.value) >= 2 or noun.endswith(("s", "x", "z")):
        return noun
    if noun.endswith("al"):
        return noun[:-1] + "ux"
    return noun + ("x" if noun.endswith(("au", "eu")) else "s")


def things_of(sentence):
    """[(start, end, unit, clause)] of the documents and events that a sentence without numbers tells, one by clause."""
    found = []
    for start, end in _clauses(sentence):
        place = _past(sentence.source, start, end)
        noun = next(
            (t for t in sentence.tokens if t.start >= place and t.end <= end and t.sort is Sort.WORD), None
        )
        if noun is None or noun.start - place > 2:
            continue
        folded = fold(noun.text)
        if folded != unaccented(noun.lower):
            continue  # a plural without a number counts nothing
        if folded in EVENTS:
            found.append((noun.start, noun.end, "événement", sentence.source[start:end]))
        elif folded in DELIVERABLES:
            found.append((noun.start, noun.end, "livrable", sentence.source[start:end]))
    return found


def _clauses(sentence):
    """[(start, end)] between the commas and semicolons that stand outside brackets."""
    bounds, depth = [sentence.start], 0
    for token in sentence.tokens:
        depth += {"(": 1, ")": -1}.get(token.text, 0)
        if token.text in {",", ";"} and depth == 0:
            bounds += [token.start, token.end]
    bounds.append(sentence.end)
    return list(zip(bounds[::2], bounds[1::2], strict=True))


def _past(text, start, end):
    """The place after « - Organisation d'une », « La première »."""
    bare = unaccented(text[:end]) if len(unaccented(text[:end])) == end else text[:end]
    place = start
    while place < end and not bare[place].isalnum():
        place += 1
    if act := ACTS.match(bare, place, end):
        place = act.end()
    for _ in range(2):
        if article := ARTICLE.match(bare, place, end):
            place = article.end()
    return place
