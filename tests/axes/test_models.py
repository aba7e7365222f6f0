"""What the database itself refuses, and with which words the screens say it."""

from datetime import date
from decimal import Decimal

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import CheckConstraint

from axes.models import Entry, Outcome, Year
from tests.axes import campaign_breaches, citation_breaches, import_breaches
from tests.factories import (
    ActionFactory,
    AgreementFactory,
    AxisFactory,
    BlockFactory,
    ChapterFactory,
    ColumnFactory,
    EntryFactory,
    FundingFactory,
    GatheringFactory,
    GatheringKindFactory,
    IndicatorFactory,
    LayoutFactory,
    LineFactory,
    OrganisationFactory,
    SeriesBreakFactory,
    SignatoryFactory,
    StateFactory,
    TargetFactory,
    TextBlockFactory,
    UserFactory,
    YearFactory,
)

pytestmark = pytest.mark.django_db


def entry(**fields):
    """A valid first value, not yet saved, but for `fields`."""
    year = YearFactory()
    indicator = IndicatorFactory(territory=year.territory)
    fields = {"year": year, "indicator": indicator, "created_by": UserFactory()} | fields
    return EntryFactory.build(**fields)


def a_second_agreement_of_the_title():
    first = AgreementFactory()
    return AgreementFactory.build(territory=first.territory, title=first.title)


def a_signatory_twice():
    first = SignatoryFactory()
    return SignatoryFactory.build(agreement=first.agreement, organisation=first.organisation)


def a_year_twice():
    first = YearFactory()
    return YearFactory.build(agreement=first.agreement, territory=first.territory)


def year(**fields):
    agreement = AgreementFactory()
    return YearFactory.build(agreement=agreement, territory=agreement.territory, **fields)


def an_axis_number_twice():
    first = AxisFactory()
    return AxisFactory.build(agreement=first.agreement, number=first.number)


def an_axis_label_twice():
    first = AxisFactory()
    return AxisFactory.build(agreement=first.agreement, label=first.label)


def a_state_twice():
    return StateFactory.build(agreement=StateFactory().agreement)


def a_layout_name_twice():
    first = LayoutFactory()
    return LayoutFactory.build(agreement=first.agreement, name=first.name, columns=False)


def a_column_role_twice():
    return ColumnFactory.build(layout=LayoutFactory(), role="state")


def a_column_heading_twice():
    first = ColumnFactory()
    return ColumnFactory.build(layout=first.layout, heading=first.heading)


def a_second_cover():
    return ChapterFactory.build(cover=True, year=ChapterFactory(cover=True).year)


def a_table_without_axis():
    return BlockFactory.build(chapter=ChapterFactory(), kind="actions")


def a_text_with_an_axis():
    chapter = ChapterFactory()
    return BlockFactory.build(
        chapter=chapter, kind="text", axis=AxisFactory(agreement=chapter.year.agreement)
    )


def an_axis_twice_in_a_chapter():
    first = BlockFactory(actions=True)
    return BlockFactory.build(chapter=first.chapter, kind="actions", axis=first.axis, layout=first.layout)


def a_line_twice():
    first = LineFactory()
    return LineFactory.build(action=first.action, year=first.year)


def a_line_of_unknown_agreement():
    year = YearFactory()
    action = ActionFactory(axis=AxisFactory(agreement=year.agreement))
    return LineFactory.build(action=action, year=year, inflection="xx")


def a_funder_twice():
    first = FundingFactory()
    return FundingFactory.build(line=first.line, funder=first.funder)


def funding(**fields):
    return FundingFactory.build(line=LineFactory(), funder=OrganisationFactory(), **fields)


def a_text_of_nothing():
    return TextBlockFactory.build(block=None, year=YearFactory())


def a_text_of_both():
    cell = TextBlockFactory(cell=True)
    cell.block = BlockFactory(chapter__year=cell.year)
    return cell


def a_cell_twice():
    first = TextBlockFactory(cell=True)
    return TextBlockFactory.build(cell=True, line=first.line, column=first.column)


def a_text_dated_by_nobody():
    text = TextBlockFactory()
    text.updated_by = UserFactory()
    return text


def an_indicator_code_twice():
    first = IndicatorFactory()
    return IndicatorFactory.build(territory=first.territory, code=first.code)


def a_kind_twice():
    first = GatheringKindFactory(label="Comité de suivi")
    return GatheringKindFactory.build(territory=first.territory, label="comité de Suivi")


def gathering(**fields):
    action = ActionFactory()
    kind = GatheringKindFactory(territory=action.axis.agreement.territory)
    return GatheringFactory.build(action=action, kind=kind, created_by=UserFactory(), **fields)


def indicator(**fields):
    return IndicatorFactory.build(territory=YearFactory().territory, **fields)


