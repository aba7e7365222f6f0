"""The lists of the plan, sorted and paginated by django-tables2."""

from dataclasses import dataclass

import django_tables2 as tables
from django.template.loader import render_to_string

from axes.filters import folded
from axes.models import Accepted, Entry, Gathering, Indicator, Question, Submission, Target
from axes.values import (
    Change,
    Value,
    change_between,
    quantity,
    targets_of,
    value_from,
    value_of_fields,
    values_over,
)


def same(classes):
    return {"td": {"class": classes}, "th": {"class": classes}}


NUMBERS = same("num")
WIDE_SCREENS = same("d-none d-md-table-cell")


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """An indicator in an exercise: its value, that of the exercise before, what changed, the target."""

    indicator: Indicator
    value: Value
    before: Value | None = None
    change: Change | None = None
    target: Target | None = None

    @property
    def target_display(self):
        return quantity(self.target.number, self.indicator.unit) if self.target else ""

    @property
    def sum_display(self):
        return sum_words(self.value)

    @property
    def place(self):
        """Sorts by axis then action; those of no axis first, as in the preamble."""
        action = self.indicator.action
        return (action.axis.position, action.axis_id, action.pk) if action else (-1, 0, 0)

    @property
    def label(self):
        return folded(self.indicator.label)

    @property
    def source(self):
        return folded(self.indicator.source_detail)

    @property
    def supplier(self):
        return folded(str(self.indicator.supplier or ""))

    @property
    def amount(self):
        return sortable(self.value.comparable)

    @property
    def amount_before(self):
        return sortable(self.before.comparable if self.before else None)

    @property
    def growth(self):
        return sortable(
            self.change and (self.change.difference if self.change.percent is None else self.change.percent)
        )


def sum_words(value):
    """« 107 en 2022 + 35 en 2023 » where the value is that sum, else nothing."""
    return " + ".join(f"{term.figure} en {term.period.end.year}" for term in value.terms)


def sortable(number):
    """A key for numbers among which some are missing: these come first."""
    return (number is not None, number or 0)


def indicator_rows(indicators, *, year, before=None):
    """One row per indicator, in the order given, in two queries whatever their number."""
    values = values_over(indicators, [year, before] if before else [year])
    targets = targets_of(indicators, year)
    rows = []
    for indicator in indicators:
        value = values[indicator.pk, year.number]
        earlier = values[indicator.pk, before.number] if before else None
        change = change_between(earlier, value) if earlier else None
        rows.append(IndicatorRow(indicator, value, earlier, change, targets.get(indicator.pk)))
    return rows


def series_over(indicators, years):
    """{indicator.pk: [(exercise, its value, the change since the exercise listed after it)]}, latest first.

    In as many queries whatever their number: see `values_over`.
    """
    values = values_over(indicators, years)
    found = {}
    for indicator in indicators:
        own = [(year, values[indicator.pk, year.number]) for year in years]
        earlier = [value for _, value in own[1:]] + [None]
        found[indicator.pk] = [
            (year, value, change_between(before, value) if before else None)
            for (year, value), before in zip(own, earlier, strict=True)
        ]
    return found


def series_of(indicator, years):
    """The series of one indicator; see `series_over`."""
    return series_over([indicator], years)[indicator.pk]


def history_of(indicator, year):
    """(entry, its value, whether a later one replaced it), in the order of entry."""
    entries = Entry.objects.filter(indicator=indicator, year=year)
    entries = list(entries.with_origin().order_by("created_at", "pk"))
    replaced = {entry.corrects_id for entry in entries}
    return [
        (entry, value_from(entry, indicator=indicator, number=year.number), entry.pk in replaced)
        for entry in entries
    ]


@dataclass(frozen=True, slots=True)
class PartnerAnswer:
    """What a partner brings to the value of an indicator; nothing is accepted yet while `value` is None."""

    submission: Submission
    value: Value | None = None
    accepted: Accepted | None = None


