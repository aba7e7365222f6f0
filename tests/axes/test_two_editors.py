"""Two people on one row: the second is refused, sees both versions and loses nothing; whatever the database."""

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from axes import steps, workflow
from axes.models import Block, Column, Entry, Line, TextBlock
from logement import locking
from logement.locking import Conflict
from logement.text import clean_rich
from tests import measures
from tests.factories import (
    ActionFactory,
    BlockFactory,
    EntryFactory,
    IndicatorFactory,
    LineFactory,
    MembershipFactory,
    OrganisationFactory,
    StateFactory,
    TextBlockFactory,
    YearFactory,
)

WRITERS = 20


@pytest.fixture
def year(db):
    return YearFactory(number=2023)


@pytest.fixture
def block(year):
    return BlockFactory(chapter__year=year, actions=True)


@pytest.fixture
def line(year, block):
    return LineFactory(year=year, action=ActionFactory(axis=block.axis), title="Titre lu")


@pytest.fixture
def column(block):
    return block.layout.columns.get(role=Column.Role.INDICATORS)


@pytest.fixture
def cell(line, column):
    return TextBlockFactory(cell=True, line=line, column=column, content="<p>Texte lu</p>")


@pytest.fixture
def editors(year):
    """The clients of two leads of the territory, Agathe and Benoît."""

    def enter(name):
        client = Client()
        client.force_login(MembershipFactory(lead=True, territory=year.territory, user__full_name=name).user)
        return client

    return enter("Agathe"), enter("Benoît")


def url(name, year, *args):
    return reverse(f"axes:{name}", args=[year.territory.code, year.number, *args])


def words(response):
    return " ".join(response.content.decode().split())


def facts(response):
    """What the notice of conflict says is saved now: {field: value}."""
    found = re.findall(r"<dt>\s*(.*?)\s*</dt>\s*<dd>\s*(.*?)\s*</dd>", words(response))
    return {unescape(field): unescape(value) for field, value in found}


def offered_version(response):
    """The version with which the form of the answer would save."""
    return int(re.search(r'name="version" value="(\d+)"', words(response))[1])


IN_PLACE = pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["page", "in place"])


# --- The second save of each thing that is edited ---


@IN_PLACE
def test_the_second_text_gets_409_with_both_texts_and_its_own_in_the_field(
    editors, year, line, column, cell, headers
):
    agathe, benoit = editors
    address = url("edit_cell", year, line.pk, column.pk)
    field = "html" if headers else "markup"
    own = "<p>Texte de Benoît</p>" if headers else "Texte de Benoît"
    agathe.post(address, {"html": "<p>Texte d'Agathe</p>", "version": 1})

    refused = benoit.post(address, {field: own, "version": 1}, headers=headers)

    page = words(refused)
    assert refused.status_code == 409
    assert "<p>Texte d'Agathe</p>" in page
    assert "par Agathe, le" in page
    assert f"{own.replace('<', '&lt;').replace('>', '&gt;')}</textarea>" in page
    assert offered_version(refused) == 2
    assert TextBlock.objects.get(pk=cell.pk).content == "<p>Texte d'Agathe</p>"


@IN_PLACE
def test_after_having_seen_the_other_text_one_may_save_ones_own(editors, year, line, column, cell, headers):
    agathe, benoit = editors
    address = url("edit_cell", year, line.pk, column.pk)
    agathe.post(address, {"html": "<p>Texte d'Agathe</p>", "version": 1})
    refused = benoit.post(address, {"html": "<p>Texte de Benoît</p>", "version": 1}, headers=headers)

    benoit.post(address, {"html": "<p>Les deux</p>", "version": offered_version(refused)}, headers=headers)

    assert TextBlock.objects.get(pk=cell.pk).content == "<p>Les deux</p>"
    assert TextBlock.history.filter(id=cell.pk).count() == 3


def test_the_second_first_text_of_an_empty_cell_gets_409(editors, year, line, column):
    agathe, benoit = editors
    address = url("edit_cell", year, line.pk, column.pk)
    agathe.post(address, {"html": "<p>Texte d'Agathe</p>", "version": 0})

    refused = benoit.post(address, {"html": "<p>Texte de Benoît</p>", "version": 0})

    assert refused.status_code == 409
    assert refused.context["current"].content == "<p>Texte d'Agathe</p>"
    assert refused.context["markup"] == "Texte de Benoît"


