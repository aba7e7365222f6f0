"""The variants of the small report as LibreOffice saves them, in both formats: understood the same."""

from pathlib import Path

import pytest

from tests.axes.documents.made import read
from tests.axes.documents.test_variants import check
from tests.axes.documents.variants import VARIANTS
from tests.libreoffice import convert

WRITTEN = Path(__file__).parent / "written"
#: Of what LibreOffice saves again, enough to meet all that it writes otherwise.
SAVED = (
    "as it is",
    "a row cut over two tables",
    "titles merged over two rows",
    "two rows of headings",
    "the title of the axis inside the table",
    "lists of Word",
    "tables in cells",
    "revision marks",
    "titles without styles",
    "a table of contents",
)


def file_of(name):
    return name.replace(" ", "-").replace(",", "")


@pytest.mark.parametrize("kind", ["odt", "docx"])
@pytest.mark.parametrize("name", SAVED)
def test_what_libreoffice_saved_is_understood_the_same(name, kind):
    _, otherwise = VARIANTS[name]()

    check(read((WRITTEN / f"{file_of(name)}.{kind}").read_bytes(), kind), otherwise)


@pytest.mark.libreoffice
@pytest.mark.parametrize("kind", ["odt", "docx"])
def test_libreoffice_writes_the_variants(kind, tmp_path):
    """Writes again the files of the test above, which reads them where LibreOffice is not installed."""
    for name in SAVED:
        (tmp_path / f"{file_of(name)}.docx").write_bytes(VARIANTS[name]()[0])
    WRITTEN.mkdir(exist_ok=True)

    convert(*tmp_path.glob("*.docx"), to=kind, into=WRITTEN, profile=tmp_path / "profile")

    assert {path.stem for path in WRITTEN.glob(f"*.{kind}")} == set(map(file_of, SAVED))
