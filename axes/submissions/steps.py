"""The states of a submission, where each may go, and the record of each step."""

from django.core.exceptions import ValidationError

from axes.models import Submission, Transition

State = Submission.State
STEPS = {
    "prepare": {State.DRAFT: State.DRAFT, State.RETURNED: State.RETURNED},
    "send": {State.DRAFT: State.SENT, State.RETURNED: State.SENT},
    "accept": {State.SENT: State.SENT},
    "validate": {State.SENT: State.VALIDATED},
    "return": {State.SENT: State.RETURNED},
    "reopen": {State.VALIDATED: State.RETURNED},
}
WORDS = {
    "prepare": "de le marquer prêt à envoyer",
    "send": "de le transmettre",
    "accept": "d'en valider des réponses",
    "validate": "de le valider",
    "return": "d'en demander la correction",
    "reopen": "de le rouvrir",
}


def after(submission, step):
    """The state that a step leads to. Raises ValidationError where it does not start from the present one."""
    try:
        return STEPS[step][submission.state]
    except KeyError as error:
        raise ValidationError(
            f"Ce bilan est à l'état « {submission.get_state_display()} » : il n'est pas possible {WORDS[step]}. "
            "Rechargez la page pour voir où il en est."
        ) from error


def record(submission, *, act, to, by, organisation, comment=""):
    """Writes the step: who, for which body, when, why."""
    return Transition.objects.create(
        submission=submission,
        act=act,
        before=submission.state,
        after=to,
        by=by,
        organisation=organisation,
        comment=comment,
    )
