"""The tests of the tests: each guard of conftest.py and settings.py is shown what it must stop."""

import socket

import pytest
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.http import HttpResponse
from django.template import Context, Template, engines
from django.urls import path

from axes.models import Entry
from tests.conftest import watch
from tests.factories.axes import EntryFactory
from tests.settings import UndefinedVariable

pytestmark = pytest.mark.urls("tests.test_guards")

PAGE = """<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>Page</title>
<link rel="icon" href="data:,"></head><body><main><h1>Titre</h1>{}</main></body></html>"""
FLAWS = {
    "console": '<script src="/script.js"></script>',
    "csp": "<script>document.title = 'inline'</script>",
    "missing": '<img src="/absent.png" alt="">',
    "outside": '<img src="https://example.org/image.png" alt="">',
    "accessibility": "<input>",
    "none": "<p>Texte</p>",
}


def answer(content, content_type="text/html", status=200):
    return login_not_required(lambda request: HttpResponse(content, content_type, status))


urlpatterns = [
    *(path(f"{flaw}/", answer(PAGE.format(body))) for flaw, body in FLAWS.items()),
    path("script.js", answer("absent()", "text/javascript")),
    path("absent.png", answer("", "image/png", status=404)),
    path("broken/", answer(PAGE.format(""), status=500)),
]


@pytest.mark.parametrize("address", [("192.0.2.1", 80), ("example.org", 443)])
def test_the_network_is_refused(address):
    with pytest.raises(PermissionError, match="must not use the network"):
        socket.create_connection(address, timeout=1)


@pytest.mark.parametrize(
    "template", ["{{ absent }}", "{{ absent|default:1 }}", "{% firstof absent 1 as a %}{{ b }}"]
)
def test_an_undefined_variable_raises_in_our_templates(template):
    engine = engines["django"].engine
    ours = Template(template, origin=engine.get_template("base.html").origin, engine=engine)

    with pytest.raises(UndefinedVariable, match=r"base.html:1: « (absent|b) »"):
        ours.render(Context())


def test_an_undefined_variable_is_nothing_elsewhere():
    theirs = Template("{{ absent }}", engine=engines["django"].engine)

    assert theirs.render(Context()) == ""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", ["first", "second"])
def test_append_only_triggers_outlive_the_flush(turn):
    assert Entry.objects.count() == 0

    EntryFactory()

    with pytest.raises(DatabaseError, match="append-only"):
        Entry.objects.all().delete()


@pytest.mark.parametrize(
    ("flaw", "problem"),
    [
        ("console", "script: absent is not defined"),
        ("csp", "console: Executing inline script violates"),
        ("missing", "console: Failed to load resource: the server responded with a status of 404"),
        ("outside", "request outside: https://example.org/image.png"),
        ("broken", "response: 500"),
    ],
)
def test_a_page_with_a_flaw_is_seen(browser, live_server, flaw, problem):
    context = browser.new_context()
    problems = watch(context, live_server.url)
    page = context.new_page()

    page.goto(f"{live_server.url}/{flaw}/")
    context.close()

    assert [seen for seen in problems if seen.startswith(problem)] != [], problems


def test_a_page_without_flaw_is_let_through(page, axe):
    page.goto("/none/")

    axe(page)


def test_axe_sees_a_field_without_label(page, axe):
    page.goto("/accessibility/")

    with pytest.raises(pytest.fail.Exception, match="label \\(critical\\)"):
        axe(page)
