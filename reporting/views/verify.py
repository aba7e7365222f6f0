"""The page where anyone checks a report: a file or a fingerprint, and whether it is what was sent."""

from allauth.core import ratelimit
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from reporting import verification

TOO_HEAVY = "Ce fichier dépasse {limit} Mo : ce n'est pas un rapport de cette application."
TOO_MANY = "Trop de vérifications en peu de temps. Attendez une minute, puis recommencez."
NO_FINGERPRINT = (
    "Ce n'est pas une empreinte : recopiez les 16 signes du bas de page, chiffres et lettres de a à f, "
    "ou choisissez un fichier."
)


@login_not_required
@csrf_exempt  # it changes nothing, for nobody; and the token is read from the body, before the file could be hashed
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request):
    """Asks by POST: a fingerprint stays out of addresses and of their journals. Only the tries are counted."""
    if request.method != "POST":
        return answer(request)
    if not ratelimit.consume(request, action="verify"):
        return answer(request, refusal=TOO_MANY, status=429)
    if int(request.META.get("CONTENT_LENGTH") or 0) > verification.MAX_BYTES:
        limit = verification.MAX_BYTES // 1024**2
        return answer(request, refusal=TOO_HEAVY.format(limit=limit), status=413)
    hashing = verification.Hashing(request)
    request.upload_handlers = [hashing]
    typed = request.POST.get("empreinte", "")
    fingerprint = hashing.digest or verification.clean(typed)
    if not fingerprint:
        return answer(request, typed=typed, refusal=NO_FINGERPRINT, status=422)
    return answer(request, typed=typed, fingerprint=fingerprint, match=verification.find(fingerprint))


def answer(request, *, typed="", fingerprint="", match=None, refusal="", status=200):
    context = {"typed": typed, "fingerprint": fingerprint, "match": match, "refusal": refusal}
    return render(request, "reporting/verify.html", context, status=status)
