"""What looks at the pages: axe, the widths; and for the pages of the matrix what each is made of, so that a browser
opens only those that hold something which none before them had."""

import os
from collections import Counter
from contextvars import copy_context
from functools import partial
from hashlib import sha256
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders

from tests.conftest import watch

#: The elements that hold nothing, so that none of them is ever the place of another.
VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
HEADINGS = {f"h{level}" for level in range(1, 7)}
#: The attributes whose value makes another element of it, for the eye or for assistive technology.
TELLING = ("class", "role", "type", "aria-live", "aria-expanded", "open")
#: The attributes that neither the eye nor assistive technology makes anything of.
SILENT = set(
    "action method enctype novalidate name value checked selected min max step maxlength minlength src datetime "
    "hx-get hx-post hx-target hx-swap hx-sync hx-trigger hx-select hx-include hx-headers".split()
)
#: The attributes that name other elements of the page; those that name a field.
REFERENCES = ("for", "aria-labelledby", "aria-describedby", "aria-controls", "headers", "list", "form")
NAMES = {"aria-label", "aria-labelledby", "title"}
FIELDS = {"input", "select", "textarea"}
BUTTONS = {"hidden", "submit", "button", "reset"}

WIDER = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  return [...document.querySelectorAll("main *")].filter((element) =>
    element.getBoundingClientRect().right > width + 1 && !element.closest(".table-region"))
    .map((element) => `${element.tagName}.${element.className}`).concat("page");
}"""
NARROW = {"width": 320, "height": 640}  # what is left of 1,280 pixels at 400 %
#: What a reader may ask of the text of any page (WCAG 1.4.12); the policy of the page allows no other style sheet.
SPACING = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important;
    word-spacing: .16em !important; } p { margin-bottom: 2em !important; }`);
  document.adoptedStyleSheets = [sheet];
}"""


def look(page, axe, problems, what):
    """Adds the breaches found in the page as it is, so that one run shows them all."""
    try:
        axe(page)
    except pytest.fail.Exception as found:
        problems.append(f"{what}\n{found}")


def check(problems):
    assert not problems, "\n\n".join(problems)


def too_wide(page):
    """What does not fit in the page as it is, its text widely spaced; then at 400 %."""
    width = page.viewport_size
    page.evaluate(SPACING)
    found = [f"spaced: {element}" for element in page.evaluate(WIDER)]
    page.evaluate("document.adoptedStyleSheets = []")
    page.set_viewport_size(NARROW)
    found += [f"narrow: {element}" for element in page.evaluate(WIDER)]
    page.set_viewport_size(width)
    return found


class Structure(HTMLParser):
    """The `parts` of a page: each element in the one that holds it, without words; each heading after another.

    `faults`: what two pages made of the same parts may still not share.
    """

    def __init__(self, text):
        super().__init__()
        self.parts, self.around, self.outline = set(), [("document",)], []
        self.ids, self.references, self.labelled, self.fields = Counter(), set(), set(), []
        self.feed(text)
        self.parts |= {("after", *levels) for levels in pairwise(["h0", *self.outline])}

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        element = (tag, *sorted(given.keys() - SILENT), *(given.get(name) or "" for name in TELLING))
        self.parts.add((self.around[-1], element))
        if tag in HEADINGS:
            self.outline.append(tag)
        self.relate(tag, given)
        if tag not in VOID:
            self.around.append(element)

    def relate(self, tag, given):
        """Keeps what an element is to the others of its page."""
        if "id" in given:
            self.ids[given["id"]] += 1
        self.references |= {name for kind in REFERENCES for name in (given.get(kind) or "").split()}
        if tag == "label" and "for" in given:
            self.labelled.add(given["for"])
        is_field = tag in FIELDS and given.get("type") not in BUTTONS
        is_inside = any(element[0] == "label" for element in self.around)
        if is_field and not (is_inside or NAMES & given.keys()):
            self.fields.append(given.get("id"))

    def handle_endtag(self, tag):
        held = [element[0] for element in self.around]
        if tag in held:
            del self.around[len(held) - 1 - held[::-1].index(tag) :]

    @property
    def faults(self):
        return [
            *(f"an id that is repeated: {name}" for name, times in self.ids.items() if times > 1),
            *(f"an id that is not there: {name}" for name in self.references - self.ids.keys()),
            *(f"a field without label: {name}" for name in self.fields if name not in self.labelled),
        ]


class Seen:
    """The parts that were looked at, by this process or by another of the same run."""

    def __init__(self):
        self.parts = set()
        self.folder = Path(os.environ["LOGEMENT_TESTS_FOLDER"]) / "structures"
        self.folder.mkdir(exist_ok=True)

    def add(self, parts):
        """Whether there is something new in them."""
        new = [part for part in parts - self.parts if self._add(part)]
        return bool(new)

    def _add(self, part):
        self.parts.add(part)
        try:
            (self.folder / sha256(repr(part).encode()).hexdigest()).touch(exist_ok=False)
        except FileExistsError:
            return False
        return True


class Window:
    """A page of the browser, without server: it shows what a test client got, who answers its scripts too."""

    HOME = "http://localhost"

    def __init__(self, context):
        self.problems = watch(context, self.HOME)
        self.page = context.new_page()
        self.page.route("**/*", self.answer)

    def show(self, client, path, answer):
        # Playwright answers from a greenlet, where without this context Django would open another connection.
        self.get, self.shown = partial(copy_context().run, client.get), answer
        self.page.goto(path)

    def answer(self, route):
        request, url = route.request, urlsplit(route.request.url)
        if request.method != "GET":
            route.abort()  # a page that opens asks for nothing to be done: told as a request that failed
        elif url.path.startswith(settings.STATIC_URL):
            route.fulfill(path=finders.find(url.path.removeprefix(settings.STATIC_URL)))
        elif request.is_navigation_request():
            kind, policy = "text/html; charset=utf-8", self.shown.policy
            headers = {"Content-Type": kind, "Content-Security-Policy": policy}
            route.fulfill(body=self.shown.text, headers=headers)
        else:
            response = self.get(f"{url.path}?{url.query}")
            route.fulfill(
                status=response.status_code, headers=dict(response.items()), body=response.getvalue()
            )

    def leave(self):
        """What the pages complained of; the last one asks for nothing more."""
        self.page.goto("about:blank")
        found, self.problems[:] = [*self.problems], []
        return found
