"""« Trois orientations : » followed by three items, and not four. Pure."""

from itertools import islice

from axes.checks.finding import Level, finding
from axes.checks.wording import count_words
from logement.numbers import format_number

CODE = "enumeration"
MEND = "Complétez la liste, retirez-en ce qui est de trop, ou corrigez le nombre annoncé."
#: A list that says it is not whole; words of a sentence, which is no list.
OPEN = frozenset("notamment dont etc exemple particulier comme …".split())
CLAUSE = frozenset("ont a est sont été elles ils elle il on nous seront sera étaient était".split())
MAX_BELOW = 60  # sentences looked at below a colon
MOST = 30  # items: beyond, « 111 ménages : » announces no list


def enumeration(dossier):
    """A number of things before a colon, against the items that follow, in the sentence or on the next lines."""
    for passage in dossier.texts:
        sentences = passage.reading.sentences
        for rank, sentence in enumerate(sentences):
            announced = _announced(sentence)
            if announced is None:
                continue
            number, colon = announced
            rest = sentence.between(colon + 1, sentence.end).strip()
            found = _inline(sentence, colon) if rest else _items(sentence, sentences, rank)
            if found and number.value not in found:
                yield _wrong(passage, sentence, number, found)


def _wrong(passage, sentence, number, found):
    few, many = min(found), max(found)
    counted = format_number(few) if few == many else f"de {format_number(few)} à {format_number(many)}"
    return finding(
        CODE,
        Level.ALERT,
        [passage.place],
        f"« {count_words(number.value, number.noun)} » sont annoncés, la liste en compte {counted}.",
        MEND,
        numbers=[number.value, few, many],
        excerpt=sentence.text,
    )


def _announced(sentence):
    """(number, place of the colon): a count of things, the last before the colon, with nothing counted after it."""
    colons = [token.start for token in sentence.tokens if token.text == ":"]
    if len(colons) != 1:
        return None
    before = [number for number in sentence.numbers if number.reach <= colons[0]]
    if not before or before[-1] not in sentence.counts or any(n.start > colons[0] for n in sentence.numbers):
        return None
    number = before[-1]
    gap = sentence.between(number.reach, colons[0])
    is_counted = number.unit or sentence.words_between(number.reach, colons[0]) == ["fois"]
    is_list = is_counted and number.is_exact and 1 < number.value <= MOST and not set(";()") & set(gap)
    return (number, colons[0]) if is_list and "," not in gap else None


def _inline(sentence, colon):
    """The numbers of items that the words after the colon may hold; none where they are a sentence, or end openly.

    « a, b et c » is 3. A comma after the last « et » may belong to an item, and so may any « et » before the last.
    """
    tokens = [token for token in sentence.tokens if token.start > colon]
    words = {token.lower for token in tokens}
    if words & (OPEN | CLAUSE):
        return ()
    if words & {"(", "«", ";"}:
        return _semicolons(tokens)
    commas = sum(token.text == "," for token in tokens)
    ands = [rank for rank, token in enumerate(tokens) if token.lower in {"et", "ou"}]
    if not ands:
        return (commas + 1,) if commas else ()
    within = sum(token.text == "," for token in tokens[: ands[-1]])
    few = within + (1 if len(ands) > 1 else 2)
    return tuple(range(few, commas + len(ands) + 2))


def _semicolons(tokens):
    count = sum(token.text == ";" for token in tokens)
    return (count + 1,) if count else ()


def _items(sentence, sentences, rank):
    """How many items the lines that follow hold, nothing where the next line is no item."""
    lines = []
    for other in islice(sentences, rank + 1, rank + 1 + MAX_BELOW):
        if not other.is_item or other.line > sentence.line + len(lines) + 1:
            break
        if other.line != sentence.line + len(lines):
            lines.append(other.line)
        if len(lines) > MOST:
            break
    return (len(lines),) if lines else ()
