"""What a filled workbook would change in the draft, and what is wrong in it; then all of it is written, or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from hashlib import sha256

from django.core.exceptions import ValidationError
from django.db import transaction

from axes.forms import FrenchNumberField
from axes.models import Answer, Question
from axes.models.quantity import Blank, Qualifier
from axes.submissions import moves
from axes.submissions.answers import EMPTY, check_editable, checked, locked, save_answer
from axes.submissions.sheets.reading import Row, load
from axes.submissions.sheets.schema import AGAIN, WORDS, base_of, base_of_fields, codes_of, key_of, stamp_of
from axes.values import AMOUNTS, Shape, doubt_of_part, doubt_of_rate, shape_of, value_of_fields
from logement.parsers import choice, day, shown
from logement.personal_data import warning_about

NUMBER = FrenchNumberField()
QUALIFIER = choice(Qualifier)
BLANK = choice(Blank)
ABSENT = "s'il n'y en a pas, choisissez « non disponible » ou « sans objet »"
#: Where a refusal shows: {field of the answer: column}; the others have the same name.
CODE_OF = {"number": "value", "day": "value"}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, or doubtful, in a cell: the code of its column, and a sentence that says what to do."""

    code: str
    sentence: str


@dataclass
class Item:
    """A question and the row that answers it. `before`: its Answer now, or None; `after`: {field: value}.

    `base`: the digest of what the row said when it was downloaded.
    """

    question: Question
    row: Row
    before: Answer | None
    base: str
    number: int
    after: dict = field(default_factory=lambda: dict(EMPTY))
    faults: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)

    @property
    def version(self):
        return self.before.version if self.before else 0

    @property
    def is_untouched(self):
        """The row still says what it said when it was downloaded: whoever filled the workbook left it."""
        return base_of_fields(self.after) == self.base

    @property
    def is_same(self):
        return base_of_fields(self.after) == base_of(self.before)

    @property
    def is_change(self):
        return not (self.faults or self.is_untouched or self.is_same)

    @property
    def was_changed_meanwhile(self):
        """Whether the answer is no longer the one that was downloaded."""
        return base_of(self.before) != self.base

    @property
    def cell(self):
        return self.row.place(first_code(self))

    @property
    def words_before(self):
        return words_of(self.question, answer_fields(self.before), self.number)

    @property
    def words_after(self):
        return words_of(self.question, self.after, self.number)


@dataclass(frozen=True)
class Preview:
    """What confirming would do. `notices`: French sentences that stop nothing."""

    name: str
    items: Sequence[Item]
    notices: Sequence[str]

    @cached_property
    def changes(self):
        return [item for item in self.items if item.is_change]

    @cached_property
    def same(self):
        """How many rows change nothing."""
        return sum(not item.faults and not item.is_change for item in self.items)

    @property
    def is_ready(self):
        return not self.faults and bool(self.changes)

    @cached_property
    def faults(self):
        return [
            (item.row.sheet, item.row.place(f.code), f.sentence) for item in self.items for f in item.faults
        ]

    @cached_property
    def warnings(self):
        """[(sheet, cell, sentence)] of the rows that would be written."""
        return [
            (item.row.sheet, item.row.place(w.code), w.sentence)
            for item in self.changes
            for w in item.warnings
        ]

    @cached_property
    def seen(self):
        """A fingerprint of what the page shows, versions included: what is confirmed is what was read."""
        parts = [(i.row.key, i.version, sorted(i.after.items()), i.faults, i.is_change) for i in self.items]
        return sha256(repr(parts).encode()).hexdigest()


def preview(submission, filled):
    """The Preview of a Filled on the draft as it is now."""
    questions = {key_of(q): q for q in moves.questions_of(submission)}
    asked, number = filled.schema.questions, submission.campaign.year.number
    items = []
    for row in filled.rows:
        question = questions.get(row.key)
        if question is not None:
            item = Item(question, row, question.draft, asked[row.key].base, number)
            judge(item, submission, is_as_asked=asked[row.key].stamp == stamp_of(question))
            items.append(item)
    doubt(items)
    return Preview(filled.name, items, [*filled.notices, *gaps(filled, questions)])


