"""What the second territory of the demonstration says: every name and every number is made up."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from axes.models import Column, Indicator, Inflection, Outcome
from logement.demo import OTHER_BODY
from logement.models import Organisation

Authority, StateOffice = Organisation.Kind.AUTHORITY, Organisation.Kind.STATE
Kind, Time = Indicator.Kind, Indicator.Temporality
YEARS = (2024, 2025)
AGREEMENT = {
    "title": "Convention d'exemple 2024-2025",
    "call": "",
    "starts_on": date(2024, 1, 1),
    "ends_on": date(2025, 12, 31),
}
SIGNATORIES = (
    (OTHER_BODY, Authority),
    ("Département d'Exemple (fictif)", Authority),
    ("DDETS d'Exemple (fictive)", StateOffice),
)
AXES = ("Trouver des logements", "Accompagner les personnes", "Observer et animer le réseau")
#: Five columns, with headings of its own.
COLUMNS = (
    (Column.Role.TITLE, "Actions conduites en {annee}"),
    (Column.Role.STATE, "Avancement"),
    (Column.Role.INDICATORS, "Chiffres de l'année"),
    (Column.Role.OBSERVATIONS, "Difficultés et réussites"),
    (Column.Role.OTHER, "Suites prévues"),
)
SECTIONS = ("Actions de la convention", "Vie du réseau", "Ce que la convention a changé")
SOURCE = "Tableau de bord inventé pour la démonstration"
JUSTIFICATION = "Données inventées pour la démonstration : ce constat montre une justification imprimée."


@dataclass(frozen=True, slots=True)
class InventedAction:
    """A line of the first year; in its `sentence`, « {A1-01} » cites the figure of this code."""

    axis: int
    title: str
    outcome: Outcome
    inflection: Inflection
    observations: str
    following: str
    sentence: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class InventedIndicator:
    """`action` is a title, empty for the context; `whole` and `flow` codes made before."""

    action: str
    target: int | None = None
    whole: str = ""
    flow: str = ""
    fields: dict = field(default_factory=dict)


FEMININE, MASCULINE = Inflection.FEMININE, Inflection.MASCULINE
SEARCH, MANDATE = "Recherche de logements privés", "Mandat de gestion avec un bailleur"
TEAM, WORKSHOP = "Équipe mobile d'accompagnement", "Atelier sur les droits"
COUNT, FURNITURE = "Comptage annuel des besoins", "Échange de meubles entre partenaires"
ACTIONS = (
    InventedAction(
        1,
        SEARCH,
        Outcome.ONGOING,
        FEMININE,
        "Les propriétaires demandent surtout un interlocuteur unique.",
        "Tenir une permanence par mois.",
        "Dans l'année, {A1-01} logements ont été trouvés, pour un objectif fixé à la signature.",
        "La recherche dure autant que la convention",
    ),
    InventedAction(
        1,
        MANDATE,
        Outcome.DONE,
        MASCULINE,
        "Le mandat type a été relu par les trois signataires.",
        "Aucune : l'action est finie.",
        "Le mandat type est signé et publié.",
    ),
    InventedAction(
        2,
        TEAM,
        Outcome.ONGOING,
        FEMININE,
        "L'équipe est complète depuis le printemps.",
        "Étendre les visites du soir.",
        "L'équipe a suivi {A2-01} ménages, dont {A2-02} personnes seules.",
        "L'équipe poursuit son travail",
    ),
    InventedAction(
        2,
        WORKSHOP,
        Outcome.PARTIAL,
        MASCULINE,
        "La salle prêtée a manqué tout l'été.",
        "Chercher une seconde salle.",
        "{A2-03} séances se sont tenues, et {A2-04} sessions de formation pour les professionnels.",
        "Séances d'été annulées",
    ),
    InventedAction(
        3,
        COUNT,
        Outcome.DONE,
        MASCULINE,
        "Le questionnaire tient en une page.",
        "Refaire le comptage à la même date.",
        "Le comptage a réuni {A3-01} structures.",
    ),
    InventedAction(
        3,
        FURNITURE,
        Outcome.DROPPED,
        MASCULINE,
        "Le local envisagé n'était pas accessible.",
        "Aucune.",
        "Aucun échange n'a eu lieu.",
        "Pas de local",
    ),
)
#: In the order of the codes that they will have: A1-01, A1-02, A2-01…
INDICATORS = (
    InventedIndicator(
        SEARCH,
        target=20,
        fields={
            "label": "Logements trouvés dans l'année",
            "definition": "Logements dont le bail ou le mandat est signé dans l'année",
            "unit": "logements",
            "kind": Kind.DELIVERABLE,
            "temporality": Time.FLOW,
            "base": "Logements proposés",
        },
    ),
    InventedIndicator(
        SEARCH,
        flow="A1-01",
        fields={
            "label": "Logements trouvés depuis le début de la convention",
            "definition": "Logements dont le bail ou le mandat est signé",
            "unit": "logements",
            "kind": Kind.DELIVERABLE,
            "temporality": Time.CUMULATIVE,
            "base": "Logements proposés",
        },
    ),
    InventedIndicator(
        TEAM,
        target=30,
        fields={
            "label": "Ménages suivis par l'équipe mobile",
            "definition": "Ménages vus au moins une fois dans l'année",
            "unit": "ménages",
            "kind": Kind.HEADCOUNT,
            "temporality": Time.FLOW,
            "base": "Ménages orientés vers l'équipe",
        },
    ),
    InventedIndicator(
        TEAM,
        whole="A2-01",
        fields={
            "label": "Ménages suivis : personnes seules",
            "definition": "Ménages d'une seule personne, parmi les ménages suivis",
            "unit": "ménages",
            "kind": Kind.HEADCOUNT,
            "temporality": Time.FLOW,
            "base": "Ménages suivis par l'équipe mobile",
        },
    ),
    InventedIndicator(
        WORKSHOP,
        fields={
            "label": "Séances de l'atelier",
            "definition": "Séances tenues dans l'année",
            "unit": "séances",
            "kind": Kind.EVENT,
            "temporality": Time.FLOW,
            "base": "Séances prévues",
        },
    ),
    # This one and the applicants below are called as in the first territory, the applicants defined in other words:
    # the two territories have something to show side by side.
    InventedIndicator(
        WORKSHOP,
        fields={
            "label": "Sessions de formation au Logement d'abord",
            "definition": "Nombre de sessions ouvertes dans l'année aux acteurs locaux du logement.",
            "unit": "sessions",
            "kind": Kind.EVENT,
            "temporality": Time.FLOW,
            "base": "Sessions tenues",
            "is_about_people": False,
        },
    ),
    InventedIndicator(
        COUNT,
        fields={
            "label": "Structures qui ont répondu au comptage",
            "definition": "Structures qui ont rendu le questionnaire",
            "unit": "structures",
            "kind": Kind.HEADCOUNT,
            "temporality": Time.FLOW,
            "base": "Structures sollicitées",
            "is_about_people": False,
        },
    ),
    InventedIndicator(
        "",
        fields={
            "label": "Habitants de l'agglomération fictive",
            "unit": "habitants",
            "kind": Kind.CONTEXT,
            "temporality": Time.DATED,
            "is_about_people": False,
        },
    ),
    InventedIndicator(
        "",
        fields={
            "label": "Demandeurs de logement social",
            "definition": "Ménages dont la demande porte d'abord sur l'agglomération fictive, en fin d'année",
            "unit": "demandeurs",
            "kind": Kind.CONTEXT,
            "temporality": Time.DATED,
        },
    ),
)
#: A part before its whole, which is told of a part that comes later.
VALUES = {
    2024: {
        "A1-01": {"number": Decimal(14)},
        "A1-02": {"number": Decimal(14)},
        "A2-02": {"number": Decimal(11)},
        "A2-01": {"number": Decimal(25)},
        "A2-03": {"number": Decimal(18)},
        "A2-04": {"number": Decimal(3)},
        "A3-01": {"number": Decimal(12)},
        "C-01": {"number": Decimal(84_000)},
        "C-02": {"number": Decimal(4_950)},
    },
    # The cumul of the second year follows from its flow; the others are still to come.
    2025: {
        "A1-01": {"number": Decimal(19)},
        "A2-02": {"number": Decimal(13)},
        "A2-01": {"number": Decimal(31)},
        "C-01": {"number": Decimal(84_300)},
        "C-02": {"number": Decimal(5_120)},
    },
}
NARRATIVE = (
    "Ce rapport est inventé : il montre qu'un autre territoire se prépare avec les mêmes pages.",
    "Le réseau s'est réuni chaque trimestre et partage une lettre d'information.",
    "La convention a permis de trouver {A1-02} logements depuis son début.",
)
REDEFINED = "A2-01"
REDEFINITION = "Ménages vus au moins trois fois dans l'année"
REDEFINITION_REASON = "L'équipe ne compte plus les ménages vus une seule fois (donnée inventée)."


def sentence_of(title):
    """What the cell of the indicators of an action says."""
    return next(action.sentence for action in ACTIONS if action.title == title)
