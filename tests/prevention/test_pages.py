"""The pages in a browser: accessible, at the width of a phone, by the keyboard, without JavaScript."""

import pytest
from django.urls import reverse

from prevention.models import Support
from tests.factories import MembershipFactory, OrganisationFactory, TerritoryFactory
from tests.factories.prevention import (
    ContactFactory,
    FollowUpFactory,
    RegisterFactory,
    RehousingFactory,
    SupportFactory,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world():
    territory = TerritoryFactory()
    landlord = OrganisationFactory(name="Bailleur social de la vallée")
    landlord.territories.add(territory)
    association = OrganisationFactory(name="Association de prévention")
    user = MembershipFactory(partner=True, territory=territory, organisation=association).user
    registers = {
        scheme: RegisterFactory(territory=territory, organisation=association, scheme=scheme)
        for scheme in ("support", "platform", "rehousing")
    }
    return {"territory": territory, "landlord": landlord, "user": user, **registers}


@pytest.fixture
def addresses(world):
    """Every kind of page, with rows in each state."""
    support = SupportFactory(register=world["support"], landlord=world["landlord"])
    for state in ("ongoing", "closed", "declined"):
        SupportFactory(register=world["support"], landlord=world["landlord"], **{state: True})
    household = ContactFactory(
        household__register=world["platform"], channels=["phone", "in_person"]
    ).household
    FollowUpFactory(household=household)
    rehousing = RehousingFactory(register=world["rehousing"], transferred=True)

    def url(name, *args):
        return reverse(f"prevention:{name}", args=[world["territory"].code, *args])

    return [
        url("index"),
        url("rows", "accompagnements"),
        url("rows", "plateforme"),
        url("rows", "relogements"),
        url("rows", "accompagnements") + "?etat=over&annee=1999",
        url("add", "accompagnements"),
        url("add", "plateforme"),
        url("export", "relogements"),
        url("row", "accompagnements", support.code),
        url("row", "plateforme", household.code),
        url("row", "relogements", rehousing.code),
        url("act", "accompagnements", support.code, "entree"),
        url("act", "accompagnements", support.code, "corriger"),
        url("erase", "accompagnements", support.code),
        url("import_supports"),
    ]


def overflow(page):
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def test_pages_are_accessible_and_fit_a_phone(world, addresses, page, phone, log_in, axe):
    for screen in (page, phone):
        log_in(screen, world["user"])
        for address in addresses:
            screen.goto(address)
            axe(screen)
            assert overflow(screen) <= 0, address


def test_an_empty_register_says_what_to_do(world, page, log_in, axe):
    log_in(page, world["user"])
    page.goto(reverse("prevention:rows", args=[world["territory"].code, "accompagnements"]))
    axe(page)

    assert page.get_by_role("link", name="Importer un tableau").count() == 2
    assert page.get_by_text("Saisissez une première ligne").is_visible()


def test_a_warning_is_typed_by_the_keyboard_without_javascript(world, nojs, log_in):
    log_in(nojs, world["user"])
    nojs.goto(reverse("prevention:add", args=[world["territory"].code, "accompagnements"]))
    nojs.get_by_label("Bailleur").focus()
    nojs.keyboard.type("Bailleur")
    nojs.get_by_label("Signalé le").fill("2023-03-02")
    nojs.get_by_label("Stade au signalement").focus()
    nojs.keyboard.type("Command")
    nojs.keyboard.press("Tab")
    nojs.keyboard.type("Imp")
    while not nojs.get_by_role("button", name="Enregistrer", exact=True).evaluate("e => e.matches(':focus')"):
        nojs.keyboard.press("Tab")
    nojs.keyboard.press("Enter")
    nojs.get_by_text("Notez chez vous").wait_for()

    row = Support.objects.get()
    assert (row.landlord, row.referred_on.isoformat(), row.stage, row.reason) == (
        world["landlord"],
        "2023-03-02",
        "demand",
        "arrears",
    )
