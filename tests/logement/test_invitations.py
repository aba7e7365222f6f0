"""An invitation opens one role, to whoever reads the mail of its address, once."""

from datetime import timedelta
from urllib.parse import quote

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from logement import invitations, mail
from logement.models import Event, Invitation, Membership, Message, User
from logement.roles import Role
from tests.factories import InvitationFactory, MembershipFactory, OrganisationFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]
WELCOME = {
    "full_name": "Zoé Martin",
    "new_password1": "la-porte-verte-12",
    "new_password2": "la-porte-verte-12",
}


@pytest.fixture
def lead():
    return MembershipFactory(lead=True, organisation__name="Métropole", territory__name="Ici").user


@pytest.fixture
def territory(lead):
    return lead.memberships.get().territory


@pytest.fixture
def association(territory):
    association = OrganisationFactory(name="Le Toit", kind="association")
    association.territories.add(territory)
    return association


@pytest.fixture
def invitation(lead, territory, association):
    return invitations.invite(
        email="Zoe@Toit.example",
        role=Role.PARTNER,
        organisation=association,
        territory=territory,
        by=lead,
    )


def open_page(client, invitation):
    return client.get(invitations.path_of(invitation))


def test_inviting_writes_a_row_a_message_and_a_line_of_the_journal(invitation, lead):
    message = Message.objects.get()

    assert (invitation.email, invitation.created_by) == ("zoe@toit.example", lead)
    assert (message.address, message.recipient) == ("zoe@toit.example", None)
    assert mail.absolute_url(invitations.path_of(invitation)) in message.text
    assert Event.objects.get().act == "Invitation envoyée"


def test_whoever_has_the_link_chooses_a_password_and_comes_in(client, invitation, territory, association):
    assert "Le Toit" in open_page(client, invitation).content.decode()

    response = client.post(invitations.path_of(invitation), WELCOME)

    assert (response.status_code, response.url) == (302, "/")
    user = User.objects.get(email="zoe@toit.example")
    held = user.memberships.get()
    assert user.check_password("la-porte-verte-12")
    assert (held.organisation, held.territory, held.role) == (association, territory, "partner")
    assert client.get("/").status_code == 200
    assert open_page(client, invitation).status_code == 404


def test_a_guest_who_has_no_password_chooses_one_and_keeps_the_same_account(client, invitation):
    guest = UserFactory(email="zoe@toit.example", full_name="zoe@toit.example")

    client.post(invitations.path_of(invitation), WELCOME)

    assert Invitation.objects.get().accepted_by == guest
    assert User.objects.get(email="zoe@toit.example").full_name == "Zoé Martin"


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"full_name": " "}, "Donnez votre prénom et votre nom."),
        ({"new_password2": "autre"}, "ne correspondent pas"),
        ({"new_password1": "court", "new_password2": "court"}, "trop court"),
        ({"new_password1": "zoe@toit.example", "new_password2": "zoe@toit.example"}, "trop semblable"),
    ],
)
def test_what_is_refused_says_why_and_opens_nothing(client, invitation, changed, sentence):
    response = client.post(invitations.path_of(invitation), WELCOME | changed)

    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert Invitation.objects.usable().exists()
    assert not User.objects.filter(email="zoe@toit.example").exists()


def test_an_address_that_has_an_account_signs_in_then_accepts(client, invitation):
    user = UserFactory(email="zoe@toit.example", password="la-porte-verte-12")
    page = open_page(client, invitation).content.decode()
    assert f"{reverse('account_login')}?next={quote(invitations.path_of(invitation))}" in page
    assert client.post(invitations.path_of(invitation), WELCOME).status_code == 200

    client.force_login(user)
    client.post(invitations.path_of(invitation))

    assert user.memberships.get().role == "partner"


def test_somebody_else_who_is_signed_in_does_not_accept_for_the_other(client, invitation, lead):
    client.force_login(lead)

    response = client.post(invitations.path_of(invitation), WELCOME)

    assert "Vous êtes connecté sous l'adresse" in response.content.decode().replace("’", "'")
    assert Invitation.objects.usable().exists()


@pytest.mark.parametrize("ended", ["expired", "withdrawn", "accepted", "sent again", "forged"])
def test_a_link_that_opens_nothing_answers_alike(client, invitation, lead, ended):
    path = invitations.path_of(invitation)
    if ended == "expired":
        Invitation.objects.update(created_at="2020-01-01T00:00Z", expires_at="2020-01-15T00:00Z")
    elif ended == "withdrawn":
        invitations.revoke(invitation=invitation, by=lead)
    elif ended == "accepted":
        client.post(path, WELCOME)
        client.logout()
    elif ended == "sent again":
        invitations.resend(invitation=invitation, by=lead)
    else:
        path = path.replace(str(invitation.key), str(invitation.key)[::-1])

    response = client.get(path)

    assert response.status_code == 404
    assert "Cette invitation n'ouvre rien" in response.content.decode().replace("’", "'")


