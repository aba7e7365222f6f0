"""A world where everything that somebody wrote is hostile: its pages, its files and its e-mails hold it whole."""

import csv
import json
import re
from email import message_from_bytes
from email.policy import default
from html import unescape
from io import StringIO

import pytest
from django.conf import settings as django_settings
from django.core import mail as django_mail
from django.test import override_settings

from axes.models import Submission
from logement import mail
from logement.models import Invitation, Organisation, User
from logement.text import UNWANTED, clean_line
from reporting import renderers, snapshot
from reporting.assembly import assemble
from reporting.models import Inquiry
from tests.access import MATRIX_ROWS, OURS, enter, path_of, text_of_pdf
from tests.conftest import rows_kept
from tests.fuzz import CASES, FILES, MANY, SEED, strings
from tests.hostile import FORMULA, MARKED, bare, cells_of, marked, received, some_texts
from tests.reporting.office import parts_of
from tests.world import STEPS, World

pytestmark = [pytest.mark.once, pytest.mark.django_db]
TRIED = [*STEPS] if CASES >= MANY else ["transmis"]
READERS = ("cheffe", "association A", "DDETS", "DIHAL", "administration", "anonyme")
SENT = ("bail_dabord:export", "prevention:export")
#: The world writes HTML and CSV itself, and no sum that is wrong: a report with one is not sent.
MARKUP = re.compile("[<>&\"';=+]|\\[\\[note:")
#: Pages of what changed: they cut a text where it did.
CHANGES = {"axes:line_history", "axes:chapter_history", "axes:amended", "reporting:changes"}
HEADERS = {*("Content-Type", "MIME-Version", "Subject", "From", "To", "Date", "Message-ID", "Auto-Submitted")}
MAILS = sorted(
    path.stem
    for path in (django_settings.BASE_DIR / "templates/mail").glob("[!_]*.txt")
    if path.stem != "base"
)


class HostileWorld(World):
    """Each canary is a text that breaks things, behind what begins a formula, between two marks."""

    def __init__(self, step):
        short = (clean_line(received(text)) for text in some_texts(step, 3_000))
        self.texts = [text for text in short if len(text) < 60 and not MARKUP.search(text)]
        super().__init__(step)
        for model, field in ((Organisation, "name"), (User, "full_name")):
            for row in model.objects.all():
                model.objects.filter(pk=row.pk).update(**{field: self.write(field)})

    def write(self, what):
        super().write(what)
        rank = len(self.canaries)
        return marked(rank, self.texts[rank])


@pytest.fixture(scope="module", params=TRIED)
def world(request, lasting_files, django_db_setup, django_db_blocker):
    with rows_kept(django_db_blocker), override_settings(MEDIA_ROOT=lasting_files):
        yield HostileWorld(request.param)


def wrong_in(text, world):
    """[(text, what stands there)] of those that are there in part, or changed.

    In any order: a PDF is read as it is seen, some of it from right to left.
    """
    whole = {found.start(): found for found in MARKED.finditer(text)}
    starts = {found.start(): int(found[1]) for found in re.finditer(r"zq(\d{3})a", text)}
    return [
        (world.texts[rank], text[start : start + 200])
        for start, rank in starts.items()
        if start not in whole or sorted(bare(whole[start][2])) != sorted(bare(world.texts[rank]))
    ]


def read(content, kind):
    """(its texts, its cells that a spreadsheet would compute) of a file or a page: `kind` ends like its media type."""
    if content.startswith(b"PK"):
        parts = b"".join(parts_of(content).values())
        return "\n".join(cells_of(content)), [
            mark for mark in (b"<f>", b"<f ", b"table:formula") if mark in parts
        ]
    if kind.endswith("csv"):
        rows = csv.reader(StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";")
        cells = [cell for row in rows for cell in row]
        return "\n".join(cells), [cell for cell in cells if cell.startswith(FORMULA)]
    if kind.endswith("json"):
        return "\n".join(strings(json.loads(content))), []
    if content.startswith(b"%PDF"):
        return UNWANTED.sub("", text_of_pdf(content)), []
    return unescape(content.decode()), []