def answers_behind(indicator, year, submissions):
    """[PartnerAnswer] of these submissions (a queryset, as its reader may know them); in two queries."""
    questions = Question.objects.filter(
        indicator=indicator,
        submission__in=submissions,
        submission__campaign__year=year,
        submission__campaign__opened_at__isnull=False,
    ).select_related("submission__organisation")
    accepted = {
        answer.question_id: answer
        for answer in Accepted.objects.current()
        .filter(question__in=questions)
        .select_related("accepted_by", "sending", "proposal")
    }
    return [
        PartnerAnswer(
            question.submission,
            value_of_fields(answer.quantity, year.number, indicator=indicator) if answer else None,
            answer,
        )
        for question in questions.order_by("submission__organisation__name")
        for answer in [accepted.get(question.pk)]
    ]


class PartialColumn(tables.Column):
    """A cell that a partial of templates/axes writes, from `row`, `value` and the table's `year` and `may_enter`."""

    def __init__(self, template, **kwargs):
        super().__init__(empty_values=(), **kwargs)
        self.template = template

    def render(self, record, value, table):
        context = {"row": record, "value": value, "year": table.year, "may_enter": table.may_enter}
        return render_to_string(self.template, context)


class IndicatorTable(tables.Table):
    """On a phone: the indicator, its two values, what changed; the rest is on its page."""

    place = PartialColumn("axes/_indicator_place.html", verbose_name="Axe", attrs=WIDE_SCREENS)
    label = PartialColumn(
        "axes/_indicator_name.html", verbose_name="Indicateur", attrs={"th": {"class": "w-25"}}
    )
    unit = tables.Column(accessor="indicator__unit", verbose_name="Unité", attrs=WIDE_SCREENS)
    before = PartialColumn("axes/_value.html", order_by="amount_before", attrs=NUMBERS)
    value = PartialColumn("axes/_value.html", order_by="amount", attrs=NUMBERS)
    change = PartialColumn("axes/_change.html", verbose_name="Évolution", order_by="growth", attrs=NUMBERS)
    target = PartialColumn(
        "axes/_target.html", verbose_name="Cible", orderable=False, attrs=same("num d-none d-md-table-cell")
    )
    source = PartialColumn(
        "axes/_source.html",
        verbose_name="Source et fournisseur",
        order_by=("source", "supplier"),
        attrs=WIDE_SCREENS,
    )
    act = PartialColumn(
        "axes/_enter_link.html",
        verbose_name="Saisie",
        accessor="value",
        orderable=False,
        attrs=same("nowrap"),
    )

    class Meta:
        attrs = {"class": "table table-dense table-stack"}

    def __init__(self, data, *, year, before, may_enter, **kwargs):
        self.year, self.may_enter = year, may_enter
        absent = set() if before else {"before", "change"}
        absent |= set() if may_enter else {"act"}
        absent |= set() if any(row.target for row in data) else {"target"}
        super().__init__(data, exclude=absent, **kwargs)
        self.caption = f"Indicateurs de l'exercice {year.number}"
        if before:
            self.columns["before"].column.verbose_name = str(before.number)
        self.columns["value"].column.verbose_name = str(year.number)


class GatheringTable(tables.Table):
    """The gatherings of an exercise; who may edit has the acts of each."""

    held_on = tables.Column(verbose_name="Date")
    kind = tables.Column(verbose_name="Type", order_by="kind__label")
    title = tables.Column(verbose_name="Intitulé")
    action = tables.Column(verbose_name="Action", order_by=("action__axis__position", "action__label"))
    participants = tables.Column(accessor="participants_display", order_by="participants", attrs=NUMBERS)
    organisation = tables.Column(verbose_name="Organisateur", default="—", order_by="organisation__name")
    act = PartialColumn("axes/_gathering_acts.html", verbose_name="Actes", accessor="pk", orderable=False)

    class Meta:
        model = Gathering
        fields = ()
        attrs = {"class": "table table-dense table-stack"}

    def __init__(self, data, *, year, may_edit, **kwargs):
        self.year, self.may_enter = year, may_edit
        super().__init__(data, exclude=() if may_edit else ("act",), **kwargs)
        self.caption = f"Événements de {year.number}"

    def render_held_on(self, value):
        return f"{value:%d/%m/%Y}"
