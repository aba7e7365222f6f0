"""Two people, two browsers, one cell: the second is told in place, keeps its text, and sees the other's."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from axes.models import Line
from tests.e2e.conftest import cell, edit, save
from tests.factories import MembershipFactory


@pytest.fixture
def pages(exercise, open_page, log_in):
    """The axis, open in the browsers of Camille and of Denis."""
    denis = MembershipFactory(lead=True, territory=exercise.territory, user__full_name="Denis Aubert").user
    opened = []
    for user in (exercise.lead, denis):
        page = open_page()
        page.expected_errors.append("409")
        log_in(page, user)
        page.goto(exercise.axis_url())
        opened.append(page)
    return opened


def test_the_second_text_is_refused_in_place_with_both_texts(exercise, pages, axe):
    camille, denis = (cell(page, exercise.first, exercise.indicators) for page in pages)
    edit(camille).press_sequentially("Dix places.")
    edit(denis).press_sequentially("Douze places.")
    save(camille)

    # The last words, sent before a draft of them is kept: the clock of the page stands still.
    pages[1].clock.install()
    pages[1].clock.pause_at(timezone.now() + timedelta(minutes=5))
    writing = denis.locator(".ProseMirror")
    writing.focus()
    pages[1].keyboard.insert_text(" Ou onze.")
    writing.evaluate("editor => editor.closest('form').requestSubmit()")
    notice = denis.get_by_role("alert")
    notice.get_by_text("Ce texte a été modifié pendant que vous l'écriviez").wait_for()
    pages[1].clock.resume()

    expect(denis.locator(".ProseMirror")).to_have_text("Douze places. Ou onze.")
    assert "par Camille Ferrand" in notice.inner_text()
    assert denis.locator("blockquote").inner_text() == "Dix places."
    assert exercise.content() == "<p>Dix places.</p>"
    axe(pages[1])

    denis.locator(".ProseMirror").press_sequentially(" Ou dix.")
    denis.get_by_role("button", name="Enregistrer ma version").click()
    denis.get_by_text("Enregistré", exact=True).wait_for()
    assert exercise.content() == "<p>Douze places. Ou onze. Ou dix.</p>"


def test_after_a_conflict_cancelling_keeps_the_other_text(exercise, pages):
    camille, denis = (cell(page, exercise.first, exercise.indicators) for page in pages)
    edit(camille).press_sequentially("Dix places.")
    edit(denis).press_sequentially("Douze places.")
    save(camille)
    denis.get_by_role("button", name="Enregistrer").click()
    denis.locator("blockquote").wait_for()

    denis.get_by_role("link", name="Annuler").click()
    denis.get_by_role("link", name="Modifier").wait_for()

    assert denis.locator(".prose").inner_text() == "Dix places."
    assert exercise.content() == "<p>Dix places.</p>"


def test_the_second_title_is_refused_in_place_with_both_titles(exercise, pages, axe):
    camille, denis = (page.locator(f"#action-{exercise.first.pk} .col-title .cell-edit") for page in pages)
    for place, title in ((camille, "Ouvrir onze places"), (denis, "Ouvrir douze places")):
        place.get_by_role("link", name="Modifier").click()
        place.get_by_label("Intitulé de l'action").fill(title)
    save(camille)

    denis.get_by_role("button", name="Enregistrer").click()
    denis.get_by_text("Cette ligne a été modifiée pendant que vous la modifiiez.").wait_for()

    assert denis.locator("dd").inner_text() == "Ouvrir onze places"
    assert denis.get_by_label("Intitulé de l'action").input_value() == "Ouvrir douze places"
    assert Line.objects.get(pk=exercise.first.pk).title == "Ouvrir onze places"
    axe(pages[1])