def test_the_second_narrative_gets_409(editors, year):
    agathe, benoit = editors
    block = BlockFactory(chapter__year=year, kind=Block.Kind.TEXT)
    TextBlockFactory(block=block)
    address = url("edit_block", year, block.pk)
    agathe.post(address, {"html": "<p>Texte d'Agathe</p>", "version": 1})

    refused = benoit.post(address, {"html": "<p>Texte de Benoît</p>", "version": 1})

    assert refused.status_code == 409
    assert refused.context["current"].content == "<p>Texte d'Agathe</p>"
    assert refused.context["typed"] == "<p>Texte de Benoît</p>"


@IN_PLACE
def test_the_second_title_gets_409_with_both(editors, year, line, headers):
    agathe, benoit = editors
    address = url("edit_title", year, line.pk)
    agathe.post(address, {"title": "Titre d'Agathe", "version": 1})

    refused = benoit.post(address, {"title": "Titre de Benoît", "version": 1}, headers=headers)

    page = words(refused)
    assert refused.status_code == 409
    assert facts(refused) == {"Intitulé de l'action": "Titre d'Agathe"}
    assert "Titre de Benoît</textarea>" in page
    assert '<input type="hidden" name="version" value="2">' in page
    assert Line.objects.get(pk=line.pk).title == "Titre d'Agathe"


@IN_PLACE
def test_the_second_state_gets_409_with_both(editors, year, line, headers):
    agathe, benoit = editors
    done = StateFactory(agreement=year.agreement)
    late = StateFactory(agreement=year.agreement, outcome="postponed", fs="Reportée", ms="Reporté")
    address = url("edit_state", year, line.pk)
    agathe.post(address, {"state": done.pk, "inflection": "fs", "version": 1})

    form = {"state": late.pk, "inflection": "ms", "reason": "Faute de locaux", "version": 1}
    refused = benoit.post(address, form, headers=headers)

    page = words(refused)
    assert refused.status_code == 409
    assert facts(refused) == {
        "État": "Réalisée",
        "Accord avec l'intitulé": "féminin (Réalisée)",
        "Motif": "—",
    }
    assert f'<option value="{late.pk}" selected>Reportée</option>' in page
    assert "Faute de locaux</textarea>" in page
    assert Line.objects.get(pk=line.pk).state == done


def test_the_second_choice_of_people_gets_409_with_both(editors, year, line):
    agathe, benoit = editors
    first, second = OrganisationFactory(name="La première"), OrganisationFactory(name="La seconde")
    year.territory.organisations.add(first, second)
    address = url("edit_people", year, line.pk)
    agathe.post(address, {"lead": "", "partners": [first.pk], "version": 1})

    refused = benoit.post(address, {"lead": "", "partners": [second.pk], "version": 1})

    assert refused.status_code == 409
    assert facts(refused) == {"Pilote": "—", "Partenaires": "La première"}
    assert words(refused).count("checked") == 1
    assert list(line.partners.all()) == [first]


def test_a_title_and_a_state_of_one_line_conflict_too(editors, year, line):
    agathe, benoit = editors
    done = StateFactory(agreement=year.agreement)
    agathe.post(url("edit_title", year, line.pk), {"title": "Titre d'Agathe", "version": 1})

    refused = benoit.post(
        url("edit_state", year, line.pk), {"state": done.pk, "inflection": "fs", "version": 1}
    )

    assert refused.status_code == 409
    line.refresh_from_db()
    assert (line.title, line.state) == ("Titre d'Agathe", None)


def test_a_line_edited_meanwhile_is_not_removed(editors, year, line):
    agathe, benoit = editors
    agathe.post(url("edit_title", year, line.pk), {"title": "Titre d'Agathe", "version": 1})

    refused = benoit.post(url("remove_line", year, line.pk), {"version": 1})

    assert refused.status_code == 409
    assert "Cette ligne vient d'être modifiée" in words(refused)
    assert Line.objects.filter(pk=line.pk).exists()


