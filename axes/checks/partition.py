"""Outcomes, categories: the parts into which a whole is divided, and what they leave out. Pure."""

from decimal import Decimal

from axes.checks.finding import Level, finding
from axes.checks.prose.parts import Form
from axes.checks.sums import complements, is_alike
from axes.checks.wording import added, count_words
from logement.numbers import agree, format_number

CODE = "repartition"
MEND_LESS = (
    "Dites ce que sont devenus les autres (en cours, issue inconnue…), ou corrigez le nombre qui est faux."
)
MEND_MORE = "Si une même unité compte dans plusieurs parts, dites-le ; sinon corrigez le nombre qui est faux."
#: Of a whole, in the values: beyond, the ways to group its parts are too many to try.
MAX_PARTS, MAX_GROUPS = 10, 3


def partition(dossier):
    """Parts that do not add up to their whole, in the values and in the sentences."""
    for code, parts in dossier.parts.items():
        yield from _of_values(dossier.by_code[code], parts)
    for passage in dossier.texts:
        for division in passage.divisions:
            yield from _of_division(passage, division)


def _of_division(passage, division):
    is_list = division.form in {Form.COLON, Form.AMONG}
    if not is_list or not division.is_exact or division.total == division.whole.value:
        return
    whole, parts = division.whole, [part.value for part in division.parts]
    if division.form is Form.AMONG and not _divides(division):
        return
    yield finding(
        CODE,
        Level.ALERT,
        [passage.place],
        f"{added(parts)} = {format_number(division.total)} {_against(division.total, whole.value, whole.noun)}",
        MEND_LESS if division.total < whole.value else MEND_MORE,
        numbers=[whole.value, *parts],
        excerpt=division.sentence.text,
    )


def _divides(division):
    """Whether numbers « sur 48 ménages » share them out; two, or few or many in all, are facts about the same."""
    least, most = (Decimal(bound) * division.whole.value for bound in ("0.6", "1.25"))
    return len(division.parts) > 2 and least <= division.total <= most


def _against(total, whole, noun):
    """« sur 48 ménages : il en manque 8. »"""
    gap = abs(whole - total)
    verb = "il en manque" if total < whole else "c'est trop de"
    return f"sur {count_words(whole, noun)} : {verb} {format_number(gap)}."


def _of_values(whole, parts):
    named = {part.code for pair in complements(whole, parts) for part in pair}
    alike = [
        part
        for part in parts
        if is_alike(whole, part) and not part.has_multiple_answers and part.code not in named
    ]
    numbers = [part.exact for part in alike]
    if len(alike) < 2 or whole.exact is None or None in numbers or can_be_grouped(numbers, whole.exact):
        return
    total = sum(numbers)
    yield finding(
        CODE,
        Level.ALERT,
        [whole.place, *(part.place for part in alike)],
        f"Les parts de « {whole.label} » font {added(numbers)} = {format_number(total)} "
        f"{_against(total, whole.number, agree(whole.unit, whole.number))}",
        MEND_LESS if total < whole.number else MEND_MORE,
        numbers=[whole.number, *numbers],
    )


def can_be_grouped(numbers, whole):
    """Whether the parts make the whole once, or several times over (by ceiling, then by lessor: 4 + 4 and 5 + 3)."""
    total = sum(numbers)
    if total == whole:
        return True
    if whole <= 0 or total < whole or total % whole or len(numbers) > MAX_PARTS or total > MAX_GROUPS * whole:
        return False
    return _grouped(sorted(numbers, reverse=True), [whole] * int(total / whole))


def _grouped(numbers, rooms):
    """Whether each number finds its room, all the rooms being then full."""
    if not numbers:
        return True
    first, *others = numbers
    for rank, room in enumerate(rooms):
        if first <= room and room not in rooms[:rank]:
            left = [*rooms[:rank], room - first, *rooms[rank + 1 :]]
            if _grouped(others, left):
                return True
    return False
