"""Every word of a report file is in its PDF, and no other: a convention of another shape, the demonstration's file."""

import json
import re
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from axes import demo
from axes.imports import load_report
from logement.richtext import Paragraph, plain
from reporting import renderers, snapshot
from reporting.assembly import assemble
from reporting.document import Charts, ContextFigures, Table
from reporting.renderers.pictures import svgs_of
from reporting.renderers.reading import charts_table
from tests.factories import TerritoryFactory

pytestmark = [pytest.mark.django_db, pytest.mark.once]

DEMO = Path(demo.__file__).with_name("rapport-2023.json")

#: Another convention: three axes, one without number, other headings in another order, further columns, notes.
OTHER = {
    "page_de_titre": ["Accord local", "Compte rendu de l'accord triennal 2031^{bis}"],
    "preambule": ["Première année¹ de l'accord : 12,5 % du parc.", "- un point", "- un autre²"],
    "sections": [
        {"numero": None, "titre": "Avant-propos", "blocs": ["Un paragraphe sans tableau³."]},
        {
            "numero": 4,
            "titre": "Nos axes",
            "blocs": [
                "Une phrase avant les tableaux.",
                {
                    "numero": 1,
                    "titre": "Loger",
                    "tableau": {
                        "entetes": ["Commentaires", "Pilote", "Avancement", "Action", "Résultats obtenus"],
                        "lignes": [
                            {
                                "action": "Ouvrir une résidence",
                                "etat": "Presque finie",
                                "indicateurs": ["30 logements, 1 200 m² et 450 000 euros⁴"],
                                "observations": ["Le * chantier * avance", "1- puis on verra"],
                                "autres": {"Pilote": ["La Ville", "et l'Agence"]},
                            }
                        ],
                    },
                },
                {
                    "numero": None,
                    "titre": "Ailleurs",
                    "tableau": {
                        "entetes": ["Mesures prises en 2031", "État", "Financement"],
                        "lignes": [
                            {
                                "action": "Écouter",
                                "etat": "Réalisées",
                                "indicateurs": [],
                                "observations": [],
                                "autres": {"Financement": ["0 euro"]},
                            }
                        ],
                    },
                },
            ],
        },
    ],
    "notes": [{"numero": n, "texte": f"Texte de la {n}^{{e}} note."} for n in (1, 2, 3, 4)],
}


def test_pdf_has_every_word_of_the_file_imported_and_only_those():
    year = load_report(OTHER, territory=TerritoryFactory(name="Pays d'Auge"), number=2031)
    document = assemble(snapshot.take(year.pk))

    check_words(document, words_of_file(OTHER))


def test_pdf_has_every_word_of_the_demonstration_as_its_file_has_them():
    data = json.loads(DEMO.read_text(encoding="utf-8"))
    year = load_report(data, territory=TerritoryFactory(), number=2023)

    check_words(assemble(snapshot.take(year.pk)), words_of_file(data))


def check_words(document, wanted):
    """Every word wanted is in the PDF, as often; what is more belongs to the layout."""
    found = words(text_of_pdf(renderers.by_name("pdf").render(document)))
    layout = layout_words(document)

    assert wanted - found == Counter()
    assert {word for word in found - wanted if word not in layout and not word.isdecimal()} == set()


def layout_words(document):
    """What pages repeat: contents, running title, headings of columns, title of an action left unfinished."""
    texts = ["Sommaire suite Préambule Axe", document.notice, document.running_title]
    texts += [re.sub("<[^>]*>", " ", svg) for svg in svgs_of(document).values()]
    for section in walk(document.sections):
        texts.append(section.label)
        tables = [charts_table(node) if isinstance(node, Charts) else node for node in section.content]
        for table in (table for table in tables if isinstance(table, Table)):
            texts += [column.heading for column in table.columns]
            texts += [plain(cell.blocks) for row in table.rows for cell in row.cells if cell.is_header]
    return set(words(" ".join(texts)))


def texts_of(document):
    """Every text of a document in order, notes in their place."""
    yield from (plain((block,), with_notes=True) for block in document.cover)
    for section in walk(document.sections):
        yield section.label
        for node in section.content:
            yield from texts_of_node(node)


def texts_of_node(node):
    if isinstance(node, Table) and not node.rows:
        yield node.empty_text
    elif isinstance(node, Table):
        yield from (column.heading for column in node.columns)
        yield from (plain(cell.blocks, with_notes=True) for row in node.rows for cell in row.cells)
    elif isinstance(node, ContextFigures):
        yield f"{node.caption} Donnée Valeur Source"
        yield from (f"{figure.label} {figure.value} {figure.source}" for figure in node.figures)
    elif isinstance(node, Charts):
        yield from (text for chart in node.charts for text in (chart.title, chart.description))
        yield node.caption
        yield from texts_of_node(charts_table(node))
    else:
        yield plain((node,), with_notes=True)


def walk(sections):
    for section in sections:
        yield section
        yield from walk(section.sections)


def words_of_file(data):
    """The words of a report file; the keys of its objects are not words, but for the headings of further columns."""
    return words(re.sub(r"\^\{([^{}]+)\}", r"\1", " ".join(strings(data))))


def strings(node):
    if isinstance(node, dict):
        for key, child in node.items():
            if key not in {"numero", "autres"}:
                yield from strings(child)
        for paragraphs in node.get("autres", {}).values():
            yield from strings(paragraphs)
    elif isinstance(node, list):
        for child in node:
            yield from strings(child)
    else:
        yield node


def words(text):
    """The words as a multiset."""
    return Counter(word_list(text))


def word_list(text):
    """The words in order: numbers by groups of digits; apostrophes, spaces, hyphens and marks left out."""
    text = text.translate(str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", " " * 10))
    return re.findall(r"\d+|[^\W\d_]+", text.lower())


def text_of_pdf(content):
    """The words where they stand on the pages; without the joining of cut words that plain extraction does."""
    boxes = subprocess.run(
        ["pdftotext", "-bbox", "-", "-"], input=content, capture_output=True, check=True
    ).stdout
    found = re.findall(r"<word [^>]*>(.*?)</word>", boxes.decode())
    return " ".join(found).replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">")


def test_words_are_compared_for_what_they_are():
    assert words("L’abri, 34 500 m² : l'abri") == Counter({"l": 2, "abri": 2, "34": 1, "500": 1, "m": 1})
    assert plain((Paragraph(()),)) == ""
