"""Pictures: what a chart draws and writes; drawn elsewhere, the same each time, once."""

import subprocess
import sys

import pytest
from lxml import etree

from logement import drawing
from logement.charts import LARGE, Point, parts, series

SVG = "{http://www.w3.org/2000/svg}"
POINTS = [Point("2021", 90, "90"), Point("2022", 107, "107", is_rough=True), Point("2023", 142, "142")]
BROKEN = [*POINTS[:2], Point("2023", 142, "142", begins=True)]
PARTS = [Point("Rue & bidonville", 40, "40"), Point("Tiers", 16, "environ 16", is_rough=True)]
GAP = [POINTS[0], Point("2022", None, "pas encore reçu"), POINTS[2]]
SPECIFICATIONS = {
    "whole": series(POINTS),
    "broken": series(BROKEN),
    "gap": series(GAP),
    "target": series(POINTS, target=(150, "cible : 150"), size=LARGE),
    "parts": parts(PARTS),
    "exact": series([Point("2023", 1, "1")]),
    "rough": series([Point("2023", 1, "1", is_rough=True)]),
}


@pytest.fixture(scope="module", autouse=True)
def together():
    """One process draws them all."""
    drawing.svgs(list(SPECIFICATIONS.values()))


def source(name):
    return drawing.svgs([SPECIFICATIONS[name]])[0]


def drawn(name):
    return etree.fromstring(source(name).encode())


def words(svg):
    return [text.text for text in svg.iter(f"{SVG}text")]


def lines(svg):
    """The paths of the series: one per stretch without a break."""
    return [
        path.get("d")
        for group in svg.iter(f"{SVG}g")
        if "mark-line" in group.get("class", "")
        for path in group.iter(f"{SVG}path")
    ]


def test_a_series_is_labelled_point_by_point():
    assert sorted(words(drawn("whole"))) == ["107", "142", "2021", "2022", "2023", "90"]


def test_a_series_is_one_line_and_a_break_makes_two():
    assert len(lines(drawn("whole"))) == 1
    assert len(lines(drawn("broken"))) == 2
    assert "rupture" in words(drawn("broken"))
    assert "rupture" not in words(drawn("whole"))


def test_a_year_without_a_number_leaves_a_gap():
    svg = drawn("gap")

    assert len(lines(svg)) == 2
    assert "2022" in words(svg)


def test_a_target_is_drawn_and_said_and_crosses_no_word():
    svg = drawn("target")
    places = {
        text.text: float(text.get("transform").split(",")[1].rstrip(")")) for text in svg.iter(f"{SVG}text")
    }

    assert places["142"] > places["cible : 150"] + 20
    assert places["107"] < places["142"] + 60


def test_a_part_is_a_bar_under_its_label_and_beside_its_words():
    svg = drawn("parts")

    assert sorted(words(svg)) == ["40", "Rue & bidonville", "Tiers", "environ 16"]
    fills = [
        path.get("fill")
        for group in svg.iter(f"{SVG}g")
        if "mark-rect" in group.get("class", "")
        for path in group
    ]
    assert len(fills) == 2
    assert "white" in fills


def test_pictures_differ_without_any_colour():
    """What colour says is said by a shape: hollow or full, dashed or not, and by words."""
    exact, rough = source("exact"), source("rough")

    assert exact != rough
    assert 'fill="white"' in rough


def test_the_same_chart_gives_the_same_bytes_and_nothing_that_a_page_refuses(monkeypatch):
    svg = source("target")
    [png] = drawing.pngs([svg])
    monkeypatch.setattr(drawing, "_kept", {})

    assert source("target") == svg
    assert drawing.pngs([svg]) == [png]
    assert png.startswith(b"\x89PNG")
    named = drawing.named(svg, title="A & <b>", description="d")
    assert not any(sign in named for sign in ("style=", "<script", "<style", " href=", " id="))
    assert "<title>A &amp; &lt;b&gt;</title><desc>d</desc>" in named


def test_what_was_drawn_is_not_drawn_again(monkeypatch):
    specification = SPECIFICATIONS["whole"]
    first = drawing.svgs([specification, specification])
    monkeypatch.setattr(drawing, "ask", None)

    assert drawing.svgs([specification]) == first[:1] == first[1:]


def test_what_is_kept_is_bounded(monkeypatch):
    monkeypatch.setattr(drawing, "_kept", {})
    monkeypatch.setattr(drawing, "KEPT", 2)
    monkeypatch.setattr(drawing, "ask", lambda form, sources: sources)

    assert drawing.drawn("png", ["a", "b", "c"]) == ["a", "b", "c"]
    assert list(drawing._kept) == [("png", "b"), ("png", "c")]


def test_a_drawing_that_fails_is_a_sentence():
    with pytest.raises(drawing.DrawingError, match="Relancez la demande"):
        drawing.svgs([{"mark": "unknown"}])


def test_the_application_itself_never_loads_the_drawing_engine():
    program = "import logement.drawing, logement.charts, sys; sys.exit('vl_convert' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
