"""A partner answers in a spreadsheet, with a browser: downloads, gives back, corrects, looks, saves."""

import pytest
from django.urls import reverse

from axes.models import Answer
from axes.submissions import sheets
from tests.axes.sheets_world import ANSWERS, ARREARS, World

pytestmark = pytest.mark.once


@pytest.fixture
def world(live_server):
    return World()


def address(world, name):
    return reverse(f"axes:{name}", args=["ici", 2023, world.submission.pk])


def give(page, path):
    page.get_by_label("Tableur rempli").set_input_files(path)
    page.get_by_role("button", name="Voir ce qui change").click()


def filled_from(world, path, answers):
    """What was downloaded, with answers typed in it."""
    filled = world.read(path.read_bytes())
    for row in filled.rows:
        row.values |= answers.get(row.key, {})
    path.write_bytes(sheets.write(world.submission, filled=filled))


@pytest.mark.parametrize("kind", ["phone", "nojs"])
def test_the_road_from_end_to_end(request, world, log_in, axe, tmp_path, kind):
    page, file = request.getfixturevalue(kind), tmp_path / "bilan.xlsx"
    log_in(page, world.by)
    page.goto(address(world, "upload_sheet"))
    if kind == "phone":
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
    with page.expect_download() as download:
        page.get_by_role("link", name="Télécharger le tableur").click()
    download.value.save_as(file)

    filled_from(world, file, ANSWERS | {ARREARS: {"numerator": 3}})
    give(page, file)
    page.get_by_text("1 case à corriger : rien ne s'enregistre").wait_for()
    if kind == "phone":
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
    with page.expect_download() as download:
        page.get_by_role("link", name="Télécharger mon tableur avec ses fautes").click()
    download.value.save_as(file)

    filled_from(world, file, {ARREARS: {"denominator": 4}})
    page.get_by_role("link", name="Donner un autre fichier").click()
    give(page, file)
    page.get_by_role("table", name="Ce qui change").get_by_text("75 %").wait_for()
    if kind == "phone":
        axe(page)
    page.get_by_role("button", name="Tout enregistrer").click()

    page.get_by_text("5 réponses enregistrées.").wait_for()
    assert page.url.endswith(address(world, "fill"))
    assert Answer.objects.get(question=ARREARS[1:]).numerator == 3
