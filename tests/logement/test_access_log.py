"""Who read the registers: written, seen by whom it concerns, changed by nobody, kept twelve months."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from logement import audit
from logement.models import AccessLog
from tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db
Act = AccessLog.Act


def log(person, *, at=None, **changes):
    """One reading by the person of a membership, `at` a moment."""
    fields = {
        "by": person.user,
        "act": Act.LIST,
        "register": "Ménages",
        "territory": person.territory,
        "organisation": person.organisation,
        "rows": 3,
    }
    if at is None:
        return audit.log_access(**fields | changes)
    del fields["by"]  # a line of another day: the database would refuse to age one of today
    return AccessLog.objects.create(at=at, actor=str(person.user), email=person.user.email, **fields)


@pytest.fixture
def partner():
    return MembershipFactory(partner=True, territory__code="ici", user__full_name="Nadia Belkacem")


def test_a_reading_says_who_when_what_and_why(partner):
    line = log(partner, act=Act.EXPORT, detail="entrée : 2023\0", reason="  Bilan annuel ")

    assert (line.actor, line.email) == ("Nadia Belkacem", partner.user.email)
    assert (line.act, line.register, line.rows) == ("export", "Ménages", 3)
    assert (line.detail, line.reason) == ("entrée : 2023", "Bilan annuel")
    assert timezone.now() - line.at < timedelta(minutes=1)


def test_an_export_without_reason_is_refused(partner):
    with pytest.raises(IntegrityError, match="access_log_export_has_a_reason"):
        log(partner, act=Act.EXPORT, reason=" ")


def test_an_unknown_act_is_refused(partner):
    with pytest.raises(IntegrityError, match="access_log_act_is_known"):
        log(partner, act="glance")


def test_a_line_is_never_changed(partner):
    log(partner)

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        AccessLog.objects.update(rows=0)
    with pytest.raises(IntegrityError, match="append-only"), connection.cursor() as cursor:
        cursor.execute("UPDATE logement_accesslog SET actor = 'X'")


@pytest.mark.parametrize(("age", "kept"), [(364, True), (369, False)])
def test_a_line_is_erased_only_after_twelve_months(partner, age, kept):
    old = log(partner, at=timezone.now() - timedelta(days=age))

    if kept:
        with pytest.raises(IntegrityError, match="kept 12 months"), transaction.atomic():
            AccessLog.objects.filter(pk=old.pk).delete()
    else:
        AccessLog.objects.filter(pk=old.pk).delete()

    assert AccessLog.objects.filter(pk=old.pk).exists() is kept


def test_the_purge_takes_what_is_old_and_leaves_the_rest(partner, capsys):
    old = log(partner, at=timezone.now() - timedelta(days=400))
    young = log(partner, at=timezone.now() - timedelta(days=300))

    call_command("purger_journaux")
    call_command("purger_journaux")

    assert not AccessLog.objects.filter(pk=old.pk).exists()
    assert AccessLog.objects.filter(pk=young.pk).exists()
    assert capsys.readouterr().out.splitlines() == [
        "Lignes du journal effacées : 1. Imports abandonnés effacés : 0.",
        "Lignes du journal effacées : 0. Imports abandonnés effacés : 0.",
    ]


@pytest.mark.parametrize("day", [date(2024, 2, 29), date(2024, 3, 1)])
def test_the_purge_has_a_day_to_stop_at_in_a_leap_year(partner, day):
    line = log(partner, at=datetime(2020, 1, 1, tzinfo=UTC))

    assert AccessLog.objects.filter(pk=line.pk).exists()
    assert audit.purge_access_log(day) == 1


# --- Pages ---


def shown(client, user, **filters):
    client.force_login(user)
    answer = client.get("/ici/acces-aux-registres/", filters)
    return (
        {(row.record.actor, row.record.organisation_id) for row in answer.context["table"].rows}
        if answer.status_code == 200
        else answer.status_code
    )


def test_an_association_sees_who_read_its_rows_and_the_administrator_everything(client, partner):
    other = MembershipFactory(partner=True, territory=partner.territory)
    lead = MembershipFactory(lead=True, territory=partner.territory)
    elsewhere = MembershipFactory(partner=True)
    log(partner), log(other), log(elsewhere)
    log(lead, organisation=partner.organisation, act=Act.FIGURE)
    log(lead, organisation=None, act=Act.FIGURE)
    own = {(str(partner.user), partner.organisation_id), (str(lead.user), partner.organisation_id)}

    assert shown(client, partner.user) == own
    assert shown(client, other.user) == {(str(other.user), other.organisation_id)}
    administrator = MembershipFactory(administrator=True, territory=partner.territory).user
    assert shown(client, administrator) == own | {
        (str(other.user), other.organisation_id),
        (str(lead.user), None),
    }


@pytest.mark.parametrize("role", ["lead", "reader", "ddets", "dihal"])
def test_nobody_else_sees_the_journal(client, partner, role):
    log(partner)

    assert shown(client, MembershipFactory(territory=partner.territory, **{role: True}).user) == 404


def test_the_journal_is_filtered(client, partner):
    log(partner)
    log(partner, act=Act.EXPORT, reason="Bilan", register="Candidatures")
    client.force_login(partner.user)

    def count(**filters):
        return len(client.get("/ici/acces-aux-registres/", filters).context["table"].rows)

    assert count() == 2
    assert count(acte="export") == count(registre="Candidatures") == 1
    assert count(depuis="2100-01-01") == 0


@pytest.mark.parametrize("count", [1, 3])
def test_the_journal_takes_the_same_number_of_queries(client, partner, django_assert_num_queries, count):
    client.force_login(partner.user)
    for _ in range(count):
        log(partner)

    with django_assert_num_queries(7):
        client.get("/ici/acces-aux-registres/")
