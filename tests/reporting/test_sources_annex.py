"""The figures of the sentences, each led to the line that says where it comes from; what was kept, or justified."""

import io
import re
import subprocess
from datetime import UTC, date, datetime
from decimal import Decimal

import pikepdf
import pytest

from axes import justifications, staleness
from axes.models import Citation, TextBlock
from axes.workflow import record_entry, save_text
from logement.richtext import Paragraph, plain, references
from reporting import snapshot, workflow
from reporting.assembly import assemble
from reporting.document import Table
from reporting.renderers import html, pdf
from tests.factories import (
    BlockFactory,
    EntryFactory,
    IndicatorFactory,
    JustificationFactory,
    MembershipFactory,
    TextBlockFactory,
    YearFactory,
    bail_dabord,
)
from tests.factories.campaigns import CampaignFactory, QuestionFactory, SubmissionFactory, submission_in
from tests.reporting.exercise import Exercise
from tests.reporting.pdf_reading import faults

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]

PERIOD = {"starts_on": date(2023, 1, 1), "ends_on": date(2023, 12, 31)}
CITING = (
    '<p>Soit <span data-ref="A3, lettres"></span> ménages<span data-note="Dont [[chiffre: A4]]."></span>.</p>'
)
AGAIN = '<p><span data-ref="A3"></span> en 2023, <span data-ref="A3, 2022"></span> avant.</p>'


@pytest.fixture
def exercise(time_machine):
    time_machine.move_to(datetime(2024, 3, 12, 10, tzinfo=UTC), tick=False)
    exercise = Exercise()
    exercise.households = enter(exercise, "A3", "Ménages entrés", 35, definition="Entrés dans un logement.")
    exercise.deaf = enter(exercise, "A4", "Dont sourds", 4)
    return exercise


def enter(exercise, code, label, number, **fields):
    indicator = IndicatorFactory(
        territory=exercise.territory,
        code=code,
        label=label,
        unit="ménages",
        base="Ménages orientés",
        source_detail="Bilan du Toit",
        **fields,
    )
    record_entry(indicator=indicator, year=exercise.year, number=Decimal(number), by=exercise.lead, **PERIOD)
    return indicator


def correct(exercise, indicator, number):
    entry = indicator.entries.current().get(year=exercise.year)
    record_entry(
        indicator=indicator,
        year=exercise.year,
        number=Decimal(number),
        by=exercise.lead,
        corrects=entry,
        reason="Relu",
        **PERIOD,
    )


def write(exercise, text, content):
    text.refresh_from_db()
    return save_text(text=text, version=text.version, content=content, by=exercise.lead)


def report(exercise):
    return assemble(snapshot.take(exercise.year.pk))


def walk(sections):
    for section in sections:
        yield section
        yield from walk(section.sections)


def tables(document, label):
    """[{column: words}] of each table of the section of this name."""
    found = [section for section in document.sections if section.label == label]
    return [
        [
            dict(
                zip(
                    (column.role for column in table.columns),
                    (plain(cell.blocks) for cell in row.cells),
                    strict=True,
                )
            )
            for row in table.rows
        ]
        for section in found
        for table in section.content
    ]


def cited_in(document):
    """(words, anchor) of each figure of the sentences, notes included, in the order of reading."""
    found = [text for block in document.cover for text in references((block,))]
    for section in walk(document.sections):
        for node in section.content:
            if isinstance(node, Table):
                found += [text for row in node.rows for cell in row.cells for text in references(cell.blocks)]
            elif isinstance(node, Paragraph):
                found += references((node,))
    return [(text.text, text.ref) for text in found if text.ref.startswith("source-")]


def anchor(indicator, number=2023):
    return f"source-{indicator.pk}-{number}"


def test_each_figure_leads_to_its_line_which_stands_once(exercise):
    write(exercise, exercise.narrative, CITING)
    YearFactory(agreement=exercise.year.agreement, number=2022)
    write(exercise, exercise.text, AGAIN)

    document = report(exercise)

    lines = [row.anchor for node in document.sections[-1].content for row in node.rows]
    assert cited_in(document) == [
        ("trente-cinq", anchor(exercise.households)),
        ("4", anchor(exercise.deaf)),
        ("35", anchor(exercise.households)),
        ("pas encore reçu", anchor(exercise.households, 2022)),
    ]
    assert lines == list(dict.fromkeys(place for _, place in cited_in(document)))


