"""What every answer says to the browser, and what no page of ours holds: script or style written in it."""

import logging
import re
from pathlib import Path

import lxml.html
import pytest
from django.conf import settings as django_settings
from django.contrib.auth.decorators import login_not_required
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import include, path, reverse

from logement.headers import PERMISSIONS
from logement.models import Job
from tests.factories import MembershipFactory, YearFactory

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.test_headers")]
SECRET_WORDS = "what somebody typed"


@login_not_required
def broken(request):
    raise RuntimeError("The server is broken")


urlpatterns = [path("casse/", broken), path("", include("logement.urls"))]

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "frame-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": PERMISSIONS,
}
#: The sign-in, which the pages of this very site hold in a dialog when a session ended.
IN_A_DIALOG = {"sign-in", "first try", "429"}
FRAMED = POLICY | {"frame-ancestors": "'self'"}
FRAMED_HEADERS = HEADERS | {"X-Frame-Options": "SAMEORIGIN"}


@pytest.fixture
def answers(client, settings):
    """{kind of answer: (its status, the response)}: pages, fragments, files, refusals and errors."""
    settings.HTTPS = True
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/h/ip"}
    client.raise_request_exception = False
    held = MembershipFactory(lead=True, user__is_staff=True, user__is_superuser=True)
    year = YearFactory(agreement__territory=held.territory, number=2023)
    job = Job(kind="report", territory=held.territory, created_by=held.user, state="done", percent=100)
    job.finished_at, job.file_name = job.created_at, "rapport.html"
    job.result.save("rapport.html", ContentFile(b"<script>alert(1)</script>"))
    anonymous, strict = Client(raise_request_exception=False), Client(enforce_csrf_checks=True)
    client.force_login(held.user)
    dashboard = reverse("axes:dashboard", args=[held.territory.code, year.number])
    wrong = {"login": "a@b.example", "password": SECRET_WORDS}
    answers = {
        "sign-in": (200, anonymous.get("/compte/login/")),
        "public page": (200, anonymous.get(reverse("reporting:verify"))),
        "redirection": (302, anonymous.get("/")),
        "page": (200, client.get("/")),
        "plan": (200, client.get(dashboard)),
        "fragment": (200, client.get(reverse("job", args=[job.pk]), headers={"HX-Request": "true"})),
        "administration": (200, client.get(reverse("admin:index"))),
        "second factor": (200, client.get(reverse("mfa_index"))),
        "script": (200, client.get(reverse("javascript_catalog"))),
        "file": (200, client.get(reverse("job_file", args=[job.pk]))),
        "form in error": (422, client.post(reverse("invite", args=[held.territory.code]), {})),
        "403": (403, client.post(reverse("unlock", args=[held.territory.code, held.pk]))),
        "403 of a token": (403, strict.post("/compte/login/", wrong)),
        "404": (404, client.get("/nulle-part/2099/")),
        "405": (405, client.post(dashboard)),
        "first try": (200, anonymous.post("/compte/login/", wrong)),
        "429": (429, anonymous.post("/compte/login/", wrong)),
        "500": (500, client.get(f"/casse/?texte={SECRET_WORDS}")),
    }
    yield answers
    answers["file"][1].close()


def policy_of(response):
    """{directive: what it allows}, the nonce of the day aside."""
    header = re.sub(r" ?'nonce-[^']+'", "", response.headers["Content-Security-Policy"])
    return dict(directive.strip().split(" ", 1) for directive in header.split(";"))


def test_every_answer_carries_the_headers_and_the_strict_policy(answers):
    expected = {kind: status for kind, (status, _) in answers.items()}
    assert {kind: response.status_code for kind, (_, response) in answers.items()} == expected

    for kind, (_, response) in answers.items():
        policy, headers = (FRAMED, FRAMED_HEADERS) if kind in IN_A_DIALOG else (POLICY, HEADERS)
        assert (kind, policy_of(response)) == (kind, policy)
        assert (kind, {name: response.headers.get(name) for name in HEADERS}) == (kind, headers)


def test_no_page_holds_a_script_or_a_style_of_its_own(answers):
    flaws = {}

    for kind, (_, response) in answers.items():
        if not response.headers.get("Content-Type", "").startswith("text/html") or response.streaming:
            continue
        for element in lxml.html.fromstring(response.content or b"<p>").iter(lxml.etree.Element):
            names = [name for name in element.attrib if name == "style" or name.startswith("on")]
            is_data = element.get("type") == "application/json"
            if (
                names
                or element.tag == "style"
                or (element.tag == "script" and not (element.get("src") or is_data))
            ):
                flaws.setdefault(kind, []).append(lxml.html.tostring(element)[:80])

    assert flaws == {}


def test_no_template_of_ours_holds_a_script_or_a_style_of_its_own():
    """Those of the e-mails aside: their styles go into the tags, for mail readers know nothing else."""
    inline = re.compile(r"<style|\sstyle=|\son[a-z]+=|javascript:|<script(?![^>]*(src=|application/json))")
    folder = django_settings.BASE_DIR / "templates"

    found = {
        str(file.relative_to(folder)): inline.findall(text)
        for file in folder.rglob("*.html")
        if "mail" not in file.parts and inline.search(text := file.read_text(encoding="utf-8"))
    }

    assert found == {}


def test_a_file_is_given_to_keep_never_to_show(answers):
    _, response = answers["file"]

    assert response.headers["Content-Disposition"] == 'attachment; filename="rapport.html"'
    assert not Path(django_settings.MEDIA_ROOT).is_relative_to(django_settings.STATIC_ROOT)


def test_errors_say_nothing_of_what_was_sent_or_of_what_broke(answers):
    for kind in ("403", "403 of a token", "404", "429", "500"):
        text = answers[kind][1].content.decode()
        assert SECRET_WORDS not in text
        assert "broken" not in text
        assert 'lang="fr"' in text


def test_the_log_of_an_error_says_where_and_not_what_was_typed(client, caplog):
    client.raise_request_exception = False

    with caplog.at_level(logging.INFO):
        client.post("/casse/", {"texte": SECRET_WORDS, "password": SECRET_WORDS})

    assert "RuntimeError: The server is broken" in caplog.text
    assert SECRET_WORDS not in caplog.text


def test_in_production_everything_goes_by_https(settings):
    settings.SECURE_SSL_REDIRECT = settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.SECURE_HSTS_SECONDS, settings.SECURE_HSTS_PRELOAD = 31_536_000, True
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = True

    plain, safe = Client().get("/compte/login/"), Client().get("/compte/login/", secure=True)

    assert (plain.status_code, plain.url) == (301, "https://testserver/compte/login/")
    assert safe.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"
    assert safe.cookies["csrftoken"]["secure"]
    assert safe.cookies["csrftoken"]["samesite"] == "Lax"
