"""What a workbook says of itself, signed: whose it is, which question each key names, what each answer was.

The signature proves that the application wrote it; whoever gives it back is known otherwise (axes/doors.py).
"""

from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256

from django.core.signing import BadSignature, dumps, loads

from axes.models.quantity import Quantity
from axes.values import Shape, shape_of
from logement.canonical import decimal_text
from logement.spreadsheets import SpreadsheetError

FORMAT = 1
SALT = "axes.sheet"
MARK = "bilan-signe:"  # what the cell of the schema begins with, in a hidden sheet
FIGURES, TEXTS = "bilan:chiffres", "bilan:textes"  # the corners of the sheets of answers
HEADINGS = "titres"  # the key of the row of headings
AGAIN = "Téléchargez de nouveau le tableur de ce bilan, recopiez-y vos réponses, puis redonnez-le."


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it was when the workbook was made: its key in the database, what it asked, what it held."""

    question: int
    stamp: str
    base: str


@dataclass(frozen=True, slots=True)
class Schema:
    """`questions`: {key of the row: Asked}; `columns`: {corner of a sheet: codes of its answer columns}."""

    submission: int
    made_on: date
    questions: dict[str, Asked]
    columns: dict[str, list[str]] = field(default_factory=dict)


def key_of(question):
    return f"q{question.pk}"


def stamp_of(question):
    """What a question asks: a number of places, then of households, is no longer the same cell."""
    asked = [question.kind, question.label]
    if question.is_figure:
        asked += [question.indicator.unit, shape_of(question.indicator).name]
    return short(asked)


def base_of(answer):
    """A digest of what an answer says; nothing said and no answer are the same."""
    return (
        base_of_fields({name: getattr(answer, name) for name in (*Quantity.FIELDS, "text")})
        if answer
        else NOTHING
    )


def base_of_fields(fields):
    """The same of {field: value}: numbers without useless zeros, texts without the spaces that a spreadsheet drops."""
    return short(
        [
            *(decimal_text(fields[name]) for name in ("number", "numerator", "denominator")),
            fields["day"] and fields["day"].isoformat(),
            str(fields["qualifier"]),
            str(fields["blank"]),
            " ".join(fields["note"].split()),
            " ".join(fields["text"].split()),
        ]
    )


def short(parts):
    return sha256(repr(parts).encode()).hexdigest()[:16]


NOTHING = short([None, None, None, None, "exact", "", "", ""])


def signed(schema):
    """The text of the hidden cell."""
    return MARK + dumps(
        {
            "format": FORMAT,
            "submission": schema.submission,
            "made_on": schema.made_on.isoformat(),
            "questions": {key: [a.question, a.stamp, a.base] for key, a in schema.questions.items()},
            "columns": schema.columns,
        },
        salt=SALT,
        compress=True,
    )


def verified(text, submission):
    """The Schema of a hidden cell, made for this submission. Raises SpreadsheetError."""
    try:
        data = loads(text.removeprefix(MARK), salt=SALT)
    except BadSignature as error:
        raise SpreadsheetError(f"La feuille cachée de ce tableur a été modifiée. {AGAIN}") from error
    if data["format"] != FORMAT:
        raise SpreadsheetError(f"Ce tableur vient d'une version précédente de l'application. {AGAIN}")
    if data["submission"] != submission.pk:
        raise SpreadsheetError(
            "Ce tableur est celui d'un autre bilan (une autre année, ou un autre partenaire). Donnez celui de "
            f"{submission.organisation} pour {submission.campaign.year.number}, ou téléchargez-le de nouveau."
        )
    return Schema(
        data["submission"],
        date.fromisoformat(data["made_on"]),
        {key: Asked(*asked) for key, asked in data["questions"].items()},
        data["columns"],
    )


#: The columns of answers by shape: the others are not for this question.
CODES = {
    Shape.NUMBER: ("value",),
    Shape.RATE: ("numerator", "denominator"),
    Shape.SHARE: ("value", "numerator", "denominator"),
    Shape.DAY: ("value",),
}
WORDS = {
    "value": "Réponse",
    "numerator": "Numérateur",
    "denominator": "Dénominateur",
    "qualifier": "Précision",
    "blank": "Absence",
    "note": "Remarque",
    "text": "Votre texte",
}


def codes_of(question):
    """The columns where a question is answered."""
    if question.is_text:
        return ("text",)
    shape = shape_of(question.indicator)
    return (*CODES[shape], *(() if shape is Shape.DAY else ("qualifier",)), "blank", "note")


def columns_for(figures):
    """The answer columns of the sheet of figures: those of the rates only where one is asked."""
    used = {code for question in figures for code in codes_of(question)} | {"value", "qualifier"}
    return [code for code in WORDS if code in used and code != "text"]
