"""What was typed when the session ended, or by somebody else: given back, never lost, never under another name."""

from datetime import timedelta

import lxml.html
import pytest
from django.contrib.sessions.models import Session
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from axes.models import Line
from logement.unsent import SAVED_DRAFT, hear_out
from tests.factories import BlockFactory, ChapterFactory, LineFactory, MembershipFactory

pytestmark = pytest.mark.django_db
OURS = {"Origin": "http://testserver"}
TEXT = "Ouvrir dix places 🏠, « œuvre » & <b>suite</b>\r\n\r\nDeuxième ligne"


@pytest.fixture
def line():
    line = LineFactory(title="Former les équipes")
    BlockFactory(chapter=ChapterFactory(year=line.year), actions=True, axis=line.action.axis)
    return line


@pytest.fixture
def lead(line):
    return MembershipFactory(lead=True, territory=line.year.territory, user__full_name="Camille").user


@pytest.fixture
def address(line):
    return reverse("axes:edit_title", args=[line.year.territory.code, line.year.number, line.pk])


@pytest.fixture
def browser(lead):
    """A browser that minds the token, in which a page of ours was open."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(lead)
    client.get("/compte/session/")
    return client


def send(client, address, title=TEXT, headers=OURS, **data):
    typed = {"version": 1, "title": title, "csrfmiddlewaretoken": client.cookies["csrftoken"].value}
    return client.post(address, typed | data, headers=headers)


def titles():
    return list(Line.objects.values_list("title", flat=True))


def field_of(response, name):
    return lxml.html.fromstring(response.content).xpath(f"//main//*[@name='{name}']")[0]


# --- The session ---


def test_asking_about_the_session_says_who_and_how_long_and_prolongs_nothing(
    browser, django_assert_num_queries
):
    ends = timezone.now() + timedelta(minutes=5)
    Session.objects.update(expire_date=ends)

    with django_assert_num_queries(2):  # the session, the person
        facts = browser.get("/compte/session/").json()

    assert 280 < facts["left"] <= 300
    assert (len(facts["who"]), facts["name"]) == (20, "Camille")
    assert Session.objects.get().expire_date == ends
    assert Client().get("/compte/session/").json() == {"who": "", "name": "AnonymousUser", "left": 0}


def test_prolonging_gives_a_whole_length_again(browser, settings):
    Session.objects.update(expire_date=timezone.now() + timedelta(minutes=5))

    facts = browser.post(
        "/compte/session/prolonger/", headers={"X-CSRFToken": browser.cookies["csrftoken"].value}
    ).json()

    assert facts["left"] == settings.SESSION_COOKIE_AGE
    left = Session.objects.get().expire_date - timezone.now()
    assert left.total_seconds() > settings.SESSION_COOKIE_AGE - 60


# --- The session ended ---


def test_a_form_sent_after_the_end_of_the_session_comes_back_whole(browser, address):
    Session.objects.all().delete()

    response = send(browser, address, password="secret-de-porte")

    assert response.status_code == 401
    assert field_of(response, "title").text.replace("\n", "\r\n") == f"\r\n{TEXT}"
    assert field_of(response, "version").get("value") == "1"
    assert "secret-de-porte" not in response.content.decode()
    assert "no-store" in response.headers["Cache-Control"]
    assert titles() == ["Former les équipes"]


def test_signed_in_again_what_came_back_is_sent_by_hand_and_saved(browser, address, lead):
    Session.objects.all().delete()
    send(browser, address)
    stale = browser.cookies["csrftoken"].value
    browser.force_login(lead)
    browser.cookies["csrftoken"] = "a" * 32  # signing in changed the token

    response = browser.post(
        address, {"version": 1, "title": "Dix places", "csrfmiddlewaretoken": stale}, headers=OURS
    )
    assert (response.status_code, titles()) == (403, ["Former les équipes"])
    assert field_of(response, "title").text.strip() == "Dix places"
    assert "<strong>Camille</strong>" in response.content.decode()
    response = send(browser, address, "Dix places")

    assert (response.status_code, titles()) == (302, ["Dix places"])


def test_a_form_of_another_site_is_given_back_to_nobody(browser, address):
    for headers in ({"Origin": "https://ailleurs.example"}, {}):
        response = browser.post(address, {"version": 1, "title": TEXT}, headers=headers)

        assert response.status_code == 403
        assert "Ouvrir dix places" not in response.content.decode()
    assert titles() == ["Former les équipes"]


def test_a_script_is_told_that_the_session_ended_and_gets_no_page(browser, address):
    Session.objects.all().delete()
    token = browser.cookies["csrftoken"].value

    for headers in ({"HX-Request": "true"}, {"Accept": "application/json"}):
        response = browser.post(address, {}, headers=headers | {"X-CSRFToken": token})
        assert (response.status_code, b"<main" in response.content) == (401, False)


def test_a_stranger_is_led_to_the_sign_in(address):
    response = Client().post(address, {"title": TEXT})

    assert (response.status_code, response.url.split("?")[0]) == (302, "/compte/login/")


# --- Somebody else ---


@pytest.mark.parametrize("way", ["header", "field"])
def test_what_one_person_typed_is_never_saved_under_the_name_of_another(browser, address, line, way):
    mark = browser.get("/compte/session/").json()["who"]
    other = MembershipFactory(lead=True, territory=line.year.territory).user
    browser.force_login(other)
    as_header = {"X-Typed-By": mark} if way == "header" else {}
    as_field = {"typed_by": mark} if way == "field" else {}

    response = send(browser, address, "Dix places", OURS | as_header, **as_field)
    assert (response.status_code, titles()) == (403, ["Former les équipes"])

    own = browser.get("/compte/session/").json()["who"]
    response = send(browser, address, "Dix places", OURS, typed_by=own)
    assert (response.status_code, titles()) == (302, ["Dix places"])


# --- Drafts and limits ---


def test_the_browser_hears_which_draft_is_saved_and_of_no_other(browser, address):
    draft = "0123456789abcdef" * 2

    refused = send(browser, address, "", draft_id=draft)
    forged = send(browser, address, "Neuf places", draft_id=f"{draft}; Path=/x")
    saved = send(browser, address, "Dix places", draft_id=draft, version=2)

    assert (refused.status_code, SAVED_DRAFT in refused.cookies) == (422, False)
    assert (forged.status_code, SAVED_DRAFT in forged.cookies) == (302, False)
    assert saved.cookies[SAVED_DRAFT].value == draft


def test_what_is_too_long_for_the_server_is_refused_in_french(browser, address, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1024**2

    response = send(browser, address, "a" * 1024**2)

    assert response.status_code == 413
    assert "Un formulaire ne peut porter plus de 1 Mo" in response.content.decode().replace("\xa0", " ")
    assert titles() == ["Former les équipes"]


@pytest.mark.parametrize(("status", "left"), [(413, b""), (404, b"titre=a")])
def test_what_is_too_long_is_heard_to_its_end(rf, status, left):
    request = rf.post("/", "titre=a", content_type="application/x-www-form-urlencoded")

    response = hear_out(lambda request: HttpResponse(status=status))(request)

    assert (response.status_code, request.read()) == (status, left)


def test_what_cannot_be_read_is_refused_in_french(browser, address, settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 2

    response = send(browser, address, "Dix places")

    assert (response.status_code, titles()) == (400, ["Former les équipes"])
    assert "n'a pas pu être lu" in response.content.decode()
