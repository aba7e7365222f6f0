"""What a convention starts with where nothing else is said: four columns, three parts, and the states of every one."""

from axes.models import Column

LAYOUT = "Tableau des actions"
#: (what it holds, its heading); `{annee}` is the year of the exercise.
COLUMNS = (
    (Column.Role.TITLE, "Les actions réalisées en {annee}"),
    (Column.Role.STATE, "État de la réalisation"),
    (Column.Role.INDICATORS, "Indicateurs de suivi et résultats"),
    (Column.Role.OBSERVATIONS, "Observations"),
)
#: The first one holds the tables of the axes.
SECTIONS = (
    "Bilan de réalisation des actions inscrites dans la convention",
    "Dynamique territoriale, communication et animation du réseau",
    "Bilan global sur le territoire",
)
COVER, PREAMBLE, ANNEX = "Page de titre", "Préambule", "Annexe : chiffres de l'exercice"
FEMININE = "ée"


def agreed_forms(feminine):
    """(feminine, masculine, their plurals) of a state: « Différée » gives « Différé »; any other word stays as it is.

    A guess that a person corrects, as that of the agreement of a title.
    """
    if not feminine.endswith(FEMININE):
        return (feminine,) * 4
    masculine = feminine[:-1]
    return feminine, masculine, f"{feminine}s", f"{masculine}s"
