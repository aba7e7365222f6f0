"""All of production at once, and what may happen to it: two web processes, two workers, beat, PostgreSQL and Redis.

One test, for the processes to be started once: they take longer than what is done to them.
"""

import os
import resource
import signal
import subprocess
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import dj_database_url
import psycopg
import pytest
import redis
from django.conf import settings
from django.db import connection
from django.utils import timezone

from axes.models import Answer
from logement import jobs
from logement.models import Job
from tests import production_settings
from tests.factories import MembershipFactory
from tests.factories.axes import ChapterFactory
from tests.factories.campaigns import QuestionFactory
from tests.measures import record
from tests.production import Production, Visitor, wait_for
from tests.services import program

State = Job.State
PASSWORD = "toit-dabord-2023"
MINUTES = timedelta(minutes=5)


def test_what_fell_asleep_is_taken_again_soon_enough():
    """A job is made again within 120 s: no sign of life, the next passage of the sweeper, half a minute to work."""
    passage = timedelta(seconds=settings.CELERY_BEAT_SCHEDULE["often"]["schedule"])

    assert max(jobs.STALE, jobs.FORGOTTEN) + passage <= timedelta(seconds=90)


@pytest.mark.postgresql
def test_whatever_stops_one_file_is_there_at_the_end_and_nobody_is_kept_from_writing(
    django_db_setup, django_db_blocker, settings
):
    if not settings.REDIS_URL:
        pytest.fail("Il faut PostgreSQL et Redis : python -m tests.services -- pytest…", pytrace=False)
    settings.PASSWORD_HASHERS = production_settings.PASSWORD_HASHERS
    with (
        Production(DJANGO_SETTINGS_MODULE="tests.production_settings") as running,
        django_db_blocker.unblock(),
        connected_to(running.database),
    ):
        faults = Faults(running)
        faults.none()
        stopping = (
            faults.fifty_megabytes_sent,
            faults.engine_of_a_worker_killed,
            faults.disk_full,
            faults.workers_killed,
            faults.redis_emptied_and_stopped,
            faults.redis_that_says_nothing,
            faults.postgresql_restarted,
        )
        for fault in stopping:
            faults.forget()
            fault()
    record(
        "perdu.pannes",
        label="Pannes provoquées (processus tués, disque plein, Redis vidé, arrêté ou muet, PostgreSQL redémarré, "
        "envoi démesuré) : fichiers demandés ou saisies qui manquent ensuite",
        value=0,
        unit=f"sur {len(stopping)} pannes",
        aim="0",
        command="python -m tests.services -- python -m pytest tests/test_production.py",
    )


@contextmanager
def connected_to(address):
    """This process's connection leads there, to an empty database of the same schema."""
    before = dict(connection.settings_dict)
    dump = [program("pg_dump", "postgresql"), "--host", before["HOST"], "--port", str(before["PORT"])]
    dump += ["--username", before["USER"], "--no-owner", before["NAME"]]
    schema = subprocess.run(dump, capture_output=True, check=True).stdout
    subprocess.run(
        [program("psql", "postgresql"), "--quiet", "--set", "ON_ERROR_STOP=1", address],
        input=schema,
        stdout=subprocess.DEVNULL,
        check=True,
    )
    connection.close()
    connection.settings_dict |= dj_database_url.parse(address)
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict |= before


