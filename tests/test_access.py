"""Every address x every person x every method, against access_matrix.csv; and what must not be seen, looked for."""

import io
import logging
import re
from contextlib import contextmanager
from copy import deepcopy
from fnmatch import fnmatchcase

import pytest
from django.test import Client
from django.test.utils import override_settings
from django.urls import reverse

from axes.figures import FIGURES
from logement import assistance, jobs
from logement.models import Job
from prevention.books import BOOKS
from tests.access import (
    ADDRESSES,
    LISTED,
    MATRIX_ROWS,
    METHODS,
    OURS,
    PEOPLE,
    REGISTERS,
    THEIRS,
    Visit,
    ask,
    content_of,
    enter,
    nowhere,
    path_of,
    row_of,
    same_for_all,
    text_of_pdf,
    visits,
    word_of,
)
from tests.conftest import rows_kept
from tests.fuzz import forms_of
from tests.looking import Seen, Structure, Window, check, look, too_wide
from tests.measures import record
from tests.world import BILANS, NOWHERE, STEPS, World

pytestmark = pytest.mark.once
TRIED, READ = [], []  # how many answers, how many pages each visit of this process looked at


@pytest.fixture(scope="module")
def world(request, browser, lasting_files, django_db_setup, django_db_blocker):
    """The world at one step, made once for the tests that ask for it: each undoes what it does there.

    After the browser: once its event loop runs, Django opens another connection, where this one's rows are not.
    """
    with rows_kept(django_db_blocker):
        with override_settings(MEDIA_ROOT=lasting_files):
            made = World(request.param)
        yield made


@pytest.fixture(scope="module")
def visit(request, world, lasting_files, django_db_blocker):
    """One person's visit of the world, made once for the tests that look at what came back."""
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=lasting_files), logged() as log:
        made = Visit(world, request.param)
        made.log = log
        yield made


@pytest.fixture(scope="session")
def seen():
    return Seen()


@pytest.fixture(scope="module")
def window(browser):
    """A page of the browser, without server: the test client of whoever visits answers it."""
    with browser.new_context(base_url=Window.HOME, locale="fr-FR", reduced_motion="reduce") as context:
        yield Window(context)


@contextmanager
def logged():
    """All that is logged inside, from the level of production on."""
    root, log = logging.getLogger(), io.StringIO()
    handler, level = logging.StreamHandler(log), root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    try:
        yield log
    finally:
        root.removeHandler(handler)
        root.setLevel(level)


def at(*steps):
    """The steps of the exercise at which a test looks at the `world`."""
    return pytest.mark.parametrize("world", steps, indirect=True)


every_visit = pytest.mark.parametrize(("world", "visit"), [*visits()], indirect=True)


def by(*people):
    """The people whose `visit` a test looks at."""
    return pytest.mark.parametrize("visit", people, indirect=True)


def is_page(answer):
    return answer.text.lstrip()[:15].lower() == "<!doctype html>"


# --- The matrix ---


def test_every_address_is_in_the_matrix_and_every_row_leads_somewhere():
    missing = {name for name in ADDRESSES if not any(fnmatchcase(name, listed) for listed in LISTED)}
    gone = {listed for listed in LISTED if not any(fnmatchcase(name, listed) for name in ADDRESSES)}

    assert (missing, gone) == (set(), set())


@pytest.mark.parametrize("name", sorted(LISTED))
def test_every_row_of_the_matrix_is_whole(name):
    rows = {(method, step) for address, method, step in MATRIX_ROWS if address == name}

    assert rows == {(method, step) for method in METHODS for step in STEPS}


