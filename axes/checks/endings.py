"""A name written with and without its final s: « un fond de sécurisation », « le fonds de sécurisation ». Pure.

« Fond » for money is such a slip by itself, even where the report never writes it otherwise.
"""

from axes.checks.finding import Level, finding
from axes.checks.prose.tokens import Sort, tokens_of
from axes.checks.prose.vocabulary import unaccented

CODE = "orthographe"
MEND = "Gardez une seule orthographe."
SINGULAR = frozenset("le un du au ce cet cette une la son sa notre votre leur chaque aucun".split())
LINKS = frozenset("de d du des".split())
#: What money is set aside for: « un fonds de … ».
SET_ASIDE = frozenset(
    """
    securisation garantie solidarite soutien secours aide aides roulement compensation concours dotation reserve
    urgence investissement amorcage mutualisation prevention
    """.split()
)


def endings(dossier):
    """After a singular article, the same phrase (« … de sécurisation ») with two endings of its first word."""
    found = {}
    for place, text in _texts(dossier):
        for noun, tail in _phrases(text):
            bare = noun.removesuffix("s")
            found.setdefault((bare, tail), {}).setdefault(noun, {}).setdefault(place)
    for (bare, tail), ways in found.items():
        if len(ways) > 1:
            yield _twice(bare, tail, ways)
        elif "fond" in ways and unaccented(tail.replace("'", " ").split()[-1]) in SET_ASIDE:
            yield _fund(tail, ways["fond"])


def _twice(bare, tail, ways):
    shown = " et ".join(f"« {noun} {tail} »" for noun in sorted(ways))
    return finding(
        CODE,
        Level.INFORMATION,
        dict.fromkeys(place for places in ways.values() for place in places),
        f"Le même nom est écrit de deux façons : {shown}.",
        MEND,
        numbers=[bare, tail],
    )


def _fund(tail, places):
    return finding(
        CODE,
        Level.INFORMATION,
        places,
        f"« fond {tail} » : de l'argent mis de côté s'écrit « fonds », avec un s même au singulier.",
        f"Écrivez « fonds {tail} ».",
        numbers=["fond", tail],
    )


def _texts(dossier):
    for passage in dossier.passages:
        yield passage.place, passage.text
    for figure in dossier.figures:
        yield figure.place, figure.label


def _phrases(text):
    """(noun, « de sécurisation ») after each singular article."""
    tokens = tokens_of(text)
    for rank, token in enumerate(tokens[:-3]):
        if unaccented(token.lower) not in SINGULAR:
            continue
        noun, link, *others = tokens[rank + 1 : rank + 5]
        if others and others[0].text in {"'", "’"}:
            others = others[1:]
        is_phrase = noun.sort is Sort.WORD and link.lower in LINKS and others and others[0].sort is Sort.WORD
        if is_phrase and len(noun.text) > 3:
            yield (
                noun.lower,
                f"{link.lower} {others[0].lower}" if link.lower != "d" else f"d'{others[0].lower}",
            )
