"""The registers and the events in the browser: in error, without JavaScript, by the keyboard."""

import pytest
from django.urls import reverse

from axes.models import Gathering
from bail_dabord.models import Household
from prevention.models import Support
from tests.access import MATRIX_ROWS, path_of
from tests.e2e.conftest import cell, edit
from tests.e2e.test_keyboard import tab_to
from tests.e2e.test_pages import send_form, type_in
from tests.factories import MembershipFactory, OrganisationFactory, TerritoryFactory, bail_dabord, prevention
from tests.looking import check, look
from tests.world import World

pytestmark = pytest.mark.once

PARTNER, LEAD, ADMINISTRATOR = LOOKERS = "association A", "cheffe", "administration"
#: {form: what is typed in it that is refused}.
REFUSED = {
    "bail_dabord:add_household": {"adults": "21", "origin": "street"},
    "bail_dabord:enter": {"entered_on": "2019-01-01"},
    "bail_dabord:correct": {"adults": "0", "children": "0"},
    "bail_dabord:act": {"day": "2020-01-01"},
    "bail_dabord:export": {"reason": " "},
    "bail_dabord:add_record": {"service": ""},
    "bail_dabord:import_households": {},
    "prevention:add": {},
    "prevention:act": {"entered_on": "2020-01-01"},
    "prevention:export": {"reason": ""},
    "prevention:erase": {},
    "prevention:add_contact": {},
    "prevention:start_follow_up": {},
    "prevention:end_follow_up": {"ended_on": "2019-01-01"},
    "axes:add_gathering": {"title": "Réunion", "participants": "beaucoup"},
    "axes:change_source": {"reason": ""},
    "invite": {"email": "nulle part"},
    "open_assistance": {"reason": ""},
}


@pytest.fixture
def world(live_server):
    return World("rédaction")


@pytest.fixture
def screens(world, open_page, log_in):
    """{person: a page where they are signed in}."""
    opened = {person: open_page() for person in LOOKERS}
    for person, page in opened.items():
        log_in(page, world.people[person])
    return opened


def test_each_form_of_the_registers_says_what_to_mend_and_keeps_what_was_typed(world, screens, axe):
    problems = []

    for name, fields in REFUSED.items():
        rows = MATRIX_ROWS[name, "GET", "rédaction"]
        page = screens[next(person for person in (LEAD, *LOOKERS) if rows[person] == "lit")]
        page.expected_errors.append("422")
        page.goto(path_of(name, world.address))
        type_in(page, fields)
        send_form(page, 422)
        assert page.locator(".error-summary").all_inner_texts() != [], name
        look(page, axe, problems, f"{name} in error")
        for field, value in fields.items():
            assert page.locator(f"main [name={field}]").input_value() == value, (name, field)

    check(problems)


def test_an_empty_register_says_what_to_do(live_server, page, log_in, axe):
    here = {"territory": TerritoryFactory(), "organisation": OrganisationFactory()}
    bail_dabord.RegisterFactory(**here)
    prevention.RegisterFactory(**here)
    log_in(page, MembershipFactory(partner=True, **here).user)
    code, problems = here["territory"].code, []

    for name, args, words in (
        ("bail_dabord:households", [], "Ajoutez le premier"),
        ("bail_dabord:records", ["candidatures"], "Notez la première candidature"),
        ("prevention:rows", ["accompagnements"], "Saisissez une première ligne"),
        ("announced", [], "Trente jours avant"),
    ):
        page.goto(reverse(name, args=[code, *args]))
        assert words in page.locator("main").inner_text()
        look(page, axe, problems, name)

    check(problems)


def test_a_spreadsheet_is_imported_without_javascript(world, nojs, log_in):
    log_in(nojs, world.people[PARTNER])
    before = Household.objects.count()
    content = "Adultes;Enfants;Origine;Mois;Nom\n2;1;Rue;05/2023;Durand\n1;0;Lune;06/2023;Martin\n"

    def give(content):
        nojs.get_by_label("Fichier").set_input_files(
            {"name": "tableau.csv", "mimeType": "text/csv", "buffer": content.encode()}
        )
        nojs.get_by_role("button", name="Lire le fichier").click()

    nojs.goto("/")
    nojs.get_by_role("link", name="Bail d'abord", exact=True).click()
    nojs.get_by_role("link", name="Importer un tableau").click()
    give(content)
    assert "« Nom »" in nojs.get_by_text("Colonnes écartées").inner_text()
    nojs.get_by_label("Mois").select_option("Connu depuis")
    nojs.get_by_role("button", name="Appliquer ces colonnes").click()
    assert nojs.get_by_role("cell", name="C3").is_visible()
    assert nojs.get_by_role("button", name="Tout enregistrer").count() == 0
    nojs.get_by_role("link", name="Donner un autre fichier").click()
    give(content.replace("Lune", "CHRS"))
    nojs.get_by_role("button", name="Tout enregistrer").click()

    assert nojs.get_by_role("heading", name="Ménages", exact=True).is_visible()
    assert Household.objects.count() == before + 2


