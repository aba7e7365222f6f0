"""What was sent, in the order in which it deserves a look: what breaks a rule, then what moved most since last year."""

from dataclasses import dataclass, field
from decimal import Decimal

from axes.models import Accepted, Indicator, Proposal
from axes.models.quantity import Qualifier
from axes.submissions.content import files_of, read, sent_figure
from axes.submissions.last_year import values_last_year
from axes.values import Change, Value, change_between, is_more, quantity, value_of_fields
from logement.numbers import format_change, format_number, share

#: A jump: at least so many percents of last year's value, and so many units; or so many points between two shares.
JUMP_PERCENT, JUMP_UNITS, JUMP_POINTS = 50, 5, 20


@dataclass(frozen=True, slots=True)
class Finding:
    """Why an answer deserves a look: a French sentence and its calculation. `is_rule`: it cannot be right as it is."""

    sentence: str
    calculation: str
    is_rule: bool = True


@dataclass(slots=True)
class SentLine:
    """A figure as it was sent, beside what it is compared with. `was`: in the sending before, where it differs."""

    key: int
    label: str
    action: str
    indicator: Indicator
    value: Value
    before: Value | None = None
    change: Change | None = None
    was: Value | None = None
    accepted: Value | None = None
    is_accepted: bool = False
    remark: str = ""
    findings: list[Finding] = field(default_factory=list)
    proposals: list = field(default_factory=list)

    @property
    def movement(self):
        """From 0, as last year, to 1: the difference over the larger of the two; points over a hundred for shares."""
        if self.change is None:
            return Decimal(0)
        if self.change.is_in_points:
            return min(abs(self.change.difference) / 100, Decimal(1))
        largest = max(abs(self.before.number), abs(self.value.number))
        return abs(self.change.difference) / largest if largest else Decimal(0)

    @property
    def is_proposed(self):
        """Whether another value waits for the partner's reply."""
        return any(proposal.outcome == Proposal.Outcome.PENDING for proposal, _ in self.proposals)

    @property
    def weight(self):
        """To sort by, the heaviest first."""
        rules = sum(finding.is_rule for finding in self.findings)
        is_new = self.change is None and not self.value.blank
        return (rules, len(self.findings), self.movement, is_new)


@dataclass(slots=True)
class Reading:
    """A sending as the lead reads it: its figures, the heaviest first, its texts and its documents."""

    figures: list[SentLine]
    texts: list[dict]
    documents: list[dict]  # the answers, each with its files: (key, {name, size, sha256})

    @property
    def doubtful(self):
        return [line for line in self.figures if line.findings]

    @property
    def waiting(self):
        """The figures that this sending has and that do not count yet."""
        return [line for line in self.figures if not line.is_accepted]


def reading_of(sending):
    """The Reading of a Sending, in a number of queries that does not grow with its answers."""
    submission = sending.submission
    content = read(sending)
    questions = {
        question.pk: question
        for question in submission.questions.select_related("indicator__whole", "action__axis")
    }
    lines = [sent_line(answer, questions, content["year"]) for answer in of_kind(content, "figure")]
    compare_with_last_year(lines, submission)
    compare_with_sending_before(lines, sending)
    attach_decisions(lines, sending)
    for line in lines:
        line.findings = [*findings_of(line), *findings_among(line, lines)]
    texts = [answer for answer in content["answers"] if answer.get("text")]
    return Reading(
        figures=sorted(lines, key=lambda line: line.weight, reverse=True),
        texts=texts,
        documents=documents_of(content),
    )


def documents_of(content):
    """The answers made of documents, with the key of each file; those that hold none left out."""
    answers = [answer for answer in of_kind(content, "documents") if answer["documents"]]
    files = files_of(answers)
    return [answer | {"files": files[answer["question"]]} for answer in answers]


def of_kind(content, kind):
    return [answer for answer in content["answers"] if answer["kind"] == kind]


def sent_line(answer, questions, number):
    question = questions[answer["question"]]
    return SentLine(
        key=question.pk,
        label=answer["label"],
        action=answer["action"],
        indicator=question.indicator,
        value=value_of_answer(answer, question.indicator, number),
        remark=question.remark,
    )


def value_of_answer(answer, indicator, number):
    return value_of_fields(sent_figure(answer).quantity, number, indicator=indicator, unit=answer["unit"])


def compare_with_last_year(lines, submission):
    values = values_last_year(submission, [line.indicator for line in lines])
    for line in lines:
        line.before = values.get(line.indicator.pk)
        if line.before is not None and line.value.unit == line.before.unit:
            line.change = change_between(line.before, line.value)


def compare_with_sending_before(lines, sending):
    before = sending.submission.sendings.filter(rank__lt=sending.rank).order_by("-rank").first()
    if before is None:
        return
    content = read(before)
    answers = {answer["question"]: answer for answer in of_kind(content, "figure")}
    for line in lines:
        if answer := answers.get(line.key):
            was = value_of_answer(answer, line.indicator, content["year"])
            line.was = was if was != line.value else None


