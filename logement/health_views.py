"""The health of the instance: one word for the probes, the details for the technical administration."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from logement import health, territories


@require_safe
@login_not_required
@never_cache
def probe(request):
    """200 while people can work, else 503. Anybody may ask: it says nothing more."""
    state = health.overall(health.checks())
    return JsonResponse({"état": state}, status=503 if state == health.State.FAILED else 200)


@require_safe
@never_cache
def details(request):
    if not territories.may_create(request.user):
        raise Http404
    found = health.checks()
    return render(request, "logement/health.html", {"checks": found, "state": health.overall(found)})
