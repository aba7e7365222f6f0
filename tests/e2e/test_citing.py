"""Citing a figure where one writes: by keyboard, on a phone, without JavaScript, at the same time as somebody else."""

import pytest

from axes.models import TextBlock
from tests.e2e.conftest import cell, edit, save

pytestmark = pytest.mark.once

CHIP = '<span data-ref="{ref}">{words}</span>'


@pytest.fixture
def first(lead, exercise):
    """The cell of the first action, in the lead's page; its only figure is « A1-01 Places », 12."""
    exercise.enter(12)
    lead.goto(exercise.axis_url())
    return cell(lead, exercise.first, exercise.indicators)


def open_finder(page):
    """By keyboard, from the text: back to the toolbar, on to its button."""
    page.keyboard.press("Shift+Tab")
    while page.evaluate("document.activeElement.title") != "Insérer un chiffre":
        page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    page.get_by_role("radio", name="Places").wait_for()


def test_a_figure_is_cited_by_keyboard_then_kept_changed_and_undone(lead, exercise, first, axe):
    writing = edit(first)
    writing.press_sequentially("Soit ")
    open_finder(lead)
    lead.keyboard.type("place")
    lead.keyboard.press("Enter")
    lead.locator("[name='chiffre-code']:focus").wait_for()
    lead.keyboard.press("Tab")
    lead.keyboard.press("Space")
    lead.get_by_text("S'écrira : douze").first.wait_for()
    assert lead.evaluate("document.activeElement.value") == "lettres"
    axe(lead)
    lead.keyboard.press("Enter")
    lead.get_by_role("dialog").wait_for(state="detached")
    lead.keyboard.type(" places.")
    save(first)
    assert exercise.content() == f"<p>Soit {CHIP.format(ref='A1-01, lettres', words='douze')} places.</p>"

    # The same chip again: Enter opens its choices, Escape leaves it, an undo takes back what was chosen.
    writing = edit(first)
    writing.locator("[data-ref]").click()
    lead.keyboard.press("Enter")
    lead.get_by_role("checkbox", name="en lettres").wait_for()
    assert lead.get_by_role("checkbox", name="en lettres").is_checked()
    lead.keyboard.press("Escape")
    assert writing.inner_text().strip() == "Soit douze places."
    lead.keyboard.press("Enter")
    lead.get_by_role("checkbox", name="en lettres").uncheck()
    lead.get_by_text("S'écrira : 12").first.wait_for()
    lead.get_by_role("button", name="Remplacer").click()
    lead.get_by_role("dialog").wait_for(state="detached")
    assert writing.inner_text().strip() == "Soit 12 places."
    lead.keyboard.press("Control+z")
    assert writing.inner_text().strip() == "Soit douze places."


def test_a_chip_goes_with_its_text_and_beside_what_word_pastes(lead, exercise, first):
    exercise.write()
    other = cell(lead, exercise.second, exercise.indicators)
    text = TextBlock.objects.get(line=exercise.first, column=exercise.indicators)
    TextBlock.objects.filter(pk=text.pk).update(
        content=f"<p><strong>{CHIP.format(ref='A1-01', words='12')}</strong> lits</p>"
    )
    lead.reload()
    writing = edit(first)
    lead.keyboard.press("Control+a")
    lead.keyboard.press("Control+c")
    target = edit(other)
    lead.keyboard.press("Control+a")
    lead.keyboard.press("Control+v")
    lead.evaluate(
        """() => {
            const data = new DataTransfer()
            const words = "<p class=MsoNormal>, dont <b>cinq</b><o:p></o:p></p>"
            data.setData("text/html", `<html xmlns:o='urn:x'>${words}</html>`)
            document.activeElement.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true}))
        }"""
    )
    assert target.inner_text().strip() == "12 lits, dont cinq"
    save(other)

    stored = TextBlock.objects.get(line=exercise.second, column=exercise.indicators)
    chip = CHIP.format(ref="A1-01", words="12")
    assert stored.content == f"<p><strong>{chip}</strong> lits, dont <strong>cinq</strong></p>"
    assert stored.citations.count() == 1
    assert writing.inner_text().strip() == "12 lits"


