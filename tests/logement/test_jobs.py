"""Long work: a row that is written, claimed once, carried, swept when it falls asleep."""

import threading
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError
from django.utils import timezone
from kombu.exceptions import OperationalError

from logement import jobs
from logement.files import part_of
from logement.models import Job
from logement.roles import Permission as P
from logement.tasks import run_job
from tests.factories import MembershipFactory
from tests.threads import all_at_once

State = Job.State
UNFORESEEN = "Une erreur imprévue a arrêté la tâche. Relancez-la."


@pytest.fixture
def person(db):
    return MembershipFactory(reader=True)


@pytest.fixture
def work(monkeypatch):
    """Declares the kind « essai »; `work.act` is what it does, `work.done` the jobs it did."""

    class Work:
        def __init__(self):
            self.done = []
            self.act = lambda job: ("essai.txt", b"contenu")

        def __call__(self, job):
            self.done.append(job.pk)
            return self.act(job)

    work = Work()
    monkeypatch.setitem(jobs.KINDS, "essai", work)
    monkeypatch.setitem(jobs.MAY_ASK, "essai", lambda job, user: user.may(P.PRODUCE_REPORT, job.territory))
    return work


@pytest.fixture
def bells(monkeypatch):
    """The keys rung, in place of the broker: what a job becomes does not depend on it."""
    rung = []
    monkeypatch.setattr(jobs.app, "send_task", lambda name, args, **options: rung.append(args[0]))
    return rung


@pytest.fixture
def silent_broker(monkeypatch):
    def send_task(name, args, **options):
        raise OperationalError("connection refused")

    monkeypatch.setattr(jobs.app, "send_task", send_task)


def enqueue(person, **params):
    return jobs.enqueue(kind="essai", territory=person.territory, by=person.user, **params)


def seen(job):
    """What the page of a job shows."""
    job = Job.objects.get(pk=job.pk)
    return job.state, job.percent, job.message, job.attempts


def age(job, **fields):
    """Makes a job look as if it had been left there for five minutes."""
    past = timezone.now() - timedelta(minutes=5)
    Job.objects.filter(pk=job.pk).update(created_at=past, **fields)


# --- Asked ---


