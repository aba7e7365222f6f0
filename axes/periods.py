"""Periods of the figures: a year, « depuis novembre 2019 », « au 31 décembre 2023 ». Pure."""

from dataclasses import dataclass
from datetime import date

MONTHS = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()


@dataclass(frozen=True, slots=True)
class Period:
    """From a day to a day, both included; `start` is None for a stock, counted on the day `end`."""

    start: date | None
    end: date

    def __post_init__(self):
        if self.start and self.start > self.end:
            raise ValueError(f"La période commence le {self.start} après sa fin, le {self.end}.")

    @classmethod
    def of_year(cls, year):
        return cls(date(year, 1, 1), date(year, 12, 31))

    @classmethod
    def on(cls, day):
        return cls(None, day)

    @property
    def label(self):
        """In French: « 2023 », « au 31 décembre 2023 », « de novembre 2019 à décembre 2023 »."""
        if self.start is None:
            return f"au {day_label(self.end)}"
        if (self.start, self.end) == (date(self.end.year, 1, 1), date(self.end.year, 12, 31)):
            return str(self.end.year)
        return f"de {month_label(self.start)} à {month_label(self.end)}"


def day_label(day):
    """« 1er mars 2024 », « 24 mai 2023 »."""
    return f"{'1er' if day.day == 1 else day.day} {month_label(day)}"


def month_label(day):
    """« mars 2024 »."""
    return f"{MONTHS[day.month - 1]} {day.year}"
