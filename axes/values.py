"""The one place where a number is obtained: `values_of(indicators, year)`.

A `Value` carries the number (or numerator and denominator, or a day), its unit, its qualifier, or the reason of its
absence, and where it comes from. Sources: typed entries, the answers accepted from the partners, the figures of the
registers.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from itertools import product

from django.db.models import Q

from axes.collection import answers_over
from axes.computation import computation_of_now, origins_of
from axes.figures import Figure
from axes.models.indicator import Entry, Indicator, Target
from axes.models.plan import Year
from axes.models.quantity import Blank, Qualifier, Quantity
from axes.periods import Period, day_label
from logement.numbers import NO_BREAK_SPACE, agree, format_change, format_number, round_half_up, share

PENDING = "pending"
BLANK_WORDS = {**dict(Blank.choices), PENDING: "pas encore reçu"}

#: Units that stay beside their number where a column already names the unit; units that come before it.
SYMBOLS = ("%", "€")
RANKS = ("rang",)


class Shape(Enum):
    """What a figure is made of."""

    NUMBER = "un nombre"
    RATE = "un numérateur et un dénominateur"
    SHARE = "un pourcentage publié, ou un numérateur et un dénominateur"
    DAY = "une date"


AMOUNTS = ("number", "numerator", "denominator")
#: The fields that a figure of each shape may hold; a day has no qualifier.
HELD = {
    Shape.NUMBER: {"number", "qualifier"},
    Shape.RATE: {"numerator", "denominator", "qualifier"},
    Shape.SHARE: {*AMOUNTS, "qualifier"},
    Shape.DAY: {"day"},
}


@dataclass(frozen=True, slots=True)
class Provenance:
    """What a register's figure says of itself: which one, and how many rows stand behind the number."""

    figure: Figure
    rows: int

    @property
    def formula(self):
        return self.figure.formula


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many of the partners who were asked have an accepted answer."""

    answered: int
    asked: int

    @property
    def is_partial(self):
        return self.answered < self.asked

    @property
    def display(self):
        """« 4 associations sur 5 ont répondu »; nothing where a single partner is asked."""
        if self.asked < 2:
            return ""
        verb = "ont" if self.answered > 1 else "a"
        return f"{self.answered} {agree('associations', self.answered)} sur {self.asked} {verb} répondu"


@dataclass(frozen=True, slots=True)
class Value:
    """A figure for a period. Exactly one of `number`, `numerator` with `denominator`, `day`, `blank` is given."""

    unit: str
    period: Period
    number: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    day: date | None = None
    qualifier: str = Qualifier.EXACT
    blank: str = ""
    note: str = ""
    is_fictive: bool = False
    by: str = ""
    at: datetime | None = None
    entry_id: int | None = None
    #: The name of the imported report that it comes from, if any.
    document: str = ""
    provenance: Provenance | None = None
    coverage: Coverage | None = None
    #: The exercise since which what is counted has not changed, 0 for always: two values of two series do not compare.
    series: int = 0
    #: What was added up to give it: the cumul of the year before, and what the year added.
    terms: "tuple[Value, ...]" = ()

    @property
    def is_pending(self):
        return self.blank == PENDING

    @property
    def is_answered(self):
        """Whether it is what the partners answered: not a cumul that only adds such an answer."""
        return self.coverage is not None and not self.terms

    @property
    def display(self):
        """As the French read it: « environ 500 appels », « 71 % », « 2 770 € », « 24 mai 2023 », « non disponible ».

        A partial total never shows as a total: « 54 ménages (total partiel : 4 associations sur 5 ont répondu) ».
        """
        words = self.figure if self.number is None else self._qualified(quantity(self.number, self.unit))
        return f"{words} ({self.partial_words})" if self.partial_words else words

    @property
    def partial_words(self):
        """« total partiel : 4 associations sur 5 ont répondu », or nothing where the total is whole."""
        if self.coverage is None or not self.coverage.is_partial or self.blank:
            return ""
        return f"total partiel : {self.coverage.display}"

    @property
    def figure(self):
        """The same without its unit, but for « % » and « € »: for a table that has a column of units."""
        if self.blank:
            return BLANK_WORDS[self.blank]
        if self.day:
            return day_label(self.day)
        if self.number is not None:
            return self._qualified(quantity(self.number, self.unit if self.unit in SYMBOLS else ""))
        if self.unit == "%":
            return self._qualified(quantity(share(self.numerator, self.denominator), "%"))
        return self._qualified(self.base_display)

    @property
    def unit_word(self):
        """What `figure` leaves out: « ménages »; nothing beside « % », a rank, a rate, a date or a blank."""
        return "" if self.number is None or self.unit in {*SYMBOLS, *RANKS} else agree(self.unit, self.number)

    def _qualified(self, words):
        return words if self.qualifier == Qualifier.EXACT else f"{Qualifier(self.qualifier).label} {words}"

    @property
    def base_display(self):
        """« 40 sur 56 » for a rate, else nothing."""
        if self.denominator is None:
            return ""
        return f"{format_number(self.numerator)} sur {format_number(self.denominator)}"

    @property
    def comparable(self):
        """A single Decimal to compare years with (the share for a rate), or None."""
        if self.denominator is not None:
            return self.numerator / self.denominator
        return self.number


def quantity(number, unit):
    """« 142 ménages », « 1 appel par jour », « 75 % », « rang 3 »; without unit, the number alone."""
    if unit in RANKS:
        return f"{unit}{NO_BREAK_SPACE}{format_number(number)}"
    return f"{format_number(number)}{NO_BREAK_SPACE}{agree(unit, number)}" if unit else format_number(number)


@dataclass(frozen=True, slots=True)
class Change:
    """From a value to a later one. `difference` is in the unit, or in points between two shares."""

    difference: Decimal
    percent: Decimal | None = None
    is_in_points: bool = False
    is_rough: bool = False
    is_fictive: bool = False

    @property
    def display(self):
        """« +35 (+33 %) », « −2 points », « stable », « environ +5 » when one of the two values is not exact."""
        if not self.difference:
            return "stable"
        words = ["environ"] if self.is_rough else []
        words.append(format_change(self.difference))
        if self.is_in_points:
            words.append(agree("points", self.difference))
        if self.percent:
            words.append(f"({format_change(self.percent)}{NO_BREAK_SPACE}%)")
        return NO_BREAK_SPACE.join(words)


def change_between(before, after):
    """The Change between two values of an indicator; None when they do not compare.

    So it is of a blank, of a date, of a partial total, of what is counted otherwise since. Two shares compare by the
    percentages that print, so that what is read adds up.
    """
    if before.comparable is None or after.comparable is None or before.series != after.series:
        return None
    if before.partial_words or after.partial_words:
        return None
    marks = {
        "is_rough": before.qualifier != Qualifier.EXACT or after.qualifier != Qualifier.EXACT,
        "is_fictive": before.is_fictive or after.is_fictive,
    }
    if after.unit == "%" or None not in {before.denominator, after.denominator}:
        return Change(_points(after) - _points(before), is_in_points=True, **marks)
    if before.denominator is not None or after.denominator is not None:
        return None
    difference = after.number - before.number
    has_percent = before.number and after.unit not in RANKS
    percent = round_half_up(difference * 100 / abs(before.number)) if has_percent else None
    return Change(difference, percent, **marks)


def _points(value):
    return value.number if value.denominator is None else share(value.numerator, value.denominator)


def shape_of(indicator):
    """What an entry of this indicator is made of. A rate keeps its base; a context figure in % may lack it."""
    if indicator.unit == "date":
        return Shape.DAY
    if indicator.kind == Indicator.Kind.RATE:
        return Shape.RATE
    return Shape.SHARE if indicator.unit == "%" else Shape.NUMBER


def period_of(indicator, number):
    """The period that an indicator covers in the exercise of this number."""
    match indicator.temporality:
        case Indicator.Temporality.CUMULATIVE:
            return Period(indicator.since, date(number, 12, 31))
        case Indicator.Temporality.STOCK:
            return Period.on(date(number, 12, 31))
        case _:
            return Period.of_year(number)


def values_over(indicators, years):
    """{(indicator.pk, year.number): Value} for several exercises; pending where nothing was entered.

    Two queries whatever their number, four more where a cumul is derived, two more where partners answer, and for the
    registers one to four per figure and period: never per row.
    """
    numbers = {year.pk: year.number for year in years}
    values = given_over(indicators, numbers)
    return values | cumuls_over(indicators, numbers, values)


def given_over(indicators, numbers):
    """{(indicator.pk, exercise number): Value} as typed, answered or counted; `numbers` is {year.pk: number}."""
    entries = Entry.objects.current().filter(indicator__in=[i.pk for i in indicators], year__in=numbers)
    found = {(e.indicator_id, numbers[e.year_id]): e for e in entries.with_origin()}
    origins = origins_of(indicators, numbers.values())
    submitted = {key for key, origin in origins.items() if origin.source == Indicator.Source.SUBMITTED}
    answers = answers_over(submitted)
    computation = computation_of_now()
    return {
        (indicator.pk, number): _value(
            indicator,
            number,
            origin=origins[indicator.pk, number],
            entry=found.get((indicator.pk, number)),
            answers=answers.get((indicator.pk, number)),
            computation=computation,
        )
        for indicator in indicators
        for number in numbers.values()
    }


def _value(indicator, number, *, origin, entry, answers, computation):
    match origin.source:
        case Indicator.Source.SUBMITTED if answers:
            value = value_from_answers(answers, indicator=indicator, number=number)
        case Indicator.Source.REGISTER:
            value = value_from_register(indicator, number, origin=origin, computation=computation)
        case _:
            value = value_from(entry, indicator=indicator, number=number)
    return replace(value, series=origin.series) if origin.series else value


def cumuls_over(indicators, numbers, values):
    """{(cumul.pk, exercise number): Value} of the cumuls that nobody gave, added up from the last one that is known.

    cumul(N) = cumul(N-1) + flow(N), wherever the two come from, exercise after exercise; not across a redefinition.
    """
    cumuls = [indicator for indicator in indicators if indicator.flow_id]
    wanted = [(i.pk, n) for i in cumuls for n in numbers.values() if may_be_derived(values[i.pk, n])]
    if not wanted:
        return {}
    last = max(number for _, number in wanted)
    years = Year.objects.filter(territory__in={cumul.territory_id for cumul in cumuls}, number__lte=last)
    flows = Indicator.objects.filter(pk__in={cumul.flow_id for cumul in cumuls}).select_related("territory")
    years = dict(years.order_by("number").values_list("pk", "number"))
    known = given_over([*cumuls, *flows], years)
    for number, cumul in product(dict.fromkeys(years.values()), cumuls):
        terms = known.get((cumul.pk, number - 1)), known[cumul.flow_id, number]
        if may_be_derived(known[cumul.pk, number]) and may_be_added(terms, number, known[cumul.pk, number]):
            known[cumul.pk, number] = value_from_terms(*terms, indicator=cumul, number=number)
    return {key: known[key] for key in wanted}


def may_be_derived(value):
    """Whether nobody gave it: neither typed, nor asked to a partner."""
    return value.is_pending and value.coverage is None


def may_be_added(terms, number, cumul):
    """Whether both terms are numbers, and neither the cumul nor its flow was redefined in this exercise."""
    before, flow = terms
    are_known = before is not None and before.number is not None and flow.number is not None
    return are_known and max(cumul.series, flow.series) < number


def value_from_terms(before, flow, *, indicator, number):
    """As rough as the rougher of the two, as late as the later; partial where one of them is."""
    terms = (before, flow)
    last = max((term for term in terms if term.at), key=lambda term: term.at, default=before)
    return Value(
        unit=indicator.unit,
        period=period_of(indicator, number),
        number=before.number + flow.number,
        qualifier=qualifier_of(terms),
        is_fictive=any(term.is_fictive for term in terms),
        by=last.by,
        at=last.at,
        coverage=next((term.coverage for term in terms if term.partial_words), None),
        series=before.series,
        terms=terms,
    )


def value_from_answers(answers, *, indicator, number):
    """The sum of the accepted answers of the partners; pending while there is none."""
    coverage = Coverage(len(answers.accepted), answers.asked)
    common = {"unit": indicator.unit, "period": period_of(indicator, number), "coverage": coverage}
    if not answers.accepted:
        return Value(blank=PENDING, **common)
    last = max(answers.accepted, key=lambda accepted: accepted.accepted_at)
    common |= {
        "by": str(last.accepted_by),
        "at": last.accepted_at,
        "is_fictive": False,
        "note": " ; ".join(accepted.note for accepted in answers.accepted if accepted.note),
    }
    given = [accepted for accepted in answers.accepted if not accepted.blank]
    if not given:
        is_unavailable = any(accepted.blank == Blank.UNAVAILABLE for accepted in answers.accepted)
        return Value(blank=Blank.UNAVAILABLE if is_unavailable else Blank.NOT_APPLICABLE, **common)
    return Value(qualifier=qualifier_of(answers.accepted), **sum_of(given), **common)


def sum_of(answers):
    """The fields of a Value: numbers add up, rates by their numerators and denominators; a date is alone."""
    if answers[0].day:
        return {"day": answers[0].day}
    if answers[0].denominator is not None:
        return {
            "numerator": sum(answer.numerator for answer in answers),
            "denominator": sum(answer.denominator for answer in answers),
        }
    return {"number": sum(answer.number for answer in answers)}


def qualifier_of(answers):
    """That of a total: rough when a part is; « au moins » when a part is a minimum, or is not available."""
    held = {answer.qualifier for answer in answers if not answer.blank}
    if held & {Qualifier.AROUND, Qualifier.NEARLY}:
        return Qualifier.AROUND if len(answers) > 1 else held.pop()
    is_minimum = held & {Qualifier.AT_LEAST, Qualifier.MORE_THAN}
    if is_minimum and len(answers) == 1:
        return held.pop()
    is_lacking = any(answer.blank == Blank.UNAVAILABLE for answer in answers)
    return Qualifier.AT_LEAST if is_minimum or is_lacking else Qualifier.EXACT


def value_from_register(indicator, number, *, origin, computation):
    """The Value that a register computes for an indicator in an exercise."""
    period = period_of(indicator, number)
    return register_value(computation.of(indicator, origin, period), indicator.unit, period)


def register_value(found, unit, period):
    """The Value of a computed figure; « sans objet » where there is nothing to divide by, to average or to add."""
    common = {"unit": unit, "period": period, "provenance": Provenance(found.figure, found.rows)}
    if found.number is None or (found.figure.over and not found.base):
        return Value(blank=Blank.UNAVAILABLE if found.lacking else Blank.NOT_APPLICABLE, **common)
    if found.figure.over:
        return Value(numerator=Decimal(found.number), denominator=Decimal(found.base), **common)
    qualifier = Qualifier.AT_LEAST if found.lacking else Qualifier.EXACT
    return Value(number=Decimal(found.number), qualifier=qualifier, **common)


def values_of(indicators, year):
    """{indicator.pk: Value} for one exercise; see `values_over`."""
    return {pk: value for (pk, _), value in values_over(indicators, [year]).items()}


def value_of(indicator, year):
    """One Value; see `values_of`."""
    return values_of([indicator], year)[indicator.pk]


def value_from(entry, *, indicator, number):
    """The Value that an entry says, or a pending one for None."""
    if entry is None:
        return Value(unit=indicator.unit, period=period_of(indicator, number), blank=PENDING)
    return Value(
        unit=indicator.unit,
        period=Period(entry.starts_on, entry.ends_on),
        **entry.quantity,
        is_fictive=entry.is_fictive,
        by=str(entry.created_by),
        at=entry.created_at,
        entry_id=entry.pk,
        document=entry.imported_from.name if entry.imported_from_id else "",
    )


def value_of_fields(fields, number, *, indicator=None, unit=None):
    """The Value of the fields of a Quantity, by name, in the exercise `number`.

    What was sent keeps its own `unit`, and is of its year where no `indicator` tells the period.
    """
    period = period_of(indicator, number) if indicator else Period.of_year(number)
    unit = indicator.unit if unit is None else unit
    return Value(unit=unit, period=period, **{name: fields[name] for name in Quantity.FIELDS})


def targets_of(indicators, year):
    """{indicator.pk: Target}, in one query: that of the exercise, else that of the whole convention."""
    targets = Target.objects.filter(
        Q(year=year) | Q(year__isnull=True), indicator__in=[indicator.pk for indicator in indicators]
    )
    return {
        target.indicator_id: target
        for target in sorted(targets, key=lambda target: target.year_id is not None)
    }


def refusals(indicator, *, number=None, numerator=None, denominator=None):
    """Why these numbers cannot be a value of this indicator: {field: French sentence}. Context may be below zero."""
    sentences = {}
    kind = indicator.get_kind_display().lower()
    if indicator.kind != Indicator.Kind.CONTEXT and number is not None and number < 0:
        sentences["number"] = f"Un nombre négatif est impossible ici (type : {kind}). Écrivez zéro ou plus."
    if numerator is not None and numerator < 0:
        sentences["numerator"] = "Le numérateur ne peut pas être négatif. Écrivez zéro ou plus."
    if denominator is not None and denominator <= 0:
        sentences["denominator"] = (
            "Le dénominateur doit être supérieur à zéro. S'il n'y a pas de base, choisissez « sans objet »."
        )
    return sentences


def doubts(indicator, year):
    """What is worth a second look in the value of an exercise: French sentences. Nothing is refused for it."""
    relatives = [indicator, *indicator.parts.all(), *([indicator.whole] if indicator.whole else [])]
    values = values_of(relatives, year)
    families = [(indicator, indicator.whole), *((part, indicator) for part in indicator.parts.all())]
    sentences = [
        doubt_of_rate(values[indicator.pk]),
        *(
            doubt_of_part(part, values[part.pk], whole=whole, of=values[whole.pk])
            for part, whole in families
            if whole
        ),
    ]
    return [sentence for sentence in sentences if sentence]


def doubt_of_rate(value):
    """The sentence about a rate above one, or nothing."""
    if value.denominator is None or value.numerator <= value.denominator:
        return ""
    return f"Le numérateur dépasse le dénominateur ({value.base_display}) : vérifiez."


def doubt_of_part(part, value, *, whole, of):
    """The sentence about a part (an indicator and its Value) above its whole, or nothing."""
    if not is_more(value, of):
        return ""
    return (
        f"« {part.label} » ({value.display}) dépasse « {whole.label} » "
        f"({of.display}), dont il est une partie : vérifiez."
    )


def is_more(part, whole):
    if whole.partial_words:
        return False
    return part.number is not None and whole.number is not None and part.number > whole.number
