"""The pages of an import and of the journals in a browser: without JavaScript, without breach of accessibility."""

import pytest

from logement import audit
from logement.models import AccessLog
from tests.factories import MembershipFactory
from tests.logement.test_imports import STORE

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls("tests.logement.test_imports")]
FILE = (
    "N°;Quand;Lieu;Nom;Observation\n"
    "1;02/03/2023;à domicile;Durand;vu Mme Durand\n"
    "2;03/03/2023;au bureau;Martin;rien\n"
)


@pytest.fixture
def partner():
    STORE.clear()
    return MembershipFactory(partner=True, territory__code="ici", organisation__name="Association A")


def give(page, content):
    page.goto("/ici/visites/importer/")
    page.get_by_label("Fichier").set_input_files(
        {"name": "visites.csv", "mimeType": "text/csv", "buffer": content.encode()}
    )
    page.get_by_role("button", name="Lire le fichier").click()


def test_an_import_needs_no_javascript(nojs, log_in, partner):
    log_in(nojs, partner.user)
    give(nojs, FILE)
    nojs.get_by_label("Quand").select_option(label="Date de la visite")
    nojs.get_by_role("button", name="Appliquer ces colonnes").click()
    nojs.get_by_role("button", name="Tout enregistrer").click()

    nojs.get_by_text("La liste").wait_for()
    assert sorted(STORE) == [1, 2]


def test_the_pages_are_accessible(page, axe, log_in, partner):
    log_in(page, partner.user)
    page.goto("/ici/visites/importer/")
    axe(page)
    give(page, FILE)
    axe(page)
    page.get_by_label("Quand").select_option(label="Date de la visite")
    page.get_by_role("button", name="Appliquer ces colonnes").click()
    page.get_by_text("À relire").first.wait_for()
    axe(page)


def test_faults_are_told_in_an_accessible_table(page, axe, log_in, partner):
    log_in(page, partner.user)
    give(page, "Numéro;Date de la visite\n1;31/02/2023\n")

    page.get_by_role("cell", name="B2").wait_for()
    axe(page)


def test_the_journals_are_accessible(page, axe, log_in, partner):
    audit.log_access(
        by=partner.user,
        act=AccessLog.Act.EXPORT,
        register="Visites",
        territory=partner.territory,
        organisation=partner.organisation,
        rows=2,
        reason="Bilan annuel",
    )
    log_in(page, partner.user)
    for address in ("/ici/acces-aux-registres/", "/ici/conservation/"):
        page.goto(address)
        axe(page)
