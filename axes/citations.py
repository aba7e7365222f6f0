"""Figures in sentences: what a reference says, and the words that it prints.

A reference is a text that remembers which figure it stands for (`Text.ref`, see logement/richtext). It is written
`A3-06, 2022, lettres`: the code of an indicator, the exercise where it is not that of the text, the form. The stored
text holds the words, so that what was read and accepted is what prints; `Citation` rows tell which texts use a figure.
"""

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from num2words import num2words

from axes.models import Citation, Indicator, Year
from axes.models.quantity import Qualifier
from axes.periods import day_label
from axes.values import BLANK_WORDS, RANKS, SYMBOLS, Value, quantity, values_over
from logement.numbers import NO_BREAK_SPACE, agree, share
from logement.richtext import parse, references, to_html
from logement.richtext.nodes import mapped

#: How a figure is written, beyond its digits: the word in the reference -> the field of `Reference`.
FORMS = {
    "lettres": "in_letters",
    "féminin": "is_feminine",
    "nombre": "without_symbol",
    "unité": "with_unit",
    "précision": "with_qualifier",
    "base": "with_base",
}
EXERCISE = re.compile(r"20\d\d")
SYMBOLS_IN_LETTERS = {"%": "pour cent", "€": "euros"}


class UnknownFigure(ValueError):
    """A reference that leads nowhere; the sentence says what to do."""


@dataclass(frozen=True, slots=True)
class Reference:
    """Which figure, of which exercise (None: that of the text), written how."""

    code: str
    number: int | None = None
    in_letters: bool = False
    is_feminine: bool = False
    without_symbol: bool = False
    with_unit: bool = False
    with_qualifier: bool = False
    with_base: bool = False

    @classmethod
    def read(cls, ref):
        """The Reference of a `Text.ref`. Raises UnknownFigure for a form that does not exist."""
        code, *options = [piece.strip() for piece in ref.split(",")]
        fields = {}
        for option in options:
            if EXERCISE.fullmatch(option):
                fields["number"] = int(option)
            elif option in FORMS:
                fields[FORMS[option]] = True
            else:
                raise UnknownFigure(
                    f"Le chiffre « {ref} » n'est pas compris : « {option} » n'est ni un exercice ni une forme "
                    f"({', '.join(FORMS)}). Corrigez-le ou écrivez le nombre."
                )
        return cls(code, **fields)

    def __str__(self):
        forms = [word for word, field in FORMS.items() if getattr(self, field)]
        return ", ".join([self.code, *([str(self.number)] if self.number else []), *forms])

    def exercise(self, year):
        """The number of the exercise whose value it is, in a text of `year`."""
        return self.number or year.number

    def words(self, value):
        """What it prints of a Value: « 35 », « trente-cinq », « environ 500 appels », « 71 % (40 sur 56) », « 3e ».

        « % » and « € » stay beside their number, but in « 2 770 euros » the sentence says it in its own words.
        A blank prints as such, and a partial total never as a total.
        """
        if value.blank:
            return BLANK_WORDS[value.blank]
        if value.day:
            return day_label(value.day)
        words = self._amount(value)
        if self.with_qualifier and value.qualifier != Qualifier.EXACT:
            words = f"{Qualifier(value.qualifier).label} {words}"
        base = value.base_display if self.with_base and value.unit == "%" else ""
        return " ".join([words, *(f"({note})" for note in (base, value.partial_words) if note)])

    def _amount(self, value):
        if value.number is None and value.unit != "%":
            return value.base_display
        number = share(value.numerator, value.denominator) if value.number is None else value.number
        if value.unit in RANKS:
            return _rank(number, self.in_letters)
        has_unit = not self.without_symbol and (self.with_unit or value.unit in SYMBOLS)
        unit = value.unit if has_unit else ""
        if not self.in_letters or number != number.to_integral_value():
            return quantity(number, unit)
        letters = num2words(int(number), lang="fr") + ("e" if self.is_feminine and number % 10 == 1 else "")
        unit = SYMBOLS_IN_LETTERS.get(unit, agree(unit, number))
        return f"{letters}{NO_BREAK_SPACE}{unit}" if unit else letters


def _rank(number, in_letters):
    if in_letters:
        return num2words(int(number), lang="fr", to="ordinal")
    return f"{int(number)}{'er' if number == Decimal(1) else 'e'}"


