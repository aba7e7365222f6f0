"""Drawn rows: as dictionaries for the naive recount, and written in the database."""

from datetime import date, timedelta

from hypothesis import strategies as st

from axes.periods import Period
from prevention.models import Channel, Outcome, PlatformOutcome, Reason, Stage, Subject
from tests.factories import OrganisationFactory, TerritoryFactory
from tests.factories.prevention import (
    ContactFactory,
    FollowUpFactory,
    HouseholdFactory,
    PlacesFactory,
    RegisterFactory,
    RehousingFactory,
    SupportFactory,
)
from tests.prevention.naive import EDGES

DAYS = st.one_of(st.sampled_from(EDGES), st.dates(date(2019, 6, 1), date(2021, 12, 31)))
WAITS = st.one_of(st.just(0), st.integers(0, 500)).map(lambda days: timedelta(days=days))
ENDED = [outcome for outcome in PlatformOutcome.values if outcome != "ongoing"]


@st.composite
def periods(draw):
    first, last = sorted([draw(DAYS), draw(DAYS)])
    return draw(st.sampled_from([Period(first, last), Period.on(last), Period.of_year(last.year)]))


YEARS = st.sampled_from([Period.of_year(year) for year in (2019, 2020, 2021)])


@st.composite
def supports(draw):
    referred = draw(DAYS)
    row = {
        "register": draw(st.integers(0, 1)),
        "landlord": draw(st.integers(0, 2)),
        "referred_on": referred,
        "stage": draw(st.sampled_from(Stage.values)),
        "reason": draw(st.sampled_from(Reason.values)),
        "entered_on": None,
        "exited_on": None,
        "declined_on": None,
        "outcome": "",
    }
    match draw(st.sampled_from(["waiting", "declined", "ongoing", "over", "over"])):
        case "declined":
            row["declined_on"] = referred + draw(WAITS)
        case "ongoing":
            row["entered_on"] = referred + draw(WAITS)
        case "over":
            row["entered_on"] = referred + draw(WAITS)
            row["exited_on"] = row["entered_on"] + draw(WAITS)
            row["outcome"] = draw(st.sampled_from(Outcome.values))
    return row


@st.composite
def contacts(draw):
    return {
        "household": draw(st.integers(0, 3)),
        "contacted_on": draw(DAYS),
        "subjects": draw(st.sets(st.sampled_from(Subject.values), min_size=1, max_size=2)),
        "channels": draw(st.sets(st.sampled_from(Channel.values), min_size=1)),
    }


@st.composite
def follow_ups(draw):
    started, is_over = draw(DAYS), draw(st.booleans())
    return {
        "household": draw(st.integers(0, 3)),
        "subject": draw(st.sampled_from(["eviction", "unfit"])),
        "started_on": started,
        "ended_on": started + draw(WAITS) if is_over else None,
        "outcome": draw(st.sampled_from(ENDED)) if is_over else "ongoing",
    }


@st.composite
def rehousings(draw):
    allocated = draw(DAYS)
    return {
        "register": draw(st.integers(0, 1)),
        "allocated_on": allocated,
        "lease_transferred_on": draw(st.one_of(st.none(), WAITS.map(lambda wait: allocated + wait))),
    }


def one_at_a_time(row):
    return (row["household"], row["subject"]) if row["ended_on"] is None else object()


WORLDS = st.fixed_dictionaries(
    {
        "supports": st.lists(supports(), max_size=6),
        "places": st.lists(
            st.fixed_dictionaries(
                {"register": st.integers(0, 1), "year": st.integers(2019, 2021), "number": st.integers(1, 9)}
            ),
            max_size=4,
            unique_by=lambda row: (row["register"], row["year"]),
        ),
        "contacts": st.lists(contacts(), max_size=6),
        "follow_ups": st.lists(follow_ups(), max_size=4, unique_by=one_at_a_time),
        "rehousings": st.lists(rehousings(), max_size=5),
    }
)


def write(world):
    """The rows of a world, among those of another territory which must not count; gives the territory."""
    territory = TerritoryFactory()
    support = RegisterFactory.create_batch(2, territory=territory)
    rehousing = RegisterFactory.create_batch(2, territory=territory, rehousing=True)
    platform = RegisterFactory(territory=territory, platform=True)
    landlords = OrganisationFactory.create_batch(3)
    households = HouseholdFactory.create_batch(4, register=platform)
    for row in world["supports"]:
        SupportFactory(**row | {"register": support[row["register"]], "landlord": landlords[row["landlord"]]})
    for row in world["places"]:
        PlacesFactory(**row | {"register": support[row["register"]]})
    for row in world["contacts"]:
        ContactFactory(**row | {"household": households[row["household"]]})
    for row in world["follow_ups"]:
        FollowUpFactory(**row | {"household": households[row["household"]]})
    for row in world["rehousings"]:
        RehousingFactory(**row | {"register": rehousing[row["register"]]})
    for foreign in (
        SupportFactory(closed=True),
        PlacesFactory(year=2020),
        RehousingFactory(transferred=True),
    ):
        assert foreign.register.territory != territory
    ContactFactory()
    FollowUpFactory(closed=True)
    return territory
