"""LibreOffice itself opens the files and prints them: the words of its PDF are those of the document.

apt-get install libreoffice-writer-nogui libreoffice-calc-nogui
python -m pytest -m libreoffice tests/reporting/test_office_round_trip.py
"""

from collections import Counter
from dataclasses import replace
from io import BytesIO, StringIO

import pytest
from django.core.management import call_command
from python_calamine import CalamineWorkbook

from axes.models import Year
from reporting import renderers, snapshot
from reporting.assembly import assemble
from tests.libreoffice import saved_again
from tests.reporting.sample import sample
from tests.reporting.test_formats import FIGURES
from tests.reporting.test_golden import layout_words, text_of_pdf, texts_of, words

pytestmark = [pytest.mark.libreoffice, pytest.mark.once]


def converted(document, name, ending, folder):
    """The bytes that LibreOffice makes of a format."""
    return saved_again(renderers.by_name(name).render(document), name, ending, folder)


def check_print(document, name, folder):
    found = words(text_of_pdf(converted(document, name, "pdf", folder)))
    wanted = sum(map(words, texts_of(document)), Counter())
    layout = layout_words(document)

    assert wanted - found == Counter()
    assert {word for word in found - wanted if word not in layout and not word.isdecimal()} == set()


@pytest.mark.parametrize("name", ["docx", "odt"])
def test_the_sample_prints_whole(name, tmp_path):
    check_print(replace(sample(), figures=FIGURES), name, tmp_path)


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["docx", "odt"])
def test_the_demonstration_prints_whole(name, tmp_path):
    call_command("demo", stdout=StringIO())
    check_print(assemble(snapshot.take(Year.objects.get(number=2023).pk)), name, tmp_path)


@pytest.mark.parametrize(("name", "other"), [("xlsx", "ods"), ("ods", "xlsx")])
def test_a_workbook_is_the_same_once_saved_as_the_other_kind(name, other, tmp_path):
    document = replace(sample(), figures=FIGURES)
    ours = CalamineWorkbook.from_filelike(BytesIO(renderers.by_name(name).render(document)))
    theirs = CalamineWorkbook.from_filelike(BytesIO(converted(document, name, other, tmp_path)))

    assert theirs.sheet_names == ours.sheet_names
    for sheet in ours.sheet_names:
        assert theirs.get_sheet_by_name(sheet).to_python() == ours.get_sheet_by_name(sheet).to_python()
