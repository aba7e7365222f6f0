"""A file given by somebody, checked before it is opened, then read. Every refusal is a French sentence."""

MAX_BYTES = 20 * 1024 * 1024


class DocumentError(ValueError):
    """The file is refused; the text is the sentence shown."""


def read_document(raw, *, name):
    """The Document held by `raw` (bytes of a DOCX or ODT file). The format is told by the content.

    Raises DocumentError. Takes at most a few seconds, in a process of its own.
    """
    raise DocumentError("La lecture des documents Word n'est pas encore en service.")