@pytest.mark.django_db
@every_visit
def test_each_person_gets_what_the_matrix_says(visit):
    refused = {
        (name, method): answer.writes
        for (name, method), answer in visit.answers.items()
        if answer.writes and (method == "GET" or answer.word != "fait")
    }
    told = set().union(*(visit.world.found(answer.mails) for answer in visit.answers.values()))

    assert {key: answer.word for key, answer in visit.answers.items()} == {
        key: visit.expects(*key) for key in visit.answers
    }
    assert refused == {}  # a page that is read writes nothing, an act that is refused neither
    assert told <= {"ici: territory"}  # of what somebody wrote, an e-mail says nothing but where
    TRIED.append(len(visit.answers))
    record(
        "vu.matrice",
        label="Pages et actes essayés avec chaque rôle, à chaque étape : aucun ne montre ni ne permet ce qui n'est pas "
        "à la personne",
        value=sum(TRIED),
        unit="essais",
        aim="tous",
        command="python -m pytest tests/test_access.py --numprocesses 0",
    )


@pytest.mark.django_db
@every_visit
def test_a_form_that_a_page_shows_is_not_one_that_will_be_refused(visit):
    shown = {
        (name, form.name)
        for (name, method), answer in visit.answers.items()
        if method == "GET" and answer.status == 200 and is_page(answer)
        for form in forms_of(answer.text, path_of(name, visit.world.address), visit.client)
        if form.path == path_of(form.name, visit.world.address)
    }

    refused = {(page, name) for page, name in shown if visit.expects(name, "POST") in {"refus", "inconnu"}}
    assert refused == set()
    assert shown or visit.person not in {LEAD, A}


@pytest.mark.django_db
@every_visit
def test_what_is_not_found_is_one_page_word_for_word(visit):
    pages = {key: same_for_all(answer) for key, answer in visit.answers.items() if answer.status == 404}

    assert {key for key, page in pages.items() if page != visit.not_found} == set()


@pytest.mark.django_db
@by(*(person for person in PEOPLE if person not in {"anonyme", "cheffe"}))
@at("rédaction")
def test_what_is_out_of_sight_answers_as_what_does_not_exist(visit):
    """The same address, with an object that does not exist."""
    absent = nowhere(visit.world.address)
    # Of the registers, one person of each kind of 404 is enough: the matrix tries them all.
    names = [name for name in OURS if visit.person in {A, B, "DDETS"} or name not in REGISTERS]
    hidden = {
        key: answer
        for key, answer in visit.answers.items()
        if key[0] in names and visit.expects(*key) in {"inconnu", "refus"}
    }

    different = {
        (name, method)
        for (name, method), answer in hidden.items()
        if same_for_all(ask(visit.client, method, path_of(name, absent), visit.world.form(name)))
        != same_for_all(answer)
    }

    assert different == set()
    assert len(hidden) > 20


@pytest.mark.django_db
@by("association A", "association B", "lecture", "cheffe d'ailleurs", "DDETS")
@at("transmis")
def test_the_exercise_next_door_answers_as_one_that_does_not_exist(visit):
    world = visit.world
    place = world.here if visit.person == "cheffe d'ailleurs" else world.there
    parts = next(parts for parts in world.addresses() if parts["territory"] == place.territory.code)
    public = {name for name in OURS if MATRIX_ROWS[name, "GET", "transmis"]["anonyme"] == "lit"}
    names = [name for name in OURS if "territory" in ADDRESSES[name] and name not in public]

    for name in names:
        hidden = ask(visit.client, "GET", path_of(name, parts))
        absent = ask(visit.client, "GET", path_of(name, NOWHERE))
        assert (name, same_for_all(hidden)) == (name, same_for_all(absent))


@pytest.mark.django_db
@at("rédaction")
def test_objects_of_another_territory_are_not_reached_through_ones_own(world):
    client = enter(world.people["cheffe"])
    foreign = next(p for p in world.addresses() if p["territory"] == "ailleurs")
    mixed = {key: foreign[key] for key in foreign if key.endswith(("_id", "pk")) and key != "job_id"}
    mixed["code"] = "IND-C"
    parts = {key.rpartition(".")[2] for key in mixed}
    names = [name for name in OURS if set(ADDRESSES[name]) & parts]

    codes = {
        (name, method): ask(client, method, path_of(name, world.address | mixed), world.form(name)).status
        for name in names
        for method in METHODS
        if MATRIX_ROWS[name, method, "rédaction"]["cheffe"]
        != "refus"  # refused before any object is looked for
    }

    assert {key: code for key, code in codes.items() if code not in {404, 405}} == {}
    assert len(names) > 10


