"""What the registers offer: the protocol, the values that indicators take from it, the breaks of series."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from axes import workflow
from axes.figures import FIGURES, choices, figure
from axes.models import Gathering, Indicator, SeriesBreak
from axes.periods import Period
from axes.values import PENDING, value_of, values_of
from logement.models import Event
from tests.factories import (
    ActionFactory,
    EntryFactory,
    GatheringFactory,
    GatheringKindFactory,
    IndicatorFactory,
    UserFactory,
    YearFactory,
)


@pytest.fixture
def action(db):
    return ActionFactory()


@pytest.fixture
def year(action):
    return YearFactory(agreement=action.axis.agreement, number=2023)


@pytest.fixture
def meetings(action):
    return IndicatorFactory(gatherings=True, action=action)


@pytest.fixture
def participants(action, meetings):
    return IndicatorFactory(
        gatherings=True, action=action, gathering_kind=meetings.gathering_kind, figure_key="axes.participants"
    )


def gathering(indicator, **fields):
    return GatheringFactory(action=indicator.action, kind=indicator.gathering_kind, **fields)


# --- The protocol ---


def test_a_figure_is_declared_once():
    with pytest.raises(ValueError, match="declared twice"):
        figure("axes.gatherings", label="", unit="", formula="")(None)


def test_every_figure_may_be_chosen_and_says_its_formula():
    assert (
        {key for key, _ in choices()} == set(FIGURES) >= {"axes.gatherings", "bail_dabord.households_entered"}
    )
    assert [key for key, found in FIGURES.items() if not (found.label and found.unit and found.formula)] == []
    assert [found.key for found in FIGURES.values() if found.over and found.over not in FIGURES] == []


def test_a_breakdown_adds_up_and_speaks_french(year, meetings):
    for count, label in ((2, "Comité"), (1, "Atelier")):
        kind = GatheringKindFactory(territory=year.territory, label=label)
        GatheringFactory.create_batch(count, action=meetings.action, kind=kind)
    found = FIGURES["axes.gatherings"]
    rows = found.rows(year.territory, Period.of_year(2023))

    assert found.parts_of(rows, Period.of_year(2023)) == [("Atelier", 1), ("Comité", 2)]


# --- Values ---


def test_gatherings_of_the_action_and_the_kind_are_counted_between_the_two_ends_of_the_year(
    year, meetings, participants
):
    for day, count in ((date(2023, 1, 1), 12), (date(2023, 12, 31), 30)):
        gathering(meetings, held_on=day, participants=count)
    gathering(meetings, held_on=date(2022, 12, 31), participants=7)
    gathering(meetings, held_on=date(2024, 1, 1), participants=7)
    GatheringFactory(action=meetings.action)
    GatheringFactory(kind=meetings.gathering_kind, action=ActionFactory(axis=meetings.action.axis))

    values = values_of([meetings, participants], year)

    assert (values[meetings.pk].number, values[meetings.pk].provenance.rows) == (2, 2)
    assert (values[participants.pk].number, values[participants.pk].qualifier) == (42, "exact")
    assert values[meetings.pk].provenance.figure is FIGURES["axes.gatherings"]


def test_no_gathering_is_zero(year, meetings, participants):
    values = values_of([meetings, participants], year)

    assert (values[meetings.pk].number, values[participants.pk].figure) == (0, "0")


def test_participants_not_known_make_a_lower_bound(year, participants):
    gathering(participants, participants=30)
    gathering(participants)

    assert value_of(participants, year).figure == "au moins 30"


def test_participants_that_have_no_meaning_lower_nothing(year, participants):
    gathering(participants, participants=30)
    gathering(participants, participants_blank="not_applicable")

    assert value_of(participants, year).figure == "30"


def test_a_cumulative_indicator_counts_since_its_first_day(year, meetings):
    Indicator.objects.filter(pk=meetings.pk).update(temporality="cumulative", since=date(2019, 11, 1))
    meetings.refresh_from_db()
    for day in (date(2019, 10, 31), date(2019, 11, 1), date(2023, 12, 31), date(2024, 1, 1)):
        gathering(meetings, held_on=day)

    assert value_of(meetings, year).number == 2


def test_a_share_of_nothing_has_no_meaning(year):
    share = IndicatorFactory(
        territory=year.territory, source="register", figure_key="bail_dabord.persons_from_street", unit="%"
    )

    assert value_of(share, year).figure == "sans objet"


days = st.dates(date(2021, 12, 30), date(2024, 1, 2))
numbers = st.one_of(st.none(), st.integers(0, 200))


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(held=st.lists(st.tuples(days, numbers), max_size=12))
def test_the_same_as_a_naive_count(year, meetings, participants, held):
    Gathering.objects.all().delete()
    for day, count in held:
        gathering(meetings, held_on=day, participants=count)

    values = values_of([meetings, participants], year)

    counted = [count for day, count in held if day.year == 2023]
    known = [count for count in counted if count is not None]
    assert values[meetings.pk].number == len(counted)
    if counted and not known:
        assert values[participants.pk].figure == "non disponible"
    else:
        qualifier = "exact" if len(known) == len(counted) else "at_least"
        assert (values[participants.pk].number, values[participants.pk].qualifier) == (sum(known), qualifier)


@pytest.mark.parametrize("count", [1, 20])
def test_rows_and_indicators_of_one_figure_take_no_more_queries(year, count, django_assert_num_queries):
    indicators = [
        IndicatorFactory(gatherings=True, action=ActionFactory(axis__agreement=year.agreement))
        for _ in range(count)
    ]
    for indicator in indicators:
        gathering(indicator)

    with django_assert_num_queries(3):
        values = values_of(indicators, year)

    assert {value.number for value in values.values()} == {1}


# --- Breaks of series ---


@pytest.fixture
def by(db):
    return UserFactory()


@pytest.fixture
def typed(year, action):
    return IndicatorFactory(territory=year.territory, action=action, kind="event", unit="réunions")


def to_register(indicator, year, by, **fields):
    kind = GatheringKindFactory(territory=year.territory)
    fields = {"reason": "Les réunions sont notées.", "gathering_kind": kind} | fields
    workflow.change_source(
        indicator=indicator, year=year, source="register", figure_key="axes.gatherings", by=by, **fields
    )
    indicator.refresh_from_db()
    return kind


def test_a_change_of_source_breaks_the_series_and_keeps_what_was_before(year, typed, by):
    before = YearFactory(agreement=year.agreement, number=2022)
    for exercise, number in ((before, 8), (year, 9)):
        EntryFactory(indicator=typed, year=exercise, number=number)

    kind = to_register(typed, year, by)
    GatheringFactory(action=typed.action, kind=kind)

    assert [value_of(typed, exercise).number for exercise in (before, year)] == [8, 1]
    broken = SeriesBreak.objects.get()
    assert (broken.number, broken.source_before, broken.source_after, broken.created_by) == (
        2023,
        "typed",
        "register",
        by,
    )
    assert Event.objects.get().detail == "Les réunions sont notées."
    assert typed.history.first().history_user == by


def test_a_source_may_go_back_in_a_later_exercise(year, typed, by):
    before = YearFactory(agreement=year.agreement, number=2022)
    after = YearFactory(agreement=year.agreement, number=2024)
    for exercise in (before, year, after):
        EntryFactory(indicator=typed, year=exercise, number=exercise.number)
    to_register(typed, year, by)

    workflow.change_source(indicator=typed, year=after, source="typed", reason="Le registre s'arrête.", by=by)
    typed.refresh_from_db()

    assert [value_of(typed, exercise).number for exercise in (before, year, after)] == [2022, 0, 2024]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"reason": "   "}, "Changer le mode d'obtention demande un motif."),
        ({"gathering_kind": None}, "dit leur type"),
    ],
)
def test_a_change_of_source_is_refused_whole(year, typed, by, fields, sentence):
    with pytest.raises(ValidationError) as refused:
        to_register(typed, year, by, **fields)

    assert sentence in " ".join(refused.value.messages)
    typed.refresh_from_db()
    assert (typed.source, SeriesBreak.objects.count()) == ("typed", 0)


def test_the_source_of_an_earlier_exercise_is_not_changed_behind_a_break(year, typed, by):
    before = YearFactory(agreement=year.agreement, number=2022)
    to_register(typed, year, by)

    with pytest.raises(ValidationError, match="exercice plus récent"):
        workflow.change_source(indicator=typed, year=before, source="typed", reason="Non.", by=by)


def test_an_unknown_figure_is_refused(year, typed, by):
    with pytest.raises(ValidationError):
        workflow.change_source(
            indicator=typed, year=year, source="register", figure_key="nulle.part", reason="Non.", by=by
        )


def test_a_computed_figure_is_not_typed(year, meetings, by):
    with pytest.raises(ValidationError, match="calculé d'après un registre"):
        workflow.record_entry(
            indicator=meetings,
            year=year,
            by=by,
            number=Decimal(3),
            starts_on=None,
            ends_on=date(2023, 12, 31),
        )


def test_a_typed_figure_is_still_awaited(year, typed):
    assert value_of(typed, year).blank == PENDING
