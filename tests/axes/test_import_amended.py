from dataclasses import replace
from html import unescape

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from axes import workflow
from axes.imports.amended import Amended, save_amended
from axes.imports.amended.pieces import bare, with_figures_of
from axes.imports.decisions import Verdict, accept, decide
from axes.imports.review import Review
from axes.imports.saving import save_import
from axes.models import Citation, ImportDecision, Line, TextBlock
from tests.axes.import_world import SENTENCE, given, key

pytestmark = pytest.mark.django_db
CITED = '<span data-ref="A4-01">40</span>'


@pytest.fixture
def year():
    """An exercise of one action, its total cited in its sentence."""
    report = given()
    decide(report=report, item=key("month"), version=0, verdict=Verdict.LEFT, by=report.given_by)
    accept(report=report, items=[key("total")], by=report.given_by)
    return save_import(report=report, number=2023, seen=Review(report).seen, by=report.given_by)[0]


def amended(year, **changes):
    """The export of this exercise, given back; `changes`: {what: its new words} in its only row."""

    def change(found):
        section = found.sections[0]
        table = section.parts[0]
        row = table.rows[0]
        if "title" in changes:
            row = replace(row, title=changes["title"])
        if "state" in changes:
            row = replace(row, state=replace(row.state, word=changes["state"]))
        if "sentence" in changes:
            cell = row.cells[0]
            passage = replace(cell.passages[0], html=f"<p>{changes['sentence']}</p>")
            row = replace(row, cells=(replace(cell, passages=(passage,)), *row.cells[1:]))
        rows = (row, *changes.get("more", ()))
        parts = (replace(table, rows=rows),)
        return replace(found, sections=(replace(section, parts=parts),), is_export=True)

    by = year.imports.get().given_by
    return given(
        territory=year.territory, by=by, compared_to=year, change=change, word=changes.get("word", "Quartier")
    )


def agree(report, *keys):
    for one in Amended(report).differences:
        if not keys or one.key.partition(":")[0] in keys:
            decide(
                report=report,
                item=one.key,
                version=0,
                by=report.given_by,
                verdict="accepted",
                fields=one.seen,
            )


def text(year, role="indicators"):
    return TextBlock.objects.get(year=year, column__role=role)


def test_what_the_print_changed_is_no_difference(year):
    printed = SENTENCE.replace(" ménages", "\u00a0ménages").replace("'", "’")

    assert Amended(amended(year, sentence=printed)).differences == []


def test_each_cell_differs_by_itself_and_what_is_accepted_is_written(year):
    report = amended(
        year,
        title="Baux glissants 1, suite",
        state="Reporté",
        sentence=SENTENCE.replace("dont", "et"),
        word="Autre",
    )
    places = [one.place for one in Amended(report).differences]
    agree(report)

    done = save_amended(report=report, by=report.given_by)

    line = Line.objects.get(year=year)
    assert [place.rpartition(", ")[2] for place in places] == [
        "intitulé",
        "état",
        "Indicateurs de suivi et résultats",
        "Observations",
    ]
    assert (done, line.title, line.state_word) == (4, "Baux glissants 1, suite", "Reporté")
    assert (
        text(year).content
        == f"<p>Depuis mars 2020, {CITED} ménages ont un bail, et environ 12 cette année.</p>"
    )
    assert text(year, "observations").content == "<p>Autre</p>"
    assert Citation.objects.get().words == "40"


def test_what_is_not_accepted_stays(year):
    report = amended(year, title="Autre titre", word="Autre")
    agree(report, "title")

    assert save_amended(report=report, by=report.given_by) == 1

    assert text(year, "observations").content == "<p>Quartier</p>"


def test_a_number_typed_over_a_cited_figure_is_said(year):
    report = amended(year, sentence=SENTENCE.replace("40", "41"))

    (one,) = Amended(report).differences

    assert (one.lost, CITED in one.after) == (["40"], False)


