"""Every form that a page shows to somebody, found by opening the pages, then sent with texts that break things.

Seen of each sending: no error 500; what is accepted is written whole, what is refused comes back in its field beside a
sentence. Nothing lists the forms: a new one is found where it is shown.
"""

import json
import os
import random
import re
from collections import defaultdict
from copy import deepcopy
from dataclasses import dataclass, field
from html import unescape
from typing import NamedTuple
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

import lxml.html
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.urls import resolve

from logement.text import UNWANTED
from tests.hostile import LONG, is_whole, letters, received
from tests.measures import record

RICH = {"markup", "value"}  # of a text: what is stored is its HTML
SEARCHES = {"chiffre-mots"}  # words to look for a figure by: nothing keeps them
NUMERIC = {"numeric", "decimal"}
WORDY = {None, "text", "search", "textarea"}
WRITES = re.compile(r'^\s*(?:INSERT INTO|UPDATE) "(?!logement_event|django_)(\w+)"', re.IGNORECASE)
CASES = int(os.environ.get("FUZZ", "50"))
SEED = int(os.environ.get("SEED", "2023"))
MANY = 500  # of `python -m tests.fuzz`
AT_LEAST = 2_000
FAMILY = ("fuzz", "fuzz_commands", "fuzz_outputs", "fuzz_world")
LISTS = {"page", "sort"}  # what a list that is long enough puts in its address
#: The addresses whose answers are no page.
FILES = {
    *("job_file", "javascript_catalog", "reporting:receipt", "reporting:changes_pdf"),
    *("axes:series_chart", "axes:document", "axes:sent_document", "axes:sent_source"),
    *("axes:download_sheet", "axes:import_file"),
    *(f"reporting:{name}_file" for name in ("rehearsal", "side_by_side", "version", "published")),
}
BUTTONS = ".//button[@name or @formaction] | .//*[@hx-post]"
SAID = "//*[@role='alert' or @aria-invalid or contains(@class, 'errorlist')]"
FORM = "application/x-www-form-urlencoded"


@dataclass
class Form:
    """A form as a page shows it: where it is sent, the words that one types there, and all its other fields."""

    name: str  # of its address
    path: str
    sender: Client
    values: dict[str, str]
    words: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    cut: list[str] = field(
        default_factory=list
    )  # a browser drops what is pasted beyond their length, in silence

    @property
    def shape(self):
        """Two forms of one shape differ by their object alone; ranks and keys are of the object."""
        bare = (re.sub(r"\d+", "#", name) for name in self.values)
        return self.name, *sorted({*bare, *self.files})


class List(NamedTuple):
    """A page that reads its address: `names` of what a form or a link puts after the question mark."""

    path: str
    reader: Client
    names: list[str]


class Sent(NamedTuple):
    status: int
    text: str
    written: list[str]  # every text that it wrote, but for the journal of who did what


def forms_of(page, path, sender):
    """The forms of a page that write something, once for each of their buttons; and what a script saves by itself."""
    root = lxml.html.fromstring(page)
    for element in root.iter("form"):
        if (element.get("method") or "get").lower() == "post":
            for button in [*element.xpath(BUTTONS), None]:
                yield form_of(element, {} if button is None else button, path, sender)
    for element in root.xpath("//*[@data-save or @data-join or @data-remove]"):
        way = next(element.get(way) for way in ("data-save", "data-join", "data-remove") if element.get(way))
        yield form_of(element, {"formaction": way}, path, sender)


def queries_of(page, path):
    """[(path, names)] that the forms which only look and the links of a page put in an address."""
    root = lxml.html.fromstring(page)
    for element in root.iter("form"):
        if (element.get("method") or "get").lower() == "get":
            names = {control.name for control in element.iter("input", "select") if control.name}
            yield urlsplit(urljoin(path, element.get("action") or "")).path, names | LISTS
    for link in root.xpath("//@href[contains(., '?')] | //@hx-get[contains(., '?')]"):
        address = urlsplit(urljoin(path, link))
        if not address.netloc:
            yield address.path, {*parse_qs(address.query, keep_blank_values=True)}


def form_of(element, button, path, sender):
    """What this button sends of the fields of `element`, and where."""
    target = button.get("formaction") or button.get("hx-post") or element.get("action") or ""
    target = urljoin(path, target)
    form = Form(resolve(urlsplit(target).path).view_name, target, sender, {})
    names = {"words": form.words, "file": form.files}
    for control in element.iter("input", "select", "textarea"):
        if control.name and control.name not in {"csrfmiddlewaretoken", *SEARCHES}:
            held = names.get(kind_of(control), form.others)
            held.append(control.name) if control.name not in held else None
            if control.get("maxlength"):
                form.cut.append(control.name)
            if held is not form.files and control.value is not None:
                form.values[control.name] = control.value
    if button.get("name"):
        form.values[button.get("name")] = button.get("value") or ""
    return form


def kind_of(control):
    """« words », « file », or what else it takes."""
    kind = control.get("type") if control.tag == "input" else control.tag
    return "words" if kind in WORDY and control.get("inputmode") not in NUMERIC else kind


