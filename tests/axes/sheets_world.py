"""A questionnaire with a question of each shape, always under the same keys, and ways to fill its workbook.

The keys are fixed because the files that LibreOffice wrote (tests/axes/sheets/) hold a schema signed for them. To write
them again, once Debian's libreoffice-calc-nogui is installed:

    WRITE_SHEETS=1 .venv/bin/python -m pytest -q -m libreoffice tests/axes/test_sheets.py
"""

import re
import zipfile
from decimal import Decimal
from io import BytesIO

from axes.models import Question, Submission
from axes.submissions import sheets
from axes.submissions.answers import save_answer
from tests.factories import ActionFactory, IndicatorFactory, MembershipFactory, YearFactory
from tests.factories.campaigns import QuestionFactory, SubmissionFactory

PK = 900_001
PLACES, ARREARS, SHARE, OPENED, NOTES = (f"q{PK + rank}" for rank in range(5))


class World:
    """« Le Toit » is asked a number, a rate, a share, a date and a text; it has answered the number."""

    def __init__(self):
        year = YearFactory(number=2023, agreement__territory__code="ici")
        territory = year.territory
        action = ActionFactory(axis__agreement=year.agreement, label="Bail d'abord")
        self.submission = SubmissionFactory(
            pk=PK, campaign__year=year, campaign__opened=True, organisation__name="Le Toit"
        )
        self.by = MembershipFactory(
            partner=True, territory=territory, organisation=self.submission.organisation
        ).user
        asked = [
            {"label": "Places", "unit": "places", "definition": "Places ouvertes au 31 décembre."},
            {"label": "Impayés", "unit": "%", "kind": "rate", "base": "ménages suivis"},
            {"label": "Part de femmes", "unit": "%", "kind": "context"},
            {"label": "Ouverture", "unit": "date", "kind": "event"},
        ]
        for rank, described in enumerate(asked):
            QuestionFactory(
                pk=PK + rank,
                submission=self.submission,
                position=rank,
                indicator=IndicatorFactory(
                    territory=territory, action=action, source="submitted", **described
                ),
            )
        QuestionFactory(
            pk=PK + 4,
            submission=self.submission,
            position=4,
            indicator=None,
            action=action,
            kind=Question.Kind.HIGHLIGHTS,
        )
        self.save(PLACES, number=Decimal("1234.5"), qualifier="around", note="hors hôtel")
        self.submission = Submission.objects.get(pk=PK)

    def question(self, key):
        return Question.objects.get(pk=key[1:])

    def save(self, key, **given):
        question = self.question(key)
        answer = getattr(question, "answer", None)
        return save_answer(
            question=question,
            version=answer.version if answer else 0,
            by=self.by,
            organisation=self.submission.organisation,
            **given,
        )

    def said(self):
        """{key: what the draft says}, in the words of the preview."""
        filled = self.read(self.made())
        return {item.row.key: item.words_before for item in self.preview(filled).items if item.before}

    def made(self):
        return sheets.write(self.submission)

    def read(self, raw, name="bilan.xlsx"):
        return sheets.read(raw, name=name, submission=self.submission)

    def preview(self, filled):
        return sheets.preview(self.submission, filled)

    def filled(self, answers):
        """The bytes of the workbook with {key: {code: value}} typed in it."""
        filled = self.read(self.made())
        for row in filled.rows:
            row.values |= answers.get(row.key, {})
        return sheets.write(self.submission, filled=filled)


ANSWERS = {
    PLACES: {"value": 1300, "qualifier": None, "note": None},
    ARREARS: {"numerator": "1 204", "denominator": 2000},
    SHARE: {"value": "62,5 %"},
    OPENED: {"value": "24 mai 2023"},
    NOTES: {"text": "Trois ouvertures.\n=1+1 n'est pas une formule."},
}
SAID = {
    PLACES: "1\u202f300\u00a0places",
    ARREARS: "60\u00a0%",
    SHARE: "62,5\u00a0%",
    OPENED: "24 mai 2023",
    NOTES: ANSWERS[NOTES]["text"],
}


def parts_of(raw):
    with zipfile.ZipFile(BytesIO(raw)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def archive(parts):
    output = BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return output.getvalue()


FIGURES = "xl/worksheets/sheet1.xml"


def with_part(raw, change, name=FIGURES):
    """The same workbook, one part of it passed through `change(text)`."""
    parts = parts_of(raw)
    return archive(parts | {name: change(parts[name].decode()).encode()})


def with_cell(raw, address, content):
    """The same workbook, a cell of the sheet of figures replaced: `content` is what stands inside <c …>…</c>."""

    def change(text):
        changed, count = re.subn(
            rf'<c r="{address}"( s="\d+")?[^>]*?(/>|>.*?</c>)', rf'<c r="{address}"\g<1> {content}</c>', text
        )
        assert count == 1, address
        return changed

    return with_part(raw, change)
