"""What happens by itself: declared by any app, done in order, one failure stops no other."""

from datetime import date

import pytest
from django.conf import settings

from logement import audit, imports, jobs, mail, retention, tasks, upkeep


@pytest.fixture
def nothing(monkeypatch):
    """No work declared."""
    monkeypatch.setattr(upkeep, "WORK", {rhythm: [] for rhythm in upkeep.WORK})


@pytest.mark.parametrize("rhythm", ["often", "hourly", "daily", "monthly"])
def test_work_is_done_in_the_order_of_its_declaration(nothing, rhythm):
    done = []

    @getattr(upkeep, rhythm)
    def first():
        done.append("first")

    @getattr(upkeep, rhythm)
    def second():
        done.append("second")

    tasks.keep_up(rhythm)

    assert done == ["first", "second"]
    assert [rhythms for rhythms, work in upkeep.WORK.items() if work] == [rhythm]


def test_work_that_fails_is_logged_and_stops_no_other(nothing, caplog):
    done = []

    @upkeep.daily
    def failing():
        raise OSError("mail server")

    upkeep.daily(lambda: done.append("the other"))
    upkeep.run("daily")

    assert done == ["the other"]
    assert "test_upkeep.failing failed" in caplog.text
    assert "OSError: mail server" in caplog.text


def test_the_ground_floor_declares_its_work():
    assert {
        rhythm: work[: len(ours)] for rhythm, work in upkeep.WORK.items() for ours in [GROUND[rhythm]]
    } == GROUND


GROUND = {
    "often": [jobs.sweep, mail.sweep],
    "hourly": [imports.forget_expired],
    "daily": [retention.announce, retention.anonymise_due],
    "monthly": [audit.purge_access_log, mail.purge],
}


def test_beat_keeps_every_rhythm():
    schedule = settings.CELERY_BEAT_SCHEDULE.values()

    assert {(entry["task"], *entry["args"]) for entry in schedule} == {
        ("logement.tasks.keep_up", rhythm) for rhythm in upkeep.WORK
    }


def test_the_embedded_default_does_it_once_a_day(nothing, time_machine):
    done = []
    for rhythm in ("hourly", "daily", "monthly"):
        getattr(upkeep, rhythm)(lambda rhythm=rhythm: done.append(rhythm))
    time_machine.move_to(date(2026, 3, 1), tick=False)

    assert jobs.keep_up(jobs.keep_up(None)) == date(2026, 3, 1)
    assert done == ["hourly", "daily", "monthly"]
    time_machine.move_to(date(2026, 3, 2), tick=False)
    jobs.keep_up(date(2026, 3, 1))
    assert len(done) == 6
