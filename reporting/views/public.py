"""What anyone reads, without an account: the figures that a lead published, at an address that lasts.

Nothing here depends on who asks, and no cookie is given, so that a cache may keep it. What is not published, or no
longer, and what never existed answer alike.
"""

from django.contrib.auth.decorators import login_not_required
from django.db.models import Max
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_cache_control
from django.views.decorators.http import require_safe

from logement.mail import absolute_url
from reporting.models import Publication, PublicFile
from reporting.publications import LICENCE, TERMS
from reporting.views.report import download

FRESH = 300  # seconds: what is withdrawn is gone from caches within five minutes


@login_not_required
@require_safe
def publications(request):
    """The exercises of which something is published."""
    found = Publication.objects.in_force().values(
        "version__year__territory__name", "version__year__territory__code", "version__year__number"
    )
    found = found.annotate(published_at=Max("published_at")).order_by(
        "version__year__territory__name", "-version__year__number"
    )
    return kept_by_caches(render(request, "reporting/publications.html", {"publications": found}))


@login_not_required
@require_safe
def published(request, territory, number, version=None):
    """The last version published of an exercise, or one by its number."""
    publication, others = found_at(territory, number, version)
    files = {file.format: file for file in publication.files.defer("content")}
    page = files.pop(PublicFile.PAGE)
    etag = f'"{page.digest}-{len(files)}-{len(others)}"'
    if unchanged := get_conditional_response(request, etag=etag):
        return kept_by_caches(unchanged)
    context = {
        "publication": publication,
        "version": publication.version,
        "year": publication.version.year,
        "others": others,
        "is_last": not others or publication.version.number > others[0].version.number,
        "files": list(files.values()),
        "body": bytes(PublicFile.objects.values_list("content", flat=True).get(pk=page.pk)).decode(),
        "canonical": absolute_url(reverse("reporting:published", args=[territory, number])),
        "licence": LICENCE,
        "terms": TERMS,
    }
    response = render(request, "reporting/published.html", context)
    response["ETag"] = etag
    return kept_by_caches(response)


@login_not_required
@require_safe
def published_file(request, territory, number, file_format, version=None):
    publication, _ = found_at(territory, number, version)
    file = publication.files.exclude(format=PublicFile.PAGE).filter(format=file_format).first()
    if file is None:
        raise Http404
    etag = f'"{file.digest}"'
    response = get_conditional_response(request, etag=etag) or download(bytes(file.content), file.name)
    response["ETag"] = etag
    return kept_by_caches(response)


def found_at(territory, number, version):
    """(the publication asked for, the others of its exercise); 404 where nothing is published."""
    found = list(Publication.objects.at(territory, number).defer("version__report"))
    asked = next((held for held in found if version in {None, held.version.number}), None)
    if asked is None:
        raise Http404
    return asked, [held for held in found if held != asked]


def kept_by_caches(response):
    patch_cache_control(response, public=True, max_age=FRESH)
    return response
