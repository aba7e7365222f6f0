"""The figures of a report as a table: one column list for the spreadsheets and the CSV. Pure.

`name` is the column of the CSV, held by the published schema (static/schemas/chiffres-1.schema.json); `title` heads the
same column of a spreadsheet. A value is a str, a Decimal, an int, a date, a bool or None.
"""

from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter

QUALIFIERS = {
    "exact": "exact",
    "around": "environ",
    "nearly": "près de",
    "at_least": "au moins",
    "more_than": "plus de",
}
BLANKS = {
    "": "",
    "unavailable": "non disponible",
    "not_applicable": "sans objet",
    "pending": "pas encore reçu",
    "masked": "masqué",
}


@dataclass(frozen=True, slots=True)
class FigureColumn:
    name: str
    title: str
    meaning: str
    of: Callable


def _column(name, title, meaning, of):
    return FigureColumn(name, title, meaning, attrgetter(of) if isinstance(of, str) else of)


COLUMNS = (
    _column("code", "Code", "Le code de l'indicateur, le même d'une année à l'autre.", "code"),
    _column("axe", "Axe", "L'axe de la convention, ou « Le territoire ».", "heading"),
    _column("action", "Action", "L'action, sous son intitulé de l'exercice ; vide sans action.", "action"),
    _column("indicateur", "Indicateur", "Ce qui est compté.", "label"),
    _column("valeur", "Valeur", "Le chiffre tel que le rapport l'imprime.", "value"),
    _column(
        "nombre",
        "Nombre",
        "Le nombre, dans son unité ; pour une part en %, le pourcentage imprimé. Vide : voir la date, le numérateur "
        "ou l'absence.",
        "number",
    ),
    _column("unite", "Unité", "L'unité du nombre.", "unit"),
    _column("numerateur", "Numérateur", "Pour une part ou un rapport : ce que l'on compte.", "numerator"),
    _column("denominateur", "Dénominateur", "Pour une part ou un rapport : sur combien.", "denominator"),
    _column("date", "Date", "Pour un chiffre qui est une date.", "day"),
    _column(
        "precision",
        "Précision",
        "« exact », ou le mot qui nuance le nombre.",
        lambda figure: QUALIFIERS[figure.qualifier],
    ),
    _column(
        "absence",
        "Absence",
        "Pourquoi il n'y a pas de chiffre ; zéro est un nombre.",
        lambda figure: BLANKS[figure.blank],
    ),
    _column("debut", "Début", "Premier jour de la période ; vide pour un état à une date.", "starts_on"),
    _column("fin", "Fin", "Dernier jour de la période, ou le jour de l'état.", "ends_on"),
    _column("base", "Base", "Sur quoi porte le chiffre, et sa période si ce n'est pas l'exercice.", "base"),
    _column("source", "Source", "D'où vient le chiffre.", "source"),
    _column(
        "document", "Document source", "Le document ou l'organisme, avec son millésime.", "source_detail"
    ),
    _column("ont_repondu", "Ont répondu", "Partenaires dont la réponse est comptée.", "answered"),
    _column("interroges", "Interrogés", "Partenaires interrogés ; vide si aucun ne l'est.", "asked"),
    _column("fictive", "Valeur fictive", "« oui » : inventée pour une démonstration.", "is_fictive"),
    _column("definition", "Définition", "Ce que l'indicateur veut dire.", "definition"),
)
