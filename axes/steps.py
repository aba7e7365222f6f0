"""The steps of an exercise: where each may go, and the act that takes it there."""

from django.core.exceptions import ValidationError
from django.db import transaction

from axes import key_figures
from axes.models import Year
from logement import audit
from logement.text import clean_text

#: The steps of an open exercise, and where each may go.
MOVES = {
    Year.State.PREPARATION: (Year.State.COLLECTION, Year.State.WRITING),
    Year.State.COLLECTION: (Year.State.PREPARATION, Year.State.WRITING),
    Year.State.WRITING: (Year.State.COLLECTION, Year.State.REVIEW),
    Year.State.REVIEW: (Year.State.WRITING,),
}
#: The steps that the report takes with its versions: reporting/workflow.py makes both at once, and nobody else does.
CROSSINGS = {
    Year.State.REVIEW: (Year.State.SENT,),
    Year.State.SENT: (Year.State.REVIEW, Year.State.CLOSED),
    Year.State.CLOSED: (Year.State.REVIEW,),
}
BACKWARD = {(Year.State.SENT, Year.State.REVIEW), (Year.State.CLOSED, Year.State.REVIEW)}


def move_year(*, year, to, by):
    """Moves an open exercise a step on or back."""
    return _move(year, to, by, among=MOVES)


def cross_year(*, year, to, by, reason=""):
    """Moves an exercise into « transmis », on to « clos », or back to be corrected, which needs a reason.

    For the functions that freeze the report or reopen it, inside their own transaction.
    """
    return _move(year, to, by, among=CROSSINGS, reason=clean_text(reason).strip())


@transaction.atomic
def _move(year, to, by, *, among, reason=""):
    current = Year.objects.select_for_update(of=("self",)).select_related("territory").get(pk=year.pk)
    before = current.get_state_display()
    if to not in among.get(current.state, ()):
        raise ValidationError(
            f"Un exercice à l'étape « {before} » ne passe pas à « {Year.State(to).label} »."
        )
    if (current.state, to) in BACKWARD and not reason:
        raise ValidationError("Rouvrir un exercice transmis demande un motif.")
    current.state = to
    current.save(update_fields=["state"])
    if to == Year.State.REVIEW:
        key_figures.keep_proposed(year=current, by=by)
    audit.record(
        by=by,
        act=f"Étape de l'exercice : {before} → {current.get_state_display()}",
        about=current,
        territory=current.territory,
        detail=reason,
    )
    return current