@pytest.mark.django_db
@at("rédaction")
def test_the_rows_that_an_association_keeps_elsewhere_are_not_reached_from_here(world):
    client = enter(world.people[A])
    foreign = next(p for p in world.addresses() if p["territory"] == "ailleurs")
    rows = {
        key: foreign[key]
        for key in foreign
        if key.startswith(("bail_dabord", "prevention")) or key in {"contact_id", "follow_up_id"}
    }
    names = [name for name in REGISTERS if MATRIX_ROWS[name, "GET", "rédaction"][B] == "inconnu"]
    names = [name for name in names if not {"year", "pending"} & set(ADDRESSES[name])]

    codes = {name: ask(client, "GET", path_of(name, world.address | rows)).status for name in names}

    assert set(codes.values()) == {404}
    assert len(codes) > 8


@pytest.mark.django_db
@at("rédaction")
def test_a_guest_opens_what_its_link_opens_and_nothing_more(world):
    client = Client()
    client.post(path_of("guest", world.address))
    own = {*(f"axes:{name}" for name in BILANS), "reporting:receipt"}
    expected = {name: MATRIX_ROWS[name, "GET", "rédaction"][A if name in own else "anonyme"] for name in OURS}

    assert {name: ask(client, "GET", path_of(name, world.address)).word for name in OURS} == expected

    other = next(parts for parts in world.addresses() if parts["organisation_id"] == world.b.pk)
    words = {ask(client, "GET", path_of(name, other)).word for name in own}
    assert words == {"inconnu", "sans objet"}


@pytest.mark.django_db
@at("rédaction")
def test_a_membership_that_ends_closes_the_next_request_of_an_open_session(time_machine, world):
    lead = world.people["cheffe"]
    client = enter(lead)
    dashboard = path_of("axes:dashboard", world.address)
    assert client.get(dashboard).status_code == 200

    lead.memberships.update(ends_on="2020-12-31")

    assert client.get(dashboard).status_code == 404
    assert client.get(reverse("job", args=[world.job.pk])).status_code == 404
    assert client.get(reverse("job_file", args=[world.job.pk])).status_code == 404
    assert "Votre compte n'a plus d'habilitation en cours" in client.get("/").content.decode().replace(
        "’", "'"
    )


@pytest.mark.django_db
@at("rédaction")
def test_a_deactivated_account_is_out_at_the_next_request(world):
    client = enter(world.people["cheffe"])

    type(world.people["cheffe"]).objects.filter(pk=world.people["cheffe"].pk).update(is_active=False)

    assert word_of(client.get(path_of("axes:dashboard", world.address))) == "connexion"


# --- The pages of the libraries: accounts and technical administration ---


def library_path(name, world):
    """A path to one of their pages, about the person « lecture » where it is about somebody."""
    parts = {"object_id": world.people["lecture"].pk, "id": world.people["lecture"].pk, "app_label": "axes"}
    if "/" in name:  # a route, since it has no name
        return "/" + re.sub(r"<[^>]*>|\(\?P<.*", "1", name)
    return reverse(name, kwargs={part: parts.get(part, "1") for part in ADDRESSES[name]})


@pytest.mark.django_db
@at("rédaction")
@pytest.mark.parametrize("person", PEOPLE)
def test_each_person_gets_what_the_matrix_says_of_accounts_and_administration(person, world):
    client = enter(world.people[person])
    session = deepcopy(client.cookies)
    expected, observed = {}, {}

    for name in THEIRS:
        for method in METHODS:
            client.cookies = deepcopy(session)  # one of these pages signs out
            answer = ask(client, method, library_path(name, world))
            expected[name, method] = MATRIX_ROWS[row_of(name), method, "rédaction"][person]
            is_open = (
                expected[name, method] == "ouvert" and answer.word != "connexion" and answer.status < 500
            )
            observed[name, method] = "ouvert" if is_open else answer.word

    assert observed == expected


