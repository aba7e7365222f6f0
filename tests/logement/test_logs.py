"""The journal says what happened; nothing that was written, nor a secret of an address, nor who."""

import io
import json
import logging

import pytest
from django.contrib.auth.decorators import login_not_required
from django.db import IntegrityError
from django.http import HttpResponse
from django.urls import include, path

from logement import jobs, logs
from logement.settings import LOGGING, MIDDLEWARE
from tests.factories import MembershipFactory

CANARY = "zqk99kqz"


@login_not_required
def broken(request, token):
    try:
        raise IntegrityError(f"Key (email)=({CANARY}) already exists")
    except IntegrityError as error:
        raise ValueError(CANARY) from error


@login_not_required
def written(request):
    logging.getLogger("axes").warning("Something happened")
    return HttpResponse(CANARY)


urlpatterns = [
    path("casse/<str:token>/", broken, name="broken"),
    path("ecrit/", written, name="written"),
    path("", include("logement.urls")),
]


@pytest.fixture(params=["line", "json"])
def journal(request):
    """`journal()` is all that the console of this format shows."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter({"line": logs.Discreet(), "json": logs.JsonLines()}[request.param])
    handler.addFilter(logs.hide_address)
    root = logging.getLogger()
    level = root.level
    root.setLevel(logging.INFO)
    root.addHandler(handler)
    yield stream.getvalue
    root.removeHandler(handler)
    root.setLevel(level)


in_lines = pytest.mark.parametrize("journal", ["json"], indirect=True)


def read(journal):
    return [json.loads(line) for line in journal().splitlines()]


@pytest.mark.urls("tests.logement.test_logs")
@in_lines
def test_each_request_is_one_line_whose_key_its_other_lines_carry(client, journal):
    answer = client.post("/ecrit/", {"texte": CANARY}, headers={"X-Request-ID": "proxy-0001"})
    lines = read(journal)

    assert [line["logger"] for line in lines] == ["axes", "logement.logs"]
    assert {line["request"] for line in lines} == {"proxy-0001"} == {answer["X-Request-ID"]}
    assert {name: lines[1][name] for name in ("method", "route", "status")} == {
        "method": "POST",
        "route": "ecrit/",
        "status": 200,
    }
    assert lines[1]["ms"] >= 0


@pytest.mark.urls("tests.logement.test_logs")
@in_lines
@pytest.mark.parametrize("given", ["court", "a" * 65, "é" * 10, 'clé"},{"niveau'])
def test_a_key_that_is_none_is_replaced(client, journal, given):
    answer = client.get("/ecrit/", headers={"X-Request-ID": given})

    assert answer["X-Request-ID"] != given
    assert {line["request"] for line in read(journal)} == {answer["X-Request-ID"]}


@pytest.mark.urls("tests.logement.test_logs")
def test_an_error_is_told_by_its_kinds_and_places_and_by_nothing_that_was_written(client, journal):
    client.raise_request_exception = False

    assert client.get(f"/casse/{CANARY}/?q={CANARY}").status_code == 500

    text = journal()
    assert CANARY not in text
    assert "casse/<str:token>/" in text
    assert text.index("IntegrityError") < text.index("ValueError")
    assert "test_logs.py" in text
    assert "in broken" in text


@pytest.mark.django_db
def test_who_fails_to_sign_in_and_the_secret_of_an_address_are_not_told(client, journal):
    client.post("/compte/login/", {"login": f"{CANARY}@organisme.example", "password": CANARY})
    client.get(f"/invitation/{CANARY}/")
    client.get(f"/{CANARY}/2023/rapport/")

    assert CANARY not in journal()
    assert "invitation/<str:token>/" in journal()


@pytest.mark.django_db
def test_a_job_that_fails_tells_nothing_that_it_read(journal, monkeypatch):
    def work(job):
        raise ValueError(CANARY)

    monkeypatch.setitem(jobs.KINDS, "essai", work)
    person = MembershipFactory(reader=True)

    jobs.run(jobs.enqueue(kind="essai", territory=person.territory, by=person.user).pk)

    assert CANARY not in journal()
    assert "ValueError" in journal()


def test_the_console_is_discreet_whatever_its_format():
    formatters = {name: each["()"] for name, each in LOGGING["formatters"].items()}

    assert formatters == {"line": "logement.logs.Discreet", "json": "logement.logs.JsonLines"}
    assert LOGGING["handlers"]["console"]["filters"] == ["hide_address"]
    assert LOGGING["filters"]["hide_address"]["()"]() is logs.hide_address
    assert "logement.logs.follow_requests" in MIDDLEWARE
