"""Any text, in every form: `python -m tests.fuzz` tries two thousand cases, `make test` the first of them."""

import os
import random
from collections import defaultdict
from itertools import cycle

import pytest
from django.test import override_settings
from django.urls import reverse

from tests import fuzz
from tests.access import ADDRESSES, MATRIX_ROWS, OURS, enter, path_of
from tests.conftest import rows_kept
from tests.fuzz import CASES, SEED
from tests.hostile import hostile_files, some_texts
from tests.world import STEPS, World

pytestmark = [pytest.mark.once, pytest.mark.django_db]

STEP = os.environ.get("STEP", "relecture")
WRITES = {"fait", "reprendre", "relire"}
#: Answers that are no page.
FILES = {"job_file", "javascript_catalog", "reporting:receipt", "reporting:changes_pdf", "axes:series_chart"}
FILES |= {
    "axes:document",
    "axes:sent_document",
    "axes:sent_source",
    "axes:download_sheet",
    "axes:import_file",
}
FILES |= {f"reporting:{name}_file" for name in ("rehearsal", "side_by_side", "version", "published")}
#: Who opens which pages; after the lead, those that a form is expected of.
OPENS = {
    "cheffe": lambda name: True,
    "association A": lambda name: "number" not in ADDRESSES[name] or name.startswith("axes:"),
    "administration": lambda name: "number" not in ADDRESSES[name],
    "DDETS": lambda name: "inquir" in name,
    "anonyme": lambda name: name in {"guest", "invitation", "reporting:verify"},
}
WRITERS = list(OPENS)
#: What no page of this world shows: it is of another step (`STEP=transmis` finds some), of a job that runs, of a sheet
#: that was given, of a text that was carried over… A new address that writes is found, or named here.
NOT_SHOWN = {
    *("cancel_job", "retry_job", "end_assistance", "remove_second_factor", "prolong_session"),
    *(f"axes:{name}_sheet" for name in ("cancel", "confirm")),
    *(f"axes:{name}" for name in ("save_amended", "save_import", "first_year", "mark_read")),
    *(
        f"axes:{name}"
        for name in ("hand_back", "take_over", "withdraw", "open_campaign", "prepare", "link_figures")
    ),
    *(
        f"reporting:{name}"
        for name in ("accept_changes", "keep_changes", "justify", "finalise", "reopen", "publish")
    ),
    *(f"reporting:{name}" for name in ("withdraw_publication", "prepare_files", "prepare_public_files")),
}


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    return tmp_path_factory.mktemp("files")


@pytest.fixture(autouse=True)
def _fresh_storage(settings, files):
    settings.MEDIA_ROOT = files
    settings.ACCOUNT_RATE_LIMITS = False


@pytest.fixture(scope="module")
def world(files, django_db_setup, django_db_blocker):
    with rows_kept(django_db_blocker), override_settings(MEDIA_ROOT=files):
        yield World(STEP)


@pytest.fixture(scope="module")
def forms(world):
    """The forms of every page that each of the writers can open, one of each shape."""
    found = {}
    places = [world.address, *(world.address | others for others in world.here.kept[0].others())]
    for person in WRITERS:
        client = enter(world.people[person])
        for path in sorted({*pages_of(person, places)}):
            response = client.get(path)
            if response.status_code == 200:
                for form in fuzz.forms_of(response.content.decode(), path, client):
                    found.setdefault(form.shape, form)
    for form in found.values():
        for name, value in (world.forms.get(form.name) or {}).items():
            form.values[name] = form.values.get(name) or value
    return list(found.values())


def pages_of(person, places):
    for name in OURS:
        if name in FILES or name.endswith("_model") or not OPENS[person](name):
            continue
        if MATRIX_ROWS[name, "GET", STEP][person] == "lit":
            yield from (path_of(name, parts) for parts in places)
    if person == "anonyme":
        yield from map(reverse, ("account_login", "account_reset_password"))
    else:
        yield from map(reverse, ("account_change_password", "mfa_activate_totp"))


def test_every_address_that_writes_was_found_in_the_form_of_a_page(forms):
    writing = {
        name
        for name in OURS
        for step in STEPS
        if WRITES & {MATRIX_ROWS[name, "POST", step][person] for person in WRITERS}
    }

    if STEP != "relecture":
        pytest.skip("The addresses that write are counted at one step.")
    missing = writing - {form.name for form in forms}
    assert missing == NOT_SHOWN, "\n".join(sorted(missing ^ NOT_SHOWN))


def test_no_field_is_cut_by_the_browser(forms):
    assert [(form.name, form.cut) for form in forms if form.cut] == []


def test_any_text_in_any_form_is_written_whole_or_refused_beside_its_field(forms):
    check([form for form in forms if form.words], fuzz.try_words)


def test_any_text_in_the_place_of_a_number_a_date_or_a_choice_breaks_nothing(forms):
    check([form for form in forms if form.others], fuzz.try_values)


def check(forms, attempt):
    """Types every text in one of the forms; `attempt` says what went wrong, or None."""
    wrong = defaultdict(list)

    for text, form in cases(forms):
        if fault := attempt(form, text):
            wrong[form.name, fault].append(text[:40])

    assert not wrong, "\n".join(f"{name} {fault}: {texts}" for (name, fault), texts in wrong.items())


def test_any_file_is_read_or_refused(forms):
    asking = [form for form in forms if form.files]
    tries = [(form, *file) for form in asking for file in hostile_files(SEED)]
    random.Random(SEED).shuffle(tries)  # noqa: S311  the same ones each time
    wrong = defaultdict(list)

    for form, name, content in tries[: CASES // 3]:
        if fault := fuzz.try_file(form, name, content):
            wrong[form.name, fault].append(name)

    assert len(asking) > 6
    assert not wrong, "\n".join(f"{name} {fault}: {files}" for (name, fault), files in wrong.items())


def cases(forms):
    """Each form in its turn, with the next text."""
    return zip(some_texts(SEED, CASES), cycle(forms), strict=False)