# --- What the eye, and whoever has none, makes of the pages ---


@pytest.fixture
def look_at(visit, window, seen, axe):
    """`look_at({(method, path): answer})`: of pages made of the same parts, the first met is looked at, by axe and for
    its width."""

    def look_at(answers):
        pages = [(*key, answer, Structure(answer.text)) for key, answer in answers.items() if is_page(answer)]
        # Those that hold most come first: fewer are left to open.
        pages.sort(key=lambda page: -len(page[-1].parts))
        problems = []
        for method, path, answer, structure in pages:
            what = f"{method} {path}, {visit.person}, {visit.step}"
            problems += [f"{what}: {fault}" for fault in structure.faults]
            if seen.add(structure.parts):
                window.show(visit.client, path, answer)
                look(window.page, axe, problems, what)
                problems += [f"{what}: {found}" for found in too_wide(window.page)]
        check(problems + window.leave())
        READ.append(len(pages))
        record(
            "tous.accessibles",
            label="Pages lues, de chaque personne à chaque moment : fautes d'accessibilité (axe-core), ou ce qui "
            "déborde de 320 pixels : aucune",
            value=sum(READ),
            unit="pages",
            aim="toutes",
            command="python -m pytest tests/test_access.py --numprocesses 0",
        )

    return look_at


@pytest.mark.django_db
@every_visit
def test_each_page_is_accessible_and_fits_at_400_percent(visit, look_at):
    look_at({(method, visit.path(name)): answer for (name, method), answer in visit.answers.items()})


@pytest.mark.django_db
@by("cheffe", "association A")
@at("rédaction")
def test_so_is_each_form_that_is_refused(visit, look_at):
    opened = [visit.path(name) for name in OURS if visit.expects(name, "GET") == "lit"]

    look_at({("POST", path): ask(visit.client, "POST", path, {}) for path in opened})


@pytest.mark.django_db
@by("cheffe", "association A")
@at("rédaction")
def test_so_is_each_other_part_book_and_row_of_the_place(visit, look_at):
    here = [parts for parts in visit.world.addresses() if parts["territory"] == "ici"]
    opened = [name for name in OURS if visit.expects(name, "GET") == "lit"]
    paths = {path_of(name, parts) for name in opened for parts in here} - {*map(visit.path, opened)}

    look_at({("GET", path): ask(visit.client, "GET", path) for path in sorted(paths)})


# --- The canaries ---

LEAD, READER, A, B = "cheffe", "lecture", "association A", "association B"
IN_PLACE = {f"axes:edit_{what}" for what in ("title", "state", "people", "cell", "block")} | {"job"}
STATE = {"DDETS", "DIHAL"}
TEXTS = ["title", "indicators", "indicators note", "observations", "observations note"]
FIGURE = ["label", "definition", "base", "perimeter", "source", "note", "reason"]
SENT = ["sent", "sent text", "document", "proposal", "proof", "comment"]
#: Of the association next door: nobody of the cast is of it.
THEIRS_ALONE = {"ailleurs: C draft", "ailleurs: C remark"}
#: Of the registers: who must find it; everybody else must not, whatever they open and at whatever step.
KEPT = {f"ici: {name} {text}": {own} for name, own in (("A", A), ("B", B)) for text in ("code", "service")}
KEPT |= {f"ici: {name} reason of an export": {own, "administration"} for name, own in (("A", A), ("B", B))}
KEPT |= {
    "ici: A file": {A},
    **{f"ailleurs: {what}": set() for what in ("A code", "A service", "A reason of an export")},
}


