"""Word processors' files (DOCX, ODT) that somebody gives, read in a limited process. Pure: imports no Django.

document = read_document(raw, name="rapport.docx")      # or DocumentError: a French sentence
for block in document.blocks: block.place               # « p3 », « t2 »; a cell of a table: « t2-l1-c3 »
dump(document)                                          # as text, for a row of the database; load(…) gives it back
"""

from logement.documents.content import Cell, Document, Note, Paragraph, Row, Run, Table, place_label
from logement.documents.reading import MAX_BYTES, DocumentError, read_document
from logement.documents.stored import dump, load

__all__ = [
    "MAX_BYTES",
    "Cell",
    "Document",
    "DocumentError",
    "Note",
    "Paragraph",
    "Row",
    "Run",
    "Table",
    "dump",
    "load",
    "place_label",
    "read_document",
]