def test_a_decision_does_not_hold_once_the_application_changed_the_text(year):
    report = amended(year, word="Autre")
    agree(report)
    held = text(year, "observations")
    workflow.save_text(
        text=held, version=held.version, content="<p>Écrit entre-temps</p>", by=report.given_by
    )

    (one,) = Amended(report).differences
    assert (one.verdict, save_amended(report=report, by=report.given_by)) == ("open", 0)
    assert text(year, "observations").content == "<p>Écrit entre-temps</p>"


def test_a_text_that_only_the_application_changed_is_no_difference(year):
    report = amended(year)
    held = text(year, "observations")

    workflow.save_text(
        text=held, version=held.version, content="<p>Écrit depuis l'export</p>", by=report.given_by
    )

    assert Amended(report).differences == []


def test_a_state_that_the_convention_has_not_takes_all_back(year):
    report = amended(year, state="Presque", word="Autre")
    agree(report)

    with pytest.raises(ValidationError, match="« Presque » n'est pas un état de la convention"):
        save_amended(report=report, by=report.given_by)

    assert text(year, "observations").content == "<p>Quartier</p>"


def test_actions_that_are_on_one_side_only_are_named_and_left(year):
    workflow.add_line(
        year=year,
        axis=Line.objects.get().action.axis,
        title="Permanence au marché",
        by=year.imports.get().given_by,
    )
    report = amended(year, title="Tout autre chose ici")
    found = Amended(report)

    assert found.differences == []
    assert [notice.partition(" n'est")[0] for notice in found.notices] == [
        "L'action « Tout autre chose ici » du document",
        "L'action « Baux glissants 1 »",
        "L'action « Permanence au marché »",
    ]


def test_figures_stay_cited_in_their_order_where_their_words_stand():
    before = '<p><span data-ref="A">12</span> puis <span data-ref="B">12</span></p>'

    after = with_figures_of(before, "<p>12, puis encore 12</p>")

    assert after == '<p><span data-ref="A">12</span>, puis encore <span data-ref="B">12</span></p>'
    assert bare("l’an\u202f!") == bare("l'an !")


# --- The page ---


def url(report, name="amended"):
    return reverse(f"axes:{name}", args=[report.territory.code, report.pk])


def test_the_differences_are_accepted_one_by_one_or_together_then_saved(client, year):
    report = amended(year, title="Autre titre", word="Autre")
    client.force_login(report.given_by)
    assert client.get(reverse("axes:review_import", args=[report.territory.code, report.pk])).url == url(
        report
    )
    page = unescape(client.get(url(report)).content.decode())
    assert "<ins>Autre</ins>" in page
    title = Amended(report).differences[0]

    client.post(
        url(report, "decide_amended"), {"item": title.key, "version": title.version, "verdict": "left"}
    )
    client.post(url(report, "decide_amended"), {"verdict": "accepted"})

    verdicts = dict(ImportDecision.objects.filter(report=report).values_list("item", "verdict"))
    assert sorted(verdicts.values()) == ["accepted", "left"]
    assert client.post(url(report, "save_amended")).url == reverse(
        "axes:axes", args=[year.territory.code, 2023]
    )
    assert "Ce qui reste ci-dessous diffère encore" in unescape(client.get(url(report)).content.decode())


def test_a_difference_that_moved_is_shown_again_and_nothing_is_kept(client, year):
    report = amended(year, title="Autre titre")
    client.force_login(report.given_by)
    (one,) = Amended(report).differences

    response = client.post(
        url(report, "decide_amended"),
        {"item": one.key, "version": one.version + 1, "verdict": "accepted"},
        follow=True,
    )

    assert "n'est plus celui que vous avez lu" in unescape(response.content.decode()).replace("’", "'")
    assert not report.decisions.exists()


@pytest.mark.parametrize("more", [0, 2])
def test_as_many_queries_whatever_the_lines(client, year, more, django_assert_num_queries):
    for rank in range(more):
        workflow.add_line(
            year=year,
            axis=Line.objects.first().action.axis,
            title=f"Autre {rank}",
            by=year.imports.get().given_by,
        )
    report = amended(year, word="Autre")
    client.force_login(report.given_by)
    client.get("/")

    with django_assert_num_queries(15):
        client.get(url(report))