def who_sees(step):
    """{what was written here: the people who must find it}; everybody else of the cast must not."""
    report = {"rédaction": set(), "relecture": STATE | {READER}, "transmis": STATE | {READER, A, B}}[step]
    sent = {A, B} if step == "transmis" else set()
    expected = {}
    for name, own in (("A", A), ("B", B)):
        expected |= {f"ici: {name} {text}": {LEAD, READER, own} | report for text in TEXTS}
        expected[f"ici: {name} state reason"] = {LEAD, READER, own} | sent
        expected |= {f"ici: {name} {text} before": {LEAD, READER} for text in ("indicators", "observations")}
        expected |= {f"ici: IND-{name} {field}": {LEAD, READER, own} for field in FIGURE}
        expected[f"ici: {name} action"] = {LEAD, READER, own}
        expected |= {f"ici: {name} {text}": {LEAD, READER, own} | sent for text in ("gathering", "kind")}
    expected["ici: A action"] |= sent
    expected["ici: B action"] |= sent
    expected |= {f"ici: REGISTRE {text}": {LEAD, READER, A} for text in ("label", "break")}
    expected |= {f"ici: CONTEXTE {field}": {LEAD, READER} for field in FIGURE}
    # What the report shows is explained to its readers; who gave it, to the State alone. What a figure of a sentence
    # replaced, and why, is in the report's own annex of sources.
    for field in ("label", "definition", "base", "perimeter", "source"):
        expected[f"ici: CONTEXTE {field}"] |= report
        expected[f"ici: IND-A {field}"] |= report
    for field in ("note", "reason"):
        expected[f"ici: CONTEXTE {field}"] |= report & STATE
        expected[f"ici: IND-A {field}"] |= report & STATE
    expected["ici: IND-A reason"] |= report
    expected["ici: REGISTRE label"] |= report
    expected["ici: REGISTRE break"] |= report & STATE
    expected |= {f"ici: {text}": {LEAD} | report for text in ("narrative", "cover")}
    expected["ici: narrative before"] = {LEAD}
    expected |= {f"ici: {text}": {LEAD} for text in ("finding", "justification")}
    expected |= {f"ici: report {text}": {LEAD} for text in ("name", "text", "figure")}
    expected["ici: export name"] = {LEAD}
    expected |= {f"ici: {text}": {LEAD} | STATE for text in ("inquiry", "answer to an inquiry")}
    for name, own in (("A", A), ("B", B)):
        expected |= {f"ici: {name} {text}": {LEAD, own} for text in SENT}
        expected |= {f"ici: {name} {text}": {own} for text in ("draft", "remark")}
    expected["ici: instructions"] = {A, B} if step == "transmis" else {LEAD, A, B}
    if step == "transmis":  # published: the cover, and of each figure its name alone
        printed = [f"{code} label" for code in ("CONTEXTE", "IND-A", "IND-B", "REGISTRE")]
        expected |= {f"ici: {what}": set(PEOPLE) for what in ("cover", *printed)}
    # The frame: whoever sees the plan reads its titles.
    expected["ici: chapter"] = {LEAD} | report
    expected |= {f"ici: {text}": {LEAD, READER, A, B} | report for text in ("state", "axis")}
    expected["ici: agreement"] = {LEAD, READER, A, B} | STATE
    expected["ici: territory"] = expected["ici: agreement"] | {"administration"}
    expected["ici: reason of an assistance"] = {LEAD, "administration"}
    if step == "transmis":
        expected |= {"ici: territory": set(PEOPLE), "ici: axis": set(PEOPLE)}
    return expected


