"""How the instance is: what a probe asks every half-minute, and what the administrator reads when it worries."""

import shutil
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone

from logement.backup import saving
from logement.models import Event, Job
from logement.numbers import NO_BREAK_SPACE, format_number
from logement.templatetags.ui import time_fr

LEAST_FREE = 0.10  # of the disk; under a third of it, writing is about to fail
LATE_BACKUP = timedelta(hours=26)  # there is one each night
LATE_JOB = timedelta(minutes=5)
PATIENCE = 2  # seconds given to Redis


class State(StrEnum):
    OK = "ok"
    WATCH = "à surveiller"
    FAILED = "en panne"


@dataclass(frozen=True, slots=True)
class Check:
    key: str
    label: str
    state: State
    words: str


def checks():
    """The checks, in the order in which they are read. Without the database, what it knows is not asked."""
    found = [database(), broker(), disk()]
    if found[0].state == State.OK:
        found += [last_backup(), oldest_job()]
    return found


def overall(found):
    """Failed where people cannot work; what only waits is to be watched."""
    states = {check.state for check in found}
    return next((state for state in (State.FAILED, State.WATCH) if state in states), State.OK)


def database():
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return Check("base", "Base de données", State.FAILED, "La base ne répond pas.")
    return Check("base", "Base de données", State.OK, "La base répond.")


def broker():
    if not settings.REDIS_URL:
        return Check(
            "redis", "Redis", State.OK, "Sans Redis : le processus web fait lui-même les tâches longues."
        )
    patience = {"socket_connect_timeout": PATIENCE, "socket_timeout": PATIENCE}
    try:
        with redis.Redis.from_url(settings.REDIS_URL, **patience) as client:
            client.ping()
    except redis.RedisError:
        words = "Redis ne répond pas : les tâches longues attendent son retour. Enregistrer s'en passe."
        return Check("redis", "Redis", State.WATCH, words)
    return Check("redis", "Redis", State.OK, "Redis répond.")


def disk():
    room = shutil.disk_usage(settings.VAR_DIR)
    share = room.free / room.total
    state = State.OK if share >= LEAST_FREE else State.WATCH if share >= LEAST_FREE / 3 else State.FAILED
    free, part = format_number(room.free / 1024**3, 1), format_number(share * 100, 0)
    words = f"{free}{NO_BREAK_SPACE}Go libres, {part}{NO_BREAK_SPACE}% du disque."
    return Check("disque", "Disque", state, words)


def last_backup():
    last = Event.objects.filter(act=saving.ACT).values_list("at", flat=True).first()
    if last is None:
        words = "Aucune sauvegarde n'a été faite : voyez BACKUP_DIR dans le guide d'exploitation."
        return Check("sauvegarde", "Dernière sauvegarde", State.WATCH, words)
    state = State.OK if timezone.now() - last <= LATE_BACKUP else State.WATCH
    words = f"Faite le {timezone.localtime(last):%d/%m/%Y} à {time_fr(last)}."
    return Check("sauvegarde", "Dernière sauvegarde", state, words)


def oldest_job():
    unfinished = Job.objects.exclude(state__in=[Job.State.DONE, Job.State.FAILED]).order_by("created_at")
    asked = unfinished.values_list("created_at", flat=True).first()
    if asked is None:
        return Check("taches", "Tâches longues", State.OK, "Aucune n'attend.")
    waits = timezone.now() - asked
    words = f"La plus ancienne est demandée depuis {waits // timedelta(minutes=1)} min."
    return Check("taches", "Tâches longues", State.OK if waits <= LATE_JOB else State.WATCH, words)
