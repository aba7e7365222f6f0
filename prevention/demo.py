"""The register of the demonstration: invented rows that give the figures of 2023, found by construction.

The supports are laid on 42 places, one after the other: the vacant days of the places and the days spent before the
year are shared out by chance, but their sums are those that give the published occupancy and mean length.
"""

import random
from datetime import date, timedelta

from axes.models import Indicator, Year
from axes.workflow import change_source
from logement.demo import ACCOUNTS, CODE, organisation_named
from logement.models import Membership, Organisation, Territory, User
from logement.roles import Role
from prevention.models import (
    Channel,
    Contact,
    ContactChannel,
    ContactSubject,
    FollowUp,
    Household,
    Outcome,
    Places,
    PlatformOutcome,
    Reason,
    Register,
    Rehousing,
    Scheme,
    Stage,
    Subject,
    Support,
)

YEAR, FIRST, LAST = 2023, date(2023, 1, 1), date(2023, 12, 31)
DAYS = (LAST - FIRST).days + 1
SEED = 20231231

OPERATOR = "Association de prévention des expulsions"
PLATFORM = "Plateforme ADLH"
HOUSING = ("Association A", "Association B", "Association C", "Association D")
LANDLORDS = tuple(f"Bailleur {letter}" for letter in "ABCDEFGHIJKL")

PLACES = 42
#: (exits, whether somebody is still there on the last day, on how many places): 77 exits and 34 who stay.
CHAINS = ((3, False, 8), (2, True, 19), (1, True, 15))
FOLLOWED_DAYS = 14_717  # of 15,330: 96 %
EXIT_DAYS = 13_593  # of 77 exits: 5.8 months of 30.4375 days
SHORTEST = 14  # days: no support of the demonstration is shorter within the year
REFERRALS, BEFORE_SUMMONS, ARREARS = 111, 108, 83
STILL_WAITING = 6
OUTCOMES = {
    Outcome.STABILISED: 36,
    Outcome.RESTORED: 22,
    Outcome.REHOUSED: 8,
    Outcome.INTERRUPTED: 6,
    Outcome.WORSENED: 5,
}
OTHER_REASONS = (Reason.NUISANCE, Reason.UPKEEP, Reason.INSURANCE, Reason.OTHER)
LATE = (Stage.SUMMONS, Stage.HEARING, Stage.JUDGMENT)

#: Channels of the 355 households: 252 by phone, 106 in person.
CHANNELS = {
    (Channel.PHONE, Channel.IN_PERSON): 15,
    (Channel.IN_PERSON,): 91,
    (Channel.PHONE,): 237,
    (Channel.WRITTEN,): 12,
}
EVICTIONS_MET, EVICTIONS_NOT_MET = 53, 53
PLATFORM_OUTCOMES = {
    PlatformOutcome.REHOUSED: 17,
    PlatformOutcome.SHELTERED: 3,
    PlatformOutcome.REDIRECTED: 12,
    PlatformOutcome.KEPT: 8,
    PlatformOutcome.ONGOING: 5,
    PlatformOutcome.UNKNOWN: 3,
}
OTHER_SUBJECTS = (Subject.UNFIT, Subject.ARREARS, Subject.ACCESS, Subject.OTHER)

#: The indicators of the report that the registers compute: their code -> the figure.
INDICATORS = {
    "A4-01": "referring_landlords",
    "A4-02": "supports",
    "A4-03": "occupancy",
    "A4-04": "before_summons",
    "A4-05": "arrears",
    "A4-06": "support_exits",
    "A4-07": "support_length",
    "A4-08": "stable_exits",
    "A4-09": "places",
    "A4-10": "platform_households",
    "A4-11": "platform_by_phone",
    "A4-12": "platform_in_person",
    "A4-13": "platform_evictions",
    "A4-14": "platform_evictions_in_person",
    "A4-15": "platform_supports",
    "A4-16": "platform_rehoused",
    "A4-17": "platform_sheltered",
    "A4-18": "platform_redirected",
    "A4-19": "platform_kept",
    "A4-20": "rehousings",
    "A4-21": "rehousings",
    "A4-22": "leases_transferred",
}

#: Year of allocation -> (dwellings, of which the lease was transferred by the end of 2023).
ALLOCATED = {2018: (3, 2), 2019: (4, 2), 2020: (4, 2), 2021: (6, 2), 2022: (7, 1), 2023: (16, 2)}