def read_exercise(visit, *, formats):
    """The text of all that a person can open of the exercises: every page, with every object, and the files."""
    # The links of the e-mails are for whoever holds them: their pages say what they open.
    names = [name for name in OURS if name not in {*REGISTERS, "guest", "invitation"}]
    read = {name: visit.answers[name, "GET"] for name in names if (name, "GET") in visit.answers}
    known = {path_of(name, visit.world.address) for name in read}
    # What knows no reading is not read again with other objects.
    others = [name for name, answer in read.items() if answer.word != "sans objet"]
    yield from (answer.text for answer in read.values())
    yield from read_pages(visit.client, visit.world, others, known).values()
    for place in (visit.world.here, visit.world.there):
        for file_format in formats:
            yield read_report(visit.client, place, file_format)


def opened_by(person):
    """Of the registers, what opens to this person; to an association everything, for other rows are its own."""
    names = [*REGISTERS, "access_log", "announced", "axes:sources", "axes:figure_rows"]
    if person in {A, B}:
        return names
    return [name for name in names if MATRIX_ROWS[name, "GET", "rédaction"][person] in {"lit", "fait"}]


def read_registers(client, world, names):
    """The text of all that a person can open of the registers: pages, exports, journals, rows behind every figure."""
    texts = read_pages(client, world, names)
    for place in (world.here, world.there):
        code = place.territory.code
        if "axes:figure_rows" in names:
            figures = [reverse("axes:figure_rows", args=[code, place.year.number, key]) for key in FIGURES]
            texts |= {path: content_of(client.get(path)) for path in figures}
        if "bail_dabord:export" in names:
            exports = [reverse("prevention:export", args=[code, book.slug]) for book in BOOKS]
            exports.append(reverse("bail_dabord:export", args=[code]))
            sent = {path: client.post(path, {"reason": "Bilan"}) for path in exports}
            texts |= {f"{path} file": content_of(response) for path, response in sent.items()}
        exported = reverse("access_log", args=[code]) + "?acte=export"  # the reads fill its first page
        texts[exported] = content_of(client.get(exported))
    return texts


def read_pages(client, world, names, known=()):
    """Every page, with every object; but for those whose path is already `known`."""
    texts, everywhere = {}, world.addresses()
    for name in names:
        for path in {path_of(name, parts) for parts in everywhere}:
            if path not in known:
                texts[path] = content_of(client.get(path))
            if name in IN_PLACE:
                texts[f"{path} in place"] = content_of(client.get(path, headers={"HX-Request": "true"}))
    return texts


def read_report(client, place, file_format):
    """The text of a file of the report, as this person gets it; nothing when it is refused."""
    address = reverse("reporting:ask_file", args=[place.territory.code, place.year.number])
    asked = client.post(address, {"format": file_format})
    if asked.status_code != 302 or not asked.url.startswith("/taches/"):
        return content_of(asked)
    job = Job.objects.get(pk=asked.url.split("/")[2])
    jobs.run(job.pk)
    response = client.get(reverse("job_file", args=[job.pk]))
    assert response.status_code == 200
    content = b"".join(response)
    if file_format != "pdf":
        return content.decode()
    return text_of_pdf(content)


def read_administration(client):
    """Every list and form of the administration, with every object of its lists."""
    texts, todo = {}, [reverse("admin:index")]
    while todo:
        path = todo.pop()
        response = client.get(path)
        texts[path] = content_of(response) if response.status_code == 200 else ""
        links = re.findall(r'href="(/administration/[^"?]*)"', texts[path])
        todo += {link for link in links if link not in texts and "logout" not in link} - set(todo)
    return texts


@pytest.mark.django_db
@every_visit
def test_each_person_finds_what_is_theirs_and_nothing_more(visit):
    world, person, step = visit.world, visit.person, visit.step
    #: A PDF is the same whoever asks: the last of each step to be let in takes it.
    with_pdf = {"rédaction": LEAD, "relecture": "DIHAL", "transmis": B}[step]
    formats = ["html", "json", *(["pdf"] if person == with_pdf else [])]
    found = set().union(*map(world.found, read_exercise(visit, formats=formats)))

    kept = {what for what, people in KEPT.items() if person in people}
    expected = {what for what, people in who_sees(step).items() if person in people}
    if person == "cheffe d'ailleurs":
        hidden = {"ailleurs: instructions"} if step == "transmis" else set()
        there = {what for what in world.canaries.values() if what.startswith("ailleurs: ")}
        expected |= there - THEIRS_ALONE - KEPT.keys() - hidden
    assert found - kept == expected
    assert world.found(visit.log.getvalue()) <= {*world.codes.values()}  # the address of a row has its code


