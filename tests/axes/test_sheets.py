"""The workbook of a submission: what goes out comes back, whoever wrote it; what is wrong in it is told by its cell."""

import os
import re
import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from axes.models import Answer, Question, Submission
from axes.submissions import moves, sheets
from axes.submissions.answers import save_answer
from axes.submissions.sheets import schema
from logement.models import PendingImport
from logement.spreadsheets import SpreadsheetError
from logement.spreadsheets.book import read_book
from tests.axes.sheets_world import (
    ANSWERS,
    ARREARS,
    FIGURES,
    NOTES,
    OPENED,
    PK,
    PLACES,
    SAID,
    SHARE,
    World,
    parts_of,
    with_cell,
    with_part,
)
from tests.factories import OrganisationFactory, UserFactory
from tests.factories.campaigns import QuestionFactory, SubmissionFactory
from tests.libreoffice import convert

pytestmark = [pytest.mark.django_db, pytest.mark.once]
LIBREOFFICE = Path(__file__).parent / "sheets"


@pytest.fixture
def world():
    return World()


def told(found):
    return [f"{sheet} {cell} {sentence}" for sheet, cell, sentence in found.faults]


def hold(world, filled):
    return PendingImport.objects.create(
        register="axes.submission",
        territory=world.submission.campaign.year.territory,
        organisation=world.submission.organisation,
        created_by=world.by,
        content=sheets.dump(filled),
    )


def confirm(world, filled, seen=None):
    pending = hold(world, filled)
    seen = seen or world.preview(filled).seen
    return sheets.confirm(
        submission=world.submission,
        pending=pending,
        seen=seen,
        by=world.by,
        organisation=world.submission.organisation,
    )


# --- Out and back ---


def test_a_workbook_given_back_as_it_was_changes_nothing(world):
    filled = world.read(world.made())
    found = world.preview(filled)

    assert (found.same, found.changes, found.faults, found.notices) == (5, [], [], [])
    assert sheets.load(sheets.dump(filled)) == filled


def test_what_was_typed_is_shown_then_saved_at_once(world):
    filled = world.read(world.filled(ANSWERS))
    found = world.preview(filled)
    assert {item.row.key: item.words_after for item in found.changes} == SAID
    assert [item.cell for item in found.changes] == ["F6", "G7", "F8", "F9", "D5"]
    assert world.said() == {PLACES: "environ 1\u202f234,5\u00a0places (remarque : hors hôtel)"}

    _, done = confirm(world, filled)

    assert (done, world.said(), PendingImport.objects.count()) == (True, SAID, 0)


@pytest.mark.parametrize("ending", ["ods", "xlsx"])
def test_what_libreoffice_wrote_is_read_the_same(world, ending):
    filled = world.read((LIBREOFFICE / f"bilan-libreoffice.{ending}").read_bytes(), f"bilan.{ending}")

    assert {item.row.key: item.words_after for item in world.preview(filled).changes} == SAID


@pytest.mark.libreoffice
def test_libreoffice_itself_writes_it_back(world, tmp_path):
    source = tmp_path / "bilan-libreoffice.xlsx"
    source.write_bytes(world.filled(ANSWERS))
    for ending in ("ods", "xlsx"):
        convert(source, to=ending, into=tmp_path / "out", profile=tmp_path / "profile")
        written = tmp_path / "out" / f"bilan-libreoffice.{ending}"
        if os.environ.get("WRITE_SHEETS"):
            LIBREOFFICE.mkdir(exist_ok=True)
            shutil.copy(written, LIBREOFFICE)
        found = world.preview(world.read(written.read_bytes(), written.name))
        assert {item.row.key: item.words_after for item in found.changes} == SAID


