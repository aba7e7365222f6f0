"""A partner's questionnaire as its page shows it: questions under their action, parts under their whole, what is
missing, what deserves a second look."""

from dataclasses import dataclass, field

from axes.answer_forms import AnswerForm, form_of
from axes.models import Proposal, Question
from axes.notices import warnings_of_persons
from axes.submissions import moves
from axes.submissions.answers import is_editable
from axes.submissions.last_year import values_last_year
from axes.values import Shape, Value, doubt_of_part, doubt_of_rate, period_of, shape_of, value_of_fields
from logement.numbers import agree, format_number


@dataclass(slots=True)
class Asked:
    """A question with its answer. `level`: 0, or how deep it is a part. `lost`: what was typed and cannot be saved."""

    question: Question
    value: Value | None
    is_editable: bool
    form: AnswerForm | None = None
    before: Value | None = None
    whole: "Asked | None" = None
    parts: list["Asked"] = field(default_factory=list)
    proposals: list[Proposal] = field(default_factory=list)
    level: int = 0
    conflict: dict | None = None
    file_errors: list[str] = field(default_factory=list)

    @property
    def answer(self):
        return self.question.draft

    @property
    def period(self):
        number = self.question.submission.campaign.year.number
        return period_of(self.question.indicator, number).label

    @property
    def doubts(self):
        """French sentences; nothing is refused for them."""
        found = []
        if self.value:
            found.append(doubt_of_rate(self.value))
            if self.whole and self.whole.value:
                found.append(
                    doubt_of_part(
                        self.question.indicator,
                        self.value,
                        whole=self.whole.question.indicator,
                        of=self.whole.value,
                    )
                )
        texts = (self.answer.note, self.answer.text) if self.answer else ()
        return [*filter(None, found), *warnings_of_persons(*texts)]

    @property
    def reading(self):
        """How a rate was read: « soit 71 % », or what it still lacks."""
        answer = self.answer
        if not self.question.is_figure or answer is None:
            return ""
        if (answer.numerator is None) != (answer.denominator is None):
            return f"Il manque le {'numérateur' if answer.numerator is None else 'dénominateur'}."
        if answer.denominator is None:
            return ""
        return f"soit {self.value.figure}" if self.value.unit == "%" else ""

    @property
    def lost(self):
        """[(label, words)] of what was typed and cannot be saved any more: nothing typed disappears."""
        if self.is_editable or self.form is None:
            return []
        shown = [
            field for field in self.form if not field.is_hidden and field.name not in {"answer", "qualifier"}
        ]
        return [(field.label, field.value()) for field in shown if field.value()]

    @property
    def replied(self):
        """[(value, proposal)] of the other values that were proposed and wait for nothing any more."""
        return [
            (proposal_value(self, proposal), proposal)
            for proposal in self.proposals
            if proposal.outcome != Proposal.Outcome.PENDING
        ]

    @property
    def counted_parts(self):
        """The parts that add up beside their whole: same unit, same period, one answer each."""
        indicator = self.question.indicator
        if indicator is None or indicator.has_multiple_answers or shape_of(indicator) is not Shape.NUMBER:
            return []
        return [
            part
            for part in self.parts
            if not part.question.indicator.has_multiple_answers
            and shape_of(part.question.indicator) is Shape.NUMBER
            and part.question.indicator.unit == indicator.unit
            and part.question.indicator.temporality == indicator.temporality
        ]

    @property
    def total(self):
        """The running total of two parts or more, or None while nothing is typed in them."""
        parts = self.counted_parts
        numbers = [part.value.number for part in parts if part.value and part.value.number is not None]
        if len(parts) < 2 or not numbers:
            return None
        return Total(
            self.question.indicator.label,
            self.question.indicator.unit,
            sum(numbers),
            whole=self.value.number if self.value else None,
            is_complete=len(numbers) == len(parts),
        )


