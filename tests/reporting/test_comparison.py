"""What changed between two reports: actions, states, figures, sentences; on screen, and on paper."""

from html import unescape

import pytest
from django.urls import reverse

from axes import workflow as plan
from axes.models import Year
from logement.richtext import plain
from reporting import frozen, snapshot, workflow
from reporting.comparison import compare, passages
from reporting.renderers import html
from tests.factories import (
    EntryFactory,
    MembershipFactory,
    StateFactory,
    TextBlockFactory,
)
from tests.reporting.exercise import Exercise

pytestmark = pytest.mark.postgresql

NAMES = ("avant", "après")


@pytest.fixture
def exercise(db):
    return Exercise(rows=3)


def take(exercise):
    return snapshot.take(exercise.year.pk)


def told(before, after):
    """{label of a section: its rows, or its items, as words; bold words between stars}."""
    found = {}
    for section in compare(before, after, names=NAMES).sections:
        *_, node = section.content
        if hasattr(node, "rows"):
            found[section.label] = [tuple(words(cell.blocks) for cell in row.cells) for row in node.rows]
        elif hasattr(node, "items"):
            found[section.label] = [plain(item) for item in node.items]
        else:
            found[section.label] = plain(section.content)
    return found


def words(blocks):
    (block,) = blocks
    return "".join(f"*{text.text}*" if text.bold else text.text for text in block.content)


def test_two_reports_that_say_the_same_say_so(exercise):
    assert told(take(exercise), take(exercise)) == {
        "Aucun changement": "Les deux rapports disent la même chose."
    }


def test_actions_are_new_gone_finished_stopped_or_of_another_state(exercise):
    agreement = exercise.year.agreement
    ongoing, dropped, late = (
        StateFactory(agreement=agreement, outcome=outcome, fs=word, ms=word)
        for outcome, word in (("ongoing", "En cours"), ("dropped", "Abandonnée"), ("postponed", "Reportée"))
    )
    first, second, third = exercise.lines
    gone = exercise.add_line("Ancienne")
    for line, state in zip(exercise.lines, (ongoing, ongoing, ongoing), strict=True):
        line.state = state
        line.save()
    before = take(exercise)

    gone.delete()
    exercise.add_line("Nouvelle", state=None)
    for line, state in ((first, exercise.done), (second, dropped), (third, late)):
        line.state = state
        line.save()

    axis = f"Axe {exercise.table.axis.number} : Accueillir"
    assert told(before, take(exercise)) == {
        "Actions nouvelles": [f"Nouvelle ({axis}) : État non renseigné"],
        "Actions qui n'y sont plus": [f"Ancienne ({axis}) : Réalisée"],
        "Actions terminées": [("Ouvrir dix places (0)", "En cours", "Réalisée")],
        "Actions arrêtées": [("Ouvrir dix places (1)", "En cours", "Abandonnée")],
        "Autres changements d'état": [("Ouvrir dix places (2)", "En cours", "Reportée")],
    }


def correct(exercise, number, **fields):
    exercise.entry = plan.record_entry(
        indicator=exercise.indicator,
        year=exercise.year,
        by=exercise.lead,
        corrects=exercise.entry,
        number=number,
        starts_on=exercise.entry.starts_on,
        ends_on=exercise.entry.ends_on,
        reason="Recompté",
        **fields,
    )


@pytest.mark.parametrize(
    ("number", "fields", "change"),
    [
        (135, {}, "+35\u00a0(+35\u00a0%)"),
        (99, {}, "−1\u00a0(−1\u00a0%)"),
        (120, {"qualifier": "around"}, "environ\u00a0+20\u00a0(+20\u00a0%)"),
    ],
)
def test_a_figure_tells_its_difference_and_its_share(exercise, number, fields, change):
    before = take(exercise)
    correct(exercise, number, **fields)

    (row,) = told(before, take(exercise))["Chiffres"]

    assert (row[0], row[3]) == ("Demandes", change)
    assert row[1:3] == (before.figures[0].value, take(exercise).figures[0].value)


def test_a_figure_that_comes_or_goes_has_no_difference(exercise):
    before = take(exercise)
    EntryFactory(indicator=exercise.add_context("Logements"), year=exercise.year, number=7)

    assert told(before, take(exercise))["Chiffres"] == [
        ("Logements", "ne figure pas", "7\u00a0personnes", "—")
    ]
    assert told(take(exercise), before)["Chiffres"] == [
        ("Logements", "7\u00a0personnes", "ne figure pas", "—")
    ]


def test_sentences_show_the_words_that_changed_and_no_other_sentence(exercise):
    before = take(exercise)
    plan.save_text(
        text=exercise.narrative, version=1, content="<p>Une longue phrase. Une autre.</p>", by=exercise.lead
    )
    plan.save_text(text=exercise.text, version=1, content="<p>Douze places ouvertes.</p>", by=exercise.lead)
    plan.save_title(line=exercise.lines[1], version=1, title="Ouvrir onze places", by=exercise.lead)

    found = told(before, take(exercise))

    heading = exercise.column.heading_for(2023)
    assert found["Textes des parties"] == [("Préambule", "Une phrase. ", "Une* longue* phrase. ")]
    assert found["Textes des actions"] == [
        (f"Ouvrir dix places (0), {heading}", "*Dix* places ouvertes.", "*Douze* places ouvertes."),
        ("Ouvrir onze places, intitulé", "Ouvrir *dix* places* (1)*", "Ouvrir *onze* places"),
    ]