def test_only_the_cells_of_answers_are_open_and_nothing_is_a_formula(world):
    Question.objects.filter(pk=PK).update(example="=HYPERLINK(1)")
    parts = parts_of(world.filled(ANSWERS))
    styles = parts["xl/styles.xml"].decode()
    formats = re.findall(r"<xf [^>]*?(?:/>|>.*?</xf>)", styles.split("<cellXfs")[1].split("</cellXfs>")[0])
    cells = re.findall(r'<c r="([A-Z]+\d+)" s="(\d+)"', parts[FIGURES].decode())
    opened = {cell for cell, style in cells if 'locked="0"' in formats[int(style)]}

    assert opened == {
        *("F6", "I6", "J6", "K6"),
        *("G7", "H7", "I7", "J7", "K7"),
        *("F8", "G8", "H8", "I8", "J8", "K8"),
        *("F9", "J9", "K9"),
    }
    assert all(b"<f>" not in content for content in parts.values())
    assert b'sheet="1"' in parts[FIGURES]
    assert b'name="schema" sheetId="4" state="veryHidden"' in parts["xl/workbook.xml"]
    lists = re.findall(r"<formula1>(.*?)</formula1>", parts[FIGURES].decode())
    assert '"non disponible,sans objet"' in [text.replace("&quot;", '"') for text in lists]


def test_last_year_is_beside_the_answer(world):
    campaign = world.submission.campaign
    before = SubmissionFactory(
        campaign__year__agreement=campaign.year.agreement,
        campaign__year__number=2022,
        organisation=world.submission.organisation,
    )
    asked = QuestionFactory(submission=before, indicator=world.question(PLACES).indicator)
    save_answer(question=asked, version=0, by=world.by, number=Decimal(1100))
    moves.send(submission=before, by=world.by, organisation=before.organisation)
    moves.validate(submission=before, by=UserFactory(), organisation=OrganisationFactory())

    sheet = read_book(world.made(), name="a.xlsx")[0]

    assert [sheet.at(row, 4) for row in (3, 5, 6)] == ["En 2022", "1\u202f100\u00a0places", "–"]


def test_rows_and_columns_moved_by_the_person_still_answer_their_question(world):
    """Sorted, with a row and a column inserted, under other words: the keys tell."""

    def moved(text):
        text = re.sub(
            r'r="([A-Z])(\d+)"',
            lambda m: f'r="{chr(ord(m[1]) + (m[1] > "C"))}{ {"6": 9, "9": 6}.get(m[2], int(m[2])) }"',
            text,
        )
        rows = dict(re.findall(r'(?s)<row r="(\d+)"(.*?</row>)', text))
        rows["6"], rows["9"] = rows["9"], rows["6"]
        body = "".join(f'<row r="{number}"{rest}' for number, rest in rows.items())
        return re.sub(r"(?s)<sheetData>.*</sheetData>", lambda _: f"<sheetData>{body}</sheetData>", text)

    raw = with_part(world.filled(ANSWERS), moved)
    raw = with_part(raw, lambda text: text.replace("Places", "Autre chose"), "xl/sharedStrings.xml")
    found = world.preview(world.read(raw))

    assert {item.row.key: item.words_after for item in found.changes} == SAID
    assert {item.row.key: item.cell for item in found.changes}[PLACES] == "G9"


def test_what_the_form_changed_since_stays_where_the_workbook_says_nothing_new(world):
    raw = world.filled({ARREARS: {"numerator": 1, "denominator": 4}})
    world.save(PLACES, number=Decimal(7))

    found = world.preview(world.read(raw))

    assert [item.row.key for item in found.changes] == [ARREARS]


def test_what_both_changed_is_told(world):
    raw = world.filled({PLACES: {"value": 5}})
    world.save(PLACES, number=Decimal(7))

    (item,) = world.preview(world.read(raw)).changes

    assert (item.words_before, item.was_changed_meanwhile) == ("7\u00a0places", True)


def test_an_answer_changed_after_the_preview_stops_everything(world):
    filled = world.read(world.filled(ANSWERS))
    seen = world.preview(filled).seen
    world.save(ARREARS, numerator=Decimal(1), denominator=Decimal(2))
    before = world.said()

    found, done = confirm(world, filled, seen)

    assert (done, world.said(), len(found.changes)) == (False, before, 5)


