from dataclasses import replace

import pytest
from django.core.exceptions import ValidationError

from axes import staleness
from axes.imports import ReportFileError
from axes.imports.decisions import Verdict, accept, decide
from axes.imports.review import Review
from axes.imports.saving import Changed, place_of, save_import
from axes.lasting import life_of
from axes.models import Action, Agreement, Axis, Citation, Entry, Indicator, Line, TextBlock, Year
from axes.values import values_of
from logement.models import Event
from tests.axes.import_world import given, key
from tests.factories import ActionFactory, AxisFactory, EntryFactory, IndicatorFactory, YearFactory

pytestmark = pytest.mark.django_db
SPAN = '<span data-ref="{ref}">{words}</span>'


def settle(report, **verdicts):
    """Decides: {name of an item: verdict or fields}, the rest of the figures of the first action left."""
    for name, decision in ({"total": "left", "year": "left", "month": "left"} | verdicts).items():
        changes = (
            {"fields": decision, "verdict": "accepted"}
            if isinstance(decision, dict)
            else {"verdict": decision}
        )
        held = report.decisions.filter(item=key(name)).first()
        decide(
            report=report, item=key(name), version=held.version if held else 0, by=report.given_by, **changes
        )


def save(report, number=2023, seen=None):
    return save_import(
        report=report, number=number, seen=Review(report).seen if seen is None else seen, by=report.given_by
    )


def sentence(year):
    return TextBlock.objects.get(year=year, column__role="indicators").content


def test_a_report_becomes_an_exercise_its_figures_cited_where_they_were_read():
    report = given()
    settle(report, total="accepted", year="accepted")

    year, counts = save(report)

    assert counts == {"taken": 2, "linked": 2}
    line = Line.objects.select_related("state", "action__axis").get(year=year)
    assert (str(line.action.axis), line.title, line.state_word) == (
        "Axe 4 : Loger",
        "Baux glissants 1",
        "Réalisé",
    )
    total, flow = Indicator.objects.order_by("code")
    assert (total.code, total.label, total.since.isoformat(), total.action) == (
        "A4-01",
        "Ménages logés depuis le début",
        "2020-03-01",
        line.action,
    )
    values = values_of([total, flow], year)
    assert [values[one.pk].display for one in (total, flow)] == [
        "40\u00a0ménages",
        "environ 12\u00a0ménages",
    ]
    cited = f"{SPAN.format(ref='A4-01', words='40')} ménages ont un bail, dont "
    cited += f"{SPAN.format(ref='A4-02, précision', words='environ 12')} cette année."
    assert sentence(year) == f"<p>Depuis mars 2020, {cited}</p>"
    assert set(Citation.objects.values_list("indicator__code", "words")) == {
        ("A4-01", "40"),
        ("A4-02", "environ 12"),
    }
    assert {entry.imported_from for entry in Entry.objects.all()} == {report}
    [series, _] = life_of(
        line.action, lines=Line.objects.all(), indicators=Indicator.objects.all(), territory=year.territory
    ).series
    assert [moment.origin for moment in series.moments] == ["repris de « rapport-2023.docx »"]
    report.refresh_from_db()
    assert (report.year, report.saved_by) == (year, report.given_by)
    assert (
        Event.objects.get(act="Rapport repris").detail == "Exercice 2023 : 1 actions, 2 chiffres dont 2 cités"
    )


def test_a_figure_that_nobody_accepted_stays_words():
    report = given()
    settle(report, year="open")

    year, counts = save(report)

    assert (counts["taken"], "data-ref" in sentence(year)) == (0, False)
    assert not Indicator.objects.exists()


def test_what_was_written_otherwise_is_what_is_saved():
    report = given()
    settle(
        report,
        row={"title": "Baux qui glissent"},
        state={"word": "Reporté"},
        remark={"html": "<p>Deux <b>immeubles</b></p>"},
        year={"label": "Baux de l'année", "unit": "baux", "qualifier": "exact"},
    )

    year, _ = save(report)

    line = Line.objects.get(year=year)
    assert (line.title, line.state_word) == ("Baux qui glissent", "Reporté")
    texts = dict(TextBlock.objects.filter(line=line).values_list("column__role", "content"))
    assert texts["observations"] == "<p>Deux <strong>immeubles</strong></p>"
    indicator = Indicator.objects.get()
    assert (indicator.label, indicator.unit, indicator.entries.get().qualifier) == (
        "Baux de l'année",
        "baux",
        "exact",
    )


def test_a_value_corrected_makes_its_sentence_to_be_reviewed():
    report = given()
    settle(report, total={"number": "41"})

    year, _ = save(report)

    assert SPAN.format(ref="A4-01", words="40") in sentence(year)
    assert [use.words for use in staleness.uses_of(year) if use.is_stale] == ["41"]