@dataclass(frozen=True, slots=True)
class Cited:
    """A reference that was looked up: its indicator, the exercise, the value today and the words of it."""

    reference: Reference
    indicator: Indicator
    number: int
    value: Value

    @property
    def words(self):
        return self.reference.words(self.value)


def look_up(refs, year):
    """{ref: Cited} for texts of `year`, in a number of queries that does not grow with them.

    Raises UnknownFigure for a code or an exercise that the territory does not have.
    """
    wanted = {ref: Reference.read(ref) for ref in refs}
    if not wanted:
        return {}
    codes = {reference.code for reference in wanted.values()}
    indicators = {
        indicator.code: indicator
        for indicator in Indicator.objects.filter(territory=year.territory_id, code__in=codes).select_related(
            "territory", "supplier", "action__axis"
        )
    }
    numbers = {reference.exercise(year) for reference in wanted.values()}
    years = {
        held.number: held for held in Year.objects.filter(territory=year.territory_id, number__in=numbers)
    }
    for reference in wanted.values():
        if reference.code not in indicators:
            raise UnknownFigure(
                f"Le chiffre « {reference.code} » n'existe pas sur ce territoire : choisissez-le dans la liste, "
                "ou écrivez le nombre."
            )
        if reference.exercise(year) not in years:
            raise UnknownFigure(
                f"Le chiffre « {reference} » est d'un exercice qui n'existe pas sur ce territoire."
            )
    values = values_over(list(indicators.values()), list(years.values()))
    return {
        ref: Cited(
            reference,
            indicators[reference.code],
            reference.exercise(year),
            values[indicators[reference.code].pk, reference.exercise(year)],
        )
        for ref, reference in wanted.items()
    }


def settle(html, *, year, previous=""):
    """A rich text to be saved in `year`, each of its figures with its words: (HTML, {ref: Cited}).

    Words that `previous`, the text as it was, already gave to the same reference stay: changing a sentence does not
    accept a figure that moved meanwhile. Words that a browser makes up do not. Raises UnknownFigure.
    """
    blocks = parse(html)
    if not references(blocks):
        return html, {}
    held = {(text.ref, text.text) for text in references(parse(previous))}
    blocks = mapped(blocks, lambda text: replace(text, ref=_plain(text.ref, year)) if text.ref else text)
    found = look_up({text.ref for text in references(blocks)}, year)
    return to_html(worded(blocks, found, kept=held)), found


def _plain(ref, year):
    """The one way to write it in a text of this exercise, whose own number goes without saying."""
    reference = Reference.read(ref)
    return str(replace(reference, number=None) if reference.number == year.number else reference)


def worded(blocks, found, *, kept=()):
    """The blocks with the words that each figure prints now, but where `kept` holds its (ref, words)."""

    def of_text(text):
        if not text.ref or (text.ref, text.text) in kept:
            return text
        return replace(text, text=found[text.ref].words)

    return mapped(blocks, of_text)


def citations_of(text, found):
    """The rows that say what a text cites, to be saved: one per figure and words."""
    return [
        Citation(
            text=text,
            year_id=text.year_id,
            indicator=found[ref].indicator,
            number=found[ref].number,
            ref=ref,
            words=words,
        )
        for ref, words in sorted({(held.ref, held.text) for held in references(parse(text.content))})
    ]


def record(text, found):
    """Makes the citations of a saved text those of its references; what was kept with a reason stays kept."""
    wanted = {(citation.ref, citation.words): citation for citation in citations_of(text, found)}
    for citation in text.citations.all():
        if wanted.pop((citation.ref, citation.words), None) is None:
            citation.delete()
    Citation.objects.bulk_create(wanted.values())


def record_parts(entry):
    """A typed total cites its parts as they are read when it is entered: it is to be reviewed when one changes."""
    parts = {str(Reference(part.code)): part for part in entry.indicator.parts.all()}
    found = look_up(parts, entry.year)
    Citation.objects.bulk_create(
        Citation(
            entry=entry,
            year=entry.year,
            indicator=cited.indicator,
            number=cited.number,
            ref=ref,
            words=cited.words,
        )
        for ref, cited in sorted(found.items())
    )
