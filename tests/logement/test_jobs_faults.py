"""Workers that are killed, a Redis that forgets, a disk that is full: real processes, and one whole file at the end."""

import os
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import redis
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone

from logement import jobs
from logement.models import Job
from tests.factories import MembershipFactory

ROOT = Path(__file__).resolve().parents[2]
State = Job.State
SIZE = 6 * 1024 * 1024  # bytes of the file: more than the database of the tests
SECONDS = 150  # given to what takes two, for a machine that is shared

#: A worker and its sweeper, on the database, the broker and the files of the test. It stops and waits to be killed at
#: the step of its work named first, if any; its disk is full beyond the size named second.
WORKER = """
import resource, signal, sys, threading
from pathlib import Path
import django
from django.conf import settings
database, files, size, stop, disk = sys.argv[1:]
settings.DATABASES["default"]["NAME"] = database
settings.MEDIA_ROOT = Path(files)
django.setup()
from logement import files as storage, jobs

def reached(step):
    if step == stop:
        Path(files, "reached").touch()
        signal.pause()

def before(name, module, step):
    act = getattr(module, name)
    setattr(module, name, lambda *given, **named: (reached(step), act(*given, **named))[1])

@jobs.kind("essai", may_ask=lambda job, user: True)
def work(job):
    jobs.step(job, 40, "Mise en page")
    reached("work")
    return "essai.txt", b"x" * int(size)

before("fsync", storage.os, "written")
before("finish", jobs, "named")
if int(disk):
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(disk), int(disk)))
threading.Thread(target=jobs._work_for_ever, daemon=True).start()
jobs._sweep_for_ever()
"""

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def job():
    person = MembershipFactory(reader=True)
    Path(settings.MEDIA_ROOT).mkdir()
    return jobs.enqueue(kind="essai", territory=person.territory, by=person.user)


@contextmanager
def worker(*, stop="", disk=0):
    """A worker; at the end of the block, it is killed."""
    given = [settings.DATABASES["default"]["NAME"], settings.MEDIA_ROOT, SIZE, stop, disk]
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"}
    later()
    process = subprocess.Popen(
        [sys.executable, "-c", WORKER, *map(str, given)], cwd=ROOT, env=environment, stderr=subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def later():
    """Five minutes pass: nobody gives signs of life, nor took what was asked. The sweeper sees it when it starts."""
    past = timezone.now() - timedelta(minutes=5)
    Job.objects.filter(heartbeat_at=None).update(created_at=past)
    Job.objects.exclude(heartbeat_at=None).update(heartbeat_at=past)


def wait_for(condition, process):
    deadline = time.monotonic() + SECONDS
    while not condition():
        assert process.poll() is None, "The worker ended by itself."
        assert time.monotonic() < deadline, "The worker did not do it in time."
        time.sleep(0.05)


def kill_at(step):
    """A worker takes the job, and is killed when it comes to this step."""
    reached = Path(settings.MEDIA_ROOT, "reached")
    with worker(stop=step) as process:
        wait_for(reached.exists, process)
    reached.unlink()


def end(job):
    """How the job ends with a worker that nothing stops."""
    with worker() as process:
        wait_for(lambda: Job.objects.get(pk=job.pk).is_over, process)
    return Job.objects.get(pk=job.pk)


def files():
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def test_workers_killed_leave_one_whole_file(job):
    kill_at("written")
    assert Job.objects.get(pk=job.pk).state == State.RUNNING
    assert [path.suffix for path in files()] == [".part"]
    kill_at("named")
    if connection.vendor == "postgresql":
        redis.Redis.from_url(settings.REDIS_URL).flushdb()

    done = end(job)

    assert (done.state, done.percent, done.file_name) == (State.DONE, 100, "essai.txt")
    assert [str(path) for path in files()] == [default_storage.path(done.result.name)]
    assert files()[0].read_bytes() == b"x" * SIZE


def test_disk_that_is_full_leaves_no_file_and_the_job_is_asked_again(job):
    with worker(disk=SIZE - 1) as process:
        wait_for(lambda: Job.objects.get(pk=job.pk).is_over, process)
    failed = Job.objects.get(pk=job.pk)

    assert (failed.state, failed.message, failed.result.name) == (State.FAILED, jobs.NOT_WRITTEN, "")
    assert files() == []

    jobs.MAY_ASK["essai"] = lambda job, user: True
    try:
        done = end(jobs.retry(job=failed, by=failed.created_by))
    finally:
        del jobs.MAY_ASK["essai"]

    assert done.state == State.DONE
    assert [path.stat().st_size for path in files()] == [SIZE]
