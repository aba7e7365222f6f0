"""Signing in by ProConnect, against a provider that runs: who comes in, with what right, and what is refused."""

import json
from contextlib import closing
from http.client import HTTPConnection
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.urls import reverse

from logement.models import Attachment, User
from tests import oidc_provider
from tests.factories import MembershipFactory, OrganisationFactory, UserFactory

pytestmark = pytest.mark.django_db
SIRET = "13002526500013"
PERSON = {
    "sub": "8f14e45f",
    "email": "Lea.Roux@toit.example",
    "given_name": "Léa",
    "usual_name": "Roux",
    "siret": SIRET,
}


@pytest.fixture(scope="module")
def provider():
    with oidc_provider.running() as address:
        yield address


@pytest.fixture
def proconnect(settings, provider):
    settings.SITE_URL = "http://testserver"
    settings.SOCIALACCOUNT_PROVIDERS = oidc_provider.providers(provider)
    return provider


def sign_in(client, person=PERSON, fault=""):
    """The journey: our button, their page where this person signs in, and back. Gives the answer of the return."""
    leaving = urlsplit(client.post(reverse("proconnect_login")).url)
    choice = urlencode({"person": json.dumps(person), "fault": fault})
    with closing(HTTPConnection(leaving.netloc)) as theirs:
        theirs.request("GET", f"{leaving.path}?{leaving.query}&{choice}")
        returning = urlsplit(theirs.getresponse().headers["Location"])
    return client.get(f"{returning.path}?{returning.query}")


def test_the_button_asks_what_proconnect_wants(client, proconnect):
    assert "S'identifier avec ProConnect" in client.get(reverse("account_login")).content.decode().replace(
        "’", "'"
    )

    asked = parse_qs(urlsplit(client.post(reverse("proconnect_login")).url).query)

    assert sorted(asked["scope"][0].split()) == ["email", "given_name", "openid", "siret", "usual_name"]
    assert asked["redirect_uri"] == ["http://testserver/compte/proconnect/retour/"]
    assert asked["code_challenge_method"] == ["S256"]
    assert min(len(asked[name][0]) for name in ("state", "nonce")) >= 16


def test_a_person_whose_address_has_an_account_signs_in_to_it(client, proconnect):
    user = MembershipFactory(partner=True, user__email="lea.roux@toit.example").user

    response = sign_in(client)

    assert (response.status_code, response.url) == (302, "/")
    assert client.session["_auth_user_id"] == str(user.pk)
    assert User.objects.filter(email__iexact=PERSON["email"]).count() == 1


def test_a_person_who_is_unknown_gets_an_account_that_opens_nothing_and_a_question_is_asked(
    client, proconnect
):
    lead = MembershipFactory(lead=True)
    association = OrganisationFactory(name="Le Toit", siret=SIRET)
    association.territories.add(lead.territory)

    sign_in(client)

    user = User.objects.get(email="lea.roux@toit.example")
    home = client.get("/").content.decode()
    assert (user.full_name, user.has_usable_password()) == ("Léa Roux", False)
    assert list(user.memberships.all()) == []
    assert "Votre rattachement attend une confirmation" in home
    assert "Le Toit" in home
    assert client.get(reverse("people", args=[lead.territory.code])).status_code == 404

    client.force_login(lead.user)
    client.post(
        reverse("attachment", args=[lead.territory.code, Attachment.objects.get().pk]), {"role": "partner"}
    )
    assert user.memberships.get().organisation == association


def test_a_siret_that_is_nobody_s_here_is_said(client, proconnect):
    sign_in(client)

    assert SIRET in client.get("/").content.decode()
    assert Attachment.objects.get().organisation is None


def test_who_already_acts_for_the_organisation_is_not_asked_about_again(client, proconnect):
    held = MembershipFactory(partner=True, organisation__siret=SIRET, user__email="lea.roux@toit.example")

    sign_in(client)

    assert not Attachment.objects.exists()
    assert held.user.memberships.count() == 1


def test_coming_back_asks_once_and_finds_the_organisation_known_since(client, proconnect):
    sign_in(client)
    association = OrganisationFactory(siret=SIRET)

    sign_in(client)

    assert Attachment.objects.get().organisation == association


def test_an_account_that_was_closed_stays_closed(client, proconnect):
    UserFactory(email="lea.roux@toit.example", is_active=False)

    response = sign_in(client)

    assert response.url == reverse("account_inactive")
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("fault", ["nonce", "signature", "audience", "sub"])
def test_an_answer_that_is_not_ours_is_refused_in_french(client, proconnect, fault):
    UserFactory(email="lea.roux@toit.example")

    response = sign_in(client, fault=fault)

    assert "ProConnect n'a pas pu vous connecter" in response.content.decode().replace("’", "'")
    assert "_auth_user_id" not in client.session


def test_who_changes_their_mind_comes_back_to_the_page(client, proconnect):
    response = sign_in(client, fault="cancel")

    assert response.url == reverse("socialaccount_login_cancelled")


def test_an_answer_that_nobody_asked_is_refused(client, proconnect):
    response = client.get(reverse("proconnect_callback") + "?code=1&state=unknown")

    assert "ProConnect n'a pas pu vous connecter" in response.content.decode().replace("’", "'")


@pytest.mark.parametrize("name", ["proconnect_login", "proconnect_callback"])
def test_off_it_does_not_exist(client, name):
    assert client.get(reverse(name)).status_code == 404
    assert "ProConnect" not in client.get(reverse("account_login")).content.decode()
