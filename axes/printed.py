"""What the report prints by itself around what people wrote, and the anchors of its parts and rows.

An export that comes back from Word is known again by them (axes/imports). Pure: imports no Django.
"""

#: How the anchors of a part of the report and of a line begin; each is a bookmark of an export.
PART, LINE = "partie-", "action-"

#: The anchors of the parts that it composes: the page that opens it, and its annexes.
SYNTHESIS, SOURCES, JUSTIFIED = "annee-en-chiffres", "sources-des-chiffres", "constats-justifies"

DRAFT = "Projet"
STALE = " [à revoir : {now}]"
MISSING_STATE = "État non renseigné"
EMPTY_TABLE = "Aucune action n'a été saisie pour cet axe."
NO_FIGURES = "Aucun indicateur n'est défini pour cet exercice."

#: The headings of the table of figures, which has no « Action » where none of them has one.
FIGURE_HEADINGS = ("Action", "Indicateur", "Valeur", "Base et période", "Source")
#: Those that the renderers give to the context figures and to the values of charts (reporting/renderers/reading.py).
CONTEXT_HEADINGS = ("Donnée", "Valeur", "Source")
CHARTS_HEADING, CHARTS_TARGET = "Chiffre", "Cible"