def test_a_household_is_added_and_enters_by_the_keyboard(world, screens):
    page = screens[PARTNER]
    page.goto(path_of("bail_dabord:add_household", world.address))
    tab_to(page, "Adultes à l'entrée")
    page.keyboard.type("2")
    tab_to(page, "Provenance")
    page.keyboard.type("Rue")
    tab_to(page, "Enregistrer et ouvrir la fiche")
    page.keyboard.press("Enter")
    page.get_by_text("notez ce code").wait_for()
    tab_to(page, "Noter l'entrée")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Entrée dans le logement").wait_for()
    tab_to(page, "Bail")
    page.keyboard.type("Bail glissant")
    tab_to(page, "Parc")
    page.keyboard.type("Parc privé")
    page.keyboard.press("Enter")
    tab_to(page, "Enregistrer")
    page.keyboard.press("Enter")
    page.get_by_text("Enregistré pour le ménage").wait_for()

    added = Household.objects.order_by("pk").last()
    assert (added.adults, added.children, added.origin) == (2, 0, "street")
    assert (added.tenancy.lease, added.tenancy.stock) == ("sliding", "private")


def test_a_warning_is_typed_by_the_keyboard_without_javascript(world, nojs, log_in):
    log_in(nojs, world.people[PARTNER])
    nojs.goto(path_of("prevention:add", world.address))
    tab_to(nojs, "Signalé le")
    nojs.get_by_label("Bailleur").select_option("Bailleur")
    nojs.get_by_label("Signalé le").fill("2023-03-02")
    tab_to(nojs, "Stade au signalement")
    nojs.keyboard.type("Command")
    tab_to(nojs, "Motif")
    nojs.keyboard.type("Imp")
    tab_to(nojs, "Enregistrer")
    nojs.keyboard.press("Enter")
    nojs.get_by_text("Notez chez vous").wait_for()

    row = Support.objects.order_by("pk").last()
    assert (row.referred_on.isoformat(), row.stage, row.reason) == ("2023-03-02", "demand", "arrears")


def test_an_event_is_noted_by_the_keyboard_and_found_from_the_pages_of_the_exercise(world, screens):
    page = screens[LEAD]
    line = world.here.lines[0]
    page.goto(path_of("axes:dashboard", world.address))
    tab_to(page, "Événements")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Événements").wait_for()
    tab_to(page, "Ajouter un événement")
    page.keyboard.press("Enter")
    tab_to(page, "Action")
    page.keyboard.press("ArrowDown")
    tab_to(page, "Nouveau type")
    page.keyboard.type("Atelier")
    tab_to(page, "Date")
    page.keyboard.type("05052023")  # the same whatever the order of day and month
    tab_to(page, "Participants")
    page.keyboard.type("12")
    page.keyboard.press("Enter")
    page.get_by_text("Saisissez le suivant").wait_for()

    held = Gathering.objects.get(kind__label="Atelier")
    assert (held.action, held.held_on.isoformat(), held.participants) == (line.action, "2023-05-05", 12)


def test_a_text_that_names_somebody_is_told_in_place_and_no_longer_once_mended(lead, exercise):
    lead.goto(exercise.axis_url())
    place = cell(lead, exercise.first, exercise.indicators)

    edit(place).fill("Vu Mme Durand.")
    place.get_by_role("button", name="Enregistrer").click()
    warning = lead.get_by_role("status").filter(has_text="Mme Durand")
    warning.wait_for()
    assert warning.is_visible()
    edit(place).fill("Dix places.")
    place.get_by_role("button", name="Enregistrer").click()
    warning.wait_for(state="detached")

    assert exercise.content() == "<p>Dix places.</p>"
