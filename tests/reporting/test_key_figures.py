"""The charts of the report: under the table of their axis and on the page that opens it; kept when it is frozen."""

from decimal import Decimal
from io import BytesIO

import pikepdf
import pytest

from axes.key_figures import Wish, choose
from reporting import canonical, frozen, snapshot
from reporting.assembly import assemble
from reporting.document import Chart, ChartPoint, Charts, Section
from reporting.renderers import json_tree, pdf
from reporting.snapshot import Snapshot
from reporting.synthesis import height_of, that_hold
from tests.factories import EntryFactory, IndicatorFactory, YearFactory
from tests.reporting.exercise import Exercise
from tests.reporting.sample import document, paragraph

pytestmark = pytest.mark.django_db


@pytest.fixture
def exercise():
    """« Entrées » makes a series in its axis, « Demandes » one of no axis."""
    made = Exercise()
    before = YearFactory(agreement=made.year.agreement, number=2022, state="closed")
    EntryFactory(indicator=made.indicator, year=before, number=90)
    made.entries = series(made, before, "A1", "Entrées", 31, 35)
    made.departures = series(made, before, "A2", "Sorties", 3, 4)
    return made


def series(made, before, code, label, earlier, number):
    """Of households, in the axis of the exercise."""
    fields = {"territory": made.territory, "action": made.line.action, "unit": "ménages"}
    indicator = IndicatorFactory(code=code, label=label, is_about_people=True, **fields)
    EntryFactory(indicator=indicator, year=before, number=earlier)
    EntryFactory(indicator=indicator, year=made.year, number=number)
    return indicator


def draw(exercise, *indicators, has_synthesis=True, version=0):
    chosen = {(indicator.pk, "series"): Wish(f"Voir {indicator.label}.") for indicator in indicators}
    return choose(
        year=exercise.year, version=version, has_synthesis=has_synthesis, chosen=chosen, by=exercise.lead
    )


def sections(document, *, under=None):
    for section in document.sections if under is None else under:
        yield section
        yield from sections(document, under=section.sections)


def charts(document):
    """[(anchor of the section, titles of its charts)]"""
    return [
        (section.anchor, [chart.title for chart in node.charts])
        for section in sections(document)
        for node in section.content
        if isinstance(node, Charts)
    ]


def report(exercise, **options):
    return assemble(snapshot.take(exercise.year.pk, **options), **options)


def test_a_report_opens_with_its_charts_where_its_lead_wants_it(exercise):
    axis = f"axe-{exercise.table.axis_id}"
    draw(exercise, exercise.indicator, exercise.entries)
    document = report(exercise)
    assert charts(document) == [("annee-en-chiffres", ["Demandes", "Entrées"]), (axis, ["Entrées"])]
    assert document.sections[0].label == "L'année en chiffres"
    anchors = [
        chart.anchor
        for section in sections(document)
        for node in section.content
        if isinstance(node, Charts)
        for chart in node.charts
    ]
    assert len(anchors) == len(set(anchors))

    draw(exercise, exercise.indicator, exercise.entries, has_synthesis=False, version=1)
    assert [titles for _, titles in charts(report(exercise))] == [["Demandes"], ["Entrées"]]


def test_a_chart_says_in_words_all_that_it_shows(exercise):
    draw(exercise, exercise.entries)
    [chart, _] = [
        chart
        for section in sections(report(exercise))
        for node in section.content
        if isinstance(node, Charts)
        for chart in node.charts
    ]

    assert chart.alt.replace("\u00a0", " ") == "Voir Entrées. 31 ménages en 2022 ; 35 ménages en 2023."
    assert [(point.label, point.words) for point in chart.points] == [("2022", "31"), ("2023", "35")]


def test_the_public_version_has_no_chart_nor_what_it_would_give_away(exercise):
    """Four households and the three of a year before are too few: the first is masked, the second not told."""
    draw(exercise, exercise.departures)
    told = ("3\u00a0ménages en 2022", "4\u00a0ménages", "Voir Sorties", "L'année en chiffres")
    full, public = (json_tree.render(report(exercise, public=held)).decode() for held in (False, True))

    assert [words in full for words in told] == [True] * 4
    assert [words in public for words in told] == [False] * 4
    assert "< 5" in public


def test_a_frozen_report_keeps_the_charts_that_were_sent(exercise):
    draw(exercise, exercise.indicator, exercise.entries)
    version = exercise.transmit()
    before = frozen.document_of(version)
    exercise.entries.label = "Autre chose"
    exercise.entries.save()

    assert charts(frozen.document_of(version)) == charts(before) != []
    assert frozen.document_of(version) == before


LONG = "Un intitulé Très Long, EN CAPITALES WWWW et en mots, qui dit tout ce que compte cet indicateur"
YEARS = [str(number) for number in range(2018, 2024)]


def series_of(title, description="", *, note="", years=YEARS):
    points = tuple(ChartPoint(year, "12 345 678 ménages", Decimal(12), note=note) for year in years)
    return Chart(f"g-{title}", "series", title, "Tout.", points, description=description, target="99 ménages")


def parts_of(title, count, description=""):
    points = tuple(ChartPoint(f"{LONG} {rank}", "12", Decimal(12)) for rank in range(count))
    return Chart(f"p-{title}", "parts", title, "Tout.", points, "2023", description, "56 ménages")


@pytest.mark.parametrize(
    ("charts", "held"),
    [
        ([series_of(f"Demandes {rank}", years=YEARS[-2:]) for rank in range(6)], 6),
        (
            [
                series_of(f"{LONG} {rank}", LONG * 3, note="4 associations sur 5 ont répondu")
                for rank in range(6)
            ],
            2,
        ),
        ([parts_of(f"{LONG} {rank}", 5, "m" * 300) for rank in range(6)], 2),
        ([parts_of("Trop haut", 40), series_of("Demandes", "Ω漢" * 150)], 1),
    ],
)
def test_the_page_that_opens_the_report_is_one_whatever_is_chosen(charts, held):
    shown = that_hold(tuple(charts))
    section = Section("annee-en-chiffres", "L'année en chiffres", 1, (Charts("Chiffres clés", shown),))
    whole = document(section, Section("partie-suite", "Suite", 1, (paragraph("Fin."),)))
    with pikepdf.open(BytesIO(pdf.render(whole))) as file:
        pages = len(file.pages)

    assert len(shown) == held
    assert pages == len(["cover", "contents", "charts", "end"])


def test_a_chart_that_the_first_page_does_not_hold_stays_under_its_axis(exercise, monkeypatch):
    axis = f"axe-{exercise.table.axis_id}"
    draw(exercise, exercise.indicator, exercise.entries, exercise.departures)
    [first] = report(exercise).sections[0].content
    monkeypatch.setattr("reporting.synthesis.PAGE", height_of(first.charts[:2]))

    assert charts(report(exercise)) == [
        ("annee-en-chiffres", ["Demandes", "Entrées"]),
        (axis, ["Entrées", "Sorties"]),
    ]


def test_a_report_frozen_before_there_were_charts_reads_as_it_did(exercise):
    draw(exercise)
    text = canonical.write(snapshot.take(exercise.year.pk))
    old = text.replace('"charts":[],', "")

    assert old != text
    assert assemble(canonical.read(Snapshot, old)) == report(exercise)
