"""What was sent, as canonical JSON: sorted keys, decimals as strings, every label as it was that day."""

import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from axes.models import Document, Indicator
from axes.models.quantity import Quantity
from logement.canonical import decimal_text

DECIMALS = ("number", "numerator", "denominator")


@dataclass(frozen=True, slots=True)
class SentFigure:
    """A figure as it was sent, with the field names of a Quantity."""

    number: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    day: date | None
    qualifier: str
    blank: str
    note: str

    @property
    def quantity(self):
        return {name: getattr(self, name) for name in Quantity.FIELDS}


def content_of(submission, questions, *, rank, sent_at, sent_by, is_on_behalf, source_name=""):
    """The content of a sending. `questions` come with their answer, indicator, action and standing documents."""
    year = submission.campaign.year
    return {
        "format": 1,
        "territory": str(year.territory),
        "year": year.number,
        "organisation": submission.organisation.name,
        "rank": rank,
        "sent_at": sent_at.isoformat(timespec="seconds"),
        "sent_by": str(sent_by),
        "is_on_behalf": is_on_behalf,
        "source": source_name,
        "answers": [answer_of(question) for question in questions],
    }


def answer_of(question):
    described = {
        "question": question.pk,
        "kind": question.kind,
        "action": str(question.action) if question.action else "",
        "label": question.label,
    }
    answer = question.draft
    if question.is_figure:
        return described | describe(question.indicator) | figure_of(answer)
    if question.is_text:
        return described | {"text": answer.text if answer else ""}
    return described | {
        "documents": [
            {"name": document.name, "size": document.size, "sha256": document.digest}
            for document in question.documents.all()
            if document.removed_at is None
        ]
    }


def describe(indicator: Indicator):
    return {"code": indicator.code, "unit": indicator.unit, "definition": indicator.definition}


def figure_of(answer):
    """The Quantity of an answer as JSON holds it."""
    return {
        "number": decimal_text(answer.number),
        "numerator": decimal_text(answer.numerator),
        "denominator": decimal_text(answer.denominator),
        "day": answer.day.isoformat() if answer.day else None,
        "qualifier": answer.qualifier,
        "blank": answer.blank,
        "note": answer.note,
    }


def read(sending):
    """The content of a Sending, as `content_of` made it."""
    return json.loads(sending.content)


def figures_of(sending):
    """{question.pk: SentFigure} of the figures of a Sending."""
    return {
        answer["question"]: sent_figure(answer)
        for answer in read(sending)["answers"]
        if answer["kind"] == "figure"
    }


def files_of(answers):
    """{question.pk: [(key of the Document, the file as it was sent)]} of the answers of a content. One query."""
    keys = {
        (document.question_id, document.digest): document.pk
        for document in Document.objects.filter(question__in=[answer["question"] for answer in answers])
    }
    return {
        answer["question"]: [
            (keys[answer["question"], file["sha256"]], file) for file in answer.get("documents", ())
        ]
        for answer in answers
    }


def sent_figure(answer):
    return SentFigure(
        **{name: None if answer[name] is None else Decimal(answer[name]) for name in DECIMALS},
        day=date.fromisoformat(answer["day"]) if answer["day"] else None,
        **{name: answer[name] for name in ("qualifier", "blank", "note")},
    )
