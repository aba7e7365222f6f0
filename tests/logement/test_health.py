"""The health of the instance: what stops people fails, what only waits is watched, and nothing else is said to all."""

from collections import namedtuple
from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from logement import audit, health
from logement.backup import saving
from logement.health import State
from logement.models import Event, Job
from tests.factories import MembershipFactory
from tests.services import free_port

pytestmark = pytest.mark.django_db


def found():
    """{key: state} of the checks."""
    return {check.key: check.state for check in health.checks()}


@pytest.fixture
def sound():
    """An instance where nothing is wrong: it has been saved."""
    audit.record(by="exploitation", act=saving.ACT, about="sauvegarde.tar.gz")


def test_a_sound_instance_says_so_in_one_word(sound, client):
    answer = client.get("/sante/")

    assert (answer.status_code, answer.json()) == (200, {"état": "ok"})
    assert answer["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"
    assert not answer.cookies


def test_a_database_that_is_gone_fails(sound, client, monkeypatch):
    def gone():
        raise OperationalError("server closed the connection")

    monkeypatch.setattr(connection, "cursor", gone)

    answer = client.get("/sante/")

    assert (answer.status_code, answer.json()) == (503, {"état": "en panne"})
    assert found().keys() == {"base", "redis", "disque"}


def test_a_redis_that_is_gone_is_watched_since_saving_does_without(sound, client, settings):
    settings.REDIS_URL = f"redis://127.0.0.1:{free_port()}/0"

    assert found()["redis"] == State.WATCH
    answer = client.get("/sante/")
    assert (answer.status_code, answer.json()) == (200, {"état": "à surveiller"})


@pytest.mark.parametrize(("free", "state"), [(20, State.OK), (9, State.WATCH), (2, State.FAILED)])
def test_a_disk_is_watched_before_it_is_full(monkeypatch, free, state):
    usage = namedtuple("usage", "total free")
    monkeypatch.setattr(health.shutil, "disk_usage", lambda path: usage(100, free))

    assert health.disk().state == state


@pytest.mark.parametrize(("hours", "state"), [(25, State.OK), (27, State.WATCH)])
def test_a_night_without_backup_is_watched(sound, hours, state):
    Event.objects.update(at=timezone.now() - timedelta(hours=hours))

    assert health.last_backup().state == state


def test_an_instance_never_saved_is_watched():
    assert health.last_backup().state == State.WATCH


@pytest.mark.parametrize(("minutes", "state"), [(4, State.OK), (6, State.WATCH)])
def test_a_job_that_waits_is_watched(minutes, state):
    person = MembershipFactory(reader=True)
    asked = {"kind": "essai", "territory": person.territory, "created_by": person.user}
    old = timezone.now() - timedelta(days=1)
    Job.objects.create(**asked, state=Job.State.DONE, created_at=old, finished_at=old)
    Job.objects.create(**asked, created_at=timezone.now() - timedelta(minutes=minutes))

    assert health.oldest_job().state == state


def test_the_administrator_reads_what_was_found_and_nobody_else(sound, client):
    client.force_login(MembershipFactory(administrator=True).user)
    page = client.get("/sante/details/").content.decode()
    home = client.get("/").content.decode()
    client.force_login(MembershipFactory(lead=True).user)

    assert "Santé de l'instance : ok" in page
    assert page.count('<th scope="row">') == 5
    assert 'href="/sante/details/"' in home
    assert client.get("/sante/details/").status_code == 404
