"""« Répétition générale » by keyboard: three lines mended, each gone; then on a phone, and without JavaScript."""

from datetime import date

import pytest

from axes.models import Justification, TextBlock
from axes.staleness import stale_of
from axes.workflow import record_entry, save_text

pytestmark = pytest.mark.once

ALERT = (
    "Sur les 48 ménages suivis, 17 ont été relogés, 3 sont hébergés, 12 sont orientés et 8 sont maintenus."
)
PERIOD = {"starts_on": date(2023, 1, 1), "ends_on": date(2023, 12, 31)}


@pytest.fixture
def flawed(exercise):
    """An alerte in a cell, a figure of the preamble that changed, an action without a state."""
    by = exercise.lead
    exercise.enter(12)
    exercise.write()
    exercise.second.state = None
    exercise.second.save()
    cell = TextBlock.objects.get(line=exercise.first, column=exercise.indicators)
    save_text(text=cell, version=cell.version, content=f"<p>{ALERT}</p>", by=by)
    told = TextBlock.objects.get(block=exercise.block)
    html = '<p>Le plan compte <span data-ref="C-01, unité"></span>.</p>'
    save_text(text=told, version=told.version, content=html, by=by)
    entry = exercise.context.entries.get()
    record_entry(
        indicator=exercise.context,
        year=exercise.year,
        by=by,
        number=13,
        corrects=entry,
        reason="Relu",
        **PERIOD,
    )
    return exercise


def reach(page, role, name):
    """Tabs from where the focus is until it is on this control; fails after a hundred keys."""
    wanted = page.get_by_role(role, name=name).first
    for _ in range(100):
        page.keyboard.press("Tab")
        if wanted.evaluate("element => element === document.activeElement"):
            return
    pytest.fail(f"{name} is out of reach of the Tab key")


def test_three_lines_are_mended_by_keyboard(lead, flawed, axe):
    address = flawed.url("reporting:rehearsal")
    lead.goto(flawed.url("axes:dashboard"))
    lead.get_by_role("link", name="Répétition générale").press("Enter")
    lead.wait_for_url(f"**{address}")
    axe(lead)
    assert lead.get_by_text("Le rapport ne peut pas encore être transmis.").is_visible()

    reach(lead, "button", "Accepter « 13\u00a0habitants »")
    lead.keyboard.press("Enter")
    lead.get_by_text("Le nouveau chiffre est accepté.").wait_for()
    assert stale_of(flawed.year) == []

    summary = lead.locator("summary", has_text="Justifier")
    summary.press("Enter")
    axe(lead)
    lead.keyboard.press("Tab")
    lead.keyboard.type("Huit suivis sont en cours.")
    lead.keyboard.press("Tab")
    lead.keyboard.press("Enter")
    lead.get_by_text("Le constat est justifié.").wait_for()
    assert Justification.objects.get().reason == "Huit suivis sont en cours."
    axe(lead)

    lead.get_by_role("link", name="Former les équipes, État de la réalisation").press("Enter")
    lead.wait_for_url("**#cellule-*")
    place = lead.locator(":target")
    place.get_by_role("link", name="Modifier").press("Enter")
    place.get_by_label("État").select_option("Réalisée")
    place.get_by_role("button", name="Enregistrer").press("Enter")
    place.get_by_text("Enregistré", exact=True).wait_for()
    lead.goto(address)
    assert lead.get_by_text("Plus rien ne s'oppose à la transmission.").is_visible()


def test_on_a_phone_it_fits(phone, flawed, log_in, axe):
    log_in(phone, flawed.lead)
    phone.goto(flawed.url("reporting:rehearsal"))
    phone.locator("summary", has_text="Garder").click()
    assert phone.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    axe(phone)


def test_without_javascript_a_refusal_keeps_what_was_typed(nojs, flawed, log_in):
    log_in(nojs, flawed.lead)
    nojs.goto(flawed.url("reporting:rehearsal"))
    nojs.expected_errors.append("422")
    form = nojs.locator("details", has_text="Justifier")
    form.locator("summary").click()
    nojs.get_by_label("Pourquoi ce constat peut rester").fill(" ")
    form.get_by_role("button").click()
    nojs.get_by_text("Écrivez pourquoi ce constat peut rester.").first.wait_for()
    form.get_by_label("Pourquoi ce constat peut rester").fill("En cours.")
    form.get_by_role("button").click()
    nojs.get_by_text("Constats justifiés").first.wait_for()