def test_a_line_says_what_the_figure_is_and_who_gave_it(exercise):
    write(exercise, exercise.narrative, CITING)
    write(exercise, exercise.text, AGAIN.replace(", 2022", ""))

    (table,) = tables(report(exercise), "Sources des chiffres")

    assert table[0] == {
        "cited": "trente-cinq\n35",
        "label": "Ménages entrés\nEntrés dans un logement.",
        "value": "35\u00a0ménages\nMénages orientés",
        "period": "2023",
        "source": "Saisie ; Bilan du Toit\nSaisi par Camille Ferrand, le 12 mars 2024",
    }


def test_a_share_gives_its_numerator_and_its_denominator(exercise):
    rate = IndicatorFactory(territory=exercise.territory, code="T1", unit="%", kind="rate")
    record_entry(
        indicator=rate,
        year=exercise.year,
        numerator=Decimal(40),
        denominator=Decimal(56),
        by=exercise.lead,
        **PERIOD,
    )
    write(exercise, exercise.narrative, '<p><span data-ref="T1"></span></p>')

    ((row,),) = tables(report(exercise), "Sources des chiffres")

    assert row["value"] == "71\u00a0%\n40 sur 56"


def test_a_figure_that_was_corrected_says_what_it_was_and_why(exercise):
    write(exercise, exercise.narrative, '<p><span data-ref="A3"></span></p>')
    correct(exercise, exercise.households, 36)
    correct(exercise, exercise.households, 37)

    ((row,),) = tables(report(exercise), "Sources des chiffres")

    assert row["source"].replace("\u00a0", " ").split("\n")[1:] == [
        "Saisi par Camille Ferrand, le 12 mars 2024",
        "Remplace 35 ménages, saisi par Camille Ferrand, le 12 mars 2024. Motif : Relu",
        "Remplace 36 ménages, saisi par Camille Ferrand, le 12 mars 2024. Motif : Relu",
    ]


def test_a_cumul_that_was_added_up_says_of_what(exercise):
    cumul = IndicatorFactory(
        territory=exercise.territory,
        code="C1",
        temporality="cumulative",
        since=date(2019, 11, 1),
        flow=exercise.households,
    )
    EntryFactory(
        indicator=cumul, year=YearFactory(agreement=exercise.year.agreement, number=2022), number=107
    )
    write(exercise, exercise.narrative, '<p><span data-ref="C1"></span></p>')

    ((row,),) = tables(report(exercise), "Sources des chiffres")

    assert row["cited"] == "142"
    assert row["source"].split("\n")[-1] == "107 en 2022 + 35 en 2023"


def test_a_figure_of_the_partners_says_how_many_answered_and_who_accepted(exercise):
    indicator = IndicatorFactory(
        territory=exercise.territory, code="S1", unit="ménages", source="submitted", supplier=None
    )
    campaign = CampaignFactory(year=exercise.year, opened=True)
    first, _ = (
        QuestionFactory(submission=submission, indicator=indicator).submission
        for submission in SubmissionFactory.create_batch(2, campaign=campaign)
    )
    submission_in("validated", figures=0, submission=first, by=exercise.lead)
    write(exercise, exercise.narrative, '<p><span data-ref="S1"></span></p>')

    ((row,),) = tables(report(exercise), "Sources des chiffres")

    partial = "12\u00a0ménages (total partiel : 1\u00a0association sur 2 a répondu)"
    assert row["value"].split("\n")[0].replace("\u00a0", " ") == partial.replace("\u00a0", " ")
    answer = f"{first.organisation.name} : 12 ménages, envoi n° 1 du 12 mars 2024, validé par Camille Ferrand"
    assert row["source"].replace("\u00a0", " ").split("\n")[1:] == [f"{answer}, le 12 mars 2024"]


def test_a_figure_of_a_register_says_its_formula_and_how_many_rows(exercise):
    register = bail_dabord.RegisterFactory(territory=exercise.territory)
    for _ in range(2):
        bail_dabord.TenancyFactory(household__register=register, entered_on=date(2023, 5, 1))
    IndicatorFactory(
        territory=exercise.territory,
        code="R1",
        source="register",
        figure_key="bail_dabord.households_entered",
    )
    write(exercise, exercise.narrative, '<p><span data-ref="R1"></span></p>')

    ((row,),) = tables(report(exercise), "Sources des chiffres")

    assert row["cited"] == "2"
    assert row["source"].startswith("Registre Bail d'abord")
    assert row["source"].endswith("(2\u00a0lignes)")


