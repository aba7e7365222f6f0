"""The export of the demonstration, changed in Word or LibreOffice as a colleague would, comes back: the real renderers,
the real reader, the real acts."""

import re
import zipfile
from copy import deepcopy
from io import BytesIO

import docx
import pytest
from docx.oxml.ns import qn

from axes import demo, workflow
from axes.imports import keeping
from axes.imports.amended import Amended, save_amended
from axes.imports.amended.pieces import bare
from axes.imports.decisions import decide
from axes.models import Citation, Line, TextBlock, Year
from axes.printed import CONTEXT_HEADINGS
from logement import demo as people
from logement.models import User
from logement.richtext import parse, plain
from reporting import snapshot
from reporting.assembly import assemble
from reporting.renderers import docx as docx_renderer
from reporting.renderers import odt as odt_renderer
from reporting.renderers.reading import FIGURE_COLUMNS
from tests.axes.documents.made import changed, read, saved
from tests.conftest import rows_kept
from tests.libreoffice import saved_again

pytestmark = [pytest.mark.django_db, pytest.mark.once]

ITEM = "le recours aux logements publics comme privés"
PREAMBLE = "La déclinaison locale du plan"
SAID = "Un tiers de ménages de plus qu'un an avant."  # of a chart


@pytest.fixture(scope="module")
def exports(django_db_setup, django_db_blocker):
    """{kind: bytes} of the exercise 2023, as it stands; its rows stay for the module."""
    with rows_kept(django_db_blocker):
        people.load()
        demo.load()
        year = Year.objects.get(number=2023)
        document = assemble(snapshot.take(year.pk))
        yield {"docx": docx_renderer.render(document), "odt": odt_renderer.render(document)}


@pytest.fixture
def year(exports):
    return Year.objects.get(number=2023)


@pytest.fixture
def lead(exports):
    return User.objects.get_by_natural_key(people.ACCOUNTS[0].email)


def given(raw, year, kind="docx"):
    by = User.objects.get_by_natural_key(people.ACCOUNTS[0].email)
    report = keeping.give(
        territory=year.territory, document=read(raw, kind), raw=raw, by=by, compared_to=year
    )
    keeping.understand_given(report)  # a document as long as that is a job
    return report


def accept(report, *keys):
    for one in Amended(report).differences:
        if not keys or one.key in keys:
            decide(
                report=report,
                item=one.key,
                version=0,
                by=report.given_by,
                verdict="accepted",
                fields=one.seen,
            )
    return save_amended(report=report, by=report.given_by)


def words(text):
    return plain(parse(text.content), with_notes=True)


def text_with(year, part):
    return next(text for text in TextBlock.objects.filter(year=year) if bare(part) in bare(words(text)))


def opened(raw):
    return docx.Document(BytesIO(raw))


def paragraph_with(holder, part):
    return next(found for found in holder.paragraphs if bare(part) in bare(found.text))


def say(paragraph, old, new):
    """Types over words of a paragraph, whatever runs hold them; its marks and its notes stay."""
    for run in paragraph.runs:
        if bare(old) in bare(run.text):
            pattern = r"\s*".join(re.escape(word) for word in old.split())
            run.text = re.sub(pattern, new, run.text)
            return
    raise AssertionError(f"{old} is in no run")


def row_of(document, line):
    """The row of a line, found by its title."""
    return next(
        row for table in document.tables for row in table.rows if bare(row.cells[0].text) == bare(line.title)
    )


@pytest.mark.parametrize("kind", ["docx", "odt"])
def test_an_export_that_nobody_changed_says_nothing_otherwise(exports, year, kind):
    found = Amended(given(exports[kind], year, kind))

    assert [(one.key, one.words) for one in found.differences] == []
    assert [notice.partition(" :")[0] for notice in found.notices] == [
        "Les adresses des liens ne sont ni ouvertes ni reprises ; leurs mots le sont.",
        "Les images ne sont pas reprises.",
        "Les en-têtes et pieds de page, qui se répètent, sont lus et ne sont pas repris.",
        "Composés par l'application d'après ses chiffres, ne sont pas comparés",
    ]
    assert "« Sources des chiffres »" in found.notices[-1]


