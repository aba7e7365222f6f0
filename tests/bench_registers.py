"""What the figures of one territory cost beside many others, whose rows are in the same tables: a part of `make bench`.

Through `tests.services`, the same on PostgreSQL. `TERRITORIES` and `HOUSEHOLDS` (per territory, over ten years) are
read from the environment.
"""

import os
import random
import sys
import time
from datetime import date, timedelta
from itertools import count

from tests.bench_instance import instance

TERRITORIES = int(os.environ.get("TERRITORIES", "44"))
HOUSEHOLDS = int(os.environ.get("HOUSEHOLDS", "1500"))
ROUNDS = int(os.environ.get("ROUNDS", "7"))
FIRST, LAST = 2014, 2023
BATCH = 5_000
NUMBERS = count()  # for the codes: drawn at random, two hundred thousand of them may meet


def main():
    with instance():
        print_rows(measure())


def print_rows(rows):
    width = max(len(label) for label, _, _ in rows)
    for label, figure, aim in rows:
        print(f"{label.ljust(width)}  {figure:>12}  {aim}")


def measure():
    """The same territory alone, then among the others, in one run."""
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    chance = random.Random(TERRITORIES)  # noqa: S311 - the same rows at every run
    year, indicators = exercise()
    fill(year.territory, chance)
    settle(connection)
    alone, queries_alone, values_alone = timed(indicators, year)
    for rank in range(1, TERRITORIES):
        fill(territory(f"t{rank}"), chance)
    settle(connection)
    among, queries_among, values_among = timed(indicators, year)
    if values_alone != values_among:
        raise AssertionError("The figures of a territory must not change with the rows of the others.")
    label = f"{connection.vendor}, {len(indicators)} chiffres d'un territoire de {HOUSEHOLDS} ménages"
    return [
        (f"{label}, seul", f"{alone:.3f} s", ""),
        (f"{label}, parmi {TERRITORIES} / seul", f"{among / alone:.2f}", "<= 2"),
        (f"{label}, requêtes, parmi {TERRITORIES} / seul", f"{queries_among} / {queries_alone}", "égales"),
    ]


def settle(connection):
    """What a database does by itself in a night: its statistics."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def timed(indicators, year):
    """(least seconds of the rounds, number of queries, values) of all the figures, as the report asks for them."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from axes.values import values_of

    times = []
    for _ in range(ROUNDS + 1):
        start = time.perf_counter()
        values = values_of(indicators, year)
        times.append(time.perf_counter() - start)
    with CaptureQueriesContext(connection) as queries:
        values_of(indicators, year)
    if os.environ.get("SLOWEST"):
        for query in sorted(queries, key=lambda held: -float(held["time"]))[:5]:
            print(query["time"], query["sql"][:1500], file=sys.stderr)
    return min(times), len(queries), {pk: held.display for pk, held in values.items()}


def territory(code):
    from logement.models import Territory

    return Territory.objects.create(code=code, name=f"Territoire {code}")


def exercise():
    """An exercise, and an indicator per figure: of the year and, for what adds up, since the beginning."""
    from axes.figures import FIGURES
    from axes.models import Agreement, Indicator, Year

    place = territory("ici")
    agreement = Agreement.objects.create(
        territory=place, title="Convention", starts_on=date(FIRST, 1, 1), ends_on=date(LAST, 12, 31)
    )
    year = Year.objects.create(territory=place, agreement=agreement, number=LAST)
    kinds = Indicator.Temporality
    periods = (("F", kinds.FLOW, None), ("C", kinds.CUMULATIVE, date(FIRST, 1, 1)), ("S", kinds.STOCK, None))
    return year, Indicator.objects.bulk_create(
        Indicator(
            territory=place,
            code=f"{letter}{rank}",
            label=figure.label,
            unit=figure.unit,
            kind="headcount",
            temporality=temporality,
            since=since,
            source="register",
            figure_key=figure.key,
        )
        for rank, figure in enumerate(FIGURES.values())
        if not figure.scope
        for letter, temporality, since in periods
    )


def write(rows):
    """Written by batches; the rows with their keys."""
    rows = list(rows)
    type(rows[0]).objects.bulk_create(rows, batch_size=BATCH)
    return rows


def fill(place, chance):
    """Ten years of a territory, in three associations per register."""
    from logement.models import Organisation

    associations = [
        Organisation.objects.create(name=f"Association {n} de {place.code}", kind="association")
        for n in range(3)
    ]
    fill_bail_dabord(place, associations, chance)
    fill_prevention(place, associations, chance)


