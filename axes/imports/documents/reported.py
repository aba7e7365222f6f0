"""What a person decided on an understanding -> the ReportFile that `write_report` takes. Pure."""


def report_of(understanding, decisions=None):
    """The ReportFile, its texts the HTML of the passages: marks, nested lists, notes and figures stand in it.

    `decisions`: {key of an item: Decision}; what has none is taken as it was understood. The rows of the tables come
    in the order of `understanding.rows`, less those that were left, so that each is known again once written.
    """
    raise NotImplementedError("The reader is being written")
