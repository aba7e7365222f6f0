"""The session, for the scripts of the pages: who is there and until when, prolonging it, signing in in place."""

from functools import wraps

from csp.constants import SELF
from csp.decorators import csp_replace
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_POST, require_safe

from logement.unsent import mark_of


def framed(view):
    """A page of the sign-in, which a page of ours may hold in its dialog."""

    @csp_replace({"frame-ancestors": [SELF]})
    @xframe_options_sameorigin
    @wraps(view)
    def shown(request, *args, **kwargs):
        request.is_framed = request.headers.get("Sec-Fetch-Dest") == "iframe"
        return view(request, *args, **kwargs)

    return shown


def facts(request, left):
    """`who`: the mark of who is there, "" for nobody; `left`: seconds before the session ends."""
    return JsonResponse({"who": mark_of(request), "name": str(request.user), "left": left})


@login_not_required
@never_cache
@ensure_csrf_cookie
@require_safe
def session(request):
    """Asked once before the end of a session and when something was refused: it prolongs nothing."""
    mark, ends_at = mark_of(request), request.session.ends_at
    left = (ends_at - timezone.now()).total_seconds() if mark and ends_at else 0
    return facts(request, max(0, int(left)))


@login_not_required
@never_cache
@require_POST
def prolong_session(request):
    if not mark_of(request):
        return HttpResponse(status=401)
    request.session.modified = True  # saved again, with a whole length before it
    return facts(request, request.session.get_expiry_age())


@never_cache
@require_safe
@framed
def signed_in(request):
    """Where signing in in place leads: the page that asked for it hears of it and goes on."""
    return render(request, "logement/signed_in.html")
