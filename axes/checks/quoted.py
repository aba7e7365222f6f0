"""The same thing counted twice, with two numbers. Pure."""

from axes.checks.finding import Level, finding
from axes.checks.prose.bases import year_of
from axes.checks.prose.vocabulary import fold, stem
from axes.checks.wording import count_words
from logement.numbers import agree, format_number

CODE = "double"
MEND = "Gardez le nombre exact partout, ou dites ce qui distingue les deux (date, périmètre, unité)."
ROUGH = ("around", "nearly")
LEAST, MOST = 2, 3  # words that say something after a count, for two sentences to count the same thing
GREAT, SLIP = 1_000, 5  # from a thousand, a fifth apart at most
STOPS = frozenset(",;:().–—")
LABEL = 3  # words of a label, its unit apart, under which it is too vague to be found in a sentence
COVERED = 0.75


def quoted_twice(dossier):
    """Between two passages, two indicators of the same name, an indicator and the text of its action."""
    yield from _between_passages(dossier)
    yield from _between_figures(dossier)
    for action, figures in dossier.figures_of.items():
        if action:
            yield from _in_text(figures, dossier.passages_of.get(action, ()))


def _between_passages(dossier):
    first, great = {}, {}
    for passage, sentence in dossier.sentences:
        for number in sentence.counts:
            key = _key(sentence, number)
            if key is None:
                continue
            unit, following, year = key
            own = (passage, number, sentence, len(following))
            if len(following) >= LEAST:
                yield from _against(first.setdefault(key, own), own)
            if number.value >= GREAT:
                other = great.setdefault((unit, following[:1], year), own)
                if 1 in {other[-1], own[-1]} and _is_a_slip(other[1].value, number.value):
                    yield from _against(other, own)


def _against(one, other):
    """Two (passage, number, sentence, words known of what is counted) that count the same."""
    if one[0].place != other[0].place and one[1].value != other[1].value:
        yield _twice(*one[:3], *other[:3])


def _key(sentence, number):
    """What is counted: (unit, the words that follow, the year), or None when nothing is said."""
    if not number.unit or number.qualifier in ROUGH or number.is_word:
        return None
    following = tuple(sentence.stems_between(number.reach, _clause_end(sentence, number))[:MOST])
    return (number.unit, following, year_of(sentence, number)) if following else None


def _is_a_slip(one, other):
    """Whether two great numbers are near enough for one to be the other, mistyped: 2 794 and 2 749.

    A great number is known by a single word, where nothing more is said of one of the two.
    """
    return abs(one - other) * SLIP <= max(one, other)


def _clause_end(sentence, number):
    """The next sign or number."""
    stops = [t.start for t in sentence.tokens if t.start >= number.reach and t.text in STOPS]
    stops += [n.start for n in sentence.counts if n.start > number.start]
    return min(stops, default=sentence.end)


def _twice(first, earlier, said, second, number, sentence):
    return finding(
        CODE,
        Level.ALERT,
        [first.place, second.place],
        f"Deux nombres pour la même chose : {count_words(earlier.value, earlier.noun)} "
        f"ici, {count_words(number.value, number.noun)} là.",
        MEND,
        numbers=[earlier.value, number.value],
        excerpt=f"{said.text} […] {sentence.text}",
    )


def _between_figures(dossier):
    first = {}
    for figure in dossier.figures:
        if figure.exact is None:
            continue
        words = tuple(fold(word) for word in figure.label.split())
        other = first.setdefault((words, figure.unit, figure.temporality, figure.since), figure)
        if other.number != figure.number and other.action == figure.action:
            yield finding(
                CODE,
                Level.ALERT,
                [other.place, figure.place],
                f"« {figure.label} » vaut {format_number(other.number)} ({other.code}) "
                f"et {format_number(figure.number)} ({figure.code}).",
                MEND,
                numbers=[other.number, figure.number],
            )


def _in_text(figures, passages):
    """A sentence that says nearly all the words of a label, with its unit and another number."""
    known = {(fold(figure.unit), figure.number) for figure in figures}
    for passage in passages:
        for sentence in passage.reading.sentences:
            stems = {found for _, found in sentence.stems}
            for number in sentence.counts:
                if not number.is_exact or not number.unit or (number.unit, number.value) in known:
                    continue
                said = [figure for figure in figures if _is_said(figure, number, stems)]
                if len(said) == 1 and said[0].number not in {n.value for n in sentence.counts}:
                    yield _other_value(passage, sentence, number, said[0])


def _is_said(figure, number, stems):
    if figure.exact is None or fold(figure.unit) != number.unit:
        return False
    wanted = {stem(word) for word in figure.label.replace("'", " ").split()} - {"", stem(number.unit)}
    return len(wanted) >= LABEL and len(wanted & stems) >= COVERED * len(wanted)


def _other_value(passage, sentence, number, figure):
    return finding(
        CODE,
        Level.ALERT,
        [passage.place, figure.place],
        f"Le texte dit {count_words(number.value, number.noun)}, l'indicateur « {figure.label} » "
        f"{count_words(figure.number, agree(figure.unit, figure.number))}.",
        MEND,
        numbers=[number.value, figure.number],
        excerpt=sentence.text,
    )
