"""`./manage.py demo`: everything there after the first run, nothing changed by the second."""

from io import StringIO

import pytest
from django.core.management import call_command

from axes.demo.campaigns import PEOPLE
from axes.models import Year
from logement.demo import ACCOUNTS, NATIONAL, PASSWORD
from logement.management.commands.demo import table
from logement.models import Membership, User
from logement.roles import Role
from reporting.side_by_side import compared, groups_of, versions_for
from tests.conftest import rows_kept

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def _loaded(django_db_setup, django_db_blocker):
    """The demonstration, loaded once for all these tests."""
    with rows_kept(django_db_blocker):
        demo()
        yield


def demo():
    out = StringIO()
    call_command("demo", stdout=out, skip_checks=True)
    return out.getvalue()


def test_demo_says_how_to_come_in(monkeypatch):
    monkeypatch.setenv("HOST", "127.0.0.2")
    monkeypatch.setenv("PORT", "8123")

    lines = demo().splitlines()

    assert lines[:2] == ["La démonstration est chargée.", "Adresse : http://127.0.0.2:8123/"]
    assert [line.split()[-2:] for line in lines[4:]] == [[account.email, PASSWORD] for account in ACCOUNTS]


def test_demo_loads_every_app():
    years = Year.objects.order_by("number").values_list("territory__code", "number", "state")
    assert list(years) == [
        ("montpellier", 2022, "closed"),
        ("montpellier", 2023, "review"),
        ("ville-exemple", 2024, "sent"),
        ("ville-exemple", 2025, "writing"),
    ]


def test_demo_gives_the_dihal_something_to_compare():
    national = User.objects.get(email=NATIONAL)

    groups = groups_of(compared(versions_for(national)), [2022, 2024])

    shared = {group.label: bool(group.definition) for group in groups if group.is_shared}
    # One is defined alike by both territories; the page shows what each means by the other.
    assert shared == {
        "Sessions de formation au Logement d'abord": True,
        "Demandeurs de logement social": False,
    }


def test_demo_accounts_open_and_hold_their_role():
    for account in ACCOUNTS:
        user = User.objects.get(email=account.email)
        memberships = Membership.objects.in_force().filter(user=user).select_related("organisation")
        assert user.check_password(PASSWORD)
        assert user.is_staff == (account.role == Role.ADMINISTRATOR)
        assert {membership.role for membership in memberships} == {account.role}
        assert account.organisation in {membership.organisation.name for membership in memberships}
        assert account.email.endswith(".example")


def test_demo_has_one_account_per_role_two_associations_and_the_lead_of_another_territory():
    assert sorted(account.role for account in ACCOUNTS) == sorted([*Role, Role.PARTNER, Role.LEAD])


def test_demo_password_passes_the_rules_of_the_application(settings):
    from django.contrib.auth.password_validation import validate_password

    for account in ACCOUNTS:
        validate_password(PASSWORD, User(email=account.email, full_name=account.full_name))


def test_demo_leaves_what_was_changed():
    user = User.objects.get(email=ACCOUNTS[0].email)
    user.full_name = "Une autre personne"
    user.set_password("un autre mot de passe")
    user.save()
    year = Year.objects.get(number=2023)
    year.lines.first().delete()

    demo()

    assert User.objects.get(pk=user.pk).full_name == "Une autre personne"
    assert User.objects.get(pk=user.pk).check_password("un autre mot de passe")
    assert year.lines.count() == 18
    assert User.objects.count() == len(ACCOUNTS) + len(PEOPLE) + 1  # a guest, who has a link and no account


def test_table_aligns_its_columns():
    assert table([("Rôle", "Nom"), ("Lecture", "A")]) == ["Rôle     Nom", "Lecture  A"]
