"""The smallest DOCX that a reader opens: a title, a heading and the table of an axis."""

import zipfile
from html import escape
from io import BytesIO

TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'wordprocessingml.document.main+xml"/></Types>'
)
LINKS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="word/document.xml"/></Relationships>'
)
BODY = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def paragraph(text):
    return f"<w:p><w:r><w:t>{escape(text)}</w:t></w:r></w:p>"


def table(rows):
    cells = (
        "".join(f"<w:tc>{''.join(map(paragraph, cell.split(chr(10))))}</w:tc>" for cell in row)
        for row in rows
    )
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>"


def docx(*parts):
    """The bytes of a document whose parts are texts, or lists of rows of texts."""
    body = "".join(paragraph(part) if isinstance(part, str) else table(part) for part in parts)
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr("_rels/.rels", LINKS)
        archive.writestr("word/document.xml", f"<w:document {BODY}><w:body>{body}</w:body></w:document>")
    return made.getvalue()


def report(number=2023):
    """A year's report of one axis and two actions."""
    return docx(
        f"Rapport d'exécution de la convention {number}",
        "1 Bilan de réalisation des actions",
        "Axe 1 : Loger",
        [
            (
                f"Les actions réalisées en {number}",
                "État de la réalisation",
                "Indicateurs de suivi",
                "Observations",
            ),
            ("Baux glissants", "Réalisés", f"En {number}, 40 ménages ont signé un bail.", "Deux quartiers."),
            ("Permanence au marché", "Réalisée", f"12 permanences tenues en {number}.", ""),
        ],
    )