def test_a_text_saved_in_a_line_removed_meanwhile_is_a_conflict_with_nothing(year, line, cell):
    lead = MembershipFactory(lead=True, territory=year.territory).user
    read = TextBlock.objects.select_related("year").get(pk=cell.pk)
    workflow.remove_line(line=line, version=1, by=lead)

    with pytest.raises(Conflict) as conflict:
        workflow.save_text(text=read, version=1, content="<p>Trop tard</p>", by=lead)

    assert conflict.value.current is None


@pytest.mark.parametrize("first", [True, False], ids=["entry", "correction"])
def test_the_second_value_gets_409_with_both(editors, year, first):
    agathe, benoit = editors
    indicator = IndicatorFactory(territory=year.territory, code="A1-01", unit="ménages")
    form = {"answer": "given", "qualifier": "exact", "reason": "Recompté"}
    if not first:
        form["corrects"] = EntryFactory(indicator=indicator, year=year, number=10).pk
    address = url("enter_value", year, "A1-01")
    agathe.post(address, form | {"number": "20"})

    refused = benoit.post(address, form | {"number": "30"})

    page = words(refused)
    assert refused.status_code == 409
    assert refused.context["conflict"]["theirs"].number == 20
    assert refused.context["conflict"]["mine"].number == 30
    assert 'name="number" value="30"' in page
    assert Entry.objects.current().get(indicator=indicator).number == 20


# --- The same form sent twice is no conflict ---


@IN_PLACE
@pytest.mark.parametrize("version", [0, 1], ids=["first text", "text"])
def test_the_same_text_sent_twice_is_saved_once(editors, year, line, column, headers, version):
    agathe, _ = editors
    if version:
        TextBlockFactory(cell=True, line=line, column=column)
    form = {"html": "<p>Texte d'Agathe</p>", "version": version}
    address = url("edit_cell", year, line.pk, column.pk)

    codes = [agathe.post(address, form, headers=headers).status_code for _ in range(2)]

    text = TextBlock.objects.get(line=line, column=column)
    assert codes == ([200, 200] if headers else [302, 302])
    assert (text.content, TextBlock.history.count()) == ("<p>Texte d'Agathe</p>", version + 1)


@IN_PLACE
def test_the_same_title_sent_twice_is_saved_once(editors, year, line, headers):
    agathe, _ = editors
    address = url("edit_title", year, line.pk)

    codes = [
        agathe.post(address, {"title": "Titre d'Agathe", "version": 1}, headers=headers).status_code
        for _ in range(2)
    ]

    assert codes == ([200, 200] if headers else [302, 302])
    assert (Line.objects.get(pk=line.pk).version, Line.history.filter(id=line.pk).count()) == (2, 2)


def test_the_same_action_sent_twice_is_added_once(editors, year, block):
    agathe, _ = editors
    address = url("add_line", year, block.axis_id)

    answers = [agathe.post(address, {"title": "Ouvrir dix places"}) for _ in range(2)]

    line = Line.objects.get(year=year)
    assert [answer.status_code for answer in answers] == [302, 302]
    assert all(answer.url.endswith(f"#action-{line.pk}") for answer in answers)


def test_the_same_value_sent_twice_is_saved_once(editors, year):
    agathe, _ = editors
    IndicatorFactory(territory=year.territory, code="A1-01")
    form = {"answer": "given", "number": "20", "qualifier": "exact"}

    codes = [agathe.post(url("enter_value", year, "A1-01"), form).status_code for _ in range(2)]

    assert codes == [302, 302]
    assert Entry.objects.count() == 1


# --- At the same instant, for real ---


@pytest.fixture
def people(transactional_db):
    return [MembershipFactory(lead=True).user for _ in range(WRITERS)]


def all_at_once(people, save):
    """Each person saves in a thread of their own, all started together: the list of what came, Conflict or a row."""
    together = threading.Barrier(len(people))

    def do(person):
        try:
            together.wait()
            return save(person)
        except Conflict as conflict:
            return conflict
        finally:
            connection.close()

    with ThreadPoolExecutor(len(people)) as pool:
        return list(pool.map(do, people))


def content_of(person):
    return clean_rich(f"<p>Texte de {person.full_name}</p>")


def save_cell(cell):
    def save(person):
        read = TextBlock.objects.select_related("year").get(pk=cell.pk)
        return workflow.save_text(text=read, version=1, content=content_of(person), by=person)

    return save


def winners(people, results):
    return [
        person for person, result in zip(people, results, strict=True) if not isinstance(result, Conflict)
    ]


