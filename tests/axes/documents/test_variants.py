"""Each variant of the small report is understood as the report is, to the words."""

import pytest

from axes.imports.documents import missing_words, report_of, understand
from logement.richtext import parse, plain
from tests.axes.documents.made import AXES, ROLES, read
from tests.axes.documents.variants import VARIANTS

LABELS = ["Mieux connaître les besoins", "Ouvrir des logements"]
ROWS = [row for rows in AXES.values() for row in rows]


def texts_of(understanding, role):
    """The lines of each row in the column of that role."""
    lines = []
    for table in understanding.tables:
        for row in table.rows:
            held = [cell for cell in row.cells if table.columns[cell.column].role == role]
            lines.append([plain(parse(passage.html)) for cell in held for passage in cell.passages])
    return lines


def check(document, otherwise):
    found = understand(document)
    roles = [column.role for column in found.tables[0].columns]

    assert missing_words(document, found) == []
    assert [row.title for row in found.rows] == otherwise.get("titles", [row[0] for row in ROWS])
    assert [(table.number, table.label) for table in found.tables] == list(enumerate(LABELS, start=1))
    left = otherwise.get("left", set())
    if "state" not in left:
        assert [row.state.word for row in found.rows] == otherwise.get("states", [row[1] for row in ROWS])
    if "roles" in otherwise:
        assert roles == otherwise["roles"]
    else:
        more = [otherwise["more"]] if "more" in otherwise else []
        assert sorted(roles) == sorted([role for role in ROLES if role not in left] + more)
        for role, rank in (("indicators", 2), ("observations", 3)):
            if role not in left:
                assert texts_of(found, role) == [row[rank] for row in ROWS]
    assert bool(
        [item for item in found.unsure if item.key not in {f.key for f in found.figures}]
    ) == otherwise.get("unsure", False)
    if "parts" not in otherwise:
        assert [(part.number, part.title) for part in found.sections] == [
            (1, "Bilan des chantiers"),
            (2, "Dynamique territoriale"),
        ]
        assert found.year == 2031
        assert [plain(parse(passage.html)) for passage in found.preamble][
            -1
        ] == "Ce rapport rend compte de la convention."
    assert [row.title for table in report_of(found).tables for row in table.rows] == [
        row.title for row in found.rows
    ]


@pytest.mark.parametrize("name", VARIANTS)
def test_a_variant_is_understood_as_the_report(name):
    raw, otherwise = VARIANTS[name]()

    check(read(raw), otherwise)
