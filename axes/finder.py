"""A figure looked for by words, for who writes a sentence, and what it will print there in each form.

The fields are named `chiffre-…`: they stand in the form of a text, beside what is typed there.
"""

import re
from dataclasses import dataclass, replace
from functools import cached_property

from axes.checks.prose import fold
from axes.citations import FORMS, Reference, UnknownFigure
from axes.filters import folded
from axes.models import Action, Indicator, Year
from axes.values import Value, values_over
from logement.richtext import Paragraph, Text, to_markup

SHOWN = 12
WORD = re.compile(r"[^\W_]+")
LABELS = {
    "lettres": "en lettres",
    "féminin": "au féminin",
    "nombre": "sans le signe (« 2 770 euros », « 71 pour cent »)",
    "unité": "avec l'unité",
    "précision": "avec la précision",
    "base": "avec sa base",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A figure found, its value in the exercise and in the one before."""

    indicator: Indicator
    value: Value
    before: Value | None


@dataclass(frozen=True, slots=True)
class Option:
    """A form that would change the words of the figure."""

    name: str
    label: str
    is_on: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """The figure chosen as it will print; `others` are the year of a cumul, or the cumuls of a year."""

    indicator: Indicator
    reference: Reference
    number: int
    value: Value
    options: tuple[Option, ...]
    others: tuple[Indicator, ...]

    @property
    def words(self):
        return self.reference.words(self.value)

    @property
    def markup(self):
        """What is typed without the rich editor."""
        return to_markup((Paragraph((Text(self.words, ref=str(self.reference)),)),))


class Finder:
    """What was asked for (`data`, the fields of a form), in a text of `year`, of an action or of no action.

    Nothing is looked up before it is read; then in a number of queries that does not grow with the indicators.
    """

    def __init__(self, year, data, *, action_id=None):
        self.year, self.data = year, data
        self.words = data.get("chiffre-mots", "")[:200]
        asked = data.get("chiffre-action", "")
        self.action_id = int(asked) if asked.isdecimal() and len(asked) < 10 else action_id

    @cached_property
    def _asked(self):
        """(the Reference that the fields say or None, why it cannot be cited or nothing)."""
        ref = self.data.get("chiffre-ref") or self._typed_ref()
        if not ref:
            return None, ""
        try:
            reference = Reference.read(ref)
        except UnknownFigure as refusal:
            return None, str(refusal)
        if reference.code not in self.codes:
            return None, f"Le chiffre « {reference.code} » n'existe pas : choisissez-en un autre ci-dessous."
        return reference, ""

    def _typed_ref(self):
        code = self.data.get("chiffre-serie") or self.data.get("chiffre-code")
        options = [self.data.get("chiffre-exercice", ""), *self.data.getlist("chiffre-forme")]
        return ", ".join([code, *filter(None, options)]) if code else ""

    @property
    def error(self):
        return self._asked[1]

    @cached_property
    def codes(self):
        return {indicator.code: indicator for indicator in self.indicators}

    @cached_property
    def action(self):
        held = Action.objects.filter(axis__agreement__territory=self.year.territory_id)
        return held.filter(pk=self.action_id).first() if self.action_id else None

    @cached_property
    def indicators(self):
        """Those of the action first, then those of its axis, then all others."""
        held = Indicator.objects.filter(territory=self.year.territory_id)
        held = held.select_related("territory", "supplier", "action__axis", "flow")
        return sorted(held.prefetch_related("cumuls"), key=self._distance)

    def _distance(self, indicator):
        action = self.action
        if indicator.action_id == (action and action.pk):
            return 0
        return 1 if action and indicator.action and indicator.action.axis_id == action.axis_id else 2

    @cached_property
    def looked_for(self):
        """The words typed, without accents nor plural."""
        return _folded(self.words)

    @cached_property
    def found(self):
        """The indicators that have every word; while nothing is typed, those of the action."""
        words = self.looked_for
        if not words:
            return [indicator for indicator in self.indicators if self._distance(indicator) == 0]
        by_name, by_rest = [], []
        for indicator in self.indicators:
            names = _folded(f"{indicator.code} {indicator.label}")
            others = _folded(f"{indicator.definition} {indicator.action or ''}")
            if all(_begins(word, names) for word in words):
                by_name.append(indicator)
            elif all(_begins(word, names | others) for word in words):
                by_rest.append(indicator)
        return sorted([*by_name, *by_rest], key=self._distance)

    @cached_property
    def chosen(self):
        """The indicator asked for, unless other words were typed since; else the first one that they find."""
        asked, _ = self._asked
        indicator = self.codes[asked.code] if asked else None
        is_new = self.data.get("chiffre-serie") or not self.data.get("chiffre-code")
        if indicator and (is_new or indicator in self.found):
            return indicator
        return self.found[0] if self.found and self.looked_for else None

    @cached_property
    def years(self):
        return {held.number: held for held in Year.objects.filter(territory=self.year.territory_id)}

    @cached_property
    def shown(self):
        """The indicators listed: the chosen one always is."""
        listed = self.found[:SHOWN]
        return listed if self.chosen is None or self.chosen in listed else [self.chosen, *listed[: SHOWN - 1]]

    @property
    def left(self):
        """How many more were found than are listed."""
        return max(0, len(self.found) - SHOWN)

    @cached_property
    def values(self):
        numbers = {self.year.number, self.year.number - 1, self._reference.number if self.chosen else None}
        return values_over(self.shown, [self.years[number] for number in numbers if number in self.years])

    @cached_property
    def rows(self):
        number = self.year.number
        return [
            Row(held, self.values[held.pk, number], self.values.get((held.pk, number - 1)))
            for held in self.shown
        ]

    @cached_property
    def _reference(self):
        """How the chosen figure is to be written: as asked, where it was; of an exercise that exists."""
        asked = self._asked[0] or Reference(self.chosen.code)
        is_own = asked.number == self.year.number or asked.number not in self.years
        return replace(asked, code=self.chosen.code, number=None if is_own else asked.number)

    @cached_property
    def choice(self):
        """The Choice, or None while none is made."""
        if self.chosen is None:
            return None
        number = self._reference.exercise(self.year)
        value = self.values[self.chosen.pk, number]
        others = (self.chosen.flow,) if self.chosen.flow else tuple(self.chosen.cumuls.all())
        options = tuple(_options(self._reference, value))
        return Choice(self.chosen, self._reference, number, value, options, others)


def _folded(text):
    return {fold(word) for word in WORD.findall(folded(text))}


def _begins(word, words):
    return any(held.startswith(word) for held in words)


def _options(reference, value):
    """The forms that change the words of the figure as it is written now."""
    for name, field in FORMS.items():
        is_on = getattr(reference, field)
        if is_on or replace(reference, **{field: True}).words(value) != reference.words(value):
            yield Option(name, LABELS[name], is_on)
