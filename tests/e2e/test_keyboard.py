"""The work of the lead with the keyboard alone: Tab, Enter, arrows and typing; the focus is always seen."""

import pytest

from axes.models import Entry, Line, Year
from logement import jobs
from logement.models import Job
from reporting import renderers
from reporting.models import Version
from tests.e2e.conftest import cell

pytestmark = pytest.mark.once

FOCUS = """() => {
  const focused = document.activeElement;
  const style = getComputedStyle(focused);
  const box = focused.getBoundingClientRect();
  const words = [focused.getAttribute("aria-label"), focused.labels?.[0]?.textContent,
    document.getElementById(focused.getAttribute("aria-labelledby"))?.textContent, focused.textContent];
  return {
    tag: focused.tagName,
    name: (words.find((text) => text?.trim()) ?? "").replace(/\\s+/g, " ").trim(),
    isSeen: (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1) || style.boxShadow !== "none",
    isInView: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
  };
}"""


def tab_to(page, name):
    """Presses Tab until the focus is on what begins with these words; every stop on the way must be seen."""
    passed = []
    for _ in range(80):
        page.keyboard.press("Tab")
        focus = page.evaluate(FOCUS)
        passed.append(focus)
        if focus["tag"] != "BODY":
            assert focus["isSeen"], f"The focus does not show on {focus}"
            assert focus["isInView"], f"The focus is outside the window on {focus}"
        if focus["name"].startswith(name):
            return focus
    raise AssertionError(f"Tab never came to « {name} », but to {[focus['name'] for focus in passed]}")


def focused(page):
    return page.evaluate(FOCUS)["name"]


def until(page, condition):
    """Waits until a script says yes (the policy of the page forbids Playwright's own way, which needs eval)."""
    for _ in range(200):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"It never came: {condition}. The focus is on {page.evaluate(FOCUS)}")


def wait_for_focus(page, name):
    until(page, f"() => document.activeElement.textContent.trim().startsWith({name!r})")


def test_the_lead_signs_in_writes_and_saves_with_the_keyboard(page, exercise):
    page.goto("/")
    if focused(page) != "Courriel":
        tab_to(page, "Courriel")
    page.keyboard.type(exercise.lead.email)
    tab_to(page, "Mot de passe")
    page.keyboard.type("toit-dabord-2023")
    page.keyboard.press("Enter")
    page.wait_for_url("**/")
    page.get_by_role("heading", name="Camille Ferrand").wait_for()

    page.keyboard.press("Tab")
    assert focused(page) == "Aller au contenu"
    page.keyboard.press("Enter")
    tab_to(page, "Axes et actions")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{exercise.url('axes:axes')}")
    tab_to(page, "Axe 1 : Accueillir")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{exercise.axis_url()}")

    # A cell: the editor takes the focus, Tab leaves it, saving gives the focus back to « Modifier ».
    words = "Modifier Indicateurs de suivi et résultats : Ouvrir dix places"
    tab_to(page, words)
    page.keyboard.press("Enter")
    page.locator(".ProseMirror-focused").wait_for()
    page.keyboard.type("Places ")
    page.keyboard.press("Control+b")
    page.keyboard.type("ouvertes")
    tab_to(page, "Enregistrer")
    page.keyboard.press("Enter")
    wait_for_focus(page, "Modifier")
    assert focused(page) == words
    assert exercise.content() == "<p>Places <strong>ouvertes</strong></p>"

    # The state: a list chosen with the arrows.
    page.keyboard.press("Shift+Tab")
    assert focused(page) == "Modifier État de la réalisation : Ouvrir dix places"
    page.keyboard.press("Enter")
    until(page, "() => document.activeElement.matches('.cell-edit form select')")
    assert focused(page).startswith("État")
    page.keyboard.press("ArrowDown")
    tab_to(page, "Enregistrer")
    page.keyboard.press("Enter")
    wait_for_focus(page, "Modifier")
    assert Line.objects.get(pk=exercise.first.pk).state == exercise.done

    # Cancelling gives the focus back too.
    tab_to(page, "Modifier Observations : Ouvrir dix places")
    page.keyboard.press("Enter")
    page.locator(".ProseMirror-focused").wait_for()
    page.keyboard.type("Perdu")
    tab_to(page, "Annuler")
    page.keyboard.press("Enter")
    wait_for_focus(page, "Modifier")
    assert focused(page) == "Modifier Observations : Ouvrir dix places"

    # The other acts are behind « Plus ».
    tab_to(page, "Plus d'actes sur « Former les équipes »")
    page.keyboard.press("Enter")
    tab_to(page, "Monter d'un rang")
    page.keyboard.press("Enter")
    page.get_by_text("est remontée d'un rang").wait_for()
    assert page.locator(".action-title").all_inner_texts() == ["Former les équipes", "Ouvrir dix places"]