class Faults:
    """A lead who asks for the PDF of a report, a partner who answers; each method is what happens meanwhile."""

    def __init__(self, running):
        self.running = running
        question = QuestionFactory()
        year = question.submission.campaign.year
        ChapterFactory(year=year)
        self.lead = MembershipFactory(lead=True, territory=year.territory, user__password=PASSWORD).user
        partner = {"territory": year.territory, "organisation": question.submission.organisation}
        self.partner = MembershipFactory(partner=True, **partner, user__password=PASSWORD).user
        self.question, self.base = question, f"/{year.territory.code}/{year.number}"
        (self.site, _), (self.other_site, _) = running.web(), running.web()
        self.workers = {"a": running.worker("a")}
        running.beat()
        self.visitor = Visitor(self.site)
        assert self.visitor.sign_in(self.lead.email, PASSWORD)

    def none(self):
        self.ends_with_one_file(self.ask())

    def fifty_megabytes_sent(self):
        """By a browser without JavaScript, that shows what is answered only once it has sent all."""
        jobs_before = Job.objects.count()

        status, body, _ = self.visitor.post(f"{self.base}/rapport/fichier/", format="a" * 50 * 1024**2)

        said = body.decode().replace("\xa0", " ")
        assert (status, "plus de 2 Mo de texte" in said, "votre texte y est" in said) == (413, True, True)
        assert Job.objects.count() == jobs_before
        self.somebody_signs_in_and_saves(40)

    def engine_of_a_worker_killed(self):
        engine = engine_of(self.workers["a"].process.pid)
        os.kill(engine, signal.SIGSTOP)
        job = self.ask()
        wait_for(lambda: self.read(job).percent == 30, "the layout")
        os.kill(engine, signal.SIGKILL)
        self.ends_with_one_file(job)

    def disk_full(self):
        """No file of the worker's may grow beyond a size: what it meets is what it meets on a full disk."""
        worker = self.workers["a"].process.pid
        before = resource.prlimit(worker, resource.RLIMIT_FSIZE)
        resource.prlimit(worker, resource.RLIMIT_FSIZE, (5_000, before[1]))
        job = self.ask()
        wait_for(lambda: self.read(job).is_over, "the failure")
        assert (self.read(job).state, self.read(job).message) == (State.FAILED, jobs.NOT_WRITTEN)
        assert self.files(job) == []
        resource.prlimit(worker, resource.RLIMIT_FSIZE, before)

        self.visitor.post(f"/taches/{job.pk}/relancer/")
        self.ends_with_one_file(Job.objects.first())

    def workers_killed(self):
        self.workers["b"] = self.running.worker("b")
        with self.held() as job:
            for worker in self.workers.values():
                worker.kill()
        for worker in self.workers.values():
            worker.log.write_text("")
            worker.start()
        self.time_passes()
        self.ends_with_one_file(job)
        assert self.read(job).attempts == 2

    def redis_emptied_and_stopped(self):
        with redis.Redis.from_url(self.running.broker) as client:
            client.flushall()
        self.running.redis.stop()
        job = self.ask()
        assert self.read(job).state == State.QUEUED
        self.somebody_signs_in_and_saves(41)

        self.running.redis.start()
        self.time_passes()
        self.ends_with_one_file(job)

    def redis_that_says_nothing(self):
        """It accepts what is asked, and never answers."""
        self.running.redis.process.send_signal(signal.SIGSTOP)
        try:
            job = self.ask()
            self.somebody_signs_in_and_saves(42)
        finally:
            self.running.redis.process.send_signal(signal.SIGCONT)
        self.time_passes()
        self.ends_with_one_file(job)

    def postgresql_restarted(self):
        with self.held() as job:
            self.running.postgresql.stop()
            assert self.visitor.get("/")[0] == 500
        self.running.postgresql.start()
        connection.close()
        wait_for(lambda: self.visitor.get("/")[0] == 200, "the site")
        self.somebody_signs_in_and_saves(43)
        self.time_passes()
        self.ends_with_one_file(job)

    # --- What they are made of ---

    def forget(self):
        """No cache holds the PDF any more."""
        with redis.Redis.from_url(self.running.broker) as client:
            client.delete(*client.keys("*:pdf-*") or ["nothing"])

    def ask(self):
        """The job of a PDF."""
        status, _, address = self.visitor.post(f"{self.base}/rapport/fichier/", format="pdf")
        job = Job.objects.first()
        assert (status, address) == (200, f"{self.site}/taches/{job.pk}/")
        return job

    @contextmanager
    def held(self):
        """A job that a worker has begun, and that the database holds while the block lasts."""
        with psycopg.connect(self.running.database) as other:
            other.execute("LOCK TABLE axes_chapter IN ACCESS EXCLUSIVE MODE")
            job = self.ask()
            wait_for(lambda: self.read(job).state == State.RUNNING, "a worker")
            yield job
            other.close()

    def time_passes(self):
        """Five minutes: nobody gives signs of life, nor took what was asked."""
        past = timezone.now() - MINUTES
        Job.objects.filter(state=State.QUEUED).update(created_at=past)
        Job.objects.filter(state=State.RUNNING).update(heartbeat_at=past)

    def somebody_signs_in_and_saves(self, number):
        partner = Visitor(self.other_site)
        assert partner.sign_in(self.partner.email, PASSWORD)
        key, answer = self.question.pk, Answer.objects.filter(question=self.question).first()
        fields = {
            "answer": "given",
            "number": number,
            "qualifier": "exact",
            "version": answer.version if answer else 0,
        }
        address = f"{self.base}/bilans/{self.question.submission_id}/reponse/{key}/"

        status, body, _ = partner.post(address, **{f"q{key}-{name}": value for name, value in fields.items()})

        assert status == 200, body
        assert Answer.objects.get(question=self.question).number == number

    def ends_with_one_file(self, job):
        wait_for(lambda: self.read(job).is_over, f"the end of job {job.pk}")
        done = self.read(job)
        assert (done.state, done.message) == (State.DONE, "Terminé")
        assert [str(path.relative_to(self.running.folder / "files")) for path in self.files(job)] == [
            done.result.name
        ]
        status, body, _ = self.visitor.get(f"/taches/{job.pk}/fichier/")
        assert (status, body[:5]) == (200, b"%PDF-")

    def files(self, job):
        return [path for path in (self.running.folder / "files").rglob(f"{job.pk}*") if path.is_file()]

    def read(self, job):
        return Job.objects.get(pk=job.pk)


def engine_of(worker):
    """The process of the PDF engine of this worker."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words, status = (folder / "cmdline").read_bytes(), (folder / "status").read_text()
        except (FileNotFoundError, ProcessLookupError):
            continue  # it ended meanwhile
        if b"reporting.renderers.engine" in words and f"PPid:\t{worker}\n" in status:
            return int(folder.name)
    raise AssertionError(f"Worker {worker} has no engine.")
