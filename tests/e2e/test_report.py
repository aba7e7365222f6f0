"""The report in the browser: read, asked for, waited for, downloaded."""

import json

import pytest

from axes import demo
from logement import demo as people
from logement import jobs
from logement.models import Job, User


@pytest.fixture
def report(lead, exercise):
    exercise.write()
    exercise.enter()
    lead.goto(exercise.url("reporting:report"))
    return lead


def test_the_button_answers_at_once_and_the_progress_leads_to_the_file(report):
    report.get_by_role("button", name="Préparer le PDF").click()
    report.locator(".job").get_by_text("En attente d'un poste de travail").wait_for(timeout=5000)

    job = Job.objects.get()
    jobs.step(job, 40, "Mise en page")
    report.locator(".job").get_by_text("Mise en page").wait_for(timeout=5000)
    assert report.locator(".job progress").get_attribute("value") == "40"
    assert report.get_by_text("Enregistrement…").count() == 0  # nothing was typed: nothing is being saved
    jobs.run(job.pk)

    with report.expect_download() as download:
        report.get_by_role("link", name="Télécharger rapport-ici-2023.pdf").click()
    assert download.value.path().read_bytes().startswith(b"%PDF-")


def test_a_real_worker_makes_the_file_while_the_page_waits(report, worker):
    report.get_by_role("button", name="Préparer le fichier JSON").click()
    link = report.get_by_role("link", name="Télécharger rapport-ici-2023.json")
    link.wait_for()

    with report.expect_download() as download:
        link.click()

    tree = json.loads(download.value.path().read_bytes())
    assert (tree["type"], tree["language"]) == ("Document", "fr")


def test_a_double_click_asks_for_one_file(report):
    report.get_by_role("button", name="Préparer le PDF").dblclick()
    report.locator(".job").wait_for()
    report.wait_for_timeout(500)

    assert Job.objects.count() == 1


def test_whoever_leaves_finds_the_work_again(report, exercise):
    report.get_by_role("button", name="Préparer le PDF").click()
    report.locator(".job").wait_for()
    report.goto("/")

    report.goto(exercise.url("reporting:report"))

    report.locator(".job").get_by_text("En attente d'un poste de travail").wait_for()


def test_a_failure_is_a_sentence_in_the_page(report):
    report.get_by_role("button", name="Préparer le PDF").click()
    report.locator(".job").wait_for()
    job = Job.objects.get()
    jobs.finish(job, state=Job.State.FAILED, message="Un passage est trop long : raccourcissez-le.")

    report.get_by_role("alert").get_by_text("Le travail n'est pas allé au bout.").wait_for()

    assert "Un passage est trop long : raccourcissez-le." in report.locator(".job").inner_text()


def test_the_table_of_contents_leads_to_its_places(report, exercise):
    contents = report.get_by_role("navigation", name="Sommaire du rapport")

    for link in contents.get_by_role("link").all():
        target = link.get_attribute("href")
        assert report.locator(target).count() == 1, target
    contents.get_by_role("link", name="Axe 1 : Accueillir").click()

    assert report.evaluate("document.querySelector(':target') !== null")


@pytest.mark.once
def test_the_report_of_the_demonstration_reads_on_a_phone(phone, log_in, axe):
    """Its real texts: long words, long figures, wide tables."""
    people.load()
    demo.load()
    log_in(phone, User.objects.get(email="ddets@etat.example"))

    phone.goto("/montpellier/2023/rapport/")

    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    axe(phone)