def attach_decisions(lines, sending):
    """What is in force, and the other values that were proposed."""
    by_key = {line.key: line for line in lines}
    number = sending.submission.campaign.year.number
    for accepted in Accepted.objects.current().filter(question__in=by_key):
        line = by_key[accepted.question_id]
        line.accepted = value_of_fields(
            accepted.quantity, number, indicator=line.indicator, unit=line.value.unit
        )
        line.is_accepted = accepted.sending_id == sending.pk
    proposals = Proposal.objects.filter(question__in=by_key).select_related("created_by", "replied_by")
    for proposal in proposals:
        line = by_key[proposal.question_id]
        value = value_of_fields(proposal.quantity, number, indicator=line.indicator, unit=line.value.unit)
        line.proposals.append((proposal, value))


def findings_of(line):
    """What an answer says against itself, or against last year."""
    value, before = line.value, line.before
    if value.denominator is not None and value.numerator > value.denominator:
        yield Finding(
            "Une part dépasse son tout : vérifiez le numérateur et le dénominateur.",
            f"{value.base_display} = {format_number(share(value.numerator, value.denominator))} %",
        )
    if value.number is not None and value.unit == "%" and value.number > 100 and not is_context(line):
        yield Finding("Un taux dépasse 100 %.", f"{value.display} > 100 %")
    if before is None:
        return
    if value.blank and before.comparable is not None:
        yield Finding(
            f"Ce chiffre était connu l'an dernier : il est déclaré « {value.display} ».",
            f"l'an dernier : {before.display}",
            is_rule=False,
        )
    if line.change is None:
        return
    is_cumulative = line.indicator.temporality == Indicator.Temporality.CUMULATIVE
    if (
        is_cumulative
        and line.change.difference < 0
        and Qualifier.AROUND not in {value.qualifier, before.qualifier}
    ):
        yield Finding("Un cumul ne diminue pas d'une année à l'autre.", f"{before.display} → {value.display}")
    elif is_jump(line.change):
        yield Finding(
            "Fort écart avec l'an dernier.",
            f"{before.display} → {value.display} : {line.change.display}",
            is_rule=False,
        )


def is_context(line):
    return line.indicator.kind == Indicator.Kind.CONTEXT


def is_jump(change):
    size = abs(change.difference)
    if change.is_in_points:
        return size >= JUMP_POINTS
    return size >= JUMP_UNITS and change.percent is not None and abs(change.percent) >= JUMP_PERCENT


def findings_among(line, lines):
    """What an answer says against the others of the same sending: its whole, its parts."""
    by_indicator = {other.indicator.pk: other for other in lines}
    whole = by_indicator.get(line.indicator.whole_id)
    if whole and is_more(line.value, whole.value):
        difference = line.value.number - whole.value.number
        yield Finding(
            f"Cette partie dépasse son tout, « {whole.label} ».",
            f"{line.value.display} > {whole.value.display} : {format_number(difference)} de trop",
        )
    parts = [other for other in lines if is_share_of(other, line)]
    if len(parts) < 2 or line.value.number is None or any(part.value.number is None for part in parts):
        return
    total = sum(part.value.number for part in parts)
    if total > line.value.number or (total != line.value.number and added_up_last_year(line, parts)):
        words = " + ".join(format_number(part.value.number) for part in parts)
        difference = format_change(total - line.value.number)
        yield Finding(
            "La somme des parties n'est pas égale au tout : "
            + ", ".join(f"« {part.label} »" for part in parts),
            f"{words} = {format_number(total)}, pour {quantity(line.value.number, line.value.unit)} "
            f"({difference})",
        )


def is_share_of(part, whole):
    """Whether a part divides the whole: counted over the same time, and nobody counted in two of them."""
    indicator = part.indicator
    return (
        indicator.whole_id == whole.indicator.pk
        and indicator.temporality == whole.indicator.temporality
        and not indicator.has_multiple_answers
        and not whole.indicator.has_multiple_answers
    )


def added_up_last_year(whole, parts):
    """The parts leave nobody out: last year they were the whole."""
    befores = [part.before.number if part.before else None for part in parts]
    if whole.before is None or whole.before.number is None or None in befores:
        return False
    return sum(befores) == whole.before.number


@dataclass(frozen=True, slots=True)
class Difference:
    """What changed from a sending to the next: a label, and how it read before and after."""

    label: str
    before: str
    after: str


def differences(earlier, later):
    """[Difference] between two sendings of a submission: figures, texts, documents."""
    if earlier is None:
        return []
    questions = {question.pk: question for question in later.submission.questions.select_related("indicator")}
    before = {answer["question"]: answer for answer in read(earlier)["answers"]}
    after = read(later)
    found = []
    for answer in after["answers"]:
        question = questions[answer["question"]]
        words = [words_of(held, question, after["year"]) for held in (before.get(question.pk), answer)]
        if words[0] != words[1]:
            found.append(Difference(answer["label"], *words))
    return found


def words_of(answer, question, number):
    """An answer as one text: « 12 ménages », the words of a text zone, the names of the documents."""
    if answer is None:
        return ""
    if answer["kind"] == "figure":
        value = value_of_answer(answer, question.indicator, number)
        base = f" ({value.base_display})" if value.denominator is not None and value.unit == "%" else ""
        return f"{value.display}{base}" + (f", {value.note}" if value.note else "")
    if answer["kind"] == "documents":
        return ", ".join(document["name"] for document in answer["documents"])
    return answer["text"]
