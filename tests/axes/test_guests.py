"""A guest link opens one questionnaire, to who holds it, until it expires or is withdrawn."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from axes.models import GuestLink
from axes.submissions import guests
from logement.models import Event, Message, User
from tests.factories import MembershipFactory, UserFactory
from tests.factories.campaigns import QuestionFactory, SubmissionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def submission():
    return QuestionFactory().submission


@pytest.fixture
def link(submission):
    return guests.invite_guest(submission=submission, email="Invitee@a.example", by=UserFactory())


def address_of(submission, name="fill"):
    year = submission.campaign.year
    return reverse(f"axes:{name}", args=[year.territory.code, year.number, submission.pk])


def come_in(link):
    client = Client()
    client.post(guests.path_of(link))
    return client


def test_opens_its_questionnaire_and_no_other(submission, link):
    other = SubmissionFactory(campaign=submission.campaign)
    client = come_in(link)
    assert client.get(address_of(submission)).status_code == 200
    assert client.get(address_of(other)).status_code == 404
    assert client.get(address_of(submission, "review")).status_code in {302, 404}
    assert client.get("/").status_code == 302
    assert GuestLink.objects.get().used_at


@pytest.mark.parametrize("token", ["x", "{key}", "{key}:zqk", "{token}x"])
def test_a_forged_link_opens_nothing(link, token):
    path = guests.path_of(link)
    held = path.rstrip("/").rpartition("/")[2]
    forged = reverse("guest", args=[token.format(key=link.key, token=held)])
    client = Client()
    assert client.post(forged).status_code == 404
    assert guests.SESSION_KEY not in client.session


@pytest.mark.parametrize("end", ["revoked", "expired"])
def test_an_open_browser_is_out_at_the_next_request(submission, link, end):
    client = come_in(link)
    if end == "revoked":
        guests.revoke(link=link, by=UserFactory())
        guests.revoke(link=link, by=UserFactory())
        assert Event.objects.filter(act="Lien invité retiré").count() == 1
    else:
        GuestLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert client.get(address_of(submission)).status_code == 404
    assert Client().post(guests.path_of(link)).status_code == 404


def test_reading_the_mail_opens_nothing_yet(link):
    client = Client()
    assert client.get(guests.path_of(link)).status_code == 200
    assert guests.SESSION_KEY not in client.session


def test_the_session_key_changes_when_the_link_opens(link):
    client = Client()
    session = client.session
    session["before"] = True
    session.save()
    client.cookies["sessionid"] = session.session_key
    before = session.session_key
    client.post(guests.path_of(link))
    assert client.session.session_key != before


def test_an_address_without_account_gets_one_that_cannot_sign_in(link):
    user = User.objects.get(email__iexact="invitee@a.example")
    assert not user.has_usable_password()
    assert not user.memberships.exists()
    assert [message.recipient for message in Message.objects.all()] == [user]


def test_an_address_that_has_an_account_keeps_it(submission):
    member = MembershipFactory(partner=True, user__email="deja@a.example").user
    link = guests.invite_guest(submission=submission, email="DEJA@a.example", by=UserFactory())
    assert link.user == member


def test_a_guest_does_not_send_what_needs_a_signature(submission, link):
    type(submission).objects.update(needs_signature=True)
    client = come_in(link)
    assert client.post(address_of(submission, "send")).status_code in {403, 404}
    assert not submission.sendings.exists()
