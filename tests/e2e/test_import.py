"""Last year's Word report taken into the plan: given, reviewed beside the document, one figure corrected, saved."""

import pytest
from django.urls import reverse

from axes.imports.review import Review
from axes.imports.saving import save_import
from axes.models import Entry, Line, TextBlock
from tests.axes.import_world import given, key
from tests.axes.word_files import report
from tests.factories import MembershipFactory, TerritoryFactory

pytestmark = pytest.mark.once


@pytest.fixture
def lead(live_server):
    territory = TerritoryFactory(code="ici")
    return MembershipFactory(lead=True, territory=territory, user__full_name="Camille Ferrand").user


def figure(page, words):
    """The place of a figure, found by its words; it keeps its id while it is corrected."""
    found = page.locator(".import-figures .import-item").filter(has_text=words)
    return page.locator(f"#{found.get_attribute('id')}")


def test_a_report_is_given_reviewed_corrected_and_saved(page, lead, log_in, axe, tmp_path):
    (tmp_path / "rapport.docx").write_bytes(report())
    log_in(page, lead)
    page.goto("/")
    page.get_by_role("link", name="Reprendre un rapport Word").click()
    axe(page)
    page.get_by_label("Rapport", exact=True).set_input_files(tmp_path / "rapport.docx")
    page.get_by_role("button", name="Lire le rapport").click()
    page.get_by_role("link", name="Axe 1 : Loger").click()
    axe(page)

    # By keyboard: the label is corrected, kept as one leaves its field, then accepted.
    held = figure(page, "40 ménages")
    held.get_by_role("link", name="Corriger").focus()
    page.keyboard.press("Enter")
    label = held.get_by_label("Ce qui est compté")
    label.fill("Baux signés")
    page.keyboard.press("Tab")
    held.locator(".save-status[data-state='saved']").wait_for()
    axe(page)
    page.reload()
    held = figure(page, "Baux signés")
    held.get_by_role("button", name="Accepter").click()
    held.get_by_text("Accepté", exact=True).wait_for()

    page.locator(".import-parts").get_by_role("link", name="À vérifier").first.click()
    page.get_by_role("heading", name="À vérifier").wait_for()
    while (doubtful := page.locator(".is-doubtful button[value='accepted']")).count():
        left = page.locator(".is-doubtful").count()
        doubtful.first.click()
        page.wait_for_function("n => document.querySelectorAll('.is-doubtful').length < n", arg=left)
    page.get_by_role("link", name="Enregistrer dans l'exercice").click()
    axe(page)
    page.get_by_role("button", name="Enregistrer dans l'exercice").click()
    page.get_by_text("Le rapport est enregistré dans l'exercice 2023").wait_for()
    page.get_by_role("link", name="Axe 1 : Loger").click()
    page.locator("a.cited", has_text="40").wait_for()

    assert list(Line.objects.values_list("title", flat=True)) == ["Baux glissants", "Permanence au marché"]
    assert Entry.objects.get(indicator__label="Baux signés").number == 40


def test_two_people_at_once_and_a_phone(phone, lead, log_in, axe):
    held = given(territory=lead.memberships.get().territory, by=lead)
    address = reverse("axes:review_import", args=["ici", held.pk])
    log_in(phone, lead)
    phone.expected_errors.append("409")
    phone.goto(f"{address}?partie=table:t1")
    axe(phone)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    other = MembershipFactory(lead=True, territory=held.territory, user__full_name="Claude Voisin").user
    held.decisions.create(item=key("total"), verdict="left", decided_by=other)

    total = figure(phone, "40 ménages")
    total.get_by_role("button", name="Accepter").click()
    total.get_by_text("Claude Voisin a décidé autrement").wait_for()
    axe(phone)
    total.get_by_role("button", name="Garder ma version").click()
    total.get_by_text("Accepté", exact=True).wait_for()

    phone.get_by_role("button", name="Accepter le chiffre probable").click()
    phone.get_by_text("1 chiffre accepté").wait_for()
    phone.get_by_role("heading", name="Axe 4 : Loger").wait_for()
    phone.wait_for_function("document.activeElement.id === 'avancement-reprise'")


def test_an_amended_export_is_read_accepted_and_saved(page, lead, log_in, axe):
    territory = lead.memberships.get().territory
    held = given(territory=territory, by=lead)
    held.decisions.create(item=key("month"), verdict="left", decided_by=lead)
    year, _ = save_import(report=held, number=2023, seen=Review(held).seen, by=lead)
    amended = given(territory=territory, by=lead, compared_to=year, word="Quartier nord")
    log_in(page, lead)
    page.goto(reverse("axes:review_import", args=["ici", amended.pk]))
    page.get_by_role("heading", name="Baux glissants 1, Observations").wait_for()
    axe(page)
    page.get_by_role("button", name="Accepter Baux glissants 1, Observations").click()
    page.get_by_text("Accepté", exact=True).wait_for()
    page.get_by_role("button", name="Enregistrer dans l'exercice").click()
    page.get_by_text("1 écart enregistré").wait_for()

    assert TextBlock.objects.filter(year=year, content="<p>Quartier nord</p>").exists()


def test_without_javascript(nojs, lead, log_in):
    held = given(territory=lead.memberships.get().territory, by=lead)
    log_in(nojs, lead)
    nojs.expected_errors.append("422")
    nojs.goto(reverse("axes:review_import", args=["ici", held.pk]))
    nojs.locator(".is-doubtful").get_by_role("button", name="Laisser").click()
    nojs.goto(f"{reverse('axes:review_import', args=['ici', held.pk])}?partie=table:t1")
    figure(nojs, "environ 12").get_by_role("link", name="Corriger").click()
    nojs.get_by_label("Valeur").fill("douze")
    nojs.get_by_role("button", name="Enregistrer et accepter").click()
    assert nojs.get_by_label("Valeur").input_value() == "douze"
    nojs.get_by_label("Valeur").fill("13")
    nojs.get_by_role("button", name="Enregistrer et accepter").click()
    nojs.get_by_role("button", name="Accepter le chiffre sûr").click()
    assert "partie=table:t1" in nojs.url
    nojs.get_by_role("link", name="Enregistrer dans l'exercice").click()
    nojs.get_by_role("button", name="Enregistrer dans l'exercice").click()

    assert set(Entry.objects.values_list("number", flat=True)) == {40, 13}
