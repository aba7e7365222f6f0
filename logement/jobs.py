"""Long work: a job is a row, Celery only rings a bell with its key, a sweeper rings again what fell asleep.

A kind of job is a function `work(job)`, declared by `@kind("report", may_ask=…)` in an app's tasks.py. It gives (file
name, bytes), or None when what it made is elsewhere: the job's page then leads to `params["page"]`.

Whatever dies, and when, one file is there at the end or none: each attempt writes under a name of its own, and the
attempt that ends the job takes the others away.
"""

import logging
import threading
from contextlib import contextmanager
from datetime import timedelta

from celery.worker import WorkController
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import (
    DatabaseError,
    InterfaceError,
    OperationalError,
    close_old_connections,
    connection,
    transaction,
)
from django.db.models import F, Q
from django.utils import timezone
from kombu.exceptions import OperationalError as BrokerError

from logement import upkeep
from logement.celery import app
from logement.models import Job, User

logger = logging.getLogger(__name__)

KINDS, MAY_ASK = {}, {}
STALE = timedelta(seconds=60)
HEARTBEAT = 10  # seconds
FORGOTTEN = timedelta(seconds=20)
MAX_ATTEMPTS = 3
NOT_WRITTEN = (
    "Le fichier n'a pas pu être écrit : le disque du serveur est peut-être plein. "
    "Prévenez l'administrateur, puis relancez."
)
UNFINISHED = (Job.State.QUEUED, Job.State.RUNNING)


class JobError(Exception):
    """A foreseen failure; its text is the French sentence shown to whoever asked."""


class Stopped(Exception):
    """The job is no longer this worker's: it was cancelled, or taken for dead and given to another."""


def kind(name, *, may_ask):
    """Declares the function that does the work of the jobs of this kind, and who may ask for it: `may_ask(job, user)`,
    true where this person could ask now for what the job did.
    """

    def declare(work):
        KINDS[name], MAY_ASK[name] = work, may_ask
        return work

    return declare


@transaction.atomic
def enqueue(*, kind, territory, by, **params):
    """Writes the row and rings once it is committed. The same work already waiting or running is not asked twice."""
    User.objects.select_for_update(no_key=True).get(pk=by.pk)  # a double click comes one after the other
    twin = Job.objects.filter(
        kind=kind,
        territory=territory,
        created_by=by,
        params=params,
        state__in=UNFINISHED,
    ).first()
    if twin:
        return twin
    job = Job.objects.create(
        kind=kind,
        territory=territory,
        created_by=by,
        params=params,
        message="En attente d'un poste de travail",
    )
    transaction.on_commit(lambda: ring(job.pk))
    return job


def retry(*, job, by):
    """Asks again for the work of a job that failed: another job, and the same sentences if it fails again.

    One that is not over, or did its work, stays as it is. Raises PermissionDenied where it may no longer be asked for.
    """
    if job.state != Job.State.FAILED:
        return job
    if not MAY_ASK[job.kind](job, by):
        raise PermissionDenied
    return enqueue(kind=job.kind, territory=job.territory, by=by, **job.params)


def ring(job_id):
    """Tells a worker. A broker that is down is no harm: the sweeper rings again."""
    start_embedded_worker()
    tell("logement.tasks.run_job", str(job_id))


def tell(task, *args):
    """Asks a worker for a task that may be lost, since what it is about is a row that something sweeps."""
    try:
        app.send_task(task, list(args), retry=False)
    except BrokerError as error:
        logger.warning("The broker did not answer, the sweeper will ask again for %s: %s", task, error)


def run(job_id):
    """Claims the job in the database, does its work, writes its end. Called again for the same job, does nothing."""
    now = timezone.now()
    claimable = Q(state=Job.State.QUEUED) | Q(state=Job.State.RUNNING, heartbeat_at__lt=now - STALE)
    claimed = Job.objects.filter(claimable, pk=job_id).update(
        state=Job.State.RUNNING, heartbeat_at=now, attempts=F("attempts") + 1
    )
    if not claimed:
        return
    job = Job.objects.select_related("territory", "created_by").get(pk=job_id)
    try:
        with heartbeat(job):
            made = KINDS[job.kind](job)
            if made is not None:
                keep_file(job, *made)
    except Stopped:
        logger.info("Job %s was stopped", job.pk)
    except JobError as error:
        finish(job, state=Job.State.FAILED, message=str(error))
    except (
        Exception
    ) as error:  # a task boundary: whatever broke, the row must say so and the log must keep the trace
        logger.exception("Job %s failed", job.pk)
        # Where the database went away, the row stays as it is: the sweeper will ring again.
        if not (isinstance(error, InterfaceError | OperationalError) and has_lost_the_database()):
            finish(job, state=Job.State.FAILED, message="Une erreur imprévue a arrêté la tâche. Relancez-la.")
    else:
        finish(job, state=Job.State.DONE, message="Terminé")