@pytest.mark.parametrize("person", READERS)
def test_every_output_holds_whole_what_it_shows(world, person, record_property):
    client, wrong, opened, seen = enter(world.people[person]), {}, 0, set()

    for name in OURS if CASES >= MANY else [*FILES, *SENT]:
        for method in ("GET", "POST") if name in SENT else ("GET",):
            if MATRIX_ROWS[name, method, world.step][person] not in {"lit", "fait"}:
                continue
            path = path_of(name, world.address)
            response = client.get(path) if method == "GET" else client.post(path, world.form(name))
            text, formulas = read(b"".join(response), response.get("Content-Type", "").partition(";")[0])
            found = [] if name in CHANGES else wrong_in(text, world)
            seen |= {*MARKED.findall(text)}
            opened += 1
            if response.status_code >= 500 or found or formulas or UNWANTED.search(text):
                wrong[name, method] = (response.status_code, found, formulas)

    assert not wrong, "\n".join(f"{address} {faults}" for address, faults in wrong.items())
    assert seen or person not in {"cheffe", "association A"}
    record_property("cases", opened)


def test_every_table_of_its_figures_holds_them_whole_and_no_formula(world, record_property):
    document = assemble(snapshot.take(world.here.year.pk))

    for name in ("csv", "xlsx", "ods", "json"):
        text, formulas = read(renderers.by_name(name).render(document), name)
        assert MARKED.search(text), name
        assert (name, wrong_in(text, world), formulas) == (name, [], [])
    record_property("cases", 4)


def test_every_mail_holds_whole_what_it_says_and_no_header_of_somebody_else(world, record_property):
    here, person = world.here, world.people["cheffe"]
    version = here.year.versions.last()
    if version is None:
        pytest.skip("A mail that tells of a version needs one.")
    inquiry = Inquiry.objects.exclude(answer="").get(year=here.year)
    inquiry.settled_by = version
    submission = Submission.objects.get(pk=here.bilans[0].submission.pk)
    context = {
        "submission": submission,
        "campaign": submission.campaign,
        "inquiry": inquiry,
        "version": version,
        "invitation": Invitation.objects.get(territory=here.territory),
        "organisation": submission.organisation,
        "lists": [(submission.organisation, here.year.agreement.ends_on)],
        "url": mail.absolute_url("/ici/"),
    }

    for template in MAILS:
        mail.post(to=person, occasion=template, template=template, context=context, territory=here.territory)

    assert mail.send_waiting() == len(MAILS)
    for left in django_mail.outbox:
        check_mail(left, person, world)
    record_property("cases", len(MAILS))


def test_words_in_the_subject_of_a_mail_are_no_header(world, tmp_path, settings, record_property):
    folder = tmp_path / "mail"
    folder.mkdir()
    for suffix in ("txt", "html"):
        lines = '{% extends "mail/base.' + suffix + '" %}{% block subject %}{{ words }}{% endblock %}'
        (folder / f"any.{suffix}").write_text(lines + "{% block content %}{{ words }}{% endblock %}")
    settings.TEMPLATES = [settings.TEMPLATES[0] | {"DIRS": [tmp_path, *settings.TEMPLATES[0]["DIRS"]]}]
    person, texts = world.people["cheffe"], some_texts(SEED, CASES)

    for rank, text in enumerate(texts):
        words = f"Objet{text[:150]}\r\nBcc: autre@a.example"
        mail.post(to=person, occasion=f"words:{rank}", template="any", context={"words": words})

    assert mail.send_waiting() == len(texts)
    for left, text in zip(django_mail.outbox, texts, strict=True):
        check_mail(left, person, world)
        assert bare(received(text[:150])) in bare(left.subject + left.body)
    record_property("cases", len(texts))


def check_mail(left, person, world):
    """It goes to this person alone, under our headers alone, with each text whole in both of its bodies."""
    got = message_from_bytes(left.message().as_bytes(), policy=default)
    assert {*got} == HEADERS
    assert (got["To"], got["Subject"].strip(), got.defects) == (person.email, left.subject, [])
    plain, html = (part.get_content() for part in got.iter_parts())
    assert wrong_in(plain, world) == wrong_in(unescape(html), world) == []
    assert not UNWANTED.search(plain + html)
