"""French words as the checks compare them: without accents nor plural, the small words apart. Pure."""

import re
import unicodedata
from functools import lru_cache

from logement.numbers import SINGULARS

#: Never the thing that a number counts, though some of them end like a plural.
SMALL_WORDS = frozenset(
    """
    a afin ailleurs ainsi alors apres au aucun aucune aussi aux avait avaient avant avec avoir car ce cela celle celles
    celui ces cet cette ceux chacun chacune chaque chez comme contre d dans de depuis derriere des desormais deux donc
    dont du elle elles en encore enfin ensuite entre environ est et etaient etait etant ete etre eu fois font grace hors
    ici il ils jamais jusqu jusque l la laquelle le lequel les lesquelles lesquels leur leurs lors lorsque lui mais
    malgre meme moins n ne ni non nos notre nous on ont or ou outre par parmi pas pendant peu plus plusieurs pour puis
    qu quand que quel quelle quelles quels qui sa sans se selon sera seront ses si soit son sont sous suite suivant sur
    tandis tels tous tout toute toutefois toutes tres trop un une vers vis vos votre vous y autres suivants suivantes
    respectivement maximum minimum dessous dessus
    """.split()
)
#: Stand between a number and what it counts: « 11 nouvelles résidences ».
ADJECTIVES_BEFORE = frozenset(
    """
    nouveau nouvel nouvelle nouveaux nouvelles autre autres petit petite petits petites grand grande grands grandes
    premier premiere premiers premieres dernier derniere derniers dernieres principaux principales principal principale
    differents differentes different differente divers diverses vrai vraie vrais vraies seul seule seuls seules
    bon bonne bons bonnes ancien ancienne anciens anciennes jeune jeunes longue longues long longs
    """.split()
)
#: In « -é(e)s », and yet the thing that is counted.
NOUNS_IN_E = frozenset(
    """
    annee journee soiree matinee entree duree arrivee donnee idee allee tournee assemblee employe employee salarie
    salariee associe associee refugie refugiee retraite retraitee arrete marche deputee depute delegue deleguee
    beneficie blesse diplome diplomee traite cle musee lycee procede trophee assigne invite
    """.split()
)
PARTICIPLE = re.compile("ée?s?$")
#: Those in another letter, but for what is counted as often as it is said of others (« suivis », « sorties »).
OTHER_PARTICIPLES = frozenset(
    """
    maintenu maintenue parti partie sorti recu recue rendu rendue perdu perdue soutenu soutenue retenu retenue inscrit
    inscrite admi admise ouvert ouverte couvert couverte pourvu pourvue connu connue inconnu inconnue exclu exclue
    obtenu obtenue conclu conclue promu promue devenu devenue
    """.split()
)
LEAST = 4  # letters of a word that says something
#: Units of time and the like: never a whole that is shared out, nor what a percentage is a share of.
MEASURES = frozenset("mois heure jour an annee semaine etp minute euro fois point".split())


@lru_cache(maxsize=20_000)
def unaccented(text):
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


@lru_cache(maxsize=20_000)
def fold(word):
    """« Événements » -> « evenement », « baux » -> « bail »: one form for a word, whatever its number and accents."""
    word = word.lower().replace("œ", "oe")
    if word in SINGULARS:
        return unaccented(SINGULARS[word])
    word = unaccented(word)
    if len(word) > LEAST and word.endswith("eaux"):
        return word[:-1]
    if len(word) > LEAST and word.endswith("aux"):
        return word[:-3] + "al"
    return word[:-1] if len(word) > 3 and word[-1] in "sx" else word


def is_small(word):
    return unaccented(word.lower()) in SMALL_WORDS


@lru_cache(maxsize=20_000)
def stem(word):
    """What « expulsion » and « expulser », « reçu » and « reçue » share; nothing of a small word."""
    folded = fold(word)
    if len(folded) < LEAST or folded in SMALL_WORDS:
        return ""
    return folded[:6].rstrip("e") or folded


def is_participle(word):
    """Whether it says what became of what was counted (« relogés »); « journées », « activités » are nouns."""
    folded = fold(word)
    is_nominal = folded in NOUNS_IN_E or folded.endswith(("ite", "iete"))
    return folded in OTHER_PARTICIPLES or (bool(PARTICIPLE.search(word.lower())) and not is_nominal)