def test_of_twenty_who_save_one_cell_at_once_one_wins_and_nineteen_know_it(people, cell):
    results = all_at_once(people, save_cell(cell))

    winner, *others = winners(people, results)
    kept = TextBlock.objects.get(pk=cell.pk)
    assert others == []
    assert (kept.content, kept.version, kept.updated_by) == (content_of(winner), 2, winner)
    assert {result.current.content for result in results if isinstance(result, Conflict)} == {kept.content}
    records = TextBlock.history.filter(id=cell.pk).order_by("history_id")
    assert [record.content for record in records] == ["<p>Texte lu</p>", content_of(winner)]
    measures.record(
        "perdu.deux-editeurs",
        label=f"{WRITERS} personnes enregistrent la même cellule au même instant : textes perdus sans qu'on le sache",
        value=len(others),
        aim="0",
        command="python -m pytest tests/axes/test_two_editors.py",
    )


def test_without_the_lock_the_same_twenty_lose_texts_that_they_believe_saved(people, cell, monkeypatch):
    """The control: it shows what the lock prevents, and that the test above would see it."""

    def save_whatever_the_version(instance, *, version, by, reason="", **changes):
        type(instance).objects.filter(pk=instance.pk).update(**changes)
        return type(instance).objects.get(pk=instance.pk)

    assert workflow.save_version is locking.save_version
    monkeypatch.setattr(workflow, "save_version", save_whatever_the_version)

    results = all_at_once(people, save_cell(cell))

    kept = TextBlock.objects.get(pk=cell.pk).content
    believe_saved = winners(people, results)
    lost = [person for person in believe_saved if content_of(person) != kept]
    assert len(believe_saved) == WRITERS
    assert len(lost) == WRITERS - 1


def test_of_twenty_who_write_one_empty_cell_at_once_one_wins(people, line, column):
    def save(person):
        text = TextBlock(year=line.year, line=line, column=column, version=0)
        return workflow.save_text(text=text, version=0, content=content_of(person), by=person)

    results = all_at_once(people, save)

    (winner,) = winners(people, results)
    assert TextBlock.objects.get(line=line, column=column).content == content_of(winner)
    assert TextBlock.history.count() == 1


def test_of_twenty_who_rename_one_line_at_once_one_wins(people, line):
    def save(person):
        read = Line.objects.select_related("year", "action").get(pk=line.pk)
        return workflow.save_title(line=read, version=1, title=person.full_name, by=person)

    results = all_at_once(people, save)

    (winner,) = winners(people, results)
    line.refresh_from_db()
    assert (line.title, line.version) == (winner.full_name, 2)
    assert Line.history.filter(id=line.pk).count() == 2


def test_of_twenty_who_correct_one_value_at_once_one_wins(people, year):
    entry = EntryFactory(year=year, number=10)

    def save(person):
        return workflow.record_entry(
            indicator=entry.indicator,
            year=year,
            by=person,
            corrects=entry,
            number=person.pk,
            starts_on=entry.starts_on,
            ends_on=entry.ends_on,
            reason="Recompté",
        )

    results = all_at_once(people, save)

    (winner,) = winners(people, results)
    assert Entry.objects.current().get().number == winner.pk
    assert Entry.objects.count() == 2


def test_twenty_actions_added_at_once_are_twenty_lines_each_at_its_rank(people, year, block):
    def save(person):
        return workflow.add_line(year=year, axis=block.axis, title=person.full_name, by=person)

    all_at_once(people, save)

    assert sorted(Line.objects.values_list("position", flat=True)) == list(range(1, WRITERS + 1))


def test_nobody_writes_in_an_exercise_that_closes_at_that_instant(people, year, cell):
    year.state = "review"
    year.save()
    lead = people[0]

    def act(person):
        if person == lead:
            return steps.cross_year(year=year, to="sent", by=lead)
        return save_cell(cell)(person)

    def act_or_refused(person):
        try:
            return act(person)
        except workflow.ValidationError as error:
            return error

    results = all_at_once(people, act_or_refused)

    year.refresh_from_db()
    saved = [result for result in results if isinstance(result, TextBlock)]
    assert year.state == "sent"
    assert TextBlock.objects.get(pk=cell.pk).version == 1 + len(saved)
    assert len(saved) <= 1