def load():
    """Creates the whole of it, or nothing where a register is kept already."""
    territory = Territory.objects.get(code=CODE)
    if Register.objects.filter(territory=territory).exists():
        return
    landlords = [organisation_named(name, Organisation.Kind.OTHER, territory) for name in LANDLORDS]
    support = _register(Scheme.SUPPORT, OPERATOR, territory)
    platform = _register(Scheme.PLATFORM, PLATFORM, territory)
    housing = [_register(Scheme.REHOUSING, name, territory) for name in HOUSING]
    _member(support.organisation, territory)
    _member(platform.organisation, territory)
    generate(support=support, landlords=landlords, platform=platform, housing=housing)
    year = Year.objects.filter(territory=territory, number=YEAR).first()
    if year:
        switch_indicators(year)


def switch_indicators(year):
    """The indicators of the report are computed from the registers, from this exercise on."""
    lead = User.objects.get_by_natural_key(ACCOUNTS[0].email)
    found = Indicator.objects.filter(territory=year.territory, code__in=INDICATORS)
    for indicator in found.exclude(source=Indicator.Source.REGISTER):
        change_source(
            indicator=indicator,
            year=year,
            source=Indicator.Source.REGISTER,
            figure_key=f"prevention.{INDICATORS[indicator.code]}",
            reason="Les registres de prévention sont tenus dans le logiciel.",
            by=lead,
        )


def _register(scheme, name, territory):
    organisation = organisation_named(name, Organisation.Kind.ASSOCIATION, territory)
    return Register.objects.create(territory=territory, organisation=organisation, scheme=scheme)


def _member(organisation, territory):
    """The first partner of the demonstration also keeps the rows of this association."""
    partner = next(account for account in ACCOUNTS if account.role == Role.PARTNER)
    Membership.objects.get_or_create(
        user=User.objects.get_by_natural_key(partner.email),
        organisation=organisation,
        territory=territory,
        role=Role.PARTNER,
        defaults={"starts_on": FIRST},
    )


def generate(*, support, landlords, platform, housing, seed=SEED):
    """The rows of 2023 in these registers (`housing`: several): any seed gives the same figures."""
    chance = random.Random(seed)  # noqa: S311 - rows to show, not secrets
    Places.objects.create(register=support, year=YEAR, number=PLACES)
    supports = [Support(register=support, **row) for row in _supports(chance)]
    _refer(chance, supports, landlords)
    Support.objects.bulk_create(supports)
    _platform(chance, platform)
    _rehousings(chance, housing)


def shares(chance, total, count, least):
    """`total` in `count` whole parts drawn by chance, none under `least`."""
    free = total - least * count
    cuts = sorted(chance.randint(0, free) for _ in range(count - 1))
    return [least + after - before for before, after in zip([0, *cuts], [*cuts, free], strict=True)]


def _day(rank):
    return FIRST + timedelta(days=rank)


# --- Reinforced support ---


def _supports(chance):
    """The supports entered, as {entered_on, exited_on}, then the warnings that had no support."""
    chains = [chain[:2] for chain in CHAINS for _ in range(chain[2])]
    exits = sum(count for count, _ in chains)
    gaps = iter(shares(chance, PLACES * DAYS - FOLLOWED_DAYS, exits, 1))
    spells = [_spells(chance, count, stays, [next(gaps) for _ in range(count)]) for count, stays in chains]
    stay = sum(length for place in spells for _, length, is_exit in place if not is_exit)
    before = iter(shares(chance, EXIT_DAYS + exits - FOLLOWED_DAYS + stay, PLACES, 1))
    rows = [
        {
            "entered_on": _day(start or -next(before)),
            "exited_on": _day(start + length - 1) if is_exit else None,
        }
        for place in spells
        for start, length, is_exit in place
    ]
    new = sum(row["entered_on"] > _day(21) for row in rows)
    return rows + [{} for _ in range(REFERRALS - new)]


def _spells(chance, exits, stays, gaps):
    """The supports of one place in the year: (rank of the first day, days, whether it ends), a gap after each exit."""
    count = exits + stays
    lengths = shares(chance, DAYS - sum(gaps), count, SHORTEST)
    spells, start = [], 0
    for rank, length in enumerate(lengths):
        spells.append((start, length, rank < exits))
        start += length + (gaps[rank] if rank < exits else 0)
    return spells


def _refer(chance, supports, landlords):
    """Gives each support its warning and each exit its outcome."""
    outcomes = _shuffled(chance, OUTCOMES)
    waiting = STILL_WAITING
    for support in supports:
        if support.entered_on:
            # Those who entered after the third week were warned of in the year, the others the year before.
            earliest = FIRST if support.entered_on > _day(21) else support.entered_on - timedelta(days=40)
            latest = (
                min(support.entered_on, FIRST - timedelta(days=1)) if earliest < FIRST else support.entered_on
            )
            support.referred_on = max(earliest, latest - timedelta(days=chance.randint(2, 20)))
        elif waiting:
            support.referred_on, waiting = LAST - timedelta(days=chance.randint(0, 20)), waiting - 1
        else:
            support.referred_on = _day(chance.randint(0, DAYS - 40))
            support.declined_on = support.referred_on + timedelta(days=chance.randint(3, 30))
        support.outcome = outcomes.pop() if support.exited_on else ""
    _describe(chance, supports, landlords)