def test_nothing_is_half_written_when_the_last_answer_is_refused(world, monkeypatch):
    filled, before = world.read(world.filled(ANSWERS)), world.said()

    def refuse(*, question, **given):
        if question.is_text:
            raise ValidationError("Non.")
        return save(question=question, **given)

    save = sheets.preview.__globals__["save_answer"]
    monkeypatch.setitem(sheets.preview.__globals__, "save_answer", refuse)
    with pytest.raises(ValidationError, match="Non"):
        confirm(world, filled)

    assert (world.said(), PendingImport.objects.count()) == (before, 1)


def test_an_emptied_cell_takes_the_answer_away(world):
    raw = world.filled({PLACES: {"value": None, "qualifier": None, "note": None}})
    confirm(world, world.read(raw))

    assert not Answer.objects.get(question=PK).is_given


@pytest.mark.parametrize(
    ("typed", "number", "blank"),
    [
        ("1\u202f234,5", Decimal("1234.5"), ""),
        ("1\u00a0000", Decimal(1000), ""),
        ("2 770 €", Decimal(2770), ""),
        (0, Decimal(0), ""),
        (None, None, "unavailable"),
    ],
)
def test_numbers_are_typed_as_the_french_write_them(world, typed, number, blank):
    given = {"value": typed, "qualifier": None, "blank": "Non Disponible" if blank else None}
    confirm(world, world.read(world.filled({PLACES: given})))

    answer = Answer.objects.get(question=PK)
    assert (answer.number, answer.blank) == (number, blank)


# --- Wrong cells ---

WRONG = {
    "words": (PLACES, {"value": "beaucoup"}, "F6 « beaucoup » n'est pas un nombre"),
    "truth": (PLACES, {"value": True}, "F6 « oui » n'est pas un nombre"),
    "day": (PLACES, {"value": date(2023, 1, 1)}, "F6 « 01/01/2023 » n'est pas un nombre"),
    "below zero": (PLACES, {"value": -1}, "F6 Un nombre négatif est impossible"),
    "huge": (PLACES, {"value": 10**20}, "F6 Ce nombre est trop grand"),
    "decimals": (PLACES, {"value": Decimal("0.33333")}, "F6 Gardez au plus 4 chiffres après la virgule"),
    "both": (PLACES, {"blank": "sans objet"}, "J6 Cette ligne porte un chiffre et « sans objet »"),
    "no such blank": (PLACES, {"value": None, "blank": "bof"}, "J6 « bof » n'est pas dans la liste"),
    "qualifier alone": (ARREARS, {"qualifier": "environ"}, "I7 « environ » attend un nombre"),
    "half a rate": (ARREARS, {"numerator": 3}, "H7 Écrivez aussi le dénominateur"),
    "nothing to divide by": (ARREARS, {"numerator": 0, "denominator": 0}, "H7 Le dénominateur doit être"),
    "not a rate": (PLACES, {"denominator": 3}, "H6 « 3 » n'a pas sa place ici"),
    "share and counts": (SHARE, {"value": 3, "numerator": 1}, "F8 Gardez soit le pourcentage publié, soit"),
    "no day": (OPENED, {"value": "bientôt"}, "F9 « bientôt » n'est pas une date"),
    "long note": (PLACES, {"note": "x" * 501}, "K6 "),
    "long text": (NOTES, {"text": "x" * 10_001}, "D5 Ce texte dépasse 10\u202f000 caractères"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_cell_is_named_and_stops_everything(world, case):
    key, given, sentence = WRONG[case]
    filled = world.read(world.filled(ANSWERS | {key: given}))
    found, done = confirm(world, filled)

    (fault,) = told(found)
    assert sentence in fault
    assert fault.endswith((".", ").", "».", "?"))
    assert (done, list(world.said())) == (False, [PLACES])


@pytest.mark.parametrize("error", ["#REF!", "#DIV/0!", "#NAME?"])
def test_a_cell_in_error_does_not_take_the_answer_away(world, error):
    raw = with_cell(world.made(), "F6", f't="e"><f>A1/0</f><v>{error}</v>')

    assert "F6 Cette cellule est en erreur" in told(world.preview(world.read(raw)))[0]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("><f>650*2</f><v>1300</v>", ["environ 1\u202f300\u00a0places (remarque : hors hôtel)"]),
        ('t="str"><f>"a"</f><v>a</v>', []),
    ],
)
def test_the_result_of_a_formula_is_read_when_it_is_a_number(world, content, said):
    found = world.preview(world.read(with_cell(world.made(), "F6", content)))

    assert [item.words_after for item in found.changes] == said
    assert bool(found.faults) != bool(said)


