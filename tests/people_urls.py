"""The addresses of the application, and two bare views to which bench_people.py compares its pages."""

from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpResponse, JsonResponse
from django.urls import include, path

from axes.models import Answer

PAGE = "<!doctype html>" + "<p>Texte</p>" * 2000  # 24 kB, about the page of ten questions


@login_not_required
def bare_page(request):
    return HttpResponse(PAGE)


@login_not_required
def bare_save(request, key):
    """One row read and written in a transaction, as short as Django makes it."""
    with transaction.atomic():
        answer = Answer.objects.select_for_update().get(question=key)
        answer.number = int(request.POST["number"])
        answer.save(update_fields=["number"])
    return JsonResponse({})


urlpatterns = [
    path("nu/", bare_page),
    path("nu/<int:key>/", bare_save),
    path("", include("logement.urls")),
]
