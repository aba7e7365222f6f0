"""Coming in: an invitation, a second step by an application of codes, then by a security key."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.urls import reverse

from logement import invitations
from logement.models import User
from logement.roles import Role
from tests.factories import MembershipFactory, OrganisationFactory

pytestmark = pytest.mark.once
PASSWORD = "la-porte-verte-12"


@pytest.fixture
def lead(live_server):
    return MembershipFactory(lead=True, territory__name="Ici", user__full_name="Camille Ferrand").user


@pytest.fixture
def invitation(lead):
    territory = lead.memberships.get().territory
    office = OrganisationFactory(name="DDETS d'ici", kind="state")
    office.territories.add(territory)
    return invitations.invite(
        email="elise@etat.example", role=Role.DDETS, organisation=office, territory=territory, by=lead
    )


def come_in(page, invitation):
    page.goto(invitations.path_of(invitation))
    page.get_by_label("Prénom et nom").fill("Élise Roux")
    page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    page.get_by_label("Le même, une seconde fois").fill(PASSWORD)
    page.get_by_role("button", name="Ouvrir mon compte").click()


def sign_in(page):
    page.goto(reverse("account_login"))
    page.get_by_label("Courriel").fill("elise@etat.example")
    page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Se connecter").click()


def code_of(secret, ahead):
    """A code of the window in which several are good, for each serves once."""
    return format_hotp_value(hotp_value(secret, sorted(yield_hotp_counters_from_time())[ahead]))


def plug_key(page):
    """A security key in the machine of this page, which its owner touches whenever it is asked."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    key = {"protocol": "ctap2", "transport": "usb", "hasResidentKey": False, "hasUserVerification": True}
    key |= {"isUserVerified": True, "automaticPresenceSimulation": True}
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": key})


def test_invited_then_two_steps_without_javascript(nojs, invitation, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    come_in(nojs, invitation)
    nojs.get_by_role("heading", name="Vérification en deux étapes").wait_for()

    nojs.get_by_role("link", name="Utiliser une application").click()
    secret = nojs.locator("code.secret").inner_text()
    nojs.get_by_label("Recopiez le code").fill("000000")
    nojs.get_by_role("button", name="Activer").click()
    assert "Ce code n" in nojs.locator(".error-summary").inner_text()
    assert nojs.locator("code.secret").inner_text() == secret  # nothing to read again
    nojs.get_by_label("Recopiez le code").fill(code_of(secret, 1))
    nojs.get_by_role("button", name="Activer").click()
    assert nojs.locator(".codes code").count() == 10
    nojs.get_by_role("link", name="continuer").click()
    assert nojs.locator("h1").inner_text() == "Élise Roux"

    nojs.context.clear_cookies()
    sign_in(nojs)
    nojs.get_by_label("Code").fill(code_of(secret, 2))
    nojs.get_by_role("button", name="Se connecter").click()
    assert nojs.locator("h1").inner_text() == "Élise Roux"


def test_a_security_key_is_registered_and_asked(page, invitation, settings, axe):
    settings.SECOND_FACTOR_REQUIRED = True
    come_in(page, invitation)
    axe(page)
    plug_key(page)

    page.get_by_role("link", name="Enregistrer une clé").click()
    axe(page)
    page.get_by_label("Nom de la clé").fill("Clé du bureau")
    page.get_by_role("button", name="Enregistrer la clé").click()
    page.get_by_role("heading", name="Codes de secours").wait_for()
    axe(page)
    assert Authenticator.objects.filter(type="webauthn", user__email="elise@etat.example").count() == 1

    page.goto(reverse("mfa_list_webauthn"))
    assert page.get_by_role("rowheader", name="Clé du bureau").count() == 1
    axe(page)
    page.context.clear_cookies()
    sign_in(page)
    page.get_by_role("heading", name="Seconde étape").wait_for()
    axe(page)
    page.get_by_role("button", name="Utiliser la clé").click()
    page.get_by_role("heading", name="Élise Roux").wait_for()
    assert User.objects.get(email="elise@etat.example").last_login
