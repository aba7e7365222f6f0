"""What tries the addresses: the rows of access_matrix.csv, the addresses of the resolver, a request and its answer."""

import csv
import io
import re
import subprocess
import zipfile
from copy import deepcopy
from fnmatch import fnmatchcase
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLResolver, get_resolver, reverse
from django.utils import timezone

from logement.models import Message
from tests.world import NOWHERE, STEPS

METHODS = ("GET", "POST")
MATRIX = Path(__file__).with_name("access_matrix.csv")
#: The words of the matrix, by the answer that they name (a redirection to the sign-in page is « connexion »).
WORDS = {
    200: "lit",
    301: "renvoi",
    302: "fait",
    401: "refus",
    403: "refus",
    404: "inconnu",
    405: "sans objet",
    409: "relire",
    422: "reprendre",
}
SIGN_IN = ("/compte/login/", "/administration/login/")
#: What a page may write of itself: the session, the journals of who reads, the count of the tries.
JOURNALS = ("django_session", "logement_accesslog", "logement_assistancereading", "logement_cache")
WRITES = re.compile(r"^\s*(INSERT|UPDATE|DELETE|REPLACE|CREATE|ALTER|DROP|TRUNCATE)\b", re.IGNORECASE)
ONCE = re.compile(r'[A-Za-z0-9]{64}|nonce="[^"]*"')


