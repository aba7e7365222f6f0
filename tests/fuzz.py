"""Every form that a page shows to somebody, found by opening the pages, then sent with texts that break things.

Seen of each sending: no error 500; what is accepted is written whole, what is refused comes back in its field beside a
sentence. Nothing lists the forms: a new one is found where it is shown.
"""

import json
import os
import re
import subprocess
import sys
from collections import defaultdict
from copy import deepcopy
from dataclasses import dataclass, field
from html import unescape
from typing import NamedTuple
from urllib.parse import urlencode, urljoin, urlsplit

import lxml.html
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
CASES = int(os.environ.get("FUZZ", "90"))
SEED = int(os.environ.get("SEED", "2023"))
MANY = 500  # texts in the places for words, as many in those for numbers and choices, a third as many files
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
    """The same text where a date, a number, a choice or a hidden mark is expected: anything but a broken page."""
    sent = submit(form, form.values | dict.fromkeys(form.others, text[:200]))
    return f"answers {sent.status}" if sent.status >= 500 else None


def try_file(form, name, content):
    """A file that is not what is asked: anything but a broken page."""
    files = {each: SimpleUploadedFile(name, content) for each in form.files}
    sent = submit(form, form.values, files)
    return f"answers {sent.status}" if sent.status >= 500 else None


def main():
    """Two thousand cases, at two steps of an exercise; then the formats of the report."""
    tests = ["tests/test_fuzz.py", "tests/test_fuzz_outputs.py"]
    for step, paths in {"relecture": tests, "transmis": tests[:1]}.items():
        command = [sys.executable, "-m", "pytest", "-q", "--numprocesses=0", "--show-capture=no", *paths]
        subprocess.run(command, env=os.environ | {"FUZZ": str(MANY), "STEP": step}, check=True)
    record(
        "tous.textes",
        label="Textes et fichiers hostiles : aucune page en erreur, aucun texte coupé en silence, aucune formule "
        "dans un tableur",
        value=2 * (2 * MANY + MANY // 3) + 200,
        unit="cas",
        aim="2 000 au moins",
        command="python -m tests.fuzz",
    )


if __name__ == "__main__":
    main()
