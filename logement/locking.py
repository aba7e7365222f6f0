"""The optimistic lock: a save names the version it read; the database refuses it when somebody saved meanwhile."""

from django.db.models import F


class Conflict(Exception):
    """The row changed since it was read. `current` is the row as it is now, None when it was removed."""

    def __init__(self, current):
        super().__init__("La ligne a été modifiée entre-temps.")
        self.current = current


def save_version(instance, *, version, by, reason="", **changes):
    """Compare-and-swap in SQL: `UPDATE … WHERE pk = ? AND version = ?`; writes the history row that `update()` omits.

    Raises Conflict when no row had that version. Returns the row as saved. To be called in a transaction.
    """
    model = type(instance)
    saved = model._base_manager.filter(pk=instance.pk, version=version).update(
        **changes, version=F("version") + 1
    )
    current = model._base_manager.filter(pk=instance.pk).first()
    if not saved:
        raise Conflict(current)
    model.history.bulk_history_create([current], update=True, default_user=by, default_change_reason=reason)
    return current
