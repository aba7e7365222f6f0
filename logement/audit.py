"""The audit trail's one way in, and that of the journal of who read the registers."""

from datetime import datetime, time

from django.utils import timezone

from logement.models import AccessLog, Event
from logement.text import clean_text

KEPT_MONTHS = 12  # the journal of the registers; the database refuses to erase sooner (migration 0002)


def record(*, by, act, about, territory=None, detail=""):
    """Writes one line of the trail: `by` did `act` on `about` (any object with a French label)."""
    return Event.objects.create(
        actor=str(by),
        territory_code=territory.code if territory else "",
        act=act,
        object_label=str(about)[:300],
        detail=detail,
    )


def log_access(*, by, act, register, territory, organisation=None, rows=0, detail="", reason=""):
    """Writes who read what of a register: the one thing that a GET writes.

    `act` is one of `AccessLog.Act`, `register` the French name of the list, `organisation` the one whose rows they are
    (None: of several), `rows` how many. `detail` (the filters, the key of a figure) never names a household. An export
    has a `reason`, else IntegrityError.
    """
    return AccessLog.objects.create(
        actor=str(by),
        email=by.email,
        act=act,
        register=register,
        territory=territory,
        organisation=organisation,
        rows=rows,
        detail=clean_text(detail)[:300],
        reason=clean_text(reason).strip()[:300],
    )


def purge_access_log(today=None):
    """Erases the lines of the journal that are older than twelve months. Gives how many."""
    today = today or timezone.localdate()
    try:
        day = today.replace(year=today.year - 1)
    except ValueError:
        day = today.replace(year=today.year - 1, day=28)
    limit = timezone.make_aware(datetime.combine(day, time()))
    return AccessLog.objects.filter(at__lt=limit).delete()[0]
