"""Reads a DOCX or ODT file given on standard input, in a process of its own: see logement/limited.py.

On its output the Document as JSON, or with code 1 the word of a refusal.
"""

import sys
from io import BytesIO
from zipfile import ZipFile

from lxml.etree import LxmlError

from logement.documents.opendocument import read_odt
from logement.documents.parts import Refusal
from logement.documents.stored import dump
from logement.documents.word import read_docx

READERS = {"docx": read_docx, "odt": read_odt}


def main(kind):
    try:
        with ZipFile(BytesIO(sys.stdin.buffer.read())) as archive:
            document = READERS[kind](archive)
    except Refusal as refusal:
        refuse(str(refusal))
    except (KeyError, StopIteration, LxmlError, RecursionError):
        refuse("broken")
    except MemoryError:
        refuse("large")
    sys.stdout.write(dump(document))


def refuse(word):
    sys.stdout.write(word)
    sys.exit(1)


if __name__ == "__main__":
    main(sys.argv[1])
