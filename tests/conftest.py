"""What every test stands on: no network, a storage of its own, and for some a browser that forgives nothing.

The pages of a test come from `page` (1280 x 900), `phone`, `nojs`, or from `open_page(...)` when it needs several.
A page fails its test on any error of the console or of a script, on a request that fails, answers 5xx or leaves the
machine; a test that provokes one says so: `page.expected_errors.append("409")`.
"""

import gc
import ipaddress
import os
import shutil
import sys
from contextlib import contextmanager
from io import StringIO
from pathlib import Path

import pytest
from celery.contrib.testing.worker import start_worker
from django.conf import settings as django_settings
from django.core.management import call_command
from django.db import connection, transaction
from django.db.backends.sqlite3.base import DatabaseOperations as SQLiteOperations
from django.test import Client
from django.test.utils import override_settings
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from playwright.sync_api import sync_playwright

from tests import schema

AXE = (Path(__file__).parent / "vendor/axe.min.js").read_text(encoding="utf-8")
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]


# --- No network ---


def is_local(host):
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host in {None, "", "localhost", b"localhost"}


def refuse_network(event, args):
    """Sees every connection and every name looked up by Python in this process, whatever the library."""
    if event == "socket.getaddrinfo":
        host = args[0]
    elif event in {"socket.connect", "socket.sendto"} and isinstance(args[1], tuple):
        host = args[1][0]
    else:
        return
    if not is_local(host):
        raise PermissionError(f"A test must not use the network: {event} {host!r}")


sys.addaudithook(refuse_network)


# --- Time ---


@pytest.hookimpl(wrapper=True)
def pytest_collection():
    """What is imported stays: the garbage collector walks it no more, a tenth of the time of the tests of pages."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()
        gc.freeze()
        gc.set_threshold(50_000, 20, 100)


# A slow machine is no fault of an example. The rest is as it was: in CI, the same examples at each run.
hypothesis_settings.register_profile(
    "patient", hypothesis_settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("patient")


# --- Database and storage ---

DATABASE = {"django_db_setup", "live_server"}
SCHEMA = pytest.StashKey()


def pytest_configure(config):
    """Before pytest-xdist starts its workers: they find the database migrated."""
    if config.getoption("numprocesses", None) and not hasattr(config, "workerinput"):
        config.stash[SCHEMA] = schema.start()


def pytest_unconfigure(config):
    if process := config.stash.get(SCHEMA, None):
        process.terminate()
        process.wait()


WORKER = os.environ.get("PYTEST_XDIST_WORKER")


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker):
    """Instead of pytest-django's, which migrates: each worker has a copy; without workers, the database itself.

    It goes with the folder or the server of the tests: dropping it would fail on a connection that a thread left.
    """
    before = connection.settings_dict["NAME"]
    with django_db_blocker.unblock():
        schema.copy(WORKER) if WORKER else schema.make()
    yield
    with django_db_blocker.unblock():
        connection.close()
        schema.connect(before)


def pytest_addoption(parser):
    parser.addoption(
        "--database",
        action="store_true",
        help="Only what touches the database, but for what is marked « once »: the rest has run on the first one.",
    )


def long_ones_first(item):
    """Begun last, the visits of test_access.py would keep one worker while the others wait; world by world, person by
    person: each is made once."""
    if item.path.name != "test_access.py":
        return (True,)
    params = item.callspec.params if hasattr(item, "callspec") else {}
    return False, params.get("world", ""), params.get("visit", "")


def pytest_collection_modifyitems(config, items):
    items.sort(key=long_ones_first)
    if not config.getoption("--database"):
        return
    kept, left = [], []
    for item in items:
        touches = item.get_closest_marker("django_db") or DATABASE & {*item.fixturenames}
        runs = item.get_closest_marker("postgresql") or (touches and not item.get_closest_marker("once"))
        (kept if runs else left).append(item)
    config.hook.pytest_deselected(items=left)
    items[:] = kept


def sql_flush_with_triggers(self, *args, _sql_flush=SQLiteOperations.sql_flush, **kwargs):
    """Takes the append-only triggers away while a transactional test is erased, as PostgreSQL's TRUNCATE does."""
    with self.connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = cursor.fetchall()
    drop = [f"DROP TRIGGER {self.quote_name(name)}" for name, _ in triggers]
    return drop + _sql_flush(self, *args, **kwargs) + [sql for _, sql in triggers]


SQLiteOperations.sql_flush = sql_flush_with_triggers


@pytest.fixture(scope="module")
def lasting_files(tmp_path_factory):
    """The folder of the files that go with rows made once for a module (`rows_kept`)."""
    return tmp_path_factory.mktemp("files")


