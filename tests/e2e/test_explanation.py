"""A figure of the report explained in the browser: with the keyboard, on a phone, without JavaScript."""

import pytest

from axes.workflow import save_text
from tests.factories import TextBlockFactory

pytestmark = pytest.mark.once


@pytest.fixture
def report(exercise):
    """The address of a report whose preamble cites the places of axis 1."""
    exercise.enter()
    text = TextBlockFactory(block=exercise.block)
    content = '<p>Soit <span data-ref="A1-01, lettres"></span> places.</p>'
    save_text(text=text, version=text.version, content=content, by=exercise.lead)
    return exercise.url("reporting:report")


def figure(page):
    return page.locator(".report").get_by_role("link", name="douze")


def test_a_figure_opens_over_the_page_and_gives_the_focus_back(lead, report, axe):
    lead.goto(report)

    figure(lead).focus()
    lead.keyboard.press("Enter")
    dialog = lead.get_by_role("dialog", name="Places")
    dialog.get_by_text("Saisi par Camille Ferrand").wait_for()
    axe(lead)
    for _ in range(12):  # as many stops as there are, and round again
        lead.keyboard.press("Tab")
        assert lead.evaluate(
            "document.activeElement.closest('dialog') !== null || document.activeElement === document.body"
        )
    lead.keyboard.press("Escape")

    assert not dialog.is_visible()
    assert lead.evaluate("document.activeElement.textContent") == "douze"
    assert lead.url.endswith(report)


def test_the_dialog_fits_a_phone_and_closes_by_its_button(phone, log_in, exercise, report, axe):
    log_in(phone, exercise.lead)
    phone.goto(report)

    figure(phone).click()
    dialog = phone.get_by_role("dialog", name="Places")
    dialog.wait_for()
    axe(phone)

    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    assert dialog.bounding_box()["width"] <= 390
    dialog.get_by_role("button", name="Fermer").click()
    assert not dialog.is_visible()


def test_without_javascript_a_figure_leads_to_its_page_and_back(nojs, log_in, exercise, report):
    log_in(nojs, exercise.lead)
    nojs.goto(report)

    figure(nojs).click()

    assert nojs.get_by_role("heading", level=1).inner_text() == "Places"
    nojs.get_by_role("link", name="2023 : Préambule").click()
    assert nojs.locator(f"#bloc-{exercise.block.pk}").is_visible()


def test_a_session_that_ended_leads_to_sign_in(lead, report):
    lead.expected_errors.append("401")
    lead.goto(report)
    lead.context.clear_cookies()

    figure(lead).click()

    lead.get_by_label("Courriel").wait_for()