def gaps(filled, questions):
    """What the workbook and the questionnaire do not share."""
    rows = {row.key for row in filled.rows}
    removed = [q for key, q in questions.items() if key in filled.schema.questions and key not in rows]
    added = [q for key, q in questions.items() if key not in filled.schema.questions and not q.is_documents]
    gone = [row for row in filled.rows if row.key not in questions]
    if removed:
        yield f"Lignes absentes du fichier, dont les réponses ne changent pas : {labels(removed)}."
    if added:
        yield (
            f"Questions ajoutées depuis le téléchargement du {filled.schema.made_on:%d/%m/%Y}, absentes du fichier : "
            f"{labels(added)}. Répondez-y dans le formulaire."
        )
    for row in gone:
        yield (
            f"Feuille « {row.sheet} », ligne {row.number + 1} : la métropole a retiré cette question depuis le "
            "téléchargement, la ligne n'est pas lue."
        )


def labels(questions):
    more = f" et {len(questions) - 5} autres" if len(questions) > 5 else ""
    return ", ".join(f"« {question.label} »" for question in questions[:5]) + more


# --- One row ---


def judge(item, submission, *, is_as_asked):
    """Fills `after` and `faults`. What was left as it was downloaded has no fault, be it half a rate."""
    item.after, item.faults = typed(item.question, item.row)
    if item.row.twin:
        item.faults.append(
            Fault(
                first_code(item),
                f"Cette ligne est déjà à la ligne {item.row.twin} : supprimez l'une des deux.",
            )
        )
    if item.faults or item.is_untouched or item.is_same:
        return
    if not is_as_asked:
        item.faults.append(
            Fault(first_code(item), f"La question a changé depuis que ce tableur a été téléchargé. {AGAIN}")
        )
        return
    try:
        check_editable(item.question, submission)
    except ValidationError as error:
        before = item.words_before or "vide"
        item.faults.append(
            Fault(first_code(item), f"{error.messages[0]} Remettez ce qui y était : « {before[:200]} ».")
        )
        return
    item.faults.extend(incomplete(item.question, item.after))
    if item.faults:
        return
    try:
        item.after = checked(item.question, item.after)
    except ValidationError as error:
        item.faults.extend(told(item, error))


def first_code(item):
    return codes_of(item.question)[0]


def told(item, error):
    named = error.message_dict if hasattr(error, "error_dict") else {first_code(item): error.messages}
    for name, sentences in named.items():
        code = CODE_OF.get(name, name)
        for sentence in sentences:
            yield Fault(code if code in WORDS else first_code(item), sentence)


def typed(question, row):
    """({field: value}, [Fault]) of the cells of a row."""
    after, faults = dict(EMPTY), []
    own = codes_of(question)
    for code, value in row.values.items():
        if code in row.unread:
            faults.append(
                Fault(code, "Cette cellule est en erreur (#REF!, #DIV/0!…) : écrivez le résultat à la place.")
            )
        elif value is None:
            continue
        elif code not in own:
            faults.append(
                Fault(
                    code,
                    f"« {shown(value)[:80]} » n'a pas sa place ici : cette question n'a pas de {WORDS[code].lower()}.",
                )
            )
        else:
            name = field_of(question, code)
            try:
                after[name] = PARSERS[name](value)
            except (ValueError, ValidationError) as error:
                faults.append(
                    Fault(code, error.messages[0] if isinstance(error, ValidationError) else str(error))
                )
    return after, faults


def field_of(question, code):
    if code != "value":
        return code
    return "day" if shape_of(question.indicator) is Shape.DAY else "number"