def test_a_note_cites_and_two_tabs_keep_their_chips(lead, exercise, first, open_page, log_in):
    lead.expected_errors.append("409")
    other = open_page()
    log_in(other, exercise.lead)
    other.goto(exercise.axis_url())
    place = cell(other, exercise.first, exercise.indicators)
    edit(place).press_sequentially("Douze.")

    edit(first).press_sequentially("Voir")
    lead.get_by_role("button", name="Note de bas de page").click()
    lead.get_by_label("Texte de la note").fill("Dont  places.")
    lead.get_by_label("Texte de la note").evaluate("field => field.setSelectionRange(5, 5)")
    lead.get_by_role("button", name="Insérer un chiffre").last.click()
    lead.get_by_role("radio", name="Places").check()
    lead.get_by_role("button", name="Insérer", exact=True).click()
    lead.get_by_role("button", name="Enregistrer la note").click()
    save(place)
    first.get_by_role("button", name="Enregistrer").click()
    first.get_by_text("Ce texte a été modifié pendant que vous l'écriviez").wait_for()
    first.get_by_role("button", name="Enregistrer ma version").click()
    first.get_by_text("Enregistré", exact=True).wait_for()

    assert exercise.content() == ('<p>Voir<span data-note="Dont [[chiffre: A1-01 | 12]] places."></span></p>')


def test_typed_numbers_are_linked_in_place_and_the_keyboard_stays_there(lead, exercise, first):
    edit(first).press_sequentially("Soit 12 places, puis 12 autres.")
    save(first)

    first.get_by_text("2 nombres à lier").click()
    first.get_by_role("button", name="Lier 12 à A1-01 Places").first.click()
    first.get_by_text("1 nombre à lier").wait_for()

    assert lead.evaluate("document.activeElement.tagName") == "SUMMARY"
    assert first.get_by_role("link", name="12").get_attribute("title") == "A1-01 Places"
    assert exercise.content() == f"<p>Soit {CHIP.format(ref='A1-01', words='12')} places, puis 12 autres.</p>"


def test_a_figure_is_found_and_cited_without_javascript(nojs, exercise, log_in):
    exercise.enter(12)
    log_in(nojs, exercise.lead)
    nojs.goto(exercise.cell_url())
    nojs.get_by_label("Texte", exact=True).fill("Soit **beaucoup** de places")
    nojs.get_by_text("Citer un chiffre", exact=True).click()
    nojs.get_by_label("Chercher un chiffre par ses mots").fill("place")
    nojs.keyboard.press("Enter")
    nojs.get_by_label("en lettres").check()
    nojs.get_by_role("button", name="Voir ce qui s'écrira").click()
    markup = nojs.locator(".finder-markup code").inner_text()
    field = nojs.get_by_label("Texte", exact=True)
    assert field.input_value() == "Soit **beaucoup** de places"
    field.fill(f"Soit {markup} places")
    nojs.get_by_role("button", name="Enregistrer").click()

    assert exercise.content() == f"<p>Soit {CHIP.format(ref='A1-01, lettres', words='douze')} places</p>"


def test_the_finder_fits_a_phone_and_says_when_nothing_answers(phone, exercise, log_in, axe):
    exercise.enter(12)
    log_in(phone, exercise.lead)
    phone.goto(exercise.axis_url())
    edit(cell(phone, exercise.first, exercise.indicators))
    phone.get_by_role("button", name="Insérer un chiffre").click()
    phone.get_by_role("radio", name="Places").check()
    phone.get_by_text("S'écrira : 12").first.wait_for()
    axe(phone)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390

    phone.expected_errors.append("ERR_INTERNET_DISCONNECTED")
    phone.context.set_offline(True)
    phone.get_by_role("checkbox", name="en lettres").check()
    phone.get_by_text("Les chiffres ne répondent pas").wait_for()
    phone.context.set_offline(False)
    phone.get_by_role("button", name="Annuler").last.click()
