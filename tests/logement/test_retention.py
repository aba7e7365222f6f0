"""Retention, on rows made for the test: memberships that ended, their last day being the last contact."""

from datetime import date, timedelta

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils.module_loading import import_string

from logement import jobs, retention
from logement.models import Event, Membership, Message, RetentionNotice
from logement.retention import KEPT_YEARS, NOTICE, Kept, keep, years_before
from logement.roles import Role
from tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 1)
TERM = date(2024, 3, 1)  # the last contact of a row whose term is today
DONE = []


def expiring(on):
    return Membership.objects.filter(role=Role.READER, ends_on__lte=years_before(on, KEPT_YEARS))


def anonymise(rows):
    DONE.append(sorted(rows.values_list("pk", flat=True)))
    return rows.delete()[0]


@pytest.fixture
def kept(monkeypatch):
    monkeypatch.setattr(retention, "KEPT", {})
    DONE.clear()
    keep(Kept(key="tests.rows", label="Lignes d'essai", expiring=expiring, anonymise=anonymise))
    return retention.KEPT["tests.rows"]


@pytest.fixture
def partner():
    return MembershipFactory(
        partner=True, territory__name="Ici", territory__code="ici", organisation__name="Adages"
    )


def row(partner, last_contact):
    return MembershipFactory(
        reader=True, organisation=partner.organisation, territory=partner.territory, ends_on=last_contact
    )


def left():
    return set(Membership.objects.filter(role=Role.READER).values_list("pk", flat=True))


def notices():
    return list(RetentionNotice.objects.values_list("row", "announced_on", "due_on"))


@pytest.mark.parametrize(
    ("day", "before"),
    [
        (date(2026, 3, 1), date(2024, 3, 1)),
        (date(2024, 2, 29), date(2022, 2, 28)),
        (date(2026, 2, 28), date(2024, 2, 28)),  # a last contact on 29 February 2024 waits for 1 March 2026
    ],
)
def test_years_before(day, before):
    assert years_before(day, 2) == before


def test_a_key_taken_is_refused(kept):
    with pytest.raises(ValueError, match=r"tests\.rows are declared twice"):
        keep(kept)


def test_a_row_is_announced_thirty_days_before_and_not_sooner(kept, partner):
    soon = row(partner, TERM + NOTICE)
    row(partner, TERM + NOTICE + timedelta(days=1))

    assert retention.announce(TODAY) == 1
    assert notices() == [(soon.pk, TODAY, TODAY + NOTICE)]
    assert retention.announce(TODAY) == 0
    assert DONE == []


def test_it_is_anonymised_on_its_day_and_not_the_day_before(kept, partner):
    old = row(partner, TERM + NOTICE)
    retention.announce(TODAY)

    assert retention.anonymise_due(TODAY + NOTICE - timedelta(days=1)) == 0
    assert left() == {old.pk}
    assert retention.anonymise_due(TODAY + NOTICE) == 1
    assert left() == set()
    assert notices() == []


def test_nothing_goes_that_was_not_announced_thirty_days_before(kept, partner):
    old = row(partner, date(2021, 1, 1))

    assert retention.anonymise_due(TODAY) == 0
    retention.announce(TODAY)
    assert retention.anonymise_due(TODAY + timedelta(days=29)) == 0
    assert left() == {old.pk}
    assert retention.anonymise_due(TODAY + timedelta(days=30)) == 1


def test_a_row_in_contact_again_is_kept_and_its_notice_goes(kept, partner):
    back = row(partner, TERM)
    retention.announce(TODAY)
    Membership.objects.filter(pk=back.pk).update(ends_on=TODAY)

    assert retention.anonymise_due(TODAY + NOTICE) == 0
    assert left() == {back.pk}
    retention.announce(TODAY + NOTICE)
    assert notices() == []


def test_the_message_names_nobody_and_goes_to_those_who_keep_the_rows(kept, partner):
    other = MembershipFactory(partner=True, territory=partner.territory)
    MembershipFactory(partner=True, organisation=partner.organisation, territory=partner.territory, over=True)
    MembershipFactory(lead=True, territory=partner.territory)
    rows = [row(partner, TERM), row(partner, TERM)]

    retention.announce(TODAY)

    message = Message.objects.get()
    assert (message.recipient, message.territory) == (partner.user, partner.territory)
    assert message.subject == "Lignes de registre bientôt anonymisées"
    assert "\n- Lignes d'essai, à partir du 31\u00a0mars 2026\n" in message.text
    for body in (message.text, message.html):
        assert "Adages" in body
        assert "http://localhost:8000/ici/conservation/" in body
        assert not any(str(kept.user) in body for kept in rows)
        assert str(other.organisation) not in body