def strings(value):
    """The texts of a value that goes into the database, those inside JSON too."""
    value = getattr(value, "obj", value)  # JSON, as psycopg takes it
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return [text for each in value for text in strings(each)]
    if not isinstance(value, str):
        return []
    return [value, *(strings(json.loads(value)) if value.startswith(("{", "[")) and is_json(value) else [])]


def is_json(text):
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def submit(form, values, files=None):
    """The answer to a form sent with these values, and the page that it leads to; then all of it is undone."""
    written = []

    def note(execute, sql, params, many, context):
        if WRITES.match(sql):
            for row in params or () if many else [params or ()]:
                written.extend(text for value in row for text in strings(value))
        return execute(sql, params, many, context)

    client, cookies = form.sender, deepcopy(form.sender.cookies)
    with connection.execute_wrapper(note), transaction.atomic():
        if files:
            response = client.post(form.path, values | files)
        else:
            body = urlencode(values, doseq=True, errors="surrogatepass")
            response = client.post(form.path, body, content_type=FORM)
        status, text = response.status_code, text_of(response)
        if status == 302:
            shown = client.get(response.url)
            text_of(shown)
            status = max(status, shown.status_code if shown.status_code >= 500 else 0)
        transaction.set_rollback(True)
    client.cookies = cookies
    return Sent(status, text, written)


def text_of(response):
    content = b"".join(response)  # a file is closed once it is read
    is_page = response.get("Content-Type", "").startswith("text/html")
    return UNWANTED.sub("", content.decode()) if is_page else ""


def try_words(form, text):
    """What goes wrong when this text is typed wherever the form takes words, or None. A long one, in one place."""
    names = form.words if len(text) < LONG else form.words[:1]
    sent = submit(form, form.values | dict.fromkeys(names, text))
    typed = received(text)
    if any(UNWANTED.search(value) for value in sent.written):
        return "written with characters that nothing may hold"
    if not letters(typed):
        return None
    if sent.status in {200, 409, 422} and "<" in sent.text:
        return refusal_of(sent, dict.fromkeys(names, typed))
    if sent.status in {200, 302}:
        lost = [name for name in names if not any(holds(name, typed, value) for value in sent.written)]
        return f"accepted, but not written whole: {lost}" if lost else None
    return f"answers {sent.status}"


def holds(name, typed, value):
    if name in RICH:
        return is_whole(typed, unescape(value))
    return letters(typed) in letters(value)


def refusal_of(sent, typed):
    """A refusal keeps what was typed in its field, and says something."""
    page = lxml.html.fromstring(sent.text)
    kept = defaultdict(str)
    for control in page.iter("input", "textarea"):
        kept[control.get("name")] += f" {control.value or ''}"
    lost = [name for name, text in typed.items() if letters(text) not in letters(kept[name])]
    if lost:
        return f"refused ({sent.status}), and lost from the page: {lost}"
    return None if page.xpath(SAID) else f"refused ({sent.status}) without a sentence"


def try_values(form, text):
    """The same where a date, a number, a choice or a hidden mark is expected: anything but a broken page."""
    sent = submit(form, form.values | dict.fromkeys(some_of(form.others, text), text[:200]))
    return f"answers {sent.status}" if sent.status >= 500 else None


def try_query(page, text):
    """The same after the question mark: filters, sorts, numbers of pages."""
    asked = urlencode(dict.fromkeys(some_of(page.names, text), text[:500]), errors="surrogatepass")
    response = page.reader.get(f"{page.path}?{asked}")
    text_of(response)
    return f"answers {response.status_code}" if response.status_code >= 500 else None


def some_of(names, text):
    """All of them, or one: a field that is refused hides what the next would have met."""
    chance = random.Random(repr(text))  # noqa: S311  the same ones each time
    return chance.choice([names, [chance.choice(names)]])


def try_file(form, file):
    """A file, (name, bytes), that is not what is asked: anything but a broken page."""
    name, content = file
    files = {each: SimpleUploadedFile(name, content) for each in form.files}
    sent = submit(form, form.values, files)
    return f"answers {sent.status}" if sent.status >= 500 else None


class Tally:
    """What the tests say that they tried, in the property `cases` of each."""

    def __init__(self):
        self.cases = 0

    def pytest_runtest_logreport(self, report):
        if report.when == "call" and report.passed:
            self.cases += dict(report.user_properties).get("cases", 0)

    def pytest_terminal_summary(self, terminalreporter):
        terminalreporter.write_line(f"{self.cases} cases")


def main():
    """Everything at every step of an exercise; nothing is recorded of what fails, nor of too few cases."""
    os.environ["FUZZ"] = str(MANY)
    tally = Tally()
    tests = [f"tests/test_{name}.py" for name in FAMILY]
    if pytest.main(["-q", "--numprocesses=0", "--show-capture=no", *tests], plugins=[tally]):
        raise SystemExit("Something is wrong: nothing is recorded.")
    if tally.cases < AT_LEAST:
        raise SystemExit(f"{tally.cases} cases are too few: nothing is recorded.")
    record(
        "tous.textes",
        label="Textes et fichiers hostiles : aucune page en erreur, aucun texte coupé en silence, aucune formule "
        "dans un tableur",
        value=tally.cases,
        unit="cas",
        aim="2 000 au moins",
        command="python -m tests.fuzz",
    )


if __name__ == "__main__":
    main()