def some_day(chance, last=date(LAST, 12, 31)):
    first = date(FIRST, 1, 1)
    return first + timedelta(days=chance.randrange((last - first).days + 1))


def fill_bail_dabord(place, associations, chance):
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

    registers = write(
        Register(territory=place, organisation=held, since=date(FIRST, 1, 1)) for held in associations
    )
    write(
        ContractedPlaces(register=register, year=year, staff=5, places=HOUSEHOLDS // 6)
        for register in registers
        for year in range(FIRST, LAST + 1)
    )
    write(
        Commission(register=registers[0], held_on=date(y, m, 12))
        for y in range(FIRST, LAST + 1)
        for m in (2, 8)
    )
    households = write(
        Household(
            register=chance.choice(registers),
            code=f"{next(NUMBERS):08d}",
            known_since=date(FIRST, 1, 1),
            adults=chance.randint(1, 3),
            children=chance.randint(0, 4),
            origin=chance.choice(list(Origin)),
        )
        for _ in range(HOUSEHOLDS)
    )
    write(tenancy(Tenancy, household, chance) for household in households)
    write(
        Referral(
            register=chance.choice(registers),
            received_on=some_day(chance),
            service=f"Service {(service := chance.randrange(40))}",
            service_key=f"service {service}",
            status=chance.choice(list(Referral.Status)),
        )
        for _ in range(2 * HOUSEHOLDS)
    )
    write(
        Claim(
            register=chance.choice(registers),
            claimed_on=some_day(chance),
            nature=chance.choice(list(Claim.Nature)),
            asked=500,
            granted=chance.choice([0, 200, 500]),
        )
        for _ in range(HOUSEHOLDS // 5)
    )


def tenancy(model, household, chance):
    entered = some_day(chance)
    ended = entered + timedelta(days=chance.randint(30, 1200))
    is_over = ended <= date(LAST, 12, 31)
    return model(
        household=household,
        entered_on=entered,
        lease=model.Lease.SLIDING,
        stock=model.Stock.PUBLIC,
        transferred_on=ended if is_over and chance.random() < 0.5 else None,
        support_ended_on=ended if is_over else None,
    )


def fill_prevention(place, associations, chance):
    from prevention.models import (
        BEFORE_SUMMONS,
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
        Subject,
        Support,
    )

    support, platform, rehousing = (
        write(Register(territory=place, organisation=held, scheme=scheme) for held in associations)
        for scheme in (Scheme.SUPPORT, Scheme.PLATFORM, Scheme.REHOUSING)
    )
    write(
        Places(register=register, year=year, number=40)
        for register in support
        for year in range(FIRST, LAST + 1)
    )
    supports = []
    for _ in range(HOUSEHOLDS):
        day = some_day(chance)
        left = day + timedelta(days=chance.randint(20, 500))
        is_over = left <= date(LAST, 12, 31)
        supports.append(
            Support(
                register=chance.choice(support),
                code=f"{next(NUMBERS):08d}",
                landlord=chance.choice(associations),
                referred_on=day,
                stage=chance.choice(list(BEFORE_SUMMONS)),
                reason=chance.choice(list(Reason)),
                entered_on=day,
                exited_on=left if is_over else None,
                outcome=chance.choice(list(Outcome)) if is_over else "",
            )
        )
    write(supports)
    households = write(
        Household(register=chance.choice(platform), code=f"{next(NUMBERS):08d}") for _ in range(HOUSEHOLDS)
    )
    contacts = write(
        Contact(household=household, contacted_on=some_day(chance))
        for household in households
        for _ in range(2)
    )
    write(ContactSubject(contact=held, subject=chance.choice(list(Subject))) for held in contacts)
    write(ContactChannel(contact=held, channel=chance.choice(list(Channel))) for held in contacts)
    write(
        FollowUp(
            household=household,
            subject=Subject.EVICTION,
            started_on=(day := some_day(chance, date(LAST, 6, 1))),
            ended_on=day + timedelta(days=60),
            outcome=chance.choice([PlatformOutcome.REHOUSED, PlatformOutcome.KEPT]),
        )
        for household in households[::3]
    )
    write(
        Rehousing(
            register=chance.choice(rehousing), code=f"{next(NUMBERS):08d}", allocated_on=some_day(chance)
        )
        for _ in range(HOUSEHOLDS // 5)
    )


if __name__ == "__main__":
    sys.exit(main())