def test_the_buttons_of_the_editor_work_with_the_keyboard(lead, exercise):
    lead.goto(exercise.axis_url())
    place = cell(lead, exercise.first, exercise.indicators)
    tab_to(lead, "Modifier Indicateurs de suivi et résultats : Ouvrir dix places")
    lead.keyboard.press("Enter")
    lead.locator(".ProseMirror-focused").wait_for()
    lead.keyboard.type("Dix places")

    for _ in range(12):
        lead.keyboard.press("Shift+Tab")
        if focused(lead) == "Note de bas de page":
            break
        # One stop for the whole bar, then the arrows, is as good as one stop per button.
        if lead.evaluate("document.activeElement.closest('[role=toolbar]') !== null"):
            lead.keyboard.press("ArrowRight")
        if focused(lead) == "Note de bas de page":
            break
    assert focused(lead) == "Note de bas de page"
    lead.keyboard.press("Enter")
    lead.get_by_role("dialog").wait_for()
    assert focused(lead) == "Texte de la note"
    lead.keyboard.type("Depuis 2019.")
    tab_to(lead, "Enregistrer la note")
    lead.keyboard.press("Enter")
    lead.get_by_role("dialog").wait_for(state="detached")
    lead.locator(".ProseMirror-focused").wait_for()
    tab_to(lead, "Enregistrer")
    lead.keyboard.press("Enter")
    place.get_by_text("Enregistré", exact=True).wait_for()

    assert exercise.content() == '<p>Dix places<span data-note="Depuis 2019."></span></p>'


def test_after_a_refusal_the_focus_goes_to_what_must_be_mended(lead, exercise):
    lead.expected_errors.append("422")
    lead.goto(exercise.axis_url())
    tab_to(lead, "Modifier Les actions réalisées en 2023 : Ouvrir dix places")
    lead.keyboard.press("Enter")
    until(lead, "() => document.activeElement.matches('.cell-edit form textarea')")
    assert focused(lead) == "Intitulé de l'action"
    lead.keyboard.press("Control+a")
    lead.keyboard.press("Delete")
    tab_to(lead, "Enregistrer")
    lead.keyboard.press("Enter")
    lead.get_by_text("Donnez un intitulé à l'action.").first.wait_for()

    until(
        lead, "() => document.activeElement.matches('.error-summary, .error-summary *, [aria-invalid=true]')"
    )


def press(page, name):
    if not focused(page).startswith(name):
        tab_to(page, name)
    page.keyboard.press("Enter")


def write(page, name, words):
    """Opens a text in place, types it, saves it, and waits for the focus to come back."""
    press(page, name)
    page.locator(".ProseMirror-focused").wait_for()
    page.keyboard.type(words)
    press(page, "Enregistrer")
    wait_for_focus(page, "Modifier")


def test_the_lead_makes_the_whole_report_and_sends_it_with_the_keyboard(lead, exercise, monkeypatch):
    """From empty tables to the version that the State reads: states, cells, values, a chapter, then the acts."""
    monkeypatch.setattr(renderers, "ALL", tuple(r for r in renderers.ALL if r.name == "html"))
    lead.goto(exercise.axis_url())
    for title in ("Ouvrir dix places", "Former les équipes"):
        press(lead, f"Modifier État de la réalisation : {title}")
        until(lead, "() => document.activeElement.matches('.cell-edit form select')")
        lead.keyboard.press("ArrowDown")
        press(lead, "Enregistrer")
        wait_for_focus(lead, "Modifier")
        for column in ("Indicateurs de suivi et résultats", "Observations"):
            write(lead, f"Modifier {column} : {title}", "Fait.")

    for indicator in (exercise.indicator, exercise.context):
        lead.goto(exercise.url("axes:enter_value", indicator.code))
        tab_to(lead, "Valeur")
        lead.keyboard.type("12")
        lead.keyboard.press("Enter")
        lead.wait_for_url(lambda url: "/valeur/" not in url)
    lead.goto(exercise.url("axes:chapter", exercise.preamble.pk))
    write(lead, "Modifier", "Le plan en bref.")

    lead.goto(exercise.url("axes:dashboard"))
    press(lead, "Passer à : Relecture")
    lead.get_by_role("link", name="Transmettre le rapport").wait_for()
    press(lead, "Transmettre le rapport")
    lead.get_by_role("heading", name="Versions").wait_for()
    press(lead, "Transmettre la version 1")
    lead.get_by_text("La version 1 est transmise.").wait_for()
    jobs.run(Job.objects.get(kind="version").pk)
    lead.get_by_role("link", name="Voir le résultat").wait_for()
    press(lead, "Voir le résultat")
    lead.wait_for_url("**/versions/1/")
    with lead.expect_download():
        press(lead, "HTML")

    assert Entry.objects.filter(year=exercise.year, number=12).count() == 2
    assert (Year.objects.get(pk=exercise.year.pk).state, Version.objects.count()) == ("sent", 1)