@pytest.fixture(autouse=True)
def _storage(request, settings, tmp_path):
    """An empty folder for the files of each test, or the one that its rows of the module go with."""
    lasts = "lasting_files" in request.fixturenames
    settings.MEDIA_ROOT = request.getfixturevalue("lasting_files") if lasts else tmp_path / "files"


@contextmanager
def rows_kept(django_db_blocker):
    """What is written inside stays for the tests of a module, which each undo their own changes; then it is undone.

    Only for a module whose tests all run in a transaction.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def demonstration(django_db_setup, django_db_blocker, tmp_path_factory):
    """The whole demonstration, loaded once for a module whose tests all stand on it: five seconds of a core.

    Yields the folder of its files.
    """
    files = tmp_path_factory.mktemp("files")
    with rows_kept(django_db_blocker):
        with override_settings(MEDIA_ROOT=files):
            call_command("demo", stdout=StringIO())
        yield files


@pytest.fixture
def worker(transactional_db):
    """A Celery worker in a thread, on the broker in use: memory beside SQLite, Redis beside PostgreSQL."""
    from logement.celery import app

    with start_worker(app, pool="solo", perform_ping_check=False):
        yield


# --- Browser ---


@pytest.fixture(scope="session")
def browser():
    executable = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    if not executable:
        pytest.fail(
            "Chromium est introuvable : « make test » l'installe (chromium-headless-shell).", pytrace=False
        )
    # Playwright keeps an event loop running in this thread, from which Django would refuse every query.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable)
        yield chromium
        chromium.close()


def watch(context, home):
    """Lists what goes wrong in the pages of a context, as it happens."""
    problems = []

    def on_console(message):
        if message.type == "error":
            problems.append(f"console: {message.text} ({message.location['url']})")

    def on_request(request):
        if not request.url.startswith((home, "data:", "blob:", "about:")):
            problems.append(f"request outside: {request.url}")

    def on_failure(request):
        # The page itself gives up what was under way when it is left, or when the answer is a file to download.
        if request.failure != "net::ERR_ABORTED":
            problems.append(f"request failed: {request.url} {request.failure}")

    def on_response(response):
        if response.status >= 500:
            problems.append(f"response: {response.status} {response.url}")

    context.on("console", on_console)
    context.on("weberror", lambda error: problems.append(f"script: {error.error}"))
    context.on("request", on_request)
    context.on("requestfailed", on_failure)
    context.on("response", on_response)
    return problems


@pytest.fixture
def open_page(browser, live_server):
    """Opens the page of one more person: `open_page()`, or with the options of Playwright's `new_context`."""
    opened = []

    def open_page(**options):
        options = {"viewport": {"width": 1280, "height": 900}, "reduced_motion": "reduce"} | options
        context = browser.new_context(
            base_url=live_server.url, locale="fr-FR", timezone_id="Europe/Paris", **options
        )
        problems = watch(context, live_server.url)
        page = context.new_page()
        page.expected_errors = []
        opened.append((page, problems))
        return page

    yield open_page
    for page, _ in opened:
        page.context.close()
    unexpected = [
        problem
        for page, problems in opened
        for problem in problems
        if not any(expected in problem for expected in page.expected_errors)
    ]
    assert not unexpected, "\n".join(["The pages complained:", *unexpected])


@pytest.fixture
def page(open_page):
    return open_page()


@pytest.fixture
def phone(open_page):
    return open_page(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)


@pytest.fixture
def nojs(open_page):
    return open_page(java_script_enabled=False)


@pytest.fixture
def log_in(live_server):
    """`log_in(page, user)`: gives the page an open session, without the sign-in form."""

    def log_in(page, user):
        client = Client()
        client.force_login(user)
        name = django_settings.SESSION_COOKIE_NAME
        page.context.add_cookies(
            [{"name": name, "value": client.cookies[name].value, "url": live_server.url}]
        )

    return log_in


def describe(violation):
    """An axe-core violation in a few lines: what, then where and how to mend it."""
    lines = [f"{violation['id']} ({violation['impact']}): {violation['help']}"]
    for node in violation["nodes"]:
        lines.append(f"  {node['html']}")
        lines += [f"    {line}" for line in node["failureSummary"].splitlines()]
    return "\n".join(lines)


@pytest.fixture
def axe():
    """`axe(page)`: fails on the first breach of WCAG 2.1 AA or of the best practices found in the page as it is.

    The script comes by the debugging protocol: the page's own Content-Security-Policy stays in force.
    """

    def axe(page):
        page.evaluate(AXE)
        violations = page.evaluate(
            "tags => axe.run({runOnly: tags}).then(found => found.violations)", AXE_TAGS
        )
        if violations:
            pytest.fail("\n".join([f"axe, {page.url}:", *map(describe, violations)]), pytrace=False)

    return axe