def test_what_is_left_goes_nowhere_with_all_that_it_holds():
    report = given(rows=2)
    settle(report, total="accepted", row="left")
    for name in ("total", "year", "month"):
        decide(report=report, item=key(name, 2), version=0, verdict=Verdict.LEFT, by=report.given_by)

    year, counts = save(report)

    assert list(year.lines.values_list("title", flat=True)) == ["Baux glissants 2"]
    assert (counts["taken"], Action.objects.count()) == (0, 1)


def test_a_part_that_is_left_goes_nowhere_with_its_tables_and_figures():
    report = given()
    settle(report, total="accepted")
    decide(report=report, item="section:p2", version=0, verdict=Verdict.LEFT, by=report.given_by)

    year, counts = save(report)

    assert (year.lines.count(), counts["taken"], Indicator.objects.count()) == (0, 0, 0)


def test_nothing_is_saved_while_something_is_to_be_checked():
    report = given()

    with pytest.raises(ValidationError, match="Il reste des éléments à vérifier"):
        save(report)

    assert not Year.objects.exists()


def test_what_is_saved_is_what_was_read():
    report = given()
    settle(report)
    seen = Review(report).seen
    settle(report, total="accepted")

    with pytest.raises(Changed):
        save(report, seen=seen)

    assert not Year.objects.exists()


def test_an_exercise_that_holds_something_is_never_written_over():
    report = given()
    settle(report, total="accepted")
    year = YearFactory(agreement__territory=report.territory, number=2023)
    from_before = ActionFactory(axis=AxisFactory(agreement=year.agreement))
    year.lines.create(action=from_before, axis=from_before.axis, title="Déjà là")

    with pytest.raises(ReportFileError, match="n'est pas vide"):
        save(report)

    assert (year.lines.count(), Indicator.objects.count(), Review(report).report.is_saved) == (1, 0, False)


def test_a_figure_continues_the_series_of_the_plan():
    report = given()
    agreement = YearFactory(agreement__territory=report.territory, number=2024).agreement
    Agreement.objects.update(starts_on="2023-01-01", ends_on="2025-12-31")
    axis = Axis.objects.create(agreement=agreement, number=4, label="Loger")
    action = ActionFactory(axis=axis, label="Baux glissants 1")
    known = IndicatorFactory(
        territory=report.territory,
        action=action,
        code="A4-09",
        label="Ménages logés",
        unit="ménages",
        kind="headcount",
    )
    settle(report, year="accepted", total="accepted")

    year, _ = save(report)

    assert known.entries.get().year == year
    assert Line.objects.get(year=year).action == action
    assert set(Indicator.objects.values_list("code", flat=True)) == {"A4-01", "A4-09"}


@pytest.mark.parametrize(
    ("others", "sentence"),
    [
        ({"total": {"joins": "A4-09"}}, "Deux chiffres du rapport continuent A4-09"),
        ({}, "A4-09 a déjà une valeur en 2023"),
    ],
)
def test_one_value_per_indicator_and_exercise(others, sentence):
    report = given()
    known = IndicatorFactory(territory=report.territory, code="A4-09", unit="ménages", kind="headcount")
    if not others:
        EntryFactory(indicator=known, year=YearFactory(agreement__territory=report.territory, number=2023))
    settle(report, year={"joins": "A4-09"}, **others)

    with pytest.raises(ValidationError, match=sentence):
        save(report)

    assert not Line.objects.exists()


@pytest.mark.parametrize("rows", [1, 3])
def test_as_many_queries_whatever_the_rows(rows, django_assert_num_queries):
    report = given(rows=rows)
    for rank in range(1, rows + 1):
        decide(report=report, item=key("month", rank), version=0, verdict=Verdict.LEFT, by=report.given_by)
    accept(report=report, items=[key("total", rank) for rank in range(1, rows + 1)], by=report.given_by)
    seen = Review(report).seen

    with django_assert_num_queries(45):
        save(report, seen=seen)


@pytest.mark.parametrize(
    ("words", "text", "start", "place"),
    [
        ("35", "Soit 35 ménages", 5, 5),
        ("environ 35", "Soit environ 35 ménages", 13, 5),
        ("5", "Soit 35 ménages", 5, None),
        ("34", "Soit 34500 demandes", 5, None),
        ("19", "Soit 19% des gens", 5, 5),
        ("12", "Soit 12 en 2022, 12 en 2023", 17, 17),
    ],
)
def test_the_words_to_cite_are_whole_and_at_the_figure(words, text, start, place):
    figure = replace(Review(given()).figures[0].found, start=start, end=len(text))

    assert place_of(words, text, figure) == place
