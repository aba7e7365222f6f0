"""The people of a territory: who sees whom, roles that end, tries that are forgiven, attachments by SIRET."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from logement import people
from logement.models import Attachment, Event, Membership
from logement.roles import Role
from tests.factories import AttachmentFactory, InvitationFactory, MembershipFactory

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


@pytest.fixture
def lead():
    return MembershipFactory(lead=True)


def people_page(client, user, territory):
    client.force_login(user)
    return client.get(reverse("people", args=[territory.code])).content.decode()


def test_each_sees_the_people_that_are_theirs_to_see(client, lead):
    here = {"territory": lead.territory}
    referent = MembershipFactory(partner=True, **here)
    writer = MembershipFactory(role=Role.WRITER, organisation=referent.organisation, **here)
    officer = MembershipFactory(ddets=True, **here)
    elsewhere = MembershipFactory(lead=True)
    everybody = [lead, referent, writer, officer, elsewhere]

    def seen_by(membership):
        page = people_page(client, membership.user, membership.territory)
        return [held for held in everybody if held.user.email in page]

    assert seen_by(lead) == [lead, referent, writer, officer]
    assert seen_by(referent) == seen_by(writer) == [referent, writer]
    assert seen_by(officer) == [officer]
    assert seen_by(elsewhere) == [elsewhere]


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_whatever_the_number_of_people(
    client, lead, count, django_assert_num_queries
):
    here = {"territory": lead.territory}
    MembershipFactory.create_batch(count, **here)
    InvitationFactory.create_batch(count, **here)
    client.force_login(lead.user)

    with django_assert_num_queries(7):
        client.get(reverse("people", args=[lead.territory.code]))


def test_a_role_that_is_ended_closes_the_next_request_of_an_open_session(client, lead):
    partner = MembershipFactory(partner=True, territory=lead.territory)
    path = reverse("people", args=[lead.territory.code])
    client.force_login(partner.user)
    assert client.get(path).status_code == 200

    people.end_membership(membership=partner, by=lead.user)

    assert client.get(path).status_code == 404
    partner.refresh_from_db()
    assert partner.ended_by == lead.user
    assert Event.objects.get().act == "Habilitation retirée"


def test_a_role_that_was_ended_may_be_given_again(lead):
    partner = MembershipFactory(partner=True, territory=lead.territory)
    people.end_membership(membership=partner, by=lead.user)

    again = MembershipFactory(
        partner=True,
        user=partner.user,
        organisation=partner.organisation,
        territory=lead.territory,
    )

    assert list(Membership.objects.in_force().filter(user=partner.user)) == [again]


def test_nobody_ends_a_role_that_they_could_not_give(client, lead):
    administrator = MembershipFactory(administrator=True, territory=lead.territory)
    client.force_login(lead.user)

    with pytest.raises(PermissionDenied):
        people.end_membership(membership=administrator, by=lead.user)

    response = client.post(reverse("end_membership", args=[lead.territory.code, administrator.pk]))
    assert response.status_code == 403
    assert Membership.objects.in_force().filter(pk=administrator.pk).exists()


def test_an_attachment_gives_nothing_until_somebody_confirms_it(client, lead):
    asked = AttachmentFactory()
    asked.organisation.territories.add(lead.territory)
    assert list(asked.user.memberships_today) == []

    client.force_login(lead.user)
    page = client.get(reverse("people", args=[lead.territory.code])).content.decode()
    assert asked.user.email in page
    path = reverse("attachment", args=[lead.territory.code, asked.pk])
    assert client.get(path).status_code == 200
    client.post(path, {"role": "partner"})

    held = asked.user.memberships.get()
    assert (held.role, held.organisation, held.territory) == ("partner", asked.organisation, lead.territory)
    assert Attachment.objects.get().decided_by == lead.user
    assert client.get(path).status_code == 404


def test_an_attachment_that_is_refused_gives_nothing(client, lead):
    asked = AttachmentFactory()
    asked.organisation.territories.add(lead.territory)
    client.force_login(lead.user)

    client.post(reverse("attachment", args=[lead.territory.code, asked.pk]), {"decision": "refuse"})

    assert asked.user.memberships.count() == 0
    assert not Attachment.objects.waiting().exists()


def test_an_attachment_is_not_decided_twice(lead):
    asked = AttachmentFactory()
    acting = {"attachment": asked, "territory": lead.territory, "by": lead.user}
    people.refuse_attachment(**acting)

    with pytest.raises(ValidationError, match="déjà répondu"):
        people.attach(role=Role.PARTNER, **acting)


def test_an_attachment_to_an_organisation_of_elsewhere_is_not_seen(client, lead):
    asked = AttachmentFactory()
    client.force_login(lead.user)

    assert client.get(reverse("attachment", args=[lead.territory.code, asked.pk])).status_code == 404