def test_of_two_acceptances_the_second_is_refused(invitation):
    user = UserFactory(email="zoe@toit.example")
    invitations.accept(invitation=invitation, user=user)
    user.memberships.all().delete()

    with pytest.raises(ValidationError, match="vient d'être acceptée"):
        invitations.accept(invitation=invitation, user=user)


def test_sent_again_it_lasts_again_under_another_link(invitation, lead):
    before = invitations.path_of(invitation)
    Invitation.objects.update(created_at="2020-01-01T00:00Z", expires_at="2020-01-15T00:00Z")

    invitations.resend(invitation=invitation, by=lead)

    assert invitations.path_of(invitation) != before
    assert invitation.expires_at > timezone.now() + timedelta(days=13)
    assert Message.objects.count() == 2


def test_a_known_and_an_unknown_address_get_the_same_answer_by_the_same_way(
    client, lead, territory, association
):
    UserFactory(email="connue@toit.example", password="la-porte-verte-12")
    client.force_login(lead)
    form = {"organisation": association.pk, "role": "partner", "ends_on": ""}
    pages, costs = [], []

    for email in ("connue@toit.example", "autree@toit.example"):
        with CaptureQueriesContext(connection) as queries:
            client.post(reverse("invite", args=[territory.code]), form | {"email": email})
        page = client.get(reverse("people", args=[territory.code])).content.decode()
        costs.append(len(queries))
        pages.append(page.count(email))

    first, second = Message.objects.order_by("created_at")
    assert pages[0] == pages[1] > 0
    assert costs[0] == costs[1]
    assert (first.subject, len(first.text)) == (second.subject, len(second.text))


@pytest.mark.parametrize(
    ("role", "own", "given"),
    [
        (Role.PARTNER, True, True),
        (Role.WRITER, True, True),
        (Role.PARTNER, False, False),
        (Role.LEAD, True, False),
        (Role.ADMINISTRATOR, True, False),
    ],
)
def test_the_referent_of_an_association_invites_for_it_and_no_further(territory, role, own, given):
    referent = MembershipFactory(partner=True, territory=territory)
    organisation = referent.organisation if own else OrganisationFactory()
    asked = {
        "email": "a@b.example",
        "role": role,
        "organisation": organisation,
        "territory": territory,
        "by": referent.user,
    }

    if given:
        assert invitations.invite(**asked).role == role
    else:
        with pytest.raises(ValidationError, match="Vous ne pouvez pas donner"):
            invitations.invite(**asked)


def test_a_lead_does_not_make_an_administrator(lead, territory, association):
    with pytest.raises(ValidationError, match="Administration technique"):
        invitations.invite(
            email="a@b.example",
            role=Role.ADMINISTRATOR,
            organisation=association,
            territory=territory,
            by=lead,
        )


def test_who_already_has_the_role_is_not_invited_to_it(client, lead, territory, association):
    held = MembershipFactory(partner=True, territory=territory, organisation=association)
    client.force_login(lead)
    form = {"email": held.user.email.upper(), "organisation": association.pk, "role": "partner"}

    response = client.post(reverse("invite", args=[territory.code]), form)

    assert response.status_code == 422
    assert "Cette personne a déjà ce rôle" in response.content.decode()


def test_the_same_invitation_twice_is_refused_by_the_form_and_by_the_database(
    client, lead, territory, invitation
):
    client.force_login(lead)
    form = {"email": invitation.email, "organisation": invitation.organisation_id, "role": "partner"}

    response = client.post(reverse("invite", args=[territory.code]), form)

    assert "déjà invitée à ce titre" in response.content.decode()
    invitation.pk = None
    invitation.key = "00000000-0000-4000-8000-000000000000"
    with pytest.raises(IntegrityError), transaction.atomic():
        invitation.save()


@pytest.mark.parametrize(
    "wrong",
    [
        {"role": "king"},
        {"expires_at": "2000-01-01T00:00Z"},
        {"accepted_at": "2026-01-01T00:00Z"},
        {"revoked_at": "2026-01-01T00:00Z"},
    ],
)
def test_the_database_refuses_what_an_invitation_cannot_be(wrong):
    invitation = InvitationFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.filter(pk=invitation.pk).update(**wrong)


def test_an_invitation_is_accepted_or_withdrawn_not_both(lead):
    invitation = InvitationFactory()
    both = {"accepted_at": timezone.now(), "accepted_by": lead}
    both |= {"revoked_at": timezone.now(), "revoked_by": lead}

    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.filter(pk=invitation.pk).update(**both)


def test_a_role_offered_until_a_day_ends_that_day(client, lead, territory, association):
    until = timezone.localdate() + timedelta(days=30)
    invitation = invitations.invite(
        email="zoe@toit.example",
        role=Role.READER,
        organisation=association,
        territory=territory,
        by=lead,
        ends_on=until,
    )

    client.post(invitations.path_of(invitation), WELCOME)

    assert Membership.objects.get(role="reader").ends_on == until
