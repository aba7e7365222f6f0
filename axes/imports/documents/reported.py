"""What a person decided on an understanding -> the data of the JSON file that `load_report` takes. Pure."""


def report_of(understanding, decisions=None):
    """The data of the file, {"page_de_titre": …, "preambule": …, "sections": …}.

    `decisions`: {key of an item: Decision}; what has none is taken as it was understood.
    """
    raise NotImplementedError("The reader is being written")