def test_a_draft_marks_a_figure_that_changed_where_nobody_kept_it(exercise):
    write(exercise, exercise.narrative, CITING)
    write(exercise, exercise.text, '<p><span data-ref="A3, lettres"></span></p>')
    correct(exercise, exercise.households, 36)

    staleness.keep(
        citation=exercise.text.citations.get(), reason="Chiffre de la convention", by=exercise.lead
    )
    words = words_of(report(exercise))

    assert words["narrative"].startswith("Soit trente-cinq [à revoir : trente-six] ménages")
    assert words["cell"] == "trente-cinq"


def words_of(document):
    """The words of the narrative and of the cell of the exercise."""
    narrative, table = document.sections[0].content[0], document.sections[1].sections[0].content[0]
    (cell,) = (
        cell
        for cell, column in zip(table.rows[0].cells, table.columns, strict=True)
        if column.role == "indicators"
    )
    return {"narrative": plain((narrative,), with_notes=True), "cell": plain(cell.blocks)}


def test_the_mark_of_a_change_is_not_part_of_the_link(exercise):
    write(exercise, exercise.narrative, CITING)
    correct(exercise, exercise.deaf, 5)

    assert cited_in(report(exercise)) == [
        ("trente-cinq", anchor(exercise.households)),
        ("4", anchor(exercise.deaf)),
    ]
    assert "(Dont 4 [à revoir : 5].)" in words_of(report(exercise))["narrative"]


def test_what_was_sent_bears_no_mark(exercise):
    write(exercise, exercise.narrative, CITING)
    correct(exercise, exercise.households, 36)
    type(exercise.year).objects.update(state="sent")

    assert "à revoir" not in words_of(report(exercise))["narrative"]


def test_what_was_kept_is_listed_with_its_reason_until_the_figure_moves_again(exercise):
    write(exercise, exercise.narrative, CITING)
    correct(exercise, exercise.households, 36)
    citation = Citation.objects.get(indicator=exercise.households)
    staleness.keep(citation=citation, reason="Chiffre de la convention", by=exercise.lead)

    _, kept = tables(report(exercise), "Sources des chiffres")
    assert kept == [
        {
            "label": "Ménages entrés (2023)",
            "cited": "trente-cinq",
            "value": "trente-six",
            "reason": "Chiffre de la convention",
            "source": "Camille Ferrand, le 12 mars 2024",
        }
    ]

    correct(exercise, exercise.households, 37)
    assert len(tables(report(exercise), "Sources des chiffres")) == 1


def jump(exercise, before=10):
    """The figure of the territory, ten times that of the year before: an alerte of the checks."""
    earlier = YearFactory(agreement=exercise.year.agreement, number=2022)
    EntryFactory(indicator=exercise.indicator, year=earlier, number=before)
    (finding,) = justifications.verdict_of(exercise.year).alerts
    return finding


def test_the_findings_that_stand_are_printed_with_their_reason(exercise):
    finding = jump(exercise)
    justifications.justify(
        year=exercise.year, key=finding.key, reason="Un guichet a ouvert.", by=exercise.lead
    )

    assert tables(report(exercise), "Constats justifiés") == [
        [
            {
                "label": finding.sentence,
                "reason": "Un guichet a ouvert.",
                "source": "Camille Ferrand, le 12 mars 2024",
            }
        ]
    ]


def test_a_finding_that_is_gone_takes_its_reason_away(exercise):
    JustificationFactory(year=exercise.year)

    assert tables(report(exercise), "Constats justifiés") == []


def test_a_report_that_cites_nothing_has_no_annex(exercise):
    assert [section.label for section in report(exercise).sections] == ["Préambule", "1 Bilan"]


def test_the_public_version_has_neither_annex_nor_link(exercise):
    write(exercise, exercise.narrative, CITING)
    cover = TextBlock.objects.get(block__chapter__kind="cover")
    write(exercise, cover, '<p>Le plan de <span data-ref="A3"></span> ménages</p>')

    document = assemble(snapshot.take(exercise.year.pk, public=True), public=True)
    page = html.render(document, notes="end")

    assert [section.label for section in document.sections] == ["Chiffres publics"]
    assert "Le plan de 35 ménages" in page
    assert "cited" not in page


def cite(exercise, count):
    """So many figures, each cited in a text of its own, and kept."""
    for rank in range(count):
        indicator = enter(exercise, f"Q{rank}", f"Chiffre {rank}", rank)
        content = f'<p><span data-ref="Q{rank}"></span></p>'
        text = TextBlockFactory(block=BlockFactory(chapter=exercise.narrative.block.chapter))
        text = write(exercise, text, content)
        correct(exercise, indicator, rank + 1)
        staleness.keep(citation=text.citations.get(), reason="Ainsi", by=exercise.lead)