@dataclass(frozen=True, slots=True)
class Total:
    """The sum of the parts typed so far, and the whole that they are parts of (None: not typed yet)."""

    label: str
    unit: str
    sum: int
    whole: int | None
    is_complete: bool

    @property
    def is_above(self):
        return self.whole is not None and self.sum > self.whole

    @property
    def display(self):
        """« Total des parties : 54 ménages sur 56. Il en reste 2 hors de ces parties. »"""
        words = f"{format_number(self.sum)} {agree(self.unit, self.sum)}"
        if self.whole is None:
            return f"Total des parties : {words}."
        words = f"Total des parties : {words} sur {format_number(self.whole)}."
        if self.is_above:
            return f"{words} C'est {format_number(self.sum - self.whole)} de trop : vérifiez."
        if self.sum == self.whole:
            return f"{words} Le compte est bon."
        left = format_number(self.whole - self.sum)
        return f"{words} Reste {left}{'' if self.is_complete else ' à répartir'}."


class Questionnaire:
    """What one page needs: the same queries whatever the number of questions.

    `to_fill=False`: what is said of the answers, without their forms nor last year.
    """

    def __init__(self, submission, party, *, to_fill=True):
        self.submission, self.party, self.is_to_fill = submission, party, to_fill
        questions = list(moves.questions_of(submission))
        for question in questions:
            question.submission = submission
        proposals = {}
        for proposal in Proposal.objects.filter(question__submission=submission).select_related(
            "created_by", "replied_by", "question__indicator"
        ):
            proposals.setdefault(proposal.question_id, []).append(proposal)
        indicators = [question.indicator for question in questions if question.is_figure]
        before = values_last_year(submission, indicators) if to_fill else {}
        self.asked = {
            question.pk: self._asked(question, before, proposals.get(question.pk, []))
            for question in questions
        }
        self._join_parts()

    def _asked(self, question, before, proposals):
        is_theirs = self.submission.is_on_behalf and not self.party.is_lead
        editable = is_editable(question, self.submission) and not is_theirs
        has_form = self.is_to_fill and editable and not question.is_documents
        return Asked(
            question,
            value=value_of(question, self.submission),
            is_editable=editable,
            form=form_of(question) if has_form else None,
            before=before.get(question.indicator_id),
            proposals=proposals,
        )

    def _join_parts(self):
        by_indicator = {asked.question.indicator_id: asked for asked in self.asked.values()}
        for asked in self.asked.values():
            whole = by_indicator.get(asked.question.indicator.whole_id) if asked.question.is_figure else None
            if whole is not None and asked.question.indicator.whole_id:
                asked.whole = whole
                whole.parts.append(asked)

    @property
    def groups(self):
        """[(action or None, [Asked])]: in the order of the questions, each part after its whole."""
        found = {}
        for asked in self.asked.values():
            if asked.whole is None:
                found.setdefault(asked.question.action, []).extend(with_parts(asked))
        return list(found.items())

    @property
    def figures(self):
        return [asked for asked in self.asked.values() if asked.question.is_figure]

    @property
    def missing(self):
        return [asked for asked in self.figures if asked.question.is_missing]

    @property
    def answered(self):
        return len(self.figures) - len(self.missing)

    @property
    def progress(self):
        """« 7 réponses sur 12 »."""
        return f"{self.answered} {agree('réponses', self.answered)} sur {len(self.figures)}"

    @property
    def is_editable(self):
        return any(asked.is_editable for asked in self.asked.values())

    @property
    def pending_proposals(self):
        return [
            (asked, proposal_value(asked, proposal), proposal)
            for asked in self.asked.values()
            for proposal in asked.proposals
            if proposal.outcome == Proposal.Outcome.PENDING
        ]

    @property
    def doubtful(self):
        return [
            asked for asked in self.asked.values() if asked.doubts or (asked.total and asked.total.is_above)
        ]

    def family(self, asked):
        """Those whose remarks change with this answer: its whole, itself, its parts."""
        return [*([asked.whole] if asked.whole else []), asked, *asked.parts]


def with_parts(asked, level=0):
    asked.level = level
    return [asked, *(below for part in asked.parts for below in with_parts(part, level + 1))]


def value_of(question, submission):
    """The Value of a draft answer, or None while there is none."""
    if not question.is_figure or question.is_missing:
        return None
    return value_of_fields(
        question.draft.quantity, submission.campaign.year.number, indicator=question.indicator
    )


def proposal_value(asked, proposal):
    question = asked.question
    number = question.submission.campaign.year.number
    return value_of_fields(proposal.quantity, number, indicator=question.indicator)