def test_the_workbook_comes_back_with_its_faults_in_red_and_what_was_typed(world):
    typed = ANSWERS | {PLACES: {"value": "beaucoup"}, ARREARS: {"numerator": 3, "note": "=1+1"}}
    filled = world.read(world.filled(typed))
    found = world.preview(filled)
    faults = {(item.row.key, fault.code): fault.sentence for item in found.items for fault in item.faults}

    raw = sheets.write(world.submission, filled=filled, faults=faults)

    again = world.read(raw)
    assert [row.values for row in again.rows] == [row.values for row in filled.rows]
    assert told(world.preview(again)) == told(found)
    parts = parts_of(raw)
    comments = re.findall(r'<comment ref="(\w+)"', parts["xl/comments1.xml"].decode())
    assert comments == ["F6", "H7"]
    assert "« beaucoup » n'est pas un nombre" in parts["xl/comments1.xml"].decode().replace("&apos;", "'")


def test_a_row_copied_is_a_fault_and_a_row_added_is_told(world):
    def copied(text):
        row = re.search(r'<row r="6".*?</row>', text)[0].replace('r="6"', 'r="20"')
        added = '<row r="21"><c r="F21"><v>9</v></c></row>'
        return text.replace(
            "</sheetData>", re.sub(r'r="([A-Z])6"', r'r="\g<1>20"', row) + added + "</sheetData>"
        )

    found = world.preview(world.read(with_part(world.made(), copied)))

    assert told(found) == ["Chiffres F20 Cette ligne est déjà à la ligne 6 : supprimez l'une des deux."]
    assert found.notices == [
        "Feuille « Chiffres », ligne 21 : cette ligne n'est pas du questionnaire, elle n'est pas lue."
    ]


def test_a_row_removed_changes_nothing_and_is_told(world):
    raw = with_part(world.made(), lambda text: re.sub(r'<row r="6".*?</row>', "", text))
    found = world.preview(world.read(raw))

    assert (found.changes, found.notices) == (
        [],
        ["Lignes absentes du fichier, dont les réponses ne changent pas : « Places »."],
    )


def test_only_contested_answers_change_in_a_correction(world):
    for key, given in ((ARREARS, {"blank": "unavailable"}), (SHARE, {"blank": "unavailable"})):
        world.save(key, **given)
    world.save(OPENED, day=date(2023, 1, 2))
    moves.send(submission=world.submission, by=world.by, organisation=world.submission.organisation)
    moves.request_correction(
        submission=world.submission,
        comment="Relisez.",
        remarks={PK: "Comptez les places fermées."},
        by=UserFactory(),
        organisation=OrganisationFactory(),
    )
    world.submission = Submission.objects.get(pk=PK)
    raw = world.filled({PLACES: {"value": 9}, OPENED: {"value": date(2023, 5, 6)}})

    found = world.preview(world.read(raw))

    assert [item.row.key for item in found.changes] == [PLACES]
    (sentence,) = told(found)
    assert sentence.startswith("Chiffres F9 Cette réponse n'est pas à corriger")
    assert sentence.endswith("Remettez ce qui y était : « 2 janvier 2023 ».")
    assert read_book(raw, name="a.xlsx")[0].at(5, 11) == "Comptez les places fermées."


