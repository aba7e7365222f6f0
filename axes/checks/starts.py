"""What has been counted « au 31 décembre » without saying since when. Pure."""

from axes.checks.finding import Level, finding
from axes.checks.prose.vocabulary import fold
from axes.checks.wording import count_words, listed
from axes.periods import month_label

CODE = "depart"
MEND = "Écrivez depuis quand on compte (« depuis novembre 2019 »), ou précisez « dans l'année »."
#: What is counted as it comes, and adds up: said « au 31 décembre », it has a start.
EVENTS = frozenset(
    """
    candidature demande attribution entree sortie orientation signalement saisine sollicitation dossier appel
    formulaire inscription admission relogement reunion seance session formation
    """.split()
)
RECEIVED = frozenset(
    """
    transmis transmise transmises recu recue recus recues depose deposee deposes deposees formule formulee formulees
    enregistre enregistree enregistres enregistrees adresse adressee adresses adressees traite traitee traites traitees
    """.split()
)
#: Words that say over what time.
OVER_TIME = frozenset("depuis annee an mois trimestre semestre exercice periode durant pendant entre".split())


def starts(dossier):
    """Counts of events given at a day, in a sentence which says no start."""
    for passage, sentence in dossier.sentences:
        counts = [number for number in sentence.counts if number.unit in EVENTS]
        if not counts or not _is_at_a_day(sentence) or _has_start(sentence):
            continue
        words = [word for _, word in sentence.words]
        if not RECEIVED & set(words):
            continue
        numbers = [number for number in sentence.counts if number.unit]
        named = listed([count_words(number.value, number.noun) for number in numbers])
        yield finding(
            CODE,
            Level.ALERT,
            [passage.place],
            f"{named} au {_day(sentence)} : depuis quand ?{_known(dossier, passage, counts)}",
            MEND,
            numbers=[number.value for number in numbers],
            excerpt=sentence.text,
        )


def _is_at_a_day(sentence):
    before = {word for date in sentence.dates if date.day for word in _word_before(sentence, date)}
    return "au" in before


def _word_before(sentence, date):
    return [word for place, word in sentence.words if place < date.start][-1:]


def _has_start(sentence):
    if any(date.since or date.day is None for date in sentence.dates):
        return True
    return bool(OVER_TIME & {fold(word) for _, word in sentence.words})


def _day(sentence):
    date = next(date for date in sentence.dates if date.day)
    return sentence.between(date.start, date.end)


def _known(dossier, passage, counts):
    """What the indicator says, where one of the action is a cumul of that number."""
    for figure in dossier.figures_of.get(passage.action, ()):
        is_same = figure.since and figure.number in {number.value for number in counts}
        if passage.action and is_same:
            return f" L'indicateur compte depuis {month_label(figure.since)}."
    return ""