def has_lost_the_database():
    """Told apart from a database that is there and refuses: a full disk, a query that takes too long."""
    return connection.connection is None or not connection.is_usable()


def keep_file(job, file_name, content):
    """Writes the file of a job, whole or not at all. Raises JobError."""
    try:
        job.result.name = default_storage.save(place_of(job, job.attempts), ContentFile(content))
    except OSError as error:
        logger.exception("The file of job %s was not written", job.pk)
        raise JobError(NOT_WRITTEN) from error
    job.file_name = file_name
    take_away(job, range(1, job.attempts))  # before the end is written: nobody looks at a job that is over


def place_of(job, attempt):
    return f"jobs/{job.created_at:%Y/%m}/{job.pk}-{attempt}"


def take_away(job, attempts):
    """Takes away what these attempts of a job may have written."""
    for attempt in attempts:
        try:
            default_storage.delete(place_of(job, attempt))
        except OSError as error:  # a file too many is no reason to lose the end of a job
            logger.warning("What job %s wrote could not be taken away: %s", job.pk, error)


@contextmanager
def heartbeat(job, period=HEARTBEAT):
    """Writes a sign of life while the block lasts, however long one step is; it dies with the process, as it should."""
    over = threading.Event()

    def beat():
        while not over.wait(period):
            try:
                Job.objects.filter(pk=job.pk).update(heartbeat_at=timezone.now())
            except DatabaseError as error:  # one that is missed is no death: the next one may be written
                logger.warning("No sign of life could be written for job %s: %s", job.pk, error)
        connection.close()

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def step(job, percent, message):
    """Says how far the work is. Raises Stopped where it was cancelled meanwhile."""
    job.percent, job.message = percent, message
    if not own(job).update(percent=percent, message=message):
        raise Stopped


def own(job):
    """The row of a job while it is this worker's, as a QuerySet; to be locked by what must not outlive a cancelling."""
    return Job.objects.filter(pk=job.pk, state__in=UNFINISHED, attempts=job.attempts)


def finish(job, *, state, message):
    """Writes the end of a job; unless it was cancelled or given to another meanwhile: its file, if any, then goes."""
    job.state, job.message, job.finished_at = state, message, timezone.now()
    if state == Job.State.DONE:
        job.percent = 100
    ended = {name: getattr(job, name) for name in ("state", "message", "finished_at", "percent")}
    ended |= {"file_name": job.file_name, "result": job.result.name or ""}
    is_written = own(job).update(**ended)
    if is_written and state == Job.State.FAILED:
        take_away(job, range(1, job.attempts + 1))
    elif not is_written and job.result:
        job.result.delete(save=False)


def cancel(*, job, by):
    """Ends a job that waits or runs; its worker stops at its next step and keeps nothing. One that is over stays so."""
    ended = Job.objects.filter(pk=job.pk, state__in=UNFINISHED).update(
        state=Job.State.FAILED, message=f"Arrêtée à la demande de {by}.", finished_at=timezone.now()
    )
    if ended:
        job.refresh_from_db()
        take_away(job, range(1, job.attempts + 1))


def sweep():
    """Rings again the jobs nobody took and those whose worker died; gives up after MAX_ATTEMPTS. Returns how many."""
    now = timezone.now()
    asleep = Job.objects.filter(
        Q(state=Job.State.QUEUED, created_at__lt=now - FORGOTTEN)
        | Q(state=Job.State.RUNNING, heartbeat_at__lt=now - STALE)
    )
    for job in asleep.filter(attempts__gte=MAX_ATTEMPTS):
        finish(job, state=Job.State.FAILED, message="La tâche a été interrompue trois fois. Relancez-la.")
    keys = list(asleep.filter(attempts__lt=MAX_ATTEMPTS).values_list("pk", flat=True))
    for key in keys:
        ring(key)
    return len(keys)


_starting = threading.Lock()
_threads = []


def start_embedded_worker():
    """In the embedded default, starts the Celery worker thread of this process once; elsewhere does nothing."""
    if not settings.EMBEDDED_WORKER:
        return
    with _starting:
        if not _threads:
            _threads.extend(
                threading.Thread(target=work, daemon=True) for work in (_work_for_ever, _sweep_for_ever)
            )
            for thread in _threads:
                thread.start()


def _work_for_ever():
    app.finalize()
    WorkController(app=app, pool_cls="solo", concurrency=1, without_gossip=True, without_mingle=True).start()


def _sweep_for_ever(period=30):
    pause, done_on = threading.Event(), None
    while True:
        close_old_connections()
        upkeep.run("often")
        done_on = keep_up(done_on)
        close_old_connections()
        pause.wait(period)


def keep_up(done_on):
    """In the embedded default, what beat does elsewhere: once a day, all of it. Gives the day it was last tried."""
    today = timezone.localdate()
    if today == done_on:
        return done_on
    for rhythm in ("hourly", "daily", "monthly"):
        upkeep.run(rhythm)
    return today