@pytest.mark.parametrize("count", [1, 3])
def test_the_queries_do_not_grow_with_the_figures(exercise, count, django_assert_num_queries):
    cite(exercise, count)

    with django_assert_num_queries(31):
        taken = snapshot.take(exercise.year.pk)

    sources = taken.sources
    assert (len(sources.figures), len(sources.kept)) == (count, count)


# --- In the files ---


def test_each_figure_of_the_page_is_a_link_to_a_line_that_exists(exercise):
    write(exercise, exercise.narrative, CITING)

    page = html.render(report(exercise), notes="end")

    targets = re.findall(r'<a class="cited" href="#([^"]+)">', page)
    assert targets == [anchor(exercise.households), anchor(exercise.deaf)]
    assert all(f'<tr id="{target}">' in page for target in targets)


def test_on_the_site_a_figure_leads_to_its_explanation(exercise):
    write(exercise, exercise.narrative, CITING)
    explain = {
        anchor(exercise.households): "/expliquer?a=1&b",
        f"chiffre-{exercise.indicator.pk}": "/contexte",
    }

    page = html.render(report(exercise), notes="end", explain=explain)

    assert re.findall(r'<a class="cited" href="([^"]+)">([^<]+)</a>', page) == [
        ("/expliquer?a=1&amp;b", "trente-cinq"),
        ("/contexte", "100 personnes".replace(" ", "\u00a0")),
        (f"#{anchor(exercise.deaf)}", "4"),
    ]


def test_on_the_reader_page_each_figure_opens_to_its_reader(exercise, client):
    write(exercise, exercise.narrative, CITING)
    client.force_login(MembershipFactory(ddets=True, territory=exercise.territory).user)

    page = client.get("/ici/2023/rapport/").content.decode()

    links = re.findall(r'<a class="cited" href="([^"]+)">', page)
    assert links == [
        f"/ici/2023/chiffres-expliques/{code}/2023/" for code in ("A3", exercise.indicator.code, "A4")
    ]
    assert [client.get(link).status_code for link in links] == [200, 200, 200]


def test_a_version_read_while_the_exercise_is_open_again_leads_to_its_own_annex(exercise, client):
    write(exercise, exercise.narrative, CITING)
    exercise.transmit()
    workflow.reopen(year=exercise.year, by=exercise.lead, reason="Un chiffre est faux")
    client.force_login(MembershipFactory(partner=True, territory=exercise.territory).user)

    page = client.get("/ici/2023/rapport/").content.decode()

    links = re.findall(r'<a class="cited" href="([^"]+)">', page)
    assert links == [f"#{anchor(exercise.households)}", f"#{anchor(exercise.deaf)}"]


def test_in_the_pdf_each_figure_is_a_link_to_its_line(exercise):
    write(exercise, exercise.narrative, CITING)
    write(exercise, exercise.text, AGAIN.replace(", 2022", ""))

    made = pdf.render(report(exercise))

    assert links_of(made) == [
        ("trente-cinq", "Ménages entrés"),
        ("4", "Dont sourds"),
        ("35", "Ménages entrés"),
        ("35", "Ménages entrés"),
    ]
    assert faults(made) == []


def links_of(content):
    """(words over which one clicks, label of the line where one arrives) of the figures, in the order of the pages."""
    with pikepdf.open(io.BytesIO(content)) as file:
        places = places_of(file)
        links = [note for page in file.pages for note in page.get("/Annots", []) if note.Subtype == "/Link"]
        found = [
            (str(note.Contents), str(note.Dest)) for note in links if str(note.Dest).startswith("source-")
        ]
        return [(words, label_at(content, *places[target])) for words, target in found]


def places_of(file):
    """{named destination: (page number from 1, distance in points from its top)}."""
    numbers = {page.obj.objgen: number for number, page in enumerate(file.pages, start=1)}
    names = file.Root.Names.Dests.Names
    places = {}
    for name, place in zip(names[::2], names[1::2], strict=True):
        page = place[0]
        places[str(name)] = (numbers[page.objgen], float(page.MediaBox[3]) - float(place[3]))
    return places


def label_at(content, page, top):
    """The label of the indicator that stands at this height of a page: its first line of words."""
    area = ["-f", str(page), "-l", str(page), "-x", "131", "-W", "250", "-y", str(int(top)), "-H", "17"]
    read = subprocess.run(["pdftotext", *area, "-", "-"], input=content, capture_output=True, check=True)
    return read.stdout.decode().strip()