def test_a_question_that_changed_since_is_a_fault_and_a_new_one_is_told(world):
    raw = world.filled(ANSWERS)
    indicator = world.question(PLACES).indicator
    indicator.unit = "ménages"
    indicator.save()
    QuestionFactory(submission=world.submission, indicator__label="Sorties", action=None)
    Question.objects.filter(pk=PK + 3).delete()

    found = world.preview(world.read(raw))

    assert [fault.partition(" La")[0] for fault in told(found)] == ["Chiffres F6"]
    assert [notice.partition(" :")[0] for notice in found.notices] == [
        f"Questions ajoutées depuis le téléchargement du {timezone.localdate():%d/%m/%Y}, absentes du fichier",
        "Feuille « Chiffres », ligne 9",
    ]


# --- Whose workbook ---


def other(world):
    submission = SubmissionFactory(campaign=world.submission.campaign)
    QuestionFactory(submission=submission, indicator__label="Secret")
    return submission


def test_the_workbook_of_another_partner_is_refused(world):
    with pytest.raises(SpreadsheetError, match=r"celui d'un autre bilan.*Le Toit pour 2023"):
        world.read(sheets.write(other(world)))


def test_a_schema_rewritten_for_oneself_is_refused(world):
    """The schema of one's own workbook put in another's: only what the signature holds counts."""
    stolen, own = sheets.write(other(world)), world.made()
    text = next(v for s in read_book(stolen, name="a.xlsx") for line in s.rows for v in line if is_schema(v))
    forged = text[:-3] + ("abc" if not text.endswith("abc") else "abd")
    mine = next(v for s in read_book(own, name="a.xlsx") for line in s.rows for v in line if is_schema(v))
    swap = with_part(own, lambda strings: strings.replace(mine, forged), "xl/sharedStrings.xml")

    with pytest.raises(SpreadsheetError, match="feuille cachée de ce tableur a été modifiée"):
        world.read(swap)


def is_schema(value):
    return isinstance(value, str) and value.startswith(schema.MARK)


def strip(text):
    return re.sub(r"<t[ >].*?</t>", "<t>x</t>", text)


def without_schema(raw):
    return with_part(raw, lambda t: re.sub(rf"{schema.MARK}[^<]*", "", t), "xl/sharedStrings.xml")


REFUSED = {
    "no schema": (without_schema, "sa feuille cachée a été supprimée"),
    "a table of their own": (
        lambda raw: with_part(raw, strip, "xl/sharedStrings.xml"),
        "n'est pas le tableur",
    ),
    "no corner": (
        lambda raw: with_part(raw, lambda t: t.replace("bilan:chiffres", "x"), "xl/sharedStrings.xml"),
        "La feuille des chiffres a disparu",
    ),
    "no column": (
        lambda raw: with_part(raw, lambda t: t.replace(">blank<", ">x<"), "xl/sharedStrings.xml"),
        "la colonne « Absence » a disparu",
    ),
    "column twice": (
        lambda raw: with_part(raw, lambda t: t.replace(">note<", ">blank<"), "xl/sharedStrings.xml"),
        "la colonne « Absence » y est deux fois",
    ),
    "sheet twice": (
        lambda raw: with_part(
            raw, lambda t: t.replace("bilan:textes", "bilan:chiffres"), "xl/sharedStrings.xml"
        ),
        "y est plusieurs fois",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_workbook_that_lost_its_marks_is_refused_with_what_to_do(world, case):
    change, sentence = REFUSED[case]

    with pytest.raises(SpreadsheetError, match=sentence):
        world.read(change(world.made()))


def test_a_workbook_of_a_former_version_is_refused(world, monkeypatch):
    monkeypatch.setattr(schema, "FORMAT", 0)
    raw = world.made()
    monkeypatch.undo()

    with pytest.raises(SpreadsheetError, match="version précédente"):
        world.read(raw)
