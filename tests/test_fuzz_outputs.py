"""Two hundred texts that break things, saved once, then read back from every page and every format of the report."""

import csv
import json
from io import StringIO

import lxml.html
import pytest

from axes import workflow
from axes.models import TextBlock
from logement import richtext
from reporting import renderers, snapshot
from reporting.assembly import assemble
from tests.access import enter, path_of, text_of_pdf
from tests.conftest import rows_kept
from tests.fuzz import strings
from tests.hostile import FORMULA, LONG, MARKED, bare, cells_of, marked, some_texts
from tests.reporting.office import docx_words, odt_words, parts_of
from tests.world import World

pytestmark = [pytest.mark.once, pytest.mark.django_db]


@pytest.fixture(scope="module")
def written(django_db_setup, django_db_blocker):
    """(a world, {rank: text}): each text in a title or in a cell, typed as without JavaScript; one of 40,000 signs."""
    with rows_kept(django_db_blocker):
        world = World("rédaction")
        texts = [
            *[text for text in some_texts(7, 240) if len(text) < LONG][:199],
            ("=1 été 😀 " * LONG)[:LONG],
        ]
        stored = {}
        by, place = world.people["cheffe"], world.here
        columns = [place.layout.columns.get(role=role) for role in ("indicators", "observations")]
        for rank, text in enumerate(texts):
            if rank % 5 == 0:
                title = marked(rank, text)[:280]
                line = workflow.add_line(axis=place.axis, year=place.year, title=title, by=by)
                stored[rank] = MARKED.search(line.title)[2]
                cells = [
                    TextBlock(year=place.year, line=line, column=column, version=0) for column in columns
                ]
                typed = ["", ""]
            else:
                typed[rank % 2] += marked(rank, text) + "\n\n"
            if rank % 5 == 4:
                for cell, words in zip(cells, typed, strict=True):
                    content = richtext.to_html(richtext.from_markup(words))
                    saved = workflow.save_text(text=cell, version=0, content=content, by=by)
                    plain = richtext.plain(richtext.parse(saved.content), with_notes=True)
                    stored |= {int(found): inside for found, inside in MARKED.findall(plain)}
        yield world, stored


def read(text):
    """{rank: letters and digits} of the marked texts, in the order of the tables."""
    return {int(rank): bare(inside) for rank, inside in MARKED.findall(text)}


READERS = {
    "html": lambda content: lxml.html.fromstring(content).text_content(),
    "docx": docx_words,
    "odt": odt_words,
    "xlsx": lambda content: "\n".join(cells_of(content)),
    "ods": lambda content: "\n".join(cells_of(content)),
    "json": lambda content: "\n".join(strings(json.loads(content))),
}


def test_two_hundred_texts_come_back_whole_from_each_format_and_none_is_a_formula(written, record_property):
    world, stored = written
    document = assemble(snapshot.take(world.here.year.pk))
    expected = {rank: bare(text) for rank, text in stored.items()}
    longest = max(expected, key=lambda rank: len(expected[rank]))
    made = {renderer.name: renderer.render(document) for renderer in renderers.ALL}

    for name, reader in READERS.items():
        found = read(reader(made[name]))
        if name in {"xlsx", "ods"}:  # a cell holds 32,767 characters: the rest is said to be left out
            (cell,) = (cell for cell in cells_of(made[name]) if f"zq{longest:03}a" in cell)
            assert cell.endswith(" […]")
            found[longest] = expected[longest]
        wrong = {
            rank: (stored[rank], found.get(rank)) for rank in expected if found.get(rank) != expected[rank]
        }
        assert wrong == {}, name
    printed = text_of_pdf(made["pdf"])
    marks = [f"zq{rank:03}{side}" for rank in expected for side in "ab"]
    assert [mark for mark in marks if mark not in printed] == []
    assert b"<f>" not in b"".join(parts_of(made["xlsx"]).values())
    assert b"table:formula" not in parts_of(made["ods"])["content.xml"]
    rows = csv.reader(StringIO(made["csv"].decode("utf-8-sig"), newline=""), delimiter=";")
    assert [cell for row in rows for cell in row if cell.startswith(FORMULA)] == []
    record_property("cases", len(stored))


@pytest.mark.parametrize("name", ["axes:axis", "reporting:report", "axes:dashboard", "reporting:changes"])
def test_the_pages_show_them_whole(written, name):
    world, stored = written
    client = enter(world.people["cheffe"])

    response = client.get(path_of(name, world.address))

    assert response.status_code == 200
    if name in {"axes:axis", "reporting:report"}:
        found = read(lxml.html.fromstring(response.content.decode()).text_content())
        assert {rank for rank, text in stored.items() if found.get(rank) != bare(text)} == set()
