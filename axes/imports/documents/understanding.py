"""From a document as it was read to the report that it is. Pure: imports no Django."""


def understand(document):
    """The Understanding of a Document. Never refuses: what is not recognised is unsure, with its reason."""
    raise NotImplementedError("The reader is being written")
