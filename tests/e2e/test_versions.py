"""The versions in the browser: sent, read, compared, and checked by whoever holds a file."""

import hashlib

import pytest
from django.urls import reverse

from logement import jobs
from logement.models import Job
from reporting import renderers, workflow
from reporting.models import Version
from tests.factories import MembershipFactory
from tests.factories.reporting import VersionFileFactory
from tests.looking import WIDER, check, look

pytestmark = pytest.mark.once

PDF = b"%PDF-1.7\nA report that was sent.\n"


@pytest.fixture
def ready(exercise):
    """An exercise in review, where nothing is lacking."""
    exercise.write()
    exercise.enter()
    exercise.year.state = "review"
    exercise.year.save()
    return exercise


@pytest.fixture
def corrected(ready):
    """Two versions: the first replaced, the second with a file."""
    workflow.transmit(year=ready.year, by=ready.lead)
    workflow.reopen(year=ready.year, by=ready.lead, reason="Un titre est faux")
    ready.second.title = "Former toutes les équipes"
    ready.second.save()
    version = workflow.transmit(year=ready.year, by=ready.lead, correction="Un titre")
    VersionFileFactory(version=version, content=PDF, format="pdf", label="PDF")
    return ready


def test_the_lead_sends_the_report_and_the_state_downloads_it(ready, lead, open_page, log_in, monkeypatch):
    monkeypatch.setattr(renderers, "ALL", tuple(r for r in renderers.ALL if r.name == "html"))
    lead.goto(ready.url("axes:dashboard"))
    lead.get_by_role("link", name="Transmettre le rapport").click()
    lead.get_by_role("button", name="Transmettre la version 1").click()
    lead.get_by_text("La version 1 est transmise.").wait_for()
    assert lead.locator(".job progress").is_visible()
    jobs.run(Job.objects.get(kind="version").pk)
    lead.get_by_role("link", name="Voir le résultat").click()
    lead.get_by_text("Fichiers et empreinte").click()
    assert lead.get_by_role("link", name="HTML").first.is_visible()

    state = open_page()
    log_in(state, MembershipFactory(ddets=True, territory=ready.territory).user)
    state.goto(ready.url("reporting:report"))
    with state.expect_download() as download:
        state.get_by_role("link", name="HTML").first.click()

    kept = Version.objects.get().files.get()
    assert hashlib.sha256(download.value.path().read_bytes()).hexdigest() == kept.digest


def test_the_pages_of_versions_are_accessible_and_fit_a_phone(corrected, lead, axe):
    problems, wider = [], {}
    pages = {
        "versions": corrected.url("reporting:versions"),
        "version": corrected.url("reporting:version", 2),
        "a version that was replaced, without files": corrected.url("reporting:version", 1),
        "report": corrected.url("reporting:report"),
        "changes": corrected.url("reporting:changes"),
        "verify": reverse("reporting:verify"),
    }

    for name, path in pages.items():
        lead.set_viewport_size({"width": 1280, "height": 900})
        lead.goto(path)
        for summary in lead.locator("main details > summary").all():
            summary.click()
        look(lead, axe, problems, name)
        lead.set_viewport_size({"width": 390, "height": 844})
        if found := lead.evaluate(WIDER):
            wider[name] = found

    assert wider == {}
    check(problems)


def test_a_file_is_checked_in_the_browser_and_never_leaves_it(corrected, page, axe):
    sent = []
    page.on("request", lambda request: sent.append(request.post_data_buffer or b""))
    problems = []
    page.goto(reverse("reporting:verify"))
    assert page.get_by_text("Il ne quitte pas votre ordinateur").is_visible()

    page.get_by_label("PDF, ou autre fichier").set_input_files(
        {"name": "reçu.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    page.get_by_role("button", name="Vérifier le fichier").click()
    page.get_by_text("Identique à la version 2, transmise le").wait_for()
    look(page, axe, problems, "identical")

    page.goto(reverse("reporting:verify"))
    changed = PDF.replace(b"sent", b"Sent")
    page.get_by_label("PDF, ou autre fichier").set_input_files(
        {"name": "reçu.pdf", "mimeType": "application/pdf", "buffer": changed}
    )
    page.get_by_role("button", name="Vérifier le fichier").press("Enter")
    page.get_by_text("Inconnu ici.").wait_for()
    look(page, axe, problems, "unknown")

    assert not any(b"%PDF" in body for body in sent)
    assert any(hashlib.sha256(PDF).hexdigest().encode() in body for body in sent)
    check(problems)


def test_a_file_and_a_fingerprint_are_checked_without_javascript(corrected, nojs):
    nojs.goto(reverse("reporting:verify"))
    nojs.get_by_label("PDF, ou autre fichier").set_input_files(
        {"name": "recu.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    nojs.get_by_role("button", name="Vérifier le fichier").click()
    assert nojs.get_by_text("Identique à la version 2, transmise le").is_visible()

    nojs.get_by_label("Empreinte, au bas de chaque page").fill(
        Version.objects.get(number=1).short_fingerprint.upper()
    )
    nojs.get_by_role("button", name="Vérifier l'empreinte").click()
    assert nojs.get_by_text("Cette empreinte est celle de la version 1").is_visible()
    assert nojs.get_by_text("remplacée depuis par la version 2").is_visible()
