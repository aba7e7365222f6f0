"""A new territory and its lead, made by the technical administrator, who sees nothing more of it."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from logement.models import Membership, Message, Organisation, Territory, User
from logement.roles import Permission as P
from logement.territories import begin, organisation_named, reserved_words
from tests.factories import MembershipFactory, TerritoryFactory, UserFactory

pytestmark = pytest.mark.django_db
FIELDS = {
    "name": "Agglomération d'Exemple",
    "organisation": "Agglomération d'Exemple",
    "lead_email": "Cheffe@Exemple.example",
}


@pytest.fixture
def administrator():
    return MembershipFactory(administrator=True).user


def test_the_territory_has_its_administrator_and_its_lead_is_invited(administrator):
    made = begin(**FIELDS, by=administrator)

    assert (made.code, made.name) == ("agglomeration-dexemple", "Agglomération d'Exemple")
    [held] = Membership.objects.filter(territory=made)
    assert (held.role, held.user) == ("administrator", administrator)
    assert held.organisation == administrator.memberships.first().organisation
    [invitation] = made.invitations.all()
    assert (invitation.email, invitation.role) == ("cheffe@exemple.example", "lead")
    assert invitation.organisation.name == "Agglomération d'Exemple"
    assert Message.objects.filter(address="cheffe@exemple.example").count() == 1


def test_the_administrator_reads_nothing_of_the_territory(administrator, client):
    made = begin(**FIELDS, by=administrator)
    fresh = User.objects.get(pk=administrator.pk)
    client.force_login(fresh)

    assert fresh.may(P.ADMINISTER, made)
    assert not fresh.may(P.VIEW_PLAN, made)
    assert client.get(reverse("axes:agreements", args=[made.code])).status_code == 404


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"code": "compte"}, "code"),
        ({"code": "verifier"}, "code"),
        ({"code": "à revoir"}, "code"),
        ({"name": "???"}, "code"),
    ],
)
def test_a_code_that_leads_nowhere_is_refused(administrator, changes, field):
    with pytest.raises(ValidationError) as refusal:
        begin(**FIELDS | changes, by=administrator)
    assert list(refusal.value.message_dict) == [field]


def test_a_code_is_once(administrator):
    TerritoryFactory(code="exemple")
    with pytest.raises(ValidationError, match="code"):
        begin(**FIELDS, code="exemple", by=administrator)
    assert not Message.objects.exists()


def test_the_addresses_of_the_application_are_no_territory():
    words = reserved_words()

    assert words >= {"administration", "compte", "static", "taches", "territoires", "verifier"}
    assert not any(word.startswith("<") for word in words)


def test_an_organisation_is_found_whatever_the_case():
    held = Organisation.objects.create(name="DDETS Fictive", kind="state")
    territory = TerritoryFactory()

    assert organisation_named(" ddets  fictive", territory=territory) == held
    assert list(held.territories.all()) == [territory]


def test_the_page_creates_it(client, administrator):
    client.force_login(administrator)
    response = client.post(reverse("add_territory"), FIELDS, follow=True)

    assert "part à Cheffe@Exemple.example" in response.content.decode()
    assert Territory.objects.filter(name=FIELDS["name"]).exists()


def test_the_page_says_what_to_mend_and_keeps_the_rest(client, administrator):
    client.force_login(administrator)
    response = client.post(reverse("add_territory"), FIELDS | {"code": "verifier"})

    assert response.status_code == 422
    assert "déjà une adresse de l&#x27;application" in response.content.decode()
    assert 'value="Cheffe@Exemple.example"' in response.content.decode()


def test_a_superuser_of_no_territory_makes_the_first(client):
    client.force_login(UserFactory(is_superuser=True))

    assert "Nouveau territoire" in client.get("/").content.decode()
    assert client.get(reverse("add_territory")).status_code == 200


def test_a_lead_does_not_create_territories(client):
    client.force_login(MembershipFactory(lead=True).user)
    assert client.get(reverse("add_territory")).status_code == 404
