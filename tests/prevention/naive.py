"""The figures counted again, by hand, from lists of rows: what the queries are compared with."""

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

BEFORE_SUMMONS = {"first_arrears", "arrears", "demand"}


def days(period):
    start = period.start or period.end
    return [start + timedelta(days=n) for n in range((period.end - start).days + 1)]


def is_followed(first, last, day):
    """Whether a support goes on that day, those of entry and exit included."""
    return first is not None and first <= day and (last is None or last >= day)


def falls_in(day, period):
    return day is not None and day <= period.end and (period.start is None or day >= period.start)


def is_of(first, last, period):
    """Whether a support is of the period; at a date, whether it is there in the evening."""
    if period.start is None:
        return is_followed(first, last, period.end) and last != period.end
    return any(is_followed(first, last, day) for day in days(period))


def most_at_once(supports, period):
    return max(
        sum(is_followed(row.entered_on, row.exited_on, day) for row in supports) for day in days(period)
    )


def mean_months(lengths):
    """Tenths of months of 30.4375 days, half up; None without any."""
    if not lengths:
        return None
    mean = Fraction(sum(lengths), len(lengths)) / Fraction("30.4375")
    tenths = (mean * 10 + Fraction(1, 2)).__floor__()
    return (Decimal(tenths) / 10).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)


def places_on(places, day):
    return sum(row["number"] for row in places if row["year"] == day.year)


def of_supports(supports, places, period):
    """{figure: (number, base)} of the reinforced supports, given as dictionaries."""
    referred = [row for row in supports if falls_in(row["referred_on"], period)]
    present = [row for row in supports if is_of(row["entered_on"], row["exited_on"], period)]
    exits = [row for row in supports if falls_in(row["exited_on"], period)]
    lengths = [(row["exited_on"] - row["entered_on"]).days for row in exits]
    followed = sum(
        is_followed(row["entered_on"], row["exited_on"], day) for row in present for day in days(period)
    )
    of_year = [row["number"] for row in places if row["year"] == period.end.year]
    capacity = sum(places_on(places, day) for day in days(period))
    return {
        "referrals": (len(referred), None),
        "referring_landlords": (len({row["landlord"] for row in referred}), None),
        "before_summons": (sum(row["stage"] in BEFORE_SUMMONS for row in referred), len(referred)),
        "arrears": (sum(row["reason"] == "arrears" for row in referred), len(referred)),
        "supports": (len(present), None),
        "support_exits": (len(exits), None),
        "stable_exits": (sum(row["outcome"] in {"stabilised", "restored"} for row in exits), len(exits)),
        "support_length": (mean_months(lengths), None),
        "occupancy": (followed, capacity),
        "capacity_days": (capacity, None),
        "places": (sum(of_year) if of_year else None, None),
    }


def of_platform(contacts, follow_ups, period):
    """{figure: (number, base)} of the platform."""
    seen = [row for row in contacts if falls_in(row["contacted_on"], period)]

    def households(*, channel=None, subject=None):
        return len(
            {
                row["household"]
                for row in seen
                if (channel is None or channel in row["channels"])
                and (subject is None or subject in row["subjects"])
            }
        )

    followed = [
        row
        for row in follow_ups
        if row["subject"] == "eviction" and is_of(row["started_on"], row["ended_on"], period)
    ]
    outcomes = [
        row["outcome"] if row["ended_on"] and row["ended_on"] <= period.end else "ongoing" for row in followed
    ]
    everybody, evicted = households(), households(subject="eviction")
    return {
        "platform_households": (everybody, None),
        "platform_by_phone": (households(channel="phone"), everybody),
        "platform_in_person": (households(channel="in_person"), everybody),
        "platform_evictions": (evicted, everybody),
        "platform_evictions_in_person": (households(channel="in_person", subject="eviction"), evicted),
        "platform_supports": (len(followed), None),
        "platform_rehoused": (outcomes.count("rehoused"), None),
        "platform_sheltered": (outcomes.count("sheltered"), None),
        "platform_redirected": (outcomes.count("redirected"), None),
        "platform_kept": (outcomes.count("kept"), None),
        "platform_not_known": (outcomes.count("ongoing") + outcomes.count("unknown"), None),
    }


def of_rehousings(rehousings, period):
    allocated = [row for row in rehousings if falls_in(row["allocated_on"], period)]
    transferred = [
        row for row in allocated if row["lease_transferred_on"] and row["lease_transferred_on"] <= period.end
    ]
    return {
        "rehousings": (len(allocated), None),
        "leases_transferred": (len(transferred), None),
        "rehousing_associations": (len({row["register"] for row in allocated}), None),
    }


#: Days where calendars go wrong.
EDGES = [
    date(2019, 12, 31),
    date(2020, 1, 1),
    date(2020, 2, 28),
    date(2020, 2, 29),
    date(2020, 3, 1),
    date(2020, 12, 31),
    date(2021, 1, 1),
    date(2021, 12, 31),
]
