"""Sessions of assistance: how the technical administrator reads a territory, and what is kept of it.

What they open is `roles.ASSISTANCE`, through `User.grants`; each page read is a row that nobody changes.
"""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from logement import audit
from logement.models import Assistance, AssistanceReading
from logement.roles import Permission
from logement.text import clean_text

ACT = "Session d'assistance"


@transaction.atomic
def open_session(*, territory, reason, by):
    """Lets `by` read this territory for a while. Raises ValidationError, by field."""
    if not by.may(Permission.ADMINISTER, territory):
        raise PermissionDenied
    reason = clean_text(reason).strip()
    if not reason:
        raise ValidationError({"reason": "Dites pourquoi vous avez besoin de lire ce territoire."})
    now = timezone.now()
    by.assistances.filter(ended_at__isnull=True, ends_at__lte=now).update(ended_at=F("ends_at"))
    session = Assistance(
        user=by, territory=territory, reason=reason, opened_at=now, ends_at=now + Assistance.LASTS
    )
    session.full_clean()
    session.save()
    audit.record(by=by, act=f"{ACT} ouverte", about=territory, territory=territory, detail=reason)
    return session


@transaction.atomic
def end_session(*, session, by):
    if Assistance.objects.running().filter(pk=session.pk, user=by).update(ended_at=timezone.now()):
        audit.record(by=by, act=f"{ACT} terminée", about=session.territory, territory=session.territory)


def note_readings(get_response):
    """A middleware: each page of the territory that is read during a session is noted, with its address."""

    def answer(request):
        response = get_response(request)
        match = request.resolver_match
        if match and "territory" in match.kwargs and response.status_code == 200:
            session = request.user.assistance if request.user.is_authenticated else None
            if session and session.territory.code == match.kwargs["territory"]:
                AssistanceReading.objects.create(assistance=session, path=request.get_full_path()[:500])
        return response

    return answer
