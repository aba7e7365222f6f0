"""The same work on plain form pages, without JavaScript, from signing in to the PDF."""

import pytest

from axes.models import Indicator, Line, TextBlock
from logement import jobs
from logement.models import Job

pytestmark = pytest.mark.once


def test_the_whole_work_of_the_lead_without_javascript(nojs, exercise):
    page = nojs
    page.expected_errors.append("422")
    exercise.lead.emailaddress_set.create(email=exercise.lead.email, verified=True, primary=True)

    page.goto("/")
    page.get_by_label("Courriel").fill(exercise.lead.email)
    page.get_by_label("Mot de passe", exact=True).fill("toit-dabord-2023")
    page.get_by_role("button", name="Se connecter").click()
    page.get_by_role("link", name="Tableau de bord").click()
    page.get_by_role("link", name="Axe 1 : Accueillir").first.click()

    # An action: added, named, its state, its people, its rank, its texts.
    page.get_by_role("link", name="Ajouter une action").click()
    page.get_by_role("button", name="Ajouter l'action").click()
    assert "Donnez un intitulé à l'action." in page.locator("main").inner_text()
    page.get_by_label("Intitulé de l'action").fill("Créer un guichet")
    page.get_by_role("button", name="Ajouter l'action").click()
    added = Line.objects.get(title="Créer un guichet")
    row = page.locator(f"#action-{added.pk}")

    row.locator(".col-title").get_by_role("link", name="Modifier").click()
    page.get_by_label("Intitulé de l'action").fill("Créer deux guichets")
    page.get_by_role("button", name="Enregistrer").click()

    row.locator(".col-state").get_by_role("link", name="Modifier").click()
    page.get_by_label("État").select_option("Reportée")
    page.get_by_role("button", name="Enregistrer").click()
    assert "demande un motif" in page.locator("main").inner_text()
    page.get_by_label("Accord avec l'intitulé").select_option("masculin (Réalisé)")
    page.get_by_label("Motif").fill("Faute de locaux")
    page.get_by_role("button", name="Enregistrer").click()
    assert "Reporté" in row.locator(".col-state").inner_text()

    row.get_by_text("Plus").click()
    row.get_by_role("link", name="Pilote et partenaires").click()
    page.get_by_label("Pilote").select_option("Métropole")
    page.get_by_label("Le Toit").check()
    page.get_by_role("button", name="Enregistrer").click()
    assert "Pilote : Métropole" in row.inner_text()

    row.get_by_text("Plus").click()
    row.get_by_role("button", name="Monter d'un rang").click()
    assert page.locator(".action-title").all_inner_texts() == [
        "Ouvrir dix places",
        "Créer deux guichets",
        "Former les équipes",
    ]

    row.locator(".col-indicators").get_by_role("link", name="Modifier").click()
    page.get_by_label("Texte").fill(
        "**142** ménages, le 3^{e} bilan[[note: Au 31 décembre.]]\n\n- une puce\n- deux"
    )
    page.get_by_role("button", name="Enregistrer").click()
    assert TextBlock.objects.get(line=added).content == (
        "<p><strong>142</strong> ménages, le 3<sup>e</sup> bilan"
        '<span data-note="Au 31 décembre."></span></p>'
        "<ul><li><p>une puce</p></li><li><p>deux</p></li></ul>"
    )

    row.get_by_text("Plus").click()
    row.get_by_role("link", name="Historique").click()
    assert "Faute de locaux" in page.locator("main").inner_text()
    page.get_by_role("link", name="Revenir").click()

    row.get_by_text("Plus").click()
    row.get_by_role("link", name="Retirer l'action…").click()
    page.get_by_role("link", name="Garder l'action").click()
    second = page.locator(f"#action-{exercise.second.pk}")
    second.get_by_text("Plus").click()
    second.get_by_role("link", name="Retirer l'action…").click()
    page.get_by_role("button", name="Retirer l'action").click()
    assert page.locator(".action-title").all_inner_texts() == ["Ouvrir dix places", "Créer deux guichets"]

    # A narrative.
    page.get_by_role("link", name="Textes").click()
    page.get_by_role("link", name="Préambule").click()
    page.get_by_role("link", name="Modifier").click()
    page.get_by_label("Texte").fill("Le plan en bref.")
    page.get_by_role("button", name="Enregistrer").click()
    assert "Le plan en bref." in page.locator("main").inner_text()

    # A value, then its correction.
    page.get_by_role("navigation", name="Exercice 2023").get_by_role("link", name="Indicateurs").click()
    page.get_by_role("link", name="Places").first.click()
    page.get_by_role("link", name="Saisir la valeur 2023").click()
    page.get_by_label("Valeur (places)").fill("douze")
    page.get_by_role("button", name="Enregistrer").click()
    assert "n'est pas un nombre" in page.locator("main").inner_text()
    assert page.get_by_label("Valeur (places)").input_value() == "douze"
    page.get_by_label("Valeur (places)").fill("12")
    page.get_by_role("button", name="Enregistrer").click()
    page.get_by_role("link", name="Corriger la valeur 2023").click()
    page.get_by_label("Valeur (places)").fill("14")
    page.get_by_label("Motif de la correction").fill("Recompté")
    page.get_by_role("button", name="Enregistrer la correction").click()
    assert Indicator.objects.get(code="A1-01").entries.current().get().number == 14

    # The report.
    page.get_by_role("link", name="Rapport", exact=True).click()
    assert "Créer deux guichets" in page.locator("article").inner_text()
    page.get_by_role("button", name="Préparer le PDF").click()
    assert "En attente" in page.locator("main").inner_text()
    jobs.run(Job.objects.get().pk)
    page.get_by_role("link", name="Actualiser").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Télécharger").click()
    assert download.value.suggested_filename == "rapport-ici-2023.pdf"
    assert download.value.path().read_bytes().startswith(b"%PDF-")


def test_a_conflict_without_javascript_shows_both_texts(nojs, exercise, log_in, open_page):
    other = open_page(java_script_enabled=False)
    for page in (nojs, other):
        page.expected_errors.append("409")
        log_in(page, exercise.lead)
        page.goto(exercise.cell_url())
    nojs.get_by_label("Texte").fill("Dix places.")
    nojs.get_by_role("button", name="Enregistrer").click()

    other.get_by_label("Texte").fill("Douze places.")
    other.get_by_role("button", name="Enregistrer").click()

    assert other.locator("blockquote").inner_text() == "Dix places."
    assert other.get_by_label("Texte").input_value() == "Douze places."
    other.get_by_role("button", name="Enregistrer ma version").click()
    assert exercise.content() == "<p>Douze places.</p>"