def test_a_text_removed_and_a_text_added_are_whole(exercise):
    before = take(exercise)
    TextBlockFactory(
        cell=True, line=exercise.lines[2], column=exercise.column, content="<p>Trois mots neufs.</p>"
    )

    (row,) = told(before, take(exercise))["Textes des actions"]
    assert row[1:] == ("—", "Trois mots neufs.")
    (row,) = told(take(exercise), before)["Textes des actions"]
    assert row[1:] == ("Trois mots neufs.", "—")


def test_two_exercises_are_compared_action_by_action_and_year_free(exercise):
    other = Exercise(number=2024, before=exercise)
    other.lines[0].title = "Ouvrir vingt places"
    other.lines[0].save()

    found = told(take(exercise), take(other))

    assert found == {
        "Textes des parties": [
            (
                "Page de titre",
                "Rapport d'exécution *2023*",
                "Rapport d'exécution *2024*",
            )
        ],
        "Textes des actions": [
            ("Ouvrir vingt places, intitulé", "Ouvrir *dix* places* (0)*", "Ouvrir *vingt* places")
        ],
    }


def test_long_runs_of_unchanged_words_are_shortened():
    same = " ".join(f"mot{rank}" for rank in range(60))

    ((_, _, after),) = passages("Ici", f"{same} fin.", f"{same} suite.")

    text = plain((after,))
    assert " […] " in text
    assert text.startswith("mot0 ")
    assert text.endswith("suite.")
    assert len(text.split()) < 30


@pytest.mark.parametrize("unit", ["a ", "a. ", "a\n", ". "])
def test_the_longest_texts_are_compared_to_their_end(unit):
    text = unit * (60_000 // len(unit))

    assert passages("Ici", text, text[:-4] + "fin")


# --- The page ---


def url(name, exercise, query=""):
    return reverse(f"reporting:{name}", args=[exercise.territory.code, exercise.year.number]) + query


def page_of(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return unescape(response.content.decode())


def test_the_page_compares_the_draft_with_the_version_that_was_sent(client, exercise):
    exercise.transmit()
    workflow.reopen(year=exercise.year, by=exercise.lead, reason="Erreur")
    correct(exercise, 135)
    client.force_login(exercise.lead)

    page = page_of(client, url("changes", exercise))

    assert "De 2023, version 1 à 2023" in page
    assert "+35" in page


def test_two_versions_are_chosen_in_the_address(client, exercise):
    exercise.transmit()
    workflow.reopen(year=exercise.year, by=exercise.lead, reason="Erreur")
    correct(exercise, 135)
    exercise.transmit("Le chiffre")
    client.force_login(exercise.lead)

    forth = page_of(client, url("changes", exercise, "?de=2023-1&a=2023-2"))
    back = page_of(client, url("changes", exercise, "?de=2023-2&a=2023-1"))

    assert ("+35" in forth, "−35" in back) == (True, True)


@pytest.mark.parametrize("query", ["?de=x&a=y", "?de=2023-1&a=2023-1", "?a=9999", "?de=%00"])
def test_nonsense_in_the_address_is_no_error(client, exercise, query):
    exercise.transmit()
    client.force_login(exercise.lead)

    assert "Rien à comparer" in page_of(client, url("changes", exercise, query))


def test_a_reader_compares_only_what_is_theirs_to_read(client, exercise):
    exercise.transmit()
    workflow.reopen(year=exercise.year, by=exercise.lead, reason="Erreur")
    exercise.line.title = "Brouillon secret"
    exercise.line.save()
    Year.objects.update(state="writing")
    elsewhere = Exercise(territory="ailleurs")
    elsewhere.transmit()
    client.force_login(MembershipFactory(partner=True, territory=exercise.territory).user)

    page = page_of(client, url("changes", exercise, "?de=2023-1&a=2023"))

    assert "Brouillon secret" not in page
    assert "Rien à comparer" in page


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_takes_the_same_queries_whatever_changed(client, rows, django_assert_num_queries, db):
    exercise = Exercise(rows=rows)
    exercise.transmit()
    for line in exercise.lines:
        line.title += " bis"
        line.save()
    for _ in range(rows):
        exercise.correct()
    client.force_login(exercise.lead)

    with django_assert_num_queries(9):
        page = page_of(client, url("changes", exercise, "?de=2023-1&a=2023-2"))

    assert page.count("<strong> bis</strong>") == rows


def test_what_changed_prints(client, exercise):
    exercise.transmit()
    exercise.line.title = "Ouvrir vingt places"
    exercise.line.save()
    exercise.correct()
    client.force_login(exercise.lead)

    answer = client.get(url("changes_pdf", exercise, "?de=2023-1&a=2023-2"))

    assert answer.content.startswith(b"%PDF-")
    assert answer["Content-Disposition"] == 'attachment; filename="changements-2023-1-2023-2.pdf"'


def test_with_nothing_to_compare_there_is_no_file(client, exercise):
    client.force_login(exercise.lead)

    assert client.get(url("changes_pdf", exercise)).url == url("changes", exercise)


def test_the_comparison_of_versions_reads_what_was_frozen(exercise):
    first = exercise.transmit()
    second = exercise.correct()

    before, after = (frozen.snapshot_of(version) for version in (first, second))

    assert compare(before, after, names=NAMES).sections[0].label == "Aucun changement"
    assert "Aucun changement" in html.render(compare(before, after, names=NAMES), notes="end")
