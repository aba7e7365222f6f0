"""The one place where a number is obtained: `values_of(indicators, year)`.

A `Value` carries the number (or numerator and denominator, or a day), its unit, its qualifier, or the reason of its
absence, and where it comes from. Sources: typed entries; accepted answers and registers come with their own apps.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from axes.models.indicator import Blank, Entry, Indicator, Qualifier
from axes.periods import Period, day_label
from logement.numbers import NO_BREAK_SPACE, format_number, share

PENDING = "pending"
BLANK_WORDS = {**dict(Blank.choices), PENDING: "pas encore reçu"}


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

    @property
    def is_pending(self):
        return self.blank == PENDING

    @property
    def display(self):
        """As the French read it: « environ 500 appels », « 71 % », « 2 770 € », « 24 mai 2023 », « non disponible »."""
        if self.blank:
            return BLANK_WORDS[self.blank]
        if self.day:
            return day_label(self.day)
        words = [] if self.qualifier == Qualifier.EXACT else [Qualifier(self.qualifier).label]
        return " ".join([*words, self._amount()])

    def _amount(self):
        if self.denominator is None:
            return f"{format_number(self.number)}{NO_BREAK_SPACE}{self.unit}"
        if self.unit == "%":
            return f"{format_number(share(self.numerator, self.denominator))}{NO_BREAK_SPACE}%"
        return f"{format_number(self.numerator)} sur {format_number(self.denominator)}"

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


def period_of(indicator, number):
    """The period that an indicator covers in the exercise of this number."""
    match indicator.temporality:
        case Indicator.Temporality.CUMULATIVE:
            return Period(indicator.since, date(number, 12, 31))
        case Indicator.Temporality.STOCK:
            return Period.on(date(number, 12, 31))
        case _:
            return Period.of_year(number)


def values_of(indicators, year):
    """{indicator.pk: Value} for one exercise, in one query whatever their number; pending where nothing was entered."""
    entries = Entry.objects.current().filter(indicator__in=[i.pk for i in indicators], year=year)
    found = {entry.indicator_id: entry for entry in entries.select_related("created_by")}
    return {i.pk: value_from(found.get(i.pk), indicator=i, number=year.number) for i in indicators}


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
        number=entry.number,
        numerator=entry.numerator,
        denominator=entry.denominator,
        day=entry.day,
        qualifier=entry.qualifier,
        blank=entry.blank,
        note=entry.note,
        is_fictive=entry.is_fictive,
        by=str(entry.created_by),
        at=entry.created_at,
        entry_id=entry.pk,
    )
