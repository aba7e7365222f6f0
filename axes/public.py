"""The figures of an exercise for the public: what would be printed, and how its counts are bound to one another.

Plain data: what to mask is decided later, from the cells and their sums alone (axes/masking.py).
"""

from dataclasses import dataclass, field, replace

from django.conf import settings

from axes.figures import FIGURES
from axes.masking import Cell, Sum, masks_of
from axes.models import Indicator, Year
from axes.progress import indicators_of
from axes.values import values_of, values_over

Kind, Temporality = Indicator.Kind, Indicator.Temporality
NOT_COUNTS = (Kind.AMOUNT, Kind.DURATION, Kind.RATE)


@dataclass(frozen=True, slots=True)
class PublicLine:
    """What would be printed of an indicator, and the keys of the cells that it shows.

    `is_part`: the only cell is that of a part of its figure. `rows` stand behind a sum or a mean.
    """

    heading: str
    label: str
    value: str
    base: str = ""
    cells: tuple[str, ...] = ()
    rows: int | None = None
    indicator: int = 0
    is_part: bool = False


@dataclass(frozen=True, slots=True)
class PublicFigures:
    threshold: int
    lines: tuple[PublicLine, ...]
    cells: tuple[tuple[str, Cell], ...]
    sums: tuple[Sum, ...]


def public_figures(year):
    """The PublicFigures of an exercise, in a number of queries that does not grow with the rows of the registers."""
    indicators = Indicator.objects.filter(indicators_of(year)).select_related("action__axis", "territory")
    before = Year.objects.filter(territory=year.territory, number=year.number - 1).first()
    indicators = list(indicators.distinct())
    return Builder(year, indicators, values_of(indicators, year)).build(before)


