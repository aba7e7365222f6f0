"""A session of assistance: for a reason, for half an hour, to read only, every page noted."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from logement import assistance
from logement.models import Assistance, AssistanceReading, Event, User
from logement.roles import ASSISTANCE
from logement.roles import Permission as P
from tests.factories import MembershipFactory, TerritoryFactory, YearFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator():
    return MembershipFactory(administrator=True)


@pytest.fixture
def territory(administrator):
    return administrator.territory


@pytest.fixture
def page(territory):
    year = YearFactory(agreement__territory=territory, number=2023)
    return reverse("axes:axes", args=[territory.code, year.number])


def begin(administrator, reason="Le PDF ne sort pas"):
    return assistance.open_session(territory=administrator.territory, reason=reason, by=administrator.user)


def again(user):
    """The same person at another request."""
    return User.objects.get(pk=user.pk)


def test_it_opens_what_is_read_and_nothing_else(administrator, territory):
    assert not administrator.user.may(P.VIEW_LINES, territory)

    begin(administrator)

    user = again(administrator.user)
    assert {permission for permission in P if user.may(permission, territory)} == ASSISTANCE | {
        P.ADMINISTER,
        P.VIEW_PEOPLE,
        P.INVITE_PEOPLE,
    }
    assert not any(user.may(permission, TerritoryFactory()) for permission in P)


def test_each_page_is_noted_and_the_lead_reads_which(client, administrator, territory, page):
    client.force_login(administrator.user)
    assert client.get(page).status_code == 404
    client.post(reverse("open_assistance", args=[territory.code]), {"reason": "Le PDF ne sort pas"})

    opened = client.get(page)

    assert "lecture seule jusqu" in opened.content.decode()
    session = Assistance.objects.get()
    assert [reading.path for reading in session.readings.all()] == [page]
    client.force_login(MembershipFactory(lead=True, territory=territory).user)
    listed = client.get(reverse("assistance", args=[territory.code])).content.decode()
    detail = client.get(reverse("assistance_session", args=[territory.code, session.pk])).content.decode()
    assert "Le PDF ne sort pas" in listed
    assert page in detail
    assert session.readings.count() == 1  # the lead's own reading is nobody's business


def test_it_ends_by_itself(time_machine, client, administrator, page):
    session = begin(administrator)
    client.force_login(administrator.user)
    time_machine.move_to(session.ends_at - timedelta(seconds=1), tick=False)
    assert client.get(page).status_code == 200

    time_machine.move_to(session.ends_at, tick=False)

    assert client.get(page).status_code == 404
    assert begin(administrator).pk != session.pk  # the one that ended by itself bars no other


def test_it_ends_by_hand_at_the_next_request(client, administrator, territory, page):
    begin(administrator)
    client.force_login(administrator.user)

    client.post(reverse("end_assistance", args=[territory.code]))

    assert client.get(page).status_code == 404
    acts = list(Event.objects.order_by("pk").values_list("act", flat=True))
    assert acts == ["Session d'assistance ouverte", "Session d'assistance terminée"]


def test_it_ends_with_the_role(client, administrator, page):
    begin(administrator)
    client.force_login(administrator.user)

    administrator.user.memberships.update(ends_on="2020-12-31")

    assert client.get(page).status_code == 404


@pytest.mark.parametrize("reason", ["", "   ", "\x00\u200b"])
def test_it_asks_a_reason(client, administrator, territory, reason):
    client.force_login(administrator.user)

    response = client.post(reverse("open_assistance", args=[territory.code]), {"reason": reason})

    assert response.status_code == 422
    assert not Assistance.objects.exists()


def test_only_the_administrator_of_the_territory_opens_one(territory):
    for membership in (
        MembershipFactory(lead=True, territory=territory),
        MembershipFactory(administrator=True),
    ):
        with pytest.raises(PermissionDenied):
            assistance.open_session(territory=territory, reason="Voir", by=membership.user)


def test_one_at_a_time(administrator):
    begin(administrator)

    with pytest.raises(ValidationError, match="déjà une session"):
        begin(administrator)


@pytest.mark.parametrize("wrong", [{"reason": ""}, {"ends_at": "2020-01-01T00:00Z"}])
def test_the_database_refuses_a_session_without_a_reason_or_an_end(administrator, wrong):
    session = begin(administrator)

    with pytest.raises(IntegrityError), transaction.atomic():
        Assistance.objects.filter(pk=session.pk).update(**wrong)


@pytest.mark.parametrize("change", [lambda rows: rows.update(path="/"), lambda rows: rows.delete()])
def test_what_was_read_is_never_changed(administrator, change):
    AssistanceReading.objects.create(assistance=begin(administrator), path="/ici/", at=timezone.now())

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        change(AssistanceReading.objects.all())