@pytest.mark.django_db
@at(*STEPS)
def test_whatever_is_written_has_its_readers(world):
    here = {what for what in world.canaries.values() if what.startswith("ici: ")}

    assert here - KEPT.keys() == who_sees(world.step).keys()


@pytest.mark.django_db
@at("rédaction")
def test_nobody_finds_the_rows_that_others_keep_and_their_keeper_does(world):
    seen = {what: set() for what in KEPT}

    for person, user in world.people.items():
        for text in read_registers(enter(user), world, opened_by(person)).values():
            for what in world.found(text) & KEPT.keys():
                seen[what].add(person)

    assert seen == KEPT


@pytest.mark.django_db
@at("rédaction")
def test_the_administrator_finds_the_frame_of_the_territories_and_nothing_written_in_it(world):
    frame = ("territory", "agreement", "axis", "state", "chapter")

    texts = read_administration(enter(world.people["administration"]))

    assert {what for text in texts.values() for what in world.found(text)} == {
        f"{place}: {what}" for place in ("ici", "ailleurs") for what in frame
    }
    assert len(texts) > 50


@pytest.mark.django_db
@at("rédaction")
def test_a_session_of_assistance_reads_what_the_lead_reads_but_for_partners_and_registers_and_writes_nothing(
    world,
):
    person = world.people["administration"]
    names = [name for name in OURS if name not in {*REGISTERS, "guest", "invitation"}]
    begun = {"territory": world.here.territory, "reason": "Le PDF ne sort pas"}
    before = read_pages(enter(person), world, names)
    session = assistance.open_session(by=type(person).objects.get(pk=person.pk), **begun)
    client = enter(person)

    texts = read_pages(client, world, names)
    acts = {name: ask(client, "POST", path_of(name, world.address), world.form(name)).word for name in OURS}

    found = {what for text in texts.values() for what in world.found(text)}
    found -= {what for text in before.values() for what in world.found(text)}
    assert {what for what in found if what.startswith("ailleurs")} == set()
    partners = {f"ici: {name} {text}" for name in "AB" for text in (*SENT, "draft", "remark")}
    assert found & {*partners, *KEPT} == set()
    assert found >= {f"ici: {name} {text}" for name in "AB" for text in TEXTS} | {"ici: narrative"}
    theirs = {name for name in OURS if MATRIX_ROWS[name, "POST", "rédaction"]["administration"] == "fait"}
    assert {name for name, word in acts.items() if word == "fait"} <= theirs
    assert session.readings.count() > 20


@pytest.mark.django_db
@at("relecture")
@pytest.mark.parametrize("file_format", ["html", "json", "pdf"])
def test_each_file_of_the_report_holds_what_it_prints_and_no_more(file_format, world):
    lines = {f"ici: {name} {text}" for name in "AB" for text in TEXTS}
    frame = {f"ici: {what}" for what in ("territory", "axis", "state", "chapter", "cover", "narrative")}
    figures = {"ici: CONTEXTE label", "ici: CONTEXTE source", "ici: REGISTRE label"}
    figures |= {f"ici: IND-A {field}" for field in ("label", "definition", "base", "source", "reason")}
    if file_format == "json":  # its figures are data too
        figures |= {"ici: CONTEXTE definition", "ici: CONTEXTE base"}
    if file_format == "pdf":
        frame.remove("ici: territory")  # it names the file, it does not print

    text = read_report(enter(world.people["DDETS"]), world.here, file_format)

    assert world.found(text) == lines | frame | figures
