"""A new territory from nothing to the first action of its first report: without JavaScript, then with the keyboard.

What it takes is counted, so that « ten minutes » stays true: docs/guide/cheffe-de-projet.md says these numbers.
"""

import pytest

from axes.models import Agreement, Line, Year
from logement import invitations
from logement.models import Invitation
from tests.e2e.test_keyboard import tab_to
from tests.factories import MembershipFactory, UserFactory

pytestmark = pytest.mark.once


class Counting:
    """A page on which every field that is filled and every click is counted."""

    def __init__(self, page):
        self.page, self.fields, self.clicks = page, 0, 0

    def fill(self, label, words):
        self.page.get_by_label(label, exact=True).fill(words)
        self.fields += 1

    def choose(self, label, option):
        self.page.get_by_label(label, exact=True).select_option(option)
        self.fields += 1

    def click(self, role, name):
        self.page.get_by_role(role, name=name, exact=True).first.click()
        self.clicks += 1


def test_a_territory_begins_in_ten_minutes_without_javascript(nojs, open_page, log_in, axe, transactional_db):
    nojs.expected_errors.append("422")
    administrator = MembershipFactory(administrator=True, user__is_superuser=True).user
    log_in(nojs, administrator)
    nojs.goto("/")
    here = Counting(nojs)
    here.click("link", "Nouveau territoire")
    here.fill("Nom du territoire", "Agglomération d'Exemple")
    here.fill("Collectivité qui porte le plan", "Agglomération d'Exemple")
    here.click("button", "Créer le territoire")
    assert "Donnez l'adresse de la personne" in nojs.locator("main").inner_text()
    here.fill("Adresse e-mail de la cheffe ou du chef de projet", "ada@exemple.example")
    here.click("button", "Créer le territoire")
    assert "L'invitation part à ada@exemple.example" in nojs.locator("main").inner_text()
    assert (here.fields, here.clicks) == (3, 3)

    lead = UserFactory(email="ada@exemple.example")
    invitations.accept(invitation=Invitation.objects.get(), user=lead)
    page = open_page(java_script_enabled=False)
    log_in(page, lead)
    page.goto("/")
    hers = Counting(page)
    hers.click("link", "Préparer la convention")
    hers.click("link", "Créer la première convention")
    hers.fill("Intitulé de la convention", "Convention d'exemple")
    hers.fill("Début", "2025-01-01")
    hers.fill("Fin", "2026-12-31")
    hers.click("button", "Créer la convention")

    page.get_by_role("link", name="Signataires", exact=True).click()
    hers.clicks += 1
    hers.fill("Organisme, ligne 2", "Département d'Exemple")
    hers.fill("Organisme, ligne 3", "DDETS d'Exemple")
    hers.choose("Nature, ligne 3", "Service de l'État")
    hers.click("button", "Enregistrer")

    hers.click("link", "Continuer : Axes")
    for number, label in enumerate(("Trouver", "Accompagner", "Observer"), start=1):
        hers.fill(f"Numéro, ligne {number}", str(number))
        hers.fill(f"Intitulé, ligne {number}", label)
    hers.click("button", "Enregistrer")

    hers.click("link", "Continuer : Premier exercice")
    hers.click("button", "Ouvrir l'exercice")
    hers.click("link", "Axe 1 : Trouver")
    hers.click("link", "Ajouter une action")
    hers.fill("Intitulé de l'action", "Chercher des logements")
    hers.click("button", "Ajouter l'action")

    agreement = Agreement.objects.get()
    assert [str(signatory) for signatory in agreement.signatories.all()] == [
        "Agglomération d'Exemple",
        "Département d'Exemple",
        "DDETS d'Exemple",
    ]
    assert (agreement.axes.count(), agreement.states.count()) == (3, 6)
    assert Line.objects.get().year == Year.objects.get(number=2025)
    assert (hers.fields, hers.clicks) == (13, 12)

    # The same pages, looked at by axe, and a list put in another order with the keyboard alone.
    seen = open_page()
    log_in(seen, lead)
    home = agreement.get_absolute_url()
    layout = agreement.layouts.get().pk
    lists = ("axes/", "etats/", "signataires/", f"colonnes/{layout}/", "premier-exercice/", "intitule/", "")
    for address in lists:
        seen.goto(home + address)
        axe(seen)
    for address in ("conventions/", "conventions/nouvelle/", "conventions/fichier/", "2025/textes/parties/"):
        seen.goto(f"/{agreement.territory.code}/{address}")
        axe(seen)
    seen.goto(f"/{agreement.territory.code}/2025/actions/{Line.objects.get().action_id}/")
    axe(seen)
    seen.goto(home + "axes/")
    tab_to(seen, "Rang, ligne 3")
    seen.keyboard.type("0")
    seen.keyboard.press("Enter")
    seen.get_by_text("c'est enregistré").wait_for()
    assert [axis.label for axis in agreement.axes.all()] == ["Observer", "Trouver", "Accompagner"]