def number(value):
    """A Decimal: a number of the spreadsheet, « 1 234,5 », « 71 % », « 300 € »."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        raise ValueError(
            f"« {shown(value)} » n'est pas un nombre : écrivez les chiffres seuls, par exemple 1 234,5."
        )
    if isinstance(value, str):
        return NUMBER.clean(value.rstrip("%€ \u00a0\u202f"))
    if abs(value) >= 10**18:
        raise ValueError("Ce nombre est trop grand : 14 chiffres au plus avant la virgule.")
    return NUMBER.clean(f"{value:f}" if isinstance(value, Decimal) else str(value))


PARSERS = {
    "number": number,
    "numerator": number,
    "denominator": number,
    "day": day,
    "qualifier": QUALIFIER,
    "blank": BLANK,
    "note": shown,
    "text": shown,
}


def incomplete(question, after):
    """The Faults of an answer whose cells do not go together."""
    if question.is_text:
        return
    amounts = [name for name in (*AMOUNTS, "day") if after[name] is not None]
    if after["blank"]:
        if amounts:
            yield Fault(
                "blank",
                f"Cette ligne porte un chiffre et « {Blank(after['blank']).label} » : gardez l'un des deux.",
            )
        return
    if not amounts and after["qualifier"] != Qualifier.EXACT:
        label = Qualifier(after["qualifier"]).label
        yield Fault("qualifier", f"« {label} » attend un nombre : écrivez-le, ou videz cette cellule.")
    if "number" in amounts and len(amounts) > 1:
        yield Fault("value", "Gardez soit le pourcentage publié, soit le numérateur et le dénominateur.")
    elif amounts == ["numerator"]:
        yield Fault("denominator", f"Écrivez aussi le dénominateur ; {ABSENT}.")
    elif amounts == ["denominator"]:
        yield Fault("numerator", f"Écrivez aussi le numérateur ; {ABSENT}.")


# --- Doubts: worth a second look, nothing is stopped ---


def doubt(items):
    """Fills the warnings of the rows that would be written."""
    values = {
        item.question.indicator_id: value_of_fields(
            item.after, item.number, indicator=item.question.indicator
        )
        for item in items
        if item.question.is_figure and is_whole(item.after) and not item.faults
    }
    for item in items:
        for code in ("note", "text"):
            if warning := warning_about(item.after[code]):
                item.warnings.append(Fault(code, warning))
        indicator = item.question.indicator
        value = values.get(item.question.indicator_id) if indicator else None
        if value is None:
            continue
        for sentence in doubts_of(indicator, value, values):
            item.warnings.append(Fault(first_code(item), sentence))


def doubts_of(indicator, value, values):
    if sentence := doubt_of_rate(value):
        yield sentence
    if indicator.unit == "%" and value.number is not None and 0 < value.number < 1:
        yield f"{value.display} : est-ce bien moins de 1 % ? Sinon écrivez le nombre sans signe, 71 pour 71 %."
    whole = values.get(indicator.whole_id)
    if whole is not None and (sentence := doubt_of_part(indicator, value, whole=indicator.whole, of=whole)):
        yield sentence


# --- In words ---


def answer_fields(answer):
    return {name: getattr(answer, name) for name in EMPTY} if answer else EMPTY


def is_whole(fields):
    """Whether the fields make a Value: a number, a whole rate, a day or a reason of absence."""
    has_rate = fields["numerator"] is not None and bool(fields["denominator"])
    return fields["number"] is not None or has_rate or bool(fields["day"] or fields["blank"])


def words_of(question, fields, number):
    """« environ 12 ménages (remarque : …) », a text as it is, "" for nothing."""
    if question.is_text:
        return fields["text"]
    if is_whole(fields):
        told = value_of_fields(fields, number, indicator=question.indicator).display
    else:
        halves = [shown(fields[name]) or "?" for name in ("numerator", "denominator")]
        told = "" if halves == ["?", "?"] else " sur ".join(halves)
    note = f"remarque : {fields['note']}" if fields["note"] else ""
    return f"{told} ({note})" if told and note else told or note


# --- The second step ---


@transaction.atomic
def confirm(*, submission, pending, seen, by, organisation):
    """Writes every change, or nothing. Gives (Preview, whether it was written).

    It is not when the preview is no longer the one that was `seen`, or has faults: show it again.
    """
    current = locked(submission)
    found = preview(current, load(pending.content))
    if not found.is_ready or found.seen != seen:
        return found, False
    for item in found.changes:
        save_answer(
            question=item.question, version=item.version, by=by, organisation=organisation, **item.after
        )
    pending.delete()
    return found, True
