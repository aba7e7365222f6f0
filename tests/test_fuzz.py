"""Any text, in every form: `python -m tests.fuzz` tries more than two thousand, `make test` the first of them."""

import random
from collections import defaultdict
from itertools import cycle, product
from typing import NamedTuple

import pytest
from django.test import override_settings
from django.urls import reverse

from tests import fuzz
from tests.access import ADDRESSES, MATRIX_ROWS, OURS, enter, path_of
from tests.conftest import rows_kept
from tests.fuzz import CASES, FILES, MANY, SEED
from tests.hostile import hostile_files, some_texts, some_values
from tests.world import STEPS, World

pytestmark = [pytest.mark.once, pytest.mark.django_db]

TRIED = [*STEPS] if CASES >= MANY else ["relecture"]
WRITES = {"fait", "reprendre", "relire"}
#: Who opens which pages; after the lead, those that a form is expected of.
OPENS = {
    "cheffe": lambda name: True,
    "association A": lambda name: "number" not in ADDRESSES[name] or "pk" in ADDRESSES[name],
    "administration": lambda name: "number" not in ADDRESSES[name],
    "DDETS": lambda name: "inquir" in name,
    "anonyme": lambda name: name in {"guest", "invitation", "reporting:verify"},
}
WRITERS = list(OPENS)
#: What no page of this world shows: it is of another step, of a job that runs, of a sheet
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
#: What a page reads of its address where no page of this world leads so: after an act, for a script, from an e-mail.
READS = {
    "axes:add_indicator": {"label", "unit", "action", "supplier"},
    "axes:figure_rows": {"indicateur", "page"},
    "axes:gatherings": {"meme_action", "meme_kind", "meme_organisation"},
    "axes:review_import": {"lire"},
    "reporting:changes": {"a", "de"},
    "reporting:ask_inquiry": {"version"},
    "reporting:side_by_side": {"page"},
}


@pytest.fixture(autouse=True)
def _no_rate_limit(settings):
    settings.ACCOUNT_RATE_LIMITS = False


class Shown(NamedTuple):
    """What the pages of a world show: one form of each shape, and the pages that read their address."""

    step: str
    forms: list
    lists: list


@pytest.fixture(scope="module", params=TRIED)
def world(request, lasting_files, django_db_setup, django_db_blocker):
    with rows_kept(django_db_blocker), override_settings(MEDIA_ROOT=lasting_files):
        yield World(request.param)


@pytest.fixture(scope="module")
def shown(world):
    """What is on every page that each of the writers can open."""
    forms, queries, read = {}, defaultdict(set), {}
    places = [world.address, *(world.address | others for others in world.here.kept[0].others())]
    for person in WRITERS:
        client = enter(world.people[person])
        for path in sorted({*pages_of(world.step, person, places)}):
            response = client.get(path)
            if response.status_code == 200:
                page = response.content.decode()
                read.setdefault(path, client)
                queries[path] |= READS.get(response.resolver_match.view_name, set())
                for form in fuzz.forms_of(page, path, client):
                    forms.setdefault(form.shape, form)
                for target, names in fuzz.queries_of(page, path):
                    queries[target] |= names
    for form in forms.values():
        for name, value in (world.forms.get(form.name) or {}).items():
            form.values[name] = form.values.get(name) or value
    lists = [fuzz.List(path, client, sorted(queries[path])) for path, client in read.items() if queries[path]]
    return Shown(world.step, list(forms.values()), lists)


def pages_of(step, person, places):
    for name in OURS:
        if name in FILES or name.endswith("_model") or not OPENS[person](name):
            continue
        if MATRIX_ROWS[name, "GET", step][person] == "lit":
            yield from (path_of(name, parts) for parts in places)
    if person == "anonyme":
        yield from map(reverse, ("account_login", "account_reset_password"))
    else:
        yield from map(reverse, ("account_change_password", "mfa_activate_totp"))


def test_every_address_that_writes_was_found_in_the_form_of_a_page(shown):
    writing = {
        name
        for name in OURS
        for step in STEPS
        if WRITES & {MATRIX_ROWS[name, "POST", step][person] for person in WRITERS}
    }

    if shown.step != "relecture":
        pytest.skip("The addresses that write are counted at one step.")
    missing = writing - {form.name for form in shown.forms}
    assert missing == NOT_SHOWN, "\n".join(sorted(missing ^ NOT_SHOWN))


def test_no_field_is_cut_by_the_browser(shown):
    assert [(form.name, form.cut) for form in shown.forms if form.cut] == []


def test_any_text_in_any_form_is_written_whole_or_refused_beside_its_field(shown, record_property):
    forms = [form for form in shown.forms if form.words]
    texts = some_texts(f"words {SEED} {shown.step}", at_least(forms))

    record_property("cases", check(zip(cycle(forms), texts, strict=False), fuzz.try_words))


def test_any_text_in_the_place_of_a_number_a_date_or_a_choice_breaks_nothing(shown, record_property):
    forms = [form for form in shown.forms if form.others]
    values = some_values(f"values {SEED} {shown.step}", at_least(forms))

    record_property("cases", check(zip(cycle(forms), values, strict=False), fuzz.try_values))


def test_any_text_in_the_address_of_a_list_breaks_nothing(shown, record_property):
    values = some_values(f"lists {SEED} {shown.step}", at_least(shown.lists))

    assert len(shown.lists) > 15
    record_property("cases", check(zip(cycle(shown.lists), values, strict=False), fuzz.try_query))


def test_any_file_is_read_or_refused(shown, record_property):
    forms = [form for form in shown.forms if form.files]
    tries = [*product(forms, hostile_files(SEED))]
    random.Random(SEED).shuffle(tries)  # noqa: S311  the same ones each time

    record_property("cases", check(tries[: CASES // 2], fuzz.try_file))


def at_least(places):
    """How many tries: one in each place, however few are asked for."""
    return max(CASES, len(places))


def check(tries, attempt):
    """Each (place, what is tried there); `attempt` says what went wrong, or None. Gives how many they were."""
    wrong, count = defaultdict(list), 0

    for place, tried in tries:
        count += 1
        if fault := attempt(place, tried):
            wrong[place.path, fault].append(ascii(tried)[:60])

    assert not wrong, "\n".join(f"{path} {fault}: {tries}" for (path, fault), tries in wrong.items())
    return count
