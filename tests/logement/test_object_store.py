"""Files kept in an S3 store: what is promised of the disk holds there, and the application alone gives them."""

import threading

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from moto.server import ThreadedMotoServer

from logement import jobs
from logement.backup import archive, saving
from logement.models import Job
from logement.object_store import ObjectStorage
from tests.factories import MembershipFactory
from tests.services import free_port
from tests.threads import all_at_once

pytestmark = pytest.mark.once


@pytest.fixture(scope="module")
def server():
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    yield "http://{}:{}".format(*server.get_host_and_port())
    server.stop()


@pytest.fixture
def storage(settings):
    """`storage(address)` keeps the files there."""

    def storage(address):
        where = {"bucket_name": "logement", "endpoint_url": address, "region_name": "us-east-1"}
        keys = {"access_key": "essai", "secret_key": "essai"}
        settings.STORAGES = settings.STORAGES | {"default": settings.OBJECT_STORE | {"OPTIONS": where | keys}}

    return storage


@pytest.fixture
def store(server, storage):
    storage(server)
    bucket = default_storage.bucket
    bucket.create()
    yield bucket
    bucket.objects.all().delete()
    bucket.delete()


def names(store):
    return [found.key for found in store.objects.all()]


def read(name):
    with default_storage.open(name) as file:
        return file.read()


def test_a_file_is_written_read_and_taken_away(store):
    name = default_storage.save("jobs/2023/essai.txt", ContentFile(b"contenu"))

    assert (name, read(name), names(store)) == ("jobs/2023/essai.txt", b"contenu", [name])
    default_storage.delete(name)
    assert (names(store), default_storage.exists(name)) == ([], False)


def test_a_file_never_takes_the_place_of_another(store, monkeypatch):
    """Six writers have all been told that the name is free before one of them writes."""
    contents = iter([b"%d" % number for number in range(6)])
    all_told, exists = threading.Barrier(6), ObjectStorage.exists

    def told_with_the_others(self, name):
        is_taken = exists(self, name)
        if not is_taken and name == "essai.txt":
            all_told.wait()
        return is_taken

    monkeypatch.setattr(ObjectStorage, "exists", told_with_the_others)

    kept = all_at_once(6, lambda: default_storage.save("essai.txt", ContentFile(next(contents))))

    assert sorted(names(store)) == sorted(set(kept))
    assert {read(name) for name in kept} == {b"%d" % number for number in range(6)}


@pytest.fixture
def job(db, monkeypatch):
    person = MembershipFactory(reader=True)
    monkeypatch.setitem(jobs.KINDS, "essai", lambda job: ("essai.html", b"<script>1</script>"))
    return jobs.enqueue(kind="essai", territory=person.territory, by=person.user)


def test_the_file_of_a_job_is_given_by_the_application_to_whoever_may_have_it(store, job):
    jobs.run(job.pk)
    mine, theirs = Client(), Client()
    mine.force_login(job.created_by)
    theirs.force_login(MembershipFactory(reader=True, territory=job.territory).user)
    address = f"/taches/{job.pk}/fichier/"

    answer = mine.get(address)

    assert b"".join(answer) == b"<script>1</script>"
    assert answer["Content-Disposition"] == 'attachment; filename="essai.html"'
    assert theirs.get(address).status_code == 404
    assert Client().get(address).url.startswith("/compte/login/")
    assert names(store) == [jobs.place_of(job, 1)]


def test_a_backup_holds_the_files_of_the_store(store, job, tmp_path):
    jobs.run(job.pk)

    path, missing = saving.save(tmp_path)

    with archive.reading(path) as reader:
        assert reader.under("fichiers") == names(store)
        assert reader.members[f"fichiers/{jobs.place_of(job, 1)}"].read_bytes() == b"<script>1</script>"
    assert missing == []


def test_a_store_that_does_not_answer_fails_the_job_with_a_sentence(storage, job):
    storage(f"http://127.0.0.1:{free_port()}")

    jobs.run(job.pk)

    assert (Job.objects.get().state, Job.objects.get().message) == (Job.State.FAILED, jobs.NOT_WRITTEN)
