"""A small report with one of everything: cover, figures, prose, lists, notes, long and short rows, an empty table."""

from dataclasses import replace
from decimal import Decimal

from logement.richtext import List, Note, Paragraph, Text
from reporting.document import (
    Cell,
    Chart,
    ChartPoint,
    Charts,
    Column,
    ContextFigure,
    ContextFigures,
    Document,
    Row,
    Section,
    Table,
)

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


SERIES = Chart(
    "graphique-1",
    "series",
    "Ménages entrés dans l'année",
    "31 ménages en 2030 (valeur fictive) ; 35 ménages en 2031, rupture de série ; cible : 40 ménages.",
    (
        ChartPoint("2029", "pas encore reçu"),
        ChartPoint("2030", "31", Decimal(31), is_rough=True, note="valeur fictive"),
        ChartPoint("2031", "35", Decimal(35), begins=True, note="rupture de série"),
    ),
    description="L'entrée se compte désormais au jour du bail.",
    target="40 ménages",
    target_number=Decimal(40),
)
PARTS = Chart(
    "graphique-2",
    "parts",
    "Personnes selon l'origine",
    "56 personnes en 2031 : Hébergement 40 ; Rue 16.",
    (
        ChartPoint("Hébergement d'urgence", "40", Decimal(40)),
        ChartPoint("Rue", "environ 16", Decimal(16), is_rough=True),
    ),
    year="2031",
    whole="56 personnes",
)
CHARTS = Charts("Chiffres clés", (SERIES, PARTS))


def illustrated():
    """The sample with a page of charts before its chapters, and one of them under the first table."""
    whole = sample()
    front = Section("annee-en-chiffres", "L'année en chiffres", 1, (CHARTS,))
    preamble, results, *others = whole.sections
    first, *axes = results.sections
    again = Charts("Chiffres clés de l'axe", (replace(SERIES, anchor="graphique-3"),))
    drawn = replace(results, sections=(replace(first, content=(*first.content, again)), *axes))
    return replace(whole, sections=(front, preamble, drawn, *others))