def read_matrix():
    """{(address, method, step): {person: word}}, from the rows of the file that are not comments."""
    lines = [line for line in MATRIX.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    matrix = {}
    titles, *cells = (
        [cell.strip() for cell in row] for row in csv.reader(filter(None, lines), delimiter=";")
    )
    for row in (dict(zip(titles, each, strict=True)) for each in cells):
        address, method, step = row.pop("adresse"), row.pop("méthode"), row.pop("étape")
        for each in STEPS if step == "toutes" else step.split(" + "):
            assert (address, method, each) not in matrix, f"Deux lignes pour {address} {method} {each}"
            matrix[address, method, each] = row
    return matrix


def addresses_of(patterns, namespace="", route="", around=()):
    """{name, with its namespaces: names of its parts} of all that the resolver knows; a nameless one by its route."""
    found = {}
    for pattern in patterns:
        parts = (*around, *pattern.pattern.regex.groupindex)
        inner = route + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            space = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            found |= addresses_of(pattern.url_patterns, space, inner, parts)
        else:
            found[namespace + pattern.name if pattern.name else inner] = parts
    return found


NO_OBJECT = {part: value for part, value in NOWHERE.items() if part not in {"territory", "number"}}
MATRIX_ROWS = read_matrix()
ADDRESSES = addresses_of(get_resolver().url_patterns)
PEOPLE = list(next(iter(MATRIX_ROWS.values())))
LISTED = {address for address, _, _ in MATRIX_ROWS}
LIBRARIES = ("account", "mfa_", "socialaccount", "admin:", "compte/", "administration/")
OURS = [name for name in ADDRESSES if not name.startswith(LIBRARIES)]
REGISTERS = [name for name in OURS if name.startswith(("bail_dabord:", "prevention:"))]
THEIRS = [name for name in ADDRESSES if name.startswith(LIBRARIES)]


def row_of(name):
    """The address of the matrix that speaks of this one: its own, or the group to which it belongs."""
    return name if name in LISTED else next(listed for listed in LISTED if fnmatchcase(name, listed))


def path_of(name, parts):
    return reverse(name, kwargs={part: value_of(parts, name, part) for part in ADDRESSES[name]})


def value_of(parts, name, part):
    """What stands for a part of this address: `bail_dabord.code` before `code`, for the addresses that begin so."""
    owners = (key.rpartition(".")[0] for key in parts if key.rpartition(".")[2] == part)
    owner = max((owner for owner in owners if name.startswith(owner)), key=len)
    return parts[f"{owner}.{part}" if owner else part]


def nowhere(parts):
    """The same address, where no object is."""
    return {key: NO_OBJECT.get(key.rpartition(".")[2], value) for key, value in parts.items()}


def enter(person):
    client = Client(raise_request_exception=True)
    if person is not None:
        client.force_login(person)
    return client


def word_of(response):
    if response.request["REQUEST_METHOD"] == "POST" and response.get("Content-Type") == "application/json":
        return WORDS[response.status_code] if response.status_code != 200 else "fait"
    if response.status_code == 302 and response.url.startswith(SIGN_IN):
        return "connexion"
    return WORDS.get(response.status_code, str(response.status_code))


def text_of_pdf(content):
    read = subprocess.run(["pdftotext", "-", "-"], input=content, capture_output=True, check=True)
    return read.stdout.decode()


def content_of(response):
    content = b"".join(response) if response.streaming else response.content
    if content.startswith(b"%PDF"):
        return text_of_pdf(content)
    if not content.startswith(b"PK"):
        return content.decode()
    with zipfile.ZipFile(io.BytesIO(content)) as workbook:
        return "".join(workbook.read(name).decode() for name in workbook.namelist())


class Answer(NamedTuple):
    status: int
    word: str
    text: str
    writes: list[str]
    mails: str
    policy: str  # what the browser may load and run


def ask(client, method, path, form=None):
    """The answer, with the writes that it made (those of the JOURNALS aside); all of it is undone, cookies too."""
    cookies, began = deepcopy(client.cookies), timezone.now()
    with CaptureQueriesContext(connection) as queries, transaction.atomic():
        response = client.get(path) if method == "GET" else client.post(path, form)
        text = content_of(response)
        written = [query["sql"] for query in queries if 'INSERT INTO "logement_message' in query["sql"]]
        mails = mails_since(began) if written else ""
        transaction.set_rollback(True)
    client.cookies = cookies  # a guest link gives the session another key
    writes = [query["sql"] for query in queries if WRITES.match(query["sql"])]
    writes = [sql for sql in writes if not any(table in sql for table in JOURNALS)]
    policy = response.get("Content-Security-Policy", "")
    return Answer(response.status_code, word_of(response), text, writes, mails, policy)


def mails_since(moment):
    """All that the messages written since then say."""
    messages = Message.objects.filter(created_at__gte=moment)
    return "".join(chain.from_iterable(messages.values_list("subject", "text", "html")))


def same_for_all(answer):
    """An answer without what changes at each request: CSRF tokens and the nonces of the security policy."""
    return answer.status, ONCE.sub("", answer.text)


def visits():
    """The (step, person) to try: each person at each step, but where the matrix says again what it said before."""
    before = {}
    for step in STEPS:
        for person in PEOPLE:
            words = [MATRIX_ROWS[name, method, step][person] for name in OURS for method in METHODS]
            if before.get(person) != words:
                yield step, person
            before[person] = words


class Visit:
    """One person tries every address of ours, with both methods, at one step: `answers` is what came back.

    What is of no exercise is the same at each step: but at the first, only what opens is read again.
    """

    def __init__(self, world, person):
        self.world, self.person, self.step = world, person, world.step
        self.client = enter(world.people[person])
        self.answers = {
            (name, method): ask(self.client, method, self.path(name), world.form(name))
            for name in OURS
            for method in METHODS
            if self.is_tried(name, method)
        }
        #: The page of an address that never existed.
        self.not_found = same_for_all(ask(self.client, "GET", "/jamais/existé/par/ici/"))

    def path(self, name):
        return path_of(name, self.world.address)

    def is_tried(self, name, method):
        is_first = self.step == next(iter(STEPS))
        # The lead of elsewhere opens there what the lead opens here.
        role = "cheffe" if self.person == "cheffe d'ailleurs" else self.person
        opens = method == "GET" and MATRIX_ROWS[name, method, self.step][role] in {"lit", "fait"}
        return is_first or opens or "number" in ADDRESSES[name]

    def expects(self, name, method):
        return MATRIX_ROWS[name, method, self.step][self.person]
