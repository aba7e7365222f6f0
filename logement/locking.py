"""The optimistic lock: a save names the version it read; the database refuses it when somebody saved meanwhile."""

from django.db.models import F


class Conflict(Exception):
    """The row changed since it was read. `current` is the row as it is now, None when it was removed."""

    def __init__(self, current):
        super().__init__("La ligne a été modifiée entre-temps.")
        self.current = current


def swap_version(instance, *, version, **changes):
    """Compare-and-swap in SQL: `UPDATE … WHERE pk = ? AND version = ?`, for a row without history.

    Raises Conflict when no row had that version. Returns the row as saved. To be called in a transaction.
    """
    rows = type(instance)._base_manager.filter(pk=instance.pk)
    saved = rows.filter(version=version).update(**changes, version=F("version") + 1)
    current = rows.first()
    if not saved:
        raise Conflict(current)
    return current


def save_version(instance, *, version, by, reason="", **changes):
    """`swap_version` for a row with history: writes the history row that `update()` omits."""
    current = swap_version(instance, version=version, **changes)
    model = type(instance)
    model.history.bulk_history_create([current], update=True, default_user=by, default_change_reason=reason)
    return current
