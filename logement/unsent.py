"""What was typed and could not be sent: given back when the session ended, never sent in the name of somebody else.

A page of ours says who opened it (`mark_of`, which the scripts send back): signing in gives today's token to every page
of the browser, so the token alone would let the text of one person leave in the name of the next.
"""

import re
from contextlib import suppress

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.core.exceptions import RequestDataTooBig
from django.http import HttpResponse, UnreadablePostError
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.utils.crypto import salted_hmac
from django.views import defaults

#: Under this key, a session without account says whose it is (the guests of a questionnaire).
WHOSE = "whose"
SAVED_DRAFT = "saved_draft"
DRAFT_ID = re.compile(r"[0-9a-f]{32}")
#: What the scripts add to a form for the server alone.
OURS = {"csrfmiddlewaretoken", "typed_by", "draft_id"}
HEARD = 100 * 1024**2  # bytes of a form refused for its length that are read all the same


def mark_of(request):
    """Who is there, in a word that tells nothing else; "" for nobody, and in an error that came before the session."""
    session = getattr(request, "session", {})
    if request.user.is_authenticated:
        whose = f"user {request.user.pk}"
    elif WHOSE in session:
        whose = f"guest {session[WHOSE]}"
    else:
        return ""
    return salted_hmac("logement.unsent", whose).hexdigest()[:20]


def is_script(request):
    return bool(request.htmx) or request.headers.get("Accept") == "application/json"


def signed_out(request):
    """What to answer to somebody whose session ended; None where leading to the sign-in page loses nothing.

    Its token, checked before, says that a form of ours sent this.
    """
    if is_script(request):
        return HttpResponse(status=401)
    if request.method == "POST" and "csrfmiddlewaretoken" in request.POST:
        return give_back(request, status=401)
    return None


def give_back(request, *, status):
    """The page that holds what was typed, and sends it again to the same address."""
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in OURS and "password" not in name
        for value in values
    ]
    context = {
        "texts": [(name, value) for name, value in fields if " " in value.strip() or "\n" in value.strip()],
        "others": [
            (name, value) for name, value in fields if not (" " in value.strip() or "\n" in value.strip())
        ],
        "address": request.get_full_path(),
        "has_files": bool(request.FILES),
    }
    response = render(request, "unsent.html", context, status=status)
    add_never_cache_headers(response)
    return response


def hear_out(get_response):
    """Reads to its end, and drops, what is too long: a browser cut short shows an error of its own, not our page."""

    def answer(request):
        response = get_response(request)
        if response.status_code == 413:
            with suppress(UnreadablePostError):  # it left: nobody waits for the answer
                left = HEARD
                while left > 0 and (piece := request.read(64 * 1024)):
                    left -= len(piece)
        return response

    return answer


class SignInMiddleware(LoginRequiredMiddleware):
    """Django's, which would lose what somebody sends whose session ended."""

    def handle_no_permission(self, request, view):
        return signed_out(request) or super().handle_no_permission(request, view)


class TypedTextMiddleware:
    """Refuses what somebody else typed; tells the browser which of its drafts is saved, so that it forgets it.

    An act redirects once it is done: the draft that came with it is no longer needed.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        draft = getattr(request, "draft_id", "")
        if response.status_code == 302 and DRAFT_ID.fullmatch(draft):
            secure = settings.SESSION_COOKIE_SECURE
            response.set_cookie(SAVED_DRAFT, draft, max_age=600, secure=secure, samesite="Lax")
        return response

    def process_view(self, request, view, args, kwargs):
        if request.method != "POST" or getattr(view, "csrf_exempt", False):
            return None  # who asks for no token changes nothing, and reads what is sent in its own way
        typed_by = request.headers.get("X-Typed-By") or request.POST.get("typed_by", "")
        mark = mark_of(request) if typed_by else ""
        if mark and typed_by != mark:
            return render(request, "403_csrf.html", status=403)
        request.draft_id = request.POST.get("draft_id", "")
        return None


def csrf_failure(request, reason=""):
    """A form whose token is no longer the one of the browser, which signing in changes.

    Sent by a page of this very site, what it holds comes back to be read and sent by hand; from anywhere else, no.
    """
    view = request.resolver_match.func
    origin = f"{request.scheme}://{request.get_host()}"
    is_ours = request.headers.get("Origin") == origin and getattr(view, "login_required", True)
    if is_ours and not is_script(request):
        return give_back(request, status=403)
    return render(request, "403_csrf.html", status=403)


def bad_request(request, exception):
    """What Django refuses to read; what is too long says so. Refused before anybody is known, it gets Django's page."""
    if not hasattr(request, "user"):
        return defaults.bad_request(request, exception)
    if isinstance(exception, RequestDataTooBig):
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 1024**2
        return render(request, "413.html", {"limit": limit}, status=413)
    return render(request, "unreadable.html", status=400)