@dataclass
class Builder:
    year: Year
    indicators: list
    values: dict
    lines: list = field(default_factory=list)
    cells: dict = field(default_factory=dict)
    sums: list = field(default_factory=list)
    broken_down: dict = field(default_factory=dict)  # {key of a cell: the labels of its parts}

    def build(self, before):
        self.keys = {i.pk: self.key_of(i) for i in self.indicators if self.is_count(i)}
        for indicator in self.indicators:
            self.add(indicator)
        for whole in self.indicators:
            self.bind_parts(whole)
        self.bind_flows()
        self.bind_years(before)
        self.bind_shares()
        self.bind_bounds()
        return PublicFigures(
            settings.SMALL_COUNT_THRESHOLD, tuple(self.lines), tuple(self.cells.items()), tuple(self.sums)
        )

    # --- Lines and cells ---

    def add(self, indicator):
        value = self.values[indicator.pk]
        if value.is_pending:
            return
        if indicator.pk in self.keys:
            key = self.keys[indicator.pk]
            self.cell(key, value.number, indicator)
            self.line(indicator, value, (key,))
            self.add_breakdown(indicator, key)
        elif value.denominator is not None:
            self.add_share(indicator, value)
        else:
            self.line(indicator, value, (), rows=rows_behind(indicator, value))

    def add_share(self, indicator, value):
        numerator, base = self.numerator_key(indicator, value), self.base_key(indicator, value)
        if value.numerator % 1 or value.denominator % 1:
            self.line(indicator, value, ())
            return
        self.cell(numerator, value.numerator, indicator)
        self.cell(base, value.denominator, indicator)
        self.bind(base, numerator)
        rows = rows_behind(indicator, value) if self.is_of_things(value) else None
        self.line(indicator, value, (numerator, base), rows)

    def is_of_things(self, value):
        """A share of days or of euros: its numerator, however great, may be that of few people."""
        return value.provenance is not None and not FIGURES[value.provenance.figure.over].is_about_people

    def add_breakdown(self, indicator, key):
        """The parts of a register's figure, unless shares of it are published: they say the same."""
        figure = FIGURES.get(indicator.figure_key) if self.values[indicator.pk].provenance else None
        shares = {i.figure_key for i in self.indicators if i.figure_key and FIGURES[i.figure_key].over}
        if figure is None or not figure.breakdown or figure.scope or key in self.broken_down:
            return
        if any(FIGURES[share].over == figure.key for share in shares):
            return
        period = self.values[indicator.pk].period
        rows = figure.rows(indicator.territory, period)
        parts = [(label, number) for label, number in figure.parts_of(rows, period) if not number % 1]
        keys = [f"{key} / {label}" for label, _ in parts]
        self.broken_down[key] = [label for label, _ in parts]
        for part, (label, number) in zip(keys, parts, strict=True):
            self.cell(part, number, indicator)
            line = PublicLine(heading_of(indicator), f"– {label}", str(int(number)), cells=(part,))
            self.lines.append(replace(line, indicator=indicator.pk, is_part=True))
        if sum(number for _, number in parts) == self.cells[key].count:
            self.sums.append(Sum(key, tuple(keys)))
        else:
            for part in keys:
                self.bind(key, part)

    def line(self, indicator, value, cells, rows=None):
        words = (heading_of(indicator), indicator.label, value.display, value.base_display)
        self.lines.append(PublicLine(*words, cells, rows, indicator.pk))

    def cell(self, key, count, indicator):
        """A printed cell; of people as soon as one of the indicators that print it is."""
        is_about_people = indicator.is_about_people or (key in self.cells and self.cells[key].is_about_people)
        self.cells[key] = Cell(int(count), is_about_people=is_about_people)

    def is_count(self, indicator):
        number = self.values[indicator.pk].number
        return (
            indicator.kind not in NOT_COUNTS
            and indicator.unit != "%"
            and number is not None
            and not number % 1
        )

    def key_of(self, indicator):
        """The same for all the indicators that print the same figure of a register."""
        value = self.values[indicator.pk]
        if value.provenance is None:
            return indicator.code
        figure = value.provenance.figure
        scope = [str(getattr(indicator, name)) for _, name in figure.scope]
        return " ".join([figure.key, *scope, value.period.label])

    def numerator_key(self, indicator, value):
        """The same as that of the base of another share, where it is one: 106 of 355, then 53 of these 106."""
        if value.provenance is None:
            return f"{indicator.code} : numérateur"
        return f"{value.provenance.figure.key} {value.period.label}"

    def base_key(self, indicator, value):
        if value.provenance is None:
            return f"{indicator.code} : base"
        return f"{value.provenance.figure.over} {value.period.label}"

    # --- Sums ---

    def bind(self, whole, part, *, is_known=False, is_group=True):
        """The rest of a whole without a part: nobody prints it, anyone may compute it.

        `is_known`: it was printed last year; a small one was masked then. Without `is_group` the rest counts nobody:
        the part is at most the whole, and no more is said.
        """
        rest = self.cells[whole].count - self.cells[part].count
        key = f"{whole} sans {part}"
        if rest < 0 or whole == part or key in self.cells:
            return
        about = is_group and self.cells[part].is_about_people
        is_small = about and 0 < rest < settings.SMALL_COUNT_THRESHOLD
        self.cells[key] = Cell(
            rest, is_printed=False, is_known=is_known and not is_small, is_about_people=about
        )
        self.sums.append(Sum(whole, (part, key)))

    def bind_parts(self, whole):
        """Each part and its rest; and the parts together, when they do not overlap."""
        parts = [i for i in self.indicators if i.whole_id == whole.pk and i.pk in self.keys]
        if whole.pk not in self.keys or not parts:
            return
        for part in parts:
            if part.temporality == whole.temporality:
                self.bind(self.keys[whole.pk], self.keys[part.pk])
        keys = {self.keys[part.pk] for part in parts if part.temporality == whole.temporality}
        self.bind_together(self.keys[whole.pk], sorted(keys))

    def bind_together(self, whole, keys):
        rest = self.cells[whole].count - sum(self.cells[key].count for key in keys)
        if len(keys) < 2 or rest < 0 or whole in keys:
            return
        if rest:
            others = f"{whole} sans {', '.join(keys)}"
            self.cells[others] = Cell(
                rest, is_printed=False, is_about_people=self.cells[keys[0]].is_about_people
            )
            keys = [*keys, others]
        self.sums.append(Sum(whole, tuple(keys)))

    def flows(self):
        """(flow, cumulative) of the same figure, or of which the one is a part of the other."""
        for flow in self.indicators:
            for cumulative in self.indicators:
                if (flow.temporality, cumulative.temporality) != (Temporality.FLOW, Temporality.CUMULATIVE):
                    continue
                is_same = flow.figure_key and not FIGURES[flow.figure_key].scope
                is_same = is_same and flow.figure_key == cumulative.figure_key
                if {flow.pk, cumulative.pk} <= set(self.keys) and (is_same or flow.whole_id == cumulative.pk):
                    yield flow, cumulative

    def bind_flows(self):
        """Last year's report gave each cumulative figure without this year's flow, but for what it had to mask."""
        pairs = {}
        for flow, cumulative in self.flows():
            whole, part = self.keys[cumulative.pk], self.keys[flow.pk]
            pairs[whole] = part
            pairs |= {f"{whole} / {label}": f"{part} / {label}" for label in self.broken_down.get(whole, ())}
        masked = self.masked_last_year(pairs)
        for whole, part in pairs.items():
            if part in self.cells:
                self.bind(whole, part, is_known=whole not in masked)

    def masked_last_year(self, pairs):
        """Of the cumulative cells {whole: its flow}, those that the year before could not print, by the same rules."""
        earlier = {}
        for whole, part in pairs.items():
            count = self.cells[whole].count - (self.cells[part].count if part in self.cells else 0)
            if count >= 0:
                earlier[whole] = Cell(count, is_about_people=self.cells[whole].is_about_people)
        sums = [relation for relation in self.sums if {relation.whole, *relation.parts} <= set(earlier)]
        sums = [
            held
            for held in sums
            if earlier[held.whole].count == sum(earlier[key].count for key in held.parts)
        ]
        return masks_of(earlier, sums, settings.SMALL_COUNT_THRESHOLD)

    def bind_years(self, before):
        """A cumulative figure less that of the year before is the flow of the year, whoever prints it."""
        bound = {cumulative.pk for _, cumulative in self.flows()}
        alone = [
            i
            for i in self.indicators
            if i.temporality == Temporality.CUMULATIVE and i.pk in self.keys and i.pk not in bound
        ]
        if before is None or not alone:
            return
        earlier = values_over(alone, [before])
        for indicator in alone:
            number = earlier[indicator.pk, before.number].number
            key = self.keys[indicator.pk]
            if number is None or number % 1 or not 0 <= number <= self.cells[key].count:
                continue
            known, flow = f"{key}, un an avant", f"{key}, dans l'année"
            about = indicator.is_about_people
            self.cells[known] = Cell(int(number), is_printed=False, is_known=True, is_about_people=about)
            self.cells[flow] = Cell(
                self.cells[key].count - int(number), is_printed=False, is_about_people=about
            )
            self.sums.append(Sum(key, (known, flow)))

    def bind_shares(self):
        """Shares of one base whose numerators add up to it divide it: 71, 16 and 13 %."""
        by_base = {}
        for line in self.lines:
            if len(line.cells) == 2:
                by_base.setdefault(line.cells[1], []).append(line.cells[0])
        for base, numerators in by_base.items():
            if (
                sum(self.cells[key].count for key in numerators) == self.cells[base].count
                and len(numerators) > 1
            ):
                self.sums.append(Sum(base, tuple(numerators)))

    def bind_bounds(self):
        """What a figure never exceeds: « < 5 » says no more than 4 beside the four services that referred them."""
        for value in self.values.values():
            if value.provenance is None or not value.provenance.figure.at_most:
                continue
            figure, label = value.provenance.figure, value.period.label
            part, whole = f"{figure.key} {label}", f"{figure.at_most} {label}"
            if {part, whole} <= set(self.cells):
                self.bind(whole, part, is_group=False)


def rows_behind(indicator, value):
    """How many rows stand behind a sum or a mean about people; None where nobody is betrayed by it."""
    is_small_risk = indicator.is_about_people and value.provenance and not value.blank
    return value.provenance.rows if is_small_risk else None


def heading_of(indicator):
    return indicator.action.axis.full_label if indicator.action else "Le territoire"
