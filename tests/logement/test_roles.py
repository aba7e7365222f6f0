"""Memberships in force, on their edge days, and what they open."""

from datetime import UTC, date, datetime

import pytest

from logement.models import Membership, Organisation, Territory
from logement.roles import ASSISTANCE, GIVES, PERMISSIONS, Permission, Role, roles_with
from tests.factories import MembershipFactory, TerritoryFactory, UserFactory

P = Permission


def test_every_role_has_its_line_in_the_table():
    assert set(PERMISSIONS) == set(Role.values)


def test_every_permission_is_held_by_somebody():
    assert {permission for held in PERMISSIONS.values() for permission in held} == set(Permission)


@pytest.mark.parametrize(
    ("permission", "roles"),
    [
        (P.EDIT_PLAN, ["lead"]),
        (P.MOVE_EXERCISE, ["lead"]),
        (P.EDIT_FIGURES, ["lead"]),
        (P.VIEW_DRAFT_REPORT, ["lead"]),
        (P.VIEW_SHARED_REPORT, ["lead", "reader", "ddets", "dihal"]),
        (P.VIEW_SENT_REPORT, ["partner", "writer"]),
        (P.VIEW_OWN_REGISTERS, ["partner", "writer"]),
        (P.EDIT_OWN_REGISTERS, ["partner", "writer"]),
        (P.VIEW_REGISTER_COUNTS, ["lead"]),
        (P.ANSWER_CAMPAIGN, ["partner", "writer"]),
        (P.SEND_SUBMISSION, ["partner"]),
        (P.RUN_CAMPAIGN, ["lead"]),
        (P.RECEIVE_REPORT, ["ddets", "dihal"]),
        (P.MAKE_INQUIRY, ["ddets"]),
        (P.ANSWER_INQUIRY, ["lead"]),
        (P.PUBLISH_REPORT, ["lead"]),
        (P.COMPARE_TERRITORIES, ["dihal"]),
        (P.VIEW_INQUIRIES, ["lead", "ddets", "dihal"]),
        (P.ADMINISTER, ["administrator"]),
        (P.VIEW_PEOPLE, ["lead", "administrator"]),
        (P.VIEW_OWN_PEOPLE, ["partner", "writer", "ddets", "dihal"]),
        (P.INVITE_PEOPLE, ["lead", "administrator"]),
        (P.INVITE_OWN_PEOPLE, ["partner"]),
    ],
)
def test_roles_with_a_permission(permission, roles):
    assert roles_with(permission) == roles


def test_the_administrator_sees_no_business_object():
    assert PERMISSIONS[Role.ADMINISTRATOR] == {P.ADMINISTER, P.VIEW_PEOPLE, P.INVITE_PEOPLE}


def test_assistance_reads_and_never_acts():
    assert {permission for permission in ASSISTANCE if not permission.name.startswith("VIEW_")} == set()
    own = {P.VIEW_OWN_LINES, P.VIEW_OWN_FIGURES, P.VIEW_OWN_REGISTERS, P.VIEW_OWN_PEOPLE}
    assert ASSISTANCE.isdisjoint(own)


def test_who_gives_roles_is_who_invites():
    invite = {P.INVITE_PEOPLE, P.INVITE_OWN_PEOPLE}

    assert set(GIVES) == {role for role, permissions in PERMISSIONS.items() if permissions & invite}
    assert Role.ADMINISTRATOR not in GIVES[Role.LEAD]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("now", "in_force"),
    [
        (datetime(2023, 2, 28, 22, 59, 59, tzinfo=UTC), False),  # 28 February, 23:59:59 in Paris
        (datetime(2023, 2, 28, 23, 0, tzinfo=UTC), True),  # 1 March, midnight in Paris
        (datetime(2023, 12, 31, 22, 59, 59, tzinfo=UTC), True),  # 31 December, 23:59:59 in Paris
        (datetime(2023, 12, 31, 23, 0, tzinfo=UTC), False),  # 1 January, midnight in Paris
    ],
)
def test_a_membership_counts_from_its_first_day_to_its_last_included(time_machine, now, in_force):
    membership = MembershipFactory(starts_on=date(2023, 3, 1), ends_on=date(2023, 12, 31))
    time_machine.move_to(now, tick=False)

    assert Membership.objects.in_force().exists() is in_force
    assert membership.user.may(P.VIEW_PLAN, membership.territory) is in_force


@pytest.mark.django_db
def test_a_membership_of_one_day_counts_that_day():
    MembershipFactory(starts_on=date(2023, 5, 24), ends_on=date(2023, 5, 24))

    days = [date(2023, 5, 23), date(2023, 5, 24), date(2023, 5, 25)]

    assert [Membership.objects.in_force(day).count() for day in days] == [0, 1, 0]


@pytest.mark.django_db
def test_grants_add_up_over_the_memberships_and_stay_in_their_territory():
    here, there = TerritoryFactory(), TerritoryFactory()
    partner = MembershipFactory(partner=True, territory=here)
    user = partner.user
    other = MembershipFactory(partner=True, territory=here, user=user)
    MembershipFactory(reader=True, territory=there, user=user)
    MembershipFactory(lead=True, territory=there, user=user, over=True)

    assert user.organisations_with(P.VIEW_OWN_LINES) == {
        (here.pk, partner.organisation_id),
        (here.pk, other.organisation_id),
    }
    assert user.territories_with(P.VIEW_OWN_LINES) == {here.pk}
    assert user.territories_with(P.VIEW_LINES) == {there.pk}
    assert user.territories_with(P.EDIT_PLAN) == set()
    assert user.may(P.VIEW_LINES, there)
    assert not user.may(P.VIEW_LINES, here)


@pytest.mark.django_db
def test_memberships_are_read_once_per_request(django_assert_num_queries):
    user = MembershipFactory(lead=True).user

    with django_assert_num_queries(1):
        user.may(P.EDIT_PLAN, 1)
        assert user.territories_with(P.EDIT_PLAN)
        assert user.memberships_today


@pytest.mark.django_db
def test_a_superuser_without_membership_sees_no_territory():
    user = UserFactory(is_staff=True, is_superuser=True)
    TerritoryFactory()

    assert list(Territory.objects.visible_to(user)) == []


@pytest.mark.django_db
def test_kind_of_organisation_gives_no_right():
    membership = MembershipFactory(reader=True, organisation__kind=Organisation.Kind.STATE)

    assert not membership.user.may(P.EDIT_PLAN, membership.territory)
