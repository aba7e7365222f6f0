"""The demonstration: rows drawn at random, always the same, which give exactly the figures of the report of 2023.

They also give those, fictive, of 2022. Every household is invented; its code alone changes from one load to the next.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from axes.models import Indicator, Year
from axes.workflow import change_source
from bail_dabord.models import (
    Claim,
    Commission,
    ContractedPlaces,
    Household,
    Origin,
    Referral,
    Register,
    Tenancy,
)
from bail_dabord.workflow import service_key
from logement.codes import new_code
from logement.demo import ACCOUNTS, CODE, organisation_named
from logement.models import Organisation, Territory, User

SEED = 2019
SINCE = date(2019, 11, 1)
ASSOCIATIONS = tuple(f"Association {letter}" for letter in "ABCDE")
PLATFORM = "Plateforme Logement d'abord"
STAFF, PLACES = Decimal("1.5"), 12
CONTRACTED_YEARS = (2022, 2023)
COMMISSIONS_A_YEAR = 12
#: The indicators of the report that the register computes: their code -> the figure.
INDICATORS = {
    "A3-06": "households_entered",
    "A3-07": "households_entered",
    "A3-08": "persons_entered",
    "A3-09": "adults_entered",
    "A3-10": "children_entered",
    "A3-11": "persons_entered",
    "A3-12": "adults_entered",
    "A3-13": "children_entered",
    "A3-14": "contracted_places",
    "A3-15": "free_places",
    "A3-16": "lease_transfers",
    "A3-17": "persons_from_emergency",
    "A3-18": "persons_from_street",
    "A3-19": "persons_from_shantytown",
    "A3-20": "contracted_associations",
    "A3-23": "claims",
    "A3-24": "amount_granted",
    "A3-25": "claim_natures",
    "A3-27": "referrals",
    "A3-28": "referring_services",
    "A3-29": "commissions",
    "A3-34": "contracted_associations",
    "S2-02": "contracted_associations",
}
Lease, Stock, Nature = Tenancy.Lease, Tenancy.Stock, Claim.Nature


@dataclass(frozen=True, slots=True)
class Group:
    """Households that enter in a year from one place: how many, and the people beyond one adult in each."""

    origin: Origin
    households: int
    second_adults: int
    children: int


@dataclass(frozen=True, slots=True)
class Plan:
    """What happens in a year."""

    year: int
    entries: tuple[Group, ...]
    support_ends: int
    transfers: int
    referrals: int
    services: int  # known by the end of the year
    claims: tuple[tuple[Nature, int], ...] = ()


PLANS = (
    Plan(2019, (Group(Origin.EMERGENCY, 4, 1, 3), Group(Origin.STREET, 2, 0, 1)), 0, 0, 10, 6),
    Plan(
        2020,
        (
            Group(Origin.EMERGENCY, 18, 4, 16),
            Group(Origin.STREET, 6, 1, 3),
            Group(Origin.CHRS, 4, 1, 4),
            Group(Origin.THIRD_PARTY, 2, 0, 2),
        ),
        4,
        0,
        55,
        14,
    ),
    Plan(
        2021,
        (
            Group(Origin.EMERGENCY, 24, 5, 22),
            Group(Origin.STREET, 8, 1, 5),
            Group(Origin.SHANTYTOWN, 5, 2, 8),
            Group(Origin.INSTITUTION, 3, 0, 0),
        ),
        18,
        6,
        65,
        19,
    ),
    Plan(
        2022,
        (
            Group(Origin.EMERGENCY, 21, 7, 14),
            Group(Origin.STREET, 6, 2, 4),
            Group(Origin.SHANTYTOWN, 4, 1, 3),
        ),
        29,
        14,
        68,
        22,
        (
            (Nature.ARREARS, 1100),
            (Nature.ARREARS, 820),
            (Nature.ARREARS, 600),
            (Nature.FURNITURE, 540),
            (Nature.FURNITURE, 460),
            (Nature.HOTEL, 320),
            (Nature.HOTEL, 280),
        ),
    ),
    Plan(
        2023,
        (
            Group(Origin.EMERGENCY, 25, 7, 8),
            Group(Origin.STREET, 6, 2, 1),
            Group(Origin.SHANTYTOWN, 4, 1, 2),
        ),
        37,
        18,
        53,
        26,
        (
            (Nature.ARREARS, 900),
            (Nature.ARREARS, 640),
            (Nature.FURNITURE, 520),
            (Nature.FURNITURE, 350),
            (Nature.HOTEL, 360),
        ),
    ),
)


@dataclass(slots=True)
class Life:
    """A household being made up, in the association of this rank."""

    association: int
    household: Household
    tenancy: Tenancy

    @property
    def is_followed(self):
        return self.tenancy.support_ended_on is None

    @property
    def may_transfer(self):
        return self.is_followed and self.tenancy.transferred_on is None and self.tenancy.lease != Lease.DIRECT


@dataclass(slots=True)
class World:
    """The lives so far, from which the next act takes somebody, the earliest entered first."""

    random: Random
    lives: list[Life] = field(default_factory=list)

    def caseload(self, association):
        return sum(life.is_followed for life in self.lives if life.association == association)

    def by_caseload(self):
        """The associations, from the one that follows least; equals come as chance has it."""
        associations = list(range(len(ASSOCIATIONS)))
        self.random.shuffle(associations)
        return sorted(associations, key=self.caseload)

    def enter(self, day, composition):
        association = self.by_caseload()[0]
        origin, adults, children = composition
        lease = self.random.choices(list(Lease), [5, 4, 1])[0]
        stock = self.random.choices(list(Stock), [4, 1])[0]
        household = Household(
            code=new_code(),
            known_since=(day - timedelta(days=60)).replace(day=1),
            adults=adults,
            children=children,
            origin=origin,
        )
        self.lives.append(Life(association, household, Tenancy(entered_on=day, lease=lease, stock=stock)))

    def transfer(self, day):
        life = self.random.choice([life for life in self.lives if life.may_transfer][:12])
        life.tenancy.transferred_on = day

    def end_support(self, day):
        """In the association that follows most; two out of three after a transfer, otherwise with the lease."""
        association = self.by_caseload()[-1]
        followed = [life for life in self.lives if life.is_followed and life.association == association]
        settled = [life for life in followed if life.tenancy.transferred_on]
        life = self.random.choice(settled if settled and self.random.random() < 0.67 else followed[:4])
        life.tenancy.support_ended_on = day
        if not life.tenancy.transferred_on:
            life.tenancy.lease_ended_on = day


def lives():
    """The households of every plan, in the order of their entry."""
    world = World(Random(SEED))  # noqa: S311 - a demonstration, always the same
    for plan in PLANS:
        compositions = [one for group in plan.entries for one in compositions_of(group, world.random)]
        world.random.shuffle(compositions)
        acts = [(day, 1, world.enter, one) for day, one in spread(plan.year, compositions)]
        acts += [(day, 0, world.end_support, None) for day, _ in spread(plan.year, range(plan.support_ends))]
        acts += [(day, 2, world.transfer, None) for day, _ in spread(plan.year, range(plan.transfers))]
        for day, _, act, composition in sorted(acts, key=lambda act: act[:2]):
            act(day, *([composition] if composition else []))
    return world.lives


def compositions_of(group, random):
    """(origin, adults, children) of each household of a group."""
    couples = set(random.sample(range(group.households), group.second_adults))
    children = [0] * group.households
    for _ in range(group.children):
        children[random.randrange(group.households)] += 1
    return [(group.origin, 2 if rank in couples else 1, number) for rank, number in enumerate(children)]


def spread(year, things):
    """(day, thing), evenly over the year, or over what the scheme had of its first one."""
    things = list(things)
    first = max(date(year, 1, 2), SINCE)
    length = (date(year, 12, 20) - first).days
    return [
        (first + timedelta(days=length * rank // len(things)), thing) for rank, thing in enumerate(things)
    ]


def load():
    """Creates the whole of it, or nothing where somebody keeps the register already."""
    territory = Territory.objects.get(code=CODE)
    if Register.objects.filter(territory=territory).exists():
        return
    write(territory)
    year = Year.objects.filter(territory=territory, number=PLANS[-1].year).first()
    if year:
        switch_indicators(year)


def switch_indicators(year):
    """The indicators of the report are computed from the register, from this exercise on."""
    lead = User.objects.get_by_natural_key(ACCOUNTS[0].email)
    found = Indicator.objects.filter(territory=year.territory, code__in=INDICATORS)
    for indicator in found.exclude(source=Indicator.Source.REGISTER):
        change_source(
            indicator=indicator,
            year=year,
            source=Indicator.Source.REGISTER,
            figure_key=f"bail_dabord.{INDICATORS[indicator.code]}",
            reason="Le registre du Bail d'abord est tenu dans le logiciel.",
            by=lead,
        )


def write(territory):
    """Opens the registers of the associations and of the platform, and fills them."""
    registers = [open_register(territory, name) for name in ASSOCIATIONS]
    platform = open_register(territory, PLATFORM)
    ContractedPlaces.objects.bulk_create(
        ContractedPlaces(register=register, year=year, staff=STAFF, places=PLACES)
        for year in CONTRACTED_YEARS
        for register in registers
    )
    write_households(registers)
    Referral.objects.bulk_create(referrals(platform))
    Claim.objects.bulk_create(claims(registers))
    Commission.objects.bulk_create(
        Commission(register=platform, held_on=date(year, month, 12))
        for year in CONTRACTED_YEARS
        for month in range(1, COMMISSIONS_A_YEAR + 1)
    )


def open_register(territory, name):
    organisation = organisation_named(name, Organisation.Kind.ASSOCIATION, territory)
    return Register.objects.create(territory=territory, organisation=organisation, since=SINCE)


def write_households(registers):
    made = lives()
    for life in made:
        life.household.register = registers[life.association]
    Household.objects.bulk_create(life.household for life in made)
    for life in made:
        life.tenancy.household = life.household
    Tenancy.objects.bulk_create(life.tenancy for life in made)


def referrals(register):
    """Every known service refers once in the year it appears; the others as they come."""
    random, known = Random(SEED), 0  # noqa: S311 - a demonstration, always the same
    statuses = list(Referral.Status)
    for plan in PLANS:
        services = [*range(known, plan.services)]
        services += random.choices(range(plan.services), k=plan.referrals - len(services))
        for day, service in spread(plan.year, services):
            name = f"Service orienteur {service + 1}"
            yield Referral(
                register=register,
                received_on=day,
                service=name,
                service_key=service_key(name),
                status=random.choices(statuses, [1, 2, 6, 3, 2])[0],
            )
        known = plan.services


def claims(registers):
    for plan in PLANS:
        for rank, (day, (nature, granted)) in enumerate(spread(plan.year, plan.claims)):
            yield Claim(
                register=registers[rank % len(registers)],
                claimed_on=day,
                nature=nature,
                asked=granted + 80 * (rank % 3),
                granted=granted,
            )
