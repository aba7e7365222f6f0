"""What a partner sent -> a receipt of one or two pages. Pure but for reading the frozen content of a Sending.

No draft is read: the partner, its guest and the lead get the same bytes.
"""

from datetime import datetime

from axes.periods import Period
from axes.submissions.content import read, sent_figure
from axes.values import Value
from logement.richtext import Paragraph, Text
from logement.templatetags.ui import datetime_fr
from reporting.document import Cell, Column, Document, Row, Section, Table

COLUMNS = (
    Column("Ce qui était demandé", "title", 46),
    Column("Réponse transmise", "other", 24),
    Column("Remarque", "other", 30),
)
WITHOUT_ACTION = "Sans action précise"


def document(sending):
    """The Document of a receipt: who sent, when, the fingerprint, then every answer as it was sent."""
    content = read(sending)
    title = f"Récépissé de transmission {content['year']} – {content['organisation']}"
    return Document(
        title=title,
        running_title=f"{content['territory']} – {title}, envoi n° {content['rank']}",
        language="fr",
        cover=(),
        publisher=content["territory"],
        date_label=str(content["year"]),
        sections=(
            Section("transmission", "Transmission", 1, facts(content, sending.fingerprint)),
            *(
                Section(f"action-{rank}", label, 1, nodes(label, answers, content["year"]))
                for rank, (label, answers) in enumerate(by_action(content).items(), start=1)
            ),
        ),
    )


def facts(content, fingerprint):
    """Who sent what, in sentences, and how to check it."""
    when = datetime_fr(datetime.fromisoformat(content["sent_at"]))
    if content["is_on_behalf"]:
        who = f"Saisi par la métropole ({content['sent_by']}) pour le compte de {content['organisation']}"
        source = f" Document source : {content['source']}."
    else:
        who, source = f"Transmis par {content['sent_by']} pour {content['organisation']}", ""
    return (
        paragraph(f"{who}, le {when} (envoi n° {content['rank']}).{source}"),
        Paragraph((Text("Empreinte (SHA-256) : "), Text("\n" + fingerprint, bold=True))),
        paragraph(
            "Cette empreinte est celle des réponses ci-dessous, telles qu'elles ont été transmises. La même se lit "
            "dans l'application, pour le partenaire comme pour la métropole : un seul caractère changé en donnerait "
            "une autre."
        ),
    )


def by_action(content):
    """{action's title: answers}, in the order of the questionnaire."""
    found = {}
    for answer in content["answers"]:
        found.setdefault(answer["action"] or WITHOUT_ACTION, []).append(answer)
    return found


def nodes(label, answers, year):
    """The figures in a table, then the texts and the documents."""
    figures = [answer for answer in answers if answer["kind"] == "figure"]
    others = [node for answer in answers if answer["kind"] != "figure" for node in prose(answer)]
    rows = tuple(row(answer, year) for answer in figures)
    return (*([Table(label, COLUMNS, rows)] if rows else ()), *others)


def row(answer, year):
    value = Value(unit=answer["unit"], period=Period.of_year(year), **sent_figure(answer).quantity)
    base = f" ({value.base_display})" if value.unit == "%" and value.base_display else ""
    cells = (answer["label"], value.display + base, answer["note"])
    return Row(
        anchor=f"reponse-{answer['question']}",
        cells=tuple(Cell((paragraph(words),), is_header=not place) for place, words in enumerate(cells)),
    )


def prose(answer):
    """A text or the list of the joined documents under its name; that nothing was written is said."""
    yield Paragraph((Text(answer["label"], bold=True),))
    if "documents" in answer:
        words = [f"{document['name']} ({document['size']} octets)" for document in answer["documents"]]
        nothing = "Aucune pièce jointe."
    else:
        words, nothing = [line for line in answer["text"].splitlines() if line.strip()], "Rien n'a été écrit."
    yield from map(paragraph, words or [nothing])


def paragraph(text):
    return Paragraph((Text(text),))