def _describe(chance, supports, landlords):
    """Landlord, stage and reason: the warnings of the year give the published shares."""
    of_year = [support for support in supports if support.referred_on >= FIRST]
    earlier = [support for support in supports if support.referred_on < FIRST]
    late = _flags(chance, of_year, REFERRALS - BEFORE_SUMMONS) + _flags(chance, earlier, 2)
    arrears = _flags(chance, of_year, ARREARS) + _flags(chance, earlier, 30)
    for rank, support in enumerate([*of_year, *earlier]):
        support.landlord = landlords[rank] if rank < len(landlords) else chance.choice(landlords)
        support.stage = chance.choice(
            LATE if late[rank] else (Stage.FIRST_ARREARS, Stage.ARREARS, Stage.DEMAND)
        )
        support.reason = Reason.ARREARS if arrears[rank] else chance.choice(OTHER_REASONS)


def _flags(chance, rows, count):
    """One boolean per row, true `count` times."""
    flags = [True] * count + [False] * (len(rows) - count)
    chance.shuffle(flags)
    return flags


def _shuffled(chance, counts):
    drawn = [value for value, count in counts.items() for _ in range(count)]
    chance.shuffle(drawn)
    return drawn


# --- The platform ---


def _platform(chance, register):
    channels = _shuffled(chance, CHANNELS)
    households = Household.objects.bulk_create(Household(register=register) for _ in channels)
    met = [rank for rank, chosen in enumerate(channels) if Channel.IN_PERSON in chosen]
    not_met = [rank for rank, chosen in enumerate(channels) if Channel.IN_PERSON not in chosen]
    evicted = set(met[:EVICTIONS_MET] + not_met[:EVICTIONS_NOT_MET])
    followed = dict(zip(met, _shuffled(chance, PLATFORM_OUTCOMES), strict=False))
    contacts = []
    for rank, household in enumerate(households):
        day = _day(chance.randint(0, 240 if rank in followed else DAYS - 1))
        subject = Subject.EVICTION if rank in evicted else chance.choice(OTHER_SUBJECTS)
        contacts.append((Contact(household=household, contacted_on=day), [subject], channels[rank]))
        if chance.random() < 0.25:
            again = min(LAST, day + timedelta(days=chance.randint(1, 60)))
            other = Contact(household=household, contacted_on=again)
            contacts.append((other, [chance.choice(OTHER_SUBJECTS)], channels[rank][:1]))
    _write_contacts(contacts)
    first = {contact.household_id: contact.contacted_on for contact, _, _ in reversed(contacts)}
    FollowUp.objects.bulk_create(
        _follow_up(chance, households[rank], first[households[rank].pk], outcome)
        for rank, outcome in followed.items()
    )


def _write_contacts(contacts):
    Contact.objects.bulk_create(contact for contact, _, _ in contacts)
    ContactSubject.objects.bulk_create(
        ContactSubject(contact=contact, subject=subject)
        for contact, subjects, _ in contacts
        for subject in subjects
    )
    ContactChannel.objects.bulk_create(
        ContactChannel(contact=contact, channel=channel)
        for contact, _, channels in contacts
        for channel in channels
    )


def _follow_up(chance, household, contacted_on, outcome):
    started_on = contacted_on + timedelta(days=chance.randint(0, 20))
    ended_on = started_on + timedelta(days=chance.randint(15, 100))
    return FollowUp(
        household=household,
        subject=Subject.EVICTION,
        started_on=started_on,
        ended_on=None if outcome == PlatformOutcome.ONGOING else ended_on,
        outcome=outcome,
    )


# --- Rehousings ---


def _rehousings(chance, registers):
    rows = []
    for year, (count, transferred) in ALLOCATED.items():
        for rank in range(count):
            allocated_on = date(year, chance.randint(1, 9), chance.randint(1, 28))
            transfer = allocated_on + timedelta(days=chance.randint(60, 90))
            rows.append(
                Rehousing(
                    register=registers[rank % len(registers)],
                    allocated_on=allocated_on,
                    lease_transferred_on=transfer if rank < transferred else None,
                )
            )
    Rehousing.objects.bulk_create(rows)