def test_what_a_colleague_changes_in_word_comes_back_cell_by_cell(exports, year):
    document = opened(exports["docx"])
    line, other = Line.objects.filter(year=year).order_by("pk")[:2]
    row = row_of(document, line)
    row.cells[1].paragraphs[0].runs[0].text = "Reportée"
    cell = row_of(document, other).cells[3]
    cell.add_paragraph("Un bilan est attendu au printemps.")
    say(paragraph_with(document, PREAMBLE), "locale", "métropolitaine")
    item = paragraph_with(document, ITEM)
    say(item, "privés", "privés ou communaux")
    raw = changed(saved(document), footnotes=lambda xml: xml.replace("Uriopss", "URIOPSS"))
    before = {text.pk: text.content for text in TextBlock.objects.filter(year=year)}
    cited = Citation.objects.filter(year=year).count()
    report = given(raw, year)
    found = Amended(report)

    assert len(found.differences) == 5
    assert [one.lost for one in found.differences] == [[]] * 5
    assert accept(report) == 5

    line.refresh_from_db()
    assert line.state.outcome == "postponed"
    assert "printemps" in words(text_with(year, "Un bilan est attendu au printemps."))
    preamble = text_with(year, "La déclinaison métropolitaine")
    assert preamble.content == before[preamble.pk].replace("déclinaison locale", "déclinaison métropolitaine")
    levers = text_with(year, "privés ou communaux")
    assert levers.content == before[levers.pk].replace("comme privés", "comme privés ou communaux")
    noted = text_with(year, "enfin l'URIOPSS Occitanie")
    assert noted.content == before[noted.pk].replace("Uriopss", "URIOPSS")
    touched = {preamble.pk, levers.pk, noted.pk, text_with(year, "au printemps.").pk}
    after = {text.pk: text.content for text in TextBlock.objects.filter(year=year)}
    assert {pk for pk in before if before[pk] != after[pk]} == touched
    assert Citation.objects.filter(year=year).count() == cited


def test_what_cannot_be_changed_this_way_is_said(exports, year):
    document = opened(exports["docx"])
    paragraph_with(document, "2 Dynamique territoriale").runs[0].text = "2 Dynamique"
    axes = [paragraph for paragraph in document.paragraphs if paragraph.text.startswith("Axe 2")]
    for paragraph in axes:
        say(paragraph, "Axe 2", "Axe B")
    for paragraph in document.paragraphs:
        if bare(SAID) == bare(paragraph.text):
            paragraph.runs[0].text = "Un quart de plus."
    context = next(table for table in document.tables if table.rows[0].cells[0].text == CONTEXT_HEADINGS[0])
    label = context.rows[1].cells[0].text
    context.rows[1].cells[1].paragraphs[0].runs[0].text = "999"
    actions = next(
        table for table in document.tables if table.rows[0].cells[0].text.startswith("Les actions")
    )
    actions.rows[0].cells[3].paragraphs[0].runs[0].text = "Remarques"
    gone = actions.rows[1].cells[0].text
    actions._tbl.remove(actions.rows[1]._tr)
    found = Amended(given(saved(document), year))

    assert found.differences == []
    told = "\n".join(found.notices)
    for sentence in (
        "« 2 Dynamique » : le titre « 2 Dynamique territoriale",
        "la liste des axes est celle de la convention",
        "« Un quart de plus. » n'est pas repris : la phrase d'un graphique",
        "« 999 » dans le document",
        "« Remarques » : le titre de la colonne « Observations » n'est pas repris",
        "n'est plus dans le document : rien n'est retiré.",
    ):
        assert sentence in told
    assert bare(gone) in bare(told)
    assert bare(label) in bare(told)