def a_cumul_of_itself():
    cumul = IndicatorFactory(temporality="cumulative", since=DAY)
    cumul.flow = cumul
    return cumul


def an_indicator_part_of_itself():
    held = IndicatorFactory()
    held.whole = held
    return held


def a_correction_without_reason():
    first = EntryFactory()
    return entry(indicator=first.indicator, year=first.year, corrects=first)


def a_second_first_entry():
    first = EntryFactory()
    return entry(indicator=first.indicator, year=first.year)


def a_target_twice():
    first = TargetFactory()
    return TargetFactory.build(indicator=first.indicator, year=first.year)


def a_second_target_of_the_agreement():
    return TargetFactory.build(indicator=TargetFactory(year=None).indicator, year=None)


ONE, FOUR, DAY = Decimal(1), Decimal(4), date(2023, 5, 24)

#: Constraint -> rows that break it, and it alone.
BREACHES = {
    "agreement_title_once_per_territory": [a_second_agreement_of_the_title],
    "agreement_ends_after_it_starts": [
        lambda: AgreementFactory.build(territory=YearFactory().territory, ends_on=date(2023, 1, 1))
    ],
    "signatory_once_per_agreement": [a_signatory_twice],
    "year_once_per_territory": [a_year_twice],
    "year_is_plausible": [lambda: year(number=1999), lambda: year(number=2101)],
    "year_state_is_known": [lambda: year(state="perdu")],
    "axis_number_once_per_agreement": [an_axis_number_twice],
    "axis_label_once_per_agreement": [an_axis_label_twice],
    "state_words_once_per_agreement": [a_state_twice],
    "layout_name_once_per_agreement": [a_layout_name_twice],
    "column_role_once_per_layout": [a_column_role_twice],
    "column_heading_once_per_layout": [a_column_heading_twice],
    "chapter_one_cover_one_preamble": [a_second_cover],
    "block_table_has_axis_and_layout": [a_table_without_axis, a_text_with_an_axis],
    "block_axis_once_per_chapter": [an_axis_twice_in_a_chapter],
    "line_once_per_action_and_year": [a_line_twice],
    "line_inflection_is_known": [a_line_of_unknown_agreement],
    "funding_once_per_funder": [a_funder_twice],
    "funding_is_not_negative": [lambda: funding(planned=-ONE), lambda: funding(paid=-ONE)],
    "text_is_narrative_or_cell": [a_text_of_nothing, a_text_of_both],
    "text_one_per_cell": [a_cell_twice],
    "text_updated_at_with_by": [a_text_dated_by_nobody],
    "indicator_code_once_per_territory": [an_indicator_code_twice],
    "indicator_cumulative_has_a_start": [
        lambda: indicator(temporality="cumulative"),
        lambda: indicator(since=DAY),
    ],
    "indicator_not_part_of_itself": [an_indicator_part_of_itself],
    "indicator_only_a_cumul_has_a_flow": [
        lambda: indicator(flow=IndicatorFactory()),
        a_cumul_of_itself,
    ],
    "indicator_register_names_its_figure": [
        lambda: indicator(source="register"),
        lambda: indicator(figure_key="bail_dabord.households_entered"),
    ],
    "indicator_of_gatherings_names_their_kind": [
        lambda: indicator(source="register", figure_key="axes.gatherings", action=ActionFactory()),
        lambda: indicator(
            source="register", figure_key="axes.gatherings", gathering_kind=GatheringKindFactory()
        ),
        lambda: indicator(gathering_kind=GatheringKindFactory(), action=ActionFactory()),
    ],
    "series_break_has_a_reason": [
        lambda: SeriesBreakFactory.build(indicator=IndicatorFactory(), created_by=UserFactory(), reason="")
    ],
    "gathering_kind_once_per_territory": [a_kind_twice],
    "gathering_kind_has_a_label": [
        lambda: GatheringKindFactory.build(territory=YearFactory().territory, label="")
    ],
    "gathering_participants_or_their_absence": [
        lambda: gathering(participants=3, participants_blank="unavailable")
    ],
    "gathering_absence_is_known": [lambda: gathering(participants_blank="pending")],
    "entry_is_one_of_number_rate_day_blank": [
        lambda: entry(number=None),
        lambda: entry(numerator=ONE, denominator=FOUR),
        lambda: entry(day=DAY),
        lambda: entry(blank="unavailable"),
        lambda: entry(number=None, numerator=ONE),
        lambda: entry(number=None, denominator=FOUR),
        lambda: entry(number=None, day=DAY, blank="not_applicable"),
        lambda: entry(number=None, blank="pending"),
    ],
    "entry_denominator_is_positive": [lambda: entry(number=None, numerator=ONE, denominator=Decimal(0))],
    "entry_period_in_order": [lambda: entry(starts_on=DAY, ends_on=date(2023, 5, 23))],
    "entry_correction_has_a_reason": [a_correction_without_reason],
    "entry_first_once_per_indicator_and_year": [a_second_first_entry],
    "target_once_per_year": [a_target_twice],
    "target_once_for_the_agreement": [a_second_target_of_the_agreement],
}
BREACHES |= campaign_breaches.BREACHES | citation_breaches.BREACHES | import_breaches.BREACHES
CONSTRAINTS = {
    constraint.name: constraint
    for model in apps.get_app_config("axes").get_models()
    for constraint in model._meta.constraints
}
CASES = [
    pytest.param(name, make, id=f"{name}-{n}") for name in BREACHES for n, make in enumerate(BREACHES[name])
]