def test_rows_announced_later_the_same_day_have_a_message_of_their_own(kept, partner):
    row(partner, TERM)
    retention.announce(TODAY)
    row(partner, TERM)

    retention.announce(TODAY)
    retention.announce(TODAY)

    assert Message.objects.count() == 2


def test_notices_and_messages_are_written_together_or_not_at_all(kept, partner, monkeypatch):
    row(partner, TERM)

    def fail(**message):
        raise RuntimeError("in the middle")

    monkeypatch.setattr(retention.mail, "post", fail)
    with pytest.raises(RuntimeError):
        retention.announce(TODAY)

    assert notices() == []


def test_the_journal_says_how_many_and_nothing_else(kept, partner):
    gone = [row(partner, TERM), row(partner, TERM)]
    retention.announce(TODAY)

    retention.anonymise_due(TODAY + NOTICE)

    event = Event.objects.get()
    assert (event.actor, event.act, event.object_label) == (
        "Application",
        "Anonymisation au terme de 2 ans",
        "Lignes d'essai",
    )
    assert (event.territory_code, event.detail) == ("ici", "Adages : 2 lignes")
    assert not any(str(one.user) in f"{event.detail} {event.object_label}" for one in gone)


def test_erasure_on_request_is_the_same_code_at_once(kept, partner):
    asked, other = row(partner, TODAY), row(partner, TODAY)

    assert retention.erase(kept, Membership.objects.filter(pk=asked.pk), by=partner.user) == 1

    (done,) = DONE
    assert done == [asked.pk]
    assert left() == {other.pk}
    assert Event.objects.get().act == "Effacement sur demande"
    assert Event.objects.get().actor == str(partner.user)


def test_a_failure_leaves_rows_notices_and_journal_as_they_were(kept, partner, monkeypatch):
    old = row(partner, TERM)
    retention.announce(TODAY)

    def fail(**event):
        raise RuntimeError("in the middle")

    monkeypatch.setattr(retention.audit, "record", fail)
    with pytest.raises(RuntimeError):
        retention.anonymise_due(TODAY + NOTICE)

    assert left() == {old.pk}
    assert len(notices()) == 1


def test_the_command_announces_then_anonymises(kept, partner, time_machine, capsys):
    row(partner, TERM)
    for day in (TODAY, TODAY + NOTICE):
        time_machine.move_to(day)
        call_command("anonymiser")

    assert capsys.readouterr().out.splitlines() == [
        "Lignes annoncées : 1. Lignes anonymisées : 0.",
        "Lignes annoncées : 0. Lignes anonymisées : 1.",
    ]


def test_the_embedded_default_keeps_up_once_a_day(kept, partner, time_machine, monkeypatch):
    row(partner, TERM)
    time_machine.move_to(TODAY, tick=False)

    assert jobs.keep_up(None) == TODAY
    assert len(notices()) == 1
    RetentionNotice.objects.all().delete()
    assert jobs.keep_up(TODAY) == TODAY
    assert notices() == []


# --- Page ---


def test_an_association_reads_what_is_announced_to_it(kept, partner, client, time_machine):
    time_machine.move_to(TODAY)
    mine = row(partner, TERM)
    other = MembershipFactory(partner=True, territory=partner.territory)
    theirs = row(other, TERM)
    retention.announce(TODAY)
    client.force_login(partner.user)

    page = client.get("/ici/conservation/").content.decode()

    assert str(mine.user) in page
    assert "31\u00a0mars 2026" in page
    assert str(theirs.user) not in page


@pytest.mark.parametrize("role", ["lead", "reader", "ddets", "dihal", "administrator"])
def test_nobody_else_does(kept, partner, client, role):
    client.force_login(MembershipFactory(territory=partner.territory, **{role: True}).user)

    assert client.get("/ici/conservation/").status_code == 404


@pytest.mark.parametrize("entry", settings.CELERY_BEAT_SCHEDULE)
def test_the_schedule_names_a_task_that_exists(entry):
    assert callable(import_string(settings.CELERY_BEAT_SCHEDULE[entry]["task"]))