def test_a_row_is_known_by_its_bookmark_whatever_is_typed_over_it(exports, year):
    document = opened(exports["docx"])
    line = Line.objects.filter(year=year).order_by("pk").first()
    row = row_of(document, line)
    table = row._tr.getparent()
    row.cells[0].paragraphs[0].runs[0].text = "Tout autre intitulé"
    table.append(row._tr)  # last of its table
    new = deepcopy(row._tr)
    for mark in new.iter(qn("w:bookmarkStart")):
        mark.getparent().remove(mark)
    table.append(new)
    found = Amended(given(saved(document), year))

    assert [(one.key, one.after) for one in found.differences] == [
        (f"title:{line.pk}", "Tout autre intitulé")
    ]
    assert any("l'ordre des actions du document n'est pas repris" in notice for notice in found.notices)
    assert any("« Tout autre intitulé » du document n'est pas dans l'exercice" in n for n in found.notices)


def test_what_the_application_changed_meanwhile_is_kept(exports, year, lead):
    """A colleague changes one paragraph in Word, the lead another one on the screen: both stand."""
    held = text_with(year, ITEM)
    typed = held.content.replace("la formation des professionnels", "la formation de tous")
    workflow.save_text(text=held, version=held.version, content=typed, by=lead)
    document = opened(exports["docx"])
    say(paragraph_with(document, ITEM), "privés", "communaux")
    report = given(saved(document), year)
    (one,) = Amended(report).differences

    assert (one.key, one.is_crossed) == (f"block:{held.block_id}", False)
    accept(report)
    held.refresh_from_db()
    assert held.content == typed.replace("privés", "communaux")


def test_the_same_words_changed_on_both_sides_are_told(exports, year, lead):
    held = text_with(year, PREAMBLE)
    typed = held.content.replace("La déclinaison locale", "La déclinaison métropolitaine")
    workflow.save_text(text=held, version=held.version, content=typed, by=lead)
    document = opened(exports["docx"])
    say(paragraph_with(document, PREAMBLE), "organise", "articule")
    (one,) = Amended(given(saved(document), year)).differences

    assert one.is_crossed


def test_what_is_changed_in_libreoffice_comes_back(exports, year):
    """At the level of the archive: no library of Python amends an ODT."""

    def change(xml):
        xml = xml.replace("déclinaison locale", "déclinaison métropolitaine").replace("Uriopss", "URIOPSS")
        return xml.replace("comme privés", "comme privés ou communaux")

    raw = changed_odt(exports["odt"], change)
    report = given(raw, year, "odt")
    before = {text.pk: text.content for text in TextBlock.objects.filter(year=year)}
    wanted = {pk: change(content) for pk, content in before.items() if change(content) != content}

    assert accept(report) == len(wanted) >= 3
    after = {text.pk: text.content for text in TextBlock.objects.filter(year=year)}
    assert {pk: content for pk, content in after.items() if content != before[pk]} == wanted


@pytest.mark.libreoffice
@pytest.mark.parametrize(("kind", "to"), [("docx", "docx"), ("docx", "odt"), ("odt", "odt"), ("odt", "docx")])
def test_an_export_that_libreoffice_saved_again_says_nothing_otherwise(exports, year, kind, to, tmp_path):
    found = Amended(given(saved_again(exports[kind], kind, to, tmp_path), year, to))

    assert [(one.key, one.words) for one in found.differences] == []


def changed_odt(raw, change):
    output = BytesIO()
    with zipfile.ZipFile(BytesIO(raw)) as old, zipfile.ZipFile(output, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, change(content.decode()).encode() if name == "content.xml" else content)
    return output.getvalue()


def test_the_context_figures_are_known_by_the_headings_that_the_renderers_write():
    assert tuple(column.heading for column in FIGURE_COLUMNS) == CONTEXT_HEADINGS
