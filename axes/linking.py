"""Numbers that were typed, and the figures for which they may stand: offered, and linked one at a time.

A number is offered the figures of its own action, in a chapter those of no action, in the exercise of the text, where a
reference prints the very same words. `place` counts the characters of `Passage.text`, the same each time it is read.
"""

from dataclasses import dataclass
from itertools import product

from django.core.exceptions import ValidationError
from django.db.models import Q

from axes.checks.prose import Number, Sentence, fold, stem
from axes.citations import Reference
from axes.models import Indicator, TextBlock
from axes.models.quantity import Qualifier
from axes.passage import ONE_SPACE, linked, passage_of
from axes.values import Value, values_of
from axes.workflow import save_text
from logement.richtext import parse

#: The forms in which a typed number is recognised, the plainest first.
FORMS = [
    {**letters, **symbol, "with_qualifier": is_rough}
    for is_rough, letters, symbol in product(
        (False, True),
        ({}, {"in_letters": True}, {"in_letters": True, "is_feminine": True}),
        ({}, {"without_symbol": True}),
    )
]
MOVED = "Ce nombre n'est plus celui du chiffre : relisez le texte, puis choisissez parmi ce qui est proposé."
AROUND = 40  # characters shown on each side of a number
WORDS_NEAR = 6  # words after a number that say what it counts


@dataclass(frozen=True, slots=True)
class Candidate:
    """A figure that prints a typed number; `fit` is how well the words around agree with it, to be compared."""

    indicator: Indicator
    reference: Reference
    fit: tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Found:
    """A typed number that is linked to no figure: its place in the passage, its words, those around, its candidates.

    The candidates come best first. `is_plain`: one of them agrees better than all others with what the number counts.
    """

    start: int
    end: int
    words: str
    before: str
    after: str
    candidates: tuple[Candidate, ...] = ()
    is_plain: bool = False


def unlinked(year, texts=None):
    """[(text, (Found, …))]: the numbers of each text that are linked to no figure, with those they may stand for.

    Of the whole exercise, or of `texts` (with their line); in a number of queries that does not grow with them.
    """
    if texts is None:
        texts = (
            TextBlock.objects.filter(year=year)
            .exclude(content="")
            .select_related("line__axis", "column", "block__chapter")
        )
    passages = [(text, passage_of(parse(text.content))) for text in texts]
    passages = [(text, passage) for text, passage in passages if passage.may_hold_figures]
    printed = printed_of(year, {_action_of(text) for text, _ in passages}) if passages else {}
    found = ((text, _numbers(passage, printed.get(_action_of(text), {}))) for text, passage in passages)
    return [(text, numbers) for text, numbers in found if numbers]


def _action_of(text):
    return text.line.action_id if text.line_id else None


def _numbers(passage, printed):
    """The numbers of a passage that are linked to no figure, and the dates that a figure prints, in their order."""
    numbers = [_found(passage, sentence, number, printed) for sentence, number in passage.typed]
    days = [day for date in passage.days if (day := _found_day(passage, date, printed))]
    return tuple(sorted([*numbers, *days], key=lambda one: one.start))


def proposals(year, texts=None):
    """[(text, (Found, …))]: as `unlinked`, of which only the numbers that may stand for a figure."""
    offered = (
        (text, tuple(number for number in numbers if number.candidates))
        for text, numbers in unlinked(year, texts)
    )
    return [(text, numbers) for text, numbers in offered if numbers]


def printed_of(year, actions):
    """{action, None for no action: {words: [(Indicator, Reference)]}}: what their figures print in the exercise."""
    held = Q(action__in=actions - {None}) | (Q(action=None) if None in actions else Q(pk__in=()))
    indicators = list(Indicator.objects.filter(held, territory=year.territory_id).select_related("territory"))
    values = values_of(indicators, year)
    printed = {}
    for indicator in indicators:
        own = printed.setdefault(indicator.action_id, {})
        for words, reference in forms_of(indicator.code, values[indicator.pk]).items():
            own.setdefault(words, []).append((indicator, reference))
    return printed


