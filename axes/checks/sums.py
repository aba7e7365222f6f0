"""Adults and children make the persons: sums that a report states. Pure."""

from axes.checks.finding import Level, finding
from axes.checks.prose.parts import COMPLEMENTS, Form
from axes.checks.prose.vocabulary import fold
from axes.checks.wording import added, count_words
from logement.numbers import format_number

CODE = "somme"
SUMS = (Form.BRACKETS, Form.THAT_IS, Form.TOTAL, Form.PAIR)
LEAST = 0.8  # of a whole: under, a pair is said of some of it
MEND = "Vérifiez chacun des nombres auprès de qui les a donnés, puis corrigez celui qui est faux."


def sums(dossier):
    """Parts that make up a group of people, in the values; sums stated in the sentences."""
    yield from _of_values(dossier)
    for passage in dossier.texts:
        for division in passage.divisions:
            if division.form in SUMS and division.is_exact:
                yield from _of_division(passage, division)


def _of_division(passage, division):
    whole, parts = division.whole, [part.value for part in division.parts]
    is_pair = division.form is Form.PAIR
    if division.total == whole.value or (is_pair and division.total < float(whole.value) * LEAST):
        return
    yield finding(
        CODE,
        Level.ALERT if is_pair and division.total < whole.value else Level.BLOCKING,
        [passage.place],
        f"{added(parts)} = {format_number(division.total)}, et non {count_words(whole.value, whole.noun)}.",
        MEND,
        numbers=[whole.value, *parts],
        excerpt=division.sentence.text,
    )


def _of_values(dossier):
    for code, parts in dossier.parts.items():
        whole = dossier.by_code[code]
        for pair in complements(whole, parts):
            total = sum(part.number for part in pair)
            if total != whole.exact:
                yield _of_pair(whole, pair, total)


def complements(whole, parts):
    """The pairs of parts that make up the whole by their labels (« Adultes… », « Enfants… »), where all is known."""
    alike = [part for part in parts if is_alike(whole, part)]
    for pair in COMPLEMENTS:
        found = [part for part in alike if pair & {fold(word) for word in part.label.split()}]
        named = [pair & {fold(word) for word in part.label.split()} for part in found]
        if len(found) == 2 and named[0] != named[1] and None not in {whole.exact, *(p.exact for p in found)}:
            yield found


def is_alike(whole, part):
    """Whether a part is counted in the same unit and over the same time as its whole."""
    return (part.unit, part.temporality, part.since) == (whole.unit, whole.temporality, whole.since)


def _of_pair(whole, pair, total):
    numbers = [part.number for part in pair]
    return finding(
        CODE,
        Level.BLOCKING,
        [whole.place, *(part.place for part in pair)],
        f"{' et '.join(f'« {part.label} »' for part in pair)} font {added(numbers)} = {format_number(total)}, "
        f"alors que « {whole.label} » vaut {format_number(whole.number)}.",
        MEND,
        numbers=[whole.number, *numbers],
    )
