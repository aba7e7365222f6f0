"""A new territory and its lead, made by the technical administrator, who sees nothing more of it."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from logement.models import Membership, Organisation, Territory, User
from logement.roles import Permission as P
from logement.territories import create_territory, organisation_named, reserved_words
from tests.factories import MembershipFactory, TerritoryFactory, UserFactory

pytestmark = pytest.mark.django_db
FIELDS = {
    "name": "Agglomération d'Exemple",
    "organisation": "Agglomération d'Exemple",
    "lead_email": "Cheffe@Exemple.example",
    "lead_name": "Ada Lovelace",
}


@pytest.fixture
def administrator():
    return MembershipFactory(administrator=True).user


def test_the_territory_has_its_lead_and_its_administrator(administrator):
    made = create_territory(**FIELDS, by=administrator)

    assert (made.code, made.name) == ("agglomeration-dexemple", "Agglomération d'Exemple")
    held = Membership.objects.filter(territory=made).order_by("role")
    assert [(one.role, one.user.email, one.organisation.name) for one in held] == [
        ("administrator", administrator.email, administrator.memberships.first().organisation.name),
        ("lead", "cheffe@exemple.example", "Agglomération d'Exemple"),
    ]
    assert not User.objects.get(email="cheffe@exemple.example").has_usable_password()


def test_the_administrator_reads_nothing_of_the_territory(administrator, client):
    made = create_territory(**FIELDS, by=administrator)
    fresh = User.objects.get(pk=administrator.pk)
    client.force_login(fresh)

    assert fresh.may(P.ADMINISTER, made)
    assert not fresh.may(P.VIEW_PLAN, made)
    assert client.get(reverse("axes:agreements", args=[made.code])).status_code == 404


def test_a_lead_who_has_an_account_keeps_it(administrator):
    known = UserFactory(email="cheffe@exemple.example", full_name="Déjà là")
    create_territory(**FIELDS, by=administrator)

    assert list(known.memberships.values_list("role", flat=True)) == ["lead"]
    assert User.objects.get(pk=known.pk).full_name == "Déjà là"


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
        create_territory(**FIELDS | changes, by=administrator)
    assert list(refusal.value.message_dict) == [field]


def test_a_code_is_once(administrator):
    TerritoryFactory(code="exemple")
    with pytest.raises(ValidationError, match="code"):
        create_territory(**FIELDS, code="exemple", by=administrator)
    assert not User.objects.filter(email="cheffe@exemple.example").exists()


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

    assert "Ada Lovelace en prépare la convention" in response.content.decode()
    assert Territory.objects.filter(name=FIELDS["name"]).exists()


def test_the_page_says_what_to_mend_and_keeps_the_rest(client, administrator):
    client.force_login(administrator)
    response = client.post(reverse("add_territory"), FIELDS | {"code": "verifier"})

    assert response.status_code == 422
    assert "déjà une adresse de l&#x27;application" in response.content.decode()
    assert 'value="Ada Lovelace"' in response.content.decode()


def test_a_superuser_of_no_territory_makes_the_first(client):
    client.force_login(UserFactory(is_superuser=True))

    assert "Nouveau territoire" in client.get("/").content.decode()
    assert client.get(reverse("add_territory")).status_code == 200


def test_a_lead_does_not_create_territories(client):
    client.force_login(MembershipFactory(lead=True).user)
    assert client.get(reverse("add_territory")).status_code == 404
