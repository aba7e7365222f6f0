"""The audit trail's one way in."""

from logement.models import Event


def record(*, by, act, about, territory=None, detail=""):
    """Writes one line of the trail: `by` did `act` on `about` (any object with a French label)."""
    return Event.objects.create(
        actor=str(by),
        territory_code=territory.code if territory else "",
        act=act,
        object_label=str(about)[:300],
        detail=detail,
    )