#: The others can be broken by no form.
WORDED = {
    name
    for name, constraint in CONSTRAINTS.items()
    if constraint.violation_error_message != constraint.default_violation_error_message
}


def test_every_constraint_is_tried():
    assert set(BREACHES) == set(CONSTRAINTS)


@pytest.mark.parametrize(("name", "make"), CASES)
def test_database_refuses(name, make):
    row = make()

    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        row.save()

    if isinstance(CONSTRAINTS[name], CheckConstraint) or connection.vendor == "postgresql":
        assert name in str(refused.value)


@pytest.mark.parametrize(("name", "make"), [case for case in CASES if case.values[0] in WORDED])
def test_screen_says_why(name, make):
    constraint = CONSTRAINTS[name]
    row = make()

    with pytest.raises(ValidationError) as refused:
        row.validate_constraints()

    assert refused.value.messages == [constraint.violation_error_message]


# --- Values are never rewritten ---


@pytest.mark.parametrize(
    "act",
    [
        lambda entry: Entry.objects.filter(pk=entry.pk).update(number=2),
        lambda entry: Entry.objects.filter(pk=entry.pk).update(note=""),
        lambda entry: entry.save(),
        lambda entry: entry.delete(),
        lambda entry: Entry.objects.all().delete(),
        lambda entry: Entry.objects.filter(pk=entry.pk)._raw_delete(using="default"),
    ],
)
def test_an_entry_is_append_only(act):
    held = EntryFactory()

    with pytest.raises(IntegrityError, match="axes_entry is append-only"), transaction.atomic():
        act(held)

    assert Entry.objects.get() == held


def correct(held, **fields):
    return EntryFactory(indicator=held.indicator, year=held.year, corrects=held, reason="Relu", **fields)


def test_corrections_make_one_chain():
    first = EntryFactory()
    second = correct(first)
    third = correct(second)

    assert list(Entry.objects.current()) == [third]
    for corrected in (first, second):
        with pytest.raises(IntegrityError), transaction.atomic():
            correct(corrected)
    assert Entry.objects.count() == 3


def test_zero_is_a_number_and_not_a_blank():
    assert EntryFactory(number=Decimal(0)).blank == ""


# --- What rows say of themselves ---


def test_labels_carry_their_number_where_they_have_one():
    assert str(AxisFactory.build(number=3, label="Loger")) == "Axe 3 : Loger"
    assert str(AxisFactory.build(number=None, label="Autres")) == "Autres"
    assert str(ChapterFactory.build(number=2, title="Bilan")) == "2 Bilan"
    assert str(ChapterFactory.build(number=None, title="Bilan")) == "Bilan"


def test_heading_takes_the_year_of_its_exercise():
    assert ColumnFactory.build(heading="Actions de {annee}").heading_for(2031) == "Actions de 2031"


@pytest.mark.parametrize(
    ("inflection", "word"), [("fs", "Réalisée"), ("ms", "Réalisé"), ("fp", "Réalisées"), ("mp", "Réalisés")]
)
def test_state_agrees_with_its_line(inflection, word):
    assert LineFactory.build(done=True, inflection=inflection).state_word == word


def test_a_line_without_state_has_no_word_and_lacks_no_reason():
    line = LineFactory.build()

    assert (line.state_word, line.lacks_reason) == ("", False)


@pytest.mark.parametrize(
    ("outcome", "reason", "lacks"),
    [(Outcome.DONE, "", False), (Outcome.POSTPONED, "", True), (Outcome.POSTPONED, "Faute de lieu", False)],
)
def test_a_state_other_than_done_asks_for_a_reason(outcome, reason, lacks):
    line = LineFactory.build(state=StateFactory.build(outcome=outcome), state_reason=reason)

    assert line.lacks_reason == lacks


@pytest.mark.parametrize(
    ("state", "is_open", "is_shared"),
    [
        ("preparation", True, False),
        ("collection", True, False),
        ("writing", True, False),
        ("review", True, True),
        ("sent", False, True),
        ("closed", False, True),
    ],
)
def test_steps_of_an_exercise(state, is_open, is_shared):
    held = Year(state=state)

    assert (held.is_open, held.is_shared) == (is_open, is_shared)