def forms_of(code, value: Value):
    """{words, with plain spaces: the plainest Reference to this indicator that prints them}.

    What is divided is as exact as its two counts: « près de 96 % » keeps its first words as the sentence's own.
    """
    if value.blank:
        return {}
    found = {}
    for fields in FORMS:
        if fields["with_qualifier"] and value.denominator is not None:
            continue
        reference = Reference(code, **fields)
        found.setdefault(reference.words(value).translate(ONE_SPACE), reference)
    return found


def _found(passage, sentence: Sentence, number: Number, printed):
    start, end, matches = _match(passage, number, printed)
    candidates = [
        Candidate(indicator, reference, _fit(sentence, number, indicator)) for indicator, reference in matches
    ]
    candidates.sort(key=lambda candidate: candidate.fit, reverse=True)
    return _shown(passage, start, end, candidates, _is_plain(number, sentence, candidates))


def _match(passage, number, printed):
    """(start, end, [(Indicator, Reference)]): the longest words at a number, precision included, that print."""
    starts = [number.start]
    for label in Qualifier.labels:
        start = number.start - len(label) - 1
        if start >= 0 and passage.text[start : number.start] == f"{label} ":
            starts.insert(0, start)
    for start, end in product(starts, dict.fromkeys((number.reach, number.end))):
        matches = printed.get(passage.text[start:end])
        if matches and passage.leaf_of(start, end):
            return start, end, matches
    return number.start, number.end, []


def _found_day(passage, date, printed):
    """A date in full, where it is the value of a figure; a date is never a number that lacks its figure."""
    matches = printed.get(passage.text[date.start : date.end], [])
    if not matches or not passage.leaf_of(date.start, date.end):
        return None
    candidates = [Candidate(indicator, reference, (1, 0, 0)) for indicator, reference in matches]
    return _shown(passage, date.start, date.end, candidates, len(candidates) == 1)


def _shown(passage, start, end, candidates, is_plain):
    before = passage.text[max(0, start - AROUND) : start].rpartition("\n")[2]
    after = passage.text[end : end + AROUND].partition("\n")[0]
    before = before if len(before) < AROUND else "…" + before.partition(" ")[2]
    after = after if len(after) < AROUND else after.rpartition(" ")[0] + "…"
    words = passage.text[start:end]
    return Found(start, end, words, before.removeprefix("- "), after, tuple(candidates), is_plain)


def _fit(sentence, number, indicator):
    """(whether it counts the same thing, words of the label just after the number, in the whole sentence)."""
    label = {found for word in indicator.label.replace("'", " ").split() if (found := stem(word))}
    near = [place for place, _ in sentence.words if place >= number.end][:WORDS_NEAR]
    after = [other.start for other in sentence.numbers if other.start > number.start]
    limit = min([near[-1] + 1 if near else sentence.end, *after])
    counts_same = bool(number.unit) and number.unit == fold(indicator.unit.split(" ")[0])
    return (
        int(counts_same),
        len(label & set(sentence.stems_between(number.end, limit))),
        len(label & {found for _, found in sentence.stems}),
    )


def _is_plain(number, sentence, candidates):
    """Whether the first candidate is what the sentence speaks of, without any doubt that another could be."""
    if not candidates or [one.fit for one in candidates].count(candidates[0].fit) > 1:
        return False
    if sentence.words_between(number.end, sentence.end)[:1] in (["autre"], ["autres"]):
        return False  # « les 8 autres » are those that no figure counts
    counts_same, near, around = candidates[0].fit
    return bool(counts_same or near or (not number.unit and number.value > 1 and around))


def link(*, text, version, wanted, by):
    """Links numbers of a text read at `version` to figures; `wanted`: {start: the `ref` chosen among its candidates}.

    Raises Conflict where the text changed since, ValidationError where one of these links is not offered.
    """
    offered = {
        (number.start, str(candidate.reference)): (number.end, candidate.reference)
        for _, numbers in proposals(text.year, [text])
        for number in numbers
        for candidate in number.candidates
    }
    if not wanted or not offered.keys() >= wanted.items():
        raise ValidationError(MOVED)
    content = linked(text.content, {start: offered[start, ref] for start, ref in wanted.items()})
    return save_text(text=text, version=version, content=content, by=by)
