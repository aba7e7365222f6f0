"""A small report with one of everything: cover, figures, prose, lists, notes, long and short rows, an empty table."""

from logement.richtext import List, Note, Paragraph, Text
from reporting.document import Cell, Column, ContextFigure, ContextFigures, Document, Row, Section, Table

COLUMNS = (
    Column("Les actions menées en 2031", "title", 20),
    Column("État de la réalisation", "state", 12),
    Column("Indicateurs de suivi et résultats", "indicators", 34),
    Column("Observations", "observations", 34),
)
SENTENCE = (
    "Les équipes se retrouvent chaque mois sur une situation choisie, puis écrivent ce qu'elles retiennent. "
)


def paragraph(*content):
    return Paragraph(tuple(Text(inline) if isinstance(inline, str) else inline for inline in content))


def bullets(*texts, ordered=False):
    return List(tuple((paragraph(text),) for text in texts), ordered)


def row(number, title, state, indicators, observations):
    return Row(
        f"action-{number}",
        (
            Cell((paragraph(title),), is_header=True),
            Cell((paragraph(state),)),
            Cell(indicators),
            Cell(observations),
        ),
    )


def axis(number, label, *rows):
    label = f"Axe {number} : {label}"
    table = Table(label, COLUMNS, rows, "Aucune action n'a été saisie pour cet axe.")
    return Section(f"axe-{number}", label, 2, (table,), landscape=True)


def document(*sections, **changes):
    whole = {
        "title": "Rapport d'exécution 2031 – Vallée de l'Orbe",
        "running_title": "Vallée de l'Orbe – Rapport d'exécution 2031",
        "language": "fr",
        "cover": (
            paragraph("Plan Logement d'abord"),
            paragraph("Rapport d'exécution 2031"),
            paragraph("AMI « Essai »"),
        ),
        "publisher": "Vallée de l'Orbe",
        "date_label": "2031",
        "notice": "Projet",
        "sections": sections,
    }
    return Document(**{**whole, **changes})


def sample(*, rows=6):
    """The whole sample; `rows` is the number of rows in its longest table."""
    figures = (
        ContextFigure("Taux de pauvreté", "19 %", "Insee, 2029"),
        ContextFigure("Demandes en attente", "34 500", "Fichier partagé, décembre 2031"),
    )
    long_text = tuple(paragraph(SENTENCE * 4) for _ in range(12))
    actions = [
        row(
            n,
            f"Action n° {n} : suivre l'accès au logement",
            "Réalisée",
            (
                paragraph("Depuis 2029, 142 ménages, dont 35 cette année (71% en sortie d'hôtel)."),
                bullets("un", "deux"),
            ),
            (
                paragraph(
                    SENTENCE, Text("À retenir", bold=True), " : la 3", Text("e", superscript=True), " séance."
                ),
            ),
        )
        for n in range(1, rows + 1)
    ]
    long_row = row(90, "Tenir la permanence téléphonique", "En cours", (paragraph("1,5 ETP"),), long_text)
    noted = row(
        91,
        "Écrire le guide",
        "Reportée",
        (paragraph("Zéro"),),
        (paragraph("Voir", Note((Text("Note de cellule."),))),),
    )
    return document(
        Section(
            "partie-preambule",
            "Préambule",
            1,
            (
                paragraph(
                    "Un mot ", Text("fort", bold=True, italic=True), Note((Text("Première note."),)), " ici !"
                ),
                ContextFigures("Chiffres de contexte", figures),
                bullets("premier", "second", ordered=True),
            ),
        ),
        Section(
            "partie-bilan",
            "1 Bilan des actions",
            1,
            sections=(
                axis(1, "Accéder", *actions[:2], long_row),
                axis(2, "Produire"),
                axis(3, "Accompagner", *actions[2:], noted),
            ),
        ),
        Section(
            "partie-dynamique",
            "2 Dynamique du territoire",
            1,
            (
                paragraph(SENTENCE * 6),
                paragraph("Suite", Note((Text("Autre note."),)), "."),
                paragraph("34 500 ; fin"),
            ),
        ),
    )