def test_a_job_asked_waits_and_rings_once_committed(person, work, bells, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        job = enqueue(person, year=1)
        assert bells == []

    assert seen(job) == (State.QUEUED, 0, "En attente d'un poste de travail", 0)
    assert bells == [str(job.pk)]
    assert work.done == []


def test_the_same_job_asked_twice_is_one_row(person, work):
    first, again = enqueue(person, year=1, format="pdf"), enqueue(person, year=1, format="pdf")

    assert again == first
    assert Job.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_job_asked_by_ten_clicks_at_once_is_one_row(person, work, bells):
    asked = all_at_once(10, lambda: enqueue(person, year=1).pk)

    assert set(asked) == {Job.objects.get().pk}
    assert bells == [str(asked[0])]


@pytest.mark.parametrize("difference", ["params", "person", "over"])
def test_another_job_is_another_row(person, work, difference):
    first = enqueue(person, year=1)
    if difference == "over":
        jobs.run(first.pk)
    if difference == "person":
        person = MembershipFactory(reader=True, territory=person.territory)

    enqueue(person, year=2 if difference == "params" else 1)

    assert Job.objects.count() == 2


# --- Carried ---


def test_a_job_that_runs_keeps_its_file(person, work):
    job = enqueue(person)

    jobs.run(job.pk)

    job.refresh_from_db()
    assert seen(job) == (State.DONE, 100, "Terminé", 1)
    assert job.file_name == "essai.txt"
    with job.result.open() as file:
        assert file.read() == b"contenu"
    assert job.finished_at is not None


def test_a_step_shows_while_the_work_goes_on(person, work):
    steps = []

    def act(job):
        jobs.step(job, 40, "Mise en page")
        steps.append(seen(job))
        return "essai.txt", b""

    work.act = act
    job = enqueue(person)

    jobs.run(job.pk)

    assert steps == [(State.RUNNING, 40, "Mise en page", 1)]


def test_a_job_run_again_does_nothing(person, work):
    job = enqueue(person)

    jobs.run(job.pk)
    jobs.run(job.pk)

    assert work.done == [job.pk]
    assert len(default_storage.listdir(job_folder(job))[1]) == 1


def job_folder(job):
    job.refresh_from_db()
    return job.result.name.rpartition("/")[0]


def test_a_foreseen_failure_shows_its_own_sentence(person, work):
    def act(job):
        raise jobs.JobError("La page de titre est trop longue : raccourcissez-la.")

    work.act = act
    job = enqueue(person)

    jobs.run(job.pk)

    assert seen(job) == (State.FAILED, 0, "La page de titre est trop longue : raccourcissez-la.", 1)


def test_an_unforeseen_failure_shows_a_sentence_and_logs_its_trace(person, work, caplog):
    def act(job):
        jobs.step(job, 30, "Mise en page")
        raise RuntimeError("secret detail")

    work.act = act
    job = enqueue(person)

    jobs.run(job.pk)

    assert seen(job) == (State.FAILED, 30, UNFORESEEN, 1)
    assert "RuntimeError: secret detail" in caplog.text


def test_a_failure_is_read_on_its_page(person, work, client):
    def act(job):
        raise RuntimeError("secret detail")

    work.act = act
    job = enqueue(person)
    jobs.run(job.pk)
    client.force_login(person.user)

    page = client.get(f"/taches/{job.pk}/").content.decode()

    assert UNFORESEEN in page
    assert "secret detail" not in page
    assert client.get(f"/taches/{job.pk}/fichier/").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_ten_workers_claim_a_job_once(person, work, bells):
    job = enqueue(person)

    all_at_once(10, lambda: jobs.run(job.pk))

    assert work.done == [job.pk]
    assert seen(job) == (State.DONE, 100, "Terminé", 1)


def test_work_that_keeps_its_own_files_leaves_none_here(person, work, client):
    work.act = lambda job: None
    job = enqueue(person, page="/montpellier/2023/versions/1/")
    jobs.run(job.pk)
    client.force_login(person.user)

    page = client.get(f"/taches/{job.pk}/").content.decode()

    assert seen(job) == (State.DONE, 100, "Terminé", 1)
    assert 'href="/montpellier/2023/versions/1/"' in page
    assert client.get(f"/taches/{job.pk}/fichier/").status_code == 404


# --- Cancelled ---


def test_a_job_cancelled_while_it_waits_is_never_carried(person, work, client):
    job = enqueue(person)
    client.force_login(person.user)

    client.post(f"/taches/{job.pk}/arreter/")
    jobs.run(job.pk)

    assert seen(job) == (State.FAILED, 0, f"Arrêtée à la demande de {person.user}.", 0)
    assert work.done == []


@pytest.mark.parametrize("when", ["before a step", "after the last step"])
def test_a_job_cancelled_while_it_runs_stops_and_keeps_no_file(person, work, when):
    def act(job):
        jobs.step(job, 30, "Mise en page")
        jobs.cancel(job=job, by="Camille")
        if when == "before a step":
            jobs.step(job, 60, "Formats")
        return "essai.txt", b"contenu"

    work.act = act
    job = enqueue(person)

    jobs.run(job.pk)

    assert seen(job) == (State.FAILED, 30, "Arrêtée à la demande de Camille.", 1)
    job.refresh_from_db()
    assert not job.result
    assert not default_storage.exists("jobs") or files_under("jobs") == []


def files_under(folder):
    folders, files = default_storage.listdir(folder)
    return files + [name for inner in folders for name in files_under(f"{folder}/{inner}")]


def test_a_job_that_is_over_is_not_cancelled(person, work):
    job = enqueue(person)
    jobs.run(job.pk)

    jobs.cancel(job=job, by="Camille")

    assert seen(job) == (State.DONE, 100, "Terminé", 1)


def test_a_worker_taken_for_dead_stops_when_another_has_its_job(person, work):
    def act(job):
        if len(work.done) == 1:
            age(job, heartbeat_at=timezone.now() - timedelta(minutes=5))
            jobs.run(job.pk)
            jobs.step(job, 60, "Formats")
        return "essai.txt", str(len(work.done)).encode()

    work.act = act
    job = enqueue(person)

    jobs.run(job.pk)

    assert seen(job) == (State.DONE, 100, "Terminé", 2)
    job.refresh_from_db()
    with job.result.open() as file:
        assert file.read() == b"2"


# --- Asked again ---


@pytest.fixture
def failed(person, work):
    """A job that failed; what it does works now."""

    def act(job):
        raise jobs.JobError("La page de titre est trop longue : raccourcissez-la.")

    work.act = act
    job = enqueue(person, year=1)
    jobs.run(job.pk)
    work.act = lambda job: ("essai.txt", b"contenu")
    return Job.objects.get(pk=job.pk)


def test_a_job_that_failed_is_asked_again_from_its_page(failed, work, client):
    client.force_login(failed.created_by)
    page = client.get(f"/taches/{failed.pk}/").content.decode()

    response = client.post(f"/taches/{failed.pk}/relancer/")
    again = Job.objects.exclude(pk=failed.pk).get()
    jobs.run(again.pk)

    assert f'action="/taches/{failed.pk}/relancer/"' in page
    assert response.url == f"/taches/{again.pk}/"
    assert again.params == failed.params
    assert seen(again) == (State.DONE, 100, "Terminé", 1)


def test_a_job_asked_again_takes_the_place_of_the_one_that_failed(failed, client):
    client.force_login(failed.created_by)

    place = client.post(f"/taches/{failed.pk}/relancer/", headers={"HX-Request": "true"}).content.decode()

    again = Job.objects.exclude(pk=failed.pk).get()
    assert f'hx-get="/taches/{again.pk}/"' in place


def test_a_job_asked_again_twice_is_one_job(failed, client):
    client.force_login(failed.created_by)

    answers = [client.post(f"/taches/{failed.pk}/relancer/").url for _ in range(2)]

    assert len(set(answers)) == 1
    assert Job.objects.count() == 2


def test_a_job_that_did_not_fail_is_not_asked_again(person, work, client):
    job = enqueue(person)
    jobs.run(job.pk)
    client.force_login(person.user)

    assert client.post(f"/taches/{job.pk}/relancer/").url == f"/taches/{job.pk}/"
    assert Job.objects.count() == 1


def test_a_job_whose_work_may_no_longer_be_asked_is_refused(failed, client, monkeypatch):
    monkeypatch.setitem(jobs.MAY_ASK, "essai", lambda job, user: False)
    client.force_login(failed.created_by)

    assert client.post(f"/taches/{failed.pk}/relancer/").status_code == 403
    assert Job.objects.count() == 1


# --- Swept ---


def test_a_job_whose_worker_died_is_swept_and_run_again(person, work, bells):
    job = enqueue(person)
    age(job, state=State.RUNNING, attempts=1, percent=30, heartbeat_at=timezone.now() - timedelta(minutes=5))

    assert jobs.sweep() == 1
    assert bells == [str(job.pk)]
    jobs.run(job.pk)

    assert seen(job) == (State.DONE, 100, "Terminé", 2)


def test_a_job_that_gives_signs_of_life_is_left_alone(person, work, bells):
    job = enqueue(person)
    age(job, state=State.RUNNING, attempts=1, heartbeat_at=timezone.now() - timedelta(seconds=30))

    assert jobs.sweep() == 0
    jobs.run(job.pk)

    assert bells == []
    assert work.done == []


def test_a_job_just_asked_is_not_rung_twice(person, work, bells):
    enqueue(person)

    assert jobs.sweep() == 0
    assert bells == []


def test_a_job_interrupted_three_times_is_given_up_with_a_sentence(person, work, bells):
    job = enqueue(person)
    age(
        job,
        state=State.RUNNING,
        attempts=jobs.MAX_ATTEMPTS,
        heartbeat_at=timezone.now() - timedelta(minutes=5),
    )

    assert jobs.sweep() == 0

    assert seen(job) == (State.FAILED, 0, "La tâche a été interrompue trois fois. Relancez-la.", 3)
    assert bells == []


def test_a_job_over_is_never_swept(person, work, bells):
    job = enqueue(person)
    jobs.run(job.pk)
    age(job, heartbeat_at=timezone.now() - timedelta(minutes=5))

    assert jobs.sweep() == 0
    assert bells == []


def test_what_dead_attempts_wrote_goes_with_the_end_of_the_job(person, work, bells):
    job = enqueue(person)
    age(job, attempts=1, state=State.RUNNING, heartbeat_at=timezone.now() - timedelta(minutes=5))
    job.refresh_from_db()
    first = jobs.place_of(job, 1)
    default_storage.save(first, ContentFile(b"contenu"))
    default_storage.save(part_of(first), ContentFile(b"cont"))

    jobs.run(job.pk)

    job.refresh_from_db()
    assert files_under("jobs") == [f"{job.pk}-2"]


@pytest.mark.parametrize("end", ["given up", "cancelled"])
def test_a_job_that_ends_without_its_work_leaves_no_file(person, work, bells, end):
    job = enqueue(person)
    age(job, attempts=3, state=State.RUNNING, heartbeat_at=timezone.now() - timedelta(minutes=5))
    job.refresh_from_db()
    default_storage.save(jobs.place_of(job, 3), ContentFile(b"contenu"))

    jobs.sweep() if end == "given up" else jobs.cancel(job=job, by="Camille")

    assert seen(job)[0] == State.FAILED
    assert files_under("jobs") == []


# --- The broker ---


def test_a_broker_that_is_down_loses_nothing(
    person, work, silent_broker, django_capture_on_commit_callbacks, caplog
):
    with django_capture_on_commit_callbacks(execute=True):
        job = enqueue(person)

    assert seen(job)[0] == State.QUEUED
    assert "The broker did not answer" in caplog.text


def test_a_job_of_a_day_without_broker_runs_when_it_is_back(
    person, work, monkeypatch, django_capture_on_commit_callbacks
):
    with monkeypatch.context() as down, django_capture_on_commit_callbacks(execute=True):
        down.setattr(jobs.app, "send_task", refuse)
        job = enqueue(person)
    age(job)
    monkeypatch.setattr(jobs.app, "send_task", lambda name, args, **options: run_job(*args))

    assert jobs.sweep() == 1

    assert seen(job) == (State.DONE, 100, "Terminé", 1)


def refuse(name, args, **options):
    raise OperationalError("connection refused")


def test_a_real_worker_carries_a_job_to_its_end(person, work, worker):
    job = enqueue(person)

    wait_for(lambda: seen(job)[0] in {State.DONE, State.FAILED})

    assert seen(job) == (State.DONE, 100, "Terminé", 1)
    assert work.done == [job.pk]


def test_a_real_worker_takes_what_the_sweeper_rings(person, work, worker, monkeypatch):
    with monkeypatch.context() as down:
        down.setattr(jobs.app, "send_task", refuse)
        job = enqueue(person)
    age(job)

    assert jobs.sweep() == 1
    wait_for(lambda: seen(job)[0] == State.DONE)

    assert work.done == [job.pk]


def wait_for(condition, seconds=20):
    pause = threading.Event()
    for _ in range(seconds * 20):
        if condition():
            return
        pause.wait(0.05)
    pytest.fail("The worker did not do it in time.")


@pytest.mark.django_db(transaction=True)
def test_a_step_that_lasts_still_gives_signs_of_life(person):
    job = enqueue(person)
    age(job, state=State.RUNNING, heartbeat_at=timezone.now() - timedelta(minutes=5))

    with jobs.heartbeat(job, period=0.01):
        wait_for(lambda: Job.objects.get(pk=job.pk).heartbeat_at > timezone.now() - jobs.STALE)
    last = Job.objects.get(pk=job.pk).heartbeat_at

    assert threading.Event().wait(0.05) is False
    assert Job.objects.get(pk=job.pk).heartbeat_at == last


# --- The embedded worker ---


def test_the_embedded_worker_starts_once(settings, monkeypatch):
    settings.EMBEDDED_WORKER = True
    started = []
    monkeypatch.setattr(jobs, "_threads", [])
    monkeypatch.setattr(jobs, "_work_for_ever", lambda: started.append("worker"))
    monkeypatch.setattr(jobs, "_sweep_for_ever", lambda: started.append("sweeper"))

    all_at_once(8, jobs.start_embedded_worker)
    wait_for(lambda: len(started) == 2)

    assert sorted(started) == ["sweeper", "worker"]


def test_there_is_no_embedded_worker_beside_redis(settings, monkeypatch):
    settings.EMBEDDED_WORKER = False
    monkeypatch.setattr(jobs, "_threads", [])

    jobs.start_embedded_worker()

    assert jobs._threads == []


# --- What the database refuses ---


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"percent": 101}, "job_percent_at_most_100"),
        ({"state": "done"}, "job_finished_at_with_its_state"),
        ({"finished_at": timezone.now()}, "job_finished_at_with_its_state"),
    ],
)
def test_a_job_that_contradicts_itself_is_refused(person, fields, constraint):
    with pytest.raises(IntegrityError, match=constraint):
        Job.objects.create(kind="essai", territory=person.territory, created_by=person.user, **fields)
